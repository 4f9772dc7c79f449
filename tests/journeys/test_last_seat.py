"""Fifty at the same moment want the last seat: one has it, and the others are told so."""

from __future__ import annotations

from functools import partial

import pytest

from fugong.journeys.models import Booking
from fugong.journeys.trips import services
from fugong.journeys.trips.errors import TripError
from journeys import coach
from journeys.coach import NOW
from parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


def attempt(call):
    """What came of a call: nothing, or the code of its refusal."""
    try:
        call()
    except TripError as fault:
        return fault.code
    return "booked"


def test_fifty_at_once_for_the_last_seat_and_one_person_on_many_trips_at_once():
    here = coach.plant(MANY + 3)
    trip = coach.trip(here, layout=coach.Layout(8, 4, 2))  # four places in the first two rows
    services.book(trip=trip.pk, workers=here.workers[:3], now=NOW, actor=None)
    calls = [partial(services.book, trip=trip.pk, workers=[one], now=NOW, actor=None) for one in here.workers[3:]]
    told = at_once(*(partial(attempt, call) for call in calls))
    assert (told.count("booked"), told.count("trip.full")) == (1, MANY - 1)
    assert Booking.objects.filter(trip=trip, state="booked").count() == 4

    worker = here.workers[-1]
    services.take_off(trip=trip.pk, workers=list(
        Booking.objects.filter(trip=trip, state="booked").values_list("worker_id", flat=True)
    ), now=NOW, actor=None)  # fmt: skip
    others = [coach.trip(here, f"S{number}") for number in range(8)]
    calls = [partial(services.book, trip=one.pk, workers=[worker], now=NOW, actor=None) for one in others]
    told = at_once(*(partial(attempt, call) for call in calls))
    assert (told.count("booked"), told.count("trip.other_trip")) == (1, 7)
    assert Booking.objects.filter(worker=worker, state="booked").count() == 1
