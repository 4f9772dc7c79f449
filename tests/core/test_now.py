"""``holding_now`` against the oracle: the formula at t over facts to which the kinds are added at t, and at t alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.cases import KINDS, Facts, formulas, lanes, packed
from core.oracle import holds
from fugong.core.protocol import Formula, evaluate, parse
from fugong.core.protocol.now import holding_now
from fugong.core.time import lane


def true_at(intervals, t):
    return any((start is None or start <= t) and (end is None or t < end) for start, end in intervals)


def without(intervals, t):
    """The intervals without one second."""
    parts = [
        (start, end if end is not None and end <= t else t) for start, end in intervals if start is None or start < t
    ]
    parts += [
        (start if start is not None and start > t else t + 1, end)
        for start, end in intervals
        if end is None or end > t + 1
    ]
    return [(start, end) for start, end in parts if start is None or end is None or start < end]


@given(
    formula=formulas(1, 3), facts=lanes(1, 1), kinds=st.sets(st.sampled_from(KINDS)), ended=st.sets(st.sampled_from(KINDS)),
    moments=st.lists(st.integers(-8, 40), min_size=1, max_size=4),
)  # fmt: skip
def test_it_is_the_formula_with_the_kinds_added_and_taken_away_at_this_second(
    formula: Formula, facts: tuple[Facts], kinds: set[str], ended: set[str], moments: list[int]
):
    ended -= kinds
    now = lane(evaluate(holding_now(formula, kinds, ended), packed(facts), 1), 0)
    for t in moments:
        changed = {kind: [*facts[0].get(kind, []), (t, t + 1)] for kind in kinds}
        changed |= {kind: without(facts[0].get(kind, []), t) for kind in ended}
        assert true_at(now, t) == true_at(holds(formula, {**facts[0], **changed}), t), (str(formula), t)


def test_what_does_not_speak_of_the_kinds_is_left_as_it_is():
    formula = parse("once[0,10m] a and not b")
    assert holding_now(formula, {"c"}) is formula


def test_one_register_now_is_no_fourteen_days_of_registers():
    formula = parse("historically[0,14d] registered")
    assert str(holding_now(formula, {"registered"})) == "historically[1s,14d] registered"
