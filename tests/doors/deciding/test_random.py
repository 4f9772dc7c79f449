"""The server decides ten thousand random cases as the naive oracle does (tests/browser: and so does the app)."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases import formulas, lanes
from doors.deciding import cases, naive, serving
from doors.deciding.derived import derived
from fugong.core.protocol import door as deciding
from fugong.core.protocol import formula as ast
from fugong.core.time import PLUS_INF
from fugong.doors.snapshot import parts


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


def test_visitors_of_whom_nothing_is_known():
    """A snapshot's ``visit``: under every rule, for somebody without a single fact."""
    said = Counter()
    for town in cases.made().towns:
        rules = [cases.rule(one.pack, one.start, one.end, "visit") for one in town.forces]
        nobody = naive.Person({one.pack: naive.ByInstant(derived(cases.PACKS[one.pack], [], {})) for one in rules})
        now = town.forces[0].start - 5
        forces = serving.read_forces(serving.served(town.forces, "visit"))
        steps = serving.read_steps(serving.through_json(parts._unknown(town.forces, now)))
        for at in sorted({bound + by for one in town.forces for bound in (one.start, one.end) for by in (-1, 0, 1)}):
            for measured in (
                {"celsius": 36.5, "mask": True, "gloves": True},
                {"celsius": 38.5},
                {"register": {"well": True}},
            ):
                if at < PLUS_INF:
                    found = serving.said(deciding.decide(forces, steps, at, "in", serving.measures(measured)))
                    assert found == naive.said(rules, nobody, at, "in", measured)
                    said[found["colour"]] += 1
    assert min(said[colour] for colour in ("green", "red")) > 20


def test_the_oracle_for_days_begins_as_the_other_does():
    """Nothing lasts since before the beginning: a window that lies there was taken for the beginning itself."""
    window = ast.Window(ast.Duration(1), None)
    formula = ast.Once(ast.Since(ast.Kind("a"), ast.Constant(True), window), ast.Window(ast.Duration(0), None))
    for facts in ({}, {"a": [(None, None)]}, {"a": [(None, 0)]}, {"a": [(0, 2)]}):
        by_second, by_instant = naive.BySecond(facts), naive.ByInstant(facts)
        assert [by_second.true(formula, at) for at in range(-9, 9)] == [
            by_instant.true(formula, at) for at in range(-9, 9)
        ]


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
