"""Why a worker has a permission: for each requirement that holds, the facts on which that rests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fugong.core.protocol.derive import RawFact, derive
from fugong.core.protocol.evaluation import evaluate
from fugong.core.protocol.explain_evidence import Evidence
from fugong.core.protocol.formula import Formula, kinds_of
from fugong.core.protocol.pack_model import Pack
from fugong.core.time import lane


def holding(
    pack: Pack, names: Iterable[str], facts: Sequence[RawFact], at: int, linked: Mapping[str, Sequence[RawFact]]
) -> dict[str, tuple[str, ...]]:
    """Of the named requirements those that hold at an instant, each with the ids of the facts it rests on, oldest first.

    Where nothing makes it hold and nothing ever stood against it, it rests on the latest fact that could have: the negative
    test by which there is no infection, the normal temperature by which there is no fever. One of whose kinds nothing is
    known at all rests on no fact. ``facts`` are all about one worker, whatever their lane says.
    """
    wanted = {name: pack.requirements[name].effective for name in dict.fromkeys(names)}
    own = [fact._replace(lane=0) for fact in facts]
    kinds = sorted({kind for formula in wanted.values() for kind in kinds_of(formula)})
    derived = derive(pack, own, 1, linked, only=kinds)
    evidence = Evidence(pack, own, linked, derived)
    return {
        name: evidence.of(formula, at) or _latest(pack, formula, own, at)
        for name, formula in wanted.items()
        if any(start <= at < end for start, end in lane(evaluate(formula, derived, 1), 0))
    }


def _latest(pack: Pack, formula: Formula, own: Sequence[RawFact], at: int) -> tuple[str, ...]:
    """The latest fact until the instant of those kinds that the formula is about."""
    rules = [rule for kind in kinds_of(formula) for rule in pack.derivations[kind]]
    read = {rule.through.kind if rule.through else rule.raw for rule in rules}
    last = max(
        (fact for fact in own if fact.kind in read and fact.start <= at), key=lambda fact: fact.start, default=None
    )
    return (last.id,) if last is not None else ()
