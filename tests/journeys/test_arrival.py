"""At the checkpoint: first the vehicle, then its people; who is missing or extra; a fever, and who sat near."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

import builders
from fugong.base.faults import Fault
from fugong.clearance import queries as clearance
from fugong.journeys.arrival import contacts, services
from fugong.journeys.arrival.services import Seen
from fugong.journeys.models import Booking, Trip
from fugong.journeys.trips import crew
from fugong.journeys.trips import queries as trips
from fugong.ledger.acts import Waits
from fugong.ledger.models import Fact
from journeys import coach
from journeys.coach import ARRIVES, DEPARTS

pytestmark = pytest.mark.django_db
CHECKED = ARRIVES + 3600


@pytest.fixture
def here():
    return coach.plant(14)


@pytest.fixture
def trip(here):
    """Ten are booked, nine of them got on."""
    made = coach.released(here, 10)
    crew.board(trip=made.pk, workers=here.workers[:9], at=DEPARTS, now=DEPARTS, actor=None)
    crew.depart(trip=made.pk, now=DEPARTS, actor=None)
    return made


def refused(code, /, **given):
    call = given.pop("call")
    with pytest.raises(Fault) as fault, transaction.atomic():
        call(**given)
    assert fault.value.code == code
    assert fault.value.in_language("zh-hans") != fault.value.in_language("en")
    return fault.value.in_language("en")


def disinfect(trip, at=ARRIVES, **more):
    given = {
        "agent": "含氯消毒剂",
        "mg_per_litre": 500,
        "minutes": 30,
        "by": "张师傅",
        "at": at,
        "now": at,
        "actor": None,
    } | more
    return services.disinfect(trip=trip.pk, **given)


def check_in(trip, *seen, at=CHECKED):
    return services.check_in(trip=trip.pk, seen=seen, now=at, actor=None)


def well(worker, **more):
    return Seen(worker, matched=True, celsius=36.5, **more)


def test_nobody_is_checked_in_before_the_vehicle_is_disinfected(here, trip):
    first = here.workers[0]
    with pytest.raises(Fault) as fault, transaction.atomic():
        check_in(trip, well(first))
    assert fault.value.code == "arrival.not_disinfected"
    assert coach.facts_of("arrival") == 0
    with pytest.raises(IntegrityError, match="after_disinfection"), transaction.atomic():  # whoever asks, and however
        Booking.objects.filter(worker=first).update(state="arrived", checked_in_at=CHECKED)
    disinfect(trip)
    fact = Fact.objects.get(kind="disinfection")
    assert fact.subject_id == here.site.pk
    assert fact.values == {"agent": "含氯消毒剂", "mg_per_litre": 500, "minutes": 30, "by": "张师傅", "trip": "T1"}
    with pytest.raises(Fault) as fault, transaction.atomic():
        check_in(trip, well(first, at=ARRIVES - 60))
    assert fault.value.code == "arrival.early"
    assert check_in(trip, well(first))[0].fever is False
    with pytest.raises(IntegrityError, match="after_disinfection"), transaction.atomic():
        Trip.objects.filter(pk=trip.pk).update(
            disinfected_at=2**35, disinfection=None
        )  # nor is it forgotten afterwards


def test_a_disinfection_that_is_too_weak_or_too_short_is_none(here, trip):
    assert "it takes 250 to 500 mg/L for at least 30 minutes" in refused(
        "disinfection.too_weak", call=disinfect, trip=trip, mg_per_litre=200
    )
    refused("disinfection.too_weak", call=disinfect, trip=trip, minutes=20)
    refused("arrival.agent", call=disinfect, trip=trip, agent=" ")
    refused("arrival.numbers", call=disinfect, trip=trip, minutes=0)
    refused("arrival.before_it_came", call=disinfect, trip=trip, at=DEPARTS - 60, now=ARRIVES)
    first = disinfect(trip, mg_per_litre=300)
    second = disinfect(trip, at=ARRIVES + 600, now=ARRIVES + 600)  # keyed in wrongly: nobody is in yet
    assert Fact.objects.get(pk=second).supersedes_id == first
    check_in(trip, well(here.workers[0]))
    refused("arrival.disinfected", call=disinfect, trip=trip, at=CHECKED)


def test_who_arrives_is_on_record_with_what_was_seen_of_them(here, trip):
    disinfect(trip)
    first, second = here.workers[:2]
    assert not clearance.status(first, "enter", CHECKED + 60).holds
    check_in(trip, well(first, supplies=(("一次性口罩", 5),)), Seen(second, matched=False, celsius=36.4))
    told = {fact.kind: fact.values for fact in Fact.objects.filter(subject=first, start=CHECKED)}
    assert told == {
        "arrival": {"mode": "bus", "trip": "T1", "from_division": coach.LEPING, "site": str(here.site.pk)},
        "identity_check": {"matched": True},
        "temperature": {"celsius": 36.5, "method": "forehead", "place": "arrival"},
        "supplies": {"item": "一次性口罩", "number": 5},
    }
    builders.register(first, CHECKED)
    builders.register(second, CHECKED)
    assert clearance.status(first, "enter", CHECKED + 60).holds
    assert clearance.failing(second, "enter", CHECKED + 60) == ("identity_matched",)
    again = check_in(trip, well(first))
    assert again[0].already
    assert coach.facts_of("arrival") == 2


def test_who_is_missing_or_extra_is_on_a_list_at_once(here, trip):
    disinfect(trip)
    came, unnoted, extra = here.workers[1], here.workers[9], here.workers[12]
    with pytest.raises(Fault) as fault, transaction.atomic():
        check_in(trip, well(extra))
    assert fault.value.code == "arrival.not_on_manifest"
    check_in(trip, well(came), well(unnoted), well(extra, extra=True))
    lists = trips.discrepancies(Trip.objects.get(pk=trip.pk))
    assert {one.worker_id for one in lists.missing} == {*here.workers[:9]} - {came}
    assert [one.worker_id for one in lists.extra] == [extra]
    assert [one.worker_id for one in lists.not_boarded] == [unnoted]
    assert coach.facts_of("arrival", subject=extra) == 1
    assert coach.facts_of("boarding", subject=extra) == 1  # for whoever traces contacts: they were aboard
    assert coach.facts_of("boarding", subject=unnoted) == 1


def test_a_fever_is_isolated_and_everybody_of_a_sealed_coach_is_near(here, trip):
    disinfect(trip)
    sick = here.workers[0]
    (told,) = check_in(trip, Seen(sick, matched=True, celsius=38.4))
    assert told.fever
    booking = Booking.objects.get(worker=sick)
    assert booking.isolated_at == CHECKED
    builders.register(sick, CHECKED)
    assert "temperature_on_arrival" in (clearance.failing(sick, "enter", CHECKED + 60) or ())
    around = contacts.near(Trip.objects.get(pk=trip.pk), booking, CHECKED)
    assert (around.rule, {one.worker_id for one in around.bookings}) == ("everyone", set(here.workers[1:9]))
    given = {"trip": trip.pk, "case": sick, "now": CHECKED, "actor": here.dispatcher.pk}
    with pytest.raises(Fault) as fault, transaction.atomic():
        contacts.confirm(contacts=[here.workers[12]], **given)
    assert fault.value.code == "arrival.not_near"
    assert coach.facts_of("contact") == 0  # the list alone takes nothing from anybody
    done = contacts.confirm(contacts=here.workers[1:9], **given)
    assert not isinstance(done, Waits)
    assert done.result == 8
    assert Fact.objects.filter(kind="contact").first().values == {"rule": "seat:everyone", "place": "T1"}
    assert clearance.failing(here.workers[1], "board", CHECKED + 60) == ("no_open_contact",)
    assert contacts.confirm(contacts=here.workers[1:9], **given).result == 0  # said twice, written once


def test_in_a_ventilated_coach_the_rows_before_and_behind(here):
    trip = coach.released(here, 14, layout=coach.Layout(48, 12, 4, sealed=False))
    crew.board(trip=trip.pk, workers=here.workers, at=DEPARTS, now=DEPARTS, actor=None)
    disinfect(trip)
    sick = here.workers[0]
    check_in(trip, Seen(sick, matched=True, celsius=38.4))
    around = contacts.near(Trip.objects.get(pk=trip.pk), Booking.objects.get(worker=sick), CHECKED)
    assert around.rule == "rows"
    rows = [one.seat_row for one in around.bookings]
    assert (len(rows), max(rows)) == (7, 4)  # the sick one sits in row 1: rows 1 to 4, every other seat
