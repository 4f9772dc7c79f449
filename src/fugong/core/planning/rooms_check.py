"""The checker of room plans: whether a plan keeps every rule of its problem, and what it costs. No solver is believed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from fugong.core.planning.answer import SENTENCES, Violation, violation
from fugong.core.planning.rooms import Further, Room, RoomPlan, RoomProblem, Stay
from fugong.core.text import Text

SENTENCES.update(
    {
        "rooms.unknown": Text("方案里的“%(id)s”不在任务里。", "The plan names “%(id)s”, which isn't in the problem."),
        "rooms.forgotten": Text(
            "%(stay)s 没有安排房间，也没有列为缺房。", "%(stay)s has no room and isn't listed as lacking one."
        ),
        "rooms.both": Text("%(stay)s 既有房间又被列为缺房。", "%(stay)s has a room and is listed as lacking one."),
        "rooms.beds": Text("%(stay)s 在 %(room)s 的床位不对。", "The beds of %(stay)s in %(room)s aren't right."),
        "rooms.bed_twice": Text(
            "%(room)s 的同一张床同时给了 %(stay)s 和 %(other)s（含消毒时间）。",
            "A bed of %(room)s is given to %(stay)s and %(other)s at one time (cleaning counts).",
        ),
        "rooms.too_many": Text(
            "%(room)s 同时住了 %(people)s 人，最多 %(places)s 人。",
            "%(room)s holds %(people)s people at one time; at most %(places)s may.",
        ),
        "rooms.mixed": Text(
            "%(room)s 同时住了不同性别的 %(stay)s 和 %(other)s。",
            "%(room)s holds %(stay)s and %(other)s, of different sex, at one time.",
        ),
        "rooms.too_small": Text(
            "%(room)s 住不下 %(stay)s，或者不许同住。", "%(room)s is too small for %(stay)s, or they may not share."
        ),
        "rooms.needs": Text("%(stay)s 需要的条件 %(room)s 没有。", "%(room)s lacks what %(stay)s needs."),
        "rooms.sex": Text("%(room)s 不是给 %(stay)s 的性别的。", "%(room)s isn't for the sex of %(stay)s."),
        "rooms.site": Text("%(stay)s 不能住在 %(site)s。", "%(stay)s may not stay at %(site)s."),
        "rooms.moved": Text("%(stay)s 不能搬出 %(room)s。", "%(stay)s may not be moved out of %(room)s."),
        "rooms.reserve": Text(
            "%(site)s 应留 %(reserve)s 间空房，方案有时只留 %(free)s 间。",
            "%(site)s is to keep %(reserve)s rooms free; at times the plan leaves %(free)s.",
        ),
        "rooms.further": Text(
            "还需要的房间数写的是 %(planned)s，应为 %(right)s，或者起止时间不对。",
            "The plan says that %(planned)s further rooms would do; it is %(right)s, or the times aren't right.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Costs:
    """What a plan costs, apart: stays that lose the room that they have, further sites of households, further zones of cohorts,
    minutes of travel, things that rooms offer and nobody in them needs."""

    moves: int
    households: int
    cohorts: int
    minutes: int
    scarce: int
    total: int


def check(problem: RoomProblem, plan: RoomPlan) -> list[Violation]:
    """Everything in which the plan breaks a rule of its problem; an empty list is a plan that may be used."""
    named = [*plan.placed, *plan.without]
    unknown = [name for name in named if name not in problem.stay]
    unknown += [placed.room for placed in plan.placed.values() if placed.room not in problem.room]
    if unknown:
        return [violation("rooms.unknown", id=name) for name in unknown]
    found = [violation("rooms.forgotten", stay=name) for name in problem.stay if name not in set(named)]
    found += [violation("rooms.both", stay=name) for name in plan.without if name in plan.placed]
    in_room: dict[str, list[Stay]] = defaultdict(list)
    for name, placed in plan.placed.items():
        in_room[placed.room].append(problem.stay[name])
        found += _suits(problem, problem.stay[name], problem.room[placed.room], placed.beds)
    for room, stays in in_room.items():
        found += _together(problem, plan, problem.room[room], stays)
    found += _reserves(problem, in_room)
    found += _shortage(problem, plan)
    return found


def _suits(problem: RoomProblem, stay: Stay, room: Room, beds: tuple[int, ...]) -> Iterator[Violation]:
    if len(set(beds)) != stay.people or not all(1 <= bed <= room.beds for bed in beds):
        yield violation("rooms.beds", stay=stay.id, room=room.id)
    shared = problem.households_share and stay.household is not None
    if stay.people > (room.beds if shared else min(room.beds, problem.people_per_room)):
        yield violation("rooms.too_small", stay=stay.id, room=room.id)
    if stay.needs - room.offers:
        yield violation("rooms.needs", stay=stay.id, room=room.id)
    if room.sex is not None and room.sex != stay.sex:
        yield violation("rooms.sex", stay=stay.id, room=room.id)
    if stay.site is not None and stay.site != room.site:
        yield violation("rooms.site", stay=stay.id, site=room.site)
    if not stay.movable and stay.present is not None and stay.present != room.id:
        yield violation("rooms.moved", stay=stay.id, room=stay.present)


def _together(problem: RoomProblem, plan: RoomPlan, room: Room, stays: list[Stay]) -> Iterator[Violation]:
    for one, other in combinations(stays, 2):
        if one.start >= problem.free_again(other) or other.start >= problem.free_again(one):
            continue
        if set(plan.placed[one.id].beds) & set(plan.placed[other.id].beds):
            yield violation("rooms.bed_twice", room=room.id, stay=one.id, other=other.id)
        if one.sex is None or one.sex != other.sex:
            yield violation("rooms.mixed", room=room.id, stay=one.id, other=other.id)
    for moment in {stay.start for stay in stays}:
        inside = [stay for stay in stays if stay.start <= moment < problem.free_again(stay)]
        people = sum(stay.people for stay in inside)
        if len(inside) > 1 and people > min(room.beds, problem.people_per_room):
            yield violation(
                "rooms.too_many", room=room.id, people=people, places=min(room.beds, problem.people_per_room)
            )


def _reserves(problem: RoomProblem, in_room: dict[str, list[Stay]]) -> Iterator[Violation]:
    for site in problem.sites:
        rooms = [room.id for room in problem.rooms if room.site == site.id]
        starts = {stay.start for room in rooms for stay in in_room.get(room, ())}
        taken = (
            sum(any(s.start <= moment < problem.free_again(s) for s in in_room.get(room, ())) for room in rooms)
            for moment in starts
        )
        free = len(rooms) - max(taken, default=0)
        if starts and free < site.reserve:
            yield violation("rooms.reserve", site=site.id, reserve=site.reserve, free=free)


def further(problem: RoomProblem, without: Iterable[str]) -> tuple[Further, ...]:
    """How many further rooms these stays take, from when to when, at one stay a room."""
    stays = [problem.stay[name] for name in without]
    cuts = sorted({moment for stay in stays for moment in (stay.start, problem.free_again(stay))})
    found: list[Further] = []
    for start, end in pairwise(cuts):
        inside = [stay for stay in stays if stay.start < end and start < problem.free_again(stay)]
        needs: dict[str, int] = defaultdict(int)
        for need in (need for stay in inside for need in stay.needs):
            needs[need] += 1
        one = Further(start, end, len(inside), dict(sorted(needs.items())))
        if found and found[-1].end == start and (found[-1].rooms, found[-1].needs) == (one.rooms, one.needs):
            found[-1] = Further(found[-1].start, end, one.rooms, one.needs)
        elif inside:
            found.append(one)
    return tuple(found)


def _shortage(problem: RoomProblem, plan: RoomPlan) -> Iterator[Violation]:
    right = further(problem, plan.without)
    most = max((one.rooms for one in right), default=0)
    if plan.rooms_short != most or plan.further != right:
        yield violation("rooms.further", planned=plan.rooms_short, right=most)


def costs(problem: RoomProblem, plan: RoomPlan) -> Costs:
    """What the plan costs by the problem's weights (``total``), and of what that consists; to lose one's room is a move."""
    homes: dict[str, set[str]] = defaultdict(set)
    zones: dict[str, set[tuple[str, str]]] = defaultdict(set)
    moves = sum(problem.stay[name].present is not None for name in plan.without)
    minutes = scarce = 0
    for name, placed in plan.placed.items():
        stay, room = problem.stay[name], problem.room[placed.room]
        moves += stay.present not in {None, room.id}
        minutes += problem.minutes(stay, room.site)
        scarce += len(room.offers - stay.needs)
        if stay.household is not None:
            homes[stay.household].add(room.site)
        if stay.cohort is not None:
            zones[stay.cohort].add((room.site, room.zone))
    households = sum(len(sites) - 1 for sites in homes.values())
    cohorts = sum(len(blocks) - 1 for blocks in zones.values())
    weights = problem.weights
    total = (
        moves * problem.move_cost
        + households * weights.household
        + cohorts * weights.cohort
        + minutes * weights.travel
        + scarce * weights.scarce
    )
    return Costs(moves, households, cohorts, minutes, scarce, total)
