"""What a crew writes of a trip: who got on, who didn't come, how many were counted, that it left, that it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.base.faults import Fault
from fugong.base.ids import uuid7, uuid7_from
from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.core.protocol.door import NOTHING
from fugong.core.text import Text
from fugong.journeys.models import Booking, HeadCount, Trip
from fugong.journeys.trips import facts
from fugong.journeys.trips.errors import TripError
from fugong.journeys.trips.services import leave, locked, require_people
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact

PERMISSION = "board"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A requirement of the permission to board that doesn't hold: its name, and a sentence without health content."""

    code: str
    message: Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of somebody who wanted to get on: ``fact`` where they did, else everything that they lack."""

    worker: UUID
    name: str
    fact: UUID | None
    refused: tuple[Refusal, ...] = ()
    seat: str = ""

    @property
    def boarded(self) -> bool:
        """Whether they are on board."""
        return self.fact is not None


@transaction.atomic
def board(
    *, trip: UUID, workers: Sequence[UUID], now: int, actor: UUID | None, at: int | None = None, stop: UUID | None = None,
    decided: bool = False,
) -> list[Outcome]:  # fmt: skip
    """Let people on board, each who is on the manifest and may (permission ``board`` at ``at``, None: now).

    Who may not stays on the ground, with every reason; the others get on. Sent twice, it changes nothing. ``decided``: a
    device has let them on by what it knew then; they are on board, whatever is known by now, also if the trip has arrived
    since. Raises TripError for somebody who isn't on the manifest (nobody is added on the way), and while the trip isn't
    released or is over.
    """
    moment = now if at is None else at
    found = locked(trip)
    _require_running(found, moment, now, afterwards=decided)
    where = None if stop is None else found.stops.filter(pk=stop).first()
    if stop is not None and where is None:
        raise TripError("trip.wrong_stop", field="stop", trip=found.code)
    people = require_people(workers)
    rows = {one.worker_id: one for one in found.bookings.filter(worker__in=people).select_related("stop")}
    for worker, name in people.items():
        if worker not in rows or rows[worker].state not in Booking.SEATED:
            raise TripError("trip.not_on_manifest", field="worker", name=name, trip=found.code)
    asked = [] if decided else [one for one in people if rows[one].state == Booking.BOOKED]
    lacking = refusals(asked, moment)
    told, boarded, outcomes = [], [], []
    for worker, name in people.items():
        booking = rows[worker]
        fact = uuid7_from(booking.pk, f"boarding {booking.place_number}")
        if lacking.get(worker):
            outcomes.append(Outcome(worker, name, None, lacking[worker]))
            continue
        outcomes.append(Outcome(worker, name, fact, seat=booking.seat))
        if booking.state == Booking.BOOKED:
            booking.state, booking.boarded_at = Booking.BOARDED, moment
            boarded.append(booking)
            values: dict[str, Any] = {"trip": found.code, "seat": booking.seat, "sealed": found.sealed}
            if place := where or booking.stop:
                values["stop"] = place.name
            told.append(NewFact(worker, "boarding", moment, values, id=fact))
        elif (
            booking.boarded_at is None and decided
        ):  # checked in before the crew's device was heard: their fact is there
            booking.boarded_at = moment
            boarded.append(booking)
    Booking.objects.bulk_update(boarded, ["state", "boarded_at"])
    ledger.append(facts=told, source=facts.SOURCE, now=now, actor=actor, evidence=facts.evidence_of(found))
    return outcomes


def refusals(workers: Sequence[UUID], at: int) -> dict[UUID, tuple[Refusal, ...]]:
    """What each of them lacks to board at a moment; an empty tuple for those who may."""
    force = evaluation.force_at(at)
    pack = None if force is None else force.pack
    if pack is None or PERMISSION not in pack.permissions:
        return dict.fromkeys(workers, (_own("trip.no_protocol"),))
    stored = clearance.steps(workers, PERMISSION)
    found = {}
    for worker in workers:
        mask = stored[worker].at(at) if worker in stored else NOTHING
        found[worker] = (
            (_own("trip.no_clearance"),)
            if mask == NOTHING
            else tuple(
                Refusal(name, pack.requirements[name].door_message)
                for bit, name in enumerate(pack.permissions[PERMISSION])
                if mask >> bit & 1
            )
        )
    return found


def _own(code: str) -> Refusal:
    fault = Fault(code)
    return Refusal(code, Text(fault.in_language("zh-hans"), fault.in_language("en")))


@transaction.atomic
def no_show(*, trip: UUID, workers: Sequence[UUID], now: int, actor: UUID | None) -> None:
    """These people didn't come: their seats are free, and nobody waits for them. Raises TripError."""
    found = locked(trip)
    _require_running(found, now, now)
    people = require_people(workers)
    rows = {one.worker_id: one for one in found.bookings.filter(worker__in=people)}
    leaving = []
    for worker, name in people.items():
        state = rows[worker].state if worker in rows else Booking.CANCELLED
        if state in (Booking.BOARDED, Booking.ARRIVED, Booking.EXTRA):
            raise TripError("trip.boarded", name=name)
        if state == Booking.CANCELLED:
            raise TripError("trip.not_booked", field="worker", name=name, trip=found.code)
        if state == Booking.BOOKED:
            leaving.append(rows[worker])
    leave(found, leaving, Booking.NO_SHOW, facts.NO_SHOW, now=now, actor=actor)


@transaction.atomic
def depart(*, trip: UUID, now: int, actor: UUID | None, at: int | None = None) -> None:
    """The trip left its first stop: from here on nobody is added to it. Sent twice, it changes nothing. Raises TripError."""
    moment = now if at is None else at
    found = locked(trip)
    _require_running(found, moment, now, afterwards=True)
    if found.state == Trip.RELEASED:
        found.state, found.departed_at = Trip.UNDER_WAY, moment
        found.save(update_fields=["state", "departed_at"])


@transaction.atomic
def reach(*, trip: UUID, now: int, actor: UUID | None, at: int | None = None) -> None:
    """The vehicle stands at the checkpoint of its destination. Sent twice, it changes nothing. Raises TripError."""
    moment = now if at is None else at
    found = locked(trip)
    if found.state == Trip.ARRIVED:
        return
    _require_running(found, moment, now)
    found.state, found.arrived_at = Trip.ARRIVED, moment
    found.departed_at = found.departed_at or min(found.departs, moment)
    found.save(update_fields=["state", "arrived_at", "departed_at"])


@transaction.atomic
def head_count(
    *, trip: UUID, counted: int, now: int, actor: UUID | None, at: int | None = None, stop: UUID | None = None,
    number: UUID | None = None,
) -> HeadCount:  # fmt: skip
    """So many people were counted on board; beside it stands how many had got on by then. Raises TripError.

    ``number``: its id, where a device has made it: that device may be heard after the trip has arrived.
    """
    moment = now if at is None else at
    found = locked(trip)
    _require_running(found, moment, now, afterwards=number is not None)
    if not 0 <= counted <= 10_000:
        raise TripError("trip.count", field="counted")
    if stop is not None and not found.stops.filter(pk=stop).exists():
        raise TripError("trip.wrong_stop", field="stop", trip=found.code)
    expected = found.bookings.filter(state__in=[Booking.BOARDED, Booking.ARRIVED], boarded_at__lte=moment).count()
    return HeadCount.objects.create(
        id=number or uuid7(), trip=found, stop_id=stop, counted=counted, expected=expected, at=moment, actor_id=actor
    )


def _require_running(trip: Trip, at: int, now: int, *, afterwards: bool = False) -> None:
    """The trip runs at a moment; ``afterwards``: what is told of it once it has arrived counts too. Raises TripError."""
    if trip.state == Trip.DRAFT:
        raise TripError("trip.not_released", trip=trip.code)
    if trip.state == Trip.CANCELLED:
        raise TripError("trip.cancelled", trip=trip.code)
    if trip.state == Trip.ARRIVED and not (afterwards and trip.arrived_at is not None and at <= trip.arrived_at):
        raise TripError("trip.over", trip=trip.code)
    if at > now:
        raise TripError("trip.future", field="at")
