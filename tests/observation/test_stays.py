"""Stays through the services: each step writes facts, and what must never be is refused in words and by the database."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

import builders
from fugong.base import access, clock
from fugong.base.ids import uuid7
from fugong.clearance.queries import status
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.observation.errors import ObservationError
from fugong.observation.models import Bed, Room, Stay
from fugong.observation.services import leaving, rooms, stays
from fugong.observation.services.leaving import Leaving, Move
from fugong.observation.services.stays import CheckIn, Plan
from fugong.observation.services.writing import By
from observation.sites import DAY, HOUR, NOW, by, hotel, kept, present

pytestmark = pytest.mark.django_db
CLEANING = 4 * HOUR


@pytest.fixture
def place():
    return hotel()


@pytest.fixture
def people(place):
    return builders.workers(place.enterprise, 3)


def told(worker):
    """The standing observation facts of somebody: room, bed, from, to."""
    facts = standing().filter(subject=worker, kind="observation").order_by("start")
    return [(one.values["room"], one.values["bed"], one.start, one.end) for one in facts]


def refused(code, call, **named):
    with pytest.raises(ObservationError) as error:
        call(**named)
    assert error.value.code == code
    return error.value


def test_a_site_opens_with_its_rooms_and_facts_say_so(place):
    assert list(Room.objects.order_by("order").values_list("name", "order")) == [
        ("101", 1), ("102", 2), ("103", 3), ("104", 4),
    ]  # fmt: skip
    assert standing().filter(subject=place.site.pk, kind="room").count() == 4
    assert standing().get(subject=place.site.pk, kind="site_open").values == {"purpose": "observation"}
    again = refused(
        "room.name_taken",
        rooms.add_rooms,
        site=place.site.pk,
        rooms=[rooms.NewRoom("101")],
        at=NOW,
        now=NOW,
        actor=None,
    )
    assert "101" in again.message


def test_a_bed_that_is_kept_is_no_fact_and_the_check_in_is(place, people):
    stay = kept(place, people[0], "101/1", NOW - HOUR)
    assert told(people[0]) == []
    stays.check_in(arrivals=[CheckIn(stay, NOW - HOUR // 2)], by=by())
    row = Stay.objects.get(pk=stay)
    assert (row.state, row.since, row.room.name) == ("present", NOW - HOUR // 2, "101")
    assert told(people[0]) == [("101", "1", NOW - HOUR // 2, NOW - HOUR + 14 * DAY)]
    refused("stay.not_planned", stays.check_in, arrivals=[CheckIn(stay, NOW)], by=by())
    refused("stay.future", stays.check_in, arrivals=[CheckIn(kept(place, people[1], "102/1"), NOW + 1)], by=by())


def test_a_move_ends_one_fact_and_begins_another_in_the_same_second(place, people):
    stay = present(place, people[0], "101/1", NOW - 3 * DAY)
    (moved,) = leaving.move(moves=[Move(stay.pk, place.beds["103/1"], NOW - HOUR, "水管漏水")], by=by())
    assert told(people[0]) == [
        ("101", "1", NOW - 3 * DAY, NOW - HOUR), ("103", "1", NOW - HOUR, NOW + 11 * DAY),
    ]  # fmt: skip
    now_in, before = Stay.objects.get(pk=moved), Stay.objects.get(pk=stay.pk)
    assert (now_in.since, now_in.state, before.state, before.how) == (NOW - 3 * DAY, "present", "ended", "moved")
    assert before.free_from == NOW - HOUR + CLEANING
    refused("stay.same_bed", leaving.move, moves=[Move(moved, place.beds["103/1"], NOW, "x")], by=by())
    refused("stay.reason", leaving.move, moves=[Move(moved, place.beds["102/1"], NOW, " ")], by=by())


def test_a_kept_bed_is_changed_without_any_fact(place, people):
    stay = kept(place, people[0], "101/1", NOW + DAY)
    assert leaving.move(moves=[Move(stay, place.beds["102/1"], 0, "改房间")], by=by()) == [stay]
    assert Stay.objects.get(pk=stay).room.name == "102"
    stays.cancel(stays=[stay], reason="不来了", by=by())
    kept(place, people[1], "102/1", NOW + DAY)
    assert not Fact.objects.filter(kind="observation").exists()
    refused("stay.not_planned", stays.cancel, stays=[stay], reason="x", by=by())


def test_two_stays_in_one_bed_need_the_cleaning_between_them(place, people):
    first = kept(place, people[0], "101/1", NOW, days=2)
    error = refused("stay.bed_taken", kept, place=place, worker=people[1], bed="101/1", start=NOW + 2 * DAY)
    assert "101" in error.in_language("zh-hans")
    assert kept(place, people[1], "101/1", NOW + 2 * DAY + CLEANING)
    refused("stay.person_elsewhere", kept, place=place, worker=people[0], bed="102/1", start=NOW + DAY)
    assert Stay.objects.get(pk=first).free_from == NOW + 2 * DAY + CLEANING


def test_one_person_a_room_but_a_household_where_the_pack_lets_it(place, people):
    family = uuid7()
    kept(place, people[0], "104/A", NOW, household=family)
    error = refused("stay.room_full", kept, place=place, worker=people[1], bed="104/B", start=NOW, household=family)
    assert "104" in error.message
    Room.objects.filter(name="104").update(households=True)
    kept(place, people[1], "104/B", NOW, household=family)
    refused("stay.bed_taken", kept, place=place, worker=people[2], bed="104/B", start=NOW)
    Stay.objects.filter(worker=people[1]).update(state="cancelled")
    refused("stay.room_full", kept, place=place, worker=people[2], bed="104/B", start=NOW)


def test_a_room_takes_nobody_while_it_is_not_offered(place, people):
    stay = kept(place, people[0], "101/1", NOW, days=2)
    room = Stay.objects.get(pk=stay).room_id
    closing = {"rooms": [room], "reason": "维修", "now": NOW, "actor": None}
    assert "2020-03-11" in refused("room.in_use", rooms.close_rooms, at=NOW + DAY, **closing).message
    rooms.close_rooms(at=NOW + 2 * DAY, **closing)
    refused("stay.room_closed", kept, place=place, worker=people[1], bed="101/1", start=NOW + 3 * DAY)
    assert standing().get(subject=place.site.pk, kind="room", values__room="101").end == NOW + 2 * DAY


def raw(statement, *values):
    """What the database says of a write that goes round the services: the constraint's name."""
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return error.value.__cause__.diag.constraint_name


def test_the_database_itself_refuses(place, people):
    stay = present(place, people[0], "101/1", NOW - HOUR)
    other = kept(place, people[1], "102/1", NOW)
    Room.objects.filter(name="101").update(people=2)  # so that the bed itself is what stands in the way
    update = "UPDATE observation_stay SET {} WHERE id = %s"
    assert raw(update.format("bed_id = %s"), place.beds["101/1"], other) == "bed_has_one_stay_at_a_time"
    copy = "INSERT INTO observation_stay SELECT (jsonb_populate_record(s, %s::jsonb)).* FROM observation_stay AS s WHERE s.id = %s"
    twice = f'{{"id": "{uuid7()}", "state": "planned", "bed_id": "{place.beds["103/1"]}"}}'
    assert raw(copy, twice, stay.pk) == "person_has_one_bed_at_a_time"
    assert raw(update.format('"end" = start'), other) == "stay_starts_before_it_ends"
    assert raw(update.format("state = 'present'"), other) == "stay_told_as_a_fact"
    assert raw("UPDATE observation_room SET closes = %s WHERE name = '101'", NOW + DAY) == "room_offered_while_in_use"
    early = f'{{"id": "{uuid7()}", "state": "planned", "bed_id": "{place.beds["104/A"]}", "start": 1, "since": 1}}'
    assert raw(copy, early, other) == "stay_while_room_is_offered"


def test_room_and_site_of_a_stay_are_always_those_of_its_bed(place, people):
    there, elsewhere = Bed.objects.get(pk=place.beds["101/1"]), Room.objects.get(name="103")
    stay = Stay.objects.create(
        bed=there, room=elsewhere, site=place.site, worker_id=people[0], start=NOW, end=NOW + DAY, free_from=NOW + DAY,
        since=NOW, changed_at=NOW,
    )  # fmt: skip
    assert Stay.objects.get(pk=stay.pk).room.name == "101"
    Stay.objects.filter(pk=stay.pk).update(bed=place.beds["102/1"])
    assert Stay.objects.get(pk=stay.pk).room.name == "102"


def test_release_needs_the_permission_and_the_refusal_names_every_reason(place, people):
    worker = people[0]
    builders.arrive(worker, NOW - 3 * DAY)
    stay = present(place, worker, "101/1", NOW - 3 * DAY + HOUR)
    builders.record(worker, "contact", NOW - 2 * DAY)
    builders.record(worker, "temperature", NOW - 2 * HOUR, {"celsius": 38.2, "place": "observation"})
    error = refused("stay.not_cleared", leaving.leave, leaving=[Leaving(stay.pk, NOW)], by=by())
    said = error.in_language("zh-hans")
    assert "医学观察未满" in said
    assert "体温" in said
    assert Stay.objects.get(pk=stay.pk).state == "present"


def test_who_may_leave_is_released_and_clearance_follows(place, people):
    worker = people[0]
    start = NOW - 15 * DAY
    builders.survey(worker)
    builders.record(worker, "contact", start - HOUR)
    stay = present(place, worker, "101/1", start, days=20)
    builders.register(worker, NOW - HOUR)
    assert status(worker, "leave_observation", NOW).holds
    leaving.leave(leaving=[Leaving(stay.pk, NOW)], by=by())
    row = Stay.objects.get(pk=stay.pk)
    assert (row.state, row.how, row.end, row.free_from) == ("ended", "released", NOW, NOW + CLEANING)
    assert told(worker) == [("101", "1", start, NOW)]
    assert status(worker, "work", NOW).holds


def test_to_hospital_or_early_ends_the_fact_with_a_reason(place, people):
    for worker, bed, how in ((people[0], "101/1", Stay.HOSPITAL), (people[1], "102/1", Stay.EARLY)):
        stay = present(place, worker, bed, NOW - DAY)
        refused("stay.reason", leaving.leave, leaving=[Leaving(stay.pk, NOW, how)], by=by())
        leaving.leave(leaving=[Leaving(stay.pk, NOW, how, "发热 38.9")], by=by())
        assert told(worker)[0][3] == NOW
        assert standing().get(subject=worker, kind="observation").reason == "发热 38.9"


def test_somebody_who_leaves_late_makes_the_next_plan_begin_later(place, people):
    stay = present(place, people[0], "101/1", NOW - 2 * DAY, days=1)
    after = kept(place, people[1], "101/1", NOW + HOUR)
    leaving.leave(leaving=[Leaving(stay.pk, NOW, Stay.EARLY, "晚走")], by=by())
    assert Stay.objects.get(pk=after).start == NOW + CLEANING
    assert told(people[0])[-1][3] == NOW


def test_who_is_still_there_keeps_the_next_one_out(place, people):
    present(place, people[0], "101/1", NOW - 2 * DAY, days=1)
    after = kept(place, people[1], "101/1", NOW - HOUR)
    refused("stay.bed_occupied", stays.check_in, arrivals=[CheckIn(after, NOW)], by=by())


def test_a_stay_lasts_longer_and_the_fact_with_it(place, people):
    stay = present(place, people[0], "101/1", NOW - DAY)
    leaving.extend(stay=stay.pk, end=NOW + 20 * DAY, reason="再次接触", by=by())
    assert told(people[0]) == [("101", "1", NOW - DAY, NOW + 20 * DAY)]
    refused("stay.past", leaving.extend, stay=stay.pk, end=NOW - 5, reason="x", by=by())


def test_many_at_once_are_one_transaction(place, people):
    plans = [Plan(worker, place.beds[f"10{n}/1"], NOW, NOW + DAY) for n, worker in enumerate(people, start=1)]
    made = stays.keep(plans=plans, by=by())
    assert Stay.objects.filter(state="planned").count() == 3
    stays.check_in(arrivals=[CheckIn(one, NOW) for one in made], by=by())
    with pytest.raises(ObservationError):
        leaving.leave(
            leaving=[Leaving(one, NOW + HOUR, Stay.EARLY, "x" if n else "") for n, one in enumerate(made)],
            by=by(NOW + HOUR),
        )
    assert Stay.objects.filter(state="present").count() == 3
    leaving.leave(leaving=[Leaving(one, NOW + HOUR, Stay.EARLY, "x") for one in made], by=by(NOW + HOUR))
    assert Stay.objects.filter(state="ended", how="early").count() == 3


def test_a_medic_checks_in_whoever_is_expected_and_nobody_else(place, people, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    medic = builders.user("observation_medic", place.site.pk)
    other = hotel(place.enterprise, "第二宾馆")
    stay, elsewhere = kept(place, people[0], "101/1"), kept(other, people[1], "101/1")
    own = By(NOW, medic.pk, evidence="a paper")
    with access.acting(access.as_user(medic)):
        stays.check_in(arrivals=[CheckIn(stay, NOW)], by=own)
        refused("stay.unknown", stays.check_in, arrivals=[CheckIn(elsewhere, NOW)], by=own)
        refused("stay.no_person", stays.keep, plans=[Plan(people[2], place.beds["102/1"], NOW, NOW + DAY)], by=own)
    assert told(people[0])
