"""A trip's plan: its seats, who is promised one, what the database refuses whoever asks, and what dispatchers are told."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

import builders
from fugong.journeys.models import Booking, SeatRequest, Trip
from fugong.journeys.trips import crew, requests, services
from fugong.journeys.trips.errors import TripError
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from journeys import coach
from journeys.coach import ARRIVES, DEPARTS, NOW, Layout

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return coach.plant(30)


def refused(code, /, **given):
    """The sentences of a refusal; nothing was written by it."""
    call = given.pop("call")
    with pytest.raises(TripError) as fault, transaction.atomic():
        call(**given)
    assert fault.value.code == code
    return fault.value.in_language("zh-hans"), fault.value.in_language("en")


def seated(trip):
    return {(one.seat_row, one.seat_column) for one in trip.bookings.filter(state__in=Booking.SEATED)}


def test_half_of_the_seats_apart_from_each_other_and_none_in_the_last_two_rows(here):
    trip = coach.trip(here)
    assert (trip.places, trip.last_row) == (24, 10)
    services.book(trip=trip.pk, workers=here.workers[:20], now=NOW, actor=None)
    assert all((row + column) % 2 == 0 for row, column in seated(trip))  # like a chess board: nobody beside anybody
    services.book(trip=trip.pk, workers=here.workers[20:24], now=NOW, actor=None)
    assert max(row for row, _column in seated(trip)) <= 10
    assert len(seated(trip)) == 24
    chinese, english = refused(
        "trip.full", call=services.book, trip=trip.pk, workers=here.workers[24:26], now=NOW, actor=None
    )
    assert "0 free seats for 2 people: of 48 rated seats 24 may be taken" in english
    assert "T1" in chinese
    assert "24" in chinese


def test_without_a_pack_or_in_a_train_nothing_is_kept_free(here):
    train = coach.trip(here, "G1", mode="charter_train", layout=Layout(90, 18, 5))
    assert (train.places, train.last_row) == (90, 18)
    early = coach.trip(here, "OLD", departs=builders.EARLY - 7200, arrives=builders.EARLY - 3600, stops=())
    assert (early.places, early.last_row) == (48, 12)


def test_a_given_seat_is_taken_kept_or_not_there(here):
    trip, (first, second) = coach.trip(here), here.workers[:2]
    services.book(trip=trip.pk, workers=[first], given={first: (3, 2)}, now=NOW, actor=None)
    assert Booking.objects.get(worker=first).seat == "3B"
    again = {"call": services.book, "trip": trip.pk, "workers": [second], "now": NOW, "actor": None}
    assert "3B" in refused("trip.seat_taken", given={second: (3, 2)}, **again)[1]
    assert "11A" in refused("trip.seat_kept", given={second: (11, 1)}, **again)[1]
    assert "13A" in refused("trip.no_such_seat", given={second: (13, 1)}, **again)[1]


def test_the_database_itself_refuses_what_must_never_be(here):
    """Whatever a program writes, past the services."""
    trip, other = coach.trip(here), coach.trip(here, "T2", departs=DEPARTS + 60, arrives=ARRIVES + 60, stops=())
    services.book(trip=trip.pk, workers=here.workers[:3], now=NOW, actor=None)
    first, second, third = Booking.objects.filter(trip=trip).order_by("place_number")
    like = {
        "departs": DEPARTS, "arrives": ARRIVES, "places": 24, "last_row": 10, "columns": 4, "worker_id": here.workers[5],
        "trip": trip, "seat_row": 9, "seat_column": 1, "place_number": 9,
    }  # fmt: skip
    wrong = {
        "booking_seat_once": {"seat_row": first.seat_row, "seat_column": first.seat_column},
        "booking_place_once": {"place_number": first.place_number},
        "booking_has_a_place": {"place_number": 25},
        "booking_once_a_trip": {"worker_id": second.worker_id},
        "booking_carries_its_trip": {"places": 30, "place_number": 25},
        "booking_of_one_person_at_one_time": {
            "trip": other, "worker_id": third.worker_id, "departs": other.departs, "arrives": other.arrives,
        },
        "booking_checked_in_after_disinfection": {"checked_in_at": NOW},
        "booking_arrives_checked_in": {"state": "arrived"},
    }  # fmt: skip
    for name, values in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Booking.objects.create(**{**like, **values})
    with pytest.raises(IntegrityError, match="booking_has_a_place"), transaction.atomic():
        Booking.objects.create(**{**like, "seat_row": 11})
    with pytest.raises(IntegrityError, match="booking_has_a_place"), transaction.atomic():
        Trip.objects.filter(pk=trip.pk).update(places=2)  # its bookings go with it, and are one too many
    assert Booking.objects.create(**like).seat == "9A"


def test_nobody_is_on_two_trips_at_once(here):
    one, two = coach.trip(here), coach.trip(here, "T2", departs=ARRIVES, arrives=ARRIVES + 3600, stops=())
    worker = here.workers[0]
    services.book(trip=one.pk, workers=[worker], now=NOW, actor=None)
    services.book(trip=two.pk, workers=[worker], now=NOW, actor=None)  # one after the other is no clash
    three = coach.trip(here, "T3", departs=ARRIVES - 60, arrives=ARRIVES + 60, stops=())
    said = refused("trip.other_trip", call=services.book, trip=three.pk, workers=[worker], now=NOW, actor=None)
    assert here.names[worker] in said[0]
    given = {"carrier": "", "layout": coach.COACH, "now": NOW, "actor": None}
    said = refused("trip.other_trip", call=services.change, trip=one.pk, departs=DEPARTS, arrives=ARRIVES + 60, **given)
    assert "T2" in said[1]
    services.take_off(trip=two.pk, workers=[worker], now=NOW, actor=None)
    services.change(trip=one.pk, departs=DEPARTS, arrives=ARRIVES + 60, **given)
    assert Booking.objects.get(trip=one).arrives == ARRIVES + 60


def test_a_smaller_vehicle_seats_everybody_anew_or_says_how_many_are_too_many(here):
    trip = coach.released(here, 12)
    given = {"trip": trip.pk, "departs": DEPARTS, "arrives": ARRIVES, "now": NOW + 60, "actor": None}
    services.change(layout=Layout(24, 8, 3), **given)
    trip.refresh_from_db()
    assert (trip.places, trip.last_row) == (12, 6)
    assert len(seated(trip)) == 12
    assert max(row for row, _column in seated(trip)) <= 6
    assert coach.facts_of("booking") == 12
    said = refused("trip.too_few_places", call=services.change, layout=Layout(20, 8, 3), **given)
    assert "Move 2 of them" in said[1]


def test_a_release_promises_each_their_seat_ahead_of_time_and_later_changes_are_told(here):
    trip = coach.trip(here)
    first, second = here.workers[:2]
    services.book(trip=trip.pk, workers=[first, second], now=NOW, actor=here.dispatcher.pk)
    assert coach.facts_of("booking") == 0  # a draft is nobody's promise
    services.release(trip=trip.pk, now=NOW, actor=here.dispatcher.pk)
    fact = ledger.standing().get(kind="booking", subject=first)
    assert (fact.start, fact.end, fact.recorded_at) == (DEPARTS, ARRIVES, NOW)
    assert fact.values == {
        "trip": "T1", "seat": "1A", "from_division": coach.LEPING, "site": str(here.site.pk),
    }  # fmt: skip
    services.move(worker=first, trip=trip.pk, to=trip.pk, seat=(5, 1), now=NOW + 60, actor=here.dispatcher.pk)
    assert ledger.standing().get(kind="booking", subject=first).values["seat"] == "5A"
    services.take_off(trip=trip.pk, workers=[second], now=NOW + 60, actor=here.dispatcher.pk)
    assert coach.facts_of("booking", subject=second) == 0
    services.book(trip=trip.pk, workers=[second], now=NOW + 120, actor=here.dispatcher.pk)
    assert coach.facts_of("booking", subject=second) == 1
    services.cancel(trip=trip.pk, reason="道路封闭", now=NOW + 180, actor=here.dispatcher.pk)
    assert coach.facts_of("booking") == 0
    assert "T1" in refused("trip.cancelled", call=services.book, trip=trip.pk, workers=[first], now=NOW, actor=None)[0]


def test_what_enterprises_ask_for_is_planned_and_open_again(here):
    day = builders.DAY
    given = {"enterprise": here.enterprise.pk, "place": here.place.pk, "site": here.site.pk, "now": NOW, "actor": None}
    first, second = here.workers[:2]
    requests.ask(workers=[first, second], day=day, **given)
    refused("seat_request.open", call=requests.ask, workers=[second], day=day, **given)
    (stranger,) = builders.workers(builders.enterprise(2, "南山精工"), 1, first=100)
    refused("seat_request.not_yours", call=requests.ask, workers=[stranger], day=day, **given)
    refused("seat_request.past", call=requests.ask, workers=[first], day=day.replace(day=8), **given)
    trip = coach.trip(here)
    services.book(trip=trip.pk, workers=[first, second], now=NOW, actor=None)
    assert set(SeatRequest.objects.values_list("state", "trip__code")) == {("planned", "T1")}
    services.take_off(trip=trip.pk, workers=[first], now=NOW, actor=None)
    asked = SeatRequest.objects.get(worker=first)
    assert (asked.state, asked.trip) == ("open", None)
    requests.withdraw(request=asked.pk, now=NOW, actor=None)
    refused("seat_request.closed", call=requests.withdraw, request=asked.pk, now=NOW, actor=None)


def test_who_may_boards_and_who_may_not_is_told_everything_that_they_lack(here):
    trip = coach.released(here, 3)
    first, second, third = here.workers[:3]
    builders.record(second, "temperature", NOW, {"celsius": 38.2, "place": "home"})
    builders.record(second, "symptom", NOW, {"name": "咳嗽"})
    told = crew.board(trip=trip.pk, workers=[first, second], at=DEPARTS, now=DEPARTS, actor=None)
    assert [one.boarded for one in told] == [True, False]
    assert {one.code for one in told[1].refused} == {"no_fever", "no_symptoms"}
    fact = Fact.objects.get(kind="boarding")
    assert (fact.subject_id, fact.values) == (first, {"trip": "T1", "seat": "1A", "sealed": True})
    again = crew.board(trip=trip.pk, workers=[first], at=DEPARTS + 60, now=DEPARTS + 60, actor=None)
    assert again[0].fact == fact.pk
    assert coach.facts_of("boarding") == 1
    crew.depart(trip=trip.pk, now=DEPARTS + 120, actor=None)
    stop = trip.stops.get(number=2)
    crew.board(trip=trip.pk, workers=[third], stop=stop.pk, now=coach.hours(1), actor=None)  # booked: not added
    assert Fact.objects.get(kind="boarding", subject=third).values["stop"] == "德兴"
    stranger = here.workers[9]
    said = refused(
        "trip.not_on_manifest", call=crew.board, trip=trip.pk, workers=[stranger], now=coach.hours(1), actor=None
    )
    assert here.names[stranger] in said[0]
    refused("trip.on_the_way", call=services.book, trip=trip.pk, workers=[stranger], now=coach.hours(1), actor=None)
    count = crew.head_count(trip=trip.pk, counted=3, stop=stop.pk, now=coach.hours(1), actor=None)
    assert (count.counted, count.expected) == (3, 2)


def test_who_did_not_come_is_waited_for_no_more_and_the_seat_is_free(here):
    trip = coach.released(here, 24)
    late, on_board = here.workers[:2]
    crew.board(trip=trip.pk, workers=[on_board], at=DEPARTS, now=DEPARTS, actor=None)
    refused("trip.boarded", call=crew.no_show, trip=trip.pk, workers=[on_board], now=DEPARTS, actor=None)
    crew.no_show(trip=trip.pk, workers=[late], now=DEPARTS, actor=None)
    assert coach.facts_of("booking", subject=late) == 0
    services.book(
        trip=trip.pk, workers=[here.workers[24]], now=DEPARTS, actor=None
    )  # a late change: somebody else comes
    refused("trip.not_on_manifest", call=crew.board, trip=trip.pk, workers=[late], now=DEPARTS, actor=None)


def test_plans_that_cannot_be_are_refused_in_words(here):
    trip = coach.trip(here)
    wrong = {
        "trip.code_taken": {"code": "T1"},
        "trip.no_code": {"code": " "},
        "trip.wrong_mode": {"mode": "rocket"},
        "trip.arrives_early": {"arrives": DEPARTS},
        "trip.wrong_seats": {"layout": Layout(50, 12, 4)},
        "trip.unknown_division": {"origin_division": "999999"},
        "trip.unknown_site": {"site": here.enterprise.pk},
        "trip.wrong_money": {"cost_fen": -1},
        "trip.stop_out_of_time": {"stops": (services.Stop("远", ARRIVES + 1),)},
    }
    for code, values in wrong.items():
        said = refused(code, call=coach.trip, here=here, **({"code": "T9"} | values))
        assert said[0] != said[1]
    for code, call, more in (
        ("trip.nobody", services.release, {}),
        ("trip.not_released", crew.board, {"workers": here.workers[:1]}),
        ("trip.twice", services.book, {"workers": [here.workers[0]] * 2}),
        ("trip.no_reason", services.cancel, {"reason": " "}),
        ("trip.not_booked", services.take_off, {"workers": here.workers[:1]}),
    ):
        refused(code, call=call, trip=trip.pk, now=NOW, actor=None, **more)
