"""Checks from devices: any number at once, each answered for itself; or one, which the server decides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from fugong.base import clock
from fugong.base.access import narrowed, needs
from fugong.base.faults import declare
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.base.schemas import Words
from fugong.clearance import evaluation
from fugong.clearance.devices import Scene
from fugong.clearance.evaluation import Force
from fugong.core.protocol.pack import Pack
from fugong.doors import decisions, queries
from fugong.doors.api_rows import BODY
from fugong.doors.authentication import device_of
from fugong.doors.errors import DoorError
from fugong.doors.intake import rows, taking
from fugong.doors.intake.checks import Taken
from fugong.doors.passes import reading

router = Router()

declare({"door.unreadable": _("The body is neither a JSON array nor NDJSON.")})


class DecisionOut(Schema):
    """What the door decided. ``reasons`` have no health content; ``asks`` can be met on the spot. Moments in epoch seconds."""

    id: UUID
    door: UUID
    worker: UUID | None
    direction: Literal["in", "out"]
    outcome: Literal["passed", "refused"]
    colour: Literal["green", "amber", "red"]
    at: int
    until: int | None
    earliest: int | None
    codes: list[str]
    reasons: list[Words]
    asks: list[str]


class RowProblem(Schema):
    """Why a row was not taken, and will not be: a stable code, a sentence, and the input that it is about."""

    code: str
    detail: str
    field: str | None = None


class RowOut(Schema):
    """What became of a row. ``stored`` and ``already`` are done for good; ``refused`` will be refused again."""

    id: str | None
    status: Literal["stored", "already", "refused"]
    decision: DecisionOut | None = None
    problem: RowProblem | None = None


class ChecksOut(Schema):
    """An answer for each row, in order; a snapshot of a larger or the same number has them."""

    number: int
    rows: list[RowOut]


class DecideIn(Schema):
    """One check that the server decides. ``pass`` may be the whole text that was scanned; then ``worker`` isn't needed."""

    id: UUID = Field(default_factory=uuid7)
    worker: str | None = Field(None, max_length=40)
    at: int | str | None = None
    direction: Literal["in", "out"] = "in"
    celsius: float | None = None
    mask: bool | None = None
    gloves: bool | None = None
    register_: rows.RegisterIn | None = Field(None, alias="register")
    second_of: UUID | None = None
    method: str | None = None
    pass_: str | None = Field(None, alias="pass", max_length=1_000)


@router.post("/doors/{door}/checks", response=ChecksOut, summary="Hand in checks", openapi_extra=BODY)
def checks(request: HttpRequest, door: UUID) -> ChecksOut:
    """A JSON array or NDJSON, any number of rows as ``docs/doors.md`` lists them, each stored for itself.

    Sent again, also at the same moment, a row is stored once. Of very many rows each thousand is committed for itself: where
    no answer comes, some may be stored, and all are sent again.
    """
    scene = _scene(request, needs(request, "door.check"), door)
    forces = evaluation.in_force()
    answers = [_row(scene, one, forces) for one in taking.take(scene, _given(request))]
    return ChecksOut(number=taking.number(), rows=answers)


@router.post("/doors/{door}/decide", response=DecisionOut, summary="Decide one check")
def decide(request: HttpRequest, door: UUID, payload: DecideIn) -> DecisionOut:
    """One check in, one decision out, stored; the same ``id`` sent again gets the same decision."""
    scene = _scene(request, needs(request, "door.check"), door)
    given = payload.model_dump(exclude_none=True, by_alias=True)
    if payload.pass_ is not None and payload.pass_.startswith("FG1:"):
        read = reading.read(payload.pass_, now=scene.now)
        if read.code is not None:
            return _not_let_in(scene, payload, read.code)
        given |= {"pass": read.id, "worker": read.who}
    (answer,) = taking.take(scene, [given])
    if answer.taken.fault is not None:
        raise answer.taken.fault
    return _decision(payload.id, answer.taken, evaluation.in_force())


def _scene(request: HttpRequest, user: User, door: UUID) -> Scene:
    device = device_of(request)
    with narrowed(()):  # a door is nobody: it is found without listing those who come to it
        place = queries.door_of(user, door)
    return Scene(place, clock.now(), user, device.id if device else None)


def _given(request: HttpRequest) -> Iterator[Any]:
    """The rows of the body, one after the other. Raises DoorError for a body that has none."""
    if request.content_type == "application/x-ndjson":
        for line in BytesIO(request.body):
            if line.strip():
                yield _line(line)
        return
    body = _read(request.body)
    if not isinstance(body, list):
        raise DoorError("door.unreadable")
    yield from body


def _line(text: bytes) -> Any:
    """A line's row; None for one that is none, which is refused for itself: the others are not lost with it."""
    try:
        return _read(text)
    except DoorError:
        return None


def _read(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise DoorError("door.unreadable") from None


def _row(scene: Scene, answered: taking.Answered, forces: Sequence[Force]) -> RowOut:
    taken, sent = answered.taken, answered.id
    number = sent if isinstance(sent, str) and len(sent) <= 64 else None
    if taken.fault is not None:
        problem = RowProblem(code=taken.fault.code, detail=taken.fault.message, field=taken.fault.field)
        return RowOut(id=number, status="refused", problem=problem)
    decision = None if taken.values is None else _decision(UUID(number), taken, forces)
    return RowOut(id=number, status=taken.status, decision=decision)


def _pack(at: int, forces: Sequence[Force]) -> Pack | None:
    return next((force.pack for force in forces if force.start <= at < force.end), None)


def _decision(number: UUID, taken: Taken, forces: Sequence[Force]) -> DecisionOut:
    return DecisionOut(**fields_of(number, taken, forces))


def fields_of(number: UUID, taken: Taken, forces: Sequence[Force]) -> dict[str, Any]:
    """What a check that is stored came to, as `DecisionOut` has it, in the words of the protocol that was then in force."""
    assert taken.worker is not None
    assert taken.values is not None
    told = decisions.of_fact(number, taken.worker, taken.at, taken.values, _pack(taken.at, forces))
    return {
        "id": number, "door": told.door, "worker": told.worker, "direction": told.direction, "outcome": told.outcome,
        "colour": told.colour, "at": told.at, "until": told.until, "earliest": told.earliest,
        "codes": list(taken.values.get("reasons", [])),
        "reasons": [{"zh": reason.message.zh, "en": reason.message.en} for reason in told.reasons], "asks": list(told.asks),
    }  # fmt: skip


def _not_let_in(scene: Scene, payload: DecideIn, code: str) -> DecisionOut:
    """Nobody's pass: there is nobody of whom a fact could speak, so nothing is stored."""
    said = Words.of(decisions.message_of(code))
    return DecisionOut(
        id=payload.id, door=scene.door.pk, worker=None, direction=payload.direction, outcome="refused", colour="red",
        at=scene.now, until=None, earliest=None, codes=[code], reasons=[said], asks=[],
    )  # fmt: skip
