"""PyVRP's plans: each passes the checker, the small ones are the best there is, and who stays behind is told why."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product

import pytest

from fugong.core.planning.routes import (
    Boarding,
    Breaks,
    Depot,
    Group,
    Plant,
    RoutePlan,
    RouteProblem,
    Stop,
    Unserved,
    Vehicle,
)
from fugong.core.planning.routes_check import check, cost
from fugong.core.planning.travel import Table
from fugong.engines import EnginesMissing
from fugong.engines.routes import plan
from fugong.engines.routes_times import trip as timed

HERE = (30.0, 114.0)


def problem(rng: random.Random) -> RouteProblem:
    """Three stops, two vehicles, up to five groups; windows, hours and plants as chance will have it."""
    ids = ("yard", "s0", "s1", "s2", "p0", "p1")
    places = [(rng.randrange(60), rng.randrange(60)) for _ in ids]
    metres = [[1000 * (abs(x - u) + abs(y - v)) for u, v in places] for x, y in places]
    seconds = [[value * 6 // 100 for value in row] for row in metres]
    plants = 1 if rng.random() < 0.6 else 2
    opens = [rng.choice([-(2**35), 10_000, 13_000]) for _ in range(3)]
    return RouteProblem(
        depots=(Depot("yard", HERE),),
        stops=tuple(
            Stop(f"s{n}", HERE, opens[n], rng.choice([2**35, 16_000, 18_000]), rng.choice([0, 300])) for n in range(3)
        ),
        plants=tuple(Plant(f"p{n}", HERE, closes=rng.choice([2**35, 26_000])) for n in range(plants)),
        vehicles=tuple(
            Vehicle(
                f"v{n}", rng.choice([4, 6, 9]), "yard", plant=rng.choice([None, None, "p0"]),
                fixed_cost=rng.choice([0, 50_000_000]), per_metre=rng.choice([4_000, 8_000]), per_second=rng.choice([0, 3_000]),
                driving_seconds=rng.choice([None, 20_000]), shift_start=rng.choice([0, 9_000]), shift_end=30_000,
            )
            for n in range(2)
        ),
        groups=tuple(
            Group(f"g{n}", f"s{rng.randrange(3)}", f"p{rng.randrange(plants)}", rng.choice([1, 2, 3])) for n in range(rng.randrange(1, 5))
        ),
        travel=Table(ids, metres, seconds),
        breaks=rng.choice([Breaks(), Breaks(14_400, 1200)]),
        assigned={"g0": "v1"} if rng.random() < 0.2 else {},
    )  # fmt: skip


def ways(asked: RouteProblem) -> Iterator[RoutePlan]:
    """Every plan that keeps the rules (timed as well as can be)."""
    for split in product((None, *asked.vehicles), repeat=len(asked.groups)):
        of = [[g for g, v in zip(asked.groups, split, strict=True) if v is one] for one in asked.vehicles]
        orders = [list(permutations(sorted({g.stop for g in groups}))) for groups in of]
        for chosen in product(*orders):
            trips = [
                timed(
                    asked,
                    v,
                    groups[0].plant,
                    [(s, [Boarding(g.id, g.people) for g in groups if g.stop == s]) for s in order],
                )
                for v, groups, order in zip(asked.vehicles, of, chosen, strict=True)
                if groups
            ]
            left = tuple(
                Unserved(g.id, g.people, "not_found") for g, v in zip(asked.groups, split, strict=True) if v is None
            )
            if None not in trips:
                found = RoutePlan(tuple(trip for trip in trips if trip), left)
                if not check(asked, found):
                    yield found


@pytest.mark.parametrize("block", range(6))
def test_small_plans_are_the_best_there_is(block: int):
    for seed in range(block * 15, block * 15 + 15):
        asked = problem(random.Random(seed))
        answer = plan(asked, iterations=200, seed=1)
        assert answer.plan is not None
        assert check(asked, answer.plan) == [], seed
        assert answer.objective == cost(asked, answer.plan) == answer.plan.cost
        best = min(ways(asked), key=lambda one: (-one.people, one.cost))
        assert (answer.plan.people, answer.plan.cost) == (best.people, best.cost), seed


TOWN = RouteProblem(
    depots=(Depot("yard", (30.45, 114.9)),),
    stops=(Stop("macheng", (31.17, 115.01), 0, 90_000, 600), Stop("luotian", (30.78, 115.40), 0, 90_000, 600)),
    plants=(Plant("mill", (25.96, 119.52)),),
    vehicles=(Vehicle("b1", 24, "yard", fixed_cost=500_000_000, per_metre=8_000), Vehicle("b2", 24, "yard", fixed_cost=500_000_000, per_metre=8_000)),
    groups=(Group("g1", "macheng", "mill", 30, may_split=True), Group("g2", "luotian", "mill", 4), Group("g3", "luotian", "mill", 9)),
)  # fmt: skip


def why(asked: RouteProblem) -> dict[str, tuple[int, str]]:
    answer = plan(asked, iterations=200)
    assert answer.plan is not None
    assert check(asked, answer.plan) == []
    return {left.group: (left.people, left.why) for left in answer.plan.unserved}


def test_a_group_that_may_be_split_fills_both_coaches():
    assert why(TOWN) == {}
    answer = plan(TOWN, iterations=200)
    assert answer.plan is not None
    assert sorted(trip.people for trip in answer.plan.trips) == [19, 24]


def test_who_stays_behind_is_told_why():
    whole = replace(TOWN.groups[0], may_split=False)
    assert why(replace(TOWN, groups=(whole, *TOWN.groups[1:]))) == {"g1": (30, "too_big")}
    other = replace(
        TOWN,
        plants=(*TOWN.plants, Plant("works", (25.9, 119.5))),
        vehicles=tuple(replace(v, plant="mill") for v in TOWN.vehicles),
    )
    assert why(replace(other, groups=(*TOWN.groups, Group("g4", "macheng", "works", 1)))) == {"g4": (1, "no_vehicle")}
    late = (replace(TOWN.stops[0], closes=60), TOWN.stops[1])
    early = tuple(replace(vehicle, shift_start=0) for vehicle in TOWN.vehicles)
    assert why(replace(TOWN, stops=late, vehicles=early)) == {"g1": (30, "too_far")}
    assert why(replace(TOWN, vehicles=tuple(replace(v, driving_seconds=8 * 3600) for v in TOWN.vehicles), groups=TOWN.groups[1:])) == {
        "g2": (4, "too_far"), "g3": (9, "too_far")
    }  # fmt: skip
    crowded = why(replace(TOWN, groups=(replace(TOWN.groups[0], people=40), *TOWN.groups[1:])))
    assert sum(people for people, _ in crowded.values()) == 5
    assert {reason for _, reason in crowded.values()} == {"no_seats"}


def test_locked_trips_stay_and_only_the_rest_is_planned_anew():
    first = plan(TOWN, iterations=200).plan
    assert first is not None
    locked = first.trips[0]
    more = replace(
        TOWN,
        locked=(locked,),
        vehicles=(*TOWN.vehicles, Vehicle("b3", 9, "yard", per_metre=4_000)),
        groups=(*TOWN.groups, Group("g4", "luotian", "mill", 3)),
    )
    answer = plan(more, iterations=200).plan
    assert answer is not None
    assert check(more, answer) == []
    assert locked in answer.trips
    assert answer.people == 46


def test_who_was_put_into_a_vehicle_rides_in_it():
    asked = replace(TOWN, assigned={"g2": "b2", "g3": "b1"})
    assert why(asked) == {}


def test_coaches_for_any_plant_are_shared_out_so_that_all_ride():
    """Four plants and ten coaches: more ways than are tried, none of which is left to chance alone."""
    rng = random.Random(5)
    stops = tuple(Stop(f"s{n}", (30 + rng.random(), 114 + rng.random())) for n in range(4))
    plants = tuple(Plant(f"p{n}", (26 + rng.random() / 9, 119.4)) for n in range(4))
    groups = tuple(
        Group(f"{s.id}-{p.id}", s.id, p.id, rng.randrange(3, 9), may_split=True) for s in stops for p in plants
    )
    coaches = tuple(
        Vehicle(f"c{n}", 17 + 7 * (n % 2), "yard", fixed_cost=800_000_000, per_metre=8_000) for n in range(10)
    )
    asked = RouteProblem((Depot("yard", (30.5, 114.3)),), stops, plants, coaches, groups)
    assert why(asked) == {}


def test_the_same_seed_gives_the_same_plan_and_progress_is_told():
    told = []
    one = plan(TOWN, iterations=300, seed=7, progress=lambda *now: told.append(now))
    assert one.plan == plan(TOWN, iterations=300, seed=7).plan
    assert told
    assert one.status == "feasible" and one.bound is None and one.gap is None


def test_without_people_there_is_nothing_to_do():
    assert plan(replace(TOWN, groups=()), iterations=1).plan == RoutePlan(())


def test_without_the_engines_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "pyvrp", None)
    with pytest.raises(EnginesMissing, match=r"fugong\[plans\]"):
        plan(TOWN, iterations=1)
