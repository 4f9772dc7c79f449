"""What is disinfected, how often, and what was done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Enterprise, Site

PLACES = [
    ("workshop", _("workshop")),
    ("canteen", _("canteen")),
    ("dormitory", _("dormitory")),
    ("toilet", _("toilet")),
    ("lift", _("lift")),
    ("touched", _("handles, buttons and rails")),
    ("entrance", _("entrance")),
    ("office", _("office")),
    ("shuttle", _("shuttle bus")),
]
"""Kinds of places, as packs name them (``core.protocol.operations.Premise``)."""
_KINDS = [kind for kind, _title in PLACES]


class Duty(models.Model):
    """A place of a site that is disinfected on the pack's schedule, and the person who answers for it.

    ``last_at`` is when it was disinfected last (None: never), kept by the database.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("kind of place"), max_length=16, choices=PLACES)
    name = models.CharField(_("place"), max_length=32)
    responsible = models.CharField(_("who answers for it"), max_length=32, default="", blank=True)
    since = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)
    last_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="duty_once_a_site", fields=["site", "name"]),
            models.CheckConstraint(name="duty_kind_known", condition=Q(kind__in=_KINDS)),
        ]
        indexes = [models.Index(fields=["enterprise", "last_at"], name="duty_by_enterprise")]

    def __str__(self) -> str:
        return self.name


class Cleaning(models.Model):
    """A disinfection that was done: what the ``disinfection`` fact says, and by whose schedule. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="cleanings")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    fact_id = models.UUIDField(unique=True)
    at = models.BigIntegerField()
    agent = models.CharField(_("agent"), max_length=64)
    mg_per_litre = models.FloatField(_("concentration, mg/L"))
    minutes = models.FloatField(_("minutes"))
    who = models.CharField(_("disinfected by"), max_length=64)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="cleaning_numbers", condition=Q(mg_per_litre__gte=0, minutes__gte=0)),
            models.UniqueConstraint(name="cleaning_once", fields=["duty", "at"]),
        ]
        indexes = [models.Index(fields=["enterprise", "-at"], name="cleaning_by_enterprise")]


class Photo(models.Model):
    """A picture of what was done, encrypted: people may be in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cleaning = models.OneToOneField(Cleaning, on_delete=models.PROTECT, related_name="photo")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    encrypted = models.BinaryField()
