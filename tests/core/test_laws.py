"""Laws of the algebra and of the operators, over random sets of several lanes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases import KINDS, Facts, formulas, intervals, lanes, packed
from fugong.core import time
from fugong.core.protocol import Formula, evaluate
from fugong.core.protocol import formula as ast
from fugong.core.time import LANE, MINUS_INF, PLUS_INF, IntervalSet

A, B, C = (ast.Kind(k) for k in KINDS)
laws = settings(max_examples=120, deadline=None)
known = lanes(1, 4)


def sets(facts: tuple[Facts, ...]) -> tuple[IntervalSet, IntervalSet, IntervalSet]:
    found = packed(facts)
    a, b, c = (found.get(kind, time.empty()) for kind in KINDS)
    return a, b, c


def value(formula: Formula, facts: tuple[Facts, ...]) -> IntervalSet:
    return evaluate(formula, packed(facts), len(facts))


def within(a: IntervalSet, b: IntervalSet) -> bool:
    return len(time.difference(a, b)) == 0


def window(low: int, high: int | None) -> ast.Window:
    return ast.Window(ast.Duration(low), None if high is None else ast.Duration(high))


bounds = st.tuples(st.integers(0, 4), st.integers(0, 6)).map(lambda p: (p[0], p[0] + p[1]))
some_window = st.one_of(bounds.map(lambda p: window(*p)), st.integers(0, 4).map(lambda low: window(low, None)))


@laws
@given(known)
def test_sets_are_a_boolean_algebra(facts) -> None:  # type: ignore[no-untyped-def]
    a, b, c = sets(facts)
    n = len(facts)
    no, everything = time.empty(), time.full(n)
    for op, other, unit, zero in (
        (time.union, time.intersection, no, everything),
        (time.intersection, time.union, everything, no),
    ):
        assert op(a, a) == a
        assert op(a, b) == op(b, a)
        assert op(a, op(b, c)) == op(op(a, b), c)
        assert op(a, unit) == a
        assert op(a, zero) == zero
        assert op(a, other(a, b)) == a
        assert op(a, other(b, c)) == other(op(a, b), op(a, c))
        assert time.complement(op(a, b), n) == other(time.complement(a, n), time.complement(b, n))
        assert op(a, time.complement(a, n)) == zero
    assert time.complement(time.complement(a, n), n) == a
    assert time.difference(a, b) == time.intersection(a, time.complement(b, n))


@laws
@given(known, some_window)
def test_once_and_historically_are_dual(facts, w) -> None:  # type: ignore[no-untyped-def]
    assert value(ast.Historically(A, w), facts) == value(ast.Not(ast.Once(ast.Not(A), w)), facts)
    assert value(ast.Once(A, w), facts) == value(ast.Not(ast.Historically(ast.Not(A), w)), facts)


@laws
@given(known, bounds, bounds)
def test_windows_compose(facts, first, second) -> None:  # type: ignore[no-untyped-def]
    both = window(first[0] + second[0], first[1] + second[1])
    for op in (ast.Once, ast.Historically):
        assert value(op(op(A, window(*first)), window(*second)), facts) == value(op(A, both), facts)


@laws
@given(known, some_window)
def test_once_and_historically_distribute(facts, w) -> None:  # type: ignore[no-untyped-def]
    once, always = ast.Once, ast.Historically
    assert value(once(ast.Or((A, B)), w), facts) == value(ast.Or((once(A, w), once(B, w))), facts)
    assert value(always(ast.And((A, B)), w), facts) == value(ast.And((always(A, w), always(B, w))), facts)


@laws
@given(known, formulas(1, 3), some_window)
def test_now_and_ever(facts, f, w) -> None:  # type: ignore[no-untyped-def]
    now = window(0, 0)
    assert value(ast.Once(f, now), facts) == value(ast.Historically(f, now), facts) == value(f, facts)
    assert value(ast.Since(B, f, now), facts) == value(f, facts)
    ever = value(ast.Once(f), facts)
    assert value(ast.Once(ast.Once(f)), facts) == ever
    assert within(value(ast.Once(f, w), facts), ever)
    assert within(value(ast.Historically(f), facts), value(ast.Historically(f, w), facts))


@laws
@given(known, some_window)
def test_since(facts, w) -> None:  # type: ignore[no-untyped-def]
    since = ast.Since
    assert value(since(ast.Constant(True), A, w), facts) == value(ast.Once(A, w), facts)
    assert value(since(ast.Constant(False), A, window(0, None)), facts) == value(A, facts)
    assert value(since(ast.Constant(False), A, window(1, None)), facts) == time.empty()
    assert value(since(A, ast.Or((B, C)), w), facts) == value(ast.Or((since(A, B, w), since(A, C, w))), facts)
    assert within(value(since(ast.And((A, B)), C, w), facts), value(ast.And((since(A, C, w), since(B, C, w))), facts))
    assert within(value(since(A, B, w), facts), value(ast.Once(B, w), facts))
    # what has held since b holds now, or b holds now
    assert value(since(A, B), facts) == value(ast.Or((B, ast.And((A, since(A, B, window(1, None)))))), facts)


@laws
@given(known, bounds, st.integers(1, 4), st.integers(0, 9))
def test_count(facts, pair, least, apart) -> None:  # type: ignore[no-untyped-def]
    w = window(*pair)

    def counted(number: int, spacing: int | None = None) -> IntervalSet:
        return value(ast.Count(A, w, number, None if spacing is None else ast.Duration(spacing)), facts)

    assert within(counted(least + 1), counted(least))
    assert within(counted(least, apart), counted(least))
    assert within(counted(least, apart + 1), counted(least, apart))
    assert counted(least, 0) == counted(least, 1) == counted(least)
    # two beginnings are at least two seconds apart, so a window of n seconds has no more than n / 2 of them, rounded up
    assert counted((pair[1] - pair[0] + 2) // 2 + 1) == time.empty()
    assert counted(1, apart) == counted(1)
    begins = ast.And((A, ast.Once(ast.Not(A), window(1, 1))))
    assert counted(1) == value(ast.Once(begins, w), facts)


@laws
@given(known, intervals(), some_window, st.integers(1, 3))
def test_operators_are_monotone(facts, more, w, least) -> None:  # type: ignore[no-untyped-def]
    wider = tuple({**f, "a": [*f.get("a", []), *more]} for f in facts)
    for formula in (
        ast.Once(A, w),
        ast.Historically(A, w),
        ast.Since(A, B, w),
        ast.Since(B, A, w),
        ast.And((A, B)),
        ast.Or((A, B)),
        ast.Implies(B, A),
    ):
        assert within(value(formula, facts), value(formula, wider))
    assert within(value(ast.Not(A), wider), value(ast.Not(A), facts))


@laws
@given(known, st.integers(0, 9), st.integers(0, 3))
def test_windows_are_monotone(facts, high, more) -> None:  # type: ignore[no-untyped-def]
    narrow, wide = window(0, high), window(0, high + more)
    for op in (ast.Once, lambda f, w: ast.Since(B, f, w), lambda f, w: ast.Count(f, w, 2)):
        assert within(value(op(A, narrow), facts), value(op(A, wide), facts))
    assert within(value(ast.Historically(A, wide), facts), value(ast.Historically(A, narrow), facts))


def canonical(s: IntervalSet, number: int) -> bool:
    apart = (s.starts[1:] > s.ends[:-1]) | ((s.starts[1:] == s.ends[:-1]) & (s.starts[1:] % LANE == 0))
    inside = (s.starts >> 36) == ((s.ends - 1) >> 36)
    return bool(
        s.starts.dtype == s.ends.dtype == np.int64
        and (s.starts < s.ends).all()
        and apart.all()
        and inside.all()
        and (s.starts >= 0).all()
        and (s.ends <= number * LANE).all()
    )


@laws
@given(known, formulas(2))
def test_results_are_canonical(facts, f) -> None:  # type: ignore[no-untyped-def]
    assert canonical(value(f, facts), len(facts))
    n = len(facts)
    for s in (*sets(facts), time.union(*sets(facts)[:2]), time.complement(sets(facts)[0], n), time.full(n)):
        assert canonical(s, n)


def test_the_edges_of_a_lane_are_infinite() -> None:
    facts = {"a": time.from_intervals([0, 1, 1], [5, MINUS_INF, 30], [PLUS_INF, 7, PLUS_INF])}
    for w in (window(0, 3), window(2, 10**9), window(2, None)):
        found = evaluate(ast.Once(A, w), facts, 2)
        assert time.lane(found, 0)[-1][1] == PLUS_INF
        assert time.lane(found, 1)[0][0] == MINUS_INF
    assert time.lane(evaluate(ast.Once(A, window(2, 4)), facts, 2), 1) == [(MINUS_INF, 11), (32, PLUS_INF)]
    assert time.lane(evaluate(ast.Historically(A, window(2, 4)), facts, 2), 1) == [(MINUS_INF, 9), (34, PLUS_INF)]


def test_what_would_leave_its_lane_ends_there() -> None:
    facts = {"a": time.from_intervals([0, 0], [PLUS_INF - 5, PLUS_INF - 1], [PLUS_INF - 4, PLUS_INF])}
    for f in (ast.Once(A, window(3, 9)), ast.Since(ast.Constant(True), A, window(3, 9)), ast.Count(A, window(3, 9), 1)):
        assert time.lane(evaluate(f, facts, 2), 0) == [(PLUS_INF - 2, PLUS_INF)]
        assert time.lane(evaluate(f, facts, 2), 1) == []


@laws
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-9, 9), st.integers(-9, 9))))
def test_from_intervals_takes_any_order(rows) -> None:  # type: ignore[no-untyped-def]
    columns = tuple(zip(*rows, strict=True)) if rows else ((), (), ())
    s = time.from_intervals(*columns)
    assert canonical(s, 4)
    for i in range(4):
        seconds = {t for n, start, end in rows if n == i for t in range(start, end)}
        assert {t for start, end in time.lane(s, i) for t in range(start, end)} == seconds
    assert time.from_intervals(*time.to_intervals(s)) == s


def test_bounds_beyond_infinity_are_clipped() -> None:
    s = time.from_intervals([1, 0], [-(10**15), 3], [2, 10**15])
    assert time.lane(s, 0) == [(3, PLUS_INF)]
    assert time.lane(s, 1) == [(MINUS_INF, 2)]
    assert time.from_intervals([0], [PLUS_INF], [10**15]) == time.empty()


@pytest.mark.parametrize("rows", [([0], [1, 2], [3]), ([-1], [1], [2]), ([1 << 26], [1], [2])])
def test_impossible_intervals_are_refused(rows) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="lanes"):
        time.from_intervals(*rows)


def test_a_set_is_no_key_and_no_number() -> None:
    assert time.empty() != 0
    with pytest.raises(TypeError):
        hash(time.empty())
