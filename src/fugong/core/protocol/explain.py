"""Why a worker has a permission or not: every requirement that fails, what it rests on, and what would change it.

Nothing here is guessed from the formula's text: the earliest instant is read from the requirement's own interval set, and
a new fact is named only after it was added, derived and evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fugong.core.protocol.derive import RawFact, derive
from fugong.core.protocol.evaluation import evaluate
from fugong.core.protocol.explain_candidates import NewFact, satisfying
from fugong.core.protocol.explain_evidence import Evidence
from fugong.core.protocol.formula import Formula, kinds_of
from fugong.core.protocol.pack_model import Pack, Requirement
from fugong.core.text import Text
from fugong.core.time import PLUS_INF, IntervalSet, difference, from_intervals, lane, union

__all__ = ["Ending", "Explanation", "Failure", "NewFact", "explain"]

Linked = Mapping[str, Sequence[RawFact]]
_NOTHING: Linked = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Failure:
    """A requirement that doesn't hold.

    ``rests_on`` are the ids of the facts that make it fail, or that once satisfied it and no longer do. ``earliest`` is
    the first instant at which it will hold with no new fact (None: never). ``new_fact`` would satisfy it now; None: no
    single new fact would.
    """

    requirement: str
    title: Text
    message: Text
    remedy: Text
    door_message: Text
    on_the_spot: bool
    rests_on: tuple[str, ...]
    earliest: int | None
    new_fact: NewFact | None


@dataclass(frozen=True, slots=True)
class Ending:
    """A requirement with which the permission will end, and the derived kinds that lapse or begin then."""

    requirement: str
    title: Text
    lapses: tuple[str, ...]
    begins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a permission holds ``at`` an instant, and why.

    If it holds: ``until`` when (None: for ever, as far as is known) and its ``endings``. If it doesn't: every failing
    requirement, and the ``earliest`` instant at which the whole permission will hold with no new fact (None: never).
    """

    permission: str
    at: int
    holds: bool
    until: int | None
    endings: tuple[Ending, ...]
    failures: tuple[Failure, ...]
    earliest: int | None


def explain(pack: Pack, permission: str, facts: Sequence[RawFact], at: int, linked: Linked = _NOTHING) -> Explanation:
    """Explains one worker's permission at an instant. ``facts`` are all about that worker, whatever their lane says.

    KeyError when the pack has no such permission.
    """
    own = [fact._replace(lane=0) for fact in facts]
    derived = derive(pack, own, 1, linked)
    requirements = [pack.requirements[name] for name in pack.permissions[permission]]
    times = {requirement.name: _times(requirement.effective, derived) for requirement in requirements}
    whole = _times(pack.permission_formula(permission), derived)
    now = _around(whole, at)
    if now is not None:
        until = None if now[1] == PLUS_INF else now[1]
        ending = [r for r in requirements if until is not None and _ends(times[r.name], at) == until]
        endings = tuple(_ending(r, derived, at, until) for r in ending if until is not None)
        return Explanation(permission, at, True, until, endings, (), None)
    failing = [r for r in requirements if _around(times[r.name], at) is None]
    named = satisfying(pack, failing, own, at, linked)
    evidence = Evidence(pack, own, linked, derived)
    failures = tuple(
        Failure(
            requirement=r.name, title=r.title, message=r.message, remedy=r.remedy, door_message=r.door_message,
            on_the_spot=r.on_the_spot, rests_on=evidence.of(r.effective, at),
            earliest=_next(times[r.name], at), new_fact=named.get(r.name),
        )
        for r in failing
    )  # fmt: skip
    return Explanation(permission, at, False, None, (), failures, _next(whole, at))


Intervals = list[tuple[int, int]]


def _times(formula: Formula, derived: Mapping[str, IntervalSet]) -> Intervals:
    return lane(evaluate(formula, derived, 1), 0)


def _around(intervals: Intervals, at: int) -> tuple[int, int] | None:
    return next((span for span in intervals if span[0] <= at < span[1]), None)


def _ends(intervals: Intervals, at: int) -> int | None:
    span = _around(intervals, at)
    return span[1] if span else None


def _next(intervals: Intervals, at: int) -> int | None:
    return next((start for start, _ in intervals if start > at), None)


def _ending(requirement: Requirement, derived: Mapping[str, IntervalSet], at: int, until: int) -> Ending:
    """Which kinds end it: those that, if they held on from ``at`` (or didn't), would keep it true at ``until``.

    Where no single one would (two infringements in one second), it is all those that change then.
    """
    span = from_intervals([0], [at], [until + 1])

    def keeps(kind: str, changed: IntervalSet) -> bool:
        return _around(_times(requirement.effective, {**derived, kind: changed}), until) is not None

    kinds = sorted(kinds_of(requirement.effective))
    lapses = tuple(kind for kind in kinds if keeps(kind, union(derived[kind], span)))
    begins = tuple(kind for kind in kinds if keeps(kind, difference(derived[kind], span)))
    if not lapses and not begins:
        held = {
            kind: [_around(lane(derived[kind], 0), moment) is not None for moment in (until - 1, until)]
            for kind in kinds
        }
        lapses = tuple(kind for kind in kinds if held[kind] == [True, False])
        begins = tuple(kind for kind in kinds if held[kind] == [False, True])
    return Ending(requirement.name, requirement.title, lapses, begins)
