"""Trips on the devices of doors: the manifests they hold, and what they say of boarding, counting, arrival; each row once."""

from __future__ import annotations

import json

import pytest

from doors.own_device import Own
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.doors import devices, misfits, pseudonyms
from fugong.journeys.arrival import services as arrival
from fugong.journeys.arrival.services import Seen
from fugong.journeys.devices import oddities
from fugong.journeys.models import Booking, HeadCount, Sighting, Trip
from fugong.journeys.trips import services
from fugong.ledger.models import Fact
from fugong.registry import services as registry
from journeys import coach
from journeys.coach import ARRIVES, DEPARTS, hours

pytestmark = pytest.mark.django_db
AFTER = ARRIVES + 2 * 3600


class Phone:
    """A device of the plant's door, as its app speaks."""

    def __init__(self, here, monkeypatch):
        self.here, self.now = here, DEPARTS - 300
        monkeypatch.setattr(clock, "now", lambda: self.now)
        self.door = here.site.doors.get()
        self.own = Own()
        self.own.enrol(devices.make_code(door=self.door.pk, actor=here.dispatcher.pk, now=self.now).code)
        self.called = pseudonyms.of(here.workers)

    def trips(self, since=""):
        answer = self.own.get(f"/api/v1/doors/{self.door.pk}/snapshot{since}", moment=self.now)
        return answer.json()

    def send(self, *rows):
        body = json.dumps(rows).encode()
        answer = self.own.post(f"/api/v1/doors/{self.door.pk}/checks", body, moment=self.now)
        assert answer.status_code == 200, answer.content
        return [one["problem"]["code"] if one["problem"] else one["status"] for one in answer.json()["rows"]]

    def row(self, kind, trip, at, person=None, **more):
        who = {} if person is None else {"worker": self.called[self.here.workers[person]]}
        return {"id": str(uuid7()), "kind": kind, "trip": str(trip.pk), "at": at} | who | more

    def boards(self, trip, person, at=DEPARTS - 600, **more):
        return self.row("boarding", trip, at, person, **({"colour": "green", "snapshot": 9} | more))

    def checks_in(self, trip, person, at=ARRIVES, **more):
        given = {"colour": "green", "celsius": 36.5, "matched": True} | more
        return self.row("checkin", trip, at, person, **given)


@pytest.fixture
def here():
    return coach.plant(7)


@pytest.fixture
def trip(here):
    """Five are booked; two of the plant's people are not."""
    return coach.released(here, 5)


@pytest.fixture
def phone(here, trip, monkeypatch):
    return Phone(here, monkeypatch)


def booking(trip, here, person):
    return trip.bookings.get(worker=here.workers[person])


def disinfected(phone, trip, at=ARRIVES - 60, **more):
    given = {"agent": "含氯消毒剂", "mg_per_litre": 500, "minutes": 30, "by": "张师傅"} | more
    return phone.row("disinfection", trip, at, **given)


def test_a_device_holds_the_manifests_that_come_to_its_site(phone, here, trip):
    held = phone.trips()
    (told,) = held["trips"]["list"]
    assert (told["id"], told["code"], told["plate"], told["state"]) == (str(trip.pk), "T1", "闽A12345", "released")
    assert [stop["name"] for stop in told["stops"]] == ["乐平汽车站", "德兴"] and told["disinfected_at"] is None
    people = told["people"]
    first = people["id"].index(phone.called[here.workers[0]])
    assert len(people["id"]) == 5 and people["seat"][first] == "1A" and people["state"][first] == "booked"
    assert (
        people["name"][first]
        == held["people"]["name"][held["people"]["id"].index(people["id"][first])]
        != here.names[here.workers[0]]
    )
    assert set(people) == {
        "id",
        "name",
        "initials",
        "badge",
        "phone",
        "seat",
        "stop",
        "state",
        "steps",
    }  # no health data
    (force,) = [one for one in held["trips"]["forces"] if one["end"] is None]
    assert "surveyed" in [one["name"] for one in force["requirements"]]
    assert force["disinfection"] == {"least": 250, "most": 500, "minutes": 30}
    phone.send(phone.boards(trip, 0))
    (again,) = phone.trips()["trips"]["list"]
    assert again["people"]["state"][first] == "boarded"


def test_trips_to_other_sites_drafts_and_old_ones_are_not_held(phone, here, trip):
    other = registry.add_site(name="二厂区", enterprise=here.enterprise)
    elsewhere = coach.trip(here, "T2", site=other.pk, departs=hours(48), arrives=hours(58), stops=())
    services.book(trip=elsewhere.pk, workers=here.workers[5:], now=coach.NOW, actor=here.dispatcher.pk)
    services.release(trip=elsewhere.pk, now=coach.NOW, actor=here.dispatcher.pk)
    coach.trip(here, "T3", departs=hours(60), arrives=hours(70), stops=())
    assert [one["code"] for one in phone.trips()["trips"]["list"]] == ["T1"]
    assert phone.send(phone.boards(elsewhere, 5)) == ["trip.unknown"]
    phone.now = ARRIVES + 3 * 86_400
    assert phone.trips()["trips"]["list"] == []


def test_a_way_without_a_network_is_stored_once(phone, here, trip):
    rows = [phone.boards(trip, person) for person in range(3)]
    rows += [
        phone.boards(trip, 5, colour="red", reasons=["trip.not_on_list"]),
        phone.row("headcount", trip, DEPARTS, counted=3, leaves=True, stop=str(trip.stops.first().pk)),
        phone.boards(trip, 3, hours(1)),
        phone.row("headcount", trip, hours(1.1), counted=5),
        disinfected(phone, trip),
        *(phone.checks_in(trip, person, ARRIVES + person) for person in range(3)),
        phone.checks_in(trip, 6, ARRIVES + 9, colour="amber", reasons=["arrival.extra"], extra=True),
    ]
    phone.now = AFTER
    assert phone.send(*rows) == ["stored"] * len(rows)
    told = set(Fact.objects.values_list("pk", flat=True))
    assert phone.send(*rows) == ["already"] * len(rows)
    assert set(Fact.objects.values_list("pk", flat=True)) == told
    trip.refresh_from_db()
    assert (trip.departed_at, trip.state, trip.disinfected_at) == (DEPARTS, Trip.ARRIVED, ARRIVES - 60)
    assert list(HeadCount.objects.order_by("at").values_list("counted", "expected")) == [(3, 3), (5, 4)]
    assert [coach.facts_of(kind) for kind in ("boarding", "arrival", "identity_check", "disinfection")] == [5, 4, 4, 1]
    assert booking(trip, here, 6).state == Booking.EXTRA and booking(trip, here, 3).state == Booking.BOARDED
    assert not Booking.objects.filter(worker=here.workers[5]).exists()
    assert [(one.name, one.knew) for one in oddities.refused(trip)] == [
        (here.names[here.workers[5]], ("不在本班次名单上。途中不得加人，请联系调度员。",))
    ]  # fmt: skip
    assert oddities.of_trip(trip) == []
    same = rows[0] | {"worker": phone.called[here.workers[4]]}
    assert phone.send(same) == ["door.id_taken"]


def test_without_a_record_a_check_in_is_kept_and_listed_and_counts_once_it_is_true(phone, here, trip):
    phone.now = AFTER
    early = [
        phone.checks_in(trip, person, at, colour="amber", reasons=["arrival.no_record"])
        for person, at in ((0, ARRIVES - 600), (1, ARRIVES))
    ]
    assert phone.send(*(phone.boards(trip, person) for person in range(3)), *early) == ["stored"] * 5
    assert coach.facts_of("arrival") == 0 and coach.facts_of("temperature") == 2
    assert not trip.bookings.filter(checked_in_at__isnull=False).exists()
    span = (phone.here.site.pk,), ARRIVES - 86_400, AFTER
    assert [one.worker for one in misfits.found("early", *span)] == [here.workers[1], here.workers[0]]
    assert misfits.open_counts(*span) == {here.site.pk: 2}
    assert {one.truth for one in oddities.of_trip(trip)} == {"至今没有登记消毒。"}
    assert phone.send(disinfected(phone, trip, ARRIVES - 300)) == ["stored"]  # between the two
    assert phone.send(*early) == ["already"] * 2
    late, before = oddities.of_trip(Trip.objects.get(pk=trip.pk))
    assert (late.row.state, before.row.state) == (Sighting.TAKEN, Sighting.KEPT)
    assert "之前" in late.truth and "之后" in before.truth and "无网络" in late.knew[0]
    assert booking(trip, here, 1).checked_in_at == ARRIVES and booking(trip, here, 0).checked_in_at is None
    assert coach.facts_of("temperature") == 2 and coach.facts_of("arrival") == 1
    oddities.look_at(trip=trip.pk, row=late.row.pk, words="记录晚了", now=AFTER, actor=here.dispatcher.pk)
    assert misfits.open_counts(*span) == {here.site.pk: 1}
    (line,) = [one for one in misfits.lines(misfits.found("early", *span)) if one.remark]
    assert (line.remark.words, line.door, line.title) == ("记录晚了", "T1", "车辆消毒未登记就登记到达")


def test_online_nobody_is_checked_in_before_the_record(phone, here, trip):
    phone.now = AFTER
    asked = phone.checks_in(trip, 0)
    del asked["colour"]
    assert phone.send(phone.boards(trip, 0), asked) == ["stored", "arrival.not_disinfected"]
    seen = phone.checks_in(trip, 0, colour="red", reasons=["arrival.disinfect_first"])
    assert phone.send(seen) == ["stored"] and coach.facts_of("arrival") == 0
    assert phone.send(disinfected(phone, trip, mg_per_litre=100)) == ["disinfection.too_weak"]
    assert phone.send(disinfected(phone, trip, ARRIVES + 60), phone.checks_in(trip, 0, ARRIVES + 90)) == ["stored"] * 2
    assert coach.facts_of("arrival") == 1 and oddities.refused(trip) == []


def test_a_fever_is_measured_twice_and_told(phone, here, trip):
    phone.now = AFTER
    first = phone.checks_in(trip, 0, celsius=38.2, colour="amber", reasons=["door.fever"])
    second = phone.checks_in(
        trip, 0, ARRIVES + 900, celsius=38.4, colour="red", reasons=["door.fever_confirmed"], second_of=first["id"]
    )
    told = phone.row("arrival_told", trip, ARRIVES + 960, check=second["id"], who="陈医生", words="送隔离点")
    assert phone.send(phone.boards(trip, 0), disinfected(phone, trip), first) == ["stored"] * 3
    assert booking(trip, here, 0).checked_in_at is None
    assert phone.send(second, told, told) == ["stored", "stored", "already"]
    one = booking(trip, here, 0)
    assert (one.isolated_at, one.state) == (ARRIVES + 900, Booking.ARRIVED)
    assert Sighting.objects.get(pk=second["id"]).told_who == "陈医生"
    assert coach.facts_of("temperature") == 2
    fever = Fact.objects.filter(kind="temperature").order_by("start").last()
    assert fever.values["celsius"] == 38.4


def test_what_is_known_later_takes_nobody_off_the_coach(phone, here, trip):
    services.take_off(trip=trip.pk, workers=[here.workers[1]], now=phone.now, actor=here.dispatcher.pk)
    coach.ledger.append(
        facts=[coach.NewFact(here.workers[2], "temperature", DEPARTS - 5_000, {"celsius": 38.5, "place": "home"})],
        source="page", evidence="a paper", now=phone.now,
    )  # fmt: skip
    phone.now = AFTER
    assert phone.send(*(phone.boards(trip, person) for person in (0, 1, 2))) == ["stored"] * 3
    assert [booking(trip, here, person).state for person in range(3)] == [
        Booking.BOARDED,
        Booking.CANCELLED,
        Booking.BOARDED,
    ]
    assert coach.facts_of("boarding") == 3
    lines = {one.row.worker_id: one for one in oddities.of_trip(trip)}
    assert lines.keys() == {here.workers[1], here.workers[2]}
    assert lines[here.workers[1]].row.state == Sighting.KEPT and lines[here.workers[2]].row.state == Sighting.TAKEN
    assert phone.send(disinfected(phone, trip), phone.checks_in(trip, 1)) == ["stored"] * 2
    assert booking(trip, here, 1).state == Booking.EXTRA  # they came, and the list didn't say so


def test_the_page_and_the_device_meet_in_one_check_in(phone, here, trip):
    phone.now = AFTER
    arrival.disinfect(
        trip=trip.pk, agent="含氯消毒剂", mg_per_litre=500, minutes=30, at=ARRIVES, now=AFTER, actor=here.dispatcher.pk
    )
    arrival.check_in(trip=trip.pk, seen=[Seen(here.workers[0], True, 36.4)], at=ARRIVES + 60, now=AFTER, actor=None)
    assert phone.send(phone.boards(trip, 0), phone.checks_in(trip, 0, ARRIVES + 30)) == ["stored"] * 2
    assert coach.facts_of("arrival") == 1 and coach.facts_of("boarding") == 1
    assert booking(trip, here, 0).boarded_at == DEPARTS - 600
    assert phone.send(phone.row("boarding", trip, AFTER + 60, 1, colour="green")) == ["stored"]  # after it had arrived
    assert [one.truth for one in oddities.of_trip(trip)] == ["当时该班次已经到达。"]


def test_wrong_rows_are_refused_each_for_itself(phone, here, trip):
    stranger = str(uuid7())
    rows = [
        phone.boards(trip, 0) | {"worker": stranger}, phone.boards(trip, 0) | {"trip": stranger}, phone.boards(trip, 0, stop=stranger),
        phone.boards(trip, 0, colour="blue"), phone.checks_in(trip, 0, DEPARTS - 900, celsius=400), phone.row("arrival_told", trip, DEPARTS - 900, check=stranger, who="x"),
        phone.row("headcount", trip, DEPARTS - 900, counted=-1), phone.checks_in(trip, 0, DEPARTS - 900, celsius=None), phone.boards(trip, 0, colour=None),
    ]  # fmt: skip
    assert phone.send(*rows) == [
        "trip.unknown_worker", "trip.unknown", "trip.wrong_stop", "door.row", "door.celsius", "arrival.unknown_check_in",
        "door.row", "arrival.no_celsius", "stored",
    ]  # fmt: skip
    assert Sighting.objects.count() == 1 and coach.facts_of("boarding") == 1


def test_the_trip_page_lists_what_did_not_fit(phone, here, trip, client):
    phone.now = AFTER
    phone.send(
        phone.boards(trip, 0),
        phone.checks_in(trip, 0, colour="amber", reasons=["arrival.no_record"]),
        phone.boards(trip, 5, colour="red", reasons=["trip.not_on_list"]),
    )
    client.force_login(here.dispatcher)
    address = f"/trips/{trip.pk}/arrivals/"
    page = client.get(address).content.decode()
    assert "车辆消毒未登记就登记到达" in page and "至今没有登记消毒。" in page and "不在本班次名单上" in page
    row = Sighting.objects.get(odd="early")
    assert client.post(address, {"do": "seen", "row": row.pk, "words": " "}).status_code == 422
    assert client.post(address, {"do": "seen", "row": row.pk, "words": "已补记"}).status_code == 302
    assert "已补记" in client.get(address).content.decode()
