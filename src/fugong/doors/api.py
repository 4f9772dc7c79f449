"""Doors for programs: which doors, who stands before one, and checks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from fugong.base import clock
from fugong.base.access import needs
from fugong.doors import queries, services
from fugong.doors.api_checks import router as checks
from fugong.doors.api_snapshot import router as snapshots

router = Router()
router.add_router("", snapshots)
router.add_router("", checks)
OverrideReason = Literal["medical_emergency", "rescue", "inspection", "device_failure", "other"]


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
