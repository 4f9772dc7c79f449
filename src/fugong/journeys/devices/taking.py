"""Taking in what devices say of trips: each row once, and never so that the database says what wasn't so.

A device has seen what it says, so nothing of it is lost: what can't be stored as it says is kept beside it, with what the
device knew, and listed among what did not fit (``oddities``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.base.access import narrowed
from fugong.base.faults import Fault
from fugong.base.ids import uuid7_from
from fugong.clearance import devices
from fugong.clearance.devices import ALREADY, STORED, Scene, Status
from fugong.journeys import models
from fugong.journeys.arrival import services as arrival
from fugong.journeys.devices import errors
from fugong.journeys.devices.rows import ArrivalTold, Boarding, CheckIn, Disinfection, HeadCount, OfPerson, OfTrip
from fugong.journeys.models import Booking, Sighting, Trip
from fugong.journeys.trips import crew, facts
from fugong.journeys.trips.errors import TripError
from fugong.journeys.trips.services import locked
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.registry.models import Worker

_STANDS = {
    "red": {"door.fever_confirmed", errors.NO_RECORD, errors.EXTRA, errors.IDENTITY},
    "amber": {errors.NO_RECORD, errors.EXTRA, errors.IDENTITY},
    "green": set[str](),
}
"""By colour, the reasons with which somebody is checked in all the same: isolated, kept, or as an extra."""


def hold(scene: Scene, rows: Sequence[OfTrip]) -> None:
    """Lock the trips of which rows speak, by id: those who write of a trip lock it before its people."""
    with narrowed(()):
        list(Trip.objects.select_for_update().filter(pk__in={row.trip for row in rows}).order_by("pk"))


def board(scene: Scene, row: Boarding, worker: UUID | None) -> Status:
    """Somebody got on, or was refused. Raises Fault."""
    with narrowed(() if worker is None else {worker}):
        found, who = _of(scene, row, worker)
        if (before := _before(row, Sighting.BOARDING, who)) is not None:
            return before
        one = _sighting(scene, row, who, Sighting.BOARDING)
        if row.colour is None:
            _decided(scene, row, who)
            one.colour, one.state = "green", Sighting.TAKEN
        elif row.colour == "green":
            _got_on(scene, row, one, found)
        one.save(force_insert=True)
        return STORED


def _decided(scene: Scene, row: Boarding, worker: UUID) -> None:
    """The server decides whether somebody gets on. Raises TripError."""
    (outcome,) = crew.board(trip=row.trip, workers=[worker], stop=row.stop, **_at(scene, row))
    if not outcome.boarded:
        reasons = "".join(str(Fault(one.code)) if "." in one.code else one.message.zh for one in outcome.refused)
        raise TripError("trip.may_not_board", field="worker", name=outcome.name, reasons=reasons)


def _got_on(scene: Scene, row: Boarding, one: Sighting, trip: Trip) -> None:
    """They are on board, by what the device knew; what is known by now is listed beside it."""
    one.state = Sighting.TAKEN
    lacking = crew.refusals([one.worker_id], one.at)[one.worker_id]
    if lacking:
        one.odd, one.problem = Sighting.ASTRAY, "trip.may_not_board"
    try:
        with transaction.atomic():
            crew.board(trip=trip.pk, workers=[one.worker_id], stop=row.stop, decided=True, **_at(scene, row))
    except TripError as fault:
        if fault.code in ("trip.future", "trip.wrong_stop"):
            raise
        one.state, one.odd, one.problem = Sighting.KEPT, Sighting.ASTRAY, fault.code
        _aboard(scene, one, trip)


def _aboard(scene: Scene, one: Sighting, trip: Trip) -> None:
    """Whoever traces contacts looks for those who got on, whatever the list says of them."""
    values = {"trip": trip.code, "sealed": trip.sealed}
    fact = NewFact(one.worker_id, "boarding", one.at, values, id=uuid7_from(one.pk, "boarding"))
    _append(scene, [fact], one.at, facts.SOURCE, trip)


def head_count(scene: Scene, row: HeadCount, worker: UUID | None) -> Status:
    """So many were counted; the vehicle may drive on. Raises Fault."""
    found = _trip(scene, row)
    if (before := models.HeadCount.objects.filter(pk=row.id).first()) is not None:
        return _same((before.trip_id, before.counted) == (found.pk, row.counted))
    crew.head_count(trip=found.pk, counted=row.counted, stop=row.stop, number=row.id, **_at(scene, row))
    if row.leaves:
        crew.depart(trip=found.pk, **_at(scene, row))
    return STORED


def disinfect(scene: Scene, row: Disinfection, worker: UUID | None) -> Status:
    """The vehicle was disinfected. Raises Fault."""
    found, number = _trip(scene, row), uuid7_from(row.id, "disinfection")
    if (before := Fact.objects.filter(pk=number).first()) is not None:
        return _same((before.subject_id, before.values.get("trip")) == (found.site_id, found.code))
    arrival.disinfect(
        trip=found.pk, agent=row.agent, mg_per_litre=row.mg_per_litre, minutes=row.minutes, by=row.by, fact=number,
        **_at(scene, row),
    )  # fmt: skip
    return STORED


def check_in(scene: Scene, row: CheckIn, worker: UUID | None) -> Status:
    """Somebody is checked in, or was seen and not let in. Raises Fault."""
    with narrowed(() if worker is None else {worker}):
        found, who = _of(scene, row, worker)
        if (before := _before(row, Sighting.CHECK_IN, who)) is not None:
            return before
        one = _sighting(scene, row, who, Sighting.CHECK_IN)
        one.celsius, one.matched, one.extra = row.celsius, row.matched, row.extra
        _temperature(scene, one, found)
        if row.colour is None or set(row.reasons) <= _STANDS[row.colour]:
            if row.celsius is None or row.matched is None:
                raise Fault("arrival.no_celsius", field="celsius")
            one.colour = row.colour or "green"
            _got_off(scene, one, found, by_server=row.colour is None)
        one.save(force_insert=True)
        return STORED


def _temperature(scene: Scene, one: Sighting, trip: Trip) -> None:
    """What was measured is a fact, also of somebody who has to wait or be measured again."""
    if one.celsius is not None:
        values = {"celsius": one.celsius, "method": "forehead", "place": "arrival"}
        fact = NewFact(one.worker_id, "temperature", one.at, values, id=uuid7_from(one.pk, "temperature"))
        _append(scene, [fact], one.at, arrival.SOURCE, trip)


def _got_off(scene: Scene, one: Sighting, trip: Trip, *, by_server: bool) -> None:
    """Check somebody in; where the device decided and that can't be, it is kept. Raises Fault where the server decides."""
    one.state = Sighting.TAKEN
    if by_server:
        arrival.check_in(trip=trip.pk, seen=[arrival.seen_of(one)], now=max(scene.now, one.at), actor=scene.user.pk)
        return
    seated = trip.bookings.filter(worker=one.worker_id, state__in=[*Booking.SEATED, Booking.EXTRA]).exists()
    if not seated and not one.extra:  # taken off the list, the device hadn't heard of it, and they did come
        one.odd, one.problem = Sighting.ASTRAY, "trip.not_on_manifest"
    if errors.NO_RECORD in one.reasons:
        one.odd, one.problem = Sighting.EARLY, arrival.TOO_EARLY
    try:
        with transaction.atomic():
            seen = arrival.seen_of(one, extra=not seated)
            arrival.check_in(trip=trip.pk, seen=[seen], now=max(scene.now, one.at), actor=scene.user.pk)
    except Fault as fault:
        if fault.code in ("trip.future", "arrival.celsius"):
            raise
        early = fault.code in (arrival.TOO_EARLY, "arrival.early")
        one.state, one.odd = Sighting.KEPT, Sighting.EARLY if early else Sighting.ASTRAY
        one.problem = arrival.TOO_EARLY if early else fault.code


def told(scene: Scene, row: ArrivalTold, worker: UUID | None) -> Status:
    """Who was told of a confirmed fever. Raises Fault."""
    one = Sighting.objects.filter(pk=row.check, kind=Sighting.CHECK_IN, trip=row.trip).first()
    if one is None:
        raise Fault("arrival.unknown_check_in", field="check")
    if one.told_at is not None:
        return ALREADY
    Sighting.objects.filter(pk=one.pk).update(told_who=row.who, told_words=row.words, told_at=row.when)
    return STORED


def _trip(scene: Scene, row: OfTrip) -> Trip:
    """The row's trip, which goes to the scene's site. Raises TripError."""
    found = locked(row.trip)
    if found.site_id != scene.door.site_id:
        raise TripError("trip.unknown", field="trip")
    return found


def _of(scene: Scene, row: OfPerson, worker: UUID | None) -> tuple[Trip, UUID]:
    found = _trip(scene, row)
    if worker is None or not Worker.objects.filter(pk=worker).exists():  # an id names people beyond the scope, too
        raise TripError("trip.unknown_worker", field="worker")
    return found, worker


def _before(row: OfPerson, kind: str, worker: UUID) -> Status | None:
    """What became of this row before. Raises Fault where its id is another's."""
    one = Sighting.objects.filter(pk=row.id).first()
    return None if one is None else _same((one.kind, one.trip_id, one.worker_id) == (kind, row.trip, worker))


def _same(same: bool) -> Status:
    if not same:
        raise Fault("door.id_taken", field="id")
    return ALREADY


def _sighting(scene: Scene, row: OfPerson, worker: UUID, kind: str) -> Sighting:
    return Sighting(
        id=row.id, trip_id=row.trip, worker_id=worker, kind=kind, at=row.when, door=scene.door.pk, device=scene.device,
        colour=row.colour or "red", reasons=list(row.reasons), snapshot=row.snapshot, state=Sighting.NOTED,
    )  # fmt: skip


def _at(scene: Scene, row: OfTrip) -> dict[str, Any]:
    """When, and by whom: a device's clock may run a little ahead of the server's."""
    return {"at": row.when, "now": max(scene.now, row.when), "actor": scene.user.pk}


def _append(scene: Scene, told: Sequence[NewFact], at: int, source: str, trip: Trip) -> None:
    ledger.append(
        facts=told, source=source, now=max(scene.now, at), actor=scene.user.pk, evidence=facts.evidence_of(trip)
    )


def register() -> None:
    """Add the rows of trips to what devices may send (at start-up, once)."""
    for name, schema, take in (
        ("boarding", Boarding, board), ("headcount", HeadCount, head_count), ("disinfection", Disinfection, disinfect),
        ("checkin", CheckIn, check_in), ("arrival_told", ArrivalTold, told),
    ):  # fmt: skip
        devices.take_in(devices.Kind(name, schema, take, hold))
