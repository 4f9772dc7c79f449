"""Cases for the evaluator: how to make them, and how to compare its answer with the oracle's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from core.oracle import Interval, holds
from fugong.core.protocol import Formula, evaluate
from fugong.core.protocol import formula as ast
from fugong.core.time import MINUS_INF, PLUS_INF, IntervalSet, from_intervals, lane

KINDS = ("a", "b", "c")
Facts = dict[str, list[Interval]]


@dataclass(frozen=True)
class Case:
    """A formula, and for each lane what is known there."""

    formula: Formula
    lanes: tuple[Facts, ...]


def packed(lanes: Sequence[Facts]) -> dict[str, IntervalSet]:
    """The facts of all lanes on one timeline."""
    rows: dict[str, list[tuple[int, int, int]]] = {}
    for number, facts in enumerate(lanes):
        for kind, intervals in facts.items():
            for start, end in intervals:
                first, last = MINUS_INF if start is None else start, PLUS_INF if end is None else end
                rows.setdefault(kind, []).append((number, first, last))
    return {kind: from_intervals(*zip(*found, strict=True)) for kind, found in rows.items()}


def unpacked(found: IntervalSet, lanes: int) -> list[list[Interval]]:
    """The intervals of each lane, with None for infinity."""
    return [
        [(None if s == MINUS_INF else s, None if e == PLUS_INF else e) for s, e in lane(found, i)] for i in range(lanes)
    ]


def answer(case: Case) -> list[list[Interval]]:
    """What the evaluator says."""
    return unpacked(evaluate(case.formula, packed(case.lanes), len(case.lanes)), len(case.lanes))


def truth(case: Case) -> list[list[Interval]]:
    """What the oracle says."""
    return [holds(case.formula, facts) for facts in case.lanes]


@st.composite
def intervals(draw: st.DrawFn) -> list[Interval]:
    """A few intervals near each other, some touching or overlapping, some without a start or an end."""
    found: list[Interval] = []
    at = draw(st.integers(-6, 12))
    for _ in range(draw(st.integers(0, 4))):
        at += draw(st.integers(0, 6))
        end = at + draw(st.integers(1, 5))
        found.append((at, end))
        at = end
    if found and draw(st.integers(0, 5)) == 0:
        found[0] = (None, found[0][1])
    if found and draw(st.integers(0, 5)) == 0:
        found[-1] = (found[-1][0], None)
    return found


def lanes(least: int = 1, most: int = 4) -> st.SearchStrategy[tuple[Facts, ...]]:
    """What is known of several subjects."""
    one = st.fixed_dictionaries({}, optional={kind: intervals() for kind in KINDS})
    return st.lists(one, min_size=least, max_size=most).map(tuple)


@st.composite
def windows(draw: st.DrawFn) -> ast.Window:
    """Short windows, some that look back for ever."""
    low = draw(st.integers(0, 4))
    if draw(st.integers(0, 4)) == 0:
        return ast.Window(ast.Duration(low), None)
    return ast.Window(ast.Duration(low), ast.Duration(low + draw(st.integers(0, 7))))


def formulas(least: int = 0, most: int = 4) -> st.SearchStrategy[Formula]:
    """Formulas that nest at least ``least`` and at most ``most`` operators."""
    if most == 0:
        return st.one_of(st.sampled_from([ast.Kind(k) for k in KINDS]), st.builds(ast.Constant, st.booleans()))
    part = st.deferred(lambda: formulas(max(least - 1, 0), most - 1))
    other = st.deferred(lambda: formulas(0, most - 1))
    pairs = st.tuples(part, other).flatmap(st.permutations)
    many = st.tuples(part, st.lists(other, min_size=1, max_size=2)).map(lambda p: (p[0], *p[1]))
    nested = st.one_of(
        st.builds(ast.Not, part),
        st.builds(ast.And, many),
        st.builds(ast.Or, many),
        pairs.map(lambda p: ast.Implies(p[0], p[1])),
        st.builds(ast.Once, part, windows()),
        st.builds(ast.Historically, part, windows()),
        st.tuples(pairs, windows()).map(lambda p: ast.Since(p[0][0], p[0][1], p[1])),
        st.builds(
            ast.Count, part, windows(), st.integers(1, 3), st.none() | st.builds(ast.Duration, st.integers(0, 9))
        ),
    )
    return nested if least else st.one_of(formulas(0, 0), nested)


def cases(least: int = 0, lanes_least: int = 1) -> st.SearchStrategy[Case]:
    """Random formulas over random facts."""
    return st.builds(Case, formulas(least), lanes(lanes_least))
