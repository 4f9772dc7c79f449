"""The problem of the room plan, from what is stored: every site, everybody present or planned, and who is on the way.

Whoever is present stays where they are unless it is allowed to move them; who has a bed kept may get another one, as few as
possible; who is on the way from a high-risk area and has none gets one. What the time until a bed is clean or offered
takes away stands in the problem as stays of nobody, which can't be moved.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fugong.base import local, personal
from fugong.base.access import looked_at
from fugong.clearance.queries import operations
from fugong.core.planning import rooms as core
from fugong.observation import forecast
from fugong.observation.models import Room, Stay
from fugong.observation.queries import PURPOSE
from fugong.registry.models import Document

DAY = 86_400
AHEAD = 14 * DAY
NEEDS = ("ground_floor", "medical")
NEW, CLOSED, CLEANING = "new:", "closed:", "cleaning:"
_RESIDENT = 18
"""So many characters a resident number has (GB 11643); the last but one is odd for men."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem with what its ids stand for: stays that are stored, and people who have none."""

    problem: core.RoomProblem
    stays: dict[str, Stay]
    coming: dict[str, forecast.Coming]
    rooms: dict[str, Room]

    @property
    def empty(self) -> bool:
        """Whether there is nobody to place, or nowhere."""
        return not self.rooms or not (self.coming or any(one.state == Stay.PLANNED for one in self.stays.values()))

    @property
    def digest(self) -> str:
        """What was asked, in short: another one means that something has changed since."""
        said = [
            sorted((name, one.opens, one.closes, len(one.beds.all())) for name, one in self.rooms.items()),
            sorted((name, one.state, str(one.room_id), one.start, one.end) for name, one in self.stays.items()),
            sorted((name, one.at) for name, one in self.coming.items()),
            sorted(
                (one.id, sorted(one.needs), one.movable)
                for one in self.problem.stays
                if one.id in self.stays or one.needs
            ),
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def ask(now: int, *, needs: Mapping[UUID, Iterable[str]] | None = None, movable: bool = False) -> Asked:
    """The problem as of now: every site, everybody present or planned, and who is on the way and has no bed."""
    wanted = needs or {}
    rule = operations(now).observation
    rooms = {
        str(room.pk): room
        for room in Room.objects.filter(closes__gt=now).select_related("site").prefetch_related("beds")
    }
    stored = {
        str(one.pk): one
        for one in Stay.objects.filter(state__in=[Stay.PRESENT, Stay.PLANNED], room__in=[one.pk for one in rooms.values()])
        .exclude(state=Stay.PLANNED, end__lte=now)
    }  # fmt: skip
    coming = {f"{NEW}{one.worker}": one for one in forecast.coming(now, now + AHEAD)}
    sexes = sex_of([*(one.worker_id for one in stored.values()), *(one.worker for one in coming.values())])
    cleaning = rule.cleaning_minutes * 60
    asked = [_stored(name, one, now, rooms, sexes, movable=movable) for name, one in stored.items()]
    asked += [_new(name, one, rule.days, sexes, wanted.get(one.worker, ())) for name, one in coming.items()]
    fixed = [*_cleaning(now, cleaning, rooms), *_closed(now, asked, rooms, cleaning, rule.people_per_room)]
    core_rooms = tuple(_room(name, one) for name, one in rooms.items())
    problem = core.RoomProblem(
        sites=tuple(_sites(core_rooms, [*asked, *fixed], rule.reserve_share)), rooms=core_rooms,
        stays=(*asked, *fixed), cleaning_seconds=cleaning, people_per_room=rule.people_per_room,
        households_share=rule.households_share,
    )  # fmt: skip
    return Asked(problem, stored, coming, rooms)


def sex_of(workers: Sequence[UUID]) -> dict[UUID, core.Sex]:
    """The sex that a resident number says, of those who hold one; whose numbers are read is noted for the audit."""
    looked_at(workers, PURPOSE)
    found: dict[UUID, core.Sex] = {}
    held = Document.objects.filter(
        worker__in=workers, standing=Document.HELD, type__in=["resident", "residence_permit"]
    )
    for worker, encrypted in held.values_list("worker", "encrypted"):
        number = personal.decrypt(bytes(encrypted))
        if len(number) == _RESIDENT and number[16].isdigit():
            found[worker] = "m" if int(number[16]) % 2 else "f"
    return found


def _room(name: str, room: Room) -> core.Room:
    offers = {"ground_floor"} if room.floor == 1 else set()
    if room.medical:
        offers.add("medical")
    sex: core.Sex | None = "m" if room.sex == Room.MEN else "f" if room.sex == Room.WOMEN else None
    return core.Room(name, str(room.site_id), len(room.beds.all()), frozenset(offers), sex, room.zone)


def _stored(
    name: str, stay: Stay, now: int, rooms: Mapping[str, Room], sexes: Mapping[UUID, core.Sex], *, movable: bool
) -> core.Stay:
    """Whoever is present, from now on, and whoever has a bed kept. Who can't be moved fits where they are, as they are there."""
    planned = stay.state == Stay.PLANNED
    room = _room("", rooms[str(stay.room_id)])
    start = max(stay.start, now) if planned else now
    moves = planned or movable
    return core.Stay(
        name, start, max(stay.end, start + 1), sexes.get(stay.worker_id) if moves else room.sex or sexes.get(stay.worker_id),
        cohort=stay.cohort or None, household=str(stay.household) if stay.household else None,
        present=str(stay.room_id), movable=moves,
    )  # fmt: skip


def _new(name: str, one: forecast.Coming, days: int, sexes: Mapping[UUID, core.Sex], needs: Iterable[str]) -> core.Stay:
    end = local.start_of_day(local.day_after(local.day_of(one.at), days + 1)) + 8 * 3600
    return core.Stay(
        name, one.at, end, sexes.get(one.worker), needs=frozenset(needs) & frozenset(NEEDS),
        cohort=f"{local.day_of(one.at):%Y-%m-%d}", origin=one.division or None,
    )  # fmt: skip


def _cleaning(now: int, cleaning: int, rooms: Mapping[str, Room]) -> Iterator[core.Stay]:
    """Beds that are left and not clean yet: a stay of nobody that ends just so that they are clean when they are."""
    left = Stay.objects.filter(
        state=Stay.ENDED, end__lte=now, free_from__gt=now, room__in=[one.pk for one in rooms.values()]
    )
    for stay in left:
        end = max(stay.free_from - cleaning, now - cleaning + 1)
        sex = _room("", rooms[str(stay.room_id)]).sex
        yield core.Stay(f"{CLEANING}{stay.pk}", end - 1, end, sex, present=str(stay.room_id), movable=False)


def _closed(
    now: int, asked: Sequence[core.Stay], rooms: Mapping[str, Room], cleaning: int, people: int
) -> Iterator[core.Stay]:
    """Times at which a room isn't offered: a stay of nobody that fills it."""
    last = max((one.end for one in asked), default=now) + cleaning + 1
    for name, room in rooms.items():
        full = min(len(room.beds.all()), people)
        sex = _room("", room).sex
        if room.opens - cleaning > now:
            yield core.Stay(f"{CLOSED}{name}:1", now, room.opens - cleaning, sex, full, present=name, movable=False)
        if room.closes < last:
            yield core.Stay(f"{CLOSED}{name}:2", room.closes, last, sex, full, present=name, movable=False)


def _sites(rooms: Sequence[core.Room], stays: Sequence[core.Stay], share: float) -> Iterator[core.Site]:
    """Sites with how many rooms are kept free: the pack's share, as far as those who can't be moved leave so many."""
    of: dict[str, list[str]] = defaultdict(list)
    for room in rooms:
        of[room.site].append(room.id)
    for site, names in of.items():
        fixed = [one for one in stays if not one.movable and one.present in names]
        moments = [one.start for one in fixed]
        most = max((len({o.present for o in fixed if o.start <= at < o.end}) for at in moments), default=0)
        yield core.Site(site, max(0, min(int(share * len(names)), len(names) - most)))
