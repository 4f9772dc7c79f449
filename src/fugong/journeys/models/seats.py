"""Who has a seat on a trip, and who asked for one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.journeys.models.trip import Place, Trip, TripStop
from fugong.registry.models import Enterprise, Site, Worker


class Booking(models.Model):
    """A seat of a trip for a worker: planned, then taken; kept afterwards, so that it is known who sat beside whom.

    Who has a seat (``booked``, ``boarded``, ``arrived``) has a ``seat_row`` and ``seat_column`` (from 1) and one of the
    trip's places, numbered by ``place_number``. An ``extra`` came along without being on the manifest. What stands here
    of the trip itself (``departs`` to ``disinfected_at``) is kept equal to it by the database: its constraints read it.
    """

    BOOKED, BOARDED, ARRIVED, NO_SHOW, CANCELLED, EXTRA = (
        "booked",
        "boarded",
        "arrived",
        "no_show",
        "cancelled",
        "extra",
    )
    SEATED = (BOOKED, BOARDED, ARRIVED)
    STATES = [
        (BOOKED, _("booked")),
        (BOARDED, _("on board")),
        (ARRIVED, _("has arrived")),
        (NO_SHOW, _("did not come")),
        (CANCELLED, _("cancelled")),
        (EXTRA, _("not on the manifest")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="bookings")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    stop = models.ForeignKey(TripStop, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=12, default=BOOKED, choices=STATES)
    seat_row = models.IntegerField(null=True)
    seat_column = models.IntegerField(null=True)
    place_number = models.IntegerField(null=True)
    fact = models.UUIDField(null=True)
    boarded_at = models.BigIntegerField(null=True)
    checked_in_at = models.BigIntegerField(null=True)
    isolated_at = models.BigIntegerField(null=True)
    departs = models.BigIntegerField()
    arrives = models.BigIntegerField()
    places = models.IntegerField()
    last_row = models.IntegerField()
    columns = models.IntegerField()
    disinfected_at = models.BigIntegerField(default=PLUS_INF)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="booking_once_a_trip", fields=["trip", "worker"]),
            models.UniqueConstraint(
                name="booking_seat_once", fields=["trip", "seat_row", "seat_column"],
                condition=Q(state__in=["booked", "boarded", "arrived"]),
            ),
            models.UniqueConstraint(name="booking_place_once", fields=["trip", "place_number"]),
            models.CheckConstraint(
                name="booking_state_known",
                condition=Q(state__in=["booked", "boarded", "arrived", "no_show", "cancelled", "extra"]),
            ),
            models.CheckConstraint(
                name="booking_has_a_place",
                condition=(
                    Q(state__in=["booked", "boarded", "arrived"])
                    & Q(seat_row__gte=1, seat_column__gte=1, place_number__gte=1)
                    & Q(seat_row__isnull=False, seat_column__isnull=False, place_number__isnull=False)
                    & Q(seat_row__lte=F("last_row"), seat_column__lte=F("columns"), place_number__lte=F("places"))
                )
                | (Q(state__in=["no_show", "cancelled", "extra"]) & Q(place_number__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_checked_in_after_disinfection",
                condition=Q(checked_in_at__isnull=True) | Q(checked_in_at__gte=F("disinfected_at")),
            ),
            models.CheckConstraint(
                name="booking_arrives_checked_in",
                condition=~Q(state__in=["arrived", "extra"]) | Q(checked_in_at__isnull=False),
            ),
        ]  # fmt: skip

    @property
    def seat(self) -> str:
        """The seat as it stands on the vehicle: row, then letter."""
        return seat_name(self.seat_row, self.seat_column)


LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What the seats of a row are called; no I and no O, which look like digits."""


def seat_name(row: int | None, column: int | None) -> str:
    """A seat as it stands on the vehicle: ``3A``; nothing where there is none."""
    return "" if row is None or column is None else f"{row}{LETTERS[column - 1]}"


class SeatRequest(models.Model):
    """An enterprise asks for a seat for one of its people: from where, to which of its sites, on which day at the earliest."""

    OPEN, PLANNED, WITHDRAWN = "open", "planned", "withdrawn"
    STATES = [
        (OPEN, _("to be planned")),
        (PLANNED, pgettext_lazy("seat request", "planned")),
        (WITHDRAWN, _("withdrawn")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    state = models.CharField(max_length=12, default=OPEN, choices=STATES)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, null=True, related_name="requests")
    words = models.CharField(_("note"), max_length=200, default="", blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["state", "day"], name="request_by_day")]
        constraints = [
            models.UniqueConstraint(name="one_open_request_a_worker", fields=["worker"], condition=Q(state="open")),
            models.CheckConstraint(name="request_state_known", condition=Q(state__in=["open", "planned", "withdrawn"])),
            models.CheckConstraint(
                name="request_planned_on_a_trip",
                condition=Q(state="planned", trip__isnull=False) | (~Q(state="planned") & Q(trip__isnull=True)),
            ),
        ]
