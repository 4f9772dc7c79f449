"""A passenger list as somebody wrote it in a spreadsheet, compared with a trip: who is whom, where it says something else,
what is wrong with it; and taking in a list with which nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.access import looked_at
from fugong.base.faults import Fault
from fugong.base.tables import Column, Row, Spec, parsers, read, recognise, rows
from fugong.journeys.models import LETTERS, Booking, Trip, seat_name
from fugong.journeys.trips import seats, services
from fugong.journeys.trips.errors import TripError
from fugong.journeys.trips.queries import PURPOSE
from fugong.journeys.trips.seats import Seat
from fugong.registry.documents import document_digest, phone_digest
from fugong.registry.identity import plain
from fugong.registry.imports import subjects
from fugong.registry.models import Document, Worker

KIND = "passengers"
"""The kind of upload under which such a list is kept while somebody looks at it."""
State = Literal["same", "new", "seat", "wrong"]


def _seat(cell: Any) -> str:
    return str(cell).strip().upper().replace("号", "").replace("座", "").replace(" ", "").replace("-", "")


def spec(now: int) -> Spec:
    """The columns of a passenger list: who it is, in which seat, on which trip."""
    who = tuple(one for one in subjects.columns("worker") if one.name != "badge")
    more = (
        Column(
            "seat",
            _("seat"),
            ("座位", "座位号", "座号", "席位", "seat", "seat number"),
            _seat,
            example="3B",
            as_text=True,
        ),
        Column(
            "trip",
            _("trip"),
            ("班次", "班次编号", "车次", "航班号", "trip", "trip number"),
            parsers.text(64),
            example="J01",
        ),
    )

    def check(values: dict[str, Any]) -> Iterator[Fault]:
        yield from subjects.check("worker", values, local.day_of(now))

    columns = (*(replace(one, required=one.name == "name") for one in who), *more)
    return Spec(KIND, _("passengers"), columns, ("document_number", "name", "seat"), check)


@dataclass(slots=True)
class Line:
    """A row of the list: who it is (None: nobody knows), what it says, and what is wrong with it."""

    row: int
    name: str
    worker: UUID | None = None
    seat: Seat | None = None
    planned: str = ""
    state: State = "same"
    faults: list[Fault] = field(default_factory=list)

    @property
    def said(self) -> str:
        """The seat that the list gives."""
        return seat_name(*self.seat) if self.seat else ""


@dataclass(slots=True)
class Compared:
    """A list beside a trip: its rows, who is on the trip and not on the list, and what is wrong with the list as a whole."""

    lines: list[Line]
    missing: list[Booking]
    faults: list[Fault]

    @property
    def right(self) -> bool:
        """Whether nothing is wrong, and something would change."""
        return not self.faults and not any(one.faults for one in self.lines) and any(self.changed)

    @property
    def changed(self) -> list[Line]:
        """Who would get a seat, or another one."""
        return [one for one in self.lines if one.state in ("new", "seat")]

    @property
    def wrong(self) -> int:
        """How many rows are wrong."""
        return sum(bool(one.faults) for one in self.lines)


def compare(*, trip: Trip, content: bytes, filename: str, now: int) -> Compared:
    """What a file says of a trip. Raises TableError for what is no such list; whose rows they are is noted for the audit."""
    sheets, form = read(content, filename), spec(now)
    parsed = rows(sheets, recognise(sheets, form), form)
    booked = {one.worker_id: one for one in trip.bookings.filter(state__in=Booking.SEATED).select_related("worker")}
    lines = [_line(row) for row in parsed.rows]
    _name_people(lines, parsed.rows)
    looked_at([one.worker for one in lines if one.worker], PURPOSE)
    for line, row in zip(lines, parsed.rows, strict=True):
        _say_trip(trip, line, row.values.get("trip"))
        _say_seat(trip, line, row.values.get("seat"))
    _say_twice(lines)
    _say_elsewhere(trip, lines, booked)
    for line in lines:
        _beside_the_plan(line, booked)
    there = {one.worker for one in lines}
    _say_taken(lines, booked, there)
    missing = [one for worker, one in booked.items() if worker not in there]
    return Compared(lines, missing, _too_many(trip, lines, missing))


@transaction.atomic
def take_in(*, trip: UUID, content: bytes, filename: str, now: int, actor: UUID | None) -> int:
    """Give the seats that a list says, to whom it names; returns to how many. Who isn't on the list keeps their seat.

    Raises TripError, and then nothing is changed: for a list with which anything is wrong, and one that changes nothing.
    """
    found = services.locked(trip)
    compared = compare(trip=found, content=content, filename=filename, now=now)
    if not compared.right:
        raise TripError("list.not_right" if compared.faults or compared.wrong else "list.nothing_new")
    changed = {one.worker: one for one in compared.changed if one.worker}
    moving = list(found.bookings.filter(worker__in=[w for w, one in changed.items() if one.state == "seat"]))
    if any(one.state != Booking.BOOKED for one in moving):
        raise TripError("trip.on_the_way", trip=found.code)
    stops = {one.worker_id: one.stop_id for one in moving}
    Booking.objects.filter(pk__in=[one.pk for one in moving]).update(state=Booking.CANCELLED, place_number=None)
    given = {worker: one.seat for worker, one in changed.items() if one.seat}
    for stop in sorted(set(stops.values()) | {None}, key=str):
        people = [worker for worker in changed if stops.get(worker) == stop]
        # Those who are given none take what the others leave: they come last.
        people.sort(key=lambda worker: worker not in given)
        seated = {worker: given[worker] for worker in people if worker in given}
        if people:
            services.book(trip=trip, workers=people, given=seated, stop=stop, now=now, actor=actor)
    return len(changed)


def _line(row: Row) -> Line:
    return Line(row.row, str(row.values.get("name") or ""), faults=[one.fault for one in row.errors])


def _name_people(lines: Sequence[Line], told: Sequence[Row]) -> None:
    """Who each row is: by document, or by name with the telephone number or its end."""
    documents = {
        (row.sheet, row.row): document_digest(given.kind, given.number)
        for row in told
        if (given := row.values.get("document"))
    }
    held = Document.objects.filter(digest__in=documents.values(), standing=Document.HELD).select_related("worker")
    holders = {bytes(one.digest): one.worker for one in held}
    named: dict[str, list[Worker]] = {}
    for one in Worker.objects.filter(name__in={line.name for line in lines}):
        named.setdefault(plain(one.name), []).append(one)
    for line, row in zip(lines, told, strict=True):
        if line.faults:
            continue
        digest = documents.get((row.sheet, row.row))
        phone = row.values.get("phone") or ""
        fitting = [one for one in named.get(plain(line.name), ()) if _rings(one, phone)] if digest is None else []
        holder = holders.get(digest) if digest else fitting[0] if len(fitting) == 1 else None
        if holder is None:
            code = "facts.worker_ambiguous" if len(fitting) > 1 else "list.unknown"
            line.faults.append(TripError(code, field="name", name=line.name))
        elif plain(holder.name) != plain(line.name):
            line.faults.append(TripError("list.other_name", field="name", name=line.name))
        else:
            line.worker, line.name = holder.pk, holder.name


def _rings(worker: Worker, phone: str) -> bool:
    if len(phone) == 4:
        return worker.phone_tail == phone
    return worker.phone_digest is not None and bytes(worker.phone_digest) == phone_digest(phone)


def _say_trip(trip: Trip, line: Line, said: str | None) -> None:
    if said and said.strip().upper() not in (trip.code.upper(), trip.vehicle.upper()):
        line.faults.append(TripError("list.wrong_trip", field="trip", said=said, trip=trip.code))


def _say_seat(trip: Trip, line: Line, text: str | None) -> None:
    if not text:
        return
    row, letter = text[:-1], text[-1]
    if not (row.isascii() and row.isdecimal() and len(row) < 4 and letter in LETTERS):
        line.faults.append(TripError("list.no_seat", field="seat", text=text[:12]))
        return
    line.seat = (int(row), LETTERS.index(letter) + 1)
    if line.seat not in set(seats.in_order(trip.rows, trip.columns, trip.rated_seats)):
        line.faults.append(TripError("trip.no_such_seat", field="seat", trip=trip.code, seat=text))
    elif line.seat[0] > trip.last_row:
        line.faults.append(TripError("trip.seat_kept", field="seat", trip=trip.code, seat=text))


def _say_twice(lines: Sequence[Line]) -> None:
    people: dict[UUID, Line] = {}
    given: dict[Seat, Line] = {}
    for line in lines:
        if line.worker and (first := people.setdefault(line.worker, line)) is not line:
            line.faults.append(TripError("list.twice", field="name", name=line.name, row=first.row))
        elif line.seat and (first := given.setdefault(line.seat, line)) is not line:
            line.faults.append(
                TripError("list.seat_twice", field="seat", seat=line.said, name=first.name, row=first.row)
            )


def _say_elsewhere(trip: Trip, lines: Sequence[Line], booked: dict[UUID, Booking]) -> None:
    people = [one.worker for one in lines if one.worker and one.worker not in booked]
    other = Booking.objects.filter(
        worker__in=people, state__in=Booking.SEATED, departs__lt=trip.arrives, arrives__gt=trip.departs
    ).exclude(trip=trip)  # fmt: skip
    codes = dict(other.values_list("worker_id", "trip__code"))
    for line in lines:
        if line.worker in codes:
            line.faults.append(TripError("trip.other_trip", field="name", name=line.name, other=codes[line.worker]))


def _beside_the_plan(line: Line, booked: dict[UUID, Booking]) -> None:
    planned = booked.get(line.worker) if line.worker else None
    line.planned = planned.seat if planned else ""
    if line.faults:
        line.state = "wrong"
    elif planned is None:
        line.state = "new"
    elif line.seat and line.said != planned.seat:
        line.state = "seat"


def _say_taken(lines: Sequence[Line], booked: dict[UUID, Booking], there: set[UUID | None]) -> None:
    """A seat that the plan has given to somebody who keeps it: who isn't on the list, or whom the list gives none."""
    moving = {one.worker for one in lines if one.state == "seat"}
    kept = {
        (one.seat_row, one.seat_column): one for worker, one in booked.items() if worker not in moving
    }  # fmt: skip
    for line in lines:
        holder = kept.get(line.seat) if line.seat else None
        if holder is not None and holder.worker_id != line.worker and line.state in ("new", "seat"):
            line.faults.append(TripError("list.seat_planned", field="seat", seat=line.said, name=holder.worker.name))
            line.state = "wrong"


def _too_many(trip: Trip, lines: Sequence[Line], missing: Sequence[Booking]) -> list[Fault]:
    wanted = len({one.worker for one in lines if one.worker}) + len(missing)
    if wanted <= trip.places:
        return []
    over = wanted - trip.places
    return [
        TripError("list.too_many", trip=trip.code, wanted=wanted, rated=trip.rated_seats, places=trip.places, over=over)
    ]
