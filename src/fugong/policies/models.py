"""Policies: documents, measures as data, and what enterprises claim by them. Amounts are in fen (hundredths of a yuan).

That a document was handed to an enterprise is a fact (``document_handed``); a claim is work under way, with its steps.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Enterprise, Worker

LEVELS = [
    ("state", _("state")),
    ("province", _("province")),
    ("city", _("city")),
    ("district", _("district")),
]
"""Who issued a document, from above to below."""


class PolicyDocument(models.Model):
    """A document for enterprises: who issued it, its number, in force from ``start`` to ``end``, and its file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(_("title"), max_length=200)
    issuer = models.CharField(_("issuer"), max_length=100)
    number = models.CharField(_("document number"), max_length=64, default="", blank=True)
    level = models.CharField(_("level"), max_length=8, choices=LEVELS)
    start = models.BigIntegerField(null=True)
    end = models.BigIntegerField(null=True)
    words = models.CharField(_("what it is about"), max_length=400, default="", blank=True)
    filename = models.CharField(max_length=120, default="")
    media = models.CharField(max_length=80, default="")
    content = models.BinaryField(null=True)
    added_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="policy_level_known", condition=Q(level__in=["state", "province", "city", "district"])
            ),
            models.CheckConstraint(
                name="policy_starts_before_it_ends",
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(start__lt=F("end")),
            ),
            models.UniqueConstraint(name="policy_number_once", fields=["number"], condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.title


class Measure(models.Model):
    """One version of a measure: its text as data (YAML). The current one is what is evaluated; older ones stay."""

    COMPLETE, MISSING = "complete", "text_missing"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=48)
    version = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=[(COMPLETE, _("complete")), (MISSING, _("text not found"))])
    document = models.ForeignKey(PolicyDocument, on_delete=models.PROTECT, related_name="measures")
    text = models.TextField()
    current = models.BooleanField(default=True)
    taken_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="measure_version_once", fields=["key", "version"]),
            models.UniqueConstraint(name="measure_one_current", fields=["key"], condition=Q(current=True)),
            models.CheckConstraint(name="measure_status_known", condition=Q(status__in=["complete", "text_missing"])),
        ]

    @property
    def title(self) -> str:
        """In the language in force."""
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en


class Claim(models.Model):
    """What an enterprise claims by a measure, from the draft to the payment.

    ``measure_key`` is the measure's, whichever version; with ``whole`` it is claimed for the enterprise itself, once. What
    must never be (paid twice, paid more than approved, somebody claimed for twice) is in the database.
    """

    DRAFTED, CHECKED, SUBMITTED, APPROVED, PAID, REFUSED, WITHDRAWN = (
        "drafted", "checked", "submitted", "approved", "paid", "refused", "withdrawn",
    )  # fmt: skip
    STATES = [
        (DRAFTED, pgettext_lazy("claim", "drafted")),
        (CHECKED, pgettext_lazy("claim", "checked")),
        (SUBMITTED, pgettext_lazy("claim", "submitted")),
        (APPROVED, pgettext_lazy("claim", "approved")),
        (PAID, pgettext_lazy("claim", "paid")),
        (REFUSED, pgettext_lazy("claim", "refused")),
        (WITHDRAWN, pgettext_lazy("claim", "withdrawn")),
    ]
    OVER = (REFUSED, WITHDRAWN)
    """States in which it counts no longer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="claims")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="claims")
    measure_key = models.SlugField(max_length=48)
    whole = models.BooleanField(default=False)
    state = models.CharField(max_length=9, default=DRAFTED, choices=STATES)
    claimed = models.BigIntegerField()
    approved = models.BigIntegerField(null=True)
    due = models.BigIntegerField(null=True)
    public_from = models.BigIntegerField(null=True)
    public_until = models.BigIntegerField(null=True)
    drafted_at = models.BigIntegerField()
    changed_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_state_known",
                condition=Q(
                    state__in=["drafted", "checked", "submitted", "approved", "paid", "refused", "withdrawn"]
                ),
            ),
            models.CheckConstraint(name="claim_of_something", condition=Q(claimed__gt=0)),
            models.CheckConstraint(
                name="claim_approved_within", condition=Q(approved__isnull=True) | Q(approved__lte=F("claimed"), approved__gt=0)
            ),
            models.CheckConstraint(
                name="claim_approved_somehow",
                condition=~Q(state__in=["approved", "paid"]) | Q(approved__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_public_in_order",
                condition=Q(public_from__isnull=True, public_until__isnull=True) | Q(public_from__lt=F("public_until")),
            ),
            models.UniqueConstraint(
                name="claim_whole_once", fields=["measure_key", "enterprise"],
                condition=Q(whole=True) & ~Q(state__in=["refused", "withdrawn"]),
            ),
            models.UniqueConstraint(name="claim_and_its_approval", fields=["id", "approved"]),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["enterprise", "drafted_at"], name="claim_by_enterprise"),
            models.Index(fields=["state", "drafted_at"], name="claim_by_state"),
        ]


class ClaimLine(models.Model):
    """A person for whom an enterprise claims; ``counted`` until the claim is refused or withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    measure_key = models.SlugField(max_length=48)
    amount = models.BigIntegerField()
    counted = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="person_claimed_once_a_measure", fields=["measure_key", "worker"], condition=Q(counted=True)
            ),
            models.CheckConstraint(name="claim_line_of_something", condition=Q(amount__gt=0)),
        ]


class Payment(models.Model):
    """That a claim was paid: once, and at most what was approved (migration 0002 ties ``approved`` to the claim's)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="payment")
    approved = models.BigIntegerField()
    amount = models.BigIntegerField()
    paid_at = models.BigIntegerField()
    reference = models.CharField(max_length=64, default="")
    recorded_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_within_approval", condition=Q(amount__gt=0, amount__lte=F("approved"))
            ),
        ]


class ClaimStep(models.Model):
    """What happened to a claim, when, by whom: its history, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=9, choices=Claim.STATES)
    words = models.CharField(max_length=400, default="")
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["claim", "at"], name="claim_step_in_order")]
