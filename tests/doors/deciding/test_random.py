"""The server decides ten thousand random cases as the naive oracle does (tests/browser: and so does the app)."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases import formulas, lanes
from doors.deciding import cases, naive, serving


def test_ten_thousand_random_cases():
    made = cases.made()
    assert len(made.cases) == 10_000
    colours = Counter(case.says["colour"] for case in made.cases)
    assert colours["green"] > len(made.cases) / 3
    assert min(colours.values()) > 500
    for case in made.cases:
        town = made.towns[case.group]
        found = town.decided(case)
        assert {name: value for name, value in serving.said(found).items() if name in case.says} == case.says, case
        if case.direction == "in" and found.until is not None:
            assert naive.lasts(town.rules, case.person, case.at, found.until - 1)
            assert not naive.lasts(town.rules, case.person, case.at, found.until)
        if found.earliest is not None:
            assert not naive.may(town.rules, case.person, found.earliest - 1)
            assert naive.may(town.rules, case.person, found.earliest)


@settings(max_examples=150, deadline=None)
@given(formula=formulas(1, 3), known=lanes(1, 1), data=st.data())
def test_the_oracle_for_days_says_what_the_oracle_by_seconds_says(formula, known, data):
    by_second, by_instant = naive.BySecond(known[0]), naive.ByInstant(known[0])
    for at in range(-9, 45):
        assert by_second.true(formula, at) == by_instant.true(formula, at), at
    at, (kind, other) = data.draw(st.integers(-9, 45)), data.draw(st.permutations("abc"))[:2]
    good = naive.Good((kind,), (other,))
    assert by_second.true_if(formula, at, good) == by_instant.true_if(formula, at, good)
    changes = by_instant.later([formula], -9)
    assert by_second.later([formula], -9) <= changes
