"""What an explanation says is true, for every shipped pack and any facts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fugong.core.protocol.derive import RawFact, derive, references
from fugong.core.protocol.explain import Explanation, explain
from fugong.core.protocol.formula import Formula, Kind
from fugong.core.protocol.pack import Pack, load, shipped
from fugong.core.time import PLUS_INF, lane
from packs.facts import DAY, HOUR, START, fact, linked_kinds, lives, moments, own_kinds
from packs.pointwise import Pointwise

PACKS = {name: load(text, name=name) for name, text in shipped().items()}
Linked = dict[str, list[RawFact]]

every_pack = pytest.mark.parametrize("name", PACKS)
some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def truth(pack: Pack, own: list[RawFact], linked: Linked) -> Pointwise:
    return Pointwise({kind: lane(times, 0) for kind, times in derive(pack, own, 1, linked).items()})


def with_fact(own: list[RawFact], linked: Linked, about: str, more: RawFact) -> tuple[list[RawFact], Linked]:
    if about:
        return own, {**linked, about: [*linked.get(about, []), more]}
    return [*own, more], linked


def asked(data: st.DataObject, pack: Pack) -> tuple[list[RawFact], Linked, int, str, Explanation]:
    own, linked = data.draw(lives(pack))
    at = data.draw(moments)
    permission = data.draw(st.sampled_from(sorted(pack.permissions)))
    return own, linked, at, permission, explain(pack, permission, own, at, linked)


@every_pack
@given(data=st.data())
@some
def test_it_holds_until_it_says_and_ends_with_what_it_names(name: str, data: st.DataObject) -> None:
    pack = PACKS[name]
    own, linked, at, permission, found = asked(data, pack)
    formula = pack.permission_formula(permission)
    known = truth(pack, own, linked)
    assert found.holds == known.true(formula, at)
    failing = [n for n in pack.permissions[permission] if not known.true(pack.requirements[n].effective, at)]
    assert [failure.requirement for failure in found.failures] == failing
    if not found.holds:
        return
    last = found.until - 1 if found.until is not None else at + 400 * DAY
    assert all(known.true(formula, c) for c in [at, last, *known.changes(formula)] if at <= c <= last)
    if found.until is not None:
        assert not known.true(formula, found.until)
        ended = [n for n in pack.permissions[permission] if not known.true(pack.requirements[n].effective, found.until)]
        assert [ending.requirement for ending in found.endings] == ended
        assert all(ending.lapses or ending.begins for ending in found.endings)


@every_pack
@given(data=st.data())
@some
def test_the_named_fact_satisfies_the_requirement(name: str, data: st.DataObject) -> None:
    pack = PACKS[name]
    own, linked, at, _, found = asked(data, pack)
    for failure in found.failures:
        if failure.new_fact is not None:
            new = failure.new_fact
            after = truth(pack, *with_fact(own, linked, new.about, new.fact(at)))
            requirement = pack.requirements[failure.requirement]
            assert after.true(requirement.effective, at), new
            assert after.true(requirement.formula, at) != new.unbinds
            assert after.true(Kind(new.derived), at) != new.ends


@every_pack
@given(data=st.data())
@some
def test_it_is_false_at_every_second_before_the_earliest_instant_and_true_there(name: str, data: st.DataObject) -> None:
    pack = PACKS[name]
    own, linked, at, permission, found = asked(data, pack)
    known = truth(pack, own, linked)
    stated: list[tuple[Formula, int | None]] = [
        (pack.requirements[failure.requirement].effective, failure.earliest) for failure in found.failures
    ]
    if not found.holds:
        stated.append((pack.permission_formula(permission), found.earliest))
    for formula, earliest in stated:
        if earliest is None:
            assert known.false_throughout(formula, at, at + 400 * DAY)
        else:
            assert known.false_throughout(formula, at, earliest - 1)
            assert known.true(formula, earliest)


@every_pack
@given(data=st.data())
@some
def test_where_no_fact_is_named_none_suffices(name: str, data: st.DataObject) -> None:
    pack = PACKS[name]
    own, linked, at, _, found = asked(data, pack)
    hopeless = [failure for failure in found.failures if failure.new_fact is None]
    if not hopeless:
        return
    known_subjects = sorted(references(pack, own) | set(linked))
    for _ in range(6):
        about = data.draw(st.sampled_from(["", *known_subjects])) if linked_kinds(pack) else ""
        more = data.draw(fact(pack, linked_kinds(pack) if about else own_kinds(pack), at))
        after = truth(pack, *with_fact(own, linked, about, more))
        for failure in hopeless:
            assert not after.true(pack.requirements[failure.requirement].effective, at), (failure.requirement, more)


@every_pack
@given(data=st.data())
@some
def test_it_rests_on_facts_that_exist(name: str, data: st.DataObject) -> None:
    pack = PACKS[name]
    own, linked, _, _, found = asked(data, pack)
    ids = {one.id for one in own} | {one.id for facts in linked.values() for one in facts}
    for failure in found.failures:
        assert set(failure.rests_on) <= ids
        assert len(set(failure.rests_on)) == len(failure.rests_on)


@every_pack
@given(data=st.data())
@some
def test_without_what_it_rests_on_a_refusal_has_other_grounds(name: str, data: st.DataObject) -> None:
    """Either the requirement holds without these facts, or it fails for want of any, or it now rests on others."""
    pack = PACKS[name]
    own, linked, at, permission, found = asked(data, pack)
    for failure in found.failures:
        rest = [one for one in own if one.id not in failure.rests_on]
        others = {about: [one for one in some if one.id not in failure.rests_on] for about, some in linked.items()}
        again = explain(pack, permission, rest, at, others)
        for other in again.failures:
            if other.requirement == failure.requirement:
                assert not set(other.rests_on) & set(failure.rests_on)


def test_the_earliest_instant_of_the_whole_may_come_after_each_requirements_own() -> None:
    pack = PACKS["cdc-2024-respiratory"]
    own = [
        RawFact(0, "temperature", START, START + 1, {"celsius": 39.0}, "hot"),
        RawFact(0, "symptom", START + 30 * HOUR, START + 40 * HOUR, {"name": "cough"}, "cough"),
    ]
    found = explain(pack, "work", own, START + HOUR)
    assert [(f.requirement, f.earliest, f.rests_on) for f in found.failures] == [
        ("fever_free", START + 24 * HOUR + 1, ("hot",))
    ]
    assert found.earliest == START + 24 * HOUR + 1
    later = explain(pack, "work", own, found.earliest)
    assert (later.holds, later.until) == (True, START + 30 * HOUR)
    assert [(e.requirement, e.lapses, e.begins) for e in later.endings] == [
        ("improving", ("symptoms.improving",), ("symptoms",))
    ]


def test_what_ends_it_together_is_named_together() -> None:
    own = [
        RawFact(0, "diagnosis", START, PLUS_INF, {"finding": finding}, finding)
        for finding in ("suspected", "confirmed")
    ]
    found = explain(PACKS["sg-2020-accesscode"], "board", own, START - 1)
    assert [(e.requirement, e.lapses, e.begins) for e in found.endings] == [
        ("worker_clear", (), ("diagnosis.suspected", "infection.found", "infection.known"))
    ]


def test_two_missing_facts_are_more_than_one() -> None:
    text = shipped()["sg-2020-accesscode"].replace(
        "    formula: once[0,$routine_test] test.sampled", "    formula: count[0,$routine_test](test.sampled) >= 2"
    )
    pack = load(text)
    own = [RawFact(0, "dormitory", START, START + DAY, {"site": "e1"}, "bed")]
    found = explain(pack, "work", own, START)
    named = {f.requirement: f.new_fact for f in found.failures}
    assert named["employer_approved"] is None  # an employment and an approval are two facts
    cleared, discharged = named["dormitory_cleared"], named["routinely_tested"]
    assert cleared is not None
    assert (cleared.kind, cleared.about, cleared.shape, cleared.unbinds) == ("clearance_of_site", "e1", "state", False)
    assert discharged is not None  # no single swab is two; but who is discharged is swabbed no more
    assert (discharged.kind, discharged.values, discharged.unbinds) == ("diagnosis", {"finding": "discharged"}, True)


def test_a_permission_that_the_pack_lacks_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        explain(PACKS["sg-2020-accesscode"], "visit", [], START)
