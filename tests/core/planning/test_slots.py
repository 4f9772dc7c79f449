"""The checker of test schedules: it lets a right one pass, and refuses one broken by hand for each rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fugong.core.planning.answer import SENTENCES
from fugong.core.planning.slots import Booked, Person, Slot, SlotPlan, SlotProblem
from fugong.core.planning.slots_check import check, costs
from fugong.core.text import CoreError

EARLY, LATE, HALL, FAIR = Booked("hall", 0), Booked("hall", 900), Booked("hall", 1800), Booked("fair", 900)
PROBLEM = SlotProblem(
    people=(
        Person("ann", 0, 900, "mill", cohort="mill", present=EARLY),
        Person("bob", 0, 3600, "mill", "li", cohort="mill"),
        Person("eve", 600, 3600, "works", "li", cohort="mill"),
        Person("rooted", 900, 1800, present=LATE, movable=False),
        Person("tom", 0, 1800),
        Person("gone", 0, 600),
    ),
    slots=(Slot("hall", 0, 1), Slot("hall", 900, 1), Slot("hall", 1800, 2), Slot("fair", 900, 2)),
    travel={("mill", "hall"): 10, ("mill", "fair"): 30, ("works", "fair"): 5},
)
PLAN = SlotPlan(
    {"ann": EARLY, "bob": FAIR, "eve": FAIR, "rooted": LATE}, without={"tom": FAIR}, further={FAIR: 1}, never=("gone",)
)


def put(**at: Booked) -> SlotPlan:
    return replace(PLAN, booked={**PLAN.booked, **at})


def test_a_right_schedule_passes_and_is_priced():
    assert check(PROBLEM, PLAN) == []
    assert PLAN.places_short == 1
    price = costs(PROBLEM, PLAN)
    assert (price.moves, price.cohorts, price.minutes, price.total) == (0, 1, 45, 105)
    moved = costs(PROBLEM, put(ann=FAIR))
    assert moved.moves == 1 and moved.total == PROBLEM.move_cost + 65


BROKEN = {
    "somebody unknown": ("slots.unknown", put(stranger=HALL)),
    "an unknown slot": ("slots.unknown", put(ann=Booked("hall", 1))),
    "a further place in an unknown slot": ("slots.unknown", replace(PLAN, further={FAIR: 1, Booked("x", 0): 1})),
    "somebody forgotten": ("slots.forgotten", replace(PLAN, never=())),
    "somebody listed twice": ("slots.twice", replace(PLAN, never=("gone", "tom"))),
    "too early": ("slots.early", put(eve=EARLY)),
    "too late": ("slots.late", put(ann=LATE)),
    "too many": ("slots.full", put(ann=LATE)),
    "too many without the further place": ("slots.full", replace(PLAN, further={})),
    "a household apart": ("slots.apart", put(bob=HALL)),
    "somebody moved who may not be": ("slots.moved", put(rooted=FAIR)),
    "a further place that nobody needs": ("slots.further", replace(PLAN, further={FAIR: 1, HALL: 1})),
    "fewer than no further places": ("slots.further", replace(PLAN, further={FAIR: 1, EARLY: -1})),
    "somebody who could come": ("slots.never", SlotPlan(PLAN.booked, never=("gone", "tom"))),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_schedule_is_refused(what: str):
    code, plan = BROKEN[what]
    found = check(PROBLEM, plan)
    assert code in {one.code for one in found}
    for one in found:
        assert one.text("zh-hans") != one.text("en")


def test_every_code_of_slots_is_broken_once():
    assert {code for code, _ in BROKEN.values()} == {code for code in SENTENCES if code.startswith("slots.")}


@pytest.mark.parametrize("wrong", [
    {"slots": (Slot("hall", 0, 1), Slot("hall", 0, 1))},
    {"slots": (Slot("hall", 0, -1),)},
    {"slots": (Slot("fair", 0, 1),)},
    {"people": (Person("ann", 0, 1), Person("ann", 0, 1))},
])  # fmt: skip
def test_a_problem_that_points_to_nothing_is_refused(wrong: dict):
    with pytest.raises(CoreError):
        replace(PROBLEM, **wrong)
