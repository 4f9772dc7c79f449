"""The evaluator against the oracle, and against itself, over random formulas and facts."""

from __future__ import annotations

import ast as python
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import oracle
from core.cases import Case, answer, cases, formulas, lanes, packed, truth, unpacked
from fugong.core.protocol import evaluate, parse
from fugong.core.time import empty, engine, from_intervals, full, lane, select


@settings(max_examples=400, deadline=None)
@given(cases(least=3, lanes_least=2))
def test_agrees_with_the_oracle(case: Case) -> None:
    assert answer(case) == truth(case)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_agrees_with_the_oracle_on_small_formulas(case: Case) -> None:
    assert answer(case) == truth(case)


def test_the_oracle_is_independent() -> None:
    tree = python.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = [n.module or "" for n in python.walk(tree) if isinstance(n, python.ImportFrom)]
    imported += [a.name for n in python.walk(tree) if isinstance(n, python.Import) for a in n.names]
    assert not [name for name in imported if name.startswith("fugong") and name != "fugong.core.protocol"]


@settings(max_examples=100, deadline=None)
@given(formulas(2), lanes(2, 8), st.integers(1, 3), st.integers(1, 5))
def test_lanes_do_not_see_each_other(formula, known, chunk, batch) -> None:  # type: ignore[no-untyped-def]
    together = evaluate(formula, packed(known), len(known))
    alone = [unpacked(evaluate(formula, packed([facts]), 1), 1)[0] for facts in known]
    assert unpacked(together, len(known)) == alone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_CHUNK", chunk)
        patch.setattr(engine, "_BATCH", batch)
        assert evaluate(formula, packed(known), len(known)) == together


@settings(max_examples=100, deadline=None)
@given(formulas(2), lanes(3, 6), st.data())
def test_lanes_can_be_taken_out(formula, known, data) -> None:  # type: ignore[no-untyped-def]
    first = data.draw(st.integers(0, len(known) - 1))
    last = data.draw(st.integers(first + 1, len(known)))
    facts = packed(known)
    part = {kind: select(s, first, last) for kind, s in facts.items()}
    assert evaluate(formula, part, last - first) == select(evaluate(formula, facts, len(known)), first, last)


@settings(max_examples=100, deadline=None)
@given(formulas(2), lanes(), st.integers(-(10**9), 10**9))
def test_meaning_does_not_depend_on_the_epoch(formula, known, by) -> None:  # type: ignore[no-untyped-def]
    moved = [
        {k: [(s if s is None else s + by, e if e is None else e + by) for s, e in v] for k, v in facts.items()}
        for facts in known
    ]
    here, there = answer(Case(formula, known)), answer(Case(formula, tuple(moved)))
    assert there == [[(s if s is None else s + by, e if e is None else e + by) for s, e in found] for found in here]


def test_more_lanes_than_a_chunk_or_a_batch() -> None:
    number = 40_000
    facts = {"a": from_intervals(range(number), range(number), range(1, number + 1))}
    found = evaluate(parse("once[1,2] a or historically false or (count[0,9](a) >= 2)"), facts, number)
    assert [lane(found, i) for i in (0, 255, 256, 16_383, 16_384, 39_999)] == [
        [(i + 1, i + 3)] for i in (0, 255, 256, 16_383, 16_384, 39_999)
    ]
    assert len(found) == number


def test_results_larger_than_the_room_first_made() -> None:
    at = list(range(0, 100_000, 10))
    facts = {"a": from_intervals([0] * len(at), at, [t + 1 for t in at])}
    assert len(evaluate(parse("not a and not once[3,4] a"), facts, 3)) == 2 * len(at) + 3
    assert evaluate(parse("not not not not not a"), facts, 1) == evaluate(parse("not a"), facts, 1)


def test_what_nobody_knows_is_false() -> None:
    assert evaluate(parse("a"), {}, 3) == empty()
    assert evaluate(parse("not once[0,14d] fever"), {}, 3) == full(3)
    assert evaluate(parse("historically[0,14d] registered"), {}, 3) == empty()
    assert evaluate(parse("true"), {}, 0) == empty()


def test_a_state_of_old_has_no_beginning() -> None:
    facts = packed([{"a": [(None, 10), (20, None)]}])
    assert unpacked(evaluate(parse("count[0,inf](a) >= 1"), facts, 1), 1) == [[(20, None)]]


@pytest.mark.parametrize("lanes_wrong", [-1, (1 << 26) + 1])
def test_too_many_lanes_are_refused(lanes_wrong: int) -> None:
    with pytest.raises(ValueError, match="lanes"):
        evaluate(parse("a"), {}, lanes_wrong)


def test_frozen_arrays_are_taken() -> None:
    s = from_intervals([0], [5], [6])
    s.starts.setflags(write=False)
    s.ends.setflags(write=False)
    assert lane(evaluate(parse("once[0,3] a"), {"a": s}, 1), 0) == [(5, 9)]
