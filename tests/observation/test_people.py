"""The people at an observation site: room, name, since when; health for the medic alone; nobody of another site."""

from __future__ import annotations

import pytest
from django.test import Client

import builders
from fugong.base import clock
from fugong.ledger.models import Fact
from fugong.observation import queries
from fugong.registry import services as registry
from fugong.registry.models import Site

pytestmark = pytest.mark.django_db
DAY, HOUR = 86_400, 3600
NOW = builders.NOW


@pytest.fixture
def place(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return builders.place()


@pytest.fixture
def hotel(place):
    return Site.objects.get(enterprise=None)


@pytest.fixture
def guest(place, hotel):
    return builders.workers(place.enterprise, 1, first=20)[0]


def signed_in(place, role, language="en"):
    client = Client()
    client.force_login(place.users[role])
    client.cookies["django_language"] = language
    return client


def observe(worker, site, start, room="101", end=None):
    return builders.record(worker, "observation", start, {"site": str(site.pk), "room": room}, end=end)


def measure(worker, at, celsius):
    builders.record(worker, "temperature", at, {"celsius": celsius, "place": "observation"})


def page(place, role, language="en"):
    answer = signed_in(place, role, language).get("/site/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_medic_sees_the_last_temperature_and_opens_the_file(place, hotel, guest):
    observe(guest, hotel, NOW - 3 * DAY, end=NOW + 11 * DAY)
    measure(guest, NOW - 4 * DAY, 39.9)
    measure(guest, NOW - DAY, 37.9)
    measure(guest, NOW - HOUR, 36.6)
    shown = page(place, "observation_medic")
    assert "36.6 ℃" in shown
    assert "37.9" not in shown
    assert f'href="/workers/{guest}/file/"' in shown
    file = signed_in(place, "observation_medic").get(f"/workers/{guest}/file/")
    assert file.status_code == 200
    assert f'href="/workers/{guest}/"' not in file.content.decode()  # the card is not theirs to open


@pytest.mark.parametrize("role", ["site_cadre", "site_police"])
def test_cadres_and_police_see_rooms_and_names_and_nothing_of_health(place, hotel, guest, role):
    observe(guest, hotel, NOW - 3 * DAY)
    measure(guest, NOW - HOUR, 38.8)
    shown = page(place, role)
    assert builders.name(20) in shown
    assert "101" in shown
    assert not [word for word in ("38.8", "℃", "temperature", "Last temperature") if word in shown]
    assert f"/workers/{guest}" not in shown
    for address in (f"/workers/{guest}/file/", f"/workers/{guest}/"):
        assert signed_in(place, role).get(address).status_code in (403, 404)


def test_only_those_who_are_there_now_and_only_at_this_site(place, hotel):
    inside, gone, elsewhere, planned = builders.workers(place.enterprise, 4, first=20)
    other = registry.add_site(name="第二观察点")
    observe(inside, hotel, NOW - DAY)
    observe(gone, hotel, NOW - 5 * DAY, end=NOW)
    observe(elsewhere, other, NOW - DAY)
    observe(planned, hotel, NOW + 1)
    assert [one.worker for one in queries.guests(hotel.pk, NOW, with_health=True)] == [inside]
    shown = page(place, "site_police")
    assert [builders.name(n) in shown for n in (20, 21, 22, 23)] == [True, False, False, False]
    assert signed_in(place, "observation_medic").get(f"/workers/{elsewhere}/file/").status_code == 404


def test_whoever_moves_to_another_room_keeps_counting_days(place, hotel, guest):
    observe(guest, hotel, NOW - 4 * DAY, "101", end=NOW - DAY)
    observe(guest, hotel, NOW - DAY, "203")
    (one,) = queries.guests(hotel.pk, NOW, with_health=False)
    assert (one.room, one.since, one.day) == ("203", NOW - 4 * DAY, 5)


def test_whoever_was_there_before_begins_again(place, hotel, guest):
    observe(guest, hotel, NOW - 30 * DAY, end=NOW - 16 * DAY)
    observe(guest, hotel, NOW - DAY)
    (one,) = queries.guests(hotel.pk, NOW, with_health=False)
    assert (one.since, one.day) == (NOW - DAY, 2)


def test_rooms_are_counted_and_an_empty_site_says_what_to_do(place, hotel, guest):
    for room in ("101", "102", "103"):
        builders.record(hotel.pk, "room", NOW - 9 * DAY, {"room": room})
    assert "0 of 3 rooms taken" in page(place, "site_cadre")
    assert "Nobody is in medical observation here now." in page(place, "site_cadre")
    observe(guest, hotel, NOW - DAY)
    assert "1 in medical observation; 1 of 3 rooms taken" in page(place, "site_cadre")


def test_a_correction_is_a_correction(place, hotel, guest):
    fact = observe(guest, hotel, NOW - DAY)
    from fugong.ledger import services as ledger

    ledger.correct(fact_id=fact, replacement=None, reason="mistyped", source="test", now=NOW, evidence="a paper")
    assert queries.guests(hotel.pk, NOW, with_health=True) == []
    assert Fact.objects.filter(kind="observation").count() == 2


def test_who_has_no_site_has_no_such_page(place):
    for role in ("town_administrator", "guard", "worker", "door_device", "auditor"):
        assert signed_in(place, role).get("/site/").status_code == 403
