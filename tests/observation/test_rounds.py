"""The nurse's round: each entry once, what was measured as facts, who is missing by the pack's times; the board shows it."""

from __future__ import annotations

import pytest

import builders
from fugong.base import clock, local
from fugong.base.ids import uuid7
from fugong.ledger.queries import standing
from fugong.observation import due
from fugong.observation.board import board
from fugong.observation.errors import ObservationError
from fugong.observation.models import Entry, Stay
from fugong.observation.services import leaving, rounds
from fugong.observation.services.leaving import Leaving, Move
from fugong.observation.services.rounds import Measured
from observation.sites import DAY, HOUR, NOW, by, hotel, kept, present

pytestmark = pytest.mark.django_db
MORNING = local.at(builders.DAY, "07:30")


@pytest.fixture
def place():
    return hotel()


@pytest.fixture
def stay(place):
    (worker,) = builders.workers(place.enterprise, 1)
    return present(place, worker, "102/1", NOW - 2 * DAY)


def enter(stay, at=NOW, now=NOW, **found):
    entry = Measured(found.pop("id", uuid7()), stay.pk, at, **found)
    (said,) = rounds.record(site=stay.site_id, entries=[entry], by=by(now))
    return said.fault.code if said.fault else said.status


def measured(stay):
    return list(standing().filter(subject=stay.worker_id, kind="temperature").values_list("values__celsius", "start"))


def symptoms(stay):
    facts = standing().filter(subject=stay.worker_id, kind="symptom").order_by("start", "values__name")
    return [(one.values["name"], one.start, one.end if one.end < NOW + 99 * DAY else None) for one in facts]


def test_an_entry_is_stored_once_however_often_it_is_sent(stay):
    entry = uuid7()
    assert enter(stay, id=entry, celsius=36.6, symptoms=("cough",)) == "stored"
    assert enter(stay, id=entry, celsius=36.6, symptoms=("cough",)) == "already"
    assert measured(stay) == [(36.6, NOW)]
    assert symptoms(stay) == [("cough", NOW, None)]


def test_a_whole_round_is_stored_as_one_and_once(place, stay):
    (other,) = builders.workers(place.enterprise, 1, first=5)
    there = present(place, other, "101/1", NOW - DAY)
    found = [Measured(uuid7(), stay.pk, NOW - 60, 36.6), Measured(uuid7(), there.pk, NOW - 50, 36.7)]
    assert rounds.record_round(entries=found, by=by()) == 2
    assert rounds.record_round(entries=found, by=by()) == 0
    wrong = [Measured(uuid7(), stay.pk, NOW - 40, 36.5), Measured(uuid7(), there.pk, NOW - 3 * DAY, 36.5)]
    with pytest.raises(ObservationError) as caught:  # the other had not come yet: nothing of it is stored
        rounds.record_round(entries=wrong, by=by())
    assert caught.value.code == "round.not_here"
    assert measured(stay) == [(36.6, NOW - 60)] and measured(there) == [(36.7, NOW - 50)]


def test_symptoms_begin_and_end_with_what_the_nurse_finds(stay):
    enter(stay, NOW - HOUR, symptoms=("cough", "fatigue"))
    enter(stay, NOW, celsius=36.4, symptoms=("fatigue", "sore_throat"))
    assert symptoms(stay) == [
        ("cough", NOW - HOUR, NOW), ("fatigue", NOW - HOUR, None), ("sore_throat", NOW, None),
    ]  # fmt: skip
    enter(stay, NOW, celsius=36.4)  # nobody asked
    assert len(symptoms(stay)) == 3


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ({"celsius": 369.0}, "round.celsius"), ({}, "round.nothing"), ({"symptoms": ("tired",)}, "round.symptom"),
        ({"celsius": 36.5, "at": NOW + HOUR}, "round.future"), ({"celsius": 36.5, "at": NOW - 3 * DAY}, "round.not_here"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused(stay, found, code):
    assert enter(stay, **found) == code
    assert measured(stay) == []


def test_a_clock_that_is_a_little_ahead_means_now(stay):
    assert enter(stay, NOW + 200, celsius=36.5) == "stored"
    assert measured(stay) == [(36.5, NOW)]


def test_one_refused_entry_keeps_no_other_out(stay):
    entries = [Measured(uuid7(), stay.pk, NOW, 99.0), Measured(uuid7(), stay.pk, NOW, 36.5)]
    said = rounds.record(site=stay.site_id, entries=entries, by=by())
    assert [one.status for one in said] == ["refused", "stored"]


def test_what_was_measured_without_a_network_counts_for_the_room_of_that_moment(place, stay):
    leaving.move(moves=[Move(stay.pk, place.beds["103/1"], NOW - HOUR, "x")], by=by())
    assert enter(stay, NOW - 2 * HOUR, celsius=36.7) == "stored"
    assert enter(stay, NOW, celsius=36.7) == "round.not_here"


def test_nobody_in_the_room_stands_in_the_day_book_and_is_no_temperature(stay):
    entry = uuid7()
    assert enter(stay, id=entry, absent=True) == "stored"
    assert enter(stay, id=entry, absent=True) == "already"
    assert [(one.kind, one.stay_id) for one in Entry.objects.all()] == [("absent", stay.pk)]
    assert measured(stay) == []


def test_an_id_of_something_else_is_refused(place, stay):
    (other,) = builders.workers(place.enterprise, 1, 40)
    fact = builders.record(other, "temperature", NOW - HOUR, {"celsius": 36.5, "place": "door"})
    assert enter(stay, id=fact, celsius=36.5) == "round.id_taken"


@pytest.mark.parametrize(
    ("clock_time", "taken", "state"),
    [
        ("05:59", None, due.MISSING), ("06:00", None, due.DUE), ("06:00", "06:00", due.TAKEN), ("08:59", None, due.DUE),
        ("09:00", None, due.MISSING), ("09:00", "05:59", due.MISSING), ("13:59", "06:10", due.TAKEN),
        ("14:00", "13:59", due.DUE), ("17:00", "13:59", due.MISSING),
    ],
)  # fmt: skip
def test_who_is_missing_goes_by_the_times_of_the_pack(place, clock_time, taken, state):
    """Due at 07:30 and 15:30, ninety minutes before and after."""
    now = local.at(builders.DAY, clock_time)
    measured_at = local.at(builders.DAY, taken) if taken else None
    assert due.state(due.round_at(now), now, NOW - 5 * DAY, measured_at) == state


def test_who_came_after_the_round_is_asked_at_the_next_one(place):
    now = local.at(builders.DAY, "10:00")
    assert due.state(due.round_at(now), now, MORNING + 1, None) == due.NOTHING
    assert due.round_at(now).clock == "07:30"


def test_the_board_shows_every_bed_in_walking_order(place, stay, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    people = builders.workers(place.enterprise, 4, 30)
    well = present(place, people[0], "101/1", NOW - DAY)
    enter(well, NOW - 2 * HOUR, celsius=36.5)
    fevered = present(place, people[1], "103/1", NOW - DAY)
    enter(fevered, NOW, celsius=38.1)
    gone = present(place, people[2], "104/A", NOW - DAY)
    leaving.leave(leaving=[Leaving(gone.pk, NOW - 1, Stay.EARLY, "x")], by=by())
    kept(place, people[3], "104/B", NOW + HOUR)
    shown = board(place.site.pk, NOW, with_health=True)
    assert [(tile.label, tile.state) for tile in shown.tiles] == [
        ("101", "well"), ("102", "missing"), ("103", "unwell"), ("104-A", "cleaning"), ("104-B", "kept"),
    ]  # fmt: skip
    assert (shown.tiles[1].guest.day, shown.tiles[1].guest.days) == (3, 14)
    hidden = board(place.site.pk, NOW, with_health=False)
    assert {tile.state for tile in hidden.tiles} == {"well", "cleaning", "kept"}
    assert all(guest.reading is None and not guest.symptoms for guest in hidden.guests)
