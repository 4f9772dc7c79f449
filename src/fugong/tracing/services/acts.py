"""Confirming contacts, and taking that back, as acts: what takes a permission from many waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.ledger import acts
from fugong.ledger.acts import Act, Call, Done, Pairs, Waits
from fugong.tracing.services import contacts as decisions

CONFIRM, WITHDRAW = "case_contacts", "case_contacts_withdrawn"


def confirm(*, case: UUID, contacts: Sequence[UUID], reason: str, now: int, actor: UUID | None) -> Done | Waits:
    """Make close contacts of these people, or let that wait for a second person. Raises TracingError.

    Its result is how many facts were written. The caller holds a transaction.
    """
    return _perform(CONFIRM, case, contacts, reason, now, actor)


def withdraw(*, case: UUID, contacts: Sequence[UUID], reason: str, now: int, actor: UUID | None) -> Done | Waits:
    """Take back that these people are close contacts: in one act, with a reason. Raises TracingError."""
    return _perform(WITHDRAW, case, contacts, reason, now, actor)


def _perform(
    name: str, case: UUID, contacts: Sequence[UUID], reason: str, now: int, actor: UUID | None
) -> Done | Waits:
    arguments = {"case": str(case), "contacts": sorted(map(str, contacts)), "reason": reason}
    return acts.perform(name, arguments, now=now, actor=actor, evidence=decisions.evidence_of(case))


def _given(call: Call) -> dict[str, Any]:
    said = call.arguments
    return {
        "case": UUID(said["case"]), "contacts": [UUID(one) for one in said["contacts"]], "reason": said["reason"],
        "now": call.now, "actor": call.actor,
    }  # fmt: skip


def _confirm(call: Call) -> int:
    return decisions.write(**_given(call))


def _withdraw(call: Call) -> int:
    return decisions.take_back(**_given(call))


def _summary(call: Call) -> dict[str, Any]:
    return {"contacts": len(call.arguments["contacts"])}


def _told(summary: dict[str, Any]) -> Pairs:
    return [(str(_("close contacts")), f"{summary['contacts']:,}")]


def declare_acts() -> None:
    """Register the acts (at start-up, once)."""
    acts.declare_act(Act(CONFIRM, _("close contacts of a case"), _confirm, _summary, _told))
    acts.declare_act(Act(WITHDRAW, _("close contacts of a case taken back"), _withdraw, _summary, _told))
