"""Rooms of observation sites by CP-SAT: a problem in, a plan out, proven the best where time allows.

Whoever has a room keeps it if that can be: as a move costs more than everything else, a plan that moves nobody but those who
must is the best of all. Where there is no plan for all, the fewest further rooms are found, then those needed for the shortest
time, then the least cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import replace
from time import perf_counter

from fugong.core.planning.answer import Answer, Progress, Status
from fugong.core.planning.rooms import RoomPlan, RoomProblem, Stay
from fugong.core.planning.rooms_check import costs, further
from fugong.core.time import MINUS_INF
from fugong.engines.cpsat import Ask, Found
from fugong.engines.rooms_beds import meet, placed
from fugong.engines.rooms_model import Model, holds


def plan(
    problem: RoomProblem,
    *,
    seconds: float = 30.0,
    seed: int = 0,
    progress: Progress | None = None,
    workers: int = 1,
) -> Answer[RoomPlan]:
    """The best plan found in ``seconds``; its objective is what it costs (`rooms_check.costs`).

    ``impossible``: it is proven that not all can have a room; the objective and the bound are the number of further rooms.
    ``unknown``: there was no time to place anybody. Raises `EnginesMissing`.
    """
    ask = Ask(perf_counter(), perf_counter() + seconds, workers, seed, progress)
    held, least = _must_move(problem)
    answers: list[Answer[RoomPlan] | bool] = []
    for some in _nearby(problem, held, ask):
        answers.append(_best(problem, ask, 0.4, held=some))
        if _moves(problem, answers[-1]) == least:
            return _of(answers)
        if answers[-1] is not False and answers[-1] is not True:
            break
    bound = least * problem.move_cost
    kept, first = _fewest_moves(problem, ask)
    if first is True:
        return _short(problem, ask, impossible=True)
    answers.append(first)
    if isinstance(first, Answer):
        bound = max(bound, first.bound or 0)
        if kept and not any(_moves(problem, answer) == _moves(problem, first) for answer in answers[:-1]):
            answers.append(_best(problem, ask, 0.5, held=kept, start=first.plan))
    best = _of(answers) if any(isinstance(answer, Answer) for answer in answers) else None
    last = _best(problem, ask, 0.8, start=best.plan if best else None)
    answers.append(last)
    if any(isinstance(answer, Answer) for answer in answers):
        return _of(answers, max(bound, last.bound or 0) if isinstance(last, Answer) else bound)
    return _short(problem, ask, impossible=last is True)


def _nearby(problem: RoomProblem, held: Set[str], ask: Ask) -> Iterator[Set[str]]:
    """Who is to keep the room that they have: first all who can, then without those in whose room somebody fits who finds none.

    It may be that no plan holds these: then more are let go, and in the end `plan` holds nobody.
    """
    if not held:
        return
    yield held
    model = Model(problem, held=held, short=True)
    model.model.minimize(sum(model.without))
    found = model.ask(replace(ask, progress=None), 0.3)
    if found.values is None:
        return
    lost = [stay for kind, left in zip(model.kinds, model.without, strict=True) if found[left] for stay in kind.stays]
    guests: dict[str, list[Stay]] = defaultdict(list)
    for name in held:
        guests[problem.stay[name].present or ""].append(problem.stay[name])
    for most in (1, 2):
        let_go: set[str] = set()
        for stay in lost:
            for room in problem.rooms:
                there = [other.id for other in guests[room.id] if meet(problem, stay, other)]
                if len(there) <= most and problem.fits(stay, room):
                    let_go.update(there)
        yield held - let_go


def _moves(problem: RoomProblem, answer: Answer[RoomPlan] | bool) -> int | None:
    return costs(problem, answer.plan).moves if isinstance(answer, Answer) and answer.plan is not None else None


def _of(answers: list[Answer[RoomPlan] | bool], bound: int | None = None) -> Answer[RoomPlan]:
    """The cheapest of the answers that are plans, with the bound that counts for all (None: the answer's own)."""
    best = min((answer for answer in answers if isinstance(answer, Answer)), key=lambda answer: answer.objective or 0)
    if bound is None:
        return best
    return replace(best, status="optimal" if best.objective == bound else "feasible", bound=bound)


def _fewest_moves(problem: RoomProblem, ask: Ask) -> tuple[Set[str], Answer[RoomPlan] | bool]:
    """Who keeps a room where as few as can be move, and a plan of that kind, whatever else it costs.

    Without a plan, whether it is proven that there is none; the bound says how few must move.
    """
    model = Model(problem, plain=True)
    model.model.minimize(model.moves())
    found = model.ask(replace(ask, progress=None), 0.6)
    if found.values is None:
        return frozenset(), found.proven
    plan = _plan(model, found, ask)
    if plan is None:
        return model.keepers(found), False
    bound, total = found.bound * problem.move_cost, costs(problem, plan).total
    return model.keepers(found), Answer(plan, "feasible", total, bound, perf_counter() - ask.began)


def _must_move(problem: RoomProblem) -> tuple[Set[str], int]:
    """Who has a room that nobody else has at that time, and how many at least of the others must move.

    A plan that moves no more than that moves nobody else, so that the best of those plans is the best of all.
    """
    of: dict[str, list[Stay]] = defaultdict(list)
    least = 0
    for stay in problem.stays:
        if holds(problem, stay) and stay.present is not None:
            of[stay.present].append(stay)
        else:
            least += stay.present is not None
    held: set[str] = set()
    for room, stays in of.items():
        if problem.places(problem.room[room]) > 1:
            continue
        can = _most_that_can_stay(problem, stays)
        least += len(stays) - can
        if can == len(stays):
            held |= {stay.id for stay in stays}
    return held, least


def _most_that_can_stay(problem: RoomProblem, stays: list[Stay]) -> int:
    """How many of these, in one room, don't meet: the one that is over first, and so on."""
    count, free = 0, MINUS_INF
    for stay in sorted(stays, key=lambda stay: stay.end):
        if stay.start >= free:
            count, free = count + 1, problem.free_again(stay)
    return count


def _best(
    problem: RoomProblem, ask: Ask, share: float, *, held: Set[str] = frozenset(), start: RoomPlan | None = None
) -> Answer[RoomPlan] | bool:
    """The best plan in which ``held`` keep their rooms; without one, whether it is proven that there is none.

    Where those who move don't fit around the others, the exact model is asked.
    """
    for exact in (False, True):
        model = Model(problem, held=held, exact=exact)
        model.model.minimize(model.cost())
        if start is not None:
            model.start_from(start)
        found = model.ask(ask, share)
        if found.values is None:
            return found.proven
        plan = _plan(model, found, ask)
        if plan is not None:
            status: Status = "optimal" if found.proven else "feasible"
            return Answer(plan, status, found.objective, found.bound, perf_counter() - ask.began)
    return False


def _plan(model: Model, found: Found, ask: Ask) -> RoomPlan | None:
    beds = placed(model, found, ask)
    if beds is None:
        return None
    more = further(model.problem, beds[1])
    return RoomPlan(*beds, max((one.rooms for one in more), default=0), more)


def _short(problem: RoomProblem, ask: Ask, *, impossible: bool) -> Answer[RoomPlan]:
    """The fewest further rooms, with the fewest moves, for the shortest time, at the least cost, one after the other."""
    for exact in (False, True):
        model = Model(problem, short=True, exact=exact)
        rooms, _ = model.shortage()
        model.model.minimize(rooms)
        first = model.ask(ask, 0.5)
        if first.values is None:
            break
        model.model.add(rooms <= first.objective)
        plan = _plan(model, _refined(model, first, replace(ask, progress=None)), ask)
        if plan is None:
            continue
        if plan.without:
            status: Status = "impossible" if impossible or first.bound > 0 else "unknown"
            return Answer(plan, status, plan.rooms_short, first.bound, perf_counter() - ask.began)
        return Answer(plan, "feasible", costs(problem, plan).total, None, perf_counter() - ask.began)
    return Answer(None, "unknown", seconds=perf_counter() - ask.began)


def _refined(model: Model, found: Found, ask: Ask) -> Found:
    """So many further rooms being enough: first the fewest moves, then the shortest time, then the least cost."""
    _, long = model.shortage()
    for goal in (*([model.moves()] if model.kept else []), long, model.cost()):
        model.hint(found)
        model.model.minimize(goal)
        better = model.ask(ask, 0.5)
        if better.values is None:
            break
        found = better
        model.model.add(goal <= better.objective)
    return found
