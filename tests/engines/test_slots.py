"""CP-SAT's test slots: each schedule passes the checker, and on hundreds of small problems brute force finds nothing better."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import combinations_with_replacement, product

import pytest

from fugong.core.planning.slots import Booked, Person, Slot, SlotPlan, SlotProblem
from fugong.core.planning.slots_check import check, costs
from fugong.engines import EnginesMissing
from fugong.engines.slots import plan
from fugong.engines.slots_model import units


def problem(rng: random.Random) -> SlotProblem:
    """Up to six people, up to six slots at two sites: everything that a problem may say, by chance."""
    starts = sorted(rng.sample([(site, n * 900) for site in "ab" for n in range(4)], rng.randrange(2, 6)))
    slots = tuple(Slot(site, start, rng.choice([0, 1, 1, 2])) for site, start in starts)
    people = []
    for n in range(rng.randrange(1, 7)):
        earliest = rng.randrange(3) * 900
        present = Booked(*rng.choice(starts)) if rng.random() < 0.3 else None
        people.append(
            Person(
                f"p{n}", earliest, earliest + rng.randrange(1, 5) * 900, rng.choice([None, "home"]),
                rng.choice([None, None, "li", "wu"]), rng.choice([None, "k1", "k2"]), present, movable=rng.random() < 0.9,
            )
        )  # fmt: skip
    return SlotProblem(tuple(people), slots, {("home", "a"): rng.randrange(90), ("home", "b"): rng.randrange(90)})


def best(asked: SlotProblem) -> tuple[int, int | None]:
    """The fewest further places, and the least cost of a schedule with no more."""
    some = [
        (people, fits)
        for people in units(asked)
        if (fits := [at for at in asked.slot if all(asked.fits(person, at) for person in people)])
    ]
    found = []
    for chosen in product(*(fits for _, fits in some)):
        booked = {person.id: at for (people, _), at in zip(some, chosen, strict=True) for person in people}
        coming = Counter(booked.values())
        more = sum(max(0, count - asked.slot[at].capacity) for at, count in coming.items())
        found.append((more, costs(asked, SlotPlan(booked)).total))
    return min(found)


@pytest.mark.parametrize("block", range(6))
def test_brute_force_finds_nothing_better(block: int):
    statuses = set()
    for seed in range(block * 50, block * 50 + 50):
        asked = problem(random.Random(seed))
        answer = plan(asked, seconds=20)
        assert answer.plan is not None
        assert check(asked, answer.plan) == [], seed
        more, cost = best(asked)
        assert (answer.plan.places_short, costs(asked, answer.plan).total) == (more, cost), seed
        statuses.add(answer.status)
        if answer.status == "optimal":
            assert (answer.objective, answer.bound, more, answer.plan.never) == (cost, cost, 0, ()), seed
        else:
            assert (answer.status, answer.objective, answer.bound) == ("impossible", more, more), seed
    assert statuses == {"optimal", "impossible"}


def test_so_many_further_places_do_and_one_fewer_does_not():
    short = 0
    for seed in range(120):
        asked = problem(random.Random(1000 + seed))
        answer = plan(asked)
        if answer.plan is None or not answer.plan.places_short or answer.plan.never:
            continue
        short += 1
        assert plan(extended(asked, answer.plan.further)).status == "optimal", seed
        if answer.plan.places_short <= 3:
            for where in combinations_with_replacement(asked.slot, answer.plan.places_short - 1):
                assert plan(extended(asked, Counter(where))).status == "impossible", seed
    assert short > 20


def extended(asked: SlotProblem, more) -> SlotProblem:
    slots = tuple(replace(one, capacity=one.capacity + more.get(Booked(one.site, one.start), 0)) for one in asked.slots)
    return replace(asked, slots=slots)


def test_households_that_cannot_be_packed_although_there_are_places():
    """Two households of three and slots of two, four and no more: the places are enough, the slots aren't."""
    people = tuple(Person(f"p{n}", 0, 1800, household="li" if n < 3 else "wu") for n in range(6))
    asked = SlotProblem(people, (Slot("a", 0, 2), Slot("a", 900, 4)))
    answer = plan(asked)
    assert answer.plan is not None
    assert (answer.status, answer.objective, answer.bound) == ("impossible", 1, 1)
    assert check(asked, answer.plan) == []
    assert len(answer.plan.without) == 3


def test_who_has_a_slot_keeps_it_if_that_can_be():
    slots = tuple(Slot(site, n * 900, 2) for site in "ab" for n in range(4))
    people = tuple(Person(f"p{n}", 0, 3600, "home") for n in range(12))
    asked = SlotProblem(people, slots, {("home", "a"): 10, ("home", "b"): 20})
    first = plan(asked).plan
    assert first is not None
    held = tuple(replace(person, present=first.booked[person.id]) for person in people)
    gone = first.booked["p3"]
    again = replace(
        asked,
        people=(*held, Person("new", 0, 900, "home")),
        slots=tuple(replace(slot, capacity=1) if Booked(slot.site, slot.start) == gone else slot for slot in slots),
    )
    answer = plan(again)
    assert answer.plan is not None and answer.status == "optimal"
    assert check(again, answer.plan) == []
    assert costs(again, answer.plan).moves <= 2


def test_the_same_seed_gives_the_same_schedule_and_progress_is_told():
    asked = SlotProblem(
        tuple(Person(f"p{n}", 0, 1800, cohort="k") for n in range(3)), (Slot("a", 0, 1), Slot("b", 0, 2))
    )
    told = []
    answer = plan(asked, progress=lambda *now: told.append(now))
    assert answer.plan == plan(asked).plan
    assert (answer.status, answer.objective, told[-1][1]) == ("optimal", 60, 60)


def test_without_time_there_is_a_plan_that_proves_nothing():
    asked = SlotProblem(
        tuple(Person(f"p{n}", 0, 1800, household=f"h{n // 3}") for n in range(9)), (Slot("a", 0, 4), Slot("b", 900, 2))
    )
    answer = plan(asked, seconds=0.0)
    assert answer.plan is not None
    assert (answer.status, answer.bound, check(asked, answer.plan)) == ("unknown", 0, [])
    assert plan(asked).objective == 3


def test_without_the_engines_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "ortools.sat.python.cp_model", None)
    with pytest.raises(EnginesMissing, match=r"fugong\[plans\]"):
        plan(problem(random.Random(1)))
