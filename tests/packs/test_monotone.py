"""What added facts can change: the bound holds for random lives under every shipped pack, and skipping is exact."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases import formulas
from fugong.clearance.evaluation import Force, standings
from fugong.clearance.unaffected import _holds_already
from fugong.core.protocol import parse
from fugong.core.protocol import steps as stepping
from fugong.core.protocol.answers import settled
from fugong.core.protocol.derive import RawFact, derive
from fugong.core.protocol.door import NOTHING, Steps
from fugong.core.protocol.monotone import EITHER, NEGATIVE, POSITIVE, growth, signs
from fugong.core.protocol.pack import Pack, load, shipped
from fugong.core.time import MINUS_INF, PLUS_INF, lane
from packs import facts as making
from packs.pointwise import Pointwise

PACKS = {name: load(text) for name, text in shipped().items()}
JINFENG = PACKS["jinfeng-2020-03"]
T = making.START
ID = __import__("uuid").UUID(int=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a and not b", {"a": POSITIVE, "b": NEGATIVE}),
        ("a implies b", {"a": NEGATIVE, "b": POSITIVE}),
        ("not (a implies not b)", {"a": POSITIVE, "b": POSITIVE}),
        ("a since[0,5m] b", {"a": POSITIVE, "b": POSITIVE}),
        ("once a and historically[0,1h] not a", {"a": EITHER}),
        ("count[0,1d](a) >= 2", {"a": EITHER}),
        ("not count[0,1d](not a, spaced 5m) >= 2", {"a": EITHER}),
    ],
)
def test_signs(text, expected):
    assert signs(parse(text)) == expected


@settings(deadline=None)
@given(formula=formulas(0, 3), data=st.data())
def test_a_formula_grows_only_as_its_signs_say(formula, data):
    from core.cases import intervals, lanes, packed
    from core.oracle import holds

    [facts] = data.draw(lanes(1, 1))
    kind = data.draw(st.sampled_from(sorted(signs(formula)) or ["a"]))
    more = data.draw(intervals())
    after = {**facts, kind: [*facts.get(kind, []), *more]}
    assert packed([facts]) is not None
    old, new = holds(formula, facts), holds(formula, after)
    sign = signs(formula).get(kind, 0)
    first = min((s for s, _ in more if s is not None), default=None)
    for t in range(-12, 60):
        was, now = (any((s is None or s <= t) and (e is None or t < e) for s, e in one) for one in (old, new))
        if sign == POSITIVE:
            assert now or not was
        if sign == NEGATIVE:
            assert was or not now
        if sign == 0 or (more and all(s is not None for s, _ in more) and t < first):
            assert now == was


def unaffected(pack: Pack, forces: list[Force], life: list[RawFact], linked, new: list[RawFact]) -> bool:
    before = standings(forces, life, linked, 1)
    stored = {permission: stepping.lane(found.steps, 0) for permission, found in before.items()}
    [grown] = growth(pack, new, 1)
    same = all(_holds_already(grown, force, stored) for force in forces)
    after = standings(forces, [*life, *new], linked, 1)
    if same:
        assert {p: stepping.lane(found.steps, 0) for p, found in after.items()} == stored
        assert all(lane(after[p].held, 0) == lane(before[p].held, 0) for p in after)
    return same


@pytest.mark.parametrize("name", sorted(PACKS))
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_what_is_skipped_changes_nothing(name: str, data: st.DataObject):
    pack = PACKS[name]
    life, linked = data.draw(making.lives(pack))
    new = data.draw(st.lists(making.fact(pack, making.own_kinds(pack)), min_size=1, max_size=2))
    if data.draw(st.booleans()):  # what doors measure, all day long
        new = [RawFact(0, "temperature", data.draw(making.moments), 0, {"celsius": 36.5})]
        new = [fact._replace(end=fact.start + 1) for fact in new]
    cut = data.draw(making.moments)
    windows = data.draw(
        st.sampled_from([[(MINUS_INF, PLUS_INF)], [(T, PLUS_INF)], [(T, cut), (cut + 9_000, PLUS_INF)]])
    )
    unaffected(pack, [Force(ID, pack, *window) for window in windows if window[0] < window[1]], life, linked, new)


def temperature(celsius: float, at: int = T) -> RawFact:
    return RawFact(0, "temperature", at, at + 1, {"celsius": celsius})


@pytest.mark.parametrize("name", sorted(PACKS))
def test_a_normal_temperature_of_somebody_without_a_fever_changes_nothing(name: str):
    pack = PACKS[name]
    forces = [Force(ID, pack, T - 86_400, PLUS_INF)]
    assert unaffected(pack, forces, [], {}, [temperature(36.5)])
    assert unaffected(
        pack, forces, [temperature(36.6, T - 86_400 * 3)], {}, [temperature(36.5), temperature(36.4, T + 9)]
    )


def test_whatever_may_change_something_is_not_skipped():
    forces = [Force(ID, JINFENG, T - 86_400, PLUS_INF)]
    fever = temperature(38.0, T - 3_600)
    assert not unaffected(JINFENG, forces, [], {}, [temperature(38.0)])
    assert not unaffected(JINFENG, forces, [fever], {}, [temperature(36.5)])
    assert unaffected(JINFENG, forces, [fever, temperature(36.5, T)], {}, [temperature(36.5, T + 60)])
    assert not unaffected(JINFENG, forces, [fever, temperature(36.5, T)], {}, [temperature(36.5, T - 60)])
    assert not unaffected(JINFENG, forces, [], {}, [RawFact(0, "register", T, T + 1, {"well": True})])
    assert not unaffected(JINFENG, forces, [], {}, [RawFact(0, "arrival", T, T + 1, {})])


@pytest.mark.parametrize("name", sorted(PACKS))
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_masks_of_the_shipped_packs_are_what_their_requirements_say(name: str, data: st.DataObject):
    pack = PACKS[name]
    life, linked = data.draw(making.lives(pack))
    found = standings([Force(ID, pack, T, PLUS_INF)], life, linked, 1)
    whole = {kind: lane(one, 0) for kind, one in derive(pack, life, 1, linked).items()}
    truth = Pointwise(whole)
    for permission, names in pack.permissions.items():
        needed = [pack.requirements[one] for one in names]
        every = [one.effective for one in needed] + [settled(pack, one) for one in needed if one.on_the_spot]
        moments, masks = stepping.lane(found[permission].steps, 0)
        near = [m + d for m in data.draw(st.lists(st.sampled_from(moments), max_size=4)) for d in (-1, 0, 1)]
        for t in (*near, data.draw(making.moments)):
            expected = sum(1 << bit for bit, formula in enumerate(every) if not truth.true(formula, t))
            assert Steps(moments, masks).at(t) == (expected if t >= T else NOTHING)
