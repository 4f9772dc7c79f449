"""Doors for programs: which doors, who stands before one, and checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Body, Field, Router, Schema

from fugong.base import clock
from fugong.base.access import looked_at, needs
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.schemas import ProblemOut, Words, moment
from fugong.doors import queries, services
from fugong.doors.api_snapshot import router as snapshots
from fugong.doors.decisions import Decision
from fugong.doors.services import DoorError

router = Router()
router.add_router("", snapshots)
OverrideReason = Literal["medical_emergency", "rescue", "inspection", "device_failure", "other"]
MOST = 1_000


class DoorOut(Schema):
    """A door in the caller's scope."""

    id: UUID
    name: str
    site: str
    enterprise: UUID | None


class WorkerOut(Schema):
    """A worker as a door knows them: nothing about health."""

    id: UUID
    name: str
    workshop: str
    badge: str
    phone_tail: str


class FindIn(Schema):
    """What was scanned or typed."""

    q: str


class RegisterIn(Schema):
    """A daily register asked at the door."""

    well: bool
    symptoms: list[str] | None = None
    fever_reducers: bool | None = None
    improving: bool | None = None


class CheckIn(Schema):
    """A check. ``id`` (UUIDv7) is made where the check is: sent twice, it is stored once. ``at``: RFC 3339 or epoch seconds."""

    worker: UUID
    direction: Literal["in", "out"] = "in"
    id: UUID | None = None
    at: str | int | None = None
    celsius: float | None = Field(None, description="25 to 45 ℃")
    mask: bool | None = None
    gloves: bool | None = None
    register_: RegisterIn | None = Field(None, alias="register")


class DecisionOut(Schema):
    """What the door decided. ``reasons`` have no health content; ``asks`` can be met on the spot. Moments in epoch seconds."""

    id: UUID
    door: UUID
    worker: UUID
    direction: Literal["in", "out"]
    outcome: Literal["passed", "refused"]
    at: int
    until: int | None
    earliest: int | None
    reasons: list[Words]
    asks: list[str]


class OverrideIn(Schema):
    """Why a refused worker is let in; ``other`` needs ``words``."""

    reason: OverrideReason
    words: str = Field("", max_length=200)


class OverrideOut(Schema):
    """Somebody was let in against a refusal. It changes no clearance. ``at`` in epoch seconds."""

    id: UUID
    check: UUID
    door: UUID
    worker: UUID
    direction: Literal["in", "out"]
    reason: OverrideReason
    words: str
    at: int


class RowOut(Schema):
    """The answer to one check of a list: a decision, or a problem."""

    status: Literal[200, 422]
    decision: DecisionOut | None = None
    problem: ProblemOut | None = None


Checks = Annotated[CheckIn | list[CheckIn], Body()]


@router.get("/doors", response=list[DoorOut], summary="The doors in your scope")
def doors(request: HttpRequest) -> list[DoorOut]:
    user = needs(request, "door.check")
    return [
        DoorOut(id=door.pk, name=door.name, site=door.site.name, enterprise=door.site.enterprise_id)
        for door in queries.doors_of(user)
    ]


@router.post("/doors/{door}/workers", response=list[WorkerOut], summary="Who may stand before a door")
def workers(request: HttpRequest, door: UUID, payload: FindIn) -> list[WorkerOut]:
    """By badge number, worker id, pinyin initials, part of a name, or digits of a phone; at most twelve.

    A POST, so that nobody's name or number stands in an address.
    """
    place = queries.door_of(needs(request, "door.check"), door)
    return [
        WorkerOut(id=hit.id, name=hit.name, workshop=hit.workshop, badge=hit.badge, phone_tail=hit.phone_tail)
        for hit in queries.find(place, payload.q.replace("\0", ""))
    ]


@router.post("/doors/{door}/checks", response=DecisionOut | list[RowOut], summary="Check one worker, or several")
def checks(request: HttpRequest, door: UUID, payload: Checks) -> DecisionOut | list[RowOut]:
    """One check gets its decision; a list gets an answer for each row, in its order, each stored for itself."""
    user = needs(request, "door.check")
    queries.door_of(user, door)
    now = clock.now()
    if not isinstance(payload, list):
        return _check(user, door, payload, now)
    if len(payload) > MOST:
        raise DoorError("door.too_many", number=MOST)
    return [_row(lambda row=row: _check(user, door, row, now)) for row in payload]  # type: ignore[misc]


@router.post("/doors/{door}/checks/{check}/override", response=OverrideOut, summary="Let a refused worker in")
def override(request: HttpRequest, door: UUID, check: UUID, payload: OverrideIn) -> OverrideOut:
    """Within fifteen minutes after the refusal, once: sent again, the answer is the same. It changes no clearance."""
    user = needs(request, "door.override")
    place = queries.door_of(user, door)
    decision = queries.decision(check)
    if decision is None or decision.door != place.pk:
        raise Http404
    made = services.override(check=check, reason=payload.reason, words=payload.words, now=clock.now(), actor=user.pk)
    return OverrideOut.model_validate(asdict(made))


def _check(user: User, door: UUID, given: CheckIn, now: int) -> DecisionOut:
    decision = services.check(
        id=given.id, door=door, worker=given.worker, direction=given.direction, at=moment(given.at, "at"),
        celsius=given.celsius, mask=given.mask, gloves=given.gloves, register=_register(given.register_), now=now,
        actor=user.pk,
    )  # fmt: skip
    return _out(decision)


def _register(given: RegisterIn | None) -> dict[str, Any] | None:
    return None if given is None else given.model_dump(exclude_none=True)


def _row(check: Callable[[], DecisionOut]) -> RowOut:
    try:
        return RowOut(status=200, decision=check())
    except Fault as error:
        return RowOut(status=422, problem=ProblemOut.of(error))


def _out(decision: Decision) -> DecisionOut:
    looked_at([decision.worker])
    return DecisionOut(
        id=decision.id, door=decision.door, worker=decision.worker, direction=decision.direction,
        outcome=decision.outcome, at=decision.at, until=decision.until, earliest=decision.earliest,
        reasons=[Words.of(reason.message) for reason in decision.reasons], asks=list(decision.asks),
    )  # fmt: skip
