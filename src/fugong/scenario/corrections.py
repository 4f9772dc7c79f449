"""Mistakes that stood at the moment and were found after it: what was known then, and what is known now, differ."""

from __future__ import annotations

from datetime import date

from fugong.base import local
from fugong.core.time import PLUS_INF
from fugong.scenario.workforce import DAY, SOURCE
from fugong.scenario.world import HOUR, World


def tell(world: World) -> None:
    """Surveys that asked for a test without need, and households that were copied from identity numbers."""
    day = local.start_of_day(local.day_of(world.moment))
    _surveys(world, day + 2 * DAY + 15 * HOUR)
    _households(world, day + 3 * DAY + 10 * HOUR)


def _surveys(world: World, recorded: int) -> None:
    wrong = [
        person for person in world.people
        if person.firm.large and person.story == "returned" and person.left == PLUS_INF and person.returned_survey
        and person.returned_survey[1] < world.moment - DAY and person.result and person.result < world.moment - DAY
    ]  # fmt: skip
    for person in world.rng.sample(wrong, world.recipe.workers.corrected.surveys):
        assert person.returned_survey is not None
        fact, at, values = person.returned_survey
        world.writer.add(
            "survey", person.id, at, {**values, "test_required": False}, source="survey", recorded=recorded,
            supersedes=fact, reason="核实：未离开本市，无须检测",
        )  # fmt: skip


def _households(world: World, recorded: int) -> None:
    """Entered as registered in Hubei because the number begins with 42; the household booklet says otherwise."""
    wrong = [
        person for person in world.people
        if person.story == "hubei_away" and person.left == PLUS_INF and person.arrived is None and person.household_fact
    ]  # fmt: skip
    for person in world.rng.sample(wrong, world.recipe.workers.corrected.households):
        assert person.household_fact is not None
        fact, since = person.household_fact
        since_moved = max(since, local.start_of_day(date(2015, 6, 1)))
        world.writer.add(
            "household", person.id, since_moved, {"division": world.people_maker.local_household()}, source=SOURCE,
            recorded=recorded, supersedes=fact, reason="核对户口簿：户籍已迁出湖北",
        )  # fmt: skip
