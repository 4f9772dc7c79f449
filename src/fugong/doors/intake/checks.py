"""Checks by the hundred: whom they are about, what the server decides of them, and all their facts in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fugong.base.access import looked_at
from fugong.base.faults import Fault
from fugong.base.ids import uuid7_from
from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.clearance.devices import ALREADY, STORED, Status
from fugong.core.protocol import door as deciding
from fugong.core.protocol.door import Answer, Measures
from fugong.doors import decisions
from fugong.doors.decisions import PERMISSION
from fugong.doors.errors import SOURCE, DoorError
from fugong.doors.intake.rows import Check, Usual
from fugong.doors.queries import on_list
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.registry.models import Door


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a check: stored now or already, or why not. ``values`` are those of its fact."""

    status: Status
    worker: UUID | None = None
    at: int = 0
    values: Mapping[str, Any] | None = None
    fault: Fault | None = None


def refused(fault: Fault) -> Taken:
    """A check that will be refused again."""
    return Taken("refused", fault=fault)


def take(
    door: Door, checks: Sequence[Check], workers: Mapping[str, UUID], *, now: int, actor: UUID | None, device: UUID | None
) -> list[Taken]:  # fmt: skip
    """Take in checks, at most one of them for each worker; ``workers`` says whom their names mean.

    In one transaction with few statements; where one row can't be stored, each is tried by itself.
    """
    known = [workers.get(check.worker) for check in checks]
    here = _listed(door, checks, known)
    batch = Batch(door.pk, now, actor, device)
    found: list[Taken | None] = [None] * len(checks)
    going: list[tuple[int, Check, UUID]] = []
    for place, (check, worker) in enumerate(zip(checks, known, strict=True)):
        if worker is None or worker not in here:
            found[place] = refused(DoorError(decisions.NOT_ON_LIST, field="worker"))
        else:
            going.append((place, check, worker))
    try:
        with transaction.atomic():
            taken = batch.store([(check, worker) for _place, check, worker in going])
    except Fault:
        taken = [batch.alone(check, worker) for _place, check, worker in going]
    for (place, _check, _worker), one in zip(going, taken, strict=True):
        found[place] = one
    return [one for one in found if one is not None]


def _listed(door: Door, checks: Sequence[Check], workers: Sequence[UUID | None]) -> set[UUID]:
    """Those who are on the door's list, or were when the same check was stored: sent again, it is still that check."""
    here = on_list(door, [worker for worker in workers if worker is not None])
    left = [check.id for check, worker in zip(checks, workers, strict=True) if worker and worker not in here]
    if left:
        here |= {
            one.subject for one in _stored(left).values() if one.kind == "door_check" and one.at_door == str(door.pk)
        }
    return here


@dataclass(frozen=True, slots=True)
class Batch:
    """Where, when and by whom checks are taken in."""

    door: UUID
    now: int
    actor: UUID | None
    device: UUID | None

    def alone(self, check: Check, worker: UUID) -> Taken:
        """One row by itself."""
        try:
            with transaction.atomic():
                return self.store([(check, worker)])[0]
        except Fault as fault:
            return refused(fault)

    def store(self, rows: Sequence[tuple[Check, UUID]]) -> list[Taken]:
        """Store what isn't there yet. Raises Fault where a row can't be stored; then nothing is."""
        if not rows:
            return []
        around = [beside(check, worker) for check, worker in rows]
        own = [NewFact(worker, "door_check", check.when, id=check.id) for check, worker in rows]
        locked = ledger.lock_for([*own, *(fact for facts in around for fact in facts)])
        before = _stored([check.id for check, _worker in rows])
        found: list[Taken | None] = [self._again(before.get(check.id), check, worker) for check, worker in rows]
        new = [place for place, one in enumerate(found) if one is None]
        values = self._values([rows[place] for place in new])
        facts = [fact for place in new for fact in around[place]]
        made = [
            NewFact(rows[place][1], "door_check", rows[place][0].when, said, id=rows[place][0].id)
            for place, said in zip(new, values, strict=True)
        ]
        stored = ledger.append(
            facts=[*facts, *made], source=SOURCE, now=self.now, actor=self.actor, evidence=f"door:{self.door}",
            locked=locked,
        )  # fmt: skip
        if len(stored) != len(facts) + len(made):
            raise DoorError("door.id_taken", field="id")
        for place, said in zip(new, values, strict=True):
            check, worker = rows[place]
            found[place] = Taken(STORED, worker, check.when, said)
        looked_at(worker for _check, worker in rows)
        return [one for one in found if one is not None]

    def _again(self, before: _Before | None, check: Check, worker: UUID) -> Taken | None:
        """What a check of this id came to before; None for a new one."""
        if before is None:
            return None
        same = (before.kind, before.subject, before.values.get("door"), before.values.get("direction"))
        if same != ("door_check", worker, str(self.door), check.direction):
            return refused(DoorError("door.id_taken", field="id"))
        return Taken(ALREADY, worker, before.at, before.values)

    def _values(self, rows: Sequence[tuple[Check, UUID]]) -> list[dict[str, Any]]:
        """The values of the checks' facts: what the device showed, or what the server decides."""
        undecided = [(check, worker) for check, worker in rows if check.colour is None]
        answers = dict(zip((check.id for check, _worker in undecided), _decided(undecided), strict=True))
        return [self.said(check, answers.get(check.id)) for check, _worker in rows]

    def said(self, check: Check | Usual, answer: Answer | None) -> dict[str, Any]:
        """The values of a check's fact: what the server decides, or, without an answer, what the device showed."""
        colour, reasons = (answer.colour, list(answer.reasons)) if answer else (check.colour, check.reasons)
        given: dict[str, Any] = {
            "door": str(self.door), "direction": check.direction, "outcome": "passed" if colour == "green" else "refused",
            "reasons": reasons, "mask": check.mask, "gloves": check.gloves, "colour": colour, "snapshot": check.snapshot,
            "until": answer.until if answer else None, "earliest": answer.earliest if answer else None, "pass": check.pass_,
            "second_of": str(check.second_of) if check.second_of else None, "method": check.method,
            "device": str(self.device) if self.device else None,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}


def beside(check: Check | Usual, worker: UUID) -> list[NewFact]:
    """What was measured and asked; the ids go with the check's, so that sending it twice stores them once."""
    found = []
    if check.register_ is not None:
        values = {**check.register_.model_dump(exclude_none=True), "filed_by": "guard"}
        found.append(NewFact(worker, "register", check.when, values, id=uuid7_from(check.id, "register")))
    if check.celsius is not None:
        values = {"celsius": check.celsius, "place": "door"}
        found.append(NewFact(worker, "temperature", check.when, values, id=uuid7_from(check.id, "temperature")))
    return found


@dataclass(frozen=True, slots=True)
class _Before:
    kind: str
    subject: UUID
    at: int
    values: Mapping[str, Any]

    @property
    def at_door(self) -> str | None:
        """The door of which a check speaks."""
        return self.values.get("door")


def _stored(ids: Sequence[UUID]) -> dict[UUID, _Before]:
    rows = Fact.objects.filter(pk__in=ids).values_list("pk", "kind", "subject_id", "start", "values")
    return {row[0]: _Before(*row[1:]) for row in rows}


def _decided(rows: Sequence[tuple[Check, UUID]]) -> list[Answer]:
    """What the server says, by what is stored: before the checks' own facts, which are measures here."""
    if not rows:
        return []
    forces = [deciding.force_of(one.pack, PERMISSION, one.start, one.end) for one in evaluation.in_force()]
    steps = clearance.steps([worker for _check, worker in rows], PERMISSION)
    firsts = _moments([check.second_of for check, _worker in rows if check.second_of is not None])
    return [
        deciding.decide(
            forces, steps.get(worker), check.when, check.direction,
            Measures(
                check.celsius, check.mask, check.gloves, None if check.register_ is None else check.register_.well,
                firsts.get((check.second_of, worker)),
            ),
        )
        for check, worker in rows
    ]  # fmt: skip


def _moments(checks: Sequence[UUID]) -> dict[tuple[UUID | None, UUID], int]:
    """When these checks were made, with whom they were of: a second measurement is the same person's."""
    if not checks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, subject_id, start FROM ledger_fact WHERE id = ANY(%s) AND kind = 'door_check'", [list(checks)]
        )
        return {(check, worker): start for check, worker, start in cursor.fetchall()}
