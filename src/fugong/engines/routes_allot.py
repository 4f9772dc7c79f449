"""Vehicles that may serve any of several plants: which one each serves. PyVRP can't ask that, so several answers are tried."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations_with_replacement, product
from math import comb, prod

from fugong.core.planning.routes import Vehicle
from fugong.engines.routes_model import Route, Type

MOST = 12
"""So many answers are tried; where there are no more than that, all of them."""

Plants = tuple[str, ...]
"""The plant of each vehicle of some that are alike."""


def shared(kinds: Iterable[Type]) -> bool:
    """Whether a vehicle stands in more than one type."""
    return any(count > 1 for count in Counter(vehicle.id for kind in kinds for vehicle in kind.vehicles).values())


def allotments(
    kinds: Sequence[Type], routes: Sequence[Route], people: Mapping[str, int], rng: random.Random
) -> list[list[Type]]:
    """Ways to give each vehicle one plant: as ``routes`` use them, a plan in which one may have been used for several; as the
    ``people`` of each plant need seats; and some that differ from these by chance.
    """
    of: dict[tuple[Vehicle, ...], list[str]] = defaultdict(list)
    for kind in kinds:
        of[kind.vehicles].append(kind.plant)
    if prod(comb(len(vehicles) + len(plants) - 1, len(vehicles)) for vehicles, plants in of.items()) <= MOST:
        every = product(*(combinations_with_replacement(plants, len(vehicles)) for vehicles, plants in of.items()))
        return [_types(list(of), chosen) for chosen in every]
    first = [_as_used(vehicles, plants, routes) for vehicles, plants in of.items()]
    tried = {tuple(first), tuple(_as_needed(of, people))}
    for _ in range(10 * MOST):
        if len(tried) == MOST:
            break
        changed = list(rng.choice(sorted(tried)))
        which = rng.randrange(len(changed))
        one = list(changed[which])
        one[rng.randrange(len(one))] = rng.choice(list(of.values())[which])
        changed[which] = tuple(sorted(one))
        tried.add(tuple(changed))
    return [_types(list(of), chosen) for chosen in sorted(tried)]


def _as_used(vehicles: tuple[Vehicle, ...], plants: Sequence[str], routes: Sequence[Route]) -> Plants:
    """As the routes use them, the fullest first; who isn't used goes in turn where most people are."""
    people: Counter[str] = Counter()
    for route in routes:
        people[route.type.plant] += route.people
    used = sorted((route for route in routes if route.type.vehicles == vehicles), key=lambda route: -route.people)
    given = [route.type.plant for route in used][: len(vehicles)]
    order = sorted(plants, key=lambda plant: (-people[plant], plant))
    return tuple(sorted([*given, *(order[index % len(order)] for index in range(len(vehicles) - len(given)))]))


def _as_needed(of: Mapping[tuple[Vehicle, ...], Sequence[str]], people: Mapping[str, int]) -> list[Plants]:
    """To the plant that lacks most seats a vehicle that has enough and no more than it must, or else the largest."""
    lacks = dict(people)
    given: dict[tuple[Vehicle, ...], list[str]] = {vehicles: [] for vehicles in of}
    while True:
        free = [vehicles for vehicles in of if len(given[vehicles]) < len(vehicles)]
        if not free:
            return [tuple(sorted(given[vehicles])) for vehicles in of]
        able = {plant for vehicles in free for plant in of[vehicles]}
        plant = max(sorted(able), key=lambda plant: lacks.get(plant, 0))
        some = [vehicles for vehicles in free if plant in of[vehicles]]
        enough = [vehicles for vehicles in some if vehicles[0].seats >= lacks.get(plant, 0)]
        one = min(enough or some, key=lambda vehicles: vehicles[0].seats if enough else -vehicles[0].seats)
        given[one].append(plant)
        lacks[plant] = lacks.get(plant, 0) - one[0].seats


def _types(alike: Sequence[tuple[Vehicle, ...]], chosen: Sequence[Plants]) -> list[Type]:
    found = []
    for vehicles, plants in zip(alike, chosen, strict=True):
        left = iter(vehicles)
        for plant, count in sorted(Counter(plants).items()):
            found.append(Type(tuple(next(left) for _ in range(count)), plant, count))
    return found
