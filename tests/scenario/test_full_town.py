"""The default demo town: as of 18:00 on 9 March 2020 our queries give the figures of the news report of that day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from demo_town import DAY, Town, loaded
from fugong.base import local
from fugong.ledger.models import Fact
from fugong.ledger.queries import holding
from fugong.registry.models import Worker
from fugong.reports.queries import members, report
from fugong.scenario import default_town

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AS_OF = "2020-03-09T18:00:00+08:00"
REPORTED = {
    "enterprises.industrial": {"count": 428},
    "enterprises.commercial_and_service": {"count": 638},
    "resumed.above_size.industrial": {"numerator": 61, "denominator": 61, "rate": 1.0},
    "resumed.above_size.commercial": {"numerator": 22, "denominator": 22, "rate": 1.0},
    "resumed.above_size.service": {"numerator": 2, "denominator": 2, "rate": 1.0},
    "tests.before_work": {"numerator": 1706, "denominator": 1764, "enterprises": 38, "rate": 1706 / 1764},
    "returned.non_local": {"count": 191, "buses": 4},
    "not_returned.hubei": {"count": 1175},
    "observation.sites": {"count": 4},
    "observation.rooms": {"count": 150},
}


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), loaded(default_town()) as made:
        yield made


@pytest.mark.parametrize("known_at", [AS_OF, "2020-03-16T00:00:00+08:00"])
def test_the_figures_of_the_report(town: Town, known_at: str) -> None:
    """As then known, and as known after the mistakes of the day were found: these cancel each other in the totals."""
    said = report(as_of=local.parse(AS_OF), known_at=local.parse(known_at))
    figures = said["figures"]
    assert said["division"] == "350112111"
    assert said["as_of"] == AS_OF
    assert {key: figures[key] for key in REPORTED} == REPORTED
    assert figures["vacancies.reported"]["count"] == 515
    assert figures["service_teams"]["count"] > 10
    visited = figures["capacity.jingwei"]
    assert (visited["rate"], visited["numerator"] / visited["denominator"]) == (0.8, 0.8)


def test_over_a_hundred_were_brought_back_for_one_enterprise(town: Town) -> None:
    brought = members("returned.non_local", as_of=town.moment, known_at=town.moment, limit=1_000).rows
    by_employer: dict[str, int] = {}
    for row in brought:
        for name in row.employers[:1]:
            by_employer[name] = by_employer.get(name, 0) + 1
    assert max(by_employer, key=by_employer.__getitem__) == town.recipe.enterprises.visited.name
    assert max(by_employer.values()) > 100
    assert len({tag for row in brought for tag in row.tags}) == 6


def test_one_resumption_taken_back(town: Town) -> None:
    key = "resumed.above_size.industrial"
    with transaction.atomic():
        one = members(key, as_of=town.moment, known_at=town.moment, limit=1).rows[0]
        town.withdraw(holding(town.moment).get(subject_id=one.subject, kind="resumption"), town.moment + 7 * DAY)
        after = town.value(key, known_at=town.moment + 7 * DAY)
        assert after == {"numerator": 60, "denominator": 61, "rate": 60 / 61}
        assert town.value(key) == REPORTED[key]
        missing = members(key, as_of=town.moment, known_at=town.moment + 7 * DAY, part="missing").rows
        assert [row.subject for row in missing] == [one.subject]
        transaction.set_rollback(True)


@pytest.mark.parametrize("day", ["2020-02-14", "2020-02-24", "2020-03-02", "2020-03-13"])
def test_of_other_days_other_figures(town: Town, day: str) -> None:
    moment = local.parse(f"{day}T18:00:00+08:00")
    figures = town.figures(as_of=moment, known_at=moment)
    for key in ("tests.before_work", "not_returned.hubei", "returned.non_local", "capacity.jingwei"):
        assert figures[key].as_json() != town.value(key), key
    assert figures["vacancies.reported"].count != 515


def test_it_is_a_town_of_the_size_it_says(town: Town) -> None:
    assert 12_000 < Worker.objects.count() < 15_000
    assert 700_000 < Fact.objects.count() < 1_200_000


def test_who_goes_in_has_clearance(town: Town) -> None:
    """Of those whom a door let in, nearly all may enter by the clearance that the protocol gives them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*), count(*) FILTER (WHERE c.ends[width_bucket(f.start, c.starts)] > f.start)
               FROM ledger_fact AS f JOIN clearance_clearance AS c ON c.worker_id = f.subject_id AND c.permission = 'enter'
               WHERE f.kind = 'door_check' AND f.values->>'direction' = 'in' AND f.values->>'outcome' = 'passed'"""
        )
        passed, cleared = cursor.fetchone()
    assert passed > 100_000
    assert cleared / passed > 0.999
