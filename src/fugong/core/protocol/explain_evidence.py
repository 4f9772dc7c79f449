"""Which facts a requirement's truth at an instant rests on: witnesses, found by walking its formula."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from fugong.core.protocol import formula as ast
from fugong.core.protocol.derive import RawFact, group, linked_facts, pieces
from fugong.core.protocol.derive_columns import Columns
from fugong.core.protocol.evaluation import evaluate
from fugong.core.protocol.pack_model import Pack, Rule
from fugong.core.time import MINUS_INF, PLUS_INF, IntervalSet, lane

Atom = tuple[str, int]
"""A derived kind and the instant at which its being true or false matters."""
Piece = tuple[int, int, tuple[str, ...]]


class Evidence:
    """Finds the facts on which formulas rest, for one worker."""

    def __init__(
        self,
        pack: Pack,
        facts: Sequence[RawFact],
        linked: Mapping[str, Sequence[RawFact]],
        derived: Mapping[str, IntervalSet],
    ) -> None:
        self._pack, self._linked, self._derived = pack, linked, derived
        self._groups = group(facts)
        self._times: dict[ast.Formula, list[tuple[int, int]]] = {}
        self._pieces: dict[str, list[Piece]] = {}

    def of(self, formula: ast.Formula, at: int) -> tuple[str, ...]:
        """The ids of the facts that make ``formula`` what it is at an instant, each once, in the order of their time.

        Where it is the lack of a fact that matters, the latest one that lapsed stands for it, if there was any.
        """
        found: dict[str, int] = {}
        for kind, moment in dict.fromkeys(self._walk(formula, at)):
            for start, _, ids in self._witnesses(kind, moment):
                for id_ in ids:
                    found[id_] = min(start, found.get(id_, start))
        return tuple(sorted((id_ for id_ in found if id_), key=lambda id_: found[id_]))

    # the walk -------------------------------------------------------------------------------------------------------

    def _walk(self, formula: ast.Formula, at: int) -> Iterable[Atom]:
        found: Iterable[Atom] = ()
        match formula:
            case ast.Kind(name):
                found = [(name, at)]
            case ast.Not(operand):
                found = self._walk(operand, at)
            case ast.And(operands):
                found = self._decisive(operands, False, at)
            case ast.Or(operands):
                found = self._decisive(operands, True, at)
            case ast.Implies(left, right):
                found = self._decisive((ast.Not(left), right), True, at)
            case ast.Once(operand, window):
                found = self._once(operand, window, at)
            case ast.Historically(operand, window):
                found = self._once(ast.Not(operand), window, at)
            case ast.Since():
                found = self._since(formula, at)
            case ast.Count(operand, window, _, _):
                found = self._count(operand, window, at)
        return found

    def _decisive(self, operands: Sequence[ast.Formula], deciding: bool, at: int) -> Iterable[Atom]:
        """The operands whose value alone decides (false in ``and``, true in ``or``), or else all of them."""
        some = [part for part in operands if self._holds(part, at) == deciding]
        return chain.from_iterable(self._walk(part, at) for part in some or operands)

    def _once(self, operand: ast.Formula, window: ast.Window, at: int) -> Iterable[Atom]:
        """The latest instant in the window, or else the latest one at all: too long ago, or too recent."""
        moment = self._latest(operand, at - window.low.seconds)
        if moment is None:
            moment = self._latest(operand, at)
        return self._walk(operand, at if moment is None else moment)

    def _since(self, formula: ast.Since, at: int) -> Iterable[Atom]:
        begun = self._latest(formula.right, at - formula.window.low.seconds)
        if begun is None:
            return self._walk(formula.right, at)
        broken = self._latest(ast.Not(formula.left), at)
        if broken is None or broken <= begun:
            return self._walk(formula.right, begun)
        return chain(self._walk(formula.right, begun), self._walk(formula.left, broken))

    def _count(self, operand: ast.Formula, window: ast.Window, at: int) -> Iterable[Atom]:
        low = MINUS_INF if window.high is None else at - window.high.seconds
        begun = [start for start, _ in self._of(operand) if low <= start <= at - window.low.seconds]
        return chain.from_iterable(self._walk(operand, start) for start in begun)

    # sets and instants ----------------------------------------------------------------------------------------------

    def _of(self, formula: ast.Formula) -> list[tuple[int, int]]:
        if formula not in self._times:
            self._times[formula] = lane(evaluate(formula, self._derived, 1), 0)
        return self._times[formula]

    def _holds(self, formula: ast.Formula, at: int) -> bool:
        return self._latest(formula, at) == at

    def _latest(self, formula: ast.Formula, at: int) -> int | None:
        """The latest instant at or before ``at`` at which the formula holds."""
        spans = self._of(formula)
        place = bisect_right(spans, (at, PLUS_INF)) - 1
        return None if place < 0 else min(at, spans[place][1] - 1)

    # from derived kinds to facts ------------------------------------------------------------------------------------

    def _witnesses(self, kind: str, at: int) -> list[Piece]:
        """The pieces that hold at the instant, or else those that ended last before it."""
        known = self._traced(kind)
        holding = [piece for piece in known if piece[0] <= at < piece[1]]
        before = [piece for piece in known if piece[1] <= at]
        last = max((piece[1] for piece in before), default=None)
        return holding or [piece for piece in before if piece[1] == last]

    def _traced(self, kind: str) -> list[Piece]:
        if kind not in self._pieces:
            rules = self._pack.derivations[kind]
            self._pieces[kind] = [piece for rule in rules for piece in self._rule(rule)]
        return self._pieces[kind]

    def _rule(self, rule: Rule) -> list[Piece]:
        here = self._groups.get(rule.through.kind if rule.through else rule.raw)
        if here is None:
            return []
        found = pieces(rule, self._groups, self._linked, self._pack.timezone)
        return [
            (start, end, self._ids(rule, here.facts[owner]))
            for start, end, owner in zip(found.start.tolist(), found.end.tolist(), found.owner.tolist(), strict=True)
        ]

    def _ids(self, rule: Rule, fact: RawFact) -> tuple[str, ...]:
        if rule.through is None:
            return (fact.id,)
        about = list(linked_facts(rule, fact.values.get(rule.through.field), self._linked))
        meets = Columns(about).mask(rule.where).tolist()
        others = [
            other.id
            for other, fits in zip(about, meets, strict=True)
            if fits and other.start < fact.end and fact.start < other.end
        ]
        return (fact.id, *others)
