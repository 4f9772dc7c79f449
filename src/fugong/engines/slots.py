"""Test slots by CP-SAT: a problem in, a schedule out; where there is none, the proof, and the fewest further places that do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from fugong.core.planning.answer import Answer, Progress, Status
from fugong.core.planning.slots import Booked, Person, SlotPlan, SlotProblem
from fugong.core.planning.slots_check import costs
from fugong.engines import solver
from fugong.engines.cpsat import Ask, Found, solve
from fugong.engines.slots_model import Model


@dataclass(frozen=True, slots=True)
class _Wish:
    """A unit at a site, and the first and the last slot that would do."""

    people: tuple[Person, ...]
    first: int
    last: int


def plan(
    problem: SlotProblem,
    *,
    seconds: float = 10.0,
    seed: int = 0,
    progress: Progress | None = None,
    workers: int = 1,
) -> Answer[SlotPlan]:
    """The best schedule found in ``seconds``; its objective is what it costs (`slots_check.costs`).

    ``impossible``: it is proven that not all can come in time; the objective and the bound are the number of further places (0
    where all that is wrong is that some can ``never`` come). ``unknown``: there was no time. Raises `EnginesMissing`.
    """
    ask = Ask(perf_counter(), perf_counter() + seconds, workers, seed, progress)
    for exact in (False, True):
        answer = _answer(problem, ask, exact=exact)
        if answer is not None:
            return answer
    return Answer(None, "unknown", seconds=perf_counter() - ask.began)


def _answer(problem: SlotProblem, ask: Ask, *, exact: bool) -> Answer[SlotPlan] | None:
    """First as few further places as can be, then a good schedule, then the best; None where that can't be told by this model."""
    model = Model(problem, exact=exact)
    quiet = replace(ask, progress=None)
    model.model.minimize(model.further())
    fewest = model.ask(quiet, 0.5)
    if fewest.values is None:
        return None
    booked = _booked(model, fewest, quiet)
    if booked is None:
        return None
    best, last = booked, fewest
    model.model.add(model.further() <= fewest.objective)
    for cohorts in (False, True):
        model.hint(last)
        model.model.minimize(model.cost(cohorts=cohorts))
        found = model.ask(ask if cohorts else quiet, 0.6 if cohorts else 0.4)
        if found.values is None:
            break
        booked = _booked(model, found, quiet)
        if booked is None and cohorts and not exact and found.proven:
            return None
        best, last = booked or best, found
    proven = bool(last.proven and booked is not None and cohorts and found.values is not None)
    return _told(problem, model, best, fewest, last if found.values is not None and cohorts else None, proven, ask)


def _told(
    problem: SlotProblem,
    model: Model,
    booked: Mapping[str, Booked],
    fewest: Found,
    last: Found | None,
    proven: bool,
    ask: Ask,
) -> Answer[SlotPlan]:
    plan = _plan(problem, booked, model.never)
    took = perf_counter() - ask.began
    if plan.never or plan.without:
        known = bool(plan.never) or fewest.bound > 0
        status: Status = "impossible" if known else "unknown"
        return Answer(plan, status, plan.places_short, fewest.bound, took)
    total = costs(problem, plan).total
    bound = min(last.bound, total) if last is not None else None
    return Answer(plan, "optimal" if proven and bound == total else "feasible", total, bound, took)


def _booked(model: Model, found: Found, ask: Ask) -> dict[str, Booked] | None:
    """Who comes when, further places included; None where households don't fit although there are enough places."""
    at: dict[str, list[_Wish]] = defaultdict(list)
    for kind, chosen in zip(model.kinds, model.chosen, strict=True):
        left = iter(kind.units)
        for option, count in zip(kind.options, chosen, strict=True):
            at[option.site] += [_Wish(next(left), option.first, option.last) for _ in range(found[count])]
    booked: dict[str, Booked] = {}
    for site, wishes in at.items():
        slots = model.times.slots[site]
        room = [cap + found[more] for cap, more in zip(model.times.capacities(site), model.more[site], strict=True)]
        numbers = _in_turn(wishes, room)
        if numbers is None:
            numbers = _packed(wishes, room, ask)
        if numbers is None:
            return None
        for wish, number in zip(wishes, numbers, strict=True):
            booked.update({person.id: slots[number] for person in wish.people})
    return booked


def _in_turn(wishes: Sequence[_Wish], room: Sequence[int]) -> list[int] | None:
    """Slot by slot who must come soonest, large households first: where all come alone, this finds a way if there is one."""
    numbers: list[int | None] = [None] * len(wishes)
    order = sorted(range(len(wishes)), key=lambda w: (wishes[w].last, -len(wishes[w].people)))
    for number, places in enumerate(room):
        left = places
        for w in order:
            if (
                left
                and numbers[w] is None
                and wishes[w].first <= number <= wishes[w].last
                and len(wishes[w].people) <= left
            ):
                numbers[w], left = number, left - len(wishes[w].people)
        order = [w for w in order if numbers[w] is None]
    done = [number for number in numbers if number is not None]
    return done if len(done) == len(wishes) else None


def _packed(wishes: Sequence[_Wish], room: Sequence[int], ask: Ask) -> list[int] | None:
    """The same for households that are to be packed with care, by CP-SAT."""
    model = solver("ortools.sat.python.cp_model").CpModel()
    into = {(w, n): model.new_bool_var("") for w, wish in enumerate(wishes) for n in range(wish.first, wish.last + 1)}
    for w, wish in enumerate(wishes):
        model.add_exactly_one([into[w, n] for n in range(wish.first, wish.last + 1)])
    for n, places in enumerate(room):
        model.add(sum(there * len(wishes[w].people) for (w, m), there in into.items() if m == n) <= places)
    found = solve(model, ask, seconds=ask.left(0.3))
    if found.values is None:
        return None
    return [next(n for n in range(wish.first, wish.last + 1) if found[into[w, n]]) for w, wish in enumerate(wishes)]


def _plan(problem: SlotProblem, booked: Mapping[str, Booked], never: tuple[str, ...]) -> SlotPlan:
    """The schedule, with those apart who come on further places: of a slot that takes too many, the smallest households."""
    coming = Counter(booked.values())
    further = {
        at: people - problem.slot[at].capacity for at, people in coming.items() if people > problem.slot[at].capacity
    }
    without: dict[str, Booked] = {}
    for at in further:
        parties: dict[str, list[str]] = defaultdict(list)
        for name, when in booked.items():
            if when == at:
                parties[problem.person[name].household or f" {name}"].append(name)
        left = problem.slot[at].capacity
        for people in sorted(parties.values(), key=lambda people: -len(people)):
            if len(people) <= left:
                left -= len(people)
            else:
                without.update(dict.fromkeys(people, at))
    order = [person.id for person in problem.people if person.id in booked]
    return SlotPlan({name: booked[name] for name in order if name not in without}, without, further, never)
