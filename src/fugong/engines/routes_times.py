"""When a vehicle is where: a trip that takes as little time as its windows let it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from fugong.core.planning.routes import Boarding, RouteProblem, Trip, Vehicle, Visit
from fugong.core.time import MINUS_INF, PLUS_INF

_SURELY = 400 * 86_400
"""Nearer than this to an end of time, a moment is no moment: nothing bounded it."""


def trip(
    problem: RouteProblem, vehicle: Vehicle, plant: str, boards: Sequence[tuple[str, Sequence[Boarding]]]
) -> Trip | None:
    """The trip that calls at these stops in this order, leaving as late as it can without arriving later; None if it can't.

    ``boards``: stops with who boards there. Where no window says when, it leaves at second 0.
    """
    stops = [problem.stop[stop] for stop, _ in boards]
    points = [vehicle.depot, *(stop.id for stop in stops), plant]
    legs = [problem.way.leg(start, end) for start, end in pairwise(points)]
    takes = [driving + problem.breaks.on(driving) for _, driving in legs]
    driving = sum(leg[1] for leg in legs)
    if vehicle.driving_seconds is not None and driving > vehicle.driving_seconds:
        return None
    end = problem.plant[plant]
    windows = [(stop.opens, stop.closes, stop.service_seconds) for stop in stops] + [
        (end.opens, min(end.closes, vehicle.shift_end), 0)
    ]
    begins = _begins(windows, takes, vehicle.shift_start)
    if begins is None:
        return None
    departs = max(vehicle.shift_start, begins[0] - takes[0])
    visits, left = [], departs
    for (stop, who), begin, way in zip(boards, begins, takes, strict=False):
        leaves = begin + problem.stop[stop].service_seconds
        visits.append(Visit(stop, left + way, begin, leaves, tuple(who)))
        left = leaves
    metres = sum(leg[0] for leg in legs)
    cost = vehicle.fixed_cost + vehicle.per_metre * metres + vehicle.per_second * (begins[-1] - departs)
    return Trip(vehicle.id, plant, departs, tuple(visits), begins[-1], metres, driving, cost)


def _begins(windows: Sequence[tuple[int, int, int]], takes: Sequence[int], start: int) -> list[int] | None:
    """When each point is begun: all is over as early as can be, and everything before it as late as can be."""
    at = start
    for (opens, closes, service), way in zip(windows, takes, strict=True):
        begin = max(at + way, opens)
        if begin > closes:
            return None
        at = begin + service
    over = at
    if over < MINUS_INF + _SURELY:  # nothing says from when: as late as the ends of the windows say, or at second 0
        latest = _latest(windows, takes, PLUS_INF)
        over = latest[-1] if latest[-1] < PLUS_INF - _SURELY else sum(takes) + sum(one[2] for one in windows)
    return _latest(windows, takes, over)


def _latest(windows: Sequence[tuple[int, int, int]], takes: Sequence[int], over: int) -> list[int]:
    begins, at = [0] * len(windows), over
    for index in reversed(range(len(windows))):
        _, closes, service = windows[index]
        begins[index] = min(closes, at - service)
        at = begins[index] - takes[index]
    return begins
