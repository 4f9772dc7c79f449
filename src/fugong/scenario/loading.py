"""Load a demo town into an empty database: all or nothing, through the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.db import transaction

from fugong.base import local
from fugong.base.statistics import gather_statistics
from fugong.clearance import services as clearance
from fugong.core.protocol.pack import shipped
from fugong.ledger import services as ledger
from fugong.registry import services as registry
from fugong.registry.models import Town, Worker
from fugong.scenario import (
    corrections,
    daily,
    enterprises,
    journeys,
    notices,
    observation,
    policies,
    premises,
    recipe,
    sampling,
    serving,
    trips,
    users,
    work,
    workforce,
)
from fugong.scenario.errors import ScenarioError
from fugong.scenario.people import People
from fugong.scenario.world import World
from fugong.scenario.writing import Writer

Progress = Callable[[int, int], None]
STEPS = 1000
_ANALYSED = 7
"""Statistics are gathered after so many days."""
_TOLD, _DAYS = 120, 620
"""Of the steps: when people and their stories are told, and when all days are."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: the town's code and name, and how much."""

    code: str
    name: str
    enterprises: int
    workers: int
    facts: int


def silent(done: int, total: int) -> None:
    """No progress to show."""


def is_loaded(town: str) -> bool:
    """Whether this database serves that demo town."""
    code = recipe.read(town).town.code
    return Town.objects.filter(division__code=code).exists() and Worker.objects.exists()


def load(town: str, *, seed: int, password: str, progress: Progress = silent) -> Loaded:
    """Make the town and write it, with a login for each role; the same seed makes the same town.

    ``progress`` is told how many of how many steps are done. Raises ScenarioError when the database already serves a
    town, or the recipe is wrong; then nothing is written.
    """
    plan = recipe.read(town)
    taken = Town.objects.select_related("division").first()
    if taken is not None or Worker.objects.exists():
        raise ScenarioError("scenario.not_empty", town=taken.division.name if taken else "—")
    rng = Random(f"{town}:{seed}")  # noqa: S311 - repeatable on purpose, nothing secret
    world = World(plan, rng, Writer(rng), People(plan, rng))
    with transaction.atomic(), ledger.deferred():
        _make(world, password)
        progress(_TOLD // 2, STEPS)
        _tell(world, progress)
        gather_statistics()
        clearance.renew_everybody(
            now=world.end, progress=lambda done, total: progress(_DAYS + (STEPS - _DAYS) * done // max(total, 1), STEPS)
        )
        gather_statistics()
    progress(STEPS, STEPS)
    return Loaded(plan.town.code, plan.town.name, len(world.firms), len(world.people), world.writer.written)


def _make(world: World, password: str) -> None:
    """The town, its protocol, enterprises and people."""
    plan = world.recipe
    registry.set_town(code=plan.town.code, name=plan.town.name)
    in_force = local.start_of_day(plan.protocol.since)
    clearance.adopt(text=shipped()[plan.protocol.pack], effective_from=in_force, now=in_force - 6 * 3600)
    work.make_patches(world)
    enterprises.make_enterprises(world)
    workforce.make_people(world)
    workforce.oddities(world)
    users.make_users(world, password)


def _tell(world: World, progress: Progress) -> None:
    """Everything that happened, in facts, and into the ledger in the order in which it was recorded."""
    workforce.register_people(world)
    journeys.risk_levels(world)
    observation.open_sites(world)
    journeys.plan(world)
    sampling.plan(world)
    observation.plan(world)
    journeys.tell(world)
    trips.plan(world)
    notices.plan(world)
    premises.plan(world)
    sampling.tell(world)
    observation.tell(world)
    work.tell(world)
    policies.tell(world)
    served = serving.Serving(world)
    corrections.tell(world)
    users.settle_users(world)
    users.name_the_deputy(world)
    served.plan()
    progress(_TOLD, STEPS)
    days = daily.Days(world)
    for number, day in enumerate(world.days):
        world.play(local.start_of_day(day))  # who came yesterday is known before today is told
        days.tell(number, day)
        if number % _ANALYSED == _ANALYSED - 1:
            gather_statistics()  # what is played asks the ledger while it grows
        progress(_TOLD + (_DAYS - _TOLD) * (number + 1) // len(world.days), STEPS)
    world.play(world.end + 1)
