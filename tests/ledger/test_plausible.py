"""What must be plausible of a fact, by whatever way it comes in: not in the future, and naming those who are there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

import builders
from fugong.base.ids import uuid7
from fugong.ledger import services
from fugong.ledger.kinds import KINDS
from fugong.ledger.models import Fact, Subject
from fugong.ledger.plausible import TOLERANCE
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError

pytestmark = pytest.mark.django_db
NOW = builders.NOW
DAY = 86_400


@pytest.fixture
def subjects() -> dict[str, UUID]:
    return {kind: Subject.objects.create(kind=kind).pk for kind in ("worker", "enterprise", "site", "division", "team")}


def least(name: str, subjects: dict[str, UUID]) -> dict[str, Any]:
    """The required values of a kind; evidence says besides something, of whichever type."""
    of_type = {
        "text": "x",
        "number": 30,
        "whole": 1,
        "flag": True,
        "moment": NOW,
        "division": "350112",
        "fact": str(uuid7()),
    }
    return {
        field.name: str(subjects[field.refers_to])
        if field.refers_to
        else field.choices[0]
        if field.choices
        else of_type[field.type]
        for field in KINDS[name].fields
        if field.required or (name, field.name) == ("evidence", "holds")
    }


def refused(*facts: NewFact, now: int = NOW) -> tuple[str, str | None]:
    """The code and the field for which the ledger refuses; ``faults`` says the same."""
    with pytest.raises(FactError) as caught:
        services.append(facts=facts, source="test", evidence="a paper", now=now)
    assert caught.value in services.faults(facts, now)
    return caught.value.code, caught.value.field


PLANNED = {
    "employment", "dormitory", "canteen_seat", "observation", "establishment", "turnover", "resumption", "vacancy", "site_open", "room",
    "clearance_of_site", "risk_level", "service_team", "booking", "crew",
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_only_what_is_planned_or_decided_may_begin_in_the_future(name, subjects):
    def fact(start: int) -> NewFact:
        return NewFact(subjects[KINDS[name].subject], name, start, least(name, subjects))

    services.append(facts=[fact(NOW), fact(NOW + TOLERANCE)], source="test", evidence="a paper", now=NOW)
    if name in PLANNED:
        services.append(facts=[fact(NOW + DAY)], source="test", evidence="a paper", now=NOW)
    else:
        code = "fact.future", "at" if KINDS[name].shape == "event" else "from"
        assert refused(fact(NOW + TOLERANCE + 1)) == code
        assert refused(fact(NOW), fact(NOW + DAY)) == code


@pytest.mark.parametrize(
    ("sampled", "reported", "code", "field"),
    [
        (NOW - 60, NOW - 61, "fact.reported_before_sampled", "reported_at"),
        (NOW - 60, NOW + DAY, "fact.future", "reported_at"),
        (NOW + DAY, NOW + DAY, "fact.future", "sampled_at"),
    ],
)
def test_a_test_is_sampled_then_reported_then_stated(sampled, reported, code, field, subjects):
    values = {"result": "negative", "sampled_at": sampled, "reported_at": reported}
    assert refused(NewFact(subjects["worker"], "test", NOW - 60, values)) == (code, field)


def test_well_with_symptoms_is_refused(subjects):
    values = {"well": True, "symptoms": ["cough"]}
    assert refused(NewFact(subjects["worker"], "register", NOW, values)) == ("fact.well_with_symptoms", "symptoms")
    services.append(
        facts=[NewFact(subjects["worker"], "register", NOW, {"well": True, "symptoms": []})], source="test", evidence="a paper", now=NOW
    )  # fmt: skip


@pytest.mark.parametrize("deferred", [False, True])
def test_whom_a_value_names_must_be_there_and_be_what_the_field_says(deferred, subjects, django_assert_num_queries):
    def visit(team: object) -> NewFact:
        return NewFact(subjects["enterprise"], "visit", NOW, {"team": team})

    good = [visit(subjects["team"]), visit(str(subjects["team"]).upper())]
    for wrong in (uuid7(), subjects["worker"]):
        facts = [*good, visit(wrong)]
        if deferred:
            with services.deferred():
                assert refused(*facts) == ("fact.unknown_reference", "team")
        else:
            assert refused(*facts) == ("fact.unknown_reference", "team")
    assert not Fact.objects.exists()
    services.append(facts=good, source="test", evidence="a paper", now=NOW)
    with django_assert_num_queries(1):
        assert services.faults([*good, visit(uuid7())] * 50, NOW).count(None) == 100


def test_one_subject_named_as_two_kinds_is_refused(subjects):
    """The site of a dormitory is no team, whichever of the two facts comes first."""
    one = NewFact(subjects["enterprise"], "visit", NOW, {"team": str(subjects["site"])})
    two = NewFact(subjects["worker"], "dormitory", NOW, {"site": str(subjects["site"])})
    assert refused(one, two) == refused(two, one) == ("fact.unknown_reference", "team")


def test_what_was_stored_wrongly_can_still_be_taken_back(subjects, monkeypatch):
    """Facts from before a rule: taking them back claims nothing."""
    fact = NewFact(subjects["enterprise"], "vacancy", NOW, {"post": "x", "number": 7})
    with monkeypatch.context() as patch:
        patch.setattr("fugong.ledger.services.checked", lambda _kind, values: {**values, "number": 10**12})
        (stored,) = services.append(facts=[fact], source="test", evidence="a paper", now=NOW)
    services.correct(
        fact_id=stored, replacement=None, reason="impossible", source="test", evidence="a paper", now=NOW + 1
    )
    assert Fact.objects.get(supersedes=stored).withdrawn


@pytest.mark.parametrize("reason", ["a\0b", "\ud800"])
def test_a_reason_that_cannot_be_stored_is_refused(reason, subjects):
    (stored,) = services.append(
        facts=[NewFact(subjects["worker"], "contact", NOW)], source="test", evidence="a paper", now=NOW
    )
    with pytest.raises(FactError) as caught:
        services.correct(
            fact_id=stored, replacement=None, reason=reason, source="test", evidence="a paper", now=NOW + 1
        )
    assert caught.value.code == "fact.wrong_reason"
