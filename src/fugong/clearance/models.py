"""Adopted protocols and stored clearances."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Worker

PERMISSIONS = ("board", "enter", "work", "visit", "leave_observation")


class Adoption(models.Model):
    """A protocol pack comes into force at an instant; it stays until the next one does, or until it is suspended.

    A suspension is a row of its own, which names what it ``suspends``: from its instant on, what was adopted before
    applies again, or nothing. Rows are never changed. Two people stand behind each of them (``actor`` proposed it,
    ``approved_by`` agreed); only the ``first`` one of an installation may be one person's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pack = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    effective_from = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    first = models.BooleanField(default=False)
    suspends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="suspended_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="adoption_begins_alone", fields=["effective_from"], condition=models.Q(suspends__isnull=True)
            ),
            models.UniqueConstraint(name="one_first_adoption", fields=["first"], condition=models.Q(first=True)),
            models.CheckConstraint(
                name="adoption_by_two_people",
                condition=models.Q(first=True, suspends__isnull=True)
                | (
                    models.Q(approved_by__isnull=False)
                    & (models.Q(actor__isnull=True) | ~models.Q(approved_by=models.F("actor")))
                ),
            ),
        ]


class Clearance(models.Model):
    """When a worker has a permission: sorted starts and ends, in seconds. A cache with one writer (``services.renew``).

    ``moments`` and ``failing`` are the step function for doors (``core.protocol.steps``); NULL in a row that comes from a
    version without it, until everybody is renewed (``services.renew_outdated``). The database keeps a further column,
    ``changed``: the transaction that last changed one of the four.

    Its references are not checked by the database row by row (that took longer than the evaluation): workers and
    adoptions are never removed, and ``fugong clearance verify`` compares the whole cache with the ledger.
    """

    pk = models.CompositePrimaryKey("worker_id", "permission")
    worker = models.ForeignKey(
        Worker, on_delete=models.PROTECT, related_name="clearances", db_index=False, db_constraint=False
    )
    permission = models.CharField(max_length=20, choices=[(name, name) for name in PERMISSIONS])
    starts = ArrayField(models.BigIntegerField())
    ends = ArrayField(models.BigIntegerField())
    moments = ArrayField(models.BigIntegerField(), null=True)
    failing = ArrayField(models.BigIntegerField(), null=True)
    adoption = models.ForeignKey(
        Adoption, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    rests_on = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clearance_as_many_starts_as_ends",
                condition=models.Q(starts__len=models.F("ends__len")),
            ),
            models.CheckConstraint(
                name="clearance_as_many_moments_as_masks",
                condition=models.Q(moments__len=models.F("failing__len")),
            ),
        ]


class WaitingAct(models.Model):
    """An act that waits for a second person: what it is told, who proposed it, what it would do, and what became of it.

    ``proposer`` is None for whoever has the command line; ``proposed_as`` then names the operator. ``effect`` is what
    `gate.Effect.counted` gives, as of ``counted_at``. ``content`` is a file's, encrypted.

    Once it is decided, withdrawn or expired, the database clears ``arguments``, ``filename`` and ``content`` (a trigger):
    what stays is ``summary`` (``ledger.acts.Act``: numbers and kinds, nobody's data) and ``effect``.
    """

    DRAFT, WAITING, APPROVED, REFUSED, WITHDRAWN, EXPIRED = (
        "draft", "waiting", "approved", "refused", "withdrawn", "expired",
    )  # fmt: skip
    STATES = (DRAFT, WAITING, APPROVED, REFUSED, WITHDRAWN, EXPIRED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    act = models.CharField(max_length=32)
    arguments = models.JSONField()
    summary = models.JSONField()
    evidence = models.TextField(default="")
    content = models.BinaryField(null=True)
    filename = models.CharField(max_length=200, default="")
    proposer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_as = models.CharField(max_length=200)
    created_at = models.BigIntegerField()
    effect = models.JSONField()
    counted_at = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=[(name, name) for name in STATES])
    escalated_at = models.BigIntegerField(null=True)
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="act_that_waits")]
        constraints = [
            models.CheckConstraint(
                name="act_approved_by_another",
                condition=~models.Q(state="approved")
                | (
                    models.Q(decided_by__isnull=False)
                    & (models.Q(proposer__isnull=True) | ~models.Q(decided_by=models.F("proposer")))
                ),
            ),
            models.CheckConstraint(
                name="act_state_known",
                condition=models.Q(state__in=["draft", "waiting", "approved", "refused", "withdrawn", "expired"]),
            ),
        ]


class Loss(models.Model):
    """Who lost a permission by an administrative act that one person did alone: for the limit of a day.

    ``actor`` is None for whoever has the command line: all of them are one actor.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.BigIntegerField()
    workers = ArrayField(models.UUIDField())

    class Meta:
        indexes = [models.Index(fields=["actor", "at"], name="loss_by_actor")]


class Review(models.Model):
    """Measurements of one person's that took a permission from many: they acted, and somebody looks at them afterwards.

    They are one large batch, or many small ones within a day (`MeasuredLoss`). Whoever looks isn't who stated them, and says
    what they found; what nobody has looked at in time is ``escalated_at``, as acts are.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    kinds = ArrayField(models.CharField(max_length=32))
    evidence = models.TextField(default="")
    effect = models.JSONField()
    escalated_at = models.BigIntegerField(null=True)
    reviewed_at = models.BigIntegerField(null=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_by_another",
                condition=models.Q(reviewed_by__isnull=True)
                | models.Q(actor__isnull=True)
                | ~models.Q(reviewed_by=models.F("actor")),
            ),
            models.CheckConstraint(
                name="review_says_what_was_found", condition=models.Q(reviewed_at__isnull=True) | ~models.Q(note="")
            ),
        ]


class MeasuredLoss(models.Model):
    """Who lost which permission by a few measurements, until they are many enough for a review (``clearance.reviews``).

    ``lost`` holds the workers' ids by permission; ``review`` is the one in which they are, if any. ``actor`` is None for
    whoever has the command line.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.BigIntegerField()
    kinds = ArrayField(models.CharField(max_length=32))
    evidence = models.TextField(default="")
    lost = models.JSONField()
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["actor", "at"], name="measured_loss", condition=models.Q(review__isnull=True)),
        ]


class Deputation(models.Model):
    """An approver names a deputy for a time: so long they may decide what waits."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    recorded_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="deputation_ends_later", condition=models.Q(start__lt=models.F("end"))),
            models.CheckConstraint(name="nobody_is_their_own_deputy", condition=~models.Q(deputy=models.F("named_by"))),
        ]


class Verification(models.Model):
    """What comparing stored clearances with the ledger came to: counts, and no names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.BigIntegerField()
    workers = models.IntegerField()
    differences = models.IntegerField()
