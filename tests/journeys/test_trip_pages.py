"""The pages of trips: what dispatcher, crew, checkpoint and enterprise do on them, and that each speaks one language."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

import builders
from fugong.base import clock
from fugong.journeys.models import Booking, SeatRequest, Trip
from fugong.journeys.trips import requests, services
from fugong.registry import services as registry
from journeys import coach
from journeys.coach import ARRIVES, DEPARTS, NOW
from web import test_languages as languages
from web.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def time(monkeypatch):
    """A clock that a test sets."""
    told = SimpleNamespace(now=NOW)
    monkeypatch.setattr(clock, "now", lambda: told.now)
    return told


@pytest.fixture
def here(time):
    return coach.plant(8)


def signed_in(user, language="en"):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def said(answer):
    """What a page says, without its markup; after a redirect, what the next page says."""
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def post(client, path, **given):
    return client.post(path, given, follow=True)


def test_a_destination_is_found_among_many_sites_by_searching(here):
    client = signed_in(here.dispatcher)

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get("/trips/places/")
        return len(found)

    before = asked()
    for number in range(14):
        registry.add_site(name=f"分厂{number}", enterprise=here.enterprise)
    assert asked() == before
    page = client.get("/trips/new/").content.decode()
    assert page.count('type="radio" name="site"') == 12 and 'name="find"' in page
    sought = client.get("/trips/new/?find=分厂13").content.decode()
    assert sought.count('type="radio" name="site"') == 1 and "<main" not in sought
    kept = client.post("/trips/new/", {"code": "J07", "do": "find", "find": "分厂13"})  # where no script runs
    assert kept.status_code == 200 and 'value="J07"' in kept.content.decode() and "correct" not in said(kept)


def test_a_dispatcher_makes_fills_releases_locks_and_cancels_a_trip(here, time):
    client = signed_in(here.dispatcher)
    given = {
        "code": "J01", "mode": "bus", "origin_division": "江西省乐平市", "site": here.site.pk, "departs": "2020-03-09T12:00",
        "arrives": "2020-03-09T22:00", "vehicle": "闽A12345", "rated": 48, "rows": 12, "columns": 4, "sealed": "on",
        "stops": "12:00 乐平汽车站\n13:30 德兴", "cost": "8600", "subsidy": "4300",
    }  # fmt: skip
    assert "is no stop" in said(post(client, "/trips/new/", **given | {"stops": "soon"}))
    assert "Which division is" in said(post(client, "/trips/new/", **given | {"origin_division": "somewhere"}))
    page = said(post(client, "/trips/new/", **given))
    assert "48, of which 24 may be taken" in page
    assert "8,600 yuan" in page
    assert "is there already" in said(post(client, "/trips/new/", **given))
    trip = Trip.objects.get(code="J01")
    assert [stop.name for stop in trip.stops.order_by("number")] == ["乐平汽车站", "德兴"]
    requests.ask(
        enterprise=here.enterprise.pk, workers=here.workers[:2], place=here.place.pk, site=here.site.pk, day=builders.DAY,
        now=NOW, actor=None,
    )  # fmt: skip
    do = f"/trips/{trip.pk}/do/"
    assert here.names[here.workers[1]] in said(client.get(f"/trips/{trip.pk}/"))
    assert "2 people have seats now" in said(post(client, do, do="book", worker=here.workers[:2]))
    assert "A seat is a row and a letter" in said(post(client, do, do="move", worker=here.workers[0], seat="front"))
    assert "kept for whoever falls ill" in said(post(client, do, do="move", worker=here.workers[0], seat="12A"))
    assert "Moved" in said(post(client, do, do="move", worker=here.workers[0], seat="5b"))
    assert Booking.objects.get(worker=here.workers[0]).seat == "5B"
    assert "is released" in said(post(client, do, do="release"))
    assert "is locked" in said(post(client, do, do="lock"))
    assert "Taken off J01" in said(post(client, do, do="take_off", worker=here.workers[1]))
    assert SeatRequest.objects.get(worker=here.workers[1]).state == "open"
    assert "Say why" in said(post(client, do, do="cancel", reason=""))
    assert "is cancelled" in said(post(client, do, do="cancel", reason="雪"))
    assert "Choose what to do" in said(post(client, do, do="fly"))


def test_the_manifest_as_a_workbook_and_on_paper(here):
    trip = coach.released(here, 3)
    client = signed_in(here.dispatcher)
    answer = client.get(f"/trips/{trip.pk}/manifest.xlsx")
    assert 'filename="T1.xlsx"' in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["1A", here.names[here.workers[0]], "13000000000"] in [row[:3] for row in rows]
    printed = client.get(f"/trips/{trip.pk}/manifest.pdf")
    assert printed.content.startswith(b"%PDF")
    assert signed_in(builders.user("enterprise_clerk", here.enterprise.pk)).get(
        f"/trips/{trip.pk}/manifest.pdf"
    ).status_code == 403  # fmt: skip


def test_a_crew_lets_people_on_board_and_the_checkpoint_checks_them_in(here, time):
    trip = coach.released(here, 4)
    builders.record(here.workers[1], "temperature", NOW, {"celsius": 38.2, "place": "home"})
    time.now = DEPARTS
    crew = signed_in(builders.user("driver", here.enterprise.pk))
    boarding = f"/trips/{trip.pk}/boarding/"
    assert "is on board: seat 1A" in said(post(crew, boarding, do="board", worker=here.workers[0]))
    refused = crew.post(boarding, {"do": "board", "worker": here.workers[1]})
    assert refused.status_code == 422
    assert "May not board" in said(refused)
    assert "Please wait and measure again." in said(refused)
    post(crew, boarding, do="board", worker=here.workers[2])
    assert "they did not come" in said(post(crew, boarding, do="no_show", worker=here.workers[3]))
    assert "Counted 3, and 2 should be on board" in said(post(crew, boarding, do="count", counted="3"))
    assert "Counted 2, as it should be" in said(post(crew, boarding, do="count", counted="2"))
    assert "a whole number" in said(post(crew, boarding, do="count", counted="two"))
    assert "has left" in said(post(crew, boarding, do="depart"))

    time.now = ARRIVES + 600
    guard = signed_in(builders.user("guard", here.enterprise.pk))
    arrivals = f"/trips/{trip.pk}/arrivals/"
    assert "First: the vehicle is disinfected" in said(guard.get(arrivals))
    early = {"do": "check_in", "worker": here.workers[0], "celsius": "36.5", "matched": "yes"}
    assert "has not been disinfected yet" in said(post(guard, arrivals, **early))
    weak = {"do": "disinfect", "agent": "含氯消毒剂", "mg_per_litre": "100", "minutes": "30", "by": "张师傅"}
    assert "is not enough here" in said(post(guard, arrivals, **weak))
    assert "can be checked in now" in said(post(guard, arrivals, **weak | {"mg_per_litre": "500"}))
    time.now += 60
    assert "cannot be" in said(post(guard, arrivals, **early | {"celsius": "3650"}))
    page = said(post(guard, arrivals, **early | {"celsius": "36，5", "masks": "2"}))
    assert "is checked in" in page
    assert re.search(r"Missing\s+\S* ?" + here.names[here.workers[2]], said(guard.get(arrivals))) or (
        here.names[here.workers[2]] in said(guard.get(arrivals))
    )
    found = post(guard, arrivals, do="search", q=here.names[here.workers[6]])
    assert str(here.workers[6]) in found.content.decode()
    extra = {**early, "worker": here.workers[6], "extra": "on"}
    assert "is checked in" in said(post(guard, arrivals, **extra))
    fever = said(post(guard, arrivals, **early | {"worker": here.workers[2], "celsius": "38.4"}))
    assert "Take them to the isolation room" in fever
    assert "Aboard the same sealed vehicle" in fever
    assert "The dispatcher confirms" in fever
    dispatcher = signed_in(here.dispatcher)
    given = {"do": "contacts", "case": here.workers[2], "contact": [here.workers[0], here.workers[6]]}
    assert "2 people are close contacts now" in said(post(dispatcher, arrivals, **given))
    assert "They are on record as close contacts" in said(dispatcher.get(arrivals))
    assert "Came, and not on the manifest" in said(dispatcher.get(f"/trips/{trip.pk}/"))


def test_an_enterprise_asks_for_seats_and_takes_it_back(here):
    for worker in here.workers[:3]:
        builders.survey(worker, NOW - 60, whereabouts="away", test_required=True, intended_on="2020-03-12", means="bus")
    client = signed_in(builders.user("enterprise_clerk", here.enterprise.pk))
    path = f"/enterprises/{here.enterprise.pk}/seats/"
    given = {"place": here.place.pk, "site": here.site.pk, "day": "2020-03-12"}
    assert "Choose at least one worker" in said(post(client, path, **given))
    assert "lies in the past" in said(post(client, path, **given | {"day": "2020-03-01", "worker": here.workers[0]}))
    assert "Asked for 2 seats" in said(post(client, path, **given, worker=here.workers[:2]))
    asked = SeatRequest.objects.get(worker=here.workers[0])
    assert "Withdrawn" in said(post(client, path, withdraw=asked.pk))
    assert set(SeatRequest.objects.values_list("state", flat=True)) == {"withdrawn", "open"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_trips_speaks_one_language(here, time, language):
    trip = coach.released(here, 4)
    other = coach.trip(here, "T2", departs=ARRIVES, arrives=ARRIVES + 3600, stops=())
    requests.ask(
        enterprise=here.enterprise.pk, workers=here.workers[5:6], place=here.place.pk, site=here.site.pk, day=builders.DAY,
        now=NOW, actor=None,
    )  # fmt: skip
    known = [
        "enterprise_clerk",
        "dispatcher",
        *languages.data(),
        "T1",
        "T2",
        "长运",
        "闽A12345",
        "乐平汽车站",
        "德兴",
        "江西省",
        "景德镇市",
        "乐平市",
        "乐平",
        "含氯消毒剂",
    ]
    client, wrong = signed_in(here.dispatcher, language), []
    clerk = signed_in(builders.user("enterprise_clerk", here.enterprise.pk), language)

    def look(browser, path, **given):
        answer = browser.post(path, given, follow=True) if given else browser.get(path)
        assert answer.status_code in (200, 422), path
        page = read(answer.content.decode())
        wrong.extend(f"{path}: {word}" for word in languages.foreign_words(page, language, known))

    look(client, "/trips/")
    look(client, "/trips/new/", code="")
    look(client, "/trips/places/", name="")
    look(client, "/trips/plan/", day="")
    look(client, "/trips/vehicles/", plate="")
    look(client, f"/trips/{other.pk}/")
    look(client, f"/trips/{trip.pk}/")
    look(clerk, f"/enterprises/{here.enterprise.pk}/seats/")
    time.now = DEPARTS
    boarding, arrivals = f"/trips/{trip.pk}/boarding/", f"/trips/{trip.pk}/arrivals/"
    for number in range(3):
        look(client, boarding, do="board", worker=here.workers[number])
    look(client, boarding, do="board", worker=here.workers[7])
    look(client, boarding, do="count", counted="7")
    time.now = ARRIVES
    look(client, arrivals)
    look(client, arrivals, do="disinfect", agent="含氯消毒剂", mg_per_litre="1", minutes="30")
    look(client, arrivals, do="disinfect", agent="含氯消毒剂", mg_per_litre="500", minutes="30")
    look(client, arrivals, do="check_in", worker=here.workers[0], celsius="38.4", matched="yes")
    look(client, arrivals, do="search", q="nobody at all")
    look(client, f"/trips/{trip.pk}/")
    services.cancel(trip=other.pk, reason="雪", now=time.now, actor=None)
    look(client, "/trips/?state=cancelled")
    assert wrong == [], "\n".join(wrong)
