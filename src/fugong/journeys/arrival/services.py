"""The only writes of a checkpoint: a vehicle is disinfected, then those who came on it are checked in, one after another.

Everything about one trip happens under a lock on its row. That nobody is checked in before the disinfection is a constraint
of the database besides (``booking_checked_in_after_disinfection``).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base import local
from fugong.base.faults import Fault
from fugong.base.ids import uuid7, uuid7_from
from fugong.clearance import disinfection
from fugong.journeys import practice
from fugong.journeys.arrival.errors import ArrivalError
from fugong.journeys.models import Booking, Sighting, Trip
from fugong.journeys.trips import crew
from fugong.journeys.trips.errors import TripError
from fugong.journeys.trips.facts import evidence_of
from fugong.journeys.trips.services import locked, require_people
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact

SOURCE = "checkpoint"
TOO_EARLY = "arrival.not_disinfected"
"""Why a device's check-in is kept: no disinfection was recorded before it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of somebody who got off: whether their document is theirs, their temperature, what they were handed.

    ``extra``: they are not on the manifest, and did come with this trip. ``at``: when, None for the batch's moment.
    ``row``: the row of a device that says so; the ids of its facts go with it.
    """

    worker: UUID
    matched: bool
    celsius: float
    supplies: tuple[tuple[str, int], ...] = ()
    method: str = "forehead"
    extra: bool = False
    at: int | None = None
    row: UUID | None = None


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Somebody is checked in. With ``fever`` they are isolated, and those who sat near are to be looked at."""

    worker: UUID
    name: str
    fever: bool
    matched: bool
    already: bool = False


@transaction.atomic
def disinfect(
    *, trip: UUID, agent: str, mg_per_litre: float, minutes: float, now: int, actor: UUID | None, by: str = "",
    at: int | None = None, fact: UUID | None = None,
) -> UUID:  # fmt: skip
    """Record that a trip's vehicle was disinfected before its passengers go in, and when it was over; returns the fact's id.

    The vehicle has reached the checkpoint by this. ``by`` is who did it. Doing it again before anybody is checked in
    replaces what was recorded. Whom a device has checked in after this moment, though it knew of no disinfection, is checked
    in by it. ``fact`` is the fact's id, where a device has made it. Raises ArrivalError where it was too weak or too short
    for the pack in force, TripError for a trip that doesn't run.
    """
    moment = now if at is None else at
    found = locked(trip)
    if found.state in (Trip.DRAFT, Trip.CANCELLED):
        raise TripError("trip.not_released" if found.state == Trip.DRAFT else "trip.cancelled", trip=found.code)
    if not agent.strip():
        raise ArrivalError("arrival.agent", field="agent")
    if not (mg_per_litre > 0 and minutes > 0):
        raise ArrivalError("arrival.numbers", field="mg_per_litre")
    if not (found.departed_at or found.departs) <= moment <= now:
        raise ArrivalError("arrival.before_it_came", field="at")
    if found.bookings.filter(checked_in_at__isnull=False).exists():
        raise ArrivalError("arrival.disinfected", trip=found.code)
    disinfection.require_enough("vehicle", moment, mg_per_litre=mg_per_litre, minutes=minutes)
    crew.reach(trip=trip, at=min(moment, now), now=now, actor=actor)
    values: dict[str, Any] = {
        "agent": agent.strip(), "mg_per_litre": mg_per_litre, "minutes": minutes, "trip": found.code,
    }  # fmt: skip
    if by.strip():
        values["by"] = by.strip()
    number = fact or uuid7()
    told = NewFact(
        found.site_id, "disinfection", moment, values, id=number, supersedes=found.disinfection,
        reason="keyed in wrongly" if found.disinfection else "",
    )  # fmt: skip
    ledger.append(facts=[told], source=SOURCE, now=now, actor=actor, evidence=evidence_of(found))
    Trip.objects.filter(pk=trip).update(disinfected_at=moment, disinfection=number)
    _check_in_kept(found, moment, now, actor)
    return number


def _check_in_kept(trip: Trip, since: int, now: int, actor: UUID | None) -> None:
    """Check in those whom devices saw after the disinfection, before anybody had recorded it."""
    rows = trip.sightings.filter(kind=Sighting.CHECK_IN, state=Sighting.KEPT, problem=TOO_EARLY, at__gte=since)
    for one in rows.order_by("at", "pk"):
        with suppress(Fault), transaction.atomic():
            check_in(trip=trip.pk, seen=[seen_of(one)], now=now, actor=actor)
            Sighting.objects.filter(pk=one.pk).update(state=Sighting.TAKEN)


def seen_of(one: Sighting, *, extra: bool | None = None) -> Seen:
    """What a device saw of somebody who got off, as check-in takes it."""
    assert one.celsius is not None
    return Seen(
        one.worker_id, matched=bool(one.matched), celsius=one.celsius, extra=one.extra if extra is None else extra, at=one.at,
        row=one.pk,
    )  # fmt: skip


@transaction.atomic
def check_in(
    *, trip: UUID, seen: Sequence[Seen], now: int, actor: UUID | None, at: int | None = None
) -> list[CheckedIn]:
    """Check in those who came on a trip: arrival, identity, temperature and supplies become facts.

    Somebody who is checked in already is left as they are. Raises ArrivalError before the disinfection is recorded, for
    somebody who isn't on the manifest (unless ``extra``), and for a temperature that cannot be; then nothing is written.
    """
    found = locked(trip)
    if not found.is_disinfected:
        raise ArrivalError("arrival.not_disinfected", trip=found.code)
    names = require_people([one.worker for one in seen])
    rows = {one.worker_id: one for one in found.bookings.filter(worker__in=names)}
    limit = practice.fever_limit(now)
    done, facts = list[CheckedIn](), list[NewFact]()
    changed, extra = list[Booking](), list[Booking]()
    for one in seen:
        moment = one.at if one.at is not None else now if at is None else at
        _refuse_wrong(one, found, moment, now)
        booking, name = rows.get(one.worker), names[one.worker]
        if booking is not None and booking.checked_in_at is not None:
            done.append(CheckedIn(one.worker, name, booking.isolated_at is not None, one.matched, already=True))
            continue
        fever = limit is not None and one.celsius >= limit
        there = booking is not None
        booking = _on_manifest(booking, one, found, name)
        booking.checked_in_at, booking.isolated_at = moment, moment if fever else None
        (changed if there else extra).append(booking)
        facts += _facts(one, booking, found, moment)
        done.append(CheckedIn(one.worker, name, fever, one.matched))
    _store(found, changed, extra, names)
    ledger.append(facts=facts, source=SOURCE, now=now, actor=actor, evidence=evidence_of(found))
    return done


def _refuse_wrong(one: Seen, trip: Trip, at: int, now: int) -> None:
    if not 25 <= one.celsius <= 45:
        raise ArrivalError("arrival.celsius", field="celsius", value=f"{one.celsius:g}")
    if at > now:
        raise TripError("trip.future", field="at")
    if at < trip.disinfected_at:
        raise ArrivalError("arrival.early", field="at", at=f"{local.to_datetime(trip.disinfected_at):%H:%M}")
    for item, number in one.supplies:
        if number < 1:
            raise ArrivalError("arrival.supplies", field="supplies", item=item)


def _on_manifest(booking: Booking | None, one: Seen, trip: Trip, name: str) -> Booking:
    """The booking of somebody who is to be checked in; a new one for an extra. Raises ArrivalError."""
    if booking is not None and booking.state in (Booking.BOOKED, Booking.BOARDED):
        if one.extra:
            raise ArrivalError("arrival.on_manifest", field="extra", name=name, trip=trip.code)
        booking.state = Booking.ARRIVED
        return booking
    if not one.extra:
        code = "arrival.no_show" if booking and booking.state == Booking.NO_SHOW else "arrival.not_on_manifest"
        raise ArrivalError(code, field="worker", name=name, trip=trip.code)
    if booking is None:
        booking = Booking(
            id=uuid7(), trip=trip, worker_id=one.worker, departs=trip.departs, arrives=trip.arrives, places=trip.places,
            last_row=trip.last_row, columns=trip.columns, disinfected_at=trip.disinfected_at,
        )  # fmt: skip
    booking.state, booking.seat_row, booking.seat_column = Booking.EXTRA, None, None
    return booking


def _facts(one: Seen, booking: Booking, trip: Trip, at: int) -> list[NewFact]:
    """The arrival, and at the same second what was seen of them."""

    def fact(kind: str, values: dict[str, Any], name: str = "") -> NewFact:
        return NewFact(one.worker, kind, at, values, id=uuid7_from(one.row or booking.pk, name or kind))

    arrival = {"mode": trip.mode, "trip": trip.code, "from_division": trip.origin_division, "site": str(trip.site_id)}
    aboard = [] if booking.boarded_at is not None else [_aboard(booking, trip, at)]
    return [
        *aboard,
        fact("arrival", arrival),
        fact("identity_check", {"matched": one.matched}),
        fact("temperature", {"celsius": one.celsius, "method": one.method, "place": "arrival"}),
        *(
            fact("supplies", {"item": item, "number": number}, f"supplies {place}")
            for place, (item, number) in enumerate(one.supplies)
        ),
    ]


def _aboard(booking: Booking, trip: Trip, at: int) -> NewFact:
    """That somebody was aboard whom nobody noted: whoever traces contacts looks for those who got on."""
    values: dict[str, Any] = {"trip": trip.code, "sealed": trip.sealed}
    if booking.seat:
        values["seat"] = booking.seat
    start = min(trip.departed_at or trip.departs, at)
    return NewFact(booking.worker_id, "boarding", start, values, id=uuid7_from(booking.pk, "aboard"))


def _store(trip: Trip, changed: Sequence[Booking], extra: Sequence[Booking], names: dict[UUID, str]) -> None:
    columns = ["state", "seat_row", "seat_column", "checked_in_at", "isolated_at"]
    try:
        with transaction.atomic():
            Booking.objects.bulk_update(changed, columns)
            Booking.objects.bulk_create(extra)
    except IntegrityError as error:
        if "booking_of_one_person_at_one_time" not in str(error):
            raise
        coming = [one.worker_id for one in (*changed, *extra)]
        other = (
            Booking.objects.filter(worker__in=coming, departs__lt=trip.arrives, arrives__gt=trip.departs)
            .exclude(trip=trip)
            .exclude(state__in=[Booking.CANCELLED, Booking.NO_SHOW])
            .values_list("worker_id", "trip__code")
            .first()
        )
        worker, code = other or (coming[0], "…")
        raise TripError("trip.other_trip", field="worker", name=names[worker], other=code) from None
