"""What a trip's passengers are told: by the dispatcher's button, and the evening before it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.choosing import Choices
from fugong.base.models import User
from fugong.journeys.models import Booking, Trip
from fugong.notices import audiences
from fugong.notices.audiences import Audience
from fugong.notices.services.queueing import queue
from fugong.notices.services.setup import is_on
from fugong.notices.variables import moment_said
from fugong.registry.models import Worker

FROM = "15:00"
"""From when on people are reminded of tomorrow's bus, local time."""
AHEAD = 7 * 86_400


def passengers(of: UUID | None, at: int) -> QuerySet[Worker]:
    """Those with a seat on a trip."""
    return Worker.objects.filter(
        pk__in=Booking.objects.filter(trip__in=[of], state__in=Booking.SEATED).values("worker")
    )


def register() -> None:
    """A trip's passengers can be written to (at start-up, once)."""

    def choices(user: User, at: int) -> Choices:
        rows = Trip.objects.filter(
            state__in=[Trip.RELEASED, Trip.UNDER_WAY], departs__gt=at - 86_400, departs__lt=at + AHEAD
        )
        return Choices(
            rows.order_by("departs", "code"),
            ("code", "vehicle"),
            lambda one: f"{one.code} · {moment_said(one.departs)}",
        )

    audiences.register(Audience("trip", _("passengers of a trip"), passengers, choices=choices, rights=("trip.plan",)))


@transaction.atomic
def tell(*, trip: UUID, now: int, actor: UUID | None) -> int:
    """Tell a released trip's passengers when and where it leaves, and their seats. Returns how many."""
    found = Trip.objects.get(pk=trip)
    rows = _seated([found])
    _queue(found, rows, once="", now=now, actor=actor, why="trip")
    return len(rows)


def _seated(trips: Sequence[Trip]) -> list[Booking]:
    rows = Booking.objects.filter(trip__in=trips, state=Booking.BOOKED).select_related("stop", "trip")
    return list(rows.order_by("trip", "seat_row", "seat_column"))


def _queue(trip: Trip, rows: Sequence[Booking], *, once: str, now: int, actor: UUID | None, why: str) -> None:
    first = trip.stops.order_by("number").first()
    each = {}
    for row in rows:
        stop = row.stop or first
        leaves = moment_said(stop.at if stop else trip.departs)
        each[row.worker_id] = {"place": stop.name if stop else "", "seat": row.seat, "departs": leaves}
    if rows:
        values = {"trip": trip.code, "plate": trip.vehicle, "departs": moment_said(trip.departs)}
        people = [row.worker_id for row in rows]
        queue(template="trip", workers=people, values=values, each=each, once=once, reason=why, actor=actor, now=now)


def remind(now: int) -> Mapping[str, int]:
    """Tell the passengers of tomorrow's trips, once, from the afternoon on, where the town wants it. For the steward."""
    day = local.day_of(now)
    if not is_on("bus") or now < local.at(day, FROM):
        return {}
    begin, end = (local.start_of_day(local.day_after(day, days)) for days in (1, 2))
    trips = list(Trip.objects.filter(state=Trip.RELEASED, departs__gte=begin, departs__lt=end))
    people = 0
    for trip in trips:
        rows = _seated([trip])
        _queue(trip, rows, once=f"bus:{trip.pk}:{trip.departs}", now=now, actor=None, why="bus")
        people += len(rows)
    return {"trips": len(trips), "people": people}
