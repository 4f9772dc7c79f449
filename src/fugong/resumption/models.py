"""Resumption (复工备案、审批): filings of enterprises and what became of them; reports of output and what is asked back.

That an enterprise works again is a ``resumption`` fact, and clearance reads nothing else; a filing is the work that leads
to it. A report is kept beside its ``capacity`` fact, so that lists find the latest ones without reading the ledger.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Enterprise

PERMIT, BY_FILING, COMMITMENT = "permit", "filing", "commitment"
REGIMES = [
    (PERMIT, _("permit: work begins when the town has approved it")),
    (BY_FILING, _("filing: work begins on receipt")),
    (COMMITMENT, _("commitment: work begins with the signed commitment, and is checked afterwards")),
]
_IDS = [PERMIT, BY_FILING, COMMITMENT]


class Rule(models.Model):
    """How the town lets enterprises resume from a moment on: a setting, dated, never changed.

    ``papers`` are the codes of what a filing must bring (``papers.PAPERS``); ``model`` is the jurisdiction whose set it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    regime = models.CharField(_("regime"), max_length=10, choices=REGIMES)
    papers = models.JSONField(default=list)
    model = models.CharField(max_length=32, default="")
    start = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="rule_regime_known", condition=Q(regime__in=_IDS)),
            models.UniqueConstraint(name="one_rule_at_a_time", fields=["start"]),
        ]


class Filing(models.Model):
    """An enterprise's filing, from its receipt to its end. One that is open at a time, the database sees to that.

    ``starts`` is from when the enterprise wants to work. ``checklist`` is what was known of each item when it was filed.
    ``signed_by`` signed the commitments. ``approved``: by the town, before it began; ``checked``: afterwards, where it began
    without that. ``listed``: it stands for a resumption that came in by a list.
    """

    WAITING, RETURNED, IN_FORCE, SUSPENDED = "waiting", "returned", "in_force", "suspended"
    REFUSED, TAKEN_BACK, ENDED = "refused", "taken_back", "ended"
    OPEN = (WAITING, RETURNED, IN_FORCE, SUSPENDED)
    STATES = [
        (WAITING, pgettext_lazy("filing", "waits for the town")),
        (RETURNED, pgettext_lazy("filing", "sent back to be completed")),
        (IN_FORCE, pgettext_lazy("filing", "in force")),
        (SUSPENDED, pgettext_lazy("filing", "suspended")),
        (REFUSED, pgettext_lazy("filing", "refused")),
        (TAKEN_BACK, pgettext_lazy("filing", "taken back by the enterprise")),
        (ENDED, pgettext_lazy("filing", "withdrawn by the town")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="filings", db_index=False)
    regime = models.CharField(max_length=10, choices=REGIMES)
    state = models.CharField(max_length=10, choices=STATES)
    starts = models.BigIntegerField()
    plan = models.TextField(default="")
    commitments = models.JSONField(default=list)
    signed_by = models.CharField(max_length=64, default="")
    checklist = models.JSONField(default=list)
    listed = models.BooleanField(default=False)
    filed_at = models.BigIntegerField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.BigIntegerField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    checked_at = models.BigIntegerField(null=True)
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_filing_an_enterprise",
                fields=["enterprise"],
                condition=Q(state__in=["waiting", "returned", "in_force", "suspended"]),
            ),
            models.CheckConstraint(
                name="filing_state_known",
                condition=Q(
                    state__in=["waiting", "returned", "in_force", "suspended", "refused", "taken_back", "ended"]
                ),
            ),
            models.CheckConstraint(name="filing_regime_known", condition=Q(regime__in=_IDS)),
            models.CheckConstraint(
                name="nobody_approves_their_own_filing",
                condition=Q(filed_by__isnull=True) | Q(approved_by__isnull=True) | ~Q(filed_by=F("approved_by")),
            ),
            models.CheckConstraint(
                name="a_permit_is_approved_before_it_is_in_force",
                condition=~Q(regime="permit", state="in_force", listed=False) | Q(approved_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "-filed_at"], name="filing_by_enterprise"),
            models.Index(fields=["state", "-changed_at"], name="filing_by_state"),
        ]  # fmt: skip


class Step(models.Model):
    """What happened to a filing, and when: its history. ``fact_id`` is the fact that it led to."""

    WHATS = [
        ("filed", pgettext_lazy("step", "filed")),
        ("completed", pgettext_lazy("step", "completed and filed again")),
        ("received", pgettext_lazy("step", "received: may work")),
        ("returned", pgettext_lazy("step", "sent back to be completed")),
        ("approved", pgettext_lazy("step", "approved")),
        ("refused", pgettext_lazy("step", "refused")),
        ("checked", pgettext_lazy("step", "checked")),
        ("met", pgettext_lazy("step", "condition met")),
        ("suspended", pgettext_lazy("step", "suspended")),
        ("lifted", pgettext_lazy("step", "suspension lifted")),
        ("taken_back", pgettext_lazy("step", "taken back")),
        ("ended", pgettext_lazy("step", "withdrawn")),
        ("listed", pgettext_lazy("step", "known from a list")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="steps", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=10, choices=WHATS)
    at = models.BigIntegerField()
    words = models.CharField(max_length=500, default="")
    fact_id = models.UUIDField(null=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["filing", "at"], name="step_by_filing")]


class Condition(models.Model):
    """What the town asks of an enterprise that works: ``due`` by when; met when the town has seen it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="conditions", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    words = models.CharField(max_length=300)
    due = models.BigIntegerField(null=True)
    met_at = models.BigIntegerField(null=True)
    met_words = models.CharField(max_length=300, default="")

    class Meta:
        indexes = [models.Index(fields=["filing"], name="condition_by_filing")]


class Report(models.Model):
    """A report of output beside its ``capacity`` fact, whose id it has. Yuan a day. Not ``standing`` once it is corrected."""

    fact_id = models.UUIDField(primary_key=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.BigIntegerField()
    current = models.FloatField()
    normal = models.FloatField()
    standing = models.BooleanField(default=True)
    recorded_at = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["enterprise", "at"], name="report_by_enterprise", condition=Q(standing=True)),
            models.Index(fields=["at"], name="report_by_time", condition=Q(standing=True)),
        ]  # fmt: skip


class Question(models.Model):
    """What is asked back about a report, with the numbers (``detail``), until it is answered or the report corrected."""

    ABOVE, STAFF, JUMP, NORMAL = "above_normal", "staff", "jump", "normal_changed"
    CODES = [
        (ABOVE, _("output far above normal")),
        (STAFF, _("more output than people at work")),
        (JUMP, _("a jump")),
        (NORMAL, _("normal output changed")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="questions")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=16, choices=CODES)
    detail = models.JSONField(default=dict)
    raised_at = models.BigIntegerField()
    answered_at = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [models.UniqueConstraint(name="question_once_a_report", fields=["report", "code"])]
        indexes = [
            models.Index(fields=["enterprise"], name="question_open", condition=Q(answered_at__isnull=True)),
        ]  # fmt: skip
