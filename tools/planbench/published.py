"""Published instances of capacitated routing as problems of bus routes.

The depot is both where the vehicles start and the plant where they end; a customer's demand is a group that rides together;
distances are Euclidean, rounded to whole numbers, as CVRPLIB says (EUC_2D). Coordinates, demands, best-known costs and routes
are facts from the sources that each file names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any

from fugong.core.planning.routes import (
    Boarding,
    Depot,
    Group,
    Plant,
    RoutePlan,
    RouteProblem,
    Stop,
    Trip,
    Vehicle,
    Visit,
)
from fugong.core.planning.travel import Table

INSTANCES = Path(__file__).with_name("instances")
SPARE = 3
"""So many vehicles more than the demand needs at least, or than the published routes use: CVRPLIB doesn't limit them."""


@dataclass(frozen=True)
class Published:
    """An instance: the problem, the best-known cost, and a published plan of that cost where there is one."""

    name: str
    problem: RouteProblem
    best_known: int
    plan: RoutePlan | None


def load(name: str) -> Published:
    """The instance of that name."""
    raw = json.loads((INSTANCES / f"{name}.json").read_text(encoding="utf-8"))
    points = raw["points"]
    needed = -(-sum(point[2] for point in points) // raw["capacity"])
    count = max(needed, len(raw["routes"])) + SPARE
    ids = ("plant", *(str(index) for index in range(1, len(points))), "depot")
    places = [*points, points[0]]
    metres = [[int(hypot(a[0] - b[0], a[1] - b[1]) + 0.5) for b in places] for a in places]
    problem = RouteProblem(
        depots=(Depot("depot", (0, 0)),),
        stops=tuple(Stop(name, (0, 0)) for name in ids[1:-1]),
        plants=(Plant("plant", (0, 0)),),
        vehicles=tuple(Vehicle(f"vehicle {n}", raw["capacity"], "depot", per_metre=1) for n in range(count)),
        groups=tuple(Group(f"group {n}", str(n), "plant", points[n][2]) for n in range(1, len(points))),
        travel=Table(ids, metres, [[0] * len(ids) for _ in ids]),
    )
    return Published(raw["name"], problem, raw["best_known"], _plan(problem, raw["routes"]) if raw["routes"] else None)


def names() -> list[str]:
    """The instances that there are."""
    return sorted(path.stem for path in INSTANCES.glob("*.json"))


def _plan(problem: RouteProblem, routes: list[list[int]]) -> RoutePlan:
    return RoutePlan(tuple(_trip(problem, f"vehicle {n}", route) for n, route in enumerate(routes)))


def _trip(problem: RouteProblem, vehicle: str, route: list[int]) -> Trip:
    points = ["depot", *map(str, route), "plant"]
    metres = sum(problem.way.leg(start, end)[0] for start, end in pairwise(points))
    visits: list[Any] = [
        Visit(str(n), 0, 0, 0, (Boarding(f"group {n}", problem.group[f"group {n}"].people),)) for n in route
    ]
    return Trip(vehicle, "plant", 0, tuple(visits), 0, metres, 0, metres)
