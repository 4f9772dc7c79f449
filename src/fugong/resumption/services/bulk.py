"""Many filings at once, as an office receives them on paper: one transaction, few queries, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.base.ids import uuid7, uuid7_from
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry import asked
from fugong.resumption import queries
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import PERMIT, Filing, Step
from fugong.resumption.papers import COMMITMENTS
from fugong.resumption.services.writing import By


@dataclass(frozen=True, slots=True)
class Received:
    """A filing on paper: from when the enterprise wants to work (seconds), its plan, who signed. ``fact`` is the id of the
    resumption, given where it is known beforehand.
    """

    enterprise: UUID
    starts: int
    plan: str
    signed_by: str
    fact: UUID | None = None


@transaction.atomic
def receive(*, received: Sequence[Received], by: By) -> list[Filing]:
    """Take in filings of enterprises that neither work nor have one open; where the way asks no approval, they may work.

    Whoever received the papers answers for their being whole: the checklist is the town's to look at afterwards. Raises
    ResumptionError, FactError; then nothing is written.
    """
    way, ids = queries.way(by.now), [one.enterprise for one in received]
    there = Filing.objects.filter(enterprise__in=ids, state__in=Filing.OPEN).first()
    if there is not None:
        raise ResumptionError("resumption.open", state=dict(Filing.STATES)[there.state])
    begins = way.regime != PERMIT
    filings = [_filing(one, way.regime, by, begins=begins) for one in received]
    facts = [
        NewFact(
            one.enterprise, "resumption", max(one.starts, by.now), {"regime": way.regime}, id=one.fact or uuid7(),
            evidence=f"filing:{filing.pk}",
        )
        for one, filing in zip(received, filings, strict=True)
        if begins
    ]  # fmt: skip
    Filing.objects.bulk_create(filings)
    _note(filings, facts, by)
    known = asked.known(ids, by.now)
    plans = [
        NewFact(
            filing.enterprise_id, "evidence", by.now, {"item": "prevention_plan", "document": str(filing.pk)}, id=uuid7(),
            evidence=f"filing:{filing.pk}",
        )
        for filing in filings
        if "prevention_plan" not in known[filing.enterprise_id]
    ]  # fmt: skip
    ledger.append(facts=[*facts, *plans], source=by.source, now=by.now, actor=by.actor, ids_are_new=True)
    return filings


def _filing(one: Received, regime: str, by: By, *, begins: bool) -> Filing:
    key = uuid7_from(one.fact, "filing") if one.fact else uuid7()  # a demo's filings are the same each time it is made
    return Filing(
        id=key, enterprise_id=one.enterprise, regime=regime, state=Filing.IN_FORCE if begins else Filing.WAITING,
        starts=one.starts, plan=one.plan, commitments=sorted(COMMITMENTS), signed_by=one.signed_by, filed_at=by.now,
        filed_by_id=by.actor, changed_at=by.now,
    )  # fmt: skip


def _note(filings: Sequence[Filing], facts: Sequence[NewFact], by: By) -> None:
    begun = {fact.subject: fact.id for fact in facts}
    Step.objects.bulk_create(
        Step(
            filing=filing, enterprise_id=filing.enterprise_id, what=what, at=by.now,
            fact_id=begun.get(filing.enterprise_id) if what == "received" else None, actor_id=by.actor,
        )
        for filing in filings
        for what in (("filed", "received") if begun else ("filed",))
    )  # fmt: skip


@transaction.atomic
def checked(*, filings: Sequence[UUID], words: str, by: By) -> int:
    """The town has looked at many that began on receipt, and says what it saw of them all; returns how many were still open."""
    rows = list(
        Filing.objects.select_for_update()
        .filter(pk__in=list(filings), state=Filing.IN_FORCE, checked_at=None)
        .order_by("pk")
    )
    for row in rows:
        row.checked_at = row.changed_at = by.now
    Filing.objects.bulk_update(rows, ["checked_at", "changed_at"])
    Step.objects.bulk_create(
        Step(
            filing=row, enterprise_id=row.enterprise_id, what="checked", at=by.now, words=words[:500], actor_id=by.actor
        )
        for row in rows
    )
    return len(rows)
