"""Who drives a trip and looks after its passengers, where they stand on a roster: told as facts, contacts of who falls ill."""

from __future__ import annotations

import pytest
from django.test import Client

import builders
from fugong.base import clock
from fugong.journeys.arrival import contacts
from fugong.journeys.arrival import services as arrival
from fugong.journeys.arrival.services import Seen
from fugong.journeys.trips import crew, services, staff
from fugong.journeys.trips.errors import TripError
from fugong.ledger.queries import standing
from journeys import coach
from journeys.coach import ARRIVES, DEPARTS, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return coach.plant(4)


def told() -> list[tuple[object, int, int, str]]:
    return [(one.subject_id, one.start, one.end, one.values["duty"]) for one in standing().filter(kind="crew")]


def by(here, now=NOW):
    return {"now": now, "actor": here.dispatcher.pk}


def test_the_crew_is_there_as_long_as_the_trip_and_of_one_trip_at_a_time(here):
    trip, other = coach.trip(here), coach.trip(here, "T2")
    driver = here.workers[3]
    for _twice in range(2):
        staff.name(trip=trip.pk, worker=driver, duty="driver", **by(here))
    assert told() == [(driver, DEPARTS, ARRIVES, "driver")]
    services.book(trip=trip.pk, workers=here.workers[:1], **by(here))
    for where, who, code in ((other, driver, "staff.other_trip"), (trip, here.workers[0], "staff.passenger")):
        with pytest.raises(TripError) as caught:
            staff.name(trip=where.pk, worker=who, duty="driver", **by(here))
        assert caught.value.code == code
    services.change(trip=trip.pk, departs=DEPARTS + 600, arrives=ARRIVES, layout=coach.COACH, **by(here))
    assert told() == [(driver, DEPARTS + 600, ARRIVES, "driver")]
    services.cancel(trip=trip.pk, reason="no road", **by(here))
    assert told() == []


def test_a_fever_on_arrival_makes_contacts_of_the_crew_too(here):
    trip = coach.released(here, 2)
    driver = here.workers[3]
    staff.name(trip=trip.pk, worker=driver, duty="driver", **by(here))
    crew.board(trip=trip.pk, workers=here.workers[:2], stop=None, **by(here, DEPARTS))
    crew.depart(trip=trip.pk, **by(here, DEPARTS))
    arrival.disinfect(trip=trip.pk, agent="氯", mg_per_litre=400, minutes=30, by="张", at=ARRIVES, **by(here, ARRIVES))
    sick = Seen(here.workers[0], matched=True, celsius=38.5)
    arrival.check_in(trip=trip.pk, seen=[sick], **by(here, ARRIVES))
    trip.refresh_from_db()
    around = contacts.near(trip, trip.bookings.get(worker=here.workers[0]), ARRIVES)
    assert around.crew == (driver,)
    assert contacts.write(trip=trip.pk, case=here.workers[0], contacts=[driver], **by(here, ARRIVES)) == 1


def test_a_dispatcher_names_somebody_of_a_roster_and_takes_them_out(here, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    trip = coach.trip(here)
    client = Client()
    client.force_login(here.dispatcher)
    do, name = f"/trips/{trip.pk}/do/", here.names[here.workers[3]]
    assert "没有找到" in client.post(do, {"do": "find_crew", "q": "查无此人"}).content.decode()
    assert str(here.workers[3]) in client.post(do, {"do": "find_crew", "q": name}).content.decode()
    assert "职责" in client.post(do, {"do": "add_crew", "worker": here.workers[3]}).content.decode()
    page = client.post(do, {"do": "add_crew", "worker": here.workers[3], "duty": "attendant"}, follow=True)
    assert "随车人员" in page.content.decode() and name in page.content.decode()
    client.post(do, {"do": "drop_crew", "worker": here.workers[3]})
    assert told() == []


def test_tracing_finds_the_crew_of_a_positive_passenger_and_the_passengers_of_a_positive_driver(here):
    from fugong.tracing.models import CaseContact
    from fugong.tracing.services import cases

    trip = coach.released(here, 2)
    driver = here.workers[3]
    staff.name(trip=trip.pk, worker=driver, duty="driver", **by(here))
    crew.board(trip=trip.pk, workers=here.workers[:2], stop=None, **by(here, DEPARTS))
    found = []
    for ill in (here.workers[0], driver):
        ground = builders.sampled(ill, ARRIVES, ARRIVES + 3600, result="positive")
        case = cases.open_case(ground=ground, now=ARRIVES + 3600, actor=None)
        cases.propose(case=case.pk, now=ARRIVES + 3600)
        found.append(set(CaseContact.objects.filter(case=case).values_list("worker_id", flat=True)))
    assert driver in found[0] and here.workers[1] in found[0]
    assert found[1] >= set(here.workers[:2])
