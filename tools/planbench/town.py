"""Rooms and test slots of a town like the demo's, drawn from a seed: 4 sites with 150 rooms, 1,764 people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from fugong.core.planning.rooms import Room, RoomPlan, RoomProblem, Site, Stay
from fugong.core.planning.slots import Person, Slot, SlotProblem

DAY = 86_400
START = 1_583_107_200
"""2 March 2020, 08:00 in China."""
ROOMS = {"school": 60, "hotel": 40, "hostel": 30, "hospital": 20}
"""150 rooms of 4 sites; how they are shared among the sites is assumed."""
RESERVE = {"school": 2, "hotel": 1, "hostel": 1, "hospital": 1}
"""Rooms kept free (assumed)."""
ORIGINS = ("420100", "421100", "421181", "422300", "430000", "360000")


def sites() -> tuple[Site, ...]:
    """The sites."""
    return tuple(Site(name, RESERVE[name]) for name in ROOMS)


def rooms() -> tuple[Room, ...]:
    """The rooms: a quarter on the ground floor, all of the hospital's and one in twenty of the others medical."""
    found = []
    for site, count in ROOMS.items():
        for n in range(count):
            offers = {"ground_floor"} if n < count // 4 else set()
            offers |= {"medical"} if site == "hospital" or n % 20 == 0 else set()
            found.append(Room(f"{site}-{n:03}", site, 1, frozenset(offers)))
    return tuple(found)


WAVES = (*(28,) * 5, *(0,) * 11, *(28,) * 5)
"""280 arrivals over three weeks, in two waves of buses. Spread evenly they would need more rooms than there are: 13 a day for
14 days are 187 at a time; with the reserve there are 145."""


def evenly(count: int, days: int) -> tuple[int, ...]:
    """So many arrivals, spread over so many days."""
    return tuple((n + 1) * count // days - n * count // days for n in range(days))


def stays(rng: random.Random, arrivals: Sequence[int]) -> tuple[Stay, ...]:
    """Stays of 14 days, so many arriving each day; one in nine needs the ground floor, one in thirty a medical room."""
    found = []
    for n, day in enumerate(day for day, count in enumerate(arrivals) for _ in range(count)):
        chance = rng.random()
        needs = {"ground_floor"} if chance < 1 / 9 else {"medical"} if chance < 1 / 9 + 1 / 30 else set()
        origin = rng.choice(ORIGINS)
        found.append(
            Stay(
                f"stay-{n:04}",
                START + day * DAY,
                START + (day + 14) * DAY,
                sex=rng.choice("fm"),
                needs=frozenset(needs),
                household=f"home-{n // 2}" if rng.random() < 0.1 else None,
                cohort=f"day-{day}",
                origin=origin,
            )
        )
    return tuple(found)


def rooms_problem(arrivals: Sequence[int], seed: int = 1) -> RoomProblem:
    """The rooms, and stays of so many arrivals a day; four hours between two stays."""
    rng = random.Random(seed)
    travel = {(origin, site): rng.randrange(10, 60) for origin in ORIGINS for site in ROOMS}
    return RoomProblem(sites(), rooms(), stays(rng, arrivals), travel, cleaning_seconds=4 * 3600)


def ten_changes(problem: RoomProblem, plan: RoomPlan, seed: int = 1) -> RoomProblem:
    """The problem when the plan is in force, a day after the last bus of the first wave, and ten things change.

    Four of those who are still to come don't, two others come at once; a room is closed; one guest needs a medical room now; one
    stays four days longer; one who isn't there yet comes three days sooner.
    """
    rng = random.Random(seed)
    now = START + 5 * DAY
    placed = {stay.id: replace(stay, present=plan.placed[stay.id].room) for stay in problem.stays}
    there = sorted(name for name, stay in placed.items() if stay.start <= now < stay.end)
    coming = sorted(name for name, stay in placed.items() if stay.start > now)
    sick, longer, beside = rng.sample(there, 3)
    *absent, sooner = rng.sample(coming, 5)
    closed = placed[beside].present
    placed[sick] = replace(placed[sick], needs=frozenset({"medical"}))
    placed[longer] = replace(placed[longer], end=placed[longer].end + 4 * DAY)
    placed[sooner] = replace(placed[sooner], start=placed[sooner].start - 3 * DAY)
    new = [Stay(f"new-{n}", now, now + 14 * DAY, sex="f", cohort="day-5", origin=ORIGINS[0]) for n in range(2)]
    stays = [stay for name, stay in placed.items() if name not in absent]
    return replace(problem, rooms=tuple(room for room in problem.rooms if room.id != closed), stays=(*stays, *new))


def need_not_move(problem: RoomProblem) -> set[str]:
    """Who has a room in which they could stay as far as the room itself goes."""
    return {
        stay.id
        for stay in problem.stays
        if stay.present in problem.room and problem.fits(stay, problem.room[stay.present])
    }


def slots_problem(people: int = 1764, per_slot: int = 8, seed: int = 1) -> SlotProblem:
    """People of 43 enterprises to be tested within one or two days at 6 sites, 08:00 to 18:00 in quarters of an hour."""
    rng = random.Random(seed)
    homes = [f"enterprise-{n}" for n in range(43)]
    places = [f"site-{n}" for n in range(6)]
    travel = {(home, site): rng.randrange(5, 50) for home in homes for site in places}
    slots = tuple(
        Slot(site, START + day * DAY + quarter * 900, per_slot)
        for site in places
        for day in range(2)
        for quarter in range(40)
    )
    found = []
    for n in range(people):
        home = rng.choice(homes)
        late = rng.random() < 0.5
        earliest = START + rng.choice([0, 0, 4 * 3600])
        deadline = START + (DAY if late else 0) + rng.choice([6 * 3600, 10 * 3600])
        household = f"home-{n // 2}" if rng.random() < 0.1 else None
        found.append(Person(f"person-{n:04}", earliest, deadline, home, household, cohort=f"{home}-{late}"))
    return SlotProblem(tuple(found), slots, travel)
