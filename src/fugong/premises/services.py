"""The only writes of the daily register (一日一登记): one person's, a whole workshop's, and taking one back at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.base.ids import uuid7, uuid7_from
from fugong.ledger import queries as ledger_queries
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.premises import queries
from fugong.registry.models import Worker

UNDO_SECONDS = 600
SOURCE = "register"

declare(
    {
        "register.unknown_worker": _("There is no such worker."),
        "register.twice": _("The same worker stands twice on the list."),
        "register.celsius": _("%(value)s ℃ cannot be: a body temperature lies between 25 and 45. Type it with its point: 36.7."),
        "register.future": _("A register cannot be for a moment that is still to come."),
        "register.well_with_symptoms": _("Well, and yet with symptoms: choose one of them."),
        "register.id_taken": _("This id belongs to something else: send the register with an id of its own."),
        "register.already_corrected": _("Somebody has corrected this register already: load the page again."),
        "register.too_late": _("A register can be taken back within ten minutes; afterwards, correct it."),
        "register.not_yours": _("Only who filed a register can take it back."),
    }
)  # fmt: skip


class RegisterError(Fault):
    """A register that is refused: ``code`` is stable, ``field`` names the input, ``message`` says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's register. ``corrects`` is the register that it supersedes, if any."""

    worker: UUID
    well: bool
    celsius: float | None = None
    symptoms: tuple[str, ...] = ()
    fever_reducers: bool | None = None
    improving: bool | None = None
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """What a list came to: who was registered by it (now, or when it was sent before), and who already was today."""

    filed: tuple[UUID, ...]
    already: tuple[UUID, ...]


@transaction.atomic
def register(
    *, worker: UUID, well: bool, filed_by: str, now: int, actor: UUID | None, celsius: float | None = None,
    symptoms: Sequence[str] = (), fever_reducers: bool | None = None, improving: bool | None = None,
    at: int | None = None, id: UUID | None = None,
) -> UUID:  # fmt: skip
    """File one person's register and return the fact's id. A second one on the same day is a fact of its own.

    The same ``id`` sent again stores nothing. Raises RegisterError, and FactError for a value that the ledger refuses.
    """
    entry = Entry(worker, well, celsius, tuple(symptoms), fever_reducers, improving)
    moment = now if at is None else at
    _refuse_wrong([entry], moment, now)
    fact = _fact(entry, moment, filed_by, id or uuid7())
    if not ledger.append(facts=[fact], source=SOURCE, now=now, actor=actor, evidence=evidence_of(filed_by)):
        _require_same([fact])
    assert fact.id is not None
    return fact.id


@transaction.atomic
def register_many(
    *, entries: Sequence[Entry], filed_by: str, now: int, actor: UUID | None, at: int | None = None,
    id: UUID | None = None, since: int | None = None,
) -> Filed:  # fmt: skip
    """File the registers of a list of people in one transaction.

    Who is already registered on that local day (or after ``since``: twice a day in a dormitory) is left alone, unless the
    entry corrects that register or says unwell.
    The same list ``id`` sent again stores nothing. Raises RegisterError or FactError; then nothing is written.
    """
    moment = now if at is None else at
    _refuse_wrong(entries, moment, now)
    batch = id or uuid7()
    facts = [_fact(entry, moment, filed_by, uuid7_from(batch, str(entry.worker))) for entry in entries]
    ledger.lock_for(facts)
    known = set(Fact.objects.filter(pk__in=[fact.id for fact in facts]).values_list("pk", flat=True))
    _require_same([fact for fact in facts if fact.id in known])
    asked = [entry.worker for entry in entries]
    today = queries.on_day(asked, moment) if since is None else queries.since(asked, since, moment)
    _refuse_superseded([fact for fact in facts if fact.id not in known])
    fresh = [
        fact for fact in facts
        if fact.id not in known and (fact.supersedes or fact.subject not in today or not fact.values["well"])
    ]  # fmt: skip
    ledger.append(facts=fresh, source=SOURCE, now=now, actor=actor, evidence=evidence_of(filed_by))
    filed = {fact.subject for fact in fresh} | {fact.subject for fact in facts if fact.id in known}
    return Filed(
        tuple(entry.worker for entry in entries if entry.worker in filed),
        tuple(entry.worker for entry in entries if entry.worker not in filed),
    )


@transaction.atomic
def take_back(*, facts: Sequence[UUID], reason: str, now: int, actor: UUID | None) -> int:
    """Withdraw registers within ten minutes of filing them; what they corrected stands again. Returns how many.

    Doing so twice changes nothing. Raises RegisterError.
    """
    filed = list(
        ledger_queries.standing()
        .filter(pk__in=list(facts), kind="register", withdrawn=False)
        .select_related("supersedes")
    )
    if any(now - fact.recorded_at > UNDO_SECONDS for fact in filed):
        raise RegisterError("register.too_late")
    if any(fact.actor_id != actor for fact in filed):
        raise RegisterError("register.not_yours")
    back = [_back(fact, reason) for fact in filed]
    ledger.append(facts=back, source=SOURCE, now=now, actor=actor, evidence="self")
    return len(back)


def evidence_of(filed_by: str) -> str:
    """What a register rests on: what people say of themselves, or what whoever asked them writes down."""
    return "self" if filed_by == "worker" else f"asked:{filed_by}"


def _back(fact: Fact, reason: str) -> NewFact:
    """A fact that takes another one back: with nothing in its place, or with what stood there before."""
    before = fact.supersedes
    return NewFact(
        subject=fact.subject_id, kind=fact.kind, start=before.start if before else fact.start,
        values=before.values if before else fact.values, id=uuid7_from(fact.pk, "taken back"), supersedes=fact.pk,
        withdrawn=before is None, reason=reason,
    )  # fmt: skip


def _refuse_wrong(entries: Sequence[Entry], at: int, now: int) -> None:
    if at > now:
        raise RegisterError("register.future", field="at")
    for entry in entries:
        if entry.celsius is not None and not 25 <= entry.celsius <= 45:
            raise RegisterError("register.celsius", field="celsius", value=f"{entry.celsius:g}")
        if entry.well and entry.symptoms:
            raise RegisterError("register.well_with_symptoms", field="symptoms")
    workers = {entry.worker for entry in entries}
    if len(workers) < len(entries):
        raise RegisterError("register.twice", field="worker")
    if Worker.objects.filter(pk__in=workers).count() < len(workers):
        raise RegisterError("register.unknown_worker", field="worker")


def _fact(entry: Entry, at: int, filed_by: str, fact_id: UUID) -> NewFact:
    values: dict[str, Any] = {
        "well": entry.well,
        "celsius": entry.celsius,
        "symptoms": list(entry.symptoms) or None,
        "fever_reducers": entry.fever_reducers,
        "improving": entry.improving,
        "filed_by": filed_by,
    }
    given = {name: value for name, value in values.items() if value is not None}
    return NewFact(
        entry.worker, "register", at, given, id=fact_id, supersedes=entry.corrects,
        reason="corrected" if entry.corrects else "",
    )  # fmt: skip


def _require_same(facts: Sequence[NewFact]) -> None:
    """An id that is stored must be this worker's register."""
    stored = Fact.objects.in_bulk([fact.id for fact in facts])
    for fact in facts:
        there = stored.get(fact.id) if fact.id else None
        if there is None or (there.subject_id, there.kind) != (fact.subject, "register"):
            raise RegisterError("register.id_taken", field="id")


def _refuse_superseded(facts: Sequence[NewFact]) -> None:
    """A correction is of a register that still stands, of the same worker."""
    corrections = {fact.supersedes: fact.subject for fact in facts if fact.supersedes}
    standing = ledger_queries.standing().filter(pk__in=list(corrections), kind="register")
    if {fact.pk: fact.subject_id for fact in standing} != corrections:
        raise RegisterError("register.already_corrected", field="corrects")
