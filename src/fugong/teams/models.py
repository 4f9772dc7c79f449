"""Service teams (党员服务队)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.ledger.models import Subject
from fugong.registry.models import Patch


class ServiceTeam(models.Model):
    """A team that serves a patch; since when, and under whom, the ledger says (``service_team`` facts)."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, primary_key=True)
    name = models.CharField(_("name"), max_length=64, unique=True)
    patch = models.ForeignKey(Patch, on_delete=models.PROTECT, related_name="teams")

    def __str__(self) -> str:
        return self.name
