"""The numbers of the practice: what a pack states holds to the last digit, what it doesn't state limits nothing."""

from __future__ import annotations

from datetime import date

import pytest

from fugong.core.protocol.operations import Disinfection, Dormitories, DormitoryRule, Operations, Vehicles
from fugong.core.protocol.pack import load, shipped
from fugong.core.protocol.pack_errors import PackError

JINFENG = load(shipped()["jinfeng-2020-03"]).operations


def test_half_of_a_coach_is_rounded_down_and_trains_are_not_cut() -> None:
    vehicles = JINFENG.vehicles
    assert [vehicles.seats("bus", rated) for rated in (48, 49, 55)] == [24, 24, 27]
    assert vehicles.seats("charter_train", 118) == 118


def test_a_share_that_floats_cannot_hold_exactly_loses_no_seat() -> None:
    assert Vehicles(seat_share={"bus": 0.7}).seats("bus", 10) == 7


@pytest.mark.parametrize(
    ("strength", "minutes", "counts"),
    [(250, 30, True), (500, 30, True), (249.9, 30, False), (500.1, 30, False), (400, 29, False)],
)
def test_both_ends_of_a_disinfection_count(strength: float, minutes: float, counts: bool) -> None:
    assert JINFENG.disinfection["vehicle"].enough(strength, minutes) is counts


def test_a_pack_that_states_nothing_limits_nothing() -> None:
    free = Operations()
    assert free.vehicles.seats("bus", 49) == 49
    assert Disinfection().enough(0, 0)
    assert free.sampling.pool_sizes == []


@pytest.mark.parametrize(
    ("staff", "rooms"), [(0, None), (499, None), (500, 5), (501, 6), (10_000, 100), (10_001, 100), (30_000, 100)]
)
def test_isolation_rooms_go_by_the_number_of_staff(staff: int, rooms: float | None) -> None:
    """One for each hundred of 500 to 10,000 people, a hundred above (Changzhou); smaller enterprises are not bound."""
    item = JINFENG.readiness.items["isolation_rooms"]
    assert item.least(staff) == rooms
    assert item.bound(staff) is (rooms is not None)
    if rooms is not None:
        assert not item.enough(rooms - 1, staff)
        assert item.enough(rooms, staff)


def test_who_has_no_dormitory_is_not_asked_about_it_and_both_limits_count() -> None:
    people, area = (JINFENG.readiness.items[code] for code in ("dormitory_people", "dormitory_area"))
    assert not people.bound(100)
    assert people.bound(100, {"dormitory"})
    assert [people.enough(value, 100) for value in (6, 7, None, True)] == [True, False, False, False]
    assert [area.enough(value, 100) for value in (2.5, 2.4)] == [True, False]


def test_every_item_names_its_source_and_a_limit_on_words_is_refused() -> None:
    assert all(item.source for item in JINFENG.readiness.items.values())
    text = shipped()["jinfeng-2020-03"].replace("at_least: 3\n        days: 7", "at_least: -3\n        days: 7")
    with pytest.raises(PackError):
        load(text)
    wrong = shipped()["jinfeng-2020-03"].replace(
        "kind: flag\n        binds: canteen", "kind: flag\n        at_most: 3\n        binds: canteen"
    )
    with pytest.raises(PackError) as refused:
        load(wrong)
    assert "kind: number" in refused.value.text("en")


def test_every_shipped_pack_states_a_checklist_and_thresholds_or_says_why_it_states_none() -> None:
    for name, text in shipped().items():
        stated = load(text).operations
        assert bool(stated.readiness.items) is (stated.readiness.none is None), name
        assert stated.capacity.asks is (stated.capacity.none is None), name
        assert all(item.source for item in stated.readiness.items.values())
    both = shipped()["sg-2020-accesscode"].replace("  capacity:\n", "  capacity:\n    jump: 0.4\n")
    with pytest.raises(PackError, match="either none"):
        load(both)


def test_of_two_dormitory_rules_of_one_day_the_one_for_certain_levels_binds_there() -> None:
    first, second = (
        DormitoryRule(since="2020-02-21", people_per_room=6),
        DormitoryRule(since="2020-02-21", levels=["high"], people_per_room=2),
    )
    for rules in ([first, second], [second, first]):
        said = Dormitories(rules=rules)
        assert said.rule(date(2020, 2, 21), "high") is second
        assert said.rule(date(2020, 2, 21), "medium") is first
        assert said.rule(date(2020, 2, 20), "high") is None
    after = JINFENG.dormitories  # the limit ends for low-risk areas on a day, and is back when the level rises
    assert after.rule(date(2020, 4, 8), "low").people_per_room == 6
    assert after.rule(date(2020, 4, 9), "low").people_per_room is None
    assert after.rule(date(2020, 4, 20), "medium").people_per_room == 6
