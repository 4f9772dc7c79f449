"""CP-SAT's rooms: each plan passes the checker, and on hundreds of small problems brute force finds nothing better."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest

from fugong.core.planning.rooms import Placed, Room, RoomPlan, RoomProblem, Site, Stay
from fugong.core.planning.rooms_check import check, costs, further
from fugong.engines import EnginesMissing
from fugong.engines.rooms import plan

NEEDS = ("ground_floor", "medical")


def problem(rng: random.Random, per_room: int = 1) -> RoomProblem:
    """Up to four rooms on two sites, up to five stays within ten hours: everything that a problem may say, by chance."""
    sites = (Site("a", reserve=rng.choice([0, 0, 1])), Site("b"))
    rooms = tuple(
        Room(
            f"r{n}", rng.choice("ab"), beds=rng.choice([1, 1, 2]), sex=rng.choice([None, None, None, "f", "m"]),
            offers=frozenset(need for need in NEEDS if rng.random() < 0.4), zone=rng.choice("xy"),
        )
        for n in range(rng.randrange(1, 5))
    )  # fmt: skip
    stays = []
    for n in range(rng.randrange(1, 6 if len(rooms) < 4 else 5)):
        start = rng.randrange(8)
        present = rng.choice([None, None, f"r{rng.randrange(4)}"])
        stays.append(
            Stay(
                f"s{n}", start, start + rng.randrange(1, 5), sex=rng.choice("fm"), people=rng.choice([1, 1, 1, 2]),
                needs=frozenset(need for need in NEEDS if rng.random() < 0.15), household=rng.choice([None, "li"]),
                cohort=rng.choice([None, "k1", "k2"]), origin=rng.choice([None, "w"]), present=present,
            )
        )  # fmt: skip
    return RoomProblem(
        sites, rooms, tuple(stays), travel={("w", "a"): rng.randrange(90), ("w", "b"): rng.randrange(90)},
        cleaning_seconds=rng.choice([0, 1]), people_per_room=per_room, households_share=rng.random() < 0.7,
    )  # fmt: skip


def beds(asked: RoomProblem, rooms: dict[str, str]) -> dict[str, Placed]:
    """Beds for stays that are in these rooms, each as low as can be."""
    found: dict[str, Placed] = {}
    for stay in sorted((asked.stay[name] for name in rooms), key=lambda stay: stay.start):
        taken = {
            bed
            for other, placed in found.items()
            if placed.room == rooms[stay.id] and asked.free_again(asked.stay[other]) > stay.start
            for bed in placed.beds
        }
        free = [bed for bed in range(1, 9) if bed not in taken]
        found[stay.id] = Placed(rooms[stay.id], tuple(free[: stay.people]))
    return found


def measure(asked: RoomProblem, one: RoomPlan) -> tuple[int, int, int, int]:
    """Further rooms, moves, for how long the rooms are needed, and the cost: smaller is better in this order."""
    price = costs(asked, one)
    return one.rooms_short, price.moves, sum(more.rooms * (more.end - more.start) for more in one.further), price.total


def best(asked: RoomProblem) -> tuple[int, int, int, int]:
    """The measure of the best plan of all."""
    choices = [[None, *(room.id for room in asked.rooms if asked.fits(stay, room))] for stay in asked.stays]
    found = []
    for chosen in product(*choices):
        rooms = {stay.id: room for stay, room in zip(asked.stays, chosen, strict=True) if room is not None}
        without = tuple(stay.id for stay, room in zip(asked.stays, chosen, strict=True) if room is None)
        more = further(asked, without)
        one = RoomPlan(beds(asked, rooms), without, max((m.rooms for m in more), default=0), more)
        if not check(asked, one):
            found.append(measure(asked, one))
    return min(found)


@pytest.mark.parametrize("block", range(8))
def test_brute_force_finds_nothing_better(block: int):
    statuses = set()
    for seed in range(block * 50, block * 50 + 50):
        asked = problem(random.Random(seed), per_room=2 if block == 7 else 1)
        answer = plan(asked, seconds=20)
        assert answer.plan is not None
        assert check(asked, answer.plan) == [], seed
        right = best(asked)
        assert measure(asked, answer.plan) == right, seed
        statuses.add(answer.status)
        if answer.status == "optimal":
            assert (answer.objective, answer.bound, right[0]) == (right[3], right[3], 0)
        else:
            assert (answer.status, answer.objective, answer.bound) == ("impossible", right[0], right[0])
    assert statuses == {"optimal", "impossible"}


def extended(asked: RoomProblem, rooms: int) -> RoomProblem:
    """With so many rooms more that suit everybody."""
    more = tuple(Room(f"x{n}", "x", beds=9, offers=frozenset(NEEDS)) for n in range(rooms))
    return replace(asked, sites=(*asked.sites, Site("x")), rooms=(*asked.rooms, *more), households_share=True)


def test_so_many_further_rooms_do_and_one_fewer_does_not():
    short = 0
    for seed in range(60):
        asked = problem(random.Random(1000 + seed))
        asked = replace(asked, households_share=True, stays=tuple(replace(s, household="li") for s in asked.stays))
        answer = plan(asked)
        if answer.status == "impossible":
            assert answer.objective is not None
            assert plan(extended(asked, answer.objective)).status == "optimal", seed
            assert plan(extended(asked, answer.objective - 1)).status == "impossible", seed
            short += 1
    assert short > 10


def town(arrivals: int = 24) -> RoomProblem:
    """Rooms of two sites, alike but for a few; two people a day."""
    rooms = tuple(
        Room(f"{site}{n}", site, offers=frozenset({"ground_floor"} if n < 2 else ())) for site in "ab" for n in range(8)
    )
    stays = tuple(
        Stay(f"s{n}", n // 2 * 86_400, (n // 2 + 5) * 86_400, needs=frozenset({"ground_floor"} if n % 8 == 0 else ()), cohort=f"day{n // 2}")
        for n in range(arrivals)
    )  # fmt: skip
    return RoomProblem((Site("a", 1), Site("b")), rooms, stays, cleaning_seconds=3600)


def settled() -> tuple[RoomProblem, RoomPlan]:
    asked = town()
    first = plan(asked).plan
    assert first is not None and not first.without
    return replace(asked, stays=tuple(replace(s, present=first.placed[s.id].room) for s in asked.stays)), first


def test_nobody_is_moved_who_need_not_be():
    asked, first = settled()
    more = (*asked.stays, Stay("new", 0, 7 * 86_400, cohort="day0"))
    again = replace(asked, stays=more)
    answer = plan(again)
    assert answer.status == "optimal" and answer.plan is not None
    assert check(again, answer.plan) == []
    assert {name: at for name, at in answer.plan.placed.items() if name != "new"} == dict(first.placed)


def test_a_closed_room_moves_its_guests_and_no_others():
    asked, first = settled()
    closed = first.placed["s5"].room
    again = replace(asked, rooms=tuple(room for room in asked.rooms if room.id != closed))
    answer = plan(again)
    assert answer.plan is not None and answer.status == "optimal"
    moved = {name for name, at in answer.plan.placed.items() if at.room != first.placed[name].room}
    assert moved == {name for name, at in first.placed.items() if at.room == closed}


def test_one_who_must_have_a_room_moves_as_few_as_can_be():
    asked = RoomProblem(
        (Site("a"),), (Room("low", "a", offers=frozenset({"ground_floor"})), Room("up", "a"), Room("top", "a")),
        (Stay("well", 0, 9, present="low"), Stay("other", 0, 9, present="up"), Stay("lame", 0, 9, needs=frozenset({"ground_floor"}))),
    )  # fmt: skip
    answer = plan(asked)
    assert answer.plan is not None
    assert {name: at.room for name, at in answer.plan.placed.items()} == {"well": "top", "other": "up", "lame": "low"}
    assert costs(asked, answer.plan).moves == 1


def test_who_stays_in_a_room_keeps_the_bed():
    asked = RoomProblem(
        (Site("a"),), (Room("r", "a", beds=2),), (Stay("new", 0, 5, sex="f"), Stay("old", 1, 9, sex="f", present="r", present_beds=(1,))),
        people_per_room=2,
    )  # fmt: skip
    answer = plan(asked)
    assert answer.plan is not None
    assert answer.plan.placed == {"new": Placed("r", (2,)), "old": Placed("r", (1,))}


def test_the_same_seed_gives_the_same_plan_and_progress_is_told():
    told = []
    answer = plan(town(), progress=lambda *now: told.append(now))
    assert told and told[-1][1] == answer.objective
    assert answer.plan == plan(town()).plan
    assert answer.gap == 0.0


def test_too_little_time_is_no_proof():
    answer = plan(town(200), seconds=0.0)
    assert answer.status in {"unknown", "feasible"}
    assert answer.plan is None or check(town(200), answer.plan) == []


def test_without_the_engines_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "ortools.sat.python.cp_model", None)
    with pytest.raises(EnginesMissing, match=r"fugong\[plans\]"):
        plan(town())
