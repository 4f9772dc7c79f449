"""A formula's truth at one instant, straight from its definition, for windows of days.

It knows nothing of interval arithmetic: what can change a formula's value is a finite set of instants, so "some instant of
the window" and "every instant of the window" need only look at these and at the window's ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fugong.core.protocol import formula as ast

Times = Sequence[tuple[int, int]]
FOREVER = 1 << 35


class Pointwise:
    """Truth of formulas over one worker's derived kinds."""

    def __init__(self, facts: Mapping[str, Times]) -> None:
        self.facts = facts
        self._changes: dict[ast.Formula, list[int]] = {}
        self._known: dict[tuple[ast.Formula, int], bool] = {}

    def changes(self, formula: ast.Formula) -> list[int]:
        """Instants at which the formula's value may differ from the second before (and perhaps some more)."""
        if formula not in self._changes:
            if isinstance(formula, ast.Kind):
                found = {bound for span in self.facts.get(formula.name, ()) for bound in span}
            else:
                below = {c for part in ast.parts(formula) for c in self.changes(part)}
                found = set(below)
                window = getattr(formula, "window", None)
                if window is not None:
                    shifts = {window.low.seconds, window.low.seconds + 1}
                    if window.high is not None:
                        shifts |= {window.high.seconds, window.high.seconds + 1}
                    found |= {c + shift + one for c in below for shift in shifts for one in (-1, 0)}
            self._changes[formula] = sorted(c for c in found if -FOREVER < c < FOREVER)
        return self._changes[formula]

    def true(self, formula: ast.Formula, t: int) -> bool:
        """Does the formula hold at second ``t``? Before the beginning all is as it is at the beginning."""
        t = max(t, -FOREVER)
        key = (formula, t)
        if key not in self._known:
            self._known[key] = self._value(formula, t)
        return self._known[key]

    def false_throughout(self, formula: ast.Formula, first: int, last: int) -> bool:
        """Is it false at every second from first to last (inclusive)?"""
        instants = [first, last, *(c for c in self.changes(formula) if first <= c <= last)]
        return not any(self.true(formula, t) for t in instants)

    def _looked_at(self, operand: ast.Formula, window: ast.Window, t: int) -> list[int]:
        last = t - window.low.seconds
        first = -FOREVER if window.high is None else t - window.high.seconds
        near = {c + one for c in self.changes(operand) for one in (-1, 0)}
        return sorted({first, last, *(c for c in near if first <= c <= last)})

    def _value(self, formula: ast.Formula, t: int) -> bool:
        match formula:
            case ast.Kind(name):
                return any(start <= t < end for start, end in self.facts.get(name, ()))
            case ast.Constant(value):
                return value
            case ast.Not(operand):
                return not self.true(operand, t)
            case ast.And(operands):
                return all(self.true(part, t) for part in operands)
            case ast.Or(operands):
                return any(self.true(part, t) for part in operands)
            case ast.Implies(left, right):
                return not self.true(left, t) or self.true(right, t)
            case ast.Once(operand, window):
                return any(self.true(operand, then) for then in self._looked_at(operand, window, t))
            case ast.Historically(operand, window):
                return all(self.true(operand, then) for then in self._looked_at(operand, window, t))
            case ast.Since(left, right, window):
                latest = t - window.low.seconds
                return any(
                    self.true(right, then) and self._lasts(left, min(then, latest), t)
                    for then in self._looked_at(right, window, t)
                )
            case ast.Count(operand, window, least, spacing):
                begun = [s for s in self._looked_at(operand, window, t) if self._begins(operand, s)]
                return self._spaced(begun, spacing.seconds if spacing else 0) >= least
        raise TypeError(formula)

    def _lasts(self, formula: ast.Formula, after: int, to: int) -> bool:
        looked_at = [after + 1, to, *(c for c in self.changes(formula) if after < c <= to)]
        return after == to or all(self.true(formula, t) for t in looked_at)

    def _begins(self, formula: ast.Formula, t: int) -> bool:
        return t > -FOREVER and self.true(formula, t) and not self.true(formula, t - 1)

    @staticmethod
    def _spaced(begun: Sequence[int], spacing: int) -> int:
        number, last = 0, None
        for moment in begun:
            if last is None or moment - last >= spacing:
                number, last = number + 1, moment
        return number
