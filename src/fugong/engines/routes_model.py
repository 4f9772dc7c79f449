"""What PyVRP is told of a problem of bus routes, and how its answer is read.

A vehicle that may serve several plants is one type of vehicle for each, so many of which may be used; who may not ride with
whom (another plant, put into another vehicle by hand) is at a place that is too far away in that type's table of distances.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd
from typing import Any

import numpy as np

from fugong.core.planning.routes import Boarding, Group, RouteProblem, Vehicle
from fugong.core.planning.travel import GreatCircle
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.engines import solver

_FAR = 30 * 86_400
"""Seconds before the first window at which the model's time starts, where nothing says when vehicles may leave."""
_FOREVER = 2 * _FAR
_WORST = 10**9
"""Costs are scaled so that no trip's is above this: penalties stay within 64 bits."""


@dataclass(frozen=True, slots=True)
class Unit:
    """So many people of a group who ride together."""

    group: Group
    people: int


@dataclass(frozen=True, slots=True)
class Type:
    """Vehicles that are alike, on the way to one plant: at most ``available`` of ``vehicles`` may be."""

    vehicles: tuple[Vehicle, ...]
    plant: str
    available: int

    @property
    def vehicle(self) -> Vehicle:
        return self.vehicles[0]


@dataclass(frozen=True, slots=True)
class Route:
    """An order of units for one vehicle of a type."""

    type: Type
    units: tuple[Unit, ...]

    @property
    def people(self) -> int:
        return sum(unit.people for unit in self.units)

    @property
    def boards(self) -> list[tuple[str, list[Boarding]]]:
        """Stops in order with who boards there; what follows at one stop is one visit."""
        found: list[tuple[str, list[Boarding]]] = []
        for unit in self.units:
            if not found or found[-1][0] != unit.group.stop:
                found.append((unit.group.stop, []))
            aboard = found[-1][1]
            if aboard and aboard[-1].group == unit.group.id:
                aboard[-1] = Boarding(unit.group.id, aboard[-1].people + unit.people)
            else:
                aboard.append(Boarding(unit.group.id, unit.people))
        return [(stop, _merged(aboard)) for stop, aboard in found]


def _merged(boards: Sequence[Boarding]) -> list[Boarding]:
    people: Counter[str] = Counter()
    for one in boards:
        people[one.group] += one.people
    return [Boarding(group, count) for group, count in people.items()]


def units(groups: Sequence[Group], most: int) -> list[Unit]:
    """Groups as what rides together; one that may be split in 1, 2, 4, …, so that any two vehicles can share it in any way."""
    found = []
    for group in groups:
        left, size = group.people, 1
        while group.may_split and left > size and size <= most:
            found.append(Unit(group, size))
            left, size = left - size, size * 2
        while group.may_split and left > most:
            found.append(Unit(group, most))
            left -= most
        found.append(Unit(group, left))
    return found


def types(problem: RouteProblem, vehicles: Sequence[Vehicle], plants: Sequence[str]) -> list[Type]:
    """Vehicles that are alike together, once for every plant that they may serve; whoever has people of their own is alone."""
    named = set(problem.assigned.values())
    alike: dict[Any, list[Vehicle]] = defaultdict(list)
    for vehicle in vehicles:
        alike[replace(vehicle, id=vehicle.id if vehicle.id in named else "")].append(vehicle)
    return [
        Type(tuple(same), plant, len(same))
        for same in alike.values()
        for plant in plants
        if same[0].plant in {None, plant} and same[0].seats > 0
    ]


class Model:
    """One question to PyVRP: these units, these types; with ``required`` nobody may stay behind."""

    def __init__(self, problem: RouteProblem, some: Sequence[Unit], kinds: Sequence[Type], *, required: bool) -> None:
        self.problem, self.units, self.types, self.required = problem, some, kinds, required

    def _key(self, unit: Unit) -> tuple[str, str, str | None]:
        return unit.group.stop, unit.group.plant, self.problem.assigned.get(unit.group.id)

    @cached_property
    def _keys(self) -> list[tuple[str, str, str | None]]:
        return list(dict.fromkeys(self._key(unit) for unit in self.units))

    @cached_property
    def _ends(self) -> list[str]:
        """Depots and plants, which come before the stops."""
        return list(dict.fromkeys([*(kind.vehicle.depot for kind in self.types), *(kind.plant for kind in self.types)]))

    @cached_property
    def _legs(self) -> tuple[Any, Any]:
        """Metres and seconds between all points, breaks and the boarding at the end of the leg included."""
        points = [*self._ends, *(key[0] for key in self._keys)]
        unique = list(dict.fromkeys(points))
        metres, seconds = np.zeros((2, len(unique), len(unique)), dtype=np.int64)
        for row, start in enumerate(unique):
            for column, end in enumerate(unique):
                if start != end:
                    far, driving = self.problem.way.leg(start, end)
                    stop = self.problem.stop.get(end)
                    metres[row, column] = far
                    seconds[row, column] = (
                        driving + self.problem.breaks.on(driving) + (stop.service_seconds if stop else 0)
                    )
        at = [unique.index(point) for point in points]
        return metres[np.ix_(at, at)], seconds[np.ix_(at, at)]

    @cached_property
    def _start(self) -> int:
        """The moment that is second 0 of the model."""
        plants = [self.problem.plant[kind.plant] for kind in self.types]
        moments = [kind.vehicle.shift_start for kind in self.types] + [plant.opens for plant in plants]
        moments += [self.problem.stop[key[0]].opens for key in self._keys]
        moments += [self.problem.stop[key[0]].closes for key in self._keys] + [plant.closes for plant in plants]
        moments += [kind.vehicle.shift_end for kind in self.types]
        known = [moment for moment in moments if MINUS_INF < moment < PLUS_INF]
        return min(known) - _FAR if known else 0

    def _clock(self, moment: int) -> int:
        return min(max(moment - self._start, 0), _FOREVER * 6)

    @cached_property
    def _scale(self) -> int:
        """What one unit of cost is: exact where that is within bounds."""
        prices = {
            price
            for kind in self.types
            for price in (kind.vehicle.fixed_cost, kind.vehicle.per_metre, kind.vehicle.per_second)
        }
        return max(gcd(*prices) or 1, -(-self._worst // _WORST))

    @cached_property
    def _worst(self) -> int:
        """More than a vehicle costs that goes out for one unit only."""
        metres, seconds = self._legs
        most = (2 * int(metres.max(initial=0)), 2 * int(seconds.max(initial=0)))
        return max(
            kind.vehicle.fixed_cost + kind.vehicle.per_metre * most[0] + kind.vehicle.per_second * most[1]
            for kind in self.types
        )

    @property
    def _prize(self) -> int:
        return 10 * (-(-self._worst // self._scale) + 1)

    def _table(self, kind: Type) -> Any:
        """Costs of the way for a type of vehicle: its metres' price, and too much where it may not go."""
        metres, _ = self._legs
        price = kind.vehicle.per_metre
        costs = metres * price // self._scale if price * int(metres.max(initial=0)) < 2**62 else metres
        barred = [
            len(self._ends) + index
            for index, (_, plant, vehicle) in enumerate(self._keys)
            if plant != kind.plant or vehicle not in {None, kind.vehicle.id}
        ]
        costs[:, barred] = costs[barred, :] = 100 * self._prize
        np.fill_diagonal(costs, 0)
        return costs

    def _limits(self, kind: Type) -> dict[str, int]:
        """The drivers' hours: by the way where that says how long it takes, else by all the time on the road."""
        most, way = kind.vehicle.driving_seconds, self.problem.way
        if most is None:
            return {}
        if isinstance(way, GreatCircle) and kind.vehicle.per_metre:
            metres = int(max(0, most - 30) / 3.6 * way.kilometres_an_hour)
            return {"max_distance": metres * kind.vehicle.per_metre // self._scale}
        return {"shift_duration": most + self.problem.breaks.on(most)}

    def _vehicle_type(self, pyvrp: Any, kind: Type, profile: int) -> Any:
        vehicle = kind.vehicle
        return pyvrp.VehicleType(
            num_available=kind.available,
            capacity=[vehicle.seats],
            start_depot=self._ends.index(vehicle.depot),
            end_depot=self._ends.index(kind.plant),
            fixed_cost=vehicle.fixed_cost // self._scale,
            tw_early=self._clock(vehicle.shift_start),
            tw_late=self._clock(vehicle.shift_end),
            unit_distance_cost=1,
            unit_duration_cost=vehicle.per_second // self._scale,
            profile=profile,
            **self._limits(kind),
        )

    def _client(self, pyvrp: Any, unit: Unit) -> Any:
        stop = self.problem.stop[unit.group.stop]
        return pyvrp.Client(
            location=len(self._ends) + self._keys.index(self._key(unit)),
            pickup=[unit.people],
            tw_early=self._clock(stop.opens + stop.service_seconds),
            tw_late=self._clock(stop.closes + stop.service_seconds),
            prize=0 if self.required else unit.people * self._prize,
            required=self.required,
        )

    def _depot(self, pyvrp: Any, index: int, point: str) -> Any:
        plant = self.problem.plant.get(point)
        if plant is None:
            return pyvrp.Depot(location=index)
        return pyvrp.Depot(location=index, tw_early=self._clock(plant.opens), tw_late=self._clock(plant.closes))

    def data(self) -> Any:
        """The question as PyVRP's own data."""
        pyvrp = solver("pyvrp")
        tables: dict[Any, int] = {}
        distances: list[Any] = []
        for kind in self.types:
            table = self._table(kind)
            if table.tobytes() not in tables:
                tables[table.tobytes()] = len(distances)
                distances.append(table)
        profiles = [tables[self._table(kind).tobytes()] for kind in self.types]
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in (*self._ends, *self._keys)],
            clients=[self._client(pyvrp, unit) for unit in self.units],
            depots=[self._depot(pyvrp, index, point) for index, point in enumerate(self._ends)],
            vehicle_types=[
                self._vehicle_type(pyvrp, kind, profile) for kind, profile in zip(self.types, profiles, strict=True)
            ],
            distance_matrices=distances,
            duration_matrices=[self._legs[1] for _ in distances],
        )

    def ask(self, stop: Any, seed: int) -> list[Route] | None:
        """The best routes found until ``stop`` says so; None where none keeps all rules."""
        pyvrp = solver("pyvrp")
        # Where people may stay behind, one too many aboard must cost more than leaving them.
        highest = 100_000.0 if self.required else 2.0 * self._prize
        highest = max(highest, float(-(-self._worst // self._scale)))
        every = 500 if self.required else 100
        penalty = pyvrp.PenaltyParams(max_penalty=highest, solutions_between_updates=every)
        parameters = pyvrp.SolveParams(penalty=penalty)
        best = pyvrp.solve(self.data(), stop, seed=seed, collect_stats=False, params=parameters).best
        if not best.is_feasible():
            return None
        return [
            Route(self.types[route.vehicle_type()], tuple(self.units[one.idx] for one in route if one.is_client()))
            for route in best.routes()
        ]

    def price(self, cost: int) -> int:
        """A cost of PyVRP's in the problem's money."""
        return cost * self._scale


def seats_by_plant(kinds: Sequence[Type]) -> Mapping[str, int]:
    """How many seats may go to each plant at most."""
    seats: Counter[str] = Counter()
    for kind in kinds:
        seats[kind.plant] += kind.available * kind.vehicle.seats
    return seats
