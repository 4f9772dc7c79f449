"""Mistakes that stood at the moment and were found after it: what was known then, and what is known now, differ.

They cancel each other in the totals of the moment, as the recipe has as many of each: who is counted differs.
"""

from __future__ import annotations

from fugong.base import local
from fugong.core.time import PLUS_INF
from fugong.scenario.workforce import DAY, SOURCE
from fugong.scenario.world import HOUR, Person, World


def tell(world: World) -> None:
    """Surveys that asked for a test without need, and households that were copied from identity numbers."""
    day = local.start_of_day(local.day_of(world.moment))
    _surveys(world, day + 2 * DAY + 15 * HOUR)
    _households(world, day + 3 * DAY + 10 * HOUR)


def _surveys(world: World, recorded: int) -> None:
    """Asked for a test that wasn't needed, and not tested yet."""
    wrong = [person for person in world.people if person.met and person.returned_survey and not _tested(world, person)]
    for person in world.rng.sample(wrong, world.recipe.workers.corrected.surveys):
        assert person.returned_survey is not None
        fact, at, values = person.returned_survey
        world.writer.add(
            "survey", person.id, at, {**values, "test_required": False}, source="survey", recorded=recorded,
            supersedes=fact, reason="核实：未离开本市，无须检测",
        )  # fmt: skip


def _tested(world: World, person: Person) -> bool:
    return person.result is not None and person.result <= world.moment


def _households(world: World, recorded: int) -> None:
    """Copied from identity numbers, which say nothing about today's registration: some into Hubei, some out of it."""
    into = [
        person for person in world.people
        if person.story == "hubei_away" and person.left == PLUS_INF and person.arrived is None
        and not person.misfiled and not person.on_the_way
    ]  # fmt: skip
    chosen = world.rng.sample(into, world.recipe.workers.corrected.households)
    for person in chosen:
        _household(world, person, world.people_maker.local_household(), recorded, "核对户口簿：户籍已迁出湖北")
    for person in world.people:
        if person.misfiled and person.who.household:
            _household(world, person, person.who.household, recorded, "核对户口簿：户籍已迁入湖北")


def _household(world: World, person: Person, division: str, recorded: int, reason: str) -> None:
    assert person.household_fact is not None
    fact, since = person.household_fact
    world.writer.add(
        "household", person.id, since, {"division": division}, source=SOURCE, recorded=recorded, supersedes=fact,
        reason=reason,
    )  # fmt: skip
