"""Who comes when: from how many go to which site to a slot for each, and a first schedule by who must come soonest."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fugong.core.planning.slots import Booked, Person
from fugong.engines import solver
from fugong.engines.cpsat import Ask, Found, solve
from fugong.engines.slots_model import Model


@dataclass(frozen=True, slots=True)
class _Wish:
    """A unit at a site, and the first and the last slot that would do."""

    people: tuple[Person, ...]
    first: int
    last: int


def soonest(model: Model) -> dict[str, Booked] | None:
    """Whoever has a slot keeps it, and slot by slot comes who must come soonest; None where that doesn't find a place for all."""
    left = {at: slot.capacity for at, slot in model.problem.slot.items()}
    booked: dict[str, Booked] = {}
    coming: list[_Waiting] = []
    for people in (unit for kind in model.kinds for unit in kind.units):
        own = people[0].present
        if own is not None and _keep(model, people, own) and left[own] >= len(people):
            booked.update(dict.fromkeys((person.id for person in people), own))
            left[own] -= len(people)
        elif all(person.movable for person in people):
            last = min(person.deadline for person in people) - model.problem.slot_seconds
            coming.append((last, -len(people), max(person.earliest for person in people), people))
        else:
            return None
    coming.sort(key=lambda one: -one[2])
    waiting: list[_Waiting] = []
    for at in sorted(left, key=lambda at: (at.start, at.site)):
        while coming and coming[-1][2] <= at.start:
            insort(waiting, coming.pop(), key=lambda one: one[:2])
        if waiting and waiting[0][0] < at.start:
            return None
        for one in _next(waiting, left[at]):
            waiting.remove(one)
            booked.update(dict.fromkeys((person.id for person in one[3]), at))
    return None if waiting or coming else booked


_Waiting = tuple[int, int, int, tuple[Person, ...]]
"""The last moment at which a unit can begin, its people (below 0), the first moment, and who it is."""


def _keep(model: Model, people: Sequence[Person], own: Booked) -> bool:
    return own in model.problem.slot and all(
        person.present == own and model.problem.fits(person, own) for person in people
    )


def _next(waiting: Sequence[_Waiting], places: int) -> list[_Waiting]:
    """Who of those that wait, in their order, fits into so many places."""
    some = []
    for one in waiting:
        if places == 0:
            break
        if -one[1] <= places:
            some.append(one)
            places += one[1]
    return some


def _last(people: tuple[Person, ...]) -> tuple[int, int]:
    return min(person.deadline for person in people), -len(people)


def booked(model: Model, found: Found, ask: Ask) -> dict[str, Booked] | None:
    """A slot for each, further places included; None where households don't fit although there are enough places."""
    wishes: dict[str, list[_Wish]] = defaultdict(list)
    for kind, chosen in zip(model.kinds, model.chosen, strict=True):
        left = iter(kind.units)
        for option, count in zip(kind.options, chosen, strict=True):
            wishes[option.site] += [_Wish(next(left), option.first, option.last) for _ in range(found[count])]
    at: dict[str, Booked] = {}
    for site, some in wishes.items():
        slots = model.times.slots[site]
        room = [cap + found[more] for cap, more in zip(model.times.capacities(site), model.more[site], strict=True)]
        numbers = _in_turn(some, room)
        if numbers is None:
            numbers = _packed(some, room, ask)
        if numbers is None:
            return None
        for wish, number in zip(some, numbers, strict=True):
            at.update({person.id: slots[number] for person in wish.people})
    return at


def _in_turn(wishes: Sequence[_Wish], room: Sequence[int]) -> list[int] | None:
    """Slot by slot who must come soonest, large households first: where all come alone, this finds a way if there is one."""
    numbers: list[int | None] = [None] * len(wishes)
    order = sorted(range(len(wishes)), key=lambda w: (wishes[w].last, -len(wishes[w].people)))
    for number, places in enumerate(room):
        left = places
        for w in order:
            wish = wishes[w]
            if left and numbers[w] is None and wish.first <= number <= wish.last and len(wish.people) <= left:
                numbers[w], left = number, left - len(wish.people)
        order = [w for w in order if numbers[w] is None]
    done = [number for number in numbers if number is not None]
    return done if len(done) == len(wishes) else None


def _packed(wishes: Sequence[_Wish], room: Sequence[int], ask: Ask) -> list[int] | None:
    """The same for households that are to be packed with care, by CP-SAT."""
    model = solver("ortools.sat.python.cp_model").CpModel()
    into = {(w, n): model.new_bool_var("") for w, wish in enumerate(wishes) for n in range(wish.first, wish.last + 1)}
    inside: dict[int, list[Any]] = defaultdict(list)
    for (w, n), there in into.items():
        inside[n].append(there * len(wishes[w].people))
    for w, wish in enumerate(wishes):
        model.add_exactly_one([into[w, n] for n in range(wish.first, wish.last + 1)])
    for n, places in enumerate(room):
        model.add(sum(inside[n]) <= places)
    found = solve(model, ask, seconds=ask.left(0.3))
    if found.values is None:
        return None
    return [next(n for n in range(wish.first, wish.last + 1) if found[into[w, n]]) for w, wish in enumerate(wishes)]


def squeezed(model: Model) -> dict[str, Booked]:
    """A slot for each whatever it takes: where there is most room left, or else where it is exceeded least. For want of time."""
    coming: Counter[Booked] = Counter()
    at: dict[str, Booked] = {}
    for people in sorted((unit for kind in model.kinds for unit in kind.units), key=_last):
        some = [slots[n] for site, slots in model.times.slots.items() for n in model.times.suit(people, site)]
        best = max(some, key=lambda one: (model.problem.slot[one].capacity - coming[one], -one.start))
        coming[best] += len(people)
        at.update(dict.fromkeys((person.id for person in people), best))
    return at
