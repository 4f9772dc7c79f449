"""Lists that were signed off, row by row as they were, and the layouts in which offices want them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.ledger.models import Subject

NOT_RETURNED, VACANCIES = "not_returned", "vacancies"
KINDS = [(NOT_RETURNED, _("not-yet-returned list")), (VACANCIES, _("list of vacancies"))]


class Submission(models.Model):
    """A list that somebody signed off: which version, as of when, as known when, for which office.

    Its rows are written first and signed at once: from then on neither it nor they change, whoever writes (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=KINDS)
    version = models.IntegerField()
    office = models.CharField(_("office"), max_length=100)
    note = models.CharField(_("note"), max_length=400, default="", blank=True)
    as_of = models.BigIntegerField()
    known_at = models.BigIntegerField()
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    rows = models.IntegerField(default=0)
    total = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    signed_at = models.BigIntegerField(null=True)
    signed_by = models.CharField(max_length=150, default="")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="submission_version_once", fields=["kind", "version"]),
            models.CheckConstraint(name="submission_kind_known", condition=Q(kind__in=["not_returned", "vacancies"])),
            models.CheckConstraint(
                name="submission_signed_whole", condition=Q(signed_at__isnull=True) | ~Q(digest="") & ~Q(signed_by="")
            ),
        ]


class SubmissionRow(models.Model):
    """One row of a list that was signed off: whom it is about, and what it said. ``key`` finds it in the next version."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="lines", db_index=False)
    id = models.BigAutoField(primary_key=True)
    place = models.IntegerField()
    key = models.CharField(max_length=200)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="submission_row_once", fields=["submission", "key"]),
            models.UniqueConstraint(name="submission_row_place", fields=["submission", "place"]),
        ]


class Layout(models.Model):
    """A workbook of an office's own, whose cells hold placeholders: in it a list is handed out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=KINDS)
    name = models.CharField(_("name"), max_length=64)
    content = models.BinaryField()
    added_at = models.BigIntegerField()
    used = models.BooleanField(default=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="layout_name_once", fields=["kind", "name"], condition=Q(used=True)),
            models.CheckConstraint(name="layout_kind_known", condition=Q(kind__in=["not_returned", "vacancies"])),
        ]
