"""The ledger: append-only facts about subjects, with the time when they were true and the time when they were recorded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.core.time import MINUS_INF, PLUS_INF


class Subject(models.Model):
    """Whom facts are about. Its row is what a transaction locks before it adds facts about it."""

    WORKER, ENTERPRISE, SITE, DIVISION, TEAM = "worker", "enterprise", "site", "division", "team"
    KINDS = [
        (WORKER, _("worker")),
        (ENTERPRISE, _("enterprise")),
        (SITE, _("site")),
        (DIVISION, _("division")),
        (TEAM, _("service team")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=KINDS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="subject_kind_known",
                condition=models.Q(kind__in=["worker", "enterprise", "site", "division", "team"]),
            )
        ]


class Fact(models.Model):
    """One fact with raw values. Never changed: a correction is a new fact that supersedes an old one, with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="facts", db_index=False)
    kind = models.CharField(max_length=32)
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    values = models.JSONField(default=dict)
    recorded_at = models.BigIntegerField()
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="superseding", db_index=False
    )
    withdrawn = models.BooleanField(default=False)
    reason = models.TextField(default="")
    source = models.CharField(max_length=64)
    evidence = models.TextField(default="", db_default="")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "kind", "start"], name="fact_by_subject"),
            models.Index(fields=["kind", "start"], name="fact_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="fact_superseded_once", fields=["supersedes"], condition=models.Q(supersedes__isnull=False)
            ),
            models.CheckConstraint(name="fact_starts_before_it_ends", condition=models.Q(start__lt=models.F("end"))),
            models.CheckConstraint(
                name="fact_within_time", condition=models.Q(start__gte=MINUS_INF) & models.Q(end__lte=PLUS_INF)
            ),
            models.CheckConstraint(
                name="fact_correction_has_reason", condition=models.Q(supersedes__isnull=True) | ~models.Q(reason="")
            ),
            models.CheckConstraint(
                name="fact_withdrawal_supersedes",
                condition=models.Q(withdrawn=False) | models.Q(supersedes__isnull=False),
            ),
        ]
