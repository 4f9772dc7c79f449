"""From how many of whom are in which rooms to who is in which bed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from itertools import combinations

from fugong.core.planning.rooms import Placed, Room, RoomProblem, Stay
from fugong.core.time import MINUS_INF
from fugong.engines import solver
from fugong.engines.cpsat import Ask, Found, solve
from fugong.engines.rooms_model import Class, Model


def placed(model: Model, found: Found, ask: Ask) -> tuple[dict[str, Placed], tuple[str, ...]] | None:
    """Who is in which bed, and who has none; None where those who move don't fit around those who stay."""
    inside: dict[int, list[Stay]] = defaultdict(list)
    without: list[str] = []
    for k, kind in enumerate(model.kinds):
        left = iter(kind.stays)
        for c in range(len(model.classes)):
            if (k, c) in model.within:
                inside[c] += [next(left) for _ in range(found[model.within[k, c]])]
        without += [stay.id for stay in left]
    kept = model.keepers(found)
    beds: dict[str, Placed] = {}
    for c, stays in inside.items():
        some = _beds(model.problem, model.classes[c], stays, kept, ask)
        if some is None:
            return None
        beds.update(some)
    return {stay.id: beds[stay.id] for stay in model.problem.stays if stay.id in beds}, tuple(without)


def _beds(
    problem: RoomProblem, one: Class, stays: Sequence[Stay], kept: Set[str], ask: Ask
) -> Mapping[str, Placed] | None:
    if one.places > 1:
        return {stay.id: Placed(one.room.id, beds) for stay, beds in _shared(problem, one.room, stays)}
    staying = {stay.id: stay.present for stay in stays if stay.id in kept and stay.present is not None}
    rooms = _in_turn(problem, one, stays, staying) or _around(problem, one, stays, staying, ask)
    if rooms is None:
        return None
    return {stay.id: Placed(rooms[stay.id], _bed_numbers(problem, stay, rooms[stay.id])) for stay in stays}


def _bed_numbers(problem: RoomProblem, stay: Stay, room: str) -> tuple[int, ...]:
    own = stay.present == room and _right(stay, problem.room[room])
    return stay.present_beds if own else tuple(range(1, stay.people + 1))


def meet(problem: RoomProblem, one: Stay, other: Stay) -> bool:
    """Whether two stays can't have one bed."""
    return one.start < problem.free_again(other) and other.start < problem.free_again(one)


def _in_turn(
    problem: RoomProblem, one: Class, stays: Sequence[Stay], staying: Mapping[str, str]
) -> dict[str, str] | None:
    """Each, as they come, into a room that is free for all of the stay, of these the one that was left last.

    Where nobody stays put, one always is: never more are there at a time than there are rooms.
    """
    guests: dict[str, list[Stay]] = {room.id: [] for room in one.rooms}
    for stay in stays:
        if stay.id in staying:
            guests[staying[stay.id]].append(stay)
    found = dict(staying)
    for stay in sorted(stays, key=lambda stay: (stay.start, stay.id)):
        if stay.id not in staying:
            free = [name for name, there in guests.items() if not any(meet(problem, stay, other) for other in there)]
            if not free:
                return None
            found[stay.id] = max(free, key=lambda name: _left(guests[name], stay))
            guests[found[stay.id]].append(stay)
    return found


def _left(guests: Sequence[Stay], stay: Stay) -> int:
    return max((other.end for other in guests if other.end <= stay.start), default=MINUS_INF)


def _around(
    problem: RoomProblem, one: Class, stays: Sequence[Stay], staying: Mapping[str, str], ask: Ask
) -> dict[str, str] | None:
    """A room for each who moves, around those who stay, by CP-SAT; None where there is none."""
    model = solver("ortools.sat.python.cp_model").CpModel()
    rooms = [room.id for room in one.rooms]
    guests = {room: [stay for stay in stays if staying.get(stay.id) == room] for room in rooms}
    moving = [stay for stay in stays if stay.id not in staying]
    into = {
        (stay.id, room): model.new_bool_var("")
        for stay in moving
        for room in rooms
        if not any(meet(problem, stay, other) for other in guests[room])
    }
    for stay in moving:
        model.add_exactly_one([into[stay.id, room] for room in rooms if (stay.id, room) in into])
    for first, second in combinations(moving, 2):
        if meet(problem, first, second):
            for room in rooms:
                if (first.id, room) in into and (second.id, room) in into:
                    model.add_at_most_one([into[first.id, room], into[second.id, room]])
    found = solve(model, replace(ask, progress=None), share=0.5)
    if found.values is None:
        return None
    return {**staying, **{name: room for (name, room), there in into.items() if found[there]}}


def _shared(problem: RoomProblem, room: Room, stays: Sequence[Stay]) -> list[tuple[Stay, tuple[int, ...]]]:
    """As they come, who was in the room before first of all into their own beds, where that leaves enough for the others."""
    found: list[tuple[Stay, tuple[int, ...]]] = []

    def taken(stay: Stay) -> set[int]:
        return {
            bed
            for other, beds in found
            if other.start < problem.free_again(stay) and stay.start < problem.free_again(other)
            for bed in beds
        }

    order = sorted(stays, key=lambda stay: (stay.start, stay.id))
    first = [stay for stay in order if stay.present == room.id and _right(stay, room)]
    for stay in first:
        if not set(stay.present_beds) & taken(stay):
            found.append((stay, stay.present_beds))
    done = {stay.id for stay, _ in found}
    for stay in order:
        if stay.id not in done:
            free = [bed for bed in range(1, room.beds + 1) if bed not in taken(stay)]
            if len(free) < stay.people:
                return _afresh(problem, room, order)
            found.append((stay, tuple(free[: stay.people])))
    return found


def _right(stay: Stay, room: Room) -> bool:
    return len(set(stay.present_beds)) == stay.people and all(1 <= bed <= room.beds for bed in stay.present_beds)


def _afresh(problem: RoomProblem, room: Room, order: Sequence[Stay]) -> list[tuple[Stay, tuple[int, ...]]]:
    since = dict.fromkeys(range(1, room.beds + 1), min(stay.start for stay in order))
    found = []
    for stay in order:
        beds = tuple(bed for bed, free in since.items() if free <= stay.start)[: stay.people]
        since.update(dict.fromkeys(beds, problem.free_again(stay)))
        found.append((stay, beds))
    return found
