"""What people ask of those who hold their data: a correction, an answer to an appeal, the name of who looked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.ledger.models import Fact
from fugong.registry.models import Worker

CORRECTION, APPEAL, WHO_LOOKED = "correction", "appeal", "who_looked"
OPEN, GRANTED, REFUSED, WITHDRAWN = "open", "granted", "refused", "withdrawn"
KINDS = [
    (CORRECTION, _("correction")),
    (APPEAL, _("appeal")),
    (WHO_LOOKED, _("who looked")),
]
STATES = [
    (OPEN, _("waiting for an answer")),
    (GRANTED, _("granted")),
    (REFUSED, _("not granted")),
    (WITHDRAWN, _("taken back by the person")),
]


class Request(models.Model):
    """One request of one person, with its clock and its answer.

    A correction names a fact and says what is right (``proposed``, ``start``, ``end``) or that it never was (``never``);
    an appeal names a permission and the moment at which it was refused; who looked names a look at the file.
    ``stated_by`` is who stated the fact, or who looked: they may not answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=KINDS)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="requests")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, null=True, related_name="+")
    permission = models.CharField(max_length=32, default="")
    refused_at = models.BigIntegerField(null=True)
    look = models.CharField(max_length=64, default="")
    wrong = models.TextField()
    proposed = models.JSONField(default=dict)
    start = models.BigIntegerField(null=True)
    end = models.BigIntegerField(null=True)
    never = models.BooleanField(default=False)
    stated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.BigIntegerField()
    due_at = models.BigIntegerField()
    escalated_at = models.BigIntegerField(null=True)
    state = models.CharField(max_length=16, choices=STATES, default=OPEN)
    answer = models.TextField(default="")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.BigIntegerField(null=True)
    result = models.ForeignKey(Fact, on_delete=models.PROTECT, null=True, related_name="+")
    disclosed = models.TextField(default="")
    seen_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="request_by_state"),
            models.Index(fields=["worker", "filed_at"], name="request_by_worker"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_is_about_one_thing",
                condition=Q(kind=CORRECTION, fact__isnull=False, permission="", look="")
                | (Q(kind=APPEAL, fact__isnull=True, refused_at__isnull=False, look="") & ~Q(permission=""))
                | (Q(kind=WHO_LOOKED, fact__isnull=True, permission="") & ~Q(look="")),
            ),
            models.CheckConstraint(name="request_says_what_is_wrong", condition=~Q(wrong="")),
            models.CheckConstraint(name="request_is_due_after_it_is_filed", condition=Q(due_at__gt=F("filed_at"))),
            models.CheckConstraint(
                name="request_answered_with_an_answer",
                condition=(
                    Q(state__in=[GRANTED, REFUSED], answered_by__isnull=False, answered_at__gte=F("filed_at"))
                    & ~Q(answer="")
                )
                | Q(state__in=[OPEN, WITHDRAWN], answered_by__isnull=True, answered_at__isnull=True, answer=""),
            ),
            models.CheckConstraint(
                name="request_granted_with_its_result",
                condition=(Q(state=GRANTED, kind=CORRECTION, result__isnull=False, disclosed=""))
                | (Q(state=GRANTED, kind=WHO_LOOKED, result__isnull=True) & ~Q(disclosed=""))
                | Q(state=GRANTED, kind=APPEAL, result__isnull=True, disclosed="")
                | (~Q(state=GRANTED) & Q(result__isnull=True, disclosed="")),
            ),
            models.CheckConstraint(
                name="request_answered_by_somebody_else",
                condition=Q(answered_by__isnull=True)
                | (~Q(answered_by=F("filed_by")) & (Q(stated_by__isnull=True) | ~Q(answered_by=F("stated_by")))),
            ),
            models.CheckConstraint(
                name="request_escalates_when_it_is_due",
                condition=Q(escalated_at__isnull=True) | Q(escalated_at__gte=F("due_at")),
            ),
            models.CheckConstraint(
                name="request_answer_seen_after_it_was_given",
                condition=Q(seen_at__isnull=True) | Q(answered_at__isnull=False, seen_at__gte=F("answered_at")),
            ),
            models.CheckConstraint(
                name="request_interval_in_order",
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__isnull=False, end__gt=F("start")),
            ),
            models.UniqueConstraint(
                name="one_open_correction_a_fact", fields=["fact"], condition=Q(state=OPEN, fact__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_open_appeal_a_permission",
                fields=["worker", "permission"],
                condition=Q(state=OPEN, kind=APPEAL),
            ),
            models.UniqueConstraint(
                name="one_open_question_a_look", fields=["worker", "look"], condition=Q(state=OPEN, kind=WHO_LOOKED)
            ),
        ]

    def is_new(self) -> bool:
        """Whether it has an answer that the person has not seen."""
        return self.answered_at is not None and self.seen_at is None


class Evidence(models.Model):
    """A file that goes with a request, encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="evidence")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=120)
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    encrypted = models.BinaryField()
