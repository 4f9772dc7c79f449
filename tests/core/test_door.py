"""What a door decides (docs/doors.md), case by case."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.core.protocol.door import (
    NOTHING,
    Answer,
    Force,
    Measures,
    Needed,
    Rules,
    Steps,
    decide,
    force_of,
)
from fugong.core.protocol.pack import load, shipped
from fugong.core.time import PLUS_INF

RULES = Rules(fever_limit=37.3, mask=True, gloves=True, second_measurement=600)
SURVEYED, NO_FEVER, REGISTERED, OTHER = (
    Needed("surveyed"), Needed("no_fever", True, "temperature"), Needed("registered", True, "register"), Needed("other", True),
)  # fmt: skip
FORCE = Force(0, PLUS_INF, (SURVEYED, NO_FEVER, REGISTERED), RULES)
WELL = {"celsius": 36.5, "mask": True, "gloves": True}
SURVEY_BIT, FEVER_BIT, REGISTER_BIT, FEVER_HOPELESS, REGISTER_HOPELESS = 1, 2, 4, 8, 16


def said(failing: int, at: int = 100, *, forces=(FORCE,), later=(), direction="in", **measured: Any) -> Answer:
    steps = Steps([-50, *(moment for moment, _ in later)], [failing, *(one for _, one in later)])
    return decide(forces, steps, at, direction, Measures(**{**WELL, **measured}))


def test_out_is_green_whatever_is_known():
    assert decide((), None, 100, "out", Measures(celsius=40.0)) == Answer("green")


def test_without_rules_or_steps_it_is_red():
    lacking = Force(0, PLUS_INF, None, RULES)
    for forces in ((), (lacking,), (Force(200, 300, (), RULES),)):
        assert said(0, forces=forces) == Answer("red", ("door.no_protocol",))
    assert decide((FORCE,), None, 100, "in", Measures()) == Answer("red", ("door.no_clearance",))
    assert said(NOTHING) == Answer("red", ("door.no_clearance",))
    assert decide((FORCE,), Steps([200], [0]), 100, "in", Measures(**WELL)).reasons == ("door.no_clearance",)


@pytest.mark.parametrize(
    ("measured", "colour", "reasons", "asks"),
    [
        ({}, "green", (), ()),
        ({"celsius": None}, "amber", ("door.no_temperature",), ("temperature",)),
        ({"celsius": 33.9}, "amber", ("door.implausible",), ("temperature",)),
        ({"celsius": 42.6}, "amber", ("door.implausible",), ("temperature",)),
        ({"celsius": 34.0}, "green", (), ()),
        ({"celsius": 37.3}, "amber", ("door.fever",), ("temperature",)),
        ({"celsius": 37.3, "second_of": -501}, "red", ("door.fever_confirmed",), ()),
        ({"celsius": 37.3, "second_of": -499}, "amber", ("door.fever",), ("temperature",)),
        ({"celsius": 36.5, "second_of": -499}, "amber", ("door.wait",), ("temperature",)),
        ({"celsius": 36.5, "second_of": -500}, "green", (), ()),
        ({"mask": None}, "amber", ("door.mask",), ("mask",)),
        (
            {"celsius": None, "mask": False, "gloves": False}, "amber",
            ("door.no_temperature", "door.mask", "door.gloves"), ("temperature", "mask", "gloves"),
        ),
        ({"well": False, "gloves": False}, "red", ("door.gloves", "door.unwell"), ("gloves",)),
    ],
)  # fmt: skip
def test_what_is_measured(measured, colour, reasons, asks):
    found = said(0, **measured)
    assert (found.colour, found.reasons, found.asks, found.earliest) == (colour, reasons, asks, None)


def test_a_fever_is_confirmed_at_once_where_there_is_no_second_measurement():
    force = Force(0, PLUS_INF, (SURVEYED,), Rules(fever_limit=37.3))
    assert said(0, forces=(force,), celsius=37.3).reasons == ("door.fever_confirmed",)
    assert said(0, forces=(force,), celsius=36.5, second_of=99).colour == "green"


@pytest.mark.parametrize(
    ("mask", "measured", "colour", "reasons", "asks"),
    [
        (SURVEY_BIT, {}, "red", ("surveyed",), ()),
        (REGISTER_BIT, {}, "amber", ("registered",), ("register",)),
        (REGISTER_BIT, {"well": True}, "green", (), ()),
        (REGISTER_BIT, {"well": False}, "red", ("door.unwell",), ()),
        (REGISTER_BIT | REGISTER_HOPELESS, {"well": True}, "amber", ("registered",), ("register",)),
        (FEVER_BIT, {}, "green", (), ()),
        (FEVER_BIT, {"celsius": None}, "amber", ("door.no_temperature",), ("temperature",)),
        (FEVER_BIT, {"second_of": 99}, "amber", ("door.wait",), ("temperature",)),
        (FEVER_BIT | FEVER_HOPELESS, {}, "amber", ("no_fever",), ("temperature",)),
        (FEVER_BIT | REGISTER_BIT | SURVEY_BIT, {}, "red", ("surveyed", "registered"), ("register",)),
    ],
)
def test_what_does_not_hold(mask, measured, colour, reasons, asks):
    found = said(mask, **measured)
    assert (found.colour, found.reasons, found.asks) == (colour, reasons, asks)


def test_what_can_be_put_right_but_not_by_asking_is_named():
    force = Force(0, PLUS_INF, (OTHER,), RULES)
    assert said(1, forces=(force,)).reasons == ("other",)
    assert said(1, forces=(force,)).colour == "red"


def test_without_a_fever_limit_no_temperature_puts_anything_right():
    force = Force(0, PLUS_INF, (NO_FEVER,), Rules())
    for celsius in (None, 36.5, 41.0):
        assert said(1, forces=(force,), celsius=celsius).reasons == ("no_fever",)
    assert said(1, forces=(force,), celsius=50.0).reasons == ("door.implausible", "no_fever")


def test_until_what_was_not_put_right_here_begins_to_fail():
    later = [(200, REGISTER_BIT | FEVER_BIT), (300, 0), (400, SURVEY_BIT)]
    assert said(REGISTER_BIT, well=True, later=later).until == 200
    assert said(REGISTER_BIT, well=True, later=[(200, REGISTER_BIT | REGISTER_HOPELESS), *later[1:]]).until == 400
    assert said(0, later=[(400, FEVER_HOPELESS)]).until is None
    assert said(0, later=[(500, NOTHING)]).until == 500


def test_another_protocol_asks_anew():
    """What was put right here was put right under these rules; bits mean something else under others."""
    forces = (Force(0, 500, FORCE.requirements, RULES), Force(500, PLUS_INF, (NO_FEVER, SURVEYED), RULES))
    assert said(REGISTER_BIT, well=True, forces=forces).until is None  # bit 2 is no requirement of the next one
    assert said(FEVER_BIT, forces=forces).until == 500
    assert said(0, forces=forces[:1]).until == 500


def test_earliest_is_when_everything_holds_by_itself():
    later = [(200, REGISTER_BIT), (300, FEVER_HOPELESS), (400, SURVEY_BIT)]
    assert said(SURVEY_BIT, later=later).earliest == 300
    assert said(SURVEY_BIT).earliest is None
    assert said(SURVEY_BIT, later=later, mask=False).earliest is None  # by waiting nobody puts on a mask


@given(
    masks=st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 31)), min_size=1, max_size=6, unique_by=lambda p: p[0]),
    at=st.integers(-2, 11), split=st.integers(0, 9), well=st.none() | st.booleans(),
    celsius=st.sampled_from([None, 36.5, 37.3, 50.0]),
)  # fmt: skip
def test_green_lasts_exactly_as_long_as_the_same_answer_is_good(masks, at, split, well, celsius):
    masks.sort()
    steps = Steps([moment for moment, _ in masks], [mask for _, mask in masks])
    forces = (Force(0, split, FORCE.requirements, RULES), Force(split, PLUS_INF, FORCE.requirements, RULES))
    found = decide(forces, steps, at, "in", Measures(celsius=celsius, mask=True, gloves=True, well=well))
    assert (found.colour == "green") == (not found.reasons)
    if found.colour == "green":
        put_right = steps.at(at) & 7
        later = [
            t for t in range(at + 1, 12)
            if steps.at(t) == NOTHING or steps.at(t) & 7 & ~(put_right if (t < split) == (at < split) else 0)
        ]  # fmt: skip
        assert found.until == (later[0] if later else None)
    elif not any(name.startswith("door.") for name in found.reasons):
        later = [t for t in range(at + 1, 12) if steps.at(t) != NOTHING and not steps.at(t) & 7]
        assert found.earliest == (later[0] if later else None)


def test_jinfeng_as_a_door_knows_it():
    force = force_of(load(shipped()["jinfeng-2020-03"]), "enter", 5, 9)
    assert force.requirements is not None
    spot = {one.name: one.ask for one in force.requirements if one.on_the_spot}
    assert spot == {"no_fever": "temperature", "registered": "register"}
    assert force.rules == Rules(37.3, (34.0, 42.5), mask=True, gloves=True, second_measurement=600)
    pack = load(shipped()["sg-2020-accesscode"])
    assert force_of(pack, "visit", 0, 1).requirements is None


def many(number: int, spot: int) -> str:
    words = "{zh: 一, en: one}"
    texts = "".join(f", {key}: {words}" for key in ("title", "message", "remedy", "door_message"))
    requirements = "\n".join(
        f"  r{i}: {{formula: arrived{texts}, on_the_spot: {str(i < spot).lower()}}}" for i in range(number)
    )
    return f"""
pack: many
version: "1"
title: {words}
issuer: {words}
in_force: {{from: 2020-01-01}}
timezone: Asia/Shanghai
sources: [{{title: one, confidence: own}}]
facts: {{arrival: event}}
derivations: {{arrived: [{{from: arrival}}]}}
requirements:
{requirements}
permissions: {{enter: [{", ".join(f"r{i}" for i in range(number))}]}}
door: {{plausible: {{from: 35, to: 42}}, second_method: {words}}}
"""


def test_no_more_requirements_than_a_mask_has_bits():
    from fugong.core.protocol.pack import PackError

    pack = load(many(50, 12))
    assert pack.door.plausible == (35.0, 42.0)
    assert pack.door.second_method == pack.title
    with pytest.raises(PackError) as refused:
        load(many(50, 13))
    assert refused.value.code == "too_many"
    with pytest.raises(PackError) as refused:
        load(many(1, 1).replace("to: 42", "to: 35"))
    assert refused.value.code == "empty_interval"
