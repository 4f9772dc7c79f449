"""Who is coming back: by the latest surveys, in scope, with the numbers that a crew needs, noted for the audit."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base import access, clock, local
from fugong.base.access import Acting, Looks
from fugong.journeys import queries

pytestmark = pytest.mark.django_db
DAY = 86_400
NOW = builders.NOW
TODAY = local.day_of(NOW)


@pytest.fixture
def place(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return builders.place()


def signed_in(place, role, language="en"):
    client = Client()
    client.force_login(place.users[role])
    client.cookies["django_language"] = language
    return client


def away(worker, days, at=NOW - DAY, **more):
    """A survey that says: away, back in so many days."""
    values = {"intended_on": (TODAY + dt.timedelta(days=days)).isoformat(), "means": "bus"} | more
    builders.survey(worker, at, whereabouts="away", test_required=True, origin_division="420100", **values)


def coming(place, role="dispatcher", days=6, **more):
    until = TODAY + dt.timedelta(days=days)
    return [row.worker for row in queries.coming(place.users[role], at=NOW, until=until, **more)]


def test_who_is_on_the_way_or_means_to_come_and_has_not_arrived(place):
    first, second, third, fourth, fifth = builders.workers(place.enterprise, 5, first=20)
    away(first, 6)
    away(second, 7)
    builders.survey(third, NOW - DAY, whereabouts="returning", test_required=True)
    away(fourth, 1)
    builders.arrive(fourth, NOW - 3600)
    away(fifth, -2, at=NOW - 9 * DAY)
    assert coming(place) == [third, fifth, first]  # the last day counts; those on the way first, then by day
    assert coming(place, days=5) == [third, fifth]
    assert coming(place, days=7) == [third, fifth, first, second]
    builders.survey(first, NOW - 60, whereabouts="returned", test_required=True)
    assert coming(place) == [third, fifth]


def test_the_latest_survey_decides_and_a_blank_erases_nothing(place):
    (worker,) = builders.workers(place.enterprise, 1, first=20)
    away(worker, 3, at=NOW - 3 * DAY, means="charter_train")
    builders.survey(worker, NOW - DAY, whereabouts="returning", test_required=True)
    (row,) = queries.coming(place.users["dispatcher"], at=NOW, until=TODAY)
    assert (row.on_the_way, row.means, row.origin) == (True, "charter_train", "420100")
    assert row.intended == TODAY + dt.timedelta(days=3)
    assert coming(place, means="bus") == []
    assert coming(place, means="charter_train") == [worker]


def test_whoever_should_have_been_here_is_overdue(place):
    people = builders.workers(place.enterprise, 4, first=20)
    for worker, days in zip(people[:2], (0, -1), strict=True):
        away(worker, days, at=NOW - 5 * DAY)
    for worker, days in zip(people[2:], (2, 3), strict=True):
        builders.survey(worker, NOW - days * DAY, whereabouts="returning", test_required=True)
    rows = queries.coming(place.users["dispatcher"], at=NOW, until=TODAY)
    late = {one.coming.worker: one.overdue for one in queries.passengers(rows, at=NOW)}
    assert [row.worker for row in rows] == [people[2], people[3], people[1], people[0]]
    assert [late[worker] for worker in people] == [False, True, False, True]


def test_a_driver_sees_the_enterprise_and_a_dispatcher_the_town(place):
    own, other = builders.workers(place.enterprise, 1, first=20)[0], place.others[0]
    for worker in (own, other):
        away(worker, 2)
    assert set(coming(place)) == {own, other}
    assert coming(place, "driver") == [own]
    page = signed_in(place, "driver").get("/returning/").content.decode()
    assert "南山精工" not in page
    assert builders.name(20) in page
    assert builders.name(100) not in page


def test_the_list_carries_numbers_and_says_whose_it_showed(place, monkeypatch):
    (worker,) = builders.workers(place.enterprise, 1, first=20)
    away(worker, 2)
    kept: list[tuple[Acting, Looks]] = []
    monkeypatch.setattr(access, "_keepers", [lambda who, looks: kept.append((who, looks))])
    for address in ("/returning/", "/returning/manifest/"):
        page = signed_in(place, "dispatcher").get(address).content.decode()
        assert "13000000020" in page
        assert "Wuhan" in page or "武汉" in page
        who, looks = kept.pop()
        assert (who.role, set(looks.subjects), looks.reason) == ("dispatcher", {worker}, "manifest")
    assert kept == []


def test_an_empty_list_says_what_to_do_and_a_wrong_date_what_is_wrong(place):
    client = signed_in(place, "driver")
    assert "must be surveyed first" in client.get("/returning/").content.decode()
    wrong = client.get("/returning/?until=soon")
    assert wrong.status_code == 422
    assert "“soon” is no date." in wrong.content.decode()
    assert client.get("/returning/manifest/?until=soon&means=rocket").status_code == 422


def test_who_brings_nobody_is_refused(place):
    for role in ("guard", "worker", "bureau_reader", "site_police", "auditor"):
        assert signed_in(place, role).get("/returning/").status_code == 403


def test_a_long_list_makes_as_many_queries_as_a_short_one(place):
    client, numbers = signed_in(place, "dispatcher"), []
    client.get("/returning/")
    for first in (20, 40):
        for worker in builders.workers(place.enterprise, 1 if first == 20 else 12, first=first):
            away(worker, 2)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/returning/").status_code == 200
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_the_manifest_is_one_sheet_and_says_how_many_stand_on_it(place):
    for worker in builders.workers(place.enterprise, 27, first=20):
        away(worker, 2)
    page = signed_in(place, "driver").get("/returning/manifest/").content.decode()
    assert page.count('href="tel:') == 27
    assert "27 people" in page
    assert signed_in(place, "driver").get("/returning/").content.decode().count('href="tel:') == 25
