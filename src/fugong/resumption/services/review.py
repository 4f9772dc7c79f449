"""The town's part: approval with conditions, sending back, refusal, checks afterwards, suspension and withdrawal.

Stopping an enterprise takes a permission from its people: it is an act, which waits for a second person where they are
many (``ledger.acts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.ledger import acts
from fugong.ledger.acts import Act, Call, Done, Pairs, Waits
from fugong.registry.models import Enterprise
from fugong.resumption import queries
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import PERMIT, Condition, Filing
from fugong.resumption.services import writing
from fugong.resumption.services.writing import By

STOP = "resumption.stop"
SUSPEND, END = "suspend", "end"


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition: what the enterprise has to do, and by when (seconds; None: no term)."""

    words: str
    due: int | None = None


@transaction.atomic
def approve(*, filing: UUID, enterprise: UUID, conditions: Sequence[Asked] = (), words: str = "", by: By) -> Filing:
    """The town lets the enterprise work, from the day that it named or from now. Raises ResumptionError."""
    locked = writing.lock_enterprise(enterprise)
    one = writing.locked(filing)
    writing.require(one, Filing.WAITING)
    if by.actor is not None and one.filed_by_id == by.actor:
        raise ResumptionError("resumption.own")
    writing.require_not_working(one.enterprise, by.now)
    fact = writing.begin(one, max(one.starts, by.now), by, locked)
    one.approved_at, one.approved_by_id, one.checked_at = by.now, by.actor, by.now
    _ask(one, conditions)
    writing.change(one, Filing.IN_FORCE, "approved", by, words=words, fact=fact)
    return one


@transaction.atomic
def send_back(*, filing: UUID, enterprise: UUID, words: str, by: By) -> None:
    """The enterprise has to complete it, and reads what. Raises ResumptionError."""
    _decide(filing, enterprise, Filing.RETURNED, "returned", words, by)


@transaction.atomic
def refuse(*, filing: UUID, enterprise: UUID, words: str, by: By) -> None:
    """The town says no, and why; the enterprise may file anew. Raises ResumptionError."""
    _decide(filing, enterprise, Filing.REFUSED, "refused", words, by)


def _decide(filing: UUID, enterprise: UUID, state: str, what: str, words: str, by: By) -> None:
    writing.lock_enterprise(enterprise)
    one = writing.locked(filing)
    writing.require(one, Filing.WAITING)
    if not words.strip():
        raise ResumptionError("resumption.no_reason", field="words")
    writing.change(one, state, what, by, words=words.strip())


@transaction.atomic
def check(*, filing: UUID, conditions: Sequence[Asked] = (), words: str, by: By) -> None:
    """The town has looked at what began on receipt or with a commitment, and says what it saw. Raises ResumptionError."""
    one = writing.locked(filing)
    writing.require(one, Filing.IN_FORCE)
    if one.regime == PERMIT or one.checked_at is not None:
        raise ResumptionError("resumption.checked")
    if not words.strip():
        raise ResumptionError("resumption.condition_words", field="words")
    one.checked_at = by.now
    _ask(one, conditions)
    writing.change(one, Filing.IN_FORCE, "checked", by, words=words.strip())


@transaction.atomic
def meet(*, condition: UUID, words: str, by: By) -> None:
    """The town has seen that a condition is met. Raises ResumptionError."""
    found = Condition.objects.select_for_update().filter(pk=condition).first()
    if found is None:
        raise ResumptionError("resumption.unknown")
    if found.met_at is not None:
        raise ResumptionError("resumption.condition_met")
    if not words.strip():
        raise ResumptionError("resumption.condition_words", field="words")
    found.met_at, found.met_words = by.now, words.strip()[:300]
    found.save(update_fields=("met_at", "met_words"))
    writing.note(Filing.objects.get(pk=found.filing_id), "met", by, words=f"{found.words}: {found.met_words}")


@transaction.atomic
def lift(*, filing: UUID, enterprise: UUID, words: str, by: By) -> None:
    """A suspended enterprise works again from now on. Raises ResumptionError."""
    locked = writing.lock_enterprise(enterprise)
    one = writing.locked(filing)
    writing.require(one, Filing.SUSPENDED)
    if not words.strip():
        raise ResumptionError("resumption.no_reason", field="words")
    writing.require_not_working(one.enterprise, by.now)
    fact = writing.begin(one, by.now, by, locked)
    writing.change(one, Filing.IN_FORCE, "lifted", by, words=words.strip(), fact=fact)


def stop(*, enterprise: UUID, how: str, reason: str, by: By, at: int | None = None) -> Done | Waits:
    """Suspend an enterprise's work or withdraw its resumption, at once, or once a second person agrees.

    ``at`` is when it stopped, where that is known to have been earlier.

    Raises ResumptionError. The caller holds a transaction.
    """
    if not reason.strip():
        raise ResumptionError("resumption.no_reason", field="reason")
    arguments = {
        "enterprise": str(enterprise),
        "how": how,
        "reason": reason.strip()[:300],
        "source": by.source,
        "at": at,
    }
    there = queries.open_filing(enterprise)
    evidence = f"filing:{there.pk}" if there else f"enterprise:{enterprise}"
    return acts.perform(STOP, arguments, now=by.now, actor=by.actor, evidence=evidence)


def _stop(call: Call) -> UUID:
    """Returns the filing's id."""
    said = call.arguments
    enterprise, by = UUID(said["enterprise"]), By(call.now, call.actor, said["source"])
    locked = writing.lock_enterprise(enterprise)
    state, what = (Filing.SUSPENDED, "suspended") if said["how"] == SUSPEND else (Filing.ENDED, "ended")
    one = queries.open_filing(enterprise)
    held = queries.resumptions([enterprise], call.now).first()
    if one is not None and one.state == Filing.SUSPENDED and state == Filing.ENDED:
        writing.change(one, state, what, by, words=said["reason"])
        return one.pk
    if held is None:
        raise ResumptionError("resumption.not_working")
    if one is None:
        one = _of_list(enterprise, held.values.get("regime") or "filing", held.start, held.recorded_at, by)
    one = writing.locked(one.pk)
    at = min(said.get("at") or call.now, call.now)
    facts = writing.stop(enterprise, at, said["reason"], call.evidence, by, locked)
    writing.change(one, state, what, by, words=said["reason"], fact=facts[0])
    return one.pk


def _of_list(enterprise: UUID, regime: str, start: int, recorded: int, by: By) -> Filing:
    """A filing that stands for a resumption which came in by a list, so that what becomes of it has its history."""
    one = Filing.objects.create(
        enterprise_id=enterprise, regime=regime, state=Filing.IN_FORCE, starts=start, listed=True, filed_at=recorded,
        changed_at=by.now,
    )  # fmt: skip
    writing.note(one, "listed", By(recorded, None))
    return one


def _ask(filing: Filing, conditions: Sequence[Asked]) -> None:
    Condition.objects.bulk_create(
        Condition(filing=filing, enterprise_id=filing.enterprise_id, words=one.words.strip()[:300], due=one.due)
        for one in conditions
        if one.words.strip()
    )


def _summary(call: Call) -> dict[str, Any]:
    return {"enterprise": call.arguments["enterprise"], "how": call.arguments["how"]}


def _told(summary: dict[str, Any]) -> Pairs:
    how = _("suspended") if summary["how"] == SUSPEND else _("withdrawn")
    return [
        (str(_("enterprise")), Enterprise.objects.get(pk=summary["enterprise"]).name),
        (str(_("its resumption is")), str(how)),
    ]


def declare_acts() -> None:
    """Register the act (at start-up, once)."""
    acts.declare_act(Act(STOP, _("stopping an enterprise"), _stop, _summary, _told))
