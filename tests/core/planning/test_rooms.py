"""The checker of room plans: it lets a right plan pass, and refuses one broken by hand for each rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fugong.core.planning.answer import SENTENCES
from fugong.core.planning.rooms import Further, Placed, Room, RoomPlan, RoomProblem, Site, Stay
from fugong.core.planning.rooms_check import check, costs, further
from fugong.core.text import CoreError

DAY = 86_400


def days(start: int, end: int) -> dict[str, int]:
    return {"start": start * DAY, "end": end * DAY}


PROBLEM = RoomProblem(
    sites=(Site("school", reserve=1), Site("hotel")),
    rooms=(
        Room("s1", "school", offers=frozenset({"ground_floor"}), zone="east"),
        Room("s2", "school", zone="west"),
        Room("s3", "school", zone="west"),
        Room("h1", "hotel", beds=3, sex="f", zone="1"),
        Room("h2", "hotel", beds=2, zone="2"),
    ),
    stays=(
        Stay("lame", **days(0, 14), needs=frozenset({"ground_floor"}), cohort="monday", origin="wuhan"),
        Stay("mother", **days(0, 14), sex="f", people=2, household="li", present="h1"),
        Stay("father", **days(1, 15), sex="m", household="li", present="s2"),
        Stay("next", **days(15, 29), sex="m", cohort="monday", origin="wuhan"),
        Stay("rooted", **days(0, 3), present="s3", movable=False, site="school"),
        Stay("late", **days(2, 10), needs=frozenset({"medical"})),
    ),
    travel={("wuhan", "school"): 30, ("wuhan", "hotel"): 50},
    cleaning_seconds=3600,
    households_share=True,
)  # fmt: skip
PLACED = {
    "lame": Placed("s1"), "mother": Placed("h1", (1, 2)), "father": Placed("h2", (2,)),
    "next": Placed("s2"), "rooted": Placed("s3"),
}  # fmt: skip
SHORT = (Further(2 * DAY, 10 * DAY + 3600, 1, {"medical": 1}),)
PLAN = RoomPlan(PLACED, ("late",), 1, SHORT)
SHARED = replace(PROBLEM, people_per_room=2, stays=(*PROBLEM.stays, Stay("guest", **days(4, 9), sex="m")))


def put(**beds: Placed) -> RoomPlan:
    return replace(PLAN, placed=PLACED | beds)


def codes(plan: RoomPlan, problem: RoomProblem = PROBLEM) -> set[str]:
    return {one.code for one in check(problem, plan)}


def test_a_right_plan_passes_and_is_priced():
    assert check(PROBLEM, PLAN) == []
    price = costs(PROBLEM, PLAN)
    assert (price.moves, price.households, price.cohorts, price.minutes, price.scarce) == (1, 0, 1, 60, 0)
    assert price.total == PROBLEM.move_cost + 30 + 60
    assert PROBLEM.move_cost > 6 * (600 + 30 + 50 + 5)


def test_strangers_of_one_sex_may_share_where_the_pack_says_so():
    both = replace(PLAN, placed=PLACED | {"guest": Placed("h2", (1,))})
    assert codes(both, SHARED) == set()
    assert "rooms.mixed" in codes(both, replace(SHARED, stays=(*PROBLEM.stays, Stay("guest", **days(4, 9), sex="f"))))
    assert "rooms.too_many" in codes(both, replace(SHARED, people_per_room=1))


BROKEN = {
    "a stay that isn't known": ("rooms.unknown", put(nobody=Placed("s3"))),
    "a room that isn't known": ("rooms.unknown", put(next=Placed("s9"))),
    "a stay forgotten": ("rooms.forgotten", RoomPlan(PLACED)),
    "a stay with a room and without": ("rooms.both", replace(PLAN, without=("late", "next"))),
    "a bed too few": ("rooms.beds", put(mother=Placed("h1", (1,)))),
    "a bed that isn't there": ("rooms.beds", put(father=Placed("h2", (3,)))),
    "two in a bed": ("rooms.bed_twice", put(father=Placed("s1"))),
    "in before it is cleaned": ("rooms.bed_twice", put(next=Placed("h2", (2,)), rooted=Placed("s2"))),
    "strangers of two sexes": ("rooms.mixed", put(father=Placed("h1", (3,)))),
    "strangers in one room": ("rooms.too_many", put(next=Placed("h2", (1,)))),
    "too small a room": ("rooms.too_small", put(mother=Placed("s3", (1, 2)))),
    "stairs": ("rooms.needs", put(lame=Placed("s3"))),
    "a room for women": ("rooms.sex", put(next=Placed("h1", (3,)))),
    "another site than may be": ("rooms.site", put(rooted=Placed("h2", (1,)))),
    "somebody moved who may not be": ("rooms.moved", put(rooted=Placed("s2"))),
    "no room kept free": ("rooms.reserve", put(father=Placed("s2"))),
    "too few further rooms": ("rooms.further", replace(PLAN, rooms_short=0)),
    "further rooms for too short": ("rooms.further", replace(PLAN, further=(replace(SHORT[0], end=10 * DAY),))),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_plan_is_refused(what: str):
    code, plan = BROKEN[what]
    # One who leaves at 15:00 of the day that the next comes: the bed isn't clean yet.
    problem = replace(
        PROBLEM, stays=tuple(replace(s, start=15 * DAY + 60) if s.id == "next" else s for s in PROBLEM.stays)
    )
    assert code in codes(plan, problem)
    for one in check(problem, plan):
        assert one.text("zh-hans") != one.text("en")


def test_every_code_of_rooms_is_broken_once():
    assert {code for code, _ in BROKEN.values()} == {code for code in SENTENCES if code.startswith("rooms.")}


def test_further_rooms_are_told_from_when_to_when():
    more = further(PROBLEM, ["lame", "late", "next"])
    assert [(one.start // DAY, one.rooms, dict(one.needs)) for one in more] == [
        (0, 1, {"ground_floor": 1}), (2, 2, {"ground_floor": 1, "medical": 1}), (10, 1, {"ground_floor": 1}), (15, 1, {}),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [
    {"rooms": (Room("r", "nowhere"),)},
    {"rooms": (Room("r", "hotel"), Room("r", "hotel"))},
    {"stays": (Stay("s", 5, 5),)},
    {"stays": (Stay("s", 5, 6, site="nowhere"),)},
])  # fmt: skip
def test_a_problem_that_points_to_nothing_is_refused(wrong: dict):
    with pytest.raises(CoreError):
        replace(PROBLEM, **wrong)
