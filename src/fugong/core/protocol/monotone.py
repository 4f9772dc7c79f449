"""What facts that are only added can change: a bound that holds for certain, found without evaluating anything.

A formula that speaks of a kind only where more of it makes the formula true more often (*positively*) can only grow when that
kind grows; one that speaks of it only negatively can only grow when it shrinks. A formula looks at the past only, so it
grows at no instant before the first one at which a kind changed. Where it holds at all those instants already, it stays as
it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fugong.core.protocol import formula as ast
from fugong.core.protocol.derive import RawFact, derive
from fugong.core.protocol.formula import Formula
from fugong.core.protocol.pack_model import Pack
from fugong.core.protocol.steps import columns, needed_kinds
from fugong.core.time import to_intervals

POSITIVE, NEGATIVE = 1, 2
EITHER = POSITIVE | NEGATIVE
Growth = dict[int, int]
"""Formulas that may grow (by their place among ``steps.columns``), and from which moment on."""


@lru_cache(maxsize=1024)
def signs(formula: Formula) -> Mapping[str, int]:
    """How the formula speaks of each of its kinds: `POSITIVE`, `NEGATIVE`, or `EITHER`."""
    found: dict[str, int] = {}
    _collect(formula, POSITIVE, found)
    return found


def _collect(formula: Formula, sign: int, found: dict[str, int]) -> None:
    match formula:
        case ast.Kind(name):
            found[name] = found.get(name, 0) | sign
        case ast.Not(operand):
            _collect(operand, _turned(sign), found)
        case ast.Implies(left, right):
            _collect(left, _turned(sign), found)
            _collect(right, sign, found)
        case ast.Count(operand):
            # Two stretches that grow together began twice and begin once; one that grows backwards begins earlier, and so
            # leaves the window earlier.
            _collect(operand, EITHER, found)
        case _:
            for part in ast.parts(formula):
                _collect(part, sign, found)


def _turned(sign: int) -> int:
    return {POSITIVE: NEGATIVE, NEGATIVE: POSITIVE}.get(sign, EITHER)


@dataclass(frozen=True, slots=True)
class _Effect:
    """What one more fact of a raw kind does to the derived kinds that matter.

    ``adds``: they may begin to hold; ``cuts``: they may end when the fact begins (each holds until the next fact of the kind).
    None where it may do more than that.
    """

    adds: frozenset[str]
    cuts: frozenset[str]


@lru_cache(maxsize=64)
def _effects(pack: Pack) -> Mapping[str, _Effect | None]:
    """For each raw kind about the worker that the pack reads."""
    rules = [(kind, rule) for kind in needed_kinds(pack) for rule in pack.derivations[kind]]
    more = {rule.through.kind for _, rule in rules if rule.through} | {r.unless.kind for _, r in rules if r.unless}
    found: dict[str, _Effect | None] = {}
    for raw in pack.own_kinds:
        own = [(kind, rule) for kind, rule in rules if rule.raw == raw and not rule.through]
        found[raw] = None if raw in more else _Effect(
            frozenset(kind for kind, _ in own), frozenset(kind for kind, rule in own if rule.extent == "latest")
        )  # fmt: skip
    return found


def growth(pack: Pack, facts: Sequence[RawFact], lanes: int) -> list[Growth | None]:
    """What facts that are added to others can change of the pack's masks, for each lane.

    None: perhaps anything. Else none of the formulas on which the masks depend ceases to hold anywhere, and only these
    may come to hold where they didn't, at no instant before the one given. The others stay as they are.
    """
    effects = _effects(pack)
    read = [fact for fact in facts if fact.kind in effects]
    unknown = {fact.lane for fact in read if effects[fact.kind] is None}
    known = [(fact, effect) for fact in read if (effect := effects[fact.kind]) is not None]
    added: list[dict[str, int]] = [{} for _ in range(lanes)]
    cut: list[dict[str, int]] = [{} for _ in range(lanes)]
    for fact, effect in known:
        for kind in effect.cuts:
            cut[fact.lane][kind] = min(fact.start, cut[fact.lane].get(kind, fact.start))
    kinds = frozenset().union(*(effect.adds for _, effect in known))
    for kind, derived in derive(pack, [fact for fact, _ in known], lanes, only=kinds).items():
        lane_of, starts, _ends = to_intervals(derived)
        for lane, start in zip(lane_of.tolist(), starts.tolist(), strict=True):
            added[lane].setdefault(kind, start)  # the first one of a lane is its earliest
    return [None if lane in unknown else _grows(pack, added[lane], cut[lane]) for lane in range(lanes)]


def _grows(pack: Pack, added: Mapping[str, int], cut: Mapping[str, int]) -> Growth | None:
    """Which formulas can only grow by this, from when on; None when one may shrink."""
    found: Growth = {}
    if not added and not cut:
        return found
    for column, spoken in enumerate(_signs_of(pack)):
        moments = [
            (sign == way, moment)
            for changed, way in ((added, POSITIVE), (cut, NEGATIVE))
            for kind, moment in changed.items()
            if (sign := spoken.get(kind))
        ]
        if not all(grows for grows, _ in moments):
            return None
        if moments:
            found[column] = min(moment for _, moment in moments)
    return found


@lru_cache(maxsize=64)
def _signs_of(pack: Pack) -> tuple[Mapping[str, int], ...]:
    return tuple(signs(formula) for formula in columns(pack))
