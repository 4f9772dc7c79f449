"""The board of a site: every bed in walking order, who is in it, what is due, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from fugong.base import local, personal
from fugong.base.access import looked_at
from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.ledger import queries as ledger
from fugong.ledger.symptoms import SYMPTOMS
from fugong.observation import due
from fugong.observation.models import Bed, Stay
from fugong.observation.queries import PURPOSE, Reading
from fugong.observation.services.rounds import open_symptoms
from fugong.registry.models import Worker

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever is in a bed: name masked, day n of so many, and, for medics, what was measured and what is due."""

    stay: UUID
    worker: UUID
    name: str
    day: int
    days: int
    end: int
    since: int
    overdue: bool
    reading: Reading | None = None
    fever: bool = False
    symptoms: tuple[str, ...] = ()
    due: str = due.NOTHING
    may_leave: bool = False

    @property
    def symptom_words(self) -> list[str]:
        """Their symptoms in words."""
        return [str(SYMPTOMS.get(name, name)) for name in self.symptoms]

    @property
    def last_day(self) -> bool:
        """Whether the stay ends within a day."""
        return not self.overdue and self.day >= self.days


@dataclass(frozen=True, slots=True)
class Tile:
    """A bed on the board; without a guest: whom it is kept for, or until when it is being cleaned."""

    bed: UUID
    room: str
    name: str
    alone: bool
    floor: int
    zone: str
    guest: Guest | None = None
    kept: Stay | None = None
    kept_name: str = ""
    full: bool = False
    cleaning_until: int | None = None

    @property
    def state(self) -> str:
        """What the tile shows at a glance: unwell, missing, due, leaves, well, cleaning, kept, full or free."""
        one = self.guest
        if one is None:
            return "cleaning" if self.cleaning_until else "kept" if self.kept else "full" if self.full else "free"
        if one.fever or one.symptoms:
            return "unwell"
        if one.due in (due.MISSING, due.DUE):
            return one.due
        return "leaves" if one.overdue or one.last_day else "well"

    @property
    def label(self) -> str:
        """Room, and bed where the room has several."""
        return self.room if self.alone else f"{self.room}-{self.name}"


@dataclass(frozen=True, slots=True)
class Board:
    """A site at a moment: tiles in walking order, those who are expected, and the round that is on."""

    tiles: list[Tile]
    expected: list[tuple[Stay, str]]
    round: due.Round | None
    now: int
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def guests(self) -> list[Guest]:
        """Who is there, in walking order."""
        return [tile.guest for tile in self.tiles if tile.guest]


def board(site: UUID, now: int, *, with_health: bool) -> Board:
    """The board of a site; whose data it shows is noted for the audit. ``with_health``: for medics only."""
    beds = list(
        Bed.objects.filter(room__site=site, room__opens__lte=now, room__closes__gt=now).select_related("room")
        .order_by("room__order", "room__name", "name")
    )  # fmt: skip
    current = list(Stay.objects.filter(site=site, state=Stay.PRESENT))
    kept = list(
        Stay.objects.filter(site=site, state=Stay.PLANNED, end__gt=now).select_related("room", "bed").order_by("start")
    )
    names = _names([stay.worker_id for stay in (*current, *kept)])
    guests = {one.stay: one for one in _guests(current, names, now, with_health=with_health)}
    here = {stay.bed_id: guests[stay.pk] for stay in current}
    next_ones = {stay.bed_id: stay for stay in reversed(kept)}
    cleaning = dict(
        Stay.objects.filter(site=site, state=Stay.ENDED, end__lte=now, free_from__gt=now).values_list(
            "bed", "free_from"
        )
    )
    rooms = [bed.room_id for bed in beds]
    people = [stay.room_id for stay in current]
    tiles = [
        Tile(
            bed.pk, bed.room.name, bed.name, rooms.count(bed.room_id) == 1, bed.room.floor, bed.room.zone,
            here.get(bed.pk), next_ones.get(bed.pk),
            names.get(next_ones[bed.pk].worker_id, "") if bed.pk in next_ones else "",
            not bed.room.households and people.count(bed.room_id) >= bed.room.people, cleaning.get(bed.pk),
        )
        for bed in beds
    ]  # fmt: skip
    found = Board(tiles, [(stay, names.get(stay.worker_id, "")) for stay in kept], due.round_at(now), now)
    for tile in tiles:
        found.counts[tile.state] = found.counts.get(tile.state, 0) + 1
    return found


def _names(workers: Iterable[UUID]) -> dict[UUID, str]:
    ids = list(workers)
    looked_at(ids, PURPOSE)
    return {pk: personal.masked_name(name) for pk, name in Worker.objects.filter(pk__in=ids).values_list("pk", "name")}


def _guests(stays: list[Stay], names: dict[UUID, str], now: int, *, with_health: bool) -> list[Guest]:
    workers = [stay.worker_id for stay in stays]
    readings = last_readings(stays, now) if with_health else {}
    symptoms: dict[UUID, list[str]] = {}
    for fact in open_symptoms(workers, now) if with_health else ():
        symptoms.setdefault(fact.subject_id, []).append(fact.values["name"])
    statuses = clearance.statuses(workers, "leave_observation", now) if with_health else {}
    limit, on = fever_limit(now), due.round_at(now)
    found = []
    for stay in stays:
        reading, status = readings.get(stay.worker_id), statuses.get(stay.worker_id)
        found.append(
            Guest(
                stay.pk, stay.worker_id, names.get(stay.worker_id, ""), day_number(stay.since, now),
                day_number(stay.since, stay.end) - 1, stay.end, stay.since, stay.end <= now, reading,
                reading is not None and limit is not None and reading.celsius >= limit,
                tuple(symptoms.get(stay.worker_id, ())),
                due.state(on, now, stay.since, reading.at if reading else None) if with_health else due.NOTHING,
                status is not None and status.holds,
            )
        )  # fmt: skip
    return found


def day_number(since: int, at: int) -> int:
    """Which local day a moment is, counted from that on which the observation began (day 1)."""
    return (local.day_of(at) - local.day_of(since)).days + 1


def fever_limit(now: int) -> float | None:
    """From which temperature on the pack in force speaks of fever; None where it says nothing."""
    force = evaluation.force_at(now)
    return None if force is None else force.pack.door.fever_limit


def last_readings(stays: list[Stay], now: int) -> dict[UUID, Reading]:
    """The last temperature of each since their observation began, in one query."""
    since = {stay.worker_id: stay.since for stay in stays}
    taken = (
        ledger.about(since).filter(kind="temperature", start__lte=now, start__gte=min(since.values(), default=now))
        .order_by("subject_id", "-start", "-recorded_at")
        .distinct("subject_id")
        .values_list("subject_id", "values__celsius", "start")
    )  # fmt: skip
    return {worker: Reading(celsius, at) for worker, celsius, at in taken if at >= since[worker]}
