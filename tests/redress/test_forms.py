"""The form of a correction, made from the kind of the fact: for every kind, what is held comes back as it is held."""

from __future__ import annotations

from typing import Any

import pytest

import builders
from fugong.core.time import PLUS_INF
from fugong.ledger.kinds import KINDS, Field, Kind
from fugong.ledger.models import Fact
from fugong.redress.forms import KNOWN, Correction

pytestmark = pytest.mark.django_db
START = builders.NOW - 86_400 + 17  # inputs know no seconds; what isn't touched keeps them
PEOPLE = [kind for kind in KINDS.values() if kind.subject == "worker"]


def sample(one: Field) -> Any:
    given = {
        "text": "甲", "number": 36.5, "whole": 2, "flag": False, "moment": START, "date": "2020-03-01", "list": ["咳嗽", "乏力"],
        "subject": "0190a5d0-0000-7000-8000-000000000001", "division": "350112111",
        "fact": "0190a5d0-0000-7000-8000-000000000002",
    }  # fmt: skip
    return one.choices[0] if one.type == "choice" else given[one.type]


def held(kind: Kind, *, end: int | None = None) -> Fact:
    values = {one.name: sample(one) for one in kind.fields}
    stop = START + 1 if kind.shape == "event" else end or PLUS_INF
    return Fact(kind=kind.name, start=START, end=stop, values=values)


def typed(fact: Fact, **changed: Any) -> dict[str, Any]:
    """What a browser sends for the form as it is shown, with some inputs changed."""
    shown = Correction(fact)
    given = {name: shown[name].value() for name in shown.fields}
    data = {name: str(value) for name, value in given.items() if value not in (None, False, "")}
    return data | {"wrong": "falsch"} | changed


def right(fact: Fact, **changed: Any) -> Any:
    form = Correction(fact, typed(fact, **changed), {})
    assert form.is_valid(), form.errors
    return form.right()


@pytest.mark.parametrize("kind", PEOPLE, ids=lambda kind: kind.name)
def test_what_is_not_touched_stays_as_it_is_held(kind: Kind):
    fact = held(kind)
    found = right(fact)
    assert (dict(found.values), found.start, found.end) == (fact.values, START, None)


@pytest.mark.parametrize("kind", PEOPLE, ids=lambda kind: kind.name)
def test_nobody_is_asked_for_an_id(kind: Kind):
    shown = str(Correction(held(kind)))
    assert "0190a5d0" not in shown
    for one in kind.fields:
        known = one.type not in ("subject", "fact") and one.name not in ("door", "filed_by")
        assert (KNOWN + one.name in shown) == known


def test_a_state_with_an_end():
    fact = held(KINDS["symptom"], end=START + 3600)
    assert right(fact).end == START + 3600
    assert right(fact, end="").end is None
    assert right(fact, end="2020-03-09T08:00").end == builders.NOW - 5400


def test_a_test_begins_when_its_sample_was_taken():
    fact = held(KINDS["test"])
    assert "start" not in Correction(fact).fields
    found = right(fact, v_sampled_at="2020-03-07T10:00")
    assert found.start == found.values["sampled_at"]
    assert found.values["reported_at"] == START


def test_a_place_by_its_name():
    fact = held(KINDS["household"])
    assert right(fact, v_division="湖北省黄冈市").values["division"] == "421100"
    form = Correction(fact, typed(fact, v_division="某地"), {})
    assert not form.is_valid()
    assert "某地" in form.errors[KNOWN + "division"][0]


@pytest.mark.parametrize(("text", "number"), [("３６。８℃", 36.8), ("36,8", 36.8), ("36.8 °C", 36.8)])
def test_a_number_as_people_type_it(text: str, number: float):
    assert right(held(KINDS["temperature"]), v_celsius=text).values["celsius"] == number


def test_what_is_no_number_is_said_at_the_input():
    fact = held(KINDS["temperature"])
    form = Correction(fact, typed(fact, v_celsius="warm"), {})
    assert not form.is_valid()
    assert "warm" in form.errors[KNOWN + "celsius"][0]


def test_several_symptoms():
    assert right(held(KINDS["register"]), v_symptoms="咳嗽，发热、乏力").values["symptoms"] == ["咳嗽", "发热", "乏力"]
