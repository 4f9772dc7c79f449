"""Two people uploading at once end the same as one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.registry.models import Document, Employment, Worker
from fugong.registry.roster.services import end_employments
from imports.sheets import HEADERS, NOW, counts, enterprise, number, take
from imports.test_facts import bring
from parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def people(first: int, last: int, workshop: str) -> list[tuple[str, str, str, str]]:
    return [(f"王{'甲乙丙丁戊己庚辛壬癸'[i % 10]}明", number(i), "", workshop) for i in range(first, last)]


def state() -> tuple[Any, ...]:
    """What there is afterwards, without ids: workers, documents, employments, standing and superseded facts."""
    employments = sorted(Employment.objects.values_list("worker__name", "enterprise__key", "workshop", "active"))
    kinds = sorted(Fact.objects.values_list("kind", "supersedes__kind"), key=str)
    return (sorted(Worker.objects.values_list("name", flat=True)), Document.objects.count(), employments, kinds)


def test_two_rosters_of_one_enterprise_at_once():
    plant = enterprise()
    one, two = people(0, 40, "一车间"), people(20, 60, "二车间")
    results = at_once(lambda: take(plant, one), lambda: take(plant, two))
    assert sorted(counts(result)[:2] for result in results) == [(20, 20), (40, 0)]
    assert Worker.objects.count() == Document.objects.count() == Employment.objects.count() == 60
    later = {row[0]: row[1] for row in Employment.objects.values_list("worker__documents__digest", "workshop")}
    assert len(set(later.values())) == 2


def test_the_same_roster_for_two_enterprises_at_once():
    one, two = enterprise(0), enterprise(1)
    results = at_once(lambda: take(one, people(0, 30, "")), lambda: take(two, people(0, 30, "")))
    assert [counts(result) for result in results] == [(30, 0, 0, 0, 0)] * 2
    assert (Worker.objects.count(), Employment.objects.count()) == (30, 60)


def test_the_same_roster_twice_at_once_is_as_good_as_once():
    plant = enterprise()
    body = people(0, 30, "一车间")
    results = at_once(lambda: take(plant, body, HEADERS, now=NOW), lambda: take(plant, body, HEADERS, now=NOW))
    assert sorted(counts(result) for result in results) == [(0, 0, 30, 0, 0), (30, 0, 0, 0, 0)]
    at_once_state = state()
    assert Fact.objects.filter(kind="employment").count() == 30
    assert counts(take(plant, body))[2] == 30
    assert state() == at_once_state


LATER = NOW + 7
MOMENTS = pytest.mark.parametrize("moments", [(NOW, LATER), (LATER, NOW)], ids=["in order", "swapped"])
"""Two ask what time it is; the one that gets the locks second may be the one that asked first."""


def standing_values(kind: str) -> list[dict[str, Any]]:
    return [fact.values for fact in standing().filter(kind=kind)]


def never_recorded_before_what_it_corrects() -> bool:
    corrections = Fact.objects.filter(supersedes__isnull=False).values_list("recorded_at", "supersedes__recorded_at")
    return bool(corrections) and all(own >= old for own, old in corrections)


@MOMENTS
def test_rosters_end_as_the_one_that_was_taken_in_last_says(moments):
    plant = enterprise()
    take(plant, people(0, 3, ""), now=NOW - 60)
    take(plant, people(0, 3, "一车间"), now=moments[0])
    assert counts(take(plant, people(0, 3, "二车间"), now=moments[1])) == (0, 3, 0, 0, 0)
    assert set(Employment.objects.values_list("workshop", flat=True)) == {"二车间"}
    holding_then = standing(LATER).filter(kind="employment", start__lte=LATER, end__gt=LATER)
    assert [fact.values["workshop"] for fact in holding_then] == ["二车间"] * 3
    assert never_recorded_before_what_it_corrects()


@MOMENTS
def test_lists_of_facts_end_as_the_one_that_was_taken_in_last_says(moments):
    plant = enterprise()
    take(plant, people(0, 1, ""), now=NOW - 60)
    headers, row = "姓名|身份证号|采样时间|报告时间|结果", f"王甲明|{number(0)}|2020-03-07 08:30|2020-03-08 16:00|"
    bring("test", headers, row + "阴性", now=moments[0])
    assert counts(bring("test", headers, row + "阳性", now=moments[1])) == (0, 1, 0, 0, 0)
    assert [values["result"] for values in standing_values("test")] == ["positive"]
    assert never_recorded_before_what_it_corrects()


@MOMENTS
def test_leavers_leave_whoever_asked_the_time_first(moments):
    plant = enterprise()
    take(plant, people(0, 2, ""), now=moments[0])
    workers = list(Worker.objects.values_list("pk", flat=True))
    assert end_employments(enterprise=plant, workers=workers, at=moments[1], reason="left", now=moments[1]) == 2
    assert not Employment.objects.filter(active=True).exists()
    assert not standing().filter(kind="employment", end__gt=LATER + 1).exists()
    assert never_recorded_before_what_it_corrects()


@MOMENTS
def test_a_correction_is_recorded_no_earlier_than_what_it_corrects(moments):
    plant = enterprise()
    take(plant, people(0, 1, ""), now=moments[0])
    worker = Worker.objects.get()
    fact = NewFact(worker.pk, "temperature", NOW, {"celsius": 36.5})
    [old] = ledger.append(facts=[fact], source="page", evidence="a paper", now=moments[0])
    ledger.correct(
        fact_id=old,
        replacement=replace(fact, values={"celsius": 37.5}),
        reason="typing",
        source="page",
        evidence="a paper",
        now=moments[1],
    )
    assert [values["celsius"] for values in standing_values("temperature")] == [37.5]
    assert never_recorded_before_what_it_corrects()


@MOMENTS
def test_two_rosters_at_once_with_moments_of_their_own(moments):
    plant = enterprise()
    take(plant, people(0, 20, ""), now=NOW - 60)
    one, two = people(0, 20, "一车间"), people(0, 20, "二车间")
    at_once(lambda: take(plant, one, now=moments[0]), lambda: take(plant, two, now=moments[1]))
    said = Fact.objects.filter(kind="employment").values_list("values__workshop", flat=True)
    assert {workshop for workshop in said if workshop} == {"一车间", "二车间"}
    assert len(set(Employment.objects.values_list("workshop", flat=True))) == 1
    assert never_recorded_before_what_it_corrects()
