"""A town under one way of filing, with a plant that hasn't resumed and its workers, for the tests of resumption."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import builders
from fugong.base import local
from fugong.base.models import User
from fugong.clearance import queries as clearance
from fugong.registry import asked
from fugong.registry import services as registry
from fugong.registry.asked import Answer
from fugong.registry.models import Enterprise
from fugong.resumption.models import PERMIT, Filing
from fugong.resumption.papers import COMMITMENTS, MODELS
from fugong.resumption.services import filings, rules
from fugong.resumption.services.filings import Said
from fugong.resumption.services.writing import By

NOW, DAY = builders.NOW, 86_400
TODAY = local.start_of_day(builders.DAY)
PLAN = "每日三次消毒，食堂错峰。"


@dataclass
class Plant:
    """An enterprise that hasn't resumed; its first worker lacks nothing else."""

    enterprise: Enterprise
    workers: list[UUID]
    clerk: User
    town: User
    second: User
    """Another one of the town's."""

    def may_work(self, at: int) -> bool:
        return clearance.status(self.workers[0], "work", at).holds


def plant(regime: str = PERMIT, *, papers: tuple[str, ...] | None = None, people: int = 2) -> Plant:
    """The town, the way of filing, and a plant with everybody surveyed."""
    builders.town()
    builders.adopt()
    made = builders.enterprise(resumed=False, patch=registry.add_patch(name="城东片区"))
    _site, _door = builders.site_with_door(made)
    workers = builders.workers(made, people)
    for worker in workers:
        builders.survey(worker)
    builders.register(workers[0], TODAY + 7 * 3600)
    set_way(regime, MODELS["qingyang"].papers if papers is None else papers)
    clerk = builders.user("enterprise_clerk", made.pk)
    return Plant(
        made,
        workers,
        clerk,
        builders.user("town_administrator"),
        builders.user("town_administrator", username="second"),
    )


def set_way(regime: str, papers: tuple[str, ...]) -> None:
    """How enterprises file, from before everything else."""
    start = local.start_of_day(local.day_of(builders.EARLY))
    rules.set_rule(regime=regime, papers=papers, start=start, now=start, actor=None)


def ready(of: Plant, at: int = NOW - DAY, *, but: tuple[str, ...] = (), **numbers: float) -> None:
    """Answer the questions of the pack's checklist."""
    flags = ("door_persons", "fingerprint_clocks_off", "disinfection_plan", "responsible_person")
    given = [Answer(of.enterprise.pk, code, at, holds=True) for code in flags if code not in but]
    given += [
        Answer(of.enterprise.pk, code, at, number=number)
        for code, number in ({"materials_days": 5} | numbers).items()
        if code not in but
    ]
    asked.give(answers=given, source="page", now=at)


def said(starts: int = TODAY, *, plan: str = PLAN, signed_by: str = "林老板") -> Said:
    """What a filing says."""
    return Said(starts, plan, list(COMMITMENTS), signed_by)


def file(of: Plant, now: int = NOW, *, actor: UUID | None = None) -> Filing:
    """The clerk files."""
    return filings.file(enterprise=of.enterprise.pk, said=said(), by=By(now, actor or of.clerk.pk))
