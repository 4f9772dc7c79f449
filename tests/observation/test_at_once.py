"""Many at once: the last bed is given once, a bed takes one of two who move, nobody is in two places."""

from __future__ import annotations

from uuid import UUID

import pytest

import builders
from fugong.base.ids import uuid7
from fugong.ledger.queries import standing
from fugong.observation.errors import ObservationError
from fugong.observation.models import Room, Stay
from fugong.observation.services import leaving, stays
from fugong.observation.services.leaving import Move
from fugong.observation.services.stays import CheckIn, Plan
from observation.sites import DAY, NOW, by, hotel, kept, present
from parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)
EXPECTED = {
    "stay.bed_taken",
    "stay.room_full",
    "stay.person_elsewhere",
    "stay.bed_occupied",
    "stay.at_once",
    "stay.not_planned",
}


def tried(call):
    """What comes of a call: its result, or the code of the refusal. Anything else fails the test."""

    def run() -> object:
        try:
            return call()
        except ObservationError as error:
            return error.code

    return run


def keeping(worker: UUID, bed: UUID, **more):
    return tried(lambda: stays.keep(plans=[Plan(worker, bed, NOW, NOW + DAY, **more)], by=by()))


def done(results) -> int:
    assert {one for one in results if isinstance(one, str)} <= EXPECTED, results
    return sum(not isinstance(one, str) for one in results)


def test_fifty_want_the_last_bed_and_one_gets_it():
    place = hotel()
    people = builders.workers(place.enterprise, 50)
    assert done(at_once(*(keeping(worker, place.beds["101/1"]) for worker in people))) == 1
    assert Stay.objects.exclude(state="cancelled").count() == 1


def test_one_person_is_given_one_bed_of_four_at_once():
    place = hotel()
    (worker,) = builders.workers(place.enterprise, 1)
    assert done(at_once(*(keeping(worker, bed) for bed in place.beds.values()))) == 1


def test_two_beds_of_a_room_for_one_take_one_person_at_a_time_and_a_household_together():
    place = hotel()
    people = builders.workers(place.enterprise, 4)
    beds = (place.beds["104/A"], place.beds["104/B"])
    assert done(at_once(*(keeping(worker, bed) for worker, bed in zip(people, beds, strict=False)))) == 1
    Stay.objects.update(state="cancelled")
    Room.objects.update(households=True)
    family = uuid7()
    pairs = zip(people[2:], beds, strict=True)
    assert done(at_once(*(keeping(worker, bed, household=family) for worker, bed in pairs))) == 2


def test_two_move_into_one_bed_and_one_of_them_gets_there():
    place = hotel()
    people = builders.workers(place.enterprise, 2)
    there = [present(place, worker, f"10{n}/1").pk for n, worker in enumerate(people, start=1)]
    target = place.beds["103/1"]
    moves = [tried(lambda stay=stay: leaving.move(moves=[Move(stay, target, NOW, "x")], by=by())) for stay in there]
    assert done(at_once(*moves)) == 1
    assert Stay.objects.filter(state="present").count() == 2
    assert Stay.objects.filter(state="present", bed=target).count() == 1
    assert standing().filter(kind="observation", values__room="103").count() == 1


def test_two_check_the_same_person_in_and_one_fact_says_so():
    place = hotel()
    (worker,) = builders.workers(place.enterprise, 1)
    stay = kept(place, worker, "101/1")
    calls = [tried(lambda: stays.check_in(arrivals=[CheckIn(stay, NOW)], by=by()))] * 2
    assert done(at_once(*calls)) == 1
    assert standing().filter(kind="observation", subject=worker).count() == 1
