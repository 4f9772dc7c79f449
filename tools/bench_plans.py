"""How good the plans are: ``make bench-plans`` (``docs/planning.md`` says what is measured and what is assumed).

Bus routes on published instances, by the function that the dispatcher's button calls; rooms and test slots of a town like the
demo's, drawn from a seed. The checkers, which know no solver, look at every plan. The exit code is 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from planbench import published, town

from fugong.core.planning import rooms_check, routes_check, slots_check
from fugong.core.planning.rooms import Room, Site
from fugong.engines import rooms, slots


@dataclass(frozen=True)
class Measure:
    """One row: what was measured, what came out, what was to come out, and whether it did."""

    what: str
    was: str
    goal: str
    met: bool


def of_routes(seconds: float, seed: int) -> Iterator[Measure]:
    """Published instances of 100 to 200 stops, by the function behind the dispatcher's button."""
    services = dispatchers()
    for name in published.names():
        one = published.load(name)
        if one.plan is not None:
            broken, cost = routes_check.check(one.problem, one.plan), routes_check.cost(one.problem, one.plan)
            yield Measure(
                f"routes {name}: the checker on the published routes",
                f"{len(broken)} violations, cost {cost}",
                f"none, {one.best_known}",
                not broken and cost == one.best_known,
            )
        began = perf_counter()
        plan = services.solved(one.problem, seconds=seconds, seed=seed)
        took = perf_counter() - began
        broken, cost = routes_check.check(one.problem, plan), routes_check.cost(one.problem, plan)
        above = cost / one.best_known - 1
        yield Measure(
            f"routes {name}: cost after {took:.0f} s",
            f"{cost}, {above:+.2%}, {len(plan.unserved)} behind, {len(broken)} violations",
            f"{one.best_known}, at most +2 %",
            above <= 0.02 and not broken and not plan.unserved,
        )


def dispatchers() -> Any:
    """The services of the dispatcher's page; they look at no database when they are handed a problem."""
    os.environ.setdefault("FUGONG_MASTER_KEY", "5e" * 32)
    os.environ["DJANGO_SETTINGS_MODULE"] = "fugong.project.settings"
    import django

    django.setup()
    from fugong.journeys.planning import services

    return services


def of_rooms(seconds: float, seed: int, workers: int) -> Iterator[Measure]:
    """280 stays in 150 rooms; then ten changes; then too many stays."""
    problem = town.rooms_problem(town.WAVES)
    answer = rooms.plan(problem, seconds=seconds, seed=seed, workers=workers)
    assert answer.plan is not None
    broken = rooms_check.check(problem, answer.plan)
    gap = 1.0 if answer.gap is None else answer.gap
    yield Measure(
        f"rooms: {len(problem.stays)} stays, {len(problem.rooms)} rooms, {answer.seconds:.0f} s",
        f"{answer.status}, {answer.objective}, bound {answer.bound}, {gap:.2%} above it, {len(broken)} violations",
        "proven, or at most 1 % above the bound",
        gap <= 0.01 and not broken and not answer.plan.without,
    )
    for changes in range(1, 4):
        changed = town.ten_changes(problem, answer.plan, changes)
        began = perf_counter()
        again = rooms.plan(changed, seconds=5, seed=seed, workers=workers)
        took = perf_counter() - began
        broken = rooms_check.check(changed, again.plan) if again.plan else []
        need_not = town.need_not_move(changed)
        moved = sum(again.plan.placed[n].room != changed.stay[n].present for n in need_not) if again.plan else 999
        yield Measure(
            f"rooms: ten changes ({changes}), planned anew in {took:.1f} s",
            f"{again.status}, {moved} moved who need not be, {len(broken)} violations",
            "at most 10 moved, 5 s",
            again.status in {"optimal", "feasible"} and moved <= 10 and took <= 6 and not broken,
        )
    for what, arrivals in (("all 1,764 at once", (1764,)), ("280 spread evenly over 21 days", town.evenly(280, 21))):
        yield from too_many(what, town.rooms_problem(arrivals), seconds, seed, workers)


def too_many(what: str, problem: rooms.RoomProblem, seconds: float, seed: int, workers: int) -> Iterator[Measure]:
    """More stays than rooms: the proof, the fewest further rooms, and that so many do and one fewer doesn't."""
    answer = rooms.plan(problem, seconds=seconds, seed=seed, workers=workers)
    assert answer.plan is not None
    broken = rooms_check.check(problem, answer.plan)
    by_day = ", ".join(
        f"day {(one.start - town.START) // town.DAY}: {one.rooms}" for one in answer.plan.further[:3]
    ) + (" …" if len(answer.plan.further) > 3 else "")
    yield Measure(
        f"rooms: {what}, {answer.seconds:.0f} s",
        f"{answer.status}, {answer.objective} further rooms, at least {answer.bound} ({by_day}), {len(broken)} violations",
        "proven impossible, the fewest further rooms",
        answer.status == "impossible" and answer.objective == answer.bound and not broken,
    )
    for more, right in ((answer.plan.rooms_short, "feasible"), (answer.plan.rooms_short - 1, "impossible")):
        other = rooms.plan(with_rooms(problem, more), seconds=seconds, seed=seed, workers=workers)
        yield Measure(
            f"rooms: {what}, with {more} further rooms",
            "impossible" if other.status == "impossible" else "feasible" if other.plan else "unknown",
            right,
            (other.status == "impossible") == (right == "impossible") and other.plan is not None,
        )


def with_rooms(problem: rooms.RoomProblem, more: int) -> rooms.RoomProblem:
    """The problem with so many rooms more that suit everybody."""
    offers = frozenset({"ground_floor", "medical"})
    found = tuple(Room(f"further-{n}", "further", offers=offers) for n in range(more))
    return replace(problem, sites=(*problem.sites, Site("further")), rooms=(*problem.rooms, *found))


def of_slots(seed: int, workers: int) -> Iterator[Measure]:
    """1,764 people, 6 sites, quarters of an hour."""
    for per_slot, feasible in ((8, True), (4, True), (3, False)):
        problem = town.slots_problem(per_slot=per_slot)
        answer = slots.plan(problem, seconds=10, seed=seed, workers=workers)
        broken = slots_check.check(problem, answer.plan) if answer.plan else []
        what = f"slots: {len(problem.people)} people, 6 sites, {per_slot} a slot, {answer.seconds:.1f} s"
        if feasible:
            was = f"{answer.status}, {answer.objective}, bound {answer.bound}, {len(broken)} violations"
            met = answer.status in {"optimal", "feasible"} and answer.seconds <= 11 and not broken
            yield Measure(what, was, "a schedule in 10 s", met)
            continue
        was = f"{answer.status}, {answer.objective} further places, at least {answer.bound}, {len(broken)} violations"
        met = answer.status == "impossible" and answer.objective == answer.bound and answer.seconds <= 11 and not broken
        yield Measure(what, was, "proven impossible, the fewest further places", met)
        yield from one_fewer(problem, answer, seed, workers)


def one_fewer(
    problem: slots.SlotProblem, answer: slots.Answer[slots.SlotPlan], seed: int, workers: int
) -> Iterator[Measure]:
    """With the further places all can come; with one of them fewer not."""
    assert answer.plan is not None
    fewer = dict(answer.plan.further)
    at = next(iter(fewer))
    fewer[at] -= 1
    for what, more, right in (("with them", answer.plan.further, False), ("with one fewer", fewer, True)):
        some = tuple(
            replace(slot, capacity=slot.capacity + more.get(slots.Booked(slot.site, slot.start), 0))
            for slot in problem.slots
        )
        other = slots.plan(replace(problem, slots=some), seconds=10, seed=seed, workers=workers)
        was = "impossible" if other.status == "impossible" else "feasible" if other.plan else "unknown"
        goal = "impossible" if right else "feasible"
        yield Measure(f"slots: {what}", was, goal, was == goal)


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Measure]]] = {
    "routes": lambda asked: of_routes(asked.seconds, asked.seed),
    "rooms": lambda asked: of_rooms(asked.seconds, asked.seed, asked.workers),
    "slots": lambda asked: of_slots(asked.seed, asked.workers),
}


def main() -> int:
    """Print the table; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"what to measure: {', '.join(PARTS)} (all)")
    parser.add_argument(
        "--seconds", type=float, default=60, help="of each instance of routes and each problem of rooms"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="of CP-SAT")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    missed = 0
    for part in asked.parts or PARTS:
        for one in PARTS[part](asked):
            missed += not one.met
            print(
                f"{'ok    ' if one.met else 'MISSED'} {one.what}\n         {one.was}   (goal: {one.goal})", flush=True
            )
    print(f"{missed} goals missed" if missed else "all goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
