"""Meals in shifts: who eats when, at which table."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.registry.models import Enterprise, Site, Worker


class MealShift(models.Model):
    """A meal in a site's canteen, from ``starts`` to ``ends`` (minutes of the local day); ``free_from``: cleared as well.

    Two shifts of a site at one time are impossible (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("meal shift"), max_length=32)
    starts = models.SmallIntegerField()
    ends = models.SmallIntegerField()
    free_from = models.SmallIntegerField()
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="meal_shift_once", fields=["site", "name"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="meal_shift_within_the_day",
                condition=Q(starts__gte=0, starts__lt=F("ends"), ends__lte=F("free_from"), free_from__lte=1440 + 240),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def clock(self) -> str:
        """From when to when, as local times of day."""
        return f"{self.starts // 60:02}:{self.starts % 60:02}-{self.ends // 60 % 24:02}:{self.ends % 60:02}"


class Table(models.Model):
    """A table of a site's canteen. ``usable``: how many of its seats may be taken at once, by the pack when it was set up."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("table"), max_length=16)
    seats = models.SmallIntegerField(_("seats"))
    usable = models.SmallIntegerField(_("seats to be used"))
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="table_once_a_site", fields=["site", "name"]),
            models.CheckConstraint(
                name="table_has_usable_seats", condition=Q(usable__gte=1, usable__lte=F("seats"), seats__lte=200)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MealSeat(models.Model):
    """Somebody's seat: in a shift, at a table, from ``start`` to ``end``. ``fact_id`` is the ``canteen_seat`` fact.

    More people at a table than its usable seats, or a person in two seats at one time, are impossible (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shift = models.ForeignKey(MealShift, on_delete=models.PROTECT, related_name="taken")
    table = models.ForeignKey(Table, on_delete=models.PROTECT, related_name="taken", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="meal_seats")
    start = models.BigIntegerField()
    end = models.BigIntegerField(default=PLUS_INF)
    fact_id = models.UUIDField(unique=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="meal_seat_starts_before_it_ends", condition=Q(start__lte=F("end"))),
        ]
        indexes = [
            models.Index(fields=["table", "shift", "end"], name="meal_seat_by_table"),
            models.Index(fields=["enterprise", "end"], name="meal_seat_by_enterprise"),
        ]
