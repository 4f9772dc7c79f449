"""Rooms, beds and who sleeps where: the only writes. That somebody lives there is told as a ``dormitory`` fact.

Writers lock people, then rooms, each by id; the database refuses what must never be (migration 0002).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base.ids import uuid7
from fugong.clearance import gate
from fugong.core.time import PLUS_INF
from fugong.ledger import queries as facts
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError
from fugong.premises.errors import PremisesError, constraint_of, refused
from fugong.premises.models import Bed, Lodging, Room
from fugong.premises.sites import By
from fugong.registry.models import Site

SOURCE = "dormitory"
MOST_BEDS = 40


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room to add; beds are named 1, 2, 3, …"""

    name: str
    beds: int = 6
    square_metres: Decimal | None = None
    building: str = ""
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """A bed for somebody from a moment on (None: now)."""

    worker: UUID
    bed: UUID
    at: int | None = None


@transaction.atomic
def add_rooms(*, site: Site, rooms: Sequence[NewRoom]) -> list[Room]:
    """Add rooms with their beds to a site. Raises PremisesError, and then none is added."""
    if not rooms:
        raise PremisesError("dormitory.no_rooms", field="rooms")
    for one in rooms:
        _refuse_wrong(one)
    names = {(one.building, one.name) for one in rooms}
    there = set(Room.objects.filter(site=site).values_list("building", "name")) & names
    if there or len(names) < len(rooms):
        seen: set[tuple[str, str]] = set(there)
        for one in rooms:
            if (one.building, one.name) in seen:
                raise PremisesError("dormitory.room_taken", field="rooms", room=one.name)
            seen.add((one.building, one.name))
    made = [
        Room(
            id=one.id or uuid7(), site=site, enterprise_id=site.enterprise_id, building=one.building, name=one.name,
            square_metres=one.square_metres,
        )
        for one in rooms
    ]  # fmt: skip
    room_once = PremisesError("dormitory.room_taken", field="rooms", room=rooms[0].name)
    with refused("dormitory.at_once", dormitory_room_once=room_once):
        Room.objects.bulk_create(made)
    Bed.objects.bulk_create(
        Bed(room=room, name=str(n + 1)) for room, one in zip(made, rooms, strict=True) for n in range(one.beds)
    )
    return made


def _refuse_wrong(one: NewRoom) -> None:
    if not one.name or len(one.name) > 16 or len(one.building) > 32:
        raise PremisesError("dormitory.room_name", field="rooms")
    area = one.square_metres
    if not 1 <= one.beds <= MOST_BEDS or (area is not None and not 1 <= area < 10_000):
        raise PremisesError("dormitory.room_number", field="rooms", room=one.name)


@transaction.atomic
def measure(*, room: UUID, square_metres: Decimal) -> None:
    """Say how large a room is. Raises PremisesError."""
    if not 1 <= square_metres < 10_000:
        raise PremisesError("dormitory.area", field="square_metres")
    Room.objects.filter(pk=room).update(square_metres=square_metres)


@transaction.atomic
def close(*, room: UUID, now: int) -> None:
    """Nobody sleeps in a room any more. Raises PremisesError while somebody does."""
    (found,) = _locked([room])
    there = Lodging.objects.filter(room=room, end__gt=now).count()
    if there:
        raise PremisesError("dormitory.room_in_use", room=found.name, number=there)
    Room.objects.filter(pk=room).update(closed_at=now)


@transaction.atomic
def assign(*, lodgings: Sequence[Assign], by: By) -> list[UUID]:
    """Give people beds; returns the lodgings' ids. Raises PremisesError, and then nobody gets one.

    What the ledger says already is not said twice: a fact that names the same room goes on, another one ends here.
    """
    wanted = [(one, by.now if one.at is None else one.at) for one in lodgings]
    if any(at > by.now for _one, at in wanted):
        raise PremisesError("dormitory.future", field="at")
    sites = dict(Bed.objects.filter(pk__in=[one.bed for one in lodgings]).values_list("pk", "room__site"))
    locked = lock_people([_placed(one.worker, sites.get(one.bed)) for one in lodgings], by.actor)
    return _write(wanted, _beds(one.bed for one in lodgings), locked, by)


def _placed(worker: UUID, site: UUID | None) -> NewFact:
    return NewFact(worker, "dormitory", 0, {"site": str(site)} if site else {})


def _write(
    wanted: Sequence[tuple[Assign, int]], beds: dict[UUID, Bed], locked: set[UUID], by: By, ends: Iterable[NewFact] = ()
) -> list[UUID]:  # fmt: skip
    standing = _standing([one.worker for one, _at in wanted])
    ending = list(ends)
    ended = {fact.supersedes for fact in ending}
    new, made = list[NewFact](), list[Lodging]()
    for one, at in wanted:
        bed = beds[one.bed]
        said = values_of(bed.room)
        known = [fact for fact in standing.get(one.worker, ()) if fact.end > at and fact.pk not in ended]
        same = next((fact for fact in known if fact.start <= at and _same(fact, said)), None)
        ending += [_ended(fact, max(at, fact.start)) for fact in known if fact is not same]
        number = same.pk if same else uuid7()
        if same is None:
            new.append(NewFact(one.worker, "dormitory", at, said, id=number))
        made.append(
            Lodging(
                id=uuid7(), bed=bed, room=bed.room, site_id=bed.room.site_id, enterprise_id=bed.room.enterprise_id,
                worker_id=one.worker, start=at, fact_id=number, actor_id=by.actor,
                changed_at=by.now,
            )
        )  # fmt: skip
    try:
        with transaction.atomic():
            Lodging.objects.bulk_create(made)
    except IntegrityError as error:
        raise _in_words(error, made) from None
    _append([*ending, *new], by, locked)
    return [one.pk for one in made]


def _in_words(error: IntegrityError, made: Sequence[Lodging]) -> PremisesError | IntegrityError:
    """Which of many the database refused, and why."""
    name = constraint_of(error)
    for one in made:
        closed = one.room.closed_at
        if name == "lodging_in_an_open_room" and closed is not None:
            return PremisesError("dormitory.room_closed", field="bed", room=str(one.room))
        held = Lodging.objects.filter(end__gt=one.start).select_related("bed", "room", "worker")
        if name == "dormitory_bed_has_one_person_at_a_time" and held.filter(bed=one.bed).exists():
            return PremisesError("dormitory.bed_taken", field="bed", bed=one.bed.name, room=str(one.room))
        other = held.filter(worker=one.worker_id).first()
        if name == "person_has_one_dormitory_bed_at_a_time" and other is not None:
            return PremisesError(
                "dormitory.person_elsewhere", field="worker", name=other.worker.name, bed=other.bed.name,
                room=str(other.room),
            )  # fmt: skip
    known = name in ("dormitory_bed_has_one_person_at_a_time", "person_has_one_dormitory_bed_at_a_time")
    return PremisesError("dormitory.at_once", field="bed") if known else error


@transaction.atomic
def leave(*, lodgings: Sequence[UUID], at: int, by: By) -> None:
    """People give up their beds at a moment. Raises PremisesError."""
    locked, held = _held(lodgings, at, by)
    ending = _end(held, at, by)
    _append(ending, by, locked)


@transaction.atomic
def move(*, lodging: UUID, bed: UUID, at: int, by: By) -> UUID:
    """Somebody takes another bed at a moment; returns the new lodging's id. Raises PremisesError."""
    locked, (held,) = _held([lodging], at, by, bed)
    if held.bed_id == bed:
        raise PremisesError("dormitory.same_bed", field="bed")
    beds = _beds([bed, held.bed_id])
    if values_of(beds[bed].room) == values_of(beds[held.bed_id].room):  # another bed of the same room says nothing new
        Lodging.objects.filter(pk=held.pk).update(end=at, changed_at=by.now, actor=by.actor)
        return _write([(Assign(held.worker_id, bed), at)], beds, locked, by)[0]
    ending = _end([held], at, by)
    return _write([(Assign(held.worker_id, bed), at)], beds, locked, by, ending)[0]


def _held(lodgings: Sequence[UUID], at: int, by: By, bed: UUID | None = None) -> tuple[set[UUID], list[Lodging]]:
    """Lodgings that last at a moment, with their people locked; ``bed``: where they go. Raises PremisesError."""
    if at > by.now:
        raise PremisesError("dormitory.future", field="at")
    whose = Lodging.objects.filter(pk__in=lodgings).values_list("worker", "site")
    target = Bed.objects.filter(pk=bed).values_list("room__site", flat=True).first() if bed else None
    going = [_placed(worker, target) for worker, _site in whose] if target else []
    locked = lock_people([*(_placed(worker, site) for worker, site in whose), *going], by.actor)
    rows = Lodging.objects.select_for_update(of=("self",)).filter(pk__in=lodgings).order_by("pk")
    found = list(rows.select_related("bed", "room"))
    if len(found) != len(set(lodgings)) or any(one.end <= at for one in found):
        raise PremisesError("dormitory.not_there")
    if any(at < one.start for one in found):
        raise PremisesError("dormitory.before", field="at")
    return locked, found


def _end(held: Sequence[Lodging], at: int, by: By) -> list[NewFact]:
    """End lodgings; returns what supersedes the facts that told of them, and any other that says they live somewhere."""
    Lodging.objects.filter(pk__in=[one.pk for one in held]).update(end=at, changed_at=by.now, actor=by.actor)
    standing = _standing([one.worker_id for one in held])
    return [_ended(fact, max(at, fact.start)) for told in standing.values() for fact in told if fact.end > at]


def lock_people(told: Sequence[NewFact], actor: UUID | None) -> set[UUID]:
    """Who acts, then the people of what will be told, before anything else. Raises PremisesError for whom one doesn't see."""
    gate.one_at_a_time(actor)
    try:
        return ledger.lock_for(told)
    except FactError:
        raise PremisesError("dormitory.no_person", field="worker") from None


def _beds(beds: Iterable[UUID]) -> dict[UUID, Bed]:
    wanted = set(beds)
    found = {bed.pk: bed for bed in Bed.objects.filter(pk__in=wanted)}
    if len(found) != len(wanted):
        raise PremisesError("dormitory.no_bed", field="bed")
    rooms = {room.pk: room for room in _locked({bed.room_id for bed in found.values()})}
    for bed in found.values():
        bed.room = rooms[bed.room_id]
    return found


def _locked(rooms: Iterable[UUID]) -> list[Room]:
    wanted = set(rooms)
    found = list(
        Room.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted).order_by("pk")
        .select_related("site")
    )  # fmt: skip
    if len(found) != len(wanted):
        raise PremisesError("dormitory.no_bed", field="bed")
    return found


def _standing(workers: Sequence[UUID]) -> dict[UUID, list[Fact]]:
    found: dict[UUID, list[Fact]] = {}
    for fact in facts.about(workers).filter(kind="dormitory").order_by("start", "recorded_at"):
        found.setdefault(fact.subject_id, []).append(fact)
    return found


def values_of(room: Room) -> dict[str, str]:
    """What a ``dormitory`` fact says of a room."""
    return {"site": str(room.site_id), "name": room.building or room.site.name, "room": room.name}


def _same(fact: Fact, said: dict[str, str]) -> bool:
    return fact.end == PLUS_INF and all(fact.values.get(name) == said[name] for name in ("site", "room"))


def _ended(fact: Fact, at: int) -> NewFact:
    """The fact that ends another one at a moment; one that would have lasted no time is withdrawn."""
    gone = at <= fact.start
    return NewFact(
        fact.subject_id, "dormitory", fact.start, fact.values, end=fact.end if gone else at, id=uuid7(),
        supersedes=fact.pk, withdrawn=gone, reason="no longer there",
    )  # fmt: skip


def _append(said: Sequence[NewFact], by: By, locked: set[UUID]) -> None:
    ledger.append(
        facts=said, source=SOURCE, now=ledger.recorded_at(said, by.now), actor=by.actor, evidence=by.evidence,
        locked=locked,
    )  # fmt: skip
