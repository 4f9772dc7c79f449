"""Whatever value comes in: either the ledger refuses it, or everything that reads the ledger still answers."""

from __future__ import annotations

import json
import math
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import builders
from fugong.base.ids import uuid7
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.ledger import services
from fugong.ledger.kinds import KINDS, Field, Kind
from fugong.ledger.models import Fact, Subject
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError
from fugong.ledger.wording import described
from fugong.reports.figures import FIGURES
from fugong.reports.queries import figures, members, report

pytestmark = pytest.mark.django_db
NOW = builders.NOW

EXTREMES: list[Any] = [
    10**22, -(10**22), 10**400, 2**31, 2**31 - 1, -(2**31), 2**35, 2**35 + 1, 2**63, 0, 1, -1, NOW,
    1e15, 1e16, 1e308, -1e308, 5e-324, -0.0, math.inf, -math.inf, math.nan, True, False,
    "", "\0", "武\0汉", "\ud800", "x\udfff", "a" * 500, "a" * 501, "٣٥٠١١٢", "³⁵⁰¹¹²", "350112", "350112111201",
    "9999-12-31", "0001-01-01", "20200224", "2020-W09-1", "10000-01-01", str(uuid7()), "NaN", "1e9999",
    [], ["\0"], ["\ud800"], ["咳嗽"] * 100, ["咳嗽"] * 101, ["a" * 501], [1], {}, {"a": 1}, (), None,
]  # fmt: skip
STARTS = (MINUS_INF, MINUS_INF + 1, 0, NOW, NOW + 300, PLUS_INF - 1, PLUS_INF, 10**22, -(10**22))


@pytest.fixture
def subjects() -> dict[str, UUID]:
    """One subject of each kind; the enterprise is established, has resumed, and employs the worker."""
    builders.town()
    firm = builders.enterprise()
    (worker,) = builders.workers(firm, 1)
    others = {kind: Subject.objects.create(kind=kind).pk for kind in ("site", "division", "team")}
    return {"worker": worker, "enterprise": firm.pk, **others}


def ordinary(field: Field, subjects: dict[str, UUID]) -> Any:
    """A value that may stand for a field."""
    if field.refers_to:
        return str(subjects[field.refers_to])
    of_type = {
        "text": "东门", "number": field.least or 0, "whole": int(field.least or 0), "flag": True, "moment": NOW - 60,
        "date": "2020-03-09", "list": ["咳嗽"], "division": "350112", "fact": str(uuid7()),
    }  # fmt: skip
    return field.choices[0] if field.choices else of_type[field.type]


def whole_fact(kind: Kind, subjects: dict[str, UUID]) -> dict[str, Any]:
    return {field.name: ordinary(field, subjects) for field in kind.fields if field.required}


def taken(fact: NewFact) -> bool:
    said = ""
    try:
        with transaction.atomic():
            services.append(facts=[fact], source="test", evidence="a paper", now=NOW)
    except FactError as error:
        said = error.message
    assert len(said.encode()) < 600  # a message that can be shown, whatever came in
    return not said


def everything_answers() -> None:
    at = NOW + 400
    assert figures(as_of=at, known_at=at).keys() >= FIGURES.keys()
    json.dumps(report(as_of=at, known_at=at)).encode()
    for key in FIGURES:
        members(key, as_of=at, known_at=at, part="denominator")
    for fact in Fact.objects.all():
        for language in ("en", "zh-hans"):
            with override(language):
                " ".join(f"{title} {value}" for title, value in described(fact.kind, fact.values, {})).encode()


@pytest.mark.parametrize("name", KINDS)
def test_extreme_values_are_refused_or_the_report_still_answers(name, subjects):
    kind = KINDS[name]
    places = st.sampled_from([field.name for field in kind.fields] or [""])

    @settings(
        max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        database=None,
    )  # fmt: skip
    @given(st.lists(st.tuples(places, st.sampled_from(EXTREMES), st.sampled_from(STARTS)), min_size=20, max_size=40))
    def check(tried: list[tuple[str, Any, int]]) -> None:
        with transaction.atomic():
            for field, value, start in tried:
                values = whole_fact(kind, subjects) | ({field: value} if field else {})
                taken(NewFact(subjects[kind.subject], name, start, values))
                taken(NewFact(subjects[kind.subject], name, NOW - 60, values))
            everything_answers()
            transaction.set_rollback(True)

    check()


@pytest.mark.parametrize("name", KINDS)
def test_an_ordinary_fact_is_taken_with_every_value(name, subjects):
    kind = KINDS[name]
    values = {field.name: ordinary(field, subjects) for field in kind.fields}
    if name == "register":
        values["well"] = False
    assert taken(NewFact(subjects[kind.subject], name, NOW - 60, values))


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("test", "reported_at", 10**22),
        ("vacancy", "number", 99_999_999_999),
        ("turnover", "employees", 2**31),
        ("turnover", "yuan", math.inf),
        ("turnover", "yuan", math.nan),
        ("temperature", "celsius", math.nan),
        ("symptom", "name", "咳\0嗽"),
        ("symptom", "name", "\ud800"),
        ("register", "symptoms", ["\0"]),
        ("stay", "division", "٣٥٠١١٢"),
        ("stay", "division", "³⁵⁰¹¹²"),
    ],
)
def test_what_no_reader_could_work_with_is_refused(kind, field, value, subjects):
    values = whole_fact(KINDS[kind], subjects) | {field: value}
    with pytest.raises(FactError) as caught:
        services.append(
            facts=[NewFact(subjects[KINDS[kind].subject], kind, NOW - 60, values)], source="test", evidence="a paper", now=NOW
        )  # fmt: skip
    assert (caught.value.code, caught.value.field) == ("fact.wrong_value", field)


def test_a_day_is_kept_in_one_form(subjects):
    values = whole_fact(KINDS["survey"], subjects) | {"intended_on": "20200311"}
    assert taken(NewFact(subjects["worker"], "survey", NOW - 60, values))
    assert Fact.objects.get(kind="survey").values["intended_on"] == "2020-03-11"
