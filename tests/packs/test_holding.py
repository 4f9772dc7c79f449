"""Why somebody may: what holds, and on which facts that rests."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fugong.core.protocol.derive import RawFact
from fugong.core.protocol.formula import kinds_of
from fugong.core.protocol.holding import holding
from packs.facts import DAY, HOUR, START
from packs.test_explain import PACKS, asked, every_pack, some, truth


@every_pack
@given(data=st.data())
@some
def test_it_names_what_holds_and_nothing_else(name: str, data: st.DataObject) -> None:
    pack = PACKS[name]
    own, linked, at, permission, explained = asked(data, pack)
    known = truth(pack, own, linked)
    found = holding(pack, pack.permissions[permission], own, at, linked)
    needed = pack.permissions[permission]
    assert list(found) == [one for one in needed if known.true(pack.requirements[one].effective, at)]
    assert set(needed) - set(found) == {failure.requirement for failure in explained.failures}


@every_pack
@given(data=st.data())
@some
def test_each_rests_on_facts_that_exist_and_on_one_wherever_one_is_known(name: str, data: st.DataObject) -> None:
    pack = PACKS[name]
    own, linked, at, permission, _explained = asked(data, pack)
    ids = {one.id for one in own} | {one.id for facts in linked.values() for one in facts}
    for requirement, rests in holding(pack, pack.permissions[permission], own, at, linked).items():
        assert set(rests) <= ids
        assert len(set(rests)) == len(rests)
        rules = [rule for kind in kinds_of(pack.requirements[requirement].effective) for rule in pack.derivations[kind]]
        read = {rule.through.kind if rule.through else rule.raw for rule in rules}
        assert rests or not [one for one in own if one.kind in read and one.start <= at]


def test_the_latest_reading_stands_for_what_never_was() -> None:
    def reading(at: int) -> RawFact:
        return RawFact(0, "temperature", at, at + 1, {"celsius": 36.4, "place": "door"}, f"reading at {at}")

    readings = [reading(START + n * HOUR) for n in (2, 0, 1, 48)]
    found = holding(PACKS["jinfeng-2020-03"], ["no_fever", "no_symptoms"], readings, START + DAY, {})
    assert found == {"no_fever": (f"reading at {START + 2 * HOUR}",), "no_symptoms": ()}
