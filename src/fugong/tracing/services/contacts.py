"""Decisions about contacts: who is confirmed becomes a close contact in the ledger, by which clearance lapses by itself.

Every decision is taken under the lock of its case. Facts are written and taken back through ``services.acts``, which may
have to wait for a second person; the functions here do what was agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from fugong.base.ids import uuid7
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.ledger.wording import CONTACT_RULES
from fugong.notices.services.queueing import queue
from fugong.registry.models import Worker
from fugong.tracing.errors import TracingError
from fugong.tracing.models import Case, CaseContact
from fugong.tracing.services.locks import locked

SOURCE = "tracing"


def evidence_of(case: UUID) -> str:
    """On what the facts of a case rest: the case itself, by its id."""
    return f"case:{case}"


def _chosen(case: Case, contacts: Sequence[UUID]) -> list[CaseContact]:
    """The rows, locked in one order. Raises TracingError for nobody, and for somebody who isn't on the list."""
    if not contacts:
        raise TracingError("tracing.nobody", field="contacts")
    rows = list(case.contacts.select_for_update(no_key=True).filter(pk__in=contacts).order_by("pk"))
    if len(rows) != len(set(contacts)):
        raise TracingError("tracing.unknown_contact", field="contacts")
    return rows


def _reason(given: str) -> str:
    if not given.strip():
        raise TracingError("tracing.no_reason", field="reason")
    return given.strip()[:200]


@transaction.atomic
def write(*, case: UUID, contacts: Sequence[UUID], reason: str, now: int, actor: UUID | None) -> int:
    """Make close contacts of these people: one ``contact`` fact each, at the last moment of contact; returns how many.

    Who is confirmed already stays as they are, so that saying it twice writes it once. Raises TracingError.
    """
    found = locked(case)
    rows = [one for one in _chosen(found, contacts) if one.state != CaseContact.CONFIRMED]
    facts = []
    for row in rows:
        values = {"rule": _rules(row), "place": row.place}
        fact = NewFact(row.worker_id, "contact", row.last_at, {k: v for k, v in values.items() if v}, id=uuid7())
        facts.append(fact)
        row.state, row.reason, row.fact_id = CaseContact.CONFIRMED, reason.strip()[:200], fact.id
        row.decided_by_id, row.decided_at = actor, now
    CaseContact.objects.bulk_update(rows, ["state", "reason", "fact_id", "decided_by", "decided_at"])
    ledger.append(facts=facts, source=SOURCE, now=now, actor=actor, evidence=evidence_of(case))
    if rows:  # in the same transaction; each once: who was confirmed before isn't among them
        queue(template="contact", workers=[row.worker_id for row in rows], actor=actor, now=now)
    return len(facts)


def _rules(row: CaseContact) -> str:
    order = tuple(CONTACT_RULES)
    return " + ".join(sorted(row.codes, key=lambda one: order.index(one) if one in order else len(order)))


@transaction.atomic
def dismiss(*, case: UUID, contacts: Sequence[UUID], reason: str, now: int, actor: UUID | None) -> int:
    """These people were no close contacts, and why; returns how many. Raises TracingError for somebody who is confirmed."""
    found, why = locked(case), _reason(reason)
    rows = _chosen(found, contacts)
    for row in rows:
        if row.state == CaseContact.CONFIRMED:
            raise TracingError("tracing.confirmed_already", field="contacts", name=_name(row))
        row.state, row.reason, row.decided_by_id, row.decided_at = CaseContact.DISMISSED, why, actor, now
    CaseContact.objects.bulk_update(rows, ["state", "reason", "decided_by", "decided_at"])
    return len(rows)


@transaction.atomic
def look_again(*, case: UUID, contacts: Sequence[UUID]) -> int:
    """Who was dismissed waits for a review again: how a slip is undone; returns how many. Raises TracingError."""
    rows = [one for one in _chosen(locked(case), contacts) if one.state == CaseContact.DISMISSED]
    for row in rows:
        row.state, row.reason, row.decided_by_id, row.decided_at = CaseContact.PROPOSED, "", None, None
    CaseContact.objects.bulk_update(rows, ["state", "reason", "decided_by", "decided_at"])
    return len(rows)


@transaction.atomic
def take_back(*, case: UUID, contacts: Sequence[UUID], reason: str, now: int, actor: UUID | None) -> int:
    """Withdraw the facts of those who are confirmed: they were no contacts, or the case was none. Returns how many.

    They stand as dismissed, with the reason. A closed case too can prove wrong. Raises TracingError where nobody of them is
    confirmed.
    """
    found, why = locked(case, even_closed=True), _reason(reason)
    rows = [one for one in _chosen(found, contacts) if one.state == CaseContact.CONFIRMED]
    if not rows:
        raise TracingError("tracing.nothing_to_withdraw", field="contacts")
    stored: dict[UUID, Fact] = standing().in_bulk([row.fact_id for row in rows if row.fact_id])
    facts = [
        NewFact(
            old.subject_id, old.kind, old.start, old.values, end=old.end, id=uuid7(), supersedes=old.pk, withdrawn=True,
            reason=why,
        )
        for old in stored.values()
    ]  # fmt: skip
    for row in rows:
        row.state, row.reason, row.fact_id = CaseContact.DISMISSED, why, None
        row.decided_by_id, row.decided_at = actor, now
    CaseContact.objects.bulk_update(rows, ["state", "reason", "fact_id", "decided_by", "decided_at"])
    if facts:
        recorded_at = ledger.recorded_at(facts, now)
        ledger.append(facts=facts, source=SOURCE, now=recorded_at, actor=actor, evidence=evidence_of(case))
    return len(rows)


def _name(row: CaseContact) -> str:
    return str(Worker.objects.values_list("name", flat=True).get(pk=row.worker_id))
