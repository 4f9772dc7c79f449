"""Formulas of past-time metric temporal logic, as data.

``str(formula)`` is the canonical text, and ``parse(str(formula)) == formula`` (given the same parameters).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))

# how tightly an operator binds, for printing: a part that binds less tightly needs parentheses
_IMPLIES, _OR, _AND, _SINCE, _UNARY = range(5)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in seconds; ``name`` is the parameter that it was written as, if it was."""

    seconds: int
    name: str | None = None

    def __str__(self) -> str:
        if self.name is not None:
            return f"${self.name}"
        rest, text = self.seconds, ""
        for unit, size in _UNITS:
            number, rest = divmod(rest, size)
            if number:
                text += f"{number}{unit}"
        return text or "0"


@dataclass(frozen=True, slots=True)
class Window:
    """From ``low`` to ``high`` ago, both inclusive; ``high`` is None when it looks back for ever."""

    low: Duration = Duration(0)
    high: Duration | None = None

    def __str__(self) -> str:
        return f"[{self.low},{'inf' if self.high is None else self.high}]"


EVER = Window()
"""The window of an operator that is written without one: from now back for ever."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Any formula: one of the classes below."""

    def __str__(self) -> str:
        return _print(self)


@dataclass(frozen=True, slots=True)
class Kind(Formula):
    """Holds while a fact of this kind holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant(Formula):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not(Formula):
    """Holds while ``operand`` doesn't."""

    operand: Formula


@dataclass(frozen=True, slots=True)
class And(Formula):
    """Holds while all of ``operands`` (two or more) hold."""

    operands: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or(Formula):
    """Holds while one of ``operands`` (two or more) holds."""

    operands: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Implies(Formula):
    """Holds while ``right`` holds or ``left`` doesn't."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Once(Formula):
    """Holds when ``operand`` held at some instant of the window."""

    operand: Formula
    window: Window = EVER


@dataclass(frozen=True, slots=True)
class Historically(Formula):
    """Holds when ``operand`` held at every instant of the window."""

    operand: Formula
    window: Window = EVER


@dataclass(frozen=True, slots=True)
class Since(Formula):
    """Holds when ``right`` held at some instant of the window, and ``left`` at every instant after that, up to now."""

    left: Formula
    right: Formula
    window: Window = EVER


@dataclass(frozen=True, slots=True)
class Count(Formula):
    """Holds when ``operand`` began at ``least`` or more instants of the window.

    With ``spacing``, from the earliest of them on only those count that come at least so long after the one counted
    before. An interval that has lasted since ever began at no instant.
    """

    operand: Formula
    window: Window
    least: int
    spacing: Duration | None = None


def parts(formula: Formula) -> tuple[Formula, ...]:
    """The formulas that ``formula`` is directly made of, from left to right."""
    match formula:
        case And(operands) | Or(operands):
            return operands
        case Implies(left, right) | Since(left, right, _):
            return (left, right)
        case Not(operand) | Once(operand, _) | Historically(operand, _) | Count(operand, _, _, _):
            return (operand,)
        case _:
            return ()


def walk(formula: Formula) -> Iterator[Formula]:
    """The formula and everything in it, each before its parts."""
    pending = [formula]
    while pending:
        here = pending.pop()
        yield here
        pending.extend(reversed(parts(here)))


def kinds_of(formula: Formula) -> frozenset[str]:
    """The names of the kinds that the formula speaks of."""
    return frozenset(f.name for f in walk(formula) if isinstance(f, Kind))


def _optional(window: Window) -> str:
    return "" if window == EVER else str(window)


def _print(formula: Formula, least: int = _IMPLIES) -> str:
    binds, text = _text(formula)
    return f"({text})" if binds < least else text


def _text(formula: Formula) -> tuple[int, str]:  # noqa: PLR0911 - one case for each operator
    match formula:
        case Kind(name):
            return _UNARY, name
        case Constant(value):
            return _UNARY, "true" if value else "false"
        case Not(operand):
            return _UNARY, f"not {_print(operand, _UNARY)}"
        case And(operands):
            return _AND, " and ".join(_print(f, _SINCE) for f in operands)
        case Or(operands):
            return _OR, " or ".join(_print(f, _AND) for f in operands)
        case Implies(left, right):
            return _IMPLIES, f"{_print(left, _OR)} implies {_print(right, _IMPLIES)}"
        case Once(operand, window):
            return _UNARY, f"once{_optional(window)} {_print(operand, _UNARY)}"
        case Historically(operand, window):
            return _UNARY, f"historically{_optional(window)} {_print(operand, _UNARY)}"
        case Since(left, right, window):
            return _SINCE, f"{_print(left, _SINCE)} since{_optional(window)} {_print(right, _UNARY)}"
        case Count(operand, window, number, spacing):
            spaced = "" if spacing is None else f", spaced {spacing}"
            return _UNARY, f"count{window}({_print(operand)}{spaced}) >= {number}"
        case _:
            raise TypeError(f"not a formula: {formula!r}")
