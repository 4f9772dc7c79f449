"""What every change of a filing goes through: locks in one order, its history, the fact that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fugong.base import local
from fugong.base.ids import uuid7
from fugong.core.time import MINUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry.models import Enterprise
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import Filing, Step
from fugong.resumption.queries import resumptions

SOURCE = "resumption"
_CHANGED = (
    "state", "starts", "plan", "commitments", "signed_by", "checklist", "filed_by", "approved_at", "approved_by", "checked_at",
    "changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class By:
    """When something is recorded (seconds) and by whom; ``source`` is that of the facts."""

    now: int
    actor: UUID | None
    source: str = SOURCE


def lock_enterprise(enterprise: UUID) -> set[UUID]:
    """Lock an enterprise and all who depend on it, before anything of it is read; returns whom. Raises FactError."""
    return ledger.lock_for([NewFact(enterprise, "resumption", 0)])


def locked(filing: UUID) -> Filing:
    """A filing, its row locked; its enterprise is locked before. Raises ResumptionError."""
    found = Filing.objects.select_for_update(of=("self",)).select_related("enterprise").filter(pk=filing).first()
    if found is None:
        raise ResumptionError("resumption.unknown")
    return found


def require(filing: Filing, *states: str) -> None:
    """That a filing is in one of these states. Raises ResumptionError."""
    if filing.state not in states:
        raise ResumptionError("resumption.other_state", state=dict(Filing.STATES)[filing.state])


def change(filing: Filing, state: str, what: str, by: By, *, words: str = "", fact: UUID | None = None) -> None:
    """Keep a filing's new state, and say so in its history."""
    filing.state, filing.changed_at = state, by.now
    filing.save(update_fields=_CHANGED)
    note(filing, what, by, words=words, fact=fact)


def note(filing: Filing, what: str, by: By, *, words: str = "", fact: UUID | None = None) -> None:
    """A line of a filing's history."""
    Step.objects.create(
        filing=filing, enterprise_id=filing.enterprise_id, what=what, at=by.now, words=words[:500], fact_id=fact,
        actor_id=by.actor,
    )  # fmt: skip


def begin(filing: Filing, at: int, by: By, locked_ones: set[UUID]) -> UUID:
    """State that the enterprise works from a moment on; its fact's id."""
    fact = uuid7()
    values = {"regime": filing.regime}
    ledger.append(
        facts=[NewFact(filing.enterprise_id, "resumption", at, values, id=fact)], source=by.source, now=by.now,
        actor=by.actor, evidence=f"filing:{filing.pk}", locked=locked_ones,
    )  # fmt: skip
    return fact


def stop(enterprise: UUID, at: int, reason: str, evidence: str, by: By, locked_ones: set[UUID]) -> list[UUID]:
    """State that the enterprise no longer works from a moment on: what held ends, what lay ahead is taken back.

    Returns the ids of the new facts, none where nothing held.
    """
    facts = [
        NewFact(
            enterprise, "resumption", one.start, one.values, one.end if one.start >= at else at, uuid7(), one.pk,
            withdrawn=one.start >= at, reason=reason,
        )
        for one in resumptions([enterprise], at)
    ]  # fmt: skip
    if facts:
        ledger.append(
            facts=facts, source=by.source, now=ledger.recorded_at(facts, by.now), actor=by.actor, evidence=evidence,
            locked=locked_ones,
        )  # fmt: skip
    return [fact.id for fact in facts if fact.id]


def require_not_working(enterprise: Enterprise, at: int) -> None:
    """That no resumption of the enterprise holds or lies ahead. Raises ResumptionError."""
    found = resumptions([enterprise.pk], at).first()
    if found is not None:
        since = f"{local.day_of(found.start):%Y-%m-%d}" if found.start > MINUS_INF else "–"
        raise ResumptionError("resumption.already", since=since)
