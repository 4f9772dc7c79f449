"""Rounds of asking who is where, and who was reminded."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Enterprise, Worker


class Campaign(models.Model):
    """A round of surveying: of one enterprise's people or of the whole town's, from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(_("title"), max_length=64)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    opens = models.BigIntegerField()
    closes = models.BigIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="campaign_closes_later", condition=Q(closes__gt=F("opens")))]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """Somebody who hasn't answered a campaign, or is asked again because answers contradict (``code``), was reminded."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reminders")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32, default="", blank=True)
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
