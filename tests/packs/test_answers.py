"""What a good answer at a door settles: exactly what the fact that is filed for it does, under every shipped pack."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fugong.core.protocol.answers import ASKS, Outcome, ask_of, outcome, settled
from fugong.core.protocol.derive import RawFact, derive
from fugong.core.protocol.pack import Pack, load, shipped
from fugong.core.time import lane
from packs import facts as making
from packs.pointwise import Pointwise

PACKS = {name: load(text) for name, text in shipped().items()}
NOTHING: frozenset[str] = frozenset()


def those(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


def test_what_a_good_answer_comes_to_in_the_shipped_packs():
    assert {(name, ask): outcome(pack, ask) for name, pack in PACKS.items() for ask in ASKS} == {
        ("jinfeng-2020-03", "register"): Outcome(those("registered"), those("register.unwell")),
        ("jinfeng-2020-03", "temperature"): Outcome(those("temperature.normal"), NOTHING),
        ("cn-2020-health-code", "register"): Outcome(those("check_in.clean"), those("check_in.unclean")),
        ("cn-2020-health-code", "temperature"): Outcome(NOTHING, those("fever.latest")),
        ("cn-2022-48h", "register"): Outcome(NOTHING, NOTHING),
        ("cn-2022-48h", "temperature"): Outcome(NOTHING, those("fever.latest")),
        ("sg-2020-accesscode", "register"): Outcome(NOTHING, NOTHING),
        ("sg-2020-accesscode", "temperature"): Outcome(NOTHING, NOTHING),
        ("cdc-2024-respiratory", "register"): Outcome(NOTHING, those("register.unwell")),
        ("cdc-2024-respiratory", "temperature"): Outcome(NOTHING, NOTHING),
    }


def test_what_the_shipped_packs_ask_for():
    assert {
        (name, one.name): ask_of(pack, one)
        for name, pack in PACKS.items() for one in pack.requirements.values() if one.on_the_spot
    } == {
        ("jinfeng-2020-03", "no_fever"): "temperature",
        ("jinfeng-2020-03", "registered"): "register",
        ("cn-2020-health-code", "checked_in"): "register",
        ("cn-2022-48h", "no_fever"): "temperature",
    }  # fmt: skip
    assert {
        ask_of(pack, one) for pack in PACKS.values() for one in pack.requirements.values() if not one.on_the_spot
    } == {None}


@pytest.mark.parametrize("name", sorted(PACKS))
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_it_settles_what_the_fact_that_is_filed_for_it_does(name: str, data: st.DataObject):
    pack = PACKS[name]
    life, linked = data.draw(making.lives(pack))
    at = data.draw(making.moments)
    known = truth(pack, life, linked)
    for requirement in pack.requirements.values():
        ask = ask_of(pack, requirement)
        if ask is None or any(fact.kind == ask and fact.start == at for fact in life):
            continue
        celsius = data.draw(st.sampled_from([34.0, 36.5, 37.29]))
        values = {"well": True, "filed_by": "guard"} if ask == "register" else {"celsius": celsius, "place": "door"}
        after = truth(pack, [*life, RawFact(0, ask, at, at + 1, values)], linked)
        assert known.true(settled(pack, requirement), at) == after.true(requirement.effective, at)


def truth(pack: Pack, life: list[RawFact], linked: dict[str, list[RawFact]]) -> Pointwise:
    return Pointwise({kind: lane(times, 0) for kind, times in derive(pack, life, 1, linked).items()})


RULES = """
pack: a-pack
version: "1"
title: {{zh: 测试, en: test}}
issuer: {{zh: 测试, en: test}}
in_force: {{from: 2020-01-01}}
timezone: Asia/Shanghai
sources: [{{title: none, confidence: own}}]
facts: {{{facts}}}
kinds: {{k: {{zh: 类, en: kind}}}}
derivations: {{k: [{rule}]}}
requirements: {{}}
permissions: {{}}
door: {{fever_limit: 37.3}}
"""


@pytest.mark.parametrize(
    ("rule", "comes_to"),
    [
        ("{from: temperature}", "holding"),
        ("{from: temperature, where: {celsius: {below: 37.3}}}", "holding"),
        ("{from: temperature, where: {celsius: {below: 37.0}}}", ""),
        ("{from: temperature, where: {celsius: {at_least: 36.0, below: 37.0}}, holds: latest}", ""),
        ("{from: temperature, where: {celsius: {at_least: 37.3}}}", ""),
        ("{from: temperature, where: {celsius: {at_least: 37.3}}, holds: latest}", "ended"),
        ("{from: temperature, where: {celsius: {at_least: 37.0}}, holds: latest}", ""),
        ("{from: temperature, where: {place: arrival}}", ""),
        ("{from: temperature, where: {place: door}, holds: {for: 2h}}", "holding"),
        ("{from: temperature, holds: {from: {after: 1h}, for: 2h}}", ""),
        ("{from: temperature, where: {celsius: {at_least: 37.3}}, holds: latest}, {from: arrival}", ""),
    ],
)
def test_what_a_rule_makes_of_a_good_temperature(rule, comes_to):
    facts = ", ".join(f"{kind}: event" for kind in ("temperature", "arrival") if f"from: {kind}" in rule)
    found = outcome(load(RULES.format(rule=rule, facts=facts)), "temperature")
    assert ("holding" if found.holding else "ended" if found.ended else "") == comes_to
