"""Who was near a case, rule by rule, over a handful of facts."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from fugong.base import local
from fugong.core.protocol.operations import Contacts
from fugong.core.time import PLUS_INF
from fugong.tracing.rules import Hit, Known, Sought, contacts, meant, row_of

DAY, HOUR = 86_400, 3_600
MONDAY = local.start_of_day(local.date(2020, 3, 9))
CASE, ONE, TWO, THREE = (uuid4() for _n in range(4))
PLANT, OTHER_PLANT = str(uuid4()), str(uuid4())
NAMES = {PLANT: "临江纺织", "d1": "东门", "s1": "宿舍"}
NEUTRAL = Contacts()
SOUGHT = Sought.of(CASE, MONDAY + 20 * HOUR, MONDAY + DAY, Contacts(days_before=2))


def near(rule: Contacts, *facts: Known, sought: Sought = SOUGHT) -> dict[UUID, list[Hit]]:
    return contacts(sought, facts, rule, NAMES)


def works(who, shop="缝制", employer=PLANT, start=0, end=PLUS_INF):
    return Known(who, "employment", start, end, {"employer": employer, "workshop": shop})


def passes(who, at, direction="in", door="d1", outcome="passed"):
    return Known(who, "door_check", at, at + 1, {"door": door, "direction": direction, "outcome": outcome})


def test_the_time_looked_at_begins_so_many_days_before():
    assert (SOUGHT.first, SOUGHT.until) == (MONDAY + 20 * HOUR - 2 * DAY, MONDAY + DAY)
    assert near(NEUTRAL, works(CASE), works(ONE), passes(CASE, MONDAY), passes(ONE, MONDAY)) == {}


def test_the_same_workshop_on_a_day_on_which_both_went_in():
    rule = Contacts(workshop=True)
    both = [works(CASE), works(ONE), works(TWO), works(THREE, shop="裁剪"), passes(CASE, MONDAY + 8 * HOUR)]
    day = [passes(ONE, MONDAY + 7 * HOUR), passes(ONE, MONDAY + 17 * HOUR, "out"), passes(THREE, MONDAY + 8 * HOUR)]
    before = passes(TWO, MONDAY - 3 * DAY)
    assert near(rule, *both, *day, before) == {ONE: [Hit(MONDAY + 17 * HOUR, "workshop", "临江纺织 缝制")]}
    assert near(rule, *both, passes(ONE, MONDAY + 7 * HOUR, outcome="refused")) == {}  # they never came in
    again = [passes(ONE, MONDAY + 18 * HOUR), passes(CASE, MONDAY + 19 * HOUR, "out")]  # out for a meal, then in again
    assert near(rule, *both, *day, *again)[ONE][0].last == MONDAY + 19 * HOUR


def test_everybody_of_the_workshop_where_no_door_saw_the_case():
    rule = Contacts(workshop=True)
    gone = works(TWO, end=MONDAY + HOUR)
    found = near(rule, works(CASE), works(ONE), gone, works(THREE, employer=OTHER_PLANT), passes(ONE, MONDAY))
    assert {who: hits[0].last for who, hits in found.items()} == {ONE: SOUGHT.until, TWO: MONDAY + HOUR - 1}
    assert near(rule, works(CASE, shop=""), works(ONE, shop="")) == {}  # nobody knows of a workshop


def lives(who, room, name="A 栋", site="s1", start=0, end=PLUS_INF):
    return Known(who, "dormitory", start, end, {"site": site, "name": name, "room": room})


def test_the_same_room_or_the_same_floor_of_one_house():
    homes = [lives(CASE, "301"), lives(ONE, "301"), lives(TWO, "317"), lives(THREE, "401")]
    assert near(Contacts(dormitory="room"), *homes) == {ONE: [Hit(SOUGHT.until, "dormitory:room", "宿舍 A 栋 301")]}
    floor = near(Contacts(dormitory="floor"), *homes)
    assert {who: hits[0].rule for who, hits in floor.items()} == {ONE: "dormitory:room", TWO: "dormitory:floor"}
    assert near(Contacts(dormitory="floor"), lives(CASE, "301"), lives(ONE, "301", name="B 栋")) == {}
    moved = lives(ONE, "301", end=MONDAY - 3 * DAY)
    assert near(Contacts(dormitory="room"), lives(CASE, "301"), moved) == {}


def eats(who, table="12", shift=""):
    return Known(who, "canteen_seat", 0, PLUS_INF, {"site": "s1", "table": table, "shift": shift})


def test_the_same_table_at_the_same_meal():
    rule = Contacts(canteen_table=True)
    found = near(rule, eats(CASE, shift="一"), eats(ONE, shift="一"), eats(TWO, shift="二"), eats(THREE, "13"))
    assert found == {ONE: [Hit(SOUGHT.until, "canteen:table", "宿舍 12 一")]}
    assert set(near(rule, eats(CASE), eats(TWO, shift="二"))) == {TWO}  # nobody knows at which meal the case ate


def rides(who, seat, at=MONDAY, trip="G1", sealed=None):
    return Known(
        who, "boarding", at, at + 1, {"trip": trip, "seat": seat} | ({} if sealed is None else {"sealed": sealed})
    )


def arrives(who, at, trip="G1"):
    return Known(who, "arrival", at, at + 1, {"mode": "bus", "trip": trip})


def test_everybody_of_a_sealed_vehicle_and_the_rows_of_another():
    rule = Contacts(rows_either_side=2, sealed_vehicle="everyone")
    far = [rides(CASE, "1A", sealed=True), rides(ONE, "11D", MONDAY + HOUR, sealed=True), rides(TWO, "2A", trip="G2")]
    assert near(rule, *far) == {ONE: [Hit(MONDAY + HOUR, "seat:everyone", "G1")]}
    assert near(rule, *far, arrives(CASE, MONDAY + 5 * HOUR))[ONE][0].last == MONDAY + 5 * HOUR
    assert set(near(rule, rides(CASE, "1A"), rides(ONE, "11D"))) == {ONE}  # nobody says that it wasn't
    aired = [rides(CASE, "4A", sealed=False), rides(ONE, "6D", sealed=False), rides(TWO, "7A", sealed=False)]
    assert {who: hits[0].rule for who, hits in near(rule, *aired).items()} == {ONE: "seat:rows"}
    assert set(near(rule, *aired, rides(THREE, "", sealed=False))) == {ONE, THREE}  # nobody knows where they sat


def test_a_train_of_the_next_day_is_another_trip():
    rule = Contacts(sealed_vehicle="everyone")
    assert near(rule, rides(CASE, "1A"), rides(ONE, "1B", MONDAY + DAY)) == {}
    old = [rides(CASE, "1A", MONDAY - 4 * DAY), rides(ONE, "1B", MONDAY - 4 * DAY)]
    assert near(rule, *old) == {}
    assert near(rule, *old, *(arrives(who, MONDAY - 30 * HOUR) for who in (CASE, ONE))) == {}  # and over by then
    assert set(near(rule, *old, *(arrives(who, MONDAY - 27 * HOUR) for who in (CASE, ONE)))) == {ONE}


@pytest.mark.parametrize(
    ("seat", "row"), [("3A", 3), ("12f", 12), ("05车12F", None), ("12", None), ("", None), ("3I", None)]
)
def test_a_seat_says_its_row_only_as_it_stands_on_a_vehicle(seat, row):
    assert row_of(seat) == row


def test_the_same_door_within_minutes_in_either_direction():
    rule = Contacts(door_minutes=2)
    found = near(
        rule, passes(CASE, MONDAY), passes(ONE, MONDAY + 120, "out"), passes(TWO, MONDAY + 121),
        passes(THREE, MONDAY, door="d2"),
    )  # fmt: skip
    assert found == {ONE: [Hit(MONDAY + 120, "door", "东门")]}


def test_a_contact_carries_every_rule_that_found_them_the_latest_first():
    rule = Contacts(dormitory="room", door_minutes=2, workshop=True)
    found = near(
        rule, lives(CASE, "1"), lives(ONE, "1"), passes(CASE, MONDAY), passes(ONE, MONDAY), works(CASE), works(ONE)
    )
    assert [hit.rule for hit in found[ONE]] == ["dormitory:room", "workshop", "door"]
    assert meant(found[ONE]) == "dormitory:room + workshop + door"
