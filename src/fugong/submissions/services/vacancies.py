"""Vacant posts, as enterprises report them: a state each, whose number and pay change by a new one in its place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.base.ids import uuid7
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import about
from fugong.ledger.services import NewFact
from fugong.submissions.errors import SubmissionError

REPLACED = "replaced"
SOURCE = "submissions"
FARTHEST = 366 * 86_400
"""Seconds ahead of which no post is sought yet: whoever types 3020 meant 2020."""


@transaction.atomic
def report(
    *, enterprise: UUID, post: str, number: int, now: int, actor: UUID | None, since: int | None = None, skill: str = "",
    monthly_yuan: float | None = None, source: str = SOURCE,
) -> UUID:  # fmt: skip
    """A post is vacant from ``since`` on (None: now), so many times. What was said of the same post holds until then.

    Returns the fact's id. Raises SubmissionError and FactError.
    """
    if not post.strip():
        raise SubmissionError("vacancy.no_post", field="post")
    if not 1 <= number <= 100_000:
        raise SubmissionError("vacancy.number", field="number")
    start = now if since is None else since
    if start > now + FARTHEST:
        raise SubmissionError("vacancy.far", field="since")
    said: dict[str, Any] = {"post": post.strip()[:100], "number": number}
    if skill.strip():
        said["skill"] = skill.strip()[:200]
    if monthly_yuan is not None:
        said["monthly_yuan"] = monthly_yuan
    locked = ledger.lock_for([NewFact(enterprise, "vacancy", start, said)])
    rows = about([enterprise]).filter(kind="vacancy", values__post=said["post"], end__gt=start)
    before = list(rows.order_by("start", "id"))
    same = next((one for one in before if one.start == start), None)
    facts = [_ended(one, start) for one in before if one.start < start]
    later = min((one.start for one in before if one.start > start), default=PLUS_INF)
    made = NewFact(
        enterprise, "vacancy", start, said, end=later, id=uuid7(), supersedes=same.pk if same else None,
        reason=REPLACED if same else "",
    )  # fmt: skip
    facts.append(made)
    recorded = ledger.recorded_at(facts, now)
    ledger.append(
        facts=facts, source=source, now=recorded, actor=actor, evidence="the enterprise's notice", locked=locked
    )
    assert made.id is not None
    return made.id


def _ended(fact: Fact, at: int, reason: str = REPLACED) -> NewFact:
    return NewFact(
        fact.subject_id, "vacancy", fact.start, fact.values, end=at, id=uuid7(), supersedes=fact.pk, reason=reason
    )


@transaction.atomic
def close(*, vacancy: UUID, enterprise: UUID, reason: str, now: int, actor: UUID | None, source: str = SOURCE) -> None:
    """A post is no longer vacant from now on, with the reason. Raises SubmissionError."""
    if not reason.strip():
        raise SubmissionError("vacancy.no_reason", field="reason")
    locked = ledger.lock_for([NewFact(enterprise, "vacancy", now, {"post": "-", "number": 1})])
    found = about([enterprise]).filter(kind="vacancy", pk=vacancy, end__gt=now).first()
    if found is None:
        raise SubmissionError("vacancy.gone", field="vacancy")
    withdrawn = found.start >= now  # it was to begin later: nothing of it was true yet
    if withdrawn:
        ledger.correct(fact_id=found.pk, replacement=None, reason=reason.strip(), source=source, now=now, actor=actor)
        return
    facts = [_ended(found, now, reason.strip()[:200])]
    recorded = ledger.recorded_at(facts, now)
    ledger.append(
        facts=facts, source=source, now=recorded, actor=actor, evidence="the enterprise's notice", locked=locked
    )
