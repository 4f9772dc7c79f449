"""What sampling plans and handles: slots, orders, appointments, tubes, and what of a laboratory's file was refused.

A result is a fact of the ledger (`test`), one for each person; nothing here is read by clearance. What must never be is
kept by the database: two people at one place of a slot, more people in a tube than it is for, two tests of one person
under way.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Site, Upload, Worker

RESULTS = ("negative", "positive", "inconclusive")


class SlotOffer(models.Model):
    """A stretch of time at a sampling site, and for how many people there is room in it.

    The site is one of the registry's whose `site_open` fact says that it serves for sampling.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    start = models.BigIntegerField()
    minutes = models.PositiveSmallIntegerField(_("length, minutes"))
    places = models.PositiveSmallIntegerField(_("places"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="slot_once_a_site", fields=["site", "start"]),
            models.UniqueConstraint(name="slot_with_its_places", fields=["id", "places"]),
            models.CheckConstraint(name="slot_within_a_day", condition=Q(minutes__gte=1, minutes__lte=1440)),
        ]
        indexes = [models.Index(fields=["start"], name="slot_by_start")]

    @property
    def end(self) -> int:
        """When it ends."""
        return self.start + self.minutes * 60


class Order(models.Model):
    """A test that somebody needs: why, from when, and by when. Each worker has at most one that is under way.

    ``requirement`` is the pack's, where a lapsing clearance asks for it. ``single``: not in a pool. ``pool`` is the tube
    whose positive or unclear result asks for it, ``replaces`` the fact that its result puts right.
    """

    OPEN, BOOKED, SAMPLED, RESULTED, CANCELLED = "open", "booked", "sampled", "resulted", "cancelled"
    UNDER_WAY = (OPEN, BOOKED, SAMPLED)
    STATES = [
        (OPEN, _("without an appointment")),
        (BOOKED, _("with an appointment")),
        (SAMPLED, _("sampled, waiting for the result")),
        (RESULTED, _("result is there")),
        (CANCELLED, _("cancelled")),
    ]
    DUE, POOL, UNCLEAR, CONTACT, ASKED = "due", "pool", "unclear", "contact", "asked"
    WHY = [
        (DUE, _("clearance needs it")),
        (POOL, _("the pool was not negative")),
        (UNCLEAR, _("the result was unclear")),
        (CONTACT, _("contact of a case")),
        (ASKED, _("came to be tested")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=8, choices=WHY)
    requirement = models.CharField(max_length=64, default="")
    single = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    not_before = models.BigIntegerField()
    deadline = models.BigIntegerField(null=True)
    state = models.CharField(max_length=9, choices=STATES, default=OPEN)
    reason = models.CharField(max_length=200, default="")
    pool = models.ForeignKey("Tube", on_delete=models.PROTECT, null=True, related_name="follow_ups")
    replaces = models.UUIDField(null=True)
    created_at = models.BigIntegerField()
    changed_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_order_under_way", fields=["worker"], condition=Q(state__in=["open", "booked", "sampled"])
            ),
            models.UniqueConstraint(name="order_with_its_worker", fields=["id", "worker"]),
            models.CheckConstraint(
                name="order_state_known", condition=Q(state__in=["open", "booked", "sampled", "resulted", "cancelled"])
            ),
            models.CheckConstraint(
                name="order_reason_known", condition=Q(why__in=["due", "pool", "unclear", "contact", "asked"])
            ),
            models.CheckConstraint(
                name="order_due_after_it_begins", condition=Q(deadline__isnull=True) | Q(deadline__gt=F("not_before"))
            ),
            models.CheckConstraint(name="order_cancelled_with_a_reason", condition=~Q(state="cancelled", reason="")),
            models.CheckConstraint(
                name="order_after_a_pool_is_single", condition=Q(pool__isnull=True) | Q(single=True)
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "created_at"], name="order_by_worker"),
            models.Index(fields=["state", "deadline"], name="order_by_state"),
        ]


class Appointment(models.Model):
    """A place in a slot, kept for an order; given up when it is cancelled, moved or used.

    ``places`` goes with the slot's own (a foreign key over both, in the migration), so that no place is beyond them.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="appointment")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(SlotOffer, on_delete=models.PROTECT, related_name="appointments", db_index=False)
    places = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    booked_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_person_a_place", fields=["slot", "place"]),
            models.CheckConstraint(name="place_is_there", condition=Q(place__lt=F("places"))),
        ]


class Tube(models.Model):
    """A barcoded tube: for one person, or a pool of at most ``size``. Its result is that of everybody in it.

    ``sampled_at`` is when it was closed: the last swab went in.
    """

    SINGLE, POOL = "single", "pool"
    KINDS = [(SINGLE, _("single")), (POOL, _("pool"))]
    OPEN, CLOSED, RESULTED, SPOILED = "open", "closed", "resulted", "spoiled"
    STATES = [
        (OPEN, _("being filled")),
        (CLOSED, _("waiting for the laboratory")),
        (RESULTED, _("result is there")),
        (SPOILED, _("spoiled")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    barcode = models.CharField(_("barcode"), max_length=32, unique=True)
    kind = models.CharField(max_length=6, choices=KINDS)
    size = models.PositiveSmallIntegerField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=STATES, default=OPEN)
    opened_at = models.BigIntegerField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sampled_at = models.BigIntegerField(null=True)
    laboratory = models.CharField(_("laboratory"), max_length=200, default="")
    method = models.CharField(max_length=12, default="nucleic_acid")
    result = models.CharField(max_length=12, default="")
    reported_at = models.BigIntegerField(null=True)
    recorded_at = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tube_with_its_size", fields=["id", "size"]),
            models.CheckConstraint(
                name="tube_size_goes_with_its_kind",
                condition=Q(kind="single", size=1) | Q(kind="pool", size__gte=2, size__lte=50),
            ),
            models.CheckConstraint(
                name="tube_state_known",
                condition=Q(state="open", sampled_at__isnull=True, result="", reported_at__isnull=True)
                | Q(state="closed", sampled_at__isnull=False, result="", reported_at__isnull=True)
                | (Q(state="spoiled", result="", reported_at__isnull=True) & ~Q(reason=""))
                | Q(
                    state="resulted", sampled_at__isnull=False, result__in=RESULTS, recorded_at__isnull=False,
                    reported_at__gte=F("sampled_at"),
                ),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["site", "opened_at"], name="tube_by_site"),
                   models.Index(fields=["state", "opened_at"], name="tube_by_state")]  # fmt: skip


class TubeMember(models.Model):
    """Somebody whose swab is in a tube; the fact of its result has an id that follows from this row's (`services.results`).

    ``size`` goes with the tube's (a foreign key over both), so that it never holds one more than it is for. ``void``: the
    tube was spoiled, and the order is open again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tube = models.ForeignKey(Tube, on_delete=models.PROTECT, related_name="members", db_index=False)
    size = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="members", db_index=False)
    at = models.BigIntegerField()
    void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="once_in_a_tube", fields=["tube", "worker"]),
            models.UniqueConstraint(name="one_swab_a_place", fields=["tube", "place"]),
            models.UniqueConstraint(name="one_tube_an_order", fields=["order"], condition=Q(void=False)),
            models.CheckConstraint(name="no_more_than_the_tube_is_for", condition=Q(place__lt=F("size"))),
        ]


class LabFile(models.Model):
    """A laboratory's file that was taken in: by its digest, so that the same one again stores nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    filename = models.CharField(max_length=200)
    taken_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    counts = models.JSONField(default=dict)

    @property
    def shown_name(self) -> str:
        """The file's name as pages show it: people name files after whom they are about."""
        return personal.numbers_masked(self.filename, least=9)


class LabRow(models.Model):
    """A row of a laboratory's file that was refused: what it said, why, and how a person settled it.

    ``code`` is the fault's, ``why`` its sentence in both languages. ``cells`` are the row as it came, encrypted, for names
    may stand in it; they go when it is settled.
    """

    OPEN, MATCHED, DISMISSED = "open", "matched", "dismissed"
    STATES = [(OPEN, _("to settle")), (MATCHED, _("matched to a tube")), (DISMISSED, _("dismissed"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(LabFile, on_delete=models.PROTECT, related_name="rows", db_index=False)
    sheet = models.CharField(max_length=64)
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=64)
    why = models.JSONField(default=dict)
    barcode = models.CharField(max_length=64, default="")
    result = models.CharField(max_length=12, default="")
    reported_at = models.BigIntegerField(null=True)
    cells_encrypted = models.BinaryField(null=True)
    state = models.CharField(max_length=9, choices=STATES, default=OPEN)
    tube = models.ForeignKey(Tube, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=200, default="")
    settled_at = models.BigIntegerField(null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="refused_row_once", fields=["file", "sheet", "row"]),
            models.CheckConstraint(
                name="refused_row_settled_how",
                condition=Q(state="open", settled_at__isnull=True, tube__isnull=True, reason="")
                | Q(state="matched", settled_at__isnull=False, tube__isnull=False)
                | (Q(state="dismissed", settled_at__isnull=False, tube__isnull=True) & ~Q(reason="")),
            ),
        ]
        indexes = [models.Index(fields=["state", "file"], name="refused_row_by_state")]


class SlotPlan(models.Model):
    """A schedule that was proposed: which order in which slot. Nothing is booked before somebody confirms it.

    ``asked`` are the numbers of what was asked, ``plan`` maps orders to slots (ids only), ``lacking`` says what would make
    it possible where it can't be done.
    """

    PROPOSED, APPLIED, DROPPED = "proposed", "applied", "dropped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    made_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    asked = models.JSONField()
    plan = models.JSONField(default=dict)
    lacking = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default=PROPOSED)
    decided_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="slot_plan_state_known",
                condition=Q(state="proposed", decided_at__isnull=True)
                | Q(state__in=["applied", "dropped"], decided_at__isnull=False),
            ),
        ]
