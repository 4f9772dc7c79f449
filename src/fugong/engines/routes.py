"""Bus routes by PyVRP: a problem in, a plan and what it costs out.

Who can't be taken by any vehicle is told apart first. Then all others are asked to ride; only where no plan for all is found,
some may stay behind. PyVRP knows no bound: the answer is ``feasible``, never ``optimal``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Literal

from fugong.core.planning.answer import Answer, Progress
from fugong.core.planning.routes import Boarding, Group, RoutePlan, RouteProblem, Trip, Unserved, Vehicle
from fugong.engines import solver
from fugong.engines.routes_allot import allotments, shared
from fugong.engines.routes_model import Model, Route, Unit, seats_by_plant, types, units
from fugong.engines.routes_times import trip as timed

Why = Literal["too_big", "no_vehicle", "too_far", "no_seats", "not_found"]


class _Until:
    """When to stop: after so many seconds or iterations; with ``first``, long before where no plan for all is found."""

    def __init__(
        self,
        seconds: float,
        iterations: int | None,
        model: Model,
        progress: Progress | None,
        began: float,
        *,
        first: bool,
    ) -> None:
        self.seconds, self.iterations, self.first = seconds, iterations, first
        self.model, self.progress, self.began = model, progress, began
        self.start, self.told, self.count = perf_counter(), 0.0, 0

    def __call__(self, best: int) -> bool:
        now, self.count = perf_counter(), self.count + 1
        found = best < 2**62
        if self.progress is not None and now - self.told >= 0.5:
            self.told = now
            self.progress(now - self.began, self.model.price(best) if found else None, None)
        share = 0.3 if self.first and not found else 1.0
        if self.iterations is not None:
            return self.count > self.iterations * share
        return now - self.start >= self.seconds * share


def plan(
    problem: RouteProblem,
    *,
    seconds: float = 30.0,
    seed: int = 0,
    progress: Progress | None = None,
    iterations: int | None = None,
) -> Answer[RoutePlan]:
    """The best plan found in ``seconds``, locked trips included as they are; its objective is its cost.

    With ``iterations`` it looks so often instead, and the same problem and seed give the same plan. Raises `EnginesMissing`.
    """
    solver("pyvrp")
    began = perf_counter()
    vehicles, groups = _rest(problem)
    able, unserved = _able(problem, vehicles, groups)
    search = _Search(problem, vehicles, able, seed, progress, began)
    routes = search.routes(seconds, iterations) if able else []
    trips, left = _trips(problem, routes, able)
    unserved += _behind(left, able, vehicles)
    answer = RoutePlan((*problem.locked, *trips), tuple(unserved))
    return Answer(answer, "feasible", answer.cost, None, perf_counter() - began)


def _rest(problem: RouteProblem) -> tuple[list[Vehicle], list[Group]]:
    """Vehicles and people that no locked trip takes."""
    taken: Counter[str] = Counter()
    for boarding in (one for trip in problem.locked for visit in trip.visits for one in visit.boards):
        taken[boarding.group] += boarding.people
    busy = {trip.vehicle for trip in problem.locked}
    groups = [replace(group, people=group.people - taken[group.id]) for group in problem.groups]
    return [one for one in problem.vehicles if one.id not in busy], [group for group in groups if group.people > 0]


def _able(
    problem: RouteProblem, vehicles: Sequence[Vehicle], groups: Sequence[Group]
) -> tuple[list[Group], list[Unserved]]:
    """Groups that some vehicle could take if it took nobody else, and the others with why none can."""
    able, unserved = [], []
    for group in groups:
        why = _why_not(problem, vehicles, group)
        if why is None:
            able.append(group)
        else:
            unserved.append(Unserved(group.id, group.people, why))
    return able, unserved


def _why_not(problem: RouteProblem, vehicles: Sequence[Vehicle], group: Group) -> Why | None:
    named = problem.assigned.get(group.id)
    some = [v for v in vehicles if v.plant in {None, group.plant} and named in {None, v.id} and v.seats > 0]
    if not some:
        return "no_vehicle"
    large = [vehicle for vehicle in some if group.may_split or vehicle.seats >= group.people]
    if not large:
        return "too_big"
    alone = [(group.stop, [Boarding(group.id, 1)])]
    alike = {replace(vehicle, id="", seats=0): vehicle for vehicle in large}
    return None if any(timed(problem, vehicle, group.plant, alone) for vehicle in alike.values()) else "too_far"


class _Search:
    """Asks PyVRP as often as needed."""

    def __init__(
        self,
        problem: RouteProblem,
        vehicles: Sequence[Vehicle],
        groups: Sequence[Group],
        seed: int,
        progress: Progress | None,
        began: float,
    ) -> None:
        self.problem, self.seed, self.progress, self.began = problem, seed, progress, began
        self.kinds = types(problem, vehicles, list(dict.fromkeys(group.plant for group in groups)))
        self.people = _by_plant(groups)
        self.units = units(groups, max((vehicle.seats for vehicle in vehicles), default=1) or 1)

    def routes(self, seconds: float, iterations: int | None) -> list[Route]:
        """Routes that keep the rules, each vehicle in one."""
        if not shared(self.kinds):
            return self._ask(seconds, iterations)
        quarter = iterations and max(1, iterations // 4)
        given = allotments(self.kinds, self._ask(seconds / 4, quarter), self.people, random.Random(self.seed))  # noqa: S311
        found: list[list[Route]] = []
        for self.kinds in given:
            found.append(self._ask(seconds / 4 / len(given), quarter))
        best = max(range(len(given)), key=lambda index: self._worth(found[index]))
        self.kinds = given[best]
        last = self._ask(seconds / 2, iterations and max(1, iterations // 2))
        return max(last, found[best], key=self._worth)

    def _worth(self, routes: Sequence[Route]) -> tuple[int, int]:
        trips, _ = _trips(self.problem, routes, ())
        return sum(trip.people for trip in trips), -sum(trip.cost for trip in trips)

    def _ask(self, seconds: float, iterations: int | None) -> list[Route]:
        start = perf_counter()
        seats = seats_by_plant(self.kinds)
        if all(seats[plant] >= count for plant, count in self.people.items()):
            routes = self._once(seconds, iterations, required=True)
            if routes is not None:
                return routes
        spent = perf_counter() - start
        return self._once(max(seconds - spent, 0.1), iterations, required=False) or []

    def _once(self, seconds: float, iterations: int | None, *, required: bool) -> list[Route] | None:
        model = Model(self.problem, self.units, self.kinds, required=required)
        until = _Until(seconds, iterations, model, self.progress, self.began, first=required)
        routes = model.ask(until, self.seed)
        if routes is not None and required and any(_barred(self.problem, route) for route in routes):
            return None
        return routes


def _barred(problem: RouteProblem, route: Route) -> bool:
    return any(
        unit.group.plant != route.type.plant or problem.assigned.get(unit.group.id) not in {None, route.type.vehicle.id}
        for unit in route.units
    )


def _trips(problem: RouteProblem, routes: Sequence[Route], groups: Sequence[Group]) -> tuple[list[Trip], list[Unit]]:
    """Trips with their times, and who isn't on one: of those that nobody may split, all or none."""
    trips: list[Trip] = []
    rode: Counter[str] = Counter()
    free = {kind.vehicles: list(kind.vehicles) for kind in {route.type for route in routes}}
    for route in sorted(routes, key=lambda one: -one.people):
        vehicles = free[route.type.vehicles]
        if not vehicles or _barred(problem, route) or route.people > route.type.vehicle.seats:
            continue
        one = timed(problem, vehicles[0], route.type.plant, route.boards)
        if one is not None:
            vehicles.pop(0)
            trips.append(one)
            for unit in route.units:
                rode[unit.group.id] += unit.people
    order = {vehicle.id: index for index, vehicle in enumerate(problem.vehicles)}
    trips.sort(key=lambda one: order[one.vehicle])
    left = [Unit(group, group.people - rode[group.id]) for group in groups if group.people > rode[group.id]]
    return trips, left


def _by_plant(groups: Sequence[Group]) -> Counter[str]:
    people: Counter[str] = Counter()
    for group in groups:
        people[group.plant] += group.people
    return people


def _behind(left: Sequence[Unit], groups: Sequence[Group], vehicles: Sequence[Vehicle]) -> list[Unserved]:
    """Who stays behind, for want of seats where the vehicles, or those that may go to the plant, have fewer than people wait."""
    people = _by_plant(groups)
    able = {plant: sum(one.seats for one in vehicles if one.plant in {None, plant}) for plant in people}
    none = sum(people.values()) > sum(vehicle.seats for vehicle in vehicles)
    return [
        Unserved(
            unit.group.id,
            unit.people,
            "no_seats" if none or people[unit.group.plant] > able[unit.group.plant] else "not_found",
        )
        for unit in left
    ]
