"""What formulas mean, second by second, as slowly and plainly as it can be said.

It knows nothing of interval arithmetic and imports nothing from ``fugong.core.time``: a signal is a list with one
truth value a second. The first value stands for every second before it, too, and the last for every one after it,
so a list must begin before anything happens and end when nothing changes any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fugong.core.protocol import formula as ast

Interval = tuple[int | None, int | None]
"""[start, end) in epoch seconds; None for since ever and for ever."""
Signal = list[bool]


def holds(formula: ast.Formula, facts: Mapping[str, Sequence[Interval]]) -> list[Interval]:
    """The maximal intervals in which the formula holds, for one subject of whom ``facts`` is known."""
    ends = [x for intervals in facts.values() for pair in intervals for x in pair if x is not None] or [0]
    first = min(ends) - 2
    length = max(ends) - first + 2 * _reach(formula) + 4
    return _intervals(_signal(formula, facts, first, length), first)


def _reach(formula: ast.Formula) -> int:
    """How many seconds after the last change of a fact the formula's value may still change, at most."""
    own = 1
    window = getattr(formula, "window", None)
    if window is not None:
        own += window.low.seconds + (window.high.seconds if window.high else 0)
    return own + sum(_reach(part) for part in ast.parts(formula))


def _signal(formula: ast.Formula, facts: Mapping[str, Sequence[Interval]], first: int, length: int) -> Signal:
    if isinstance(formula, ast.Kind):
        given = facts.get(formula.name, ())
        return [any(_inside(first + i, pair) for pair in given) for i in range(length)]
    if isinstance(formula, ast.Constant):
        return [formula.value] * length
    below = [_signal(part, facts, first, length) for part in ast.parts(formula)]
    return [_value(formula, below, t) for t in range(length)]


def _inside(t: int, pair: Interval) -> bool:
    start, end = pair
    return (start is None or start <= t) and (end is None or t < end)


def _at(signal: Signal, t: int) -> bool:
    return signal[max(t, 0)]


def _value(formula: ast.Formula, below: list[Signal], t: int) -> bool:
    match formula:
        case ast.Not():
            return not _at(below[0], t)
        case ast.And():
            return all(_at(signal, t) for signal in below)
        case ast.Or():
            return any(_at(signal, t) for signal in below)
        case ast.Implies():
            return not _at(below[0], t) or _at(below[1], t)
        case ast.Once(_, window):
            return any(_at(below[0], then) for then in _window(window, t))
        case ast.Historically(_, window):
            return all(_at(below[0], then) for then in _window(window, t))
        case ast.Since(_, _, window):
            return any(
                _at(below[1], then) and all(_at(below[0], between) for between in range(then + 1, t + 1))
                for then in _window(window, t)
            )
        case ast.Count(_, window, least, spacing):
            return _counted(below[0], _window(window, t), spacing.seconds if spacing else 0) >= least
        case _:
            raise TypeError(formula)


def _window(window: ast.Window, t: int) -> range:
    """The seconds of the window at t, from the earliest; before second 0 nothing changes, so one of those is enough."""
    last = t - window.low.seconds
    first = min(-1, last) if window.high is None else t - window.high.seconds
    return range(first, last + 1)


def _counted(signal: Signal, seconds: range, apart: int) -> int:
    number, previous = 0, None
    for t in seconds:
        begins = t > 0 and signal[t] and not signal[t - 1]
        if begins and (previous is None or t - previous >= apart):
            number, previous = number + 1, t
    return number


def _intervals(signal: Signal, first: int) -> list[Interval]:
    found: list[Interval] = []
    start: int | None = None
    for i, value in enumerate(signal):
        before = i > 0 and signal[i - 1]
        if value and not before:
            start = None if i == 0 else first + i
        if before and not value:
            found.append((start, first + i))
    if signal[-1]:
        found.append((start, None))
    return found
