"""The checker of bus routes: it lets a right plan pass, and refuses one broken by hand for each rule."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fugong.core.planning.answer import SENTENCES
from fugong.core.planning.routes import (
    WHY,
    YUAN,
    Boarding,
    Breaks,
    Depot,
    Group,
    Plant,
    RoutePlan,
    RouteProblem,
    Stop,
    Trip,
    Unserved,
    Vehicle,
    Visit,
    usable_seats,
)
from fugong.core.planning.routes_check import check, cost
from fugong.core.planning.travel import GreatCircle, Table, great_circle
from fugong.core.text import CoreError

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))
from planbench import published

IDS = ("yard", "a", "b", "plant", "other")
# Ten kilometres and ten minutes between any two points that follow each other, as on a line.
METRES = [[10_000 * abs(i - j) for j in range(5)] for i in range(5)]
SECONDS = [[600 * abs(i - j) for j in range(5)] for i in range(5)]
HERE = (30.0, 114.0)

PROBLEM = RouteProblem(
    depots=(Depot("yard", HERE),),
    stops=(Stop("a", HERE, opens=1000, closes=2000, service_seconds=300), Stop("b", HERE, 0, 5000, 300)),
    plants=(Plant("plant", HERE, 0, 9000), Plant("other", HERE)),
    vehicles=(
        Vehicle("bus", 10, "yard", plant="plant", fixed_cost=100 * YUAN, per_metre=8_000, per_second=5_000, driving_seconds=2400, shift_start=0, shift_end=9000),
        Vehicle("van", 4, "yard", per_metre=3_000),
    ),
    groups=(
        Group("family", "a", "plant", 3),
        Group("team", "b", "plant", 8, may_split=True),
        Group("guests", "b", "other", 2),
        Group("crowd", "b", "plant", 30),
    ),
    travel=Table(IDS, METRES, SECONDS),
    assigned={"family": "bus"},
)  # fmt: skip
BUS = Trip(
    "bus", "plant", 400,
    (Visit("a", 1000, 1000, 1300, (Boarding("family", 3),)), Visit("b", 1900, 1900, 2200, (Boarding("team", 7),))),
    2800, 30_000, 1800, 100 * YUAN + 30_000 * 8_000 + 2400 * 5_000,
)  # fmt: skip
VAN = Trip(
    "van", "other", 0, (Visit("b", 1200, 1200, 1500, (Boarding("guests", 2),)),), 2700, 40_000, 2400, 120_000_000
)
LEFT = (Unserved("team", 1, "not_found"), Unserved("crowd", 30, "too_big"))
PLAN = RoutePlan((BUS, VAN), LEFT)


def codes(plan: RoutePlan, problem: RouteProblem = PROBLEM) -> set[str]:
    return {one.code for one in check(problem, plan)}


def with_bus(visits: tuple[Visit, ...] | None = None, **changed) -> RoutePlan:
    return RoutePlan((replace(BUS, visits=visits or BUS.visits, **changed), VAN), LEFT)


def at(index: int, **changed) -> RoutePlan:
    visits = list(BUS.visits)
    visits[index] = replace(visits[index], **changed)
    return with_bus(tuple(visits))


def test_a_right_plan_passes_and_costs_what_it_says():
    assert check(PROBLEM, PLAN) == []
    assert cost(PROBLEM, PLAN) == PLAN.cost == BUS.cost + VAN.cost
    assert PLAN.people == 12


BROKEN = {
    "an unknown vehicle": ("routes.unknown", with_bus(vehicle="tram")),
    "an unknown stop": ("routes.unknown", at(0, stop="c")),
    "an unknown plant": ("routes.unknown", with_bus(plant="mill")),
    "somebody aboard who isn't in the problem": ("routes.unknown", at(0, boards=(Boarding("stranger", 1),))),
    "somebody left behind who isn't in the problem": ("routes.unknown", RoutePlan((BUS, VAN), (*LEFT, Unserved("stranger", 1, "not_found")))),
    "two trips of a vehicle": ("routes.vehicle_twice", RoutePlan((BUS, VAN, replace(VAN, visits=())), LEFT)),
    "more people than seats": ("routes.too_many", RoutePlan((replace(BUS, visits=(BUS.visits[0], replace(BUS.visits[1], boards=(Boarding("team", 8),)))), VAN), LEFT[1:])),
    "a plant where the vehicle may not go": ("routes.wrong_plant", with_bus(plant="other")),
    "a passenger for another plant": ("routes.wrong_plant", RoutePlan((BUS, replace(VAN, visits=(replace(VAN.visits[0], boards=(Boarding("guests", 2), Boarding("team", 1))),))), LEFT[1:])),
    "boarding where nobody of them waits": ("routes.wrong_stop", at(0, boards=(Boarding("team", 3),))),
    "a stop for nobody": ("routes.nobody_boards", at(0, boards=())),
    "fewer than one who boards": ("routes.nobody_boards", at(1, boards=(Boarding("team", 0),))),
    "a group that rides twice": ("routes.too_often", at(1, boards=(Boarding("family", 3), Boarding("team", 7)))),
    "a group that rides and stays": ("routes.too_often", RoutePlan((BUS, VAN), (*LEFT, Unserved("guests", 2, "not_found")))),
    "a group in two vehicles": ("routes.split", RoutePlan((replace(BUS, visits=(replace(BUS.visits[0], boards=(Boarding("family", 2),)), BUS.visits[1])), VAN), (*LEFT, Unserved("family", 1, "not_found")))),
    "a group forgotten": ("routes.forgotten", RoutePlan((BUS, VAN), LEFT[1:])),
    "boarding before the stop opens": ("routes.window", at(0, arrives=900, begins=900)),
    "boarding after the stop closes": ("routes.window", at(0, begins=2001, leaves=2301)),
    "the plant closed": ("routes.window", with_bus(arrives=9001)),
    "leaving before the shift": ("routes.shift", with_bus(departs=-60)),
    "arriving after the shift": ("routes.shift", with_bus(arrives=9060)),
    "sooner there than the way allows": ("routes.times", at(1, arrives=1899)),
    "sooner gone than all are aboard": ("routes.times", at(0, leaves=1299)),
    "boarding before it is there": ("routes.times", at(1, begins=1800)),
    "sooner at the plant than the way allows": ("routes.times", with_bus(arrives=2700)),
    "a wrong number of metres": ("routes.arithmetic", with_bus(metres=29_999)),
    "a wrong time of driving": ("routes.arithmetic", with_bus(driving_seconds=1799)),
    "a wrong cost": ("routes.arithmetic", with_bus(cost=BUS.cost - 1)),
    "somebody put into another vehicle": ("routes.assigned", RoutePlan((replace(BUS, visits=BUS.visits[1:]), replace(VAN, plant="plant", visits=BUS.visits[:1])), (*LEFT, Unserved("guests", 2, "not_found")))),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_plan_is_refused(what: str):
    code, plan = BROKEN[what]
    assert code in codes(plan)


def test_the_drivers_hours_are_kept():
    tired = replace(PROBLEM, vehicles=(replace(PROBLEM.vehicles[0], driving_seconds=1799), PROBLEM.vehicles[1]))
    assert codes(PLAN, tired) == {"routes.driving"}


def test_breaks_take_their_time():
    assert codes(PLAN, replace(PROBLEM, breaks=Breaks(14_400, 1200))) == {"routes.times"}


def test_a_locked_trip_stays_as_it_is():
    locked = replace(PROBLEM, locked=(BUS,))
    assert codes(PLAN, locked) == set()
    assert codes(with_bus(departs=399), locked) >= {"routes.locked"}
    assert "routes.locked" in codes(RoutePlan((VAN,), LEFT), locked)


def test_every_code_of_routes_is_broken_once():
    tested = {code for code, _ in BROKEN.values()} | {"routes.driving", "routes.locked"}
    assert tested == {code for code in SENTENCES if code.startswith("routes.")}


def test_violations_speak_both_languages_and_use_names():
    for code, plan in BROKEN.values():
        for one in check(PROBLEM, plan):
            assert one.text("zh-hans") != one.text("en"), code
    first = next(one for one in check(PROBLEM, with_bus(metres=29_999)) if one.code == "routes.arithmetic")
    assert first.text("en", {"bus": "鄂A12345"}) == "Vehicle 鄂A12345 says metres 29999; it is 30000."
    assert all(sentence.zh and sentence.en for sentence in WHY.values())


@pytest.mark.parametrize("wrong", [
    {"groups": (Group("g", "nowhere", "plant", 1),)},
    {"groups": (Group("g", "a", "nowhere", 1),)},
    {"groups": (Group("g", "a", "plant", 0),)},
    {"groups": (Group("g", "a", "plant", 1), Group("g", "b", "plant", 1))},
    {"vehicles": (Vehicle("v", 1, "nowhere"),), "assigned": {}},
    {"assigned": {"family": "tram"}},
    {"plants": (Plant("yard", HERE), Plant("plant", HERE), Plant("other", HERE))},
])  # fmt: skip
def test_a_problem_that_points_to_nothing_is_refused(wrong: dict):
    with pytest.raises(CoreError):
        replace(PROBLEM, **wrong)


def test_seats_that_may_be_taken():
    assert usable_seats(49, 0.5, 2) == 24
    assert usable_seats(49, 1.0, 2) == 41
    assert usable_seats(10, 0.5, 5) == 0
    assert usable_seats(20, 0.7) == 14


def test_distances_are_the_great_circle_with_a_detour_or_a_table():
    wuhan, fuzhou = (30.593, 114.305), (26.075, 119.297)
    assert great_circle(wuhan, fuzhou) == pytest.approx(697_000, rel=0.01)
    metres, seconds = GreatCircle({"w": wuhan, "f": fuzhou}).leg("w", "f")
    assert metres == pytest.approx(697_000 * 1.3, rel=0.01)
    assert seconds == pytest.approx(metres / (60 / 3.6), abs=1)
    assert Table(("x", "y"), [[0, 5], [7, 0]], [[0, 1], [2, 0]]).leg("y", "x") == (7, 2)


@pytest.mark.parametrize("table", [
    (("x", "y"), [[0, 5]], [[0, 1], [2, 0]]),
    (("x", "x"), [[0, 5], [7, 0]], [[0, 1], [2, 0]]),
    (("x", "y"), [[0, -5], [7, 0]], [[0, 1], [2, 0]]),
])  # fmt: skip
def test_a_table_that_is_none_is_refused(table):
    with pytest.raises(CoreError):
        Table(*table)


def test_a_table_without_the_place_says_which():
    with pytest.raises(CoreError, match="“z”"):
        Table(("x",), [[0]], [[0]]).leg("x", "z")


@pytest.mark.parametrize("name", [name for name in published.names() if published.load(name).plan])
def test_published_routes_cost_what_was_published(name: str):
    instance = published.load(name)
    assert instance.plan is not None
    assert check(instance.problem, instance.plan) == []
    assert cost(instance.problem, instance.plan) == instance.best_known
