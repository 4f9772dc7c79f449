"""The default demo town: as of 18:00 on 9 March 2020 our queries give the figures of the news report of that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from demo_town import DAY, Town, loaded
from fugong.base import local
from fugong.ledger.models import Fact
from fugong.ledger.queries import holding, standing
from fugong.notices.models import Delivery
from fugong.policies import queries
from fugong.policies.language import eligibility
from fugong.policies.models import Claim
from fugong.premises.hygiene.queries import duties, overdue
from fugong.premises.models import Cleaning, Lodging, MealSeat, Movement, Stock
from fugong.registry.models import Enterprise, Worker
from fugong.reports.queries import members, report
from fugong.resumption.models import Filing
from fugong.scenario import default_town
from fugong.submissions.lists import Asked, kinds
from fugong.submissions.models import NOT_RETURNED, VACANCIES, Submission, SubmissionRow
from fugong.submissions.queries import counts
from fugong.teams.models import Member, Problem, Visit

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


def test_enterprises_are_looked_after_and_who_may_qualify_is_visited(town: Town) -> None:
    """More than ten teams with a leader each; what is "made" has a fact behind it, what is closed a person."""
    at = town.moment
    led = Member.objects.filter(leads=True, start__lte=at, end__gt=at).values("team").distinct().count()
    assert led == town.value("service_teams")["count"] > 10
    measure, firms = queries.current()[0], list(Enterprise.objects.values_list("pk", flat=True))
    found = eligibility.of_enterprises([measure.said], firms, at)
    qualify = {key for key, (result,) in found.items() if result.standing != "no"}
    visited = set(standing().filter(kind="visit", start__lte=at).values_list("subject_id", flat=True))
    assert qualify
    assert qualify <= visited
    assert (
        Visit.objects.filter(state="made").exclude(fact_id__in=standing().filter(kind="visit").values("pk")).count()
        == 0
    )
    states = set(Problem.objects.values_list("state", flat=True))
    assert states == {"open", "answered", "closed"}
    assert not Problem.objects.filter(state="closed", word_of="").exists()
    assert Filing.objects.exists()


def test_the_lists_upward_were_signed_twice_with_evidence_and_a_difference(town: Town) -> None:
    for kind, listed, number in ((NOT_RETURNED, 1175, 1175), (VACANCIES, None, 515)):
        first, second = Submission.objects.filter(kind=kind).order_by("version")
        assert (first.version, second.version, second.before_id, second.signed_at) == (1, 2, first.pk, town.moment)
        assert kinds()[kind].count(Asked(town.moment, town.moment))[1] == number
        assert listed is None or second.rows == listed
        assert sum(counts(second).values()) > 0
    answers = Counter[str]()
    rows = SubmissionRow.objects.filter(submission__kind=NOT_RETURNED, submission__version=2)
    for values in rows.values_list("values", flat=True):
        assert len(values["evidence"]) == 5
        answers.update(values["evidence"].values())
    assert answers["yes"] > answers["unknown"] > 0
    assert Claim.objects.exists()


def test_people_sleep_eat_and_were_handed_things_on_arrival_and_were_told(town: Town) -> None:
    at = town.moment
    assert Lodging.objects.filter(start__lte=at, end__gt=at).count() > 100
    assert MealSeat.objects.filter(start__lte=at, end__gt=at).exists()
    assert Cleaning.objects.exists() and overdue(duties(at), at).exists()
    brought = {row.subject for row in members("returned.non_local", as_of=at, known_at=at, limit=1_000).rows}
    handed = standing().filter(kind="supplies", subject__in=brought)
    assert set(handed.values_list("subject_id", flat=True)) == brought
    moved = Movement.objects.filter(kind="issue", fact_id__in=handed.values("pk"))
    assert moved.exists()
    assert not Stock.objects.filter(on_hand__lt=0).exists()
    told = Delivery.objects.filter(worker__in=brought, state="sent")
    assert set(told.values_list("worker_id", flat=True)) == brought
    opened = told.exclude(opened_at=None).count()
    assert 0 < opened < told.count()


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
