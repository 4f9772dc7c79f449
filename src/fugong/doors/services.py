"""The only writes of the doors: a check, taking one back at once, and letting somebody in against a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.base.ids import uuid7, uuid7_from
from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.core.protocol.pack import DoorRules
from fugong.core.time import PLUS_INF
from fugong.doors import decisions, overrides, queries
from fugong.doors.decisions import PERMISSION, Decision
from fugong.doors.overrides import Override
from fugong.ledger import queries as ledger_queries
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.registry.models import Door

UNDO_SECONDS = 60
OVERRIDE_SECONDS = 900
"""So long after a refusal somebody may be let in against it."""
SOURCE = "door"
_REGISTER_FIELDS = ("well", "symptoms", "fever_reducers", "improving", "celsius")

declare(
    {
        "door.unknown_door": _("There is no such door."),
        "door.direction": _("The direction is “in” or “out”."),
        "door.celsius": _("%(value)s ℃ cannot be: a body temperature lies between 25 and 45. Type it with its point: 36.7."),
        "door.future": _("The check lies in the future: set the device's clock."),
        "door.too_many": _("At most %(number)s checks at once: send them in several requests."),
        "door.register": _("The register says whether the worker feels well (“well”: true or false)."),
        "door.taken_back": _("This check was taken back. Check again under a new number."),
        "door.id_taken": _("This id belongs to another check: send the check with an id of its own."),
        "door.unknown_check": _("There is no such check."),
        "door.not_refused": _("This check let the worker through: there is nothing to override."),
        "door.refused_long_ago": _("This refusal is older than %(minutes)s minutes: check again."),
        "door.overridden": _("The worker was let in against this check: it stays on record. Have it corrected."),
        "door.too_late": _("A check can be taken back within %(seconds)s seconds; afterwards, have it corrected."),
    }
)  # fmt: skip


class DoorError(Fault):
    """A check that a door cannot take: ``code`` is stable, ``field`` names the input, ``message`` says what to do."""


@transaction.atomic
def check(
    *, door: UUID, worker: UUID, direction: str, now: int, actor: UUID | None, id: UUID | None = None,
    at: int | None = None, celsius: float | None = None, mask: bool | None = None, gloves: bool | None = None,
    register: Mapping[str, Any] | None = None,
) -> Decision:  # fmt: skip
    """Check a worker at a door: file what was asked and measured, decide, and record the check.

    ``register`` are the values of a daily register asked at the door. The same ``id`` sent again returns the same
    decision and stores nothing. Going out is only recorded. Somebody who isn't on the door's list gets the same answer
    whether another enterprise employs them or nobody has that id, and nothing is recorded. Raises DoorError, and
    FactError for a register that the ledger refuses; then nothing is written.
    """
    moment = now if at is None else at
    _refuse_wrong(direction, celsius, register, moment, now)
    place = Door.objects.select_related("site").filter(pk=door).first()
    if place is None:
        raise DoorError("door.unknown_door", field="door")
    number = id or uuid7()
    if not queries.employed_here(place, worker) and not queries.checked_here(number, door, worker):
        raise DoorError(decisions.NOT_ON_LIST, field="worker")
    found = _accompanying(number, worker, moment, celsius, register)
    worn = {name: value for name, value in (("mask", mask), ("gloves", gloves)) if value is not None}
    values: dict[str, Any] = {"door": str(door), "direction": direction, **worn}
    ledger.lock_for([*found, NewFact(subject=worker, kind="door_check", start=moment, id=number)])
    before = _repeated(number, door, worker, direction)
    if before is not None:
        return before
    ledger.append(facts=found, source=SOURCE, now=now, actor=actor, evidence=f"door:{door}")
    values |= _decide(worker, moment, celsius, worn)
    if direction == "out":
        values |= {"outcome": "passed", "reasons": [], "until": None, "earliest": None}
    fact = NewFact(subject=worker, kind="door_check", start=moment, values=values, id=number)
    if not ledger.append(facts=[fact], source=SOURCE, now=now, actor=actor, evidence=f"door:{door}"):
        raise DoorError("door.id_taken", field="id")
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
        not isinstance(register.get("well"), bool) or not register.keys() <= set(_REGISTER_FIELDS)
    ):
        raise DoorError("door.register", field="register")


def _accompanying(
    check_id: UUID, worker: UUID, at: int, celsius: float | None, register: Mapping[str, Any] | None
) -> list[NewFact]:
    """The facts that come with a check; their ids go with the check's, so that sending it twice stores them once."""
    found = []
    if register is not None:
        values = {**register, "filed_by": "guard"}
        found.append(NewFact(worker, "register", at, values, id=uuid7_from(check_id, "register")))
    if celsius is not None:
        values = {"celsius": celsius, "place": "door"}
        found.append(NewFact(worker, "temperature", at, values, id=uuid7_from(check_id, "temperature")))
    return found


def _repeated(check_id: UUID, door: UUID, worker: UUID, direction: str) -> Decision | None:
    """The decision of the same check, if it was sent before."""
    if not Fact.objects.filter(pk=check_id).exists():
        return None
    if Fact.objects.filter(supersedes=check_id, withdrawn=True).exists():
        raise DoorError("door.taken_back", field="id")
    before = queries.decision(check_id)
    if before is None or (before.door, before.worker, before.direction) != (door, worker, direction):
        raise DoorError("door.id_taken", field="id")
    return before


def _decide(worker: UUID, at: int, celsius: float | None, worn: Mapping[str, bool]) -> dict[str, Any]:
    """Outcome and reasons by the stored clearance and the door rules of the pack in force."""
    force = evaluation.force_at(at)
    if force is None or PERMISSION not in force.pack.permissions:
        return {"outcome": "refused", "reasons": [decisions.NO_PROTOCOL]}
    reasons = _measured(force.pack.door, celsius, worn)
    status = clearance.status(worker, PERMISSION, at)
    if not status.holds:
        explained = clearance.explained(worker, PERMISSION, at)
        failing = [failure.requirement for failure in explained.failures] if explained else []
        failing = failing or [decisions.NO_CLEARANCE]
        if decisions.FEVER in reasons:
            said = {one.name for one in decisions.needed(force.pack) if one.ask == "temperature"}
            failing = [name for name in failing if name not in said]
        reasons += failing
    if reasons:
        alone = not any(code.startswith("door.") for code in reasons)
        return {"outcome": "refused", "reasons": reasons, "earliest": status.next if alone else None}
    return {"outcome": "passed", "reasons": [], "until": None if status.until == PLUS_INF else status.until}


def _measured(rules: DoorRules, celsius: float | None, worn: Mapping[str, bool]) -> list[str]:
    reasons = []
    if rules.fever_limit is not None:
        if celsius is None:
            reasons.append(decisions.NO_TEMPERATURE)
        elif celsius >= rules.fever_limit:
            reasons.append(decisions.FEVER)
    if rules.mask and not worn.get("mask"):
        reasons.append(decisions.MASK)
    if rules.gloves and not worn.get("gloves"):
        reasons.append(decisions.GLOVES)
    return reasons
