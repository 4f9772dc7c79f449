"""Beds, the rule by date and risk level, the rounds and those who are missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

import adopting
import builders
from fugong.base import local
from fugong.core.protocol.pack import shipped
from fugong.ledger.queries import holding, standing
from fugong.premises import services as registers
from fugong.premises.dormitories import queries, rounds
from fugong.premises.dormitories import services as dormitories
from fugong.premises.dormitories.services import Assign, NewRoom
from fugong.premises.errors import PremisesError
from fugong.premises.models import Absence, Lodging, Room
from fugong.registry import services as registry
from premises.plant import DAY, HOUR, NOW, by, plant, sleeps

pytestmark = pytest.mark.django_db


def code_of(call):
    with pytest.raises(PremisesError) as caught:
        call()
    return caught.value.code


def where(worker, at=NOW):
    return [fact.values.get("room") for fact in holding(at).filter(kind="dormitory", subject=worker)]


def test_a_bed_is_told_as_a_fact_and_moving_ends_the_one_before():
    place = plant(2)
    one = place.people[0]
    lodging = sleeps(one, place.beds["101/1"], NOW - 3 * DAY)
    new = dormitories.move(lodging=lodging, bed=place.beds["102/1"], at=NOW - DAY, by=by())
    assert (where(one, NOW - 2 * DAY), where(one)) == (["101"], ["102"])
    dormitories.leave(lodgings=[new], at=NOW, by=by())
    assert where(one) == []
    assert where(one, NOW - 60) == ["102"]
    assert [(row.room.name, row.end) for row in Lodging.objects.order_by("start")] == [("101", NOW - DAY), ("102", NOW)]


def test_another_bed_of_the_same_room_says_nothing_new():
    place = plant(1)
    lodging = sleeps(place.people[0], place.beds["101/1"])
    before = list(standing().filter(kind="dormitory").values_list("pk", flat=True))
    dormitories.move(lodging=lodging, bed=place.beds["101/2"], at=NOW, by=by())
    assert list(standing().filter(kind="dormitory").values_list("pk", flat=True)) == before


def test_what_a_roster_said_goes_on_or_ends_here():
    place = plant(3)
    first, second, third = place.people
    site = str(place.site.pk)
    same = builders.record(first, "dormitory", NOW - 9 * DAY, {"site": site, "name": "宿舍", "room": "101"})
    builders.record(second, "dormitory", NOW - 9 * DAY, {"name": "三号楼", "room": "909"})
    builders.record(third, "dormitory", NOW - 9 * DAY, {"name": "三号楼", "room": "910"})
    found = queries.without_a_bed(place.enterprise.pk, NOW)
    assert {row.worker_id for row in found} == set(place.people)
    sleeps(first, place.beds["101/1"])
    sleeps(second, place.beds["101/2"])
    assert Lodging.objects.get(worker=first).fact_id == same
    assert (where(first), where(second)) == (["101"], ["101"])
    assert [row.worker_id for row in found.all()] == [third]
    assert queries.said_of([third], NOW)[third].room == "910"


def test_what_cannot_be_is_refused_in_words():
    place = plant(3)
    one, two, _three = place.people
    sleeps(one, place.beds["101/1"])
    assert code_of(lambda: sleeps(two, place.beds["101/1"])) == "dormitory.bed_taken"
    assert code_of(lambda: sleeps(one, place.beds["101/2"])) == "dormitory.person_elsewhere"
    assert code_of(lambda: dormitories.assign(lodgings=[Assign(two, place.beds["101/2"], NOW + 9)], by=by())) == (
        "dormitory.future"
    )
    room = Room.objects.get(name="101")
    assert code_of(lambda: dormitories.close(room=room.pk, now=NOW)) == "dormitory.room_in_use"
    empty = Room.objects.get(name="102")
    dormitories.close(room=empty.pk, now=NOW)
    assert code_of(lambda: sleeps(two, place.beds["102/1"], NOW)) == "dormitory.room_closed"
    for wrong in ([NewRoom("101")], [NewRoom("9", 0)], [NewRoom("9"), NewRoom("9")], [NewRoom("x" * 17)], []):
        assert code_of(lambda rooms=wrong: dormitories.add_rooms(site=place.site, rooms=rooms)).startswith("dormitory.")


@pytest.mark.parametrize(
    ("day", "level", "people", "area"),
    [
        ((2020, 2, 20), "high", None, None),
        ((2020, 3, 9), "low", 6, 2.5),
        ((2020, 4, 8), "low", 6, 2.5),
        ((2020, 4, 9), "low", None, None),
        ((2020, 4, 9), "medium", 6, 2.5),
        ((2020, 4, 9), None, 6, 2.5),
    ],
)
def test_the_rule_follows_the_date_and_the_level_of_the_county(day, level, people, area):
    town = builders.town()
    builders.adopt(start=local.at(local.date(2020, 2, 10), "09:00"))
    if level:
        county = registry.add_division(code="350112", name="长乐区")
        builders.record(county.pk, "risk_level", builders.EARLY, {"level": level})
    rule = queries.rule_at(local.at(local.date(*day), "12:00"))
    assert (rule.people, rule.area, rule.level) == (people, area, level)
    assert town.division.code.startswith("350112")


def test_rooms_over_the_rule_by_people_and_by_area():
    place = plant(8, rooms=(NewRoom("101", 8, Decimal("20")), NewRoom("102", 8, Decimal("7.5")), NewRoom("103", 4)))
    for n, worker in enumerate(place.people[:4], start=1):
        sleeps(worker, place.beds[f"102/{n}"])
    rule = queries.rule_at(NOW)
    found = queries.rooms(NOW, rule, enterprise=place.enterprise.pk)
    assert [(room.name, room.people, room.places, room.over) for room in found] == [
        ("101", 0, 6, -6), ("102", 4, 3, 1), ("103", 0, 6, -6),
    ]  # fmt: skip
    assert [room.name for room in queries.overfull(found)] == ["102"]
    total = queries.totals(found, rule)
    assert (total.rooms, total.beds, total.people, total.over, total.unmeasured) == (3, 20, 4, 1, 1)
    assert {bed.room.name for bed in queries.free_beds(place.enterprise.pk, NOW, rule)} == {"101", "103"}


def test_the_round_asks_twice_a_day_and_says_who_is_missing():
    place = plant(3)
    asked, measured, missing = place.people
    for n, worker in enumerate(place.people, start=1):
        sleeps(worker, place.beds[f"101/{n}"], NOW - 3 * DAY)
    morning = local.at(builders.DAY, "07:40")
    registers.register(worker=asked, well=True, filed_by="worker", now=morning, actor=None)
    builders.record(measured, "temperature", morning, {"celsius": 36.5, "place": "dormitory"})
    builders.record(missing, "temperature", morning, {"celsius": 36.5, "place": "door"})
    states = {one.worker: one.state for one in rounds.residents(place.enterprise.pk, NOW)}
    assert states == {asked: "taken", measured: "taken", missing: "missing"}
    assert rounds.note_missing(NOW) == {"missing": 1}
    assert rounds.note_missing(NOW + 60) == {"missing": 0}
    evening = local.at(builders.DAY, "20:35")
    assert {one.state for one in rounds.residents(place.enterprise.pk, evening)} == {"due"}
    assert rounds.note_missing(evening) == {"missing": 0}
    assert rounds.note_missing(evening + 2 * HOUR) == {"missing": 3}


def test_a_round_soon_after_midnight_is_open_before_it_and_the_one_before_still_counts_who_is_missing():
    place = plant(3)
    at_night = shipped()[builders.PACK].replace('rounds: ["07:30", "20:30"]', 'rounds: ["00:30", "20:30"]')
    adopting.adopt(text=at_night, effective_from=NOW - HOUR, now=NOW - HOUR)
    early, late, never = place.people
    for n, worker in enumerate(place.people, start=1):
        sleeps(worker, place.beds[f"101/{n}"])
    nine, eleven = local.at(builders.DAY, "21:00"), local.at(builders.DAY, "23:00")
    first = registers.register(worker=early, well=True, filed_by="worker", now=nine, actor=None)
    corrected = registers.Entry(early, True, 36.6, corrects=first)
    registers.register_many(entries=[corrected], filed_by="worker", now=eleven - 60, actor=None)
    registers.register(worker=late, well=True, filed_by="worker", now=eleven - 60, actor=None)
    assert rounds.round_at(eleven).at == local.at(local.day_after(builders.DAY), "00:30")
    assert rounds.note_missing(eleven) == {"missing": 2}
    assert set(Absence.objects.values_list("worker", flat=True)) == {late, never}
    after = local.at(local.day_after(builders.DAY), "00:10")
    states = {one.worker: one.state for one in rounds.residents(place.enterprise.pk, after)}
    assert states == {early: "taken", late: "taken", never: "due"}
    assert rounds.note_missing(after + 2 * HOUR) == {"missing": 1}


def test_an_absence_is_closed_by_a_person_with_what_they_found():
    place = plant(1)
    sleeps(place.people[0], place.beds["101/1"])
    rounds.note_missing(NOW)
    one, firm = Absence.objects.get(), place.enterprise.pk
    assert (
        code_of(lambda: rounds.close(absence=one.pk, enterprise=firm, who="", outcome="well", by=by())) == "absence.who"
    )
    rounds.follow_up(absence=one.pk, enterprise=firm, who="王宿管", by=by())
    assert (
        code_of(lambda: rounds.close(absence=one.pk, enterprise=firm, who="", outcome="", by=by())) == "absence.outcome"
    )
    assert (
        code_of(lambda: rounds.close(absence=one.pk, enterprise=firm, who="", outcome="other", by=by()))
        == "absence.words"
    )
    rounds.close(absence=one.pk, enterprise=firm, who="", outcome="away", by=by())
    assert code_of(lambda: rounds.follow_up(absence=one.pk, enterprise=firm, who="x", by=by())) == "absence.closed"
    one.refresh_from_db()
    assert (one.looked_for_by, one.outcome, one.closed_at) == ("王宿管", "away", NOW)
    assert not rounds.absences(firm).exists()
