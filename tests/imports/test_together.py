"""Two people uploading at once end the same as one after the other."""

from __future__ import annotations

from typing import Any

import pytest

from fugong.ledger.models import Fact
from fugong.registry.models import Document, Employment, Worker
from imports.sheets import HEADERS, NOW, counts, enterprise, number, take
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
