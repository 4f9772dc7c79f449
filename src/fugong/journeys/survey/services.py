"""The only writes of surveying: a round of it, an answer, a reminder, and the risk level of a division by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.base import local
from fugong.base.ids import uuid7
from fugong.core.time import PLUS_INF
from fugong.journeys.imports import WHEREABOUTS
from fugong.journeys.models import Campaign, Reminder
from fugong.journeys.survey.errors import SurveyError
from fugong.ledger import queries as ledger_queries
from fugong.ledger import services as ledger
from fugong.ledger.acts import Done, Waits
from fugong.ledger.services import NewFact
from fugong.notices.services.queueing import queue
from fugong.registry import acts
from fugong.registry.models import Division

SOURCE = "survey"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says of themselves, or their enterprise on their behalf.

    ``division`` is where they are, or came from; ``since``: from which day they have been there.
    """

    whereabouts: str
    division: str = ""
    since: dt.date | None = None
    intended: dt.date | None = None
    means: str = ""
    well: bool | None = None
    contact: bool | None = None


@transaction.atomic
def open_campaign(
    *, title: str, enterprise: UUID | None, first: dt.date, last: dt.date, now: int, actor: UUID | None
) -> Campaign:
    """A round of surveying from one local day to another, both counted; of the whole town without an enterprise."""
    if not title.strip():
        raise SurveyError("campaign.title", field="title")
    if last < first:
        raise SurveyError("campaign.times", field="last")
    return Campaign.objects.create(
        id=uuid7(), title=title.strip(), enterprise_id=enterprise, opens=local.start_of_day(first),
        closes=local.start_of_day(local.day_after(last)), made_by_id=actor, made_at=now,
    )  # fmt: skip


@transaction.atomic
def answer(*, worker: UUID, said: Answer, now: int, actor: UUID | None, own: bool) -> UUID:
    """Write down an answer: the survey, and the stay that it tells of. Returns the survey's id.

    A test before work is required of whoever is not at home. ``own``: the worker speaks for themselves. Raises SurveyError.
    """
    today = local.day_of(now)
    _refuse_wrong(said, today)
    values: dict[str, Any] = {"whereabouts": said.whereabouts, "test_required": said.whereabouts != "local"}
    given = {
        "origin_division": said.division or None, "means": said.means or None, "well": said.well, "contact": said.contact,
        "intended_on": said.intended.isoformat() if said.intended else None,
    }  # fmt: skip
    values |= {name: value for name, value in given.items() if value is not None}
    survey = NewFact(worker, "survey", now, values, id=uuid7())
    ledger.lock_for([survey])
    facts = [survey, *_stay(worker, said, today)]
    ledger.append(facts=facts, source=SOURCE, now=now, actor=actor, evidence="self" if own else "asked:enterprise")
    assert survey.id is not None
    return survey.id


def _refuse_wrong(said: Answer, today: dt.date) -> None:
    if said.whereabouts not in WHEREABOUTS:
        raise SurveyError("survey.whereabouts", field="whereabouts")
    if said.whereabouts in ("away", "returning") and not said.division:
        raise SurveyError("survey.origin", field="division")
    if said.intended and said.intended < today and said.whereabouts in ("away", "returning"):
        raise SurveyError("survey.intended_past", field="intended")
    if said.since and said.since > today:
        raise SurveyError("survey.stay_future", field="since")


def _stay(worker: UUID, said: Answer, today: dt.date) -> list[NewFact]:
    """Where they are or were; the stay there that is known already goes on, or ends, and isn't told twice."""
    if not said.division:
        return []
    there = said.whereabouts in ("away", "returning")
    begin = local.start_of_day(said.since or today)
    end = PLUS_INF if there else local.start_of_day(local.day_after(today))
    known = [
        one for one in ledger_queries.about([worker]).filter(kind="stay", values__division=said.division).order_by("start")
        if one.start <= end and begin <= one.end
    ]  # fmt: skip
    if not known:
        return [NewFact(worker, "stay", begin, {"division": said.division}, end=end, id=uuid7())]
    before = known[-1]
    first = min(begin, before.start) if said.since else before.start
    if (before.start, before.end) == (first, end) or (not there and before.end < PLUS_INF):
        return []
    return [
        NewFact(
            worker, "stay", first, {"division": said.division}, end=max(end, first + 1), id=uuid7(), supersedes=before.pk,
            reason="replaced",
        )
    ]  # fmt: skip


@transaction.atomic
def remind(*, campaign: UUID, workers: Sequence[UUID], now: int, actor: UUID | None, code: str = "") -> int:
    """Remind these people by a notice, or ask them again because of a contradiction (``code``). Returns how many."""
    if not workers:
        raise SurveyError("campaign.nobody", field="worker")
    rows = [
        Reminder(id=uuid7(), campaign_id=campaign, worker_id=one, code=code, at=now, actor_id=actor) for one in workers
    ]
    queue(template="survey_again" if code else "survey", workers=workers, actor=actor, now=now)
    return len(Reminder.objects.bulk_create(rows))


def set_level(
    *, division: str, level: str, since: dt.date, until: dt.date | None, source: str, now: int, actor: UUID
) -> Done | Waits:
    """State the risk level of a division by hand, with its source, as an act: what it takes from many waits.

    ``until`` is the last day, None while it goes on. Raises SurveyError, and FactError for what the ledger refuses.
    """
    if not source.strip():
        raise SurveyError("risk_level.source", field="source")
    if until is not None and until < since:
        raise SurveyError("risk_level.ends_early", field="until")
    found = Division.objects.filter(code=division).first()
    if found is None:
        raise SurveyError("risk_level.division", field="division")
    end = None if until is None else local.start_of_day(local.day_after(until))
    values = {"level": level, "source": source.strip()}
    fact = NewFact(found.pk, "risk_level", local.start_of_day(since), values, end=end, id=uuid7())
    return acts.add_facts(facts=[fact], evidence=source.strip()[:200], now=now, actor=actor)
