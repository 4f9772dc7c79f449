"""What a formula would be if something held (or didn't) at this very instant: exactly, as another formula over the same facts.

At a door somebody may be measured or fill in a register. ``holding_now`` gives the formula that says at each instant whether
the given one would hold there after that, without a fact and without a second evaluator. To replace the kinds by ``true``
would not do: one register now is no fourteen days of registers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from fugong.core.protocol import formula as ast
from fugong.core.protocol.formula import Constant, Duration, Formula, Window, kinds_of

_TRUE, _FALSE = Constant(True), Constant(False)
_BEFORE = Window(Duration(1), Duration(1))
"""The second before."""


def holding_now(  # noqa: PLR0911 - one case for each operator
    formula: Formula, kinds: AbstractSet[str], ended: AbstractSet[str] = frozenset()
) -> Formula:
    """The formula that holds at *t* if ``formula`` would hold at *t* if all of ``kinds`` held at *t* and none of ``ended`` did
    (and at every other second as they do)."""
    if not (kinds | ended) & kinds_of(formula):
        return formula

    def now(part: Formula) -> Formula:
        return holding_now(part, kinds, ended)

    match formula:
        case ast.Kind(name):
            return Constant(name in kinds)
        case ast.Not(operand):
            return _not(now(operand))
        case ast.And(operands):
            return _all(map(now, operands))
        case ast.Or(operands):
            return _any(map(now, operands))
        case ast.Implies(left, right):
            return _any([_not(now(left)), now(right)])
        case ast.Once(operand, window):
            return _windowed(formula, operand, window, now, _any)
        case ast.Historically(operand, window):
            return _windowed(formula, operand, window, now, _all)
        case ast.Since(left, right, window):
            return _since(left, right, window, now)
        case ast.Count():
            return _count(formula, now)
        case _:
            raise TypeError(f"not a formula: {formula!r}")


_Now = Callable[[Formula], Formula]
_Join = Callable[[Iterable[Formula]], Formula]


def _windowed(formula: Formula, operand: Formula, window: Window, now: _Now, join: _Join) -> Formula:
    """``once`` or ``historically``: now, and (or) in what of the window lies before now."""
    if window.low.seconds > 0:
        return formula
    if (earlier := _earlier(window)) is None:
        return now(operand)
    return join([now(operand), type(formula)(operand, earlier)])  # type: ignore[call-arg]  # both kinds are made of an operand and a window


def _since(left: Formula, right: Formula, window: Window, now: _Now) -> Formula:
    """Either the right side holds now, or the formula held a second ago and the left side holds now."""
    ways = [now(right)] if window.low.seconds == 0 else []
    if window.high is None or window.high.seconds > 0:
        low = Duration(max(window.low.seconds - 1, 0))
        high = None if window.high is None else Duration(window.high.seconds - 1)
        ways.append(_all([now(left), ast.Once(ast.Since(left, right, Window(low, high)), _BEFORE)]))
    return _any(ways)


def _count(formula: ast.Count, now: _Now) -> Formula:
    """Enough beginnings before now, or one fewer (far enough from now) and one now."""
    operand, window, least, spacing = formula.operand, formula.window, formula.least, formula.spacing
    if window.low.seconds > 0:
        return formula
    begins = _all([now(operand), _not(ast.Once(operand, _BEFORE))])
    if (earlier := _earlier(window)) is None:
        return begins if least == 1 else _FALSE
    enough: Formula = ast.Count(operand, earlier, least, spacing)
    if least == 1:
        return _any([enough, begins])
    apart = max(spacing.seconds if spacing else 0, 1)
    if window.high is not None and apart > window.high.seconds:
        return enough
    fewer = ast.Count(operand, Window(Duration(apart), window.high), least - 1, spacing)
    return _any([enough, _all([begins, fewer])])


def _earlier(window: Window) -> Window | None:
    """What of a window that reaches to now lies before now; None if nothing does."""
    if window.high is not None and window.high.seconds == 0:
        return None
    return Window(Duration(1), window.high)


def _not(operand: Formula) -> Formula:
    return Constant(not operand.value) if isinstance(operand, Constant) else ast.Not(operand)


def _all(operands: Iterable[Formula]) -> Formula:
    some = [one for one in operands if one != _TRUE]
    if _FALSE in some:
        return _FALSE
    return ast.And(tuple(some)) if len(some) > 1 else (some or [_TRUE])[0]


def _any(operands: Iterable[Formula]) -> Formula:
    some = [one for one in operands if one != _FALSE]
    if _TRUE in some:
        return _TRUE
    return ast.Or(tuple(some)) if len(some) > 1 else (some or [_FALSE])[0]
