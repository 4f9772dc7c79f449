"""What was seen of a trip: heads that were counted, people at the vehicle and at the checkpoint."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.journeys.models.trip import Trip, TripStop
from fugong.registry.models import Worker


class HeadCount(models.Model):
    """How many were counted on board at a stop (None: before arrival), and how many there should have been."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="head_counts")
    stop = models.ForeignKey(TripStop, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    counted = models.IntegerField()
    expected = models.IntegerField()
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="head_count_counts", condition=Q(counted__gte=0, expected__gte=0)),
        ]


class Sighting(models.Model):
    """What a device said of somebody on a trip: that they got on, or were checked in; what it then knew and showed.

    ``state``: ``taken`` (it happened as the device says), ``noted`` (the device let them not), ``kept`` (the device let them,
    and it can't be stored as that: ``problem`` is the fault's code). ``odd`` says as what it is listed among what did not
    fit, until somebody has looked at it (``seen_words``). ``told_who`` was told of a confirmed fever.
    """

    BOARDING, CHECK_IN = "boarding", "checkin"
    TAKEN, NOTED, KEPT = "taken", "noted", "kept"
    EARLY, ASTRAY = "early", "astray"
    COLOURS = [("green", _("green")), ("amber", _("amber")), ("red", _("red"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="sightings")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    at = models.BigIntegerField()
    door = models.UUIDField()
    device = models.UUIDField(null=True)
    colour = models.CharField(max_length=5, choices=COLOURS)
    reasons = models.JSONField(default=list)
    snapshot = models.BigIntegerField(null=True)
    celsius = models.FloatField(null=True)
    matched = models.BooleanField(null=True)
    extra = models.BooleanField(default=False)
    state = models.CharField(max_length=5)
    problem = models.CharField(max_length=40, default="")
    odd = models.CharField(max_length=6, default="")
    told_who = models.CharField(max_length=64, default="")
    told_words = models.CharField(max_length=200, default="")
    told_at = models.BigIntegerField(null=True)
    seen_words = models.CharField(_("in words"), max_length=200, default="")
    seen_at = models.BigIntegerField(null=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["at"], name="odd_sightings", condition=~Q(odd=""))]
        constraints = [
            models.CheckConstraint(name="sighting_kind_known", condition=Q(kind__in=["boarding", "checkin"])),
            models.CheckConstraint(name="sighting_state_known", condition=Q(state__in=["taken", "noted", "kept"])),
            models.CheckConstraint(name="sighting_odd_known", condition=Q(odd__in=["", "early", "astray"])),
            models.CheckConstraint(name="sighting_kept_is_odd", condition=~Q(state="kept") | ~Q(odd="")),
        ]
