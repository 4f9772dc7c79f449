"""The part ``trips`` of a device's list: the manifests of the trips that come to its site, and what they are decided by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.base import personal
from fugong.clearance import devices, evaluation
from fugong.clearance.devices import Called, Told, requirements, steps_of
from fugong.core.protocol.operations import Disinfection
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.journeys.devices import errors
from fugong.journeys.models import Booking, Trip, TripStop, seat_name
from fugong.journeys.trips.crew import PERMISSION
from fugong.registry.models import Door, Employment

AHEAD, BEHIND = 3 * 86_400, 2 * 86_400
"""A trip is on the list from so long before it departs until so long after it was to arrive, in seconds."""
_RUNS = (Trip.RELEASED, Trip.UNDER_WAY, Trip.ARRIVED)
_SHOWN = (*Booking.SEATED, Booking.EXTRA)
_COLUMNS = ("id", "name", "initials", "badge", "phone", "seat", "stop", "state", "steps")


def part(door: Door, now: int, called: Called) -> Told:
    """What a door's devices are told of trips: no health data, only what each may and where they sit."""
    trips = list(
        Trip.objects.filter(
            site=door.site_id, state__in=_RUNS, departs__lte=now + AHEAD, arrives__gte=now - BEHIND
        ).order_by("departs", "pk")
    )  # fmt: skip
    if not trips:
        return Told({"list": []})
    rows = list(
        Booking.objects.filter(trip__in=trips, state__in=_SHOWN)
        .select_related("worker").order_by("seat_row", "seat_column", "pk")
    )  # fmt: skip
    workers = sorted({one.worker_id for one in rows})
    told = _Passengers(workers, called)
    stops: dict[UUID, list[TripStop]] = {}
    for stop in TripStop.objects.filter(trip__in=trips).order_by("number"):
        stops.setdefault(stop.trip_id, []).append(stop)
    listed = [
        _trip(trip, stops.get(trip.pk, []), [one for one in rows if one.trip_id == trip.pk], told) for trip in trips
    ]
    return Told({"forces": _forces(now), "list": listed}, workers)


class _Passengers:
    """What stands of passengers beside their seats: pseudonym, badge, the steps of the permission to board."""

    def __init__(self, workers: Sequence[UUID], called: Called) -> None:
        self.called: Mapping[UUID, str] = called(workers)
        badges = Employment.objects.filter(worker__in=workers, active=True).order_by("pk")
        self.badges: dict[UUID, str] = dict(badges.values_list("worker_id", "badge"))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT worker_id, moments, failing, rests_on FROM clearance_clearance "
                "WHERE worker_id = ANY(%s) AND permission = %s",
                [list(workers), PERMISSION],
            )
            self.steps = {worker: steps_of(*rest) for worker, *rest in cursor.fetchall()}

    def row(self, one: Booking, stops: Mapping[UUID, int]) -> tuple[Any, ...]:
        """A passenger's values, in the order of the columns."""
        who, worker = one.worker, one.worker_id
        return (
            self.called[worker], personal.masked_name(who.name), who.initials, self.badges.get(worker, ""), who.phone_tail,
            seat_name(one.seat_row, one.seat_column), stops.get(one.stop_id) if one.stop_id else None, _state(one),
            self.steps.get(worker, []),
        )  # fmt: skip


def _state(one: Booking) -> str:
    return "fever" if one.isolated_at is not None else one.state


def _trip(trip: Trip, stops: Sequence[TripStop], rows: Sequence[Booking], told: _Passengers) -> dict[str, Any]:
    numbers = {stop.pk: number for number, stop in enumerate(stops)}
    passengers = [told.row(one, numbers) for one in rows]
    return {
        "id": str(trip.pk), "code": trip.code, "mode": trip.mode, "plate": trip.vehicle, "carrier": trip.carrier,
        "departs": trip.departs, "arrives": trip.arrives, "state": trip.state,
        "disinfected_at": trip.disinfected_at if trip.is_disinfected else None,
        "stops": [{"id": str(stop.pk), "name": stop.name, "at": stop.at} for stop in stops],
        "people": {name: [row[place] for row in passengers] for place, name in enumerate(_COLUMNS)},
    }  # fmt: skip


def _forces(now: int) -> list[dict[str, Any]]:
    """What the permission to board asks, and what counts as a disinfection, by the rules of each time."""
    found = []
    for force in evaluation.in_force():
        if force.end <= now - BEHIND - 8 * 86_400:
            continue
        limits = force.pack.operations.disinfection.get("vehicle", Disinfection())
        found.append(
            {
                "start": None if force.start <= MINUS_INF else force.start, "end": None if force.end >= PLUS_INF else force.end,
                "requirements": requirements(force.pack, PERMISSION), "rules": {},
                "disinfection": {
                    "least": limits.least_mg_per_litre, "most": limits.most_mg_per_litre, "minutes": limits.least_minutes,
                },
            }
        )  # fmt: skip
    return found


def register() -> None:
    """Add the manifests to what devices are told (at start-up, once)."""
    devices.tell("trips", part, *errors.REASONS)
