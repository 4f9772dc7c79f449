"""Rooms, beds, who sleeps where from when to when, and who was looked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.registry.models import Enterprise, Site, Worker


class Room(models.Model):
    """A room of a dormitory; ``building`` is the dormitory's name where a site has several. Closed ones take nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="dormitory_rooms")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    building = models.CharField(_("dormitory"), max_length=32, default="", blank=True)
    name = models.CharField(_("room"), max_length=16)
    square_metres = models.DecimalField(_("floor area, m²"), max_digits=6, decimal_places=2, null=True)
    closed_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dormitory_room_once", fields=["site", "building", "name"]),
            models.CheckConstraint(
                name="dormitory_room_has_an_area", condition=Q(square_metres__isnull=True) | Q(square_metres__gt=0)
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "building", "name"], name="dormitory_room_in_order")]

    def __str__(self) -> str:
        return f"{self.building} {self.name}".strip()


class Bed(models.Model):
    """A bed of a room."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="beds")
    name = models.CharField(_("bed"), max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(name="dormitory_bed_once", fields=["room", "name"])]

    def __str__(self) -> str:
        return self.name


class Lodging(models.Model):
    """Somebody's bed from ``start`` to ``end``. ``fact_id`` is the ``dormitory`` fact that told of it.

    Room, site and enterprise are the bed's. Migration 0002 holds what must never be: two people in one bed at one time, a
    person in two, somebody new in a closed room.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="lodgings")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="lodgings")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="lodgings")
    start = models.BigIntegerField()
    end = models.BigIntegerField(default=PLUS_INF)
    fact_id = models.UUIDField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="lodging_starts_before_it_ends", condition=Q(start__lte=F("end"))),
        ]
        indexes = [
            models.Index(fields=["enterprise", "end"], name="lodging_by_enterprise"),
            models.Index(fields=["room", "end"], name="lodging_by_room"),
        ]


class Absence(models.Model):
    """Somebody who wasn't registered in a round: who looks for them, and what a person found out."""

    WELL, ILL, AWAY, LEFT, OTHER = "well", "ill", "away", "left", "other"
    OUTCOMES = [
        (WELL, _("found, and well")),
        (ILL, _("found, and not well")),
        (AWAY, _("away with leave")),
        (LEFT, _("moved out")),
        (OTHER, _("something else")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    round_at = models.BigIntegerField()
    place = models.CharField(max_length=64, default="")
    opened_at = models.BigIntegerField()
    looked_for_by = models.CharField(_("who looks for them"), max_length=32, default="")
    outcome = models.CharField(_("outcome"), max_length=8, default="", choices=OUTCOMES)
    words = models.CharField(_("in words"), max_length=200, default="")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="absence_once_a_round", fields=["worker", "round_at"]),
            models.CheckConstraint(
                name="absence_closed_with_an_outcome",
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False, outcome__in=["well", "ill", "away", "left", "other"]),
            ),
            models.CheckConstraint(
                name="absence_closed_by_a_person", condition=Q(closed_at__isnull=True) | ~Q(looked_for_by="")
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "-round_at"], name="absence_by_enterprise"),
            models.Index(fields=["enterprise"], name="absence_open", condition=Q(closed_at__isnull=True)),
        ]
