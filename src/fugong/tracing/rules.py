"""Who was near a case, by the rules that a pack switches on: pure functions over facts, no reads and no clock.

Every rule looks from the pack's ``days_before`` before the case's first symptom (or sample) to the moment at which they
were set apart, both included. A contact carries every rule that found them, with the place and the last moment of each;
where nobody knows how long two people were together, the later end counts: whoever confirms can look, a rule can't.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fugong.base import local
from fugong.core.protocol.operations import Contacts
from fugong.core.time import PLUS_INF

DAY, MINUTE = 86_400, 60
WORKSHOP, ROOM, FLOOR, TABLE, DOOR = "workshop", "dormitory:room", "dormitory:floor", "canteen:table", "door"
ABOARD, ROWS = "seat:everyone", "seat:rows"
RULES = (ROOM, ABOARD, ROWS, TABLE, WORKSHOP, FLOOR, DOOR)
"""Every rule, the closest contact first."""
ONE_TRIP = DAY
"""Trains and flights go under the same number day after day: boardings so far apart are of two trips."""
_SEAT = re.compile(r"(\d{1,3})[A-HJ-NP-Z]")
"""Row and letter, as ``journeys.models.seat_name`` writes a seat; anything else says no row."""


@dataclass(frozen=True, slots=True)
class Known:
    """What of a standing fact the rules read."""

    subject: UUID
    kind: str
    start: int
    end: int
    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A value as text, without spaces at its ends; empty where it isn't said."""
        return str(self.values.get(name) or "").strip()


@dataclass(frozen=True, slots=True)
class Sought:
    """Whose contacts are sought, and from when to when: ``[first, until]``, both included."""

    worker: UUID
    first: int
    until: int

    @classmethod
    def of(cls, worker: UUID, since: int, until: int, rule: Contacts) -> Sought:
        """The time in which a case may have passed it on, by the pack."""
        return cls(worker, since - rule.days_before * DAY, until)

    def touches(self, fact: Known) -> bool:
        """Whether a fact's interval meets that time."""
        return fact.start <= self.until and fact.end > self.first


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """One rule that found somebody: when for the last time, by which rule, where."""

    last: int
    rule: str
    place: str


Found = dict[UUID, list[Hit]]
"""The contacts with what found them, the latest first."""
Names = Mapping[str, str]


def contacts(sought: Sought, facts: Iterable[Known], rule: Contacts, names: Names) -> Found:
    """Everybody who was near the case by the facts given; ``names`` are those of enterprises, sites and doors by id."""
    sorted_facts = _Facts(sought, facts)
    found: dict[UUID, dict[tuple[str, str], int]] = defaultdict(dict)
    for worker, hit in _hits(sorted_facts, rule, names):
        if worker != sought.worker and hit.last >= sought.first:
            places = found[worker]
            places[hit.rule, hit.place] = max(hit.last, places.get((hit.rule, hit.place), hit.last))
    return {
        worker: sorted((Hit(last, *key) for key, last in places.items()), key=lambda hit: (-hit.last, RULES.index(hit.rule)))
        for worker, places in found.items()
    }  # fmt: skip


class _Facts:
    """The facts by kind: the case's own, and those of others."""

    def __init__(self, sought: Sought, facts: Iterable[Known]) -> None:
        self.sought = sought
        self.own: dict[str, list[Known]] = defaultdict(list)
        self.others: dict[str, list[Known]] = defaultdict(list)
        for fact in facts:
            (self.own if fact.subject == sought.worker else self.others)[fact.kind].append(fact)

    def pairs(self, kind: str) -> Iterator[tuple[Known, Known]]:
        """The states of the case and of others that hold at the same time while contacts are sought."""
        others = [one for one in self.others[kind] if self.sought.touches(one)]
        for own in self.own[kind]:
            if self.sought.touches(own):
                yield from ((own, one) for one in others if one.start < own.end and own.start < one.end)

    def last_of(self, own: Known, other: Known) -> int:
        """The last moment at which both states hold while contacts are sought."""
        return min(own.end, other.end, self.sought.until + 1) - 1


_Hits = Iterator[tuple[UUID, Hit]]


def _hits(facts: _Facts, rule: Contacts, names: Names) -> _Hits:
    if rule.workshop:
        yield from workshop(facts, names)
    if rule.dormitory != "none":
        yield from dormitory(facts, names, floor=rule.dormitory == "floor")
    if rule.canteen_table:
        yield from canteen(facts, names)
    yield from vehicle(facts, rule)
    if rule.door_minutes:
        yield from door(facts, names, rule.door_minutes * MINUTE)


def workshop(facts: _Facts, names: Names) -> _Hits:
    """The same workshop of the same employer, on a day on which both went in; everybody of it where no door saw the case."""
    seen = _days(facts.own["door_check"], facts.sought)
    others = _days_by_worker(facts.others["door_check"], facts.sought)
    for own, other in facts.pairs("employment"):
        shop = own.text("workshop")
        if not shop or shop != other.text("workshop") or own.text("employer") != other.text("employer"):
            continue
        place = f"{names.get(own.text('employer'), '')} {shop}".strip()
        last = facts.last_of(own, other)
        if not seen:
            yield other.subject, Hit(last, WORKSHOP, place)
            continue
        theirs = others.get(other.subject, {})
        for day in seen.keys() & theirs.keys():
            together = max(min(seen[day].left, theirs[day].left), seen[day].came, theirs[day].came)
            yield other.subject, Hit(min(together, last), WORKSHOP, place)


@dataclass(slots=True)
class _Presence:
    """When somebody first went in on a day, and last went out; till the day's end where no door saw that."""

    came: int
    left: int


def _days_by_worker(checks: Iterable[Known], sought: Sought) -> dict[UUID, dict[date, _Presence]]:
    by_worker: dict[UUID, list[Known]] = defaultdict(list)
    for check in checks:
        by_worker[check.subject].append(check)
    return {worker: _days(some, sought) for worker, some in by_worker.items()}


def _days(checks: Sequence[Known], sought: Sought) -> dict[date, _Presence]:
    """The local days on which somebody passed a door in while contacts are sought."""
    found: dict[date, _Presence] = {}
    passed = [one for one in checks if one.text("outcome") == "passed" and sought.touches(one)]
    for one in sorted(passed, key=lambda check: check.start):
        day = local.day_of(one.start)
        if one.text("direction") == "in":
            end = local.start_of_day(local.day_after(day)) - 1
            there = found.setdefault(day, _Presence(one.start, end))
            there.left = end
        elif day in found:
            found[day].left = one.start
    return found


def dormitory(facts: _Facts, names: Names, *, floor: bool) -> _Hits:
    """The same room of the same dormitory; with ``floor`` also the same floor: the number without its last two characters."""
    for own, other in facts.pairs("dormitory"):
        house, room, theirs = _house(own), own.text("room"), other.text("room")
        if not house or house != _house(other) or not room or not theirs:
            continue
        name = " ".join(filter(None, (names.get(house[0], ""), house[1])))
        if room == theirs:
            yield other.subject, Hit(facts.last_of(own, other), ROOM, f"{name} {room}".strip())
        elif floor and room[:-2] and room[:-2] == theirs[:-2]:
            yield other.subject, Hit(facts.last_of(own, other), FLOOR, f"{name} {room[:-2]}".strip())


def _house(fact: Known) -> tuple[str, str] | None:
    """Which house: the site and, where it is said, the house's name; None where neither is."""
    found = (fact.text("site"), fact.text("name"))
    return found if any(found) else None


def canteen(facts: _Facts, names: Names) -> _Hits:
    """The same table; at the same meal, where both say at which."""
    for own, other in facts.pairs("canteen_seat"):
        if (own.text("site"), own.text("table")) != (other.text("site"), other.text("table")):
            continue
        shift, theirs = own.text("shift"), other.text("shift")
        if shift and theirs and shift != theirs:
            continue
        place = " ".join(filter(None, (names.get(own.text("site"), ""), own.text("table"), shift or theirs)))
        yield other.subject, Hit(facts.last_of(own, other), TABLE, place)


def vehicle(facts: _Facts, rule: Contacts) -> _Hits:
    """The same trip: everybody of a sealed vehicle, else the rows before and behind; who has no row that can be read is near.

    So is the crew, where the pack says so: they go from row to row. Contact ends when the first of the two arrives, or,
    where nobody saw that, when the later one got on.
    """
    aboard = ("boarding", "crew") if rule.crew else ("boarding",)
    arrived = {
        (fact.subject, fact.text("trip")): fact.start
        for fact in (*facts.own["arrival"], *facts.others["arrival"])
        if fact.text("trip")
    }
    for own in (fact for kind in aboard for fact in facts.own[kind]):
        trip = own.text("trip")
        if own.start > facts.sought.until:
            continue
        for other in (fact for kind in aboard for fact in facts.others[kind]):
            if other.text("trip") != trip or abs(other.start - own.start) >= ONE_TRIP:
                continue
            on, ends = max(own.start, other.start), _arrivals(arrived, own, other)
            last = min(max(min(ends, default=on), on), facts.sought.until)
            if _sealed(own, other) and rule.sealed_vehicle == "everyone":
                yield other.subject, Hit(last, ABOARD, trip)
            elif _beside(own, other, rule.rows_either_side):
                yield other.subject, Hit(last, ROWS, trip)


def _arrivals(arrived: Mapping[tuple[UUID, str], int], *boarded: Known) -> list[int]:
    times = [
        (one.start, one.end if one.kind == "crew" else arrived.get((one.subject, one.text("trip")), PLUS_INF))
        for one in boarded
    ]
    return [end for start, end in times if start <= end < start + 3 * ONE_TRIP]


def _sealed(*boarded: Known) -> bool:
    """Whether a vehicle counts as sealed: unless it is said that it isn't."""
    return not any(one.values.get("sealed") is False for one in boarded)


def _beside(own: Known, other: Known, rows: int) -> bool:
    mine, theirs = row_of(own.text("seat")), row_of(other.text("seat"))
    return mine is None or theirs is None or abs(mine - theirs) <= rows


def row_of(seat: str) -> int | None:
    """The row of a seat as it stands on a vehicle (``3A``: 3); None where the text says none."""
    found = _SEAT.fullmatch(seat.strip().upper())
    return None if found is None else int(found[1])


def door(facts: _Facts, names: Names, seconds: int) -> _Hits:
    """Who went through the same door within so many seconds, in whichever direction, let through or not."""
    checks = [one for one in facts.own["door_check"] if facts.sought.touches(one)]
    for other in facts.others["door_check"]:
        for own in checks:
            if own.text("door") == other.text("door") and abs(own.start - other.start) <= seconds:
                last = min(max(own.start, other.start), facts.sought.until)
                yield other.subject, Hit(last, DOOR, names.get(own.text("door"), ""))


def meant(found: Collection[Hit]) -> str:
    """The rules of a contact as its fact says them: each once, the closest contact first."""
    there = {hit.rule for hit in found}
    return " + ".join(rule for rule in RULES if rule in there)
