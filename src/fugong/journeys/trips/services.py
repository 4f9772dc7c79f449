"""The only writes of a trip's plan: making and changing it, giving seats, releasing and cancelling it.

Everything that concerns a trip's seats happens under a lock on the trip's row; what the database refuses besides (somebody
on two trips at once) is told in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base.ids import uuid7
from fugong.journeys import practice
from fugong.journeys.models import MODES, Booking, SeatRequest, Trip, TripStop, seat_name
from fugong.journeys.trips import facts, seats
from fugong.journeys.trips.errors import TripError
from fugong.journeys.trips.seats import Seat
from fugong.registry import divisions
from fugong.registry.models import Site, Worker

_KEPT = "booking_of_one_person_at_one_time"
_CHANGED = (
    "departs", "arrives", "carrier", "vehicle", "cost_fen", "subsidy_fen", "words", "rated_seats", "rows", "columns", "sealed",
    "places", "last_row",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop that a trip is made with: what it is called, when, and which of the known places it is."""

    name: str
    at: int
    place: UUID | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A vehicle's seats: ``rated`` of them in ``rows`` rows of ``columns``; a ``sealed`` one has no open windows."""

    rated: int
    rows: int
    columns: int
    sealed: bool = True


@transaction.atomic
def open_trip(
    *, code: str, mode: str, origin_division: str, site: UUID, departs: int, arrives: int, layout: Layout, now: int,
    actor: UUID | None, carrier: str = "", vehicle: str = "", stops: Sequence[Stop] = (), cost_fen: int = 0,
    subsidy_fen: int = 0, words: str = "",
) -> Trip:  # fmt: skip
    """Make a draft of a trip. How many of its seats may be taken follows from the pack in force when it departs.

    ``cost_fen`` is what it costs and ``subsidy_fen`` what of that is subsidised, in fen. Raises TripError.
    """
    name = code.strip()
    if not name:
        raise TripError("trip.no_code", field="code")
    if mode not in dict(MODES):
        raise TripError("trip.wrong_mode", field="mode")
    _refuse_wrong(origin_division, site, departs, arrives, layout, cost_fen, subsidy_fen)
    for stop in stops:
        if not departs <= stop.at <= arrives:
            raise TripError("trip.stop_out_of_time", field="stops", stop=stop.name)
    room = practice.room(mode=mode, rated=layout.rated, rows=layout.rows, columns=layout.columns, at=departs)
    try:
        with transaction.atomic():
            trip = Trip.objects.create(
                code=name, mode=mode, carrier=carrier.strip(), vehicle=vehicle.strip(), origin_division=origin_division,
                site_id=site, departs=departs, arrives=arrives, rated_seats=layout.rated, rows=layout.rows,
                columns=layout.columns, sealed=layout.sealed, places=room.places, last_row=room.last_row,
                cost_fen=cost_fen, subsidy_fen=subsidy_fen, words=words.strip(), made_by_id=actor, made_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise TripError("trip.code_taken", field="code", code=name) from None
    TripStop.objects.bulk_create(
        TripStop(trip=trip, number=number, name=stop.name, place_id=stop.place, at=stop.at)
        for number, stop in enumerate(sorted(stops, key=lambda one: one.at), start=1)
    )
    return trip


@transaction.atomic
def change(
    *, trip: UUID, departs: int, arrives: int, layout: Layout, now: int, actor: UUID | None, carrier: str = "",
    vehicle: str = "", cost_fen: int = 0, subsidy_fen: int = 0, words: str = "",
) -> Trip:  # fmt: skip
    """Change when a trip goes, by what, and what it costs. Whoever was promised a seat is told anew. Raises TripError."""
    found = locked(trip)
    _require_open(found)
    _refuse_wrong(found.origin_division, found.site_id, departs, arrives, layout, cost_fen, subsidy_fen)
    room = practice.room(mode=found.mode, rated=layout.rated, rows=layout.rows, columns=layout.columns, at=departs)
    seated = list(found.bookings.filter(state__in=Booking.SEATED))
    if len(seated) > room.places:
        over = len(seated) - room.places
        raise TripError("trip.too_few_places", trip=found.code, booked=len(seated), places=room.places, over=over)
    found.departs, found.arrives, found.carrier, found.vehicle = departs, arrives, carrier.strip(), vehicle.strip()
    found.cost_fen, found.subsidy_fen, found.words = cost_fen, subsidy_fen, words.strip()
    layouts = (found.rated_seats, found.rows, found.columns, found.places, found.last_row)
    anew = layouts != (layout.rated, layout.rows, layout.columns, room.places, room.last_row)
    if anew:  # seats are numbered anew, in the order in which people had them
        Booking.objects.filter(pk__in=[one.pk for one in seated]).update(state=Booking.CANCELLED, place_number=None)
    found.rated_seats, found.rows, found.columns, found.sealed = (
        layout.rated,
        layout.rows,
        layout.columns,
        layout.sealed,
    )
    found.places, found.last_row = room.places, room.last_row
    _saved(found)
    if anew:
        _seated_anew(found, seated)
    facts.promise(
        trip=found, bookings=found.bookings.filter(state__in=Booking.SEATED), reason=facts.CHANGED, now=now, actor=actor
    )
    facts.crew_follows(trip=found, reason=facts.CHANGED, now=now, actor=actor)
    return found


@transaction.atomic
def lock(*, trip: UUID, on: bool) -> None:
    """A locked trip is left as it is when the rest is planned again. Raises TripError."""
    found = locked(trip)
    found.locked = on
    found.save(update_fields=["locked"])


@transaction.atomic
def book(
    *, trip: UUID, workers: Sequence[UUID], now: int, actor: UUID | None, given: Mapping[UUID, Seat] | None = None,
    stop: UUID | None = None,
) -> list[Booking]:  # fmt: skip
    """Give these people seats: the ones in ``given``, the others apart from each other from the front.

    Nobody is added to a trip on its way. Whoever asked for a seat has one by this. Raises TripError; then nobody has one.
    """
    found = locked(trip)
    _require_open(found)
    people = _people(workers)
    if stop is not None and not found.stops.filter(pk=stop).exists():
        raise TripError("trip.wrong_stop", field="stop", trip=found.code)
    rows = {one.worker_id: one for one in found.bookings.all()}
    seated = [one for one in rows.values() if one.state in Booking.SEATED]
    _refuse_booked(found, people, seated)
    if len(seated) + len(people) > found.places:
        raise TripError(
            "trip.full", trip=found.code, free=found.places - len(seated), wanted=len(people), rated=found.rated_seats,
            places=found.places,
        )  # fmt: skip
    chosen = _seats_for(found, list(people), {(one.seat_row, one.seat_column) for one in seated}, given or {})
    numbers = _numbers(found, seated)
    booked = []
    for worker, (row, column) in chosen.items():
        one = rows.get(worker) or Booking(id=uuid7(), trip=found, worker_id=worker)
        one.state, one.seat_row, one.seat_column, one.place_number = Booking.BOOKED, row, column, next(numbers)
        one.stop_id = stop
        booked.append(one)
    _write(found, booked, {one.pk for one in rows.values()}, people)
    SeatRequest.objects.filter(worker__in=people, state=SeatRequest.OPEN).update(state=SeatRequest.PLANNED, trip=found)
    facts.promise(trip=found, bookings=booked, reason=facts.CHANGED, now=now, actor=actor)
    return booked


@transaction.atomic
def take_off(*, trip: UUID, workers: Sequence[UUID], now: int, actor: UUID | None) -> None:
    """Take people off a trip that hasn't left; what they asked for is open again. Raises TripError."""
    found = locked(trip)
    _require_open(found)
    _leave(found, _booked(found, workers), Booking.CANCELLED, facts.TAKEN_OFF, now, actor)


@transaction.atomic
def move(*, worker: UUID, trip: UUID, to: UUID, now: int, actor: UUID | None, seat: Seat | None = None) -> None:
    """Move somebody from one trip to another, or to another seat of the same. Raises TripError; then nothing is changed."""
    for one in sorted({trip, to}):
        locked(one)
    found = locked(trip)
    _require_open(found)
    (booking,) = _booked(found, [worker])
    given = {} if seat is None else {worker: seat}
    if trip == to:
        stop = booking.stop_id
        Booking.objects.filter(pk=booking.pk).update(state=Booking.CANCELLED, place_number=None)
        book(trip=trip, workers=[worker], given=given, stop=stop, now=now, actor=actor)
        return
    _leave(found, [booking], Booking.CANCELLED, facts.TAKEN_OFF, now, actor)
    book(trip=to, workers=[worker], given=given, now=now, actor=actor)


@transaction.atomic
def release(*, trip: UUID, now: int, actor: UUID | None) -> Trip:
    """The plan stands: everybody on it is told their seat. Raises TripError."""
    found = locked(trip)
    _require_open(found)
    if found.state != Trip.DRAFT:
        raise TripError("trip.released", trip=found.code)
    booked = list(found.bookings.filter(state=Booking.BOOKED))
    if not booked:
        raise TripError("trip.nobody", trip=found.code)
    found.state, found.released_at = Trip.RELEASED, now
    found.save(update_fields=["state", "released_at"])
    facts.promise(trip=found, bookings=booked, reason=facts.CHANGED, now=now, actor=actor)
    return found


@transaction.atomic
def cancel(*, trip: UUID, reason: str, now: int, actor: UUID | None) -> None:
    """The trip doesn't take place; what its people asked for is open again. ``reason`` is told them. Raises TripError."""
    found = locked(trip)
    _require_open(found)
    words = reason.strip()
    if not words:
        raise TripError("trip.no_reason", field="reason")
    booked = list(found.bookings.filter(state=Booking.BOOKED))
    if found.bookings.filter(state__in=[Booking.BOARDED, Booking.ARRIVED, Booking.EXTRA]).exists():
        raise TripError("trip.on_the_way", trip=found.code)
    _leave(found, booked, Booking.CANCELLED, facts.CANCELLED, now, actor)
    found.state, found.words = Trip.CANCELLED, words
    found.save(update_fields=["state", "words"])
    facts.crew_follows(trip=found, reason=facts.CANCELLED, now=now, actor=actor)


def locked(trip: UUID) -> Trip:
    """The trip, locked until the transaction ends. Raises TripError where there is none in the actor's scope."""
    found = Trip.objects.select_for_update().filter(pk=trip).first()
    if found is None:
        raise TripError("trip.unknown", field="trip")
    return found


def leave(trip: Trip, booked: Sequence[Booking], state: str, reason: str, *, now: int, actor: UUID | None) -> None:
    """People have their seats no more; for a crew too (`trips.crew`). The caller holds the trip's lock."""
    _leave(trip, booked, state, reason, now, actor)


def require_people(workers: Iterable[UUID]) -> dict[UUID, str]:
    """The names of workers in scope, each named once. Raises TripError."""
    return _people(list(workers))


def _leave(trip: Trip, booked: Sequence[Booking], state: str, reason: str, now: int, actor: UUID | None) -> None:
    for one in booked:
        one.state, one.place_number = state, None
    Booking.objects.bulk_update(booked, ["state", "place_number"])
    facts.promise(trip=trip, bookings=booked, reason=reason, now=now, actor=actor)
    # Whoever has asked anew meanwhile keeps that request; the old one stays with this trip.
    again = SeatRequest.objects.filter(trip=trip, worker__in=[one.worker_id for one in booked])
    asked = SeatRequest.objects.filter(state=SeatRequest.OPEN).values("worker")
    again.exclude(worker__in=asked).update(state=SeatRequest.OPEN, trip=None)


def _require_open(trip: Trip) -> None:
    """The plan of a trip that hasn't left can be changed. Raises TripError."""
    code = {Trip.UNDER_WAY: "trip.on_the_way", Trip.ARRIVED: "trip.over", Trip.CANCELLED: "trip.cancelled"}
    if trip.state in code:
        raise TripError(code[trip.state], trip=trip.code)


def _refuse_wrong(
    origin: str, site: UUID, departs: int, arrives: int, layout: Layout, cost_fen: int, subsidy_fen: int
) -> None:
    if not (origin.isascii() and origin.isdecimal() and len(origin) in (6, 9, 12) and divisions.is_known(origin)):
        raise TripError("trip.unknown_division", field="origin_division", code=origin)
    if not Site.objects.filter(pk=site).exists():
        raise TripError("trip.unknown_site", field="site")
    if arrives <= departs:
        raise TripError("trip.arrives_early", field="arrives")
    rated, rows, columns = layout.rated, layout.rows, layout.columns
    if min(rated, rows, columns) < 1 or rated > rows * columns or columns > 24 or rows * columns > 2_000:
        raise TripError("trip.wrong_seats", field="rated_seats", rated=rated, rows=rows, columns=columns)
    if min(cost_fen, subsidy_fen) < 0:
        raise TripError("trip.wrong_money", field="cost")


def _people(workers: Sequence[UUID]) -> dict[UUID, str]:
    names = dict(Worker.objects.filter(pk__in=list(workers)).values_list("pk", "name"))
    if len(names) < len(set(workers)):
        raise TripError("trip.unknown_worker", field="worker")
    if len(set(workers)) < len(workers):
        twice = next(one for one in workers if list(workers).count(one) > 1)
        raise TripError("trip.twice", field="worker", name=names[twice])
    return {one: names[one] for one in workers}


def _booked(trip: Trip, workers: Sequence[UUID]) -> list[Booking]:
    """Their bookings, which can still be given up. Raises TripError."""
    people = _people(workers)
    rows = {one.worker_id: one for one in trip.bookings.filter(worker__in=people)}
    for worker, name in people.items():
        state = rows[worker].state if worker in rows else Booking.CANCELLED
        if state in (Booking.BOARDED, Booking.ARRIVED, Booking.EXTRA):
            raise TripError("trip.boarded", name=name)
        if state != Booking.BOOKED:
            raise TripError("trip.not_booked", field="worker", name=name, trip=trip.code)
    return [rows[worker] for worker in people]


def _refuse_booked(trip: Trip, people: Mapping[UUID, str], seated: Sequence[Booking]) -> None:
    here = {one.worker_id for one in seated} | set(
        trip.bookings.filter(state=Booking.EXTRA).values_list("worker_id", flat=True)
    )
    for worker in people:
        if worker in here:
            raise TripError("trip.booked_already", field="worker", name=people[worker], trip=trip.code)
    elsewhere = (
        Booking.objects.filter(
            worker__in=people, state__in=Booking.SEATED, departs__lt=trip.arrives, arrives__gt=trip.departs
        )
        .exclude(trip=trip)
        .values_list("worker_id", "trip__code")
        .first()
    )
    if elsewhere is not None:
        raise TripError("trip.other_trip", field="worker", name=people[elsewhere[0]], other=elsewhere[1])


def _seats_for(
    trip: Trip, people: Sequence[UUID], taken: set[tuple[int | None, int | None]], given: Mapping[UUID, Seat]
) -> dict[UUID, Seat]:
    """A seat for each. Raises TripError for a given one that is taken, kept, or not there."""
    every = set(seats.in_order(trip.rows, trip.columns, trip.rated_seats))
    for seat in given.values():
        name = seat_name(*seat) if 1 <= seat[1] <= 24 else f"{seat[0]}-{seat[1]}"
        if seat not in every:
            raise TripError("trip.no_such_seat", field="seat", trip=trip.code, seat=name)
        if seat[0] > trip.last_row:
            raise TripError("trip.seat_kept", field="seat", trip=trip.code, seat=name)
        if seat in taken:
            raise TripError("trip.seat_taken", field="seat", trip=trip.code, seat=name)
        taken = taken | {seat}
    free = seats.free(trip.last_row, trip.columns, trip.rated_seats, taken)
    return {worker: given.get(worker) or next(free) for worker in people}


def _numbers(trip: Trip, seated: Sequence[Booking]) -> Iterator[int]:
    used = {one.place_number for one in seated}
    return (number for number in range(1, trip.places + 1) if number not in used)


def _write(trip: Trip, booked: Sequence[Booking], there: set[UUID], people: Mapping[UUID, str]) -> None:
    """Store the bookings; what only the database can see, because it happens at the same moment, is told in words."""
    fresh = [one for one in booked if one.pk not in there]
    for one in fresh:
        one.departs, one.arrives, one.places, one.last_row = trip.departs, trip.arrives, trip.places, trip.last_row
        one.columns, one.disinfected_at = trip.columns, trip.disinfected_at
    columns = ["state", "seat_row", "seat_column", "place_number", "stop"]
    try:
        with transaction.atomic():
            Booking.objects.bulk_update([one for one in booked if one.pk in there], columns)
            Booking.objects.bulk_create(fresh)
    except IntegrityError as error:
        raise _in_words(error, trip, people) from None


def _in_words(error: IntegrityError, trip: Trip, people: Mapping[UUID, str]) -> TripError:
    if _KEPT in str(error):
        names = "、".join(people.values()) if len(people) < 4 else trip.code
        return TripError("trip.other_trip", field="worker", name=names, other="…")
    raise error


def _seated_anew(trip: Trip, seated: Sequence[Booking]) -> None:
    order = sorted(seated, key=lambda one: (one.seat_row or 0, one.seat_column or 0))
    free = seats.in_order(trip.last_row, trip.columns, trip.rated_seats)
    for number, (one, seat) in enumerate(zip(order, free, strict=False), start=1):
        one.seat_row, one.seat_column = seat
        one.place_number = number
    Booking.objects.bulk_update(order, ["state", "seat_row", "seat_column", "place_number"])


def _saved(trip: Trip) -> None:
    """Store a changed trip with its bookings. Raises TripError when somebody would be on two trips at once."""
    try:
        with transaction.atomic():
            trip.save(update_fields=_CHANGED)
    except IntegrityError as error:
        if _KEPT not in str(error):
            raise
        busy = _busy(trip)
        raise TripError("trip.other_trip", field="departs", name=busy[0], other=busy[1]) from None


def _busy(trip: Trip) -> tuple[str, str]:
    """Somebody of the trip who would be on another one at the same time."""
    mine = trip.bookings.filter(state__in=Booking.SEATED).values("worker")
    found = (
        Booking.objects.filter(
            worker__in=mine, state__in=Booking.SEATED, departs__lt=trip.arrives, arrives__gt=trip.departs
        )
        .exclude(trip=trip)
        .values_list("worker__name", "trip__code")
        .first()
    )
    return found or ("", "…")
