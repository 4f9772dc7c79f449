"""Test slots by CP-SAT: a problem in, a schedule out; where there is none, the proof, and the fewest further places that do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter

from fugong.core.planning.answer import Answer, Progress, Status
from fugong.core.planning.slots import Booked, SlotPlan, SlotProblem
from fugong.core.planning.slots_check import costs
from fugong.engines.cpsat import Ask, Found
from fugong.engines.slots_fill import booked, soonest, squeezed
from fugong.engines.slots_model import Model

_SMALL = 60_000
"""Up to so many choices each slot is told apart, where households need that."""


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
    model = Model(problem)
    answer = _answer(model, ask)
    if answer is None and model.choices <= _SMALL:
        answer = _answer(Model(problem, exact=True), ask)
    if answer is None:
        plan = _plan(problem, squeezed(model), model.never)
        return Answer(plan, "unknown", plan.places_short, 0, perf_counter() - ask.began)
    return answer


def _answer(model: Model, ask: Ask) -> Answer[SlotPlan] | None:
    """First as few further places as can be, then a good schedule, then the best; None where this model can't tell."""
    quiet = replace(ask, progress=None)
    best, fewest = soonest(model), Found(None, 0, 0, True)
    if best is None:
        plain = Model(model.problem, exact=model.exact, plain=True)
        plain.model.minimize(plain.further())
        fewest = plain.ask(quiet, 0.6)
        best = booked(plain, fewest, quiet) if fewest.values is not None else None
        if best is None:
            return None
    model.model.add(model.further() <= fewest.objective)
    found = fewest
    for costs_all in (False, True):
        model.model.minimize(model.cost(cohorts=costs_all))
        found = model.ask(ask if costs_all else quiet, 0.7 if costs_all else 0.3)
        at = booked(model, found, quiet) if found.values is not None else None
        if at is None and costs_all and found.proven and not model.exact and model.choices <= _SMALL:
            return None
        best = _cheaper(model, best, at)
        if found.values is not None:
            model.hint(found)
    return _told(model, best, fewest, found, ask)


def _cheaper(model: Model, one: dict[str, Booked], other: dict[str, Booked] | None) -> dict[str, Booked]:
    """The schedule that costs less, of two with as few further places as can be."""
    if other is None:
        return one
    return min(one, other, key=lambda at: costs(model.problem, _plan(model.problem, at, model.never)).total)


def _told(model: Model, at: Mapping[str, Booked], fewest: Found, last: Found | None, ask: Ask) -> Answer[SlotPlan]:
    plan = _plan(model.problem, at, model.never)
    took = perf_counter() - ask.began
    if plan.never or plan.without:
        status: Status = "impossible" if plan.never or fewest.bound > 0 else "unknown"
        return Answer(plan, status, plan.places_short, fewest.bound, took)
    total = costs(model.problem, plan).total
    if last is None or last.values is None:
        return Answer(plan, "feasible", total, None, took)
    bound = min(last.bound, total)
    return Answer(plan, "optimal" if bound == total else "feasible", total, bound, took)


def _plan(problem: SlotProblem, given: Mapping[str, Booked], never: tuple[str, ...]) -> SlotPlan:
    """The schedule, with those apart who come on further places: of a slot that takes too many, the smallest households."""
    coming = Counter(given.values())
    further = {
        at: people - problem.slot[at].capacity for at, people in coming.items() if people > problem.slot[at].capacity
    }
    without: dict[str, Booked] = {}
    for at in further:
        parties: dict[str, list[str]] = defaultdict(list)
        for name, when in given.items():
            if when == at:
                parties[problem.person[name].household or f" {name}"].append(name)
        left = problem.slot[at].capacity
        for people in sorted(parties.values(), key=lambda people: -len(people)):
            if len(people) <= left:
                left -= len(people)
            else:
                without.update(dict.fromkeys(people, at))
    order = [person.id for person in problem.people if person.id in given]
    return SlotPlan({name: given[name] for name in order if name not in without}, without, further, never)
