"""The only writes of the doors: a check, taking one back at once, and letting somebody in against a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.base.ids import uuid7, uuid7_from
from fugong.clearance.devices import ALREADY
from fugong.doors import overrides, queries
from fugong.doors.decisions import Decision
from fugong.doors.errors import SOURCE, DoorError
from fugong.doors.intake import checks
from fugong.doors.intake.rows import Check, RegisterIn
from fugong.doors.overrides import Override
from fugong.ledger import queries as ledger_queries
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.registry.models import Door

UNDO_SECONDS = 60
OVERRIDE_SECONDS = 900
"""So long after a refusal somebody may be let in against it."""


@transaction.atomic
def check(
    *, door: UUID, worker: UUID, direction: str, now: int, actor: UUID | None, id: UUID | None = None,
    at: int | None = None, celsius: float | None = None, mask: bool | None = None, gloves: bool | None = None,
    register: Mapping[str, Any] | None = None,
) -> Decision:  # fmt: skip
    """Check a worker at a door: decide, file what was asked and measured, and record the check.

    ``register`` are the values of a daily register asked at the door. A temperature after a first high or implausible one
    is the second measurement. The same ``id`` sent again returns the same decision and stores nothing. Going out is only
    recorded. Somebody who isn't on the door's list gets the same answer whether another enterprise employs them or nobody
    has that id, and nothing is recorded. Raises DoorError, and FactError for a register that the ledger refuses; then
    nothing is written.
    """
    moment = now if at is None else at
    _refuse_wrong(direction, celsius, register, moment, now)
    place = Door.objects.select_related("site").filter(pk=door).first()
    if place is None:
        raise DoorError("door.unknown_door", field="door")
    number = id or uuid7()
    first = None if celsius is None or direction == "out" else queries.first_measurement(number, worker, moment)
    row = Check.model_validate({
        "id": number, "worker": str(worker), "at": moment, "direction": direction, "celsius": celsius, "mask": mask,
        "gloves": gloves, "register": register, "second_of": first,
    })  # fmt: skip
    (taken,) = checks.take(place, [row], {row.worker: worker}, now=now, actor=actor, device=None)
    if taken.fault is not None:
        raise taken.fault
    if taken.status == ALREADY and not queries.stands(number):
        raise DoorError("door.taken_back", field="id")
    decision = queries.decision(number)
    assert decision is not None
    return decision


@transaction.atomic
def undo(*, id: UUID, reason: str, now: int, actor: UUID | None) -> None:
    """Take back a check that was keyed in wrongly, with what was measured and asked in it, within a minute.

    Doing so twice changes nothing. Raises DoorError; a check against which somebody was let in stays.
    """
    checked = Fact.objects.filter(pk=id, kind="door_check").first()
    if checked is None:
        raise DoorError("door.unknown_check", field="id")
    if now - checked.recorded_at > UNDO_SECONDS:
        raise DoorError("door.too_late", seconds=UNDO_SECONDS)
    ledger.lock(update=[checked.subject_id])
    refuse_overridden(id)
    facts = withdrawals(checked, reason)
    evidence = f"door:{checked.values['door']}"
    ledger.append(facts=facts, source=SOURCE, now=now, actor=actor, evidence=evidence)


def refuse_overridden(check: UUID) -> None:
    """A check against which somebody was let in stays. Raises DoorError."""
    if overrides.of_check(check) is not None:
        raise DoorError("door.overridden")


def withdrawals(checked: Fact, reason: str) -> list[NewFact]:
    """What takes back a check, with what was measured and asked in it; nothing, where it is taken back already."""
    ids = [checked.pk, uuid7_from(checked.pk, "temperature"), uuid7_from(checked.pk, "register")]
    return [
        NewFact(
            subject=fact.subject_id, kind=fact.kind, start=fact.start, end=fact.end, values=fact.values,
            id=uuid7_from(fact.pk, "withdrawn"), supersedes=fact.pk, withdrawn=True, reason=reason,
        )
        for fact in ledger_queries.standing().filter(pk__in=ids)
    ]  # fmt: skip


@transaction.atomic
def override(
    *, check: UUID, reason: str, words: str = "", now: int, actor: UUID, at: int | None = None
) -> Override:  # fmt: skip
    """Let a worker in against a refusal, ``at`` a moment (None: now): a fact with its reason, which changes no clearance.

    ``reason`` is one of ``OVERRIDE_REASONS``; ``other`` needs ``words``. A refusal is overridden once: sent again, this
    returns what is stored. Raises DoorError, and FactError for a reason that the ledger refuses.
    """
    decision = queries.decision(check)
    if decision is None:
        raise DoorError("door.unknown_check", field="check")
    ledger.lock(update=[decision.worker])
    before = overrides.of_check(check)
    if before is not None:
        return before
    if not queries.stands(check):
        raise DoorError("door.taken_back", field="check")
    if decision.passed:
        raise DoorError("door.not_refused", field="check")
    moment = now if at is None else at
    if not 0 <= moment - decision.at <= OVERRIDE_SECONDS:
        raise DoorError("door.refused_long_ago", field="check", minutes=OVERRIDE_SECONDS // 60)
    values = {
        "door": str(decision.door), "direction": decision.direction, "reason": reason, "words": words.strip(),
        "check": str(check),
    }  # fmt: skip
    fact = NewFact(decision.worker, "door_override", moment, values, id=overrides.number_of(check))
    ledger.append(facts=[fact], source=SOURCE, now=now, actor=actor, evidence=f"check:{check}")
    stored = overrides.of_check(check)
    assert stored is not None
    return stored


def _refuse_wrong(direction: str, celsius: float | None, register: Mapping[str, Any] | None, at: int, now: int) -> None:
    if direction not in ("in", "out"):
        raise DoorError("door.direction", field="direction")
    if celsius is not None and not 25 <= celsius <= 45:
        raise DoorError("door.celsius", field="celsius", value=f"{celsius:g}")
    if at > now:
        raise DoorError("door.future", field="at")
    if register is not None and (
        not isinstance(register.get("well"), bool) or not register.keys() <= RegisterIn.model_fields.keys()
    ):
        raise DoorError("door.register", field="register")
