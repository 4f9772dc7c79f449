"""Clearance for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from fugong.base import clock
from fugong.base.access import actor, needs
from fugong.base.schemas import Words, moment
from fugong.clearance import evaluation
from fugong.clearance.api_waiting import router as waiting
from fugong.clearance.models import PERMISSIONS
from fugong.clearance.queries import explained, status
from fugong.core.protocol.explain import Failure
from fugong.core.time import PLUS_INF
from fugong.registry.queries import worker_of

router = Router()
router.add_router("/waiting", waiting)


class Reason(Schema):
    """A requirement that fails: what to do, which facts it rests on, when it will hold by itself, what would satisfy it."""

    requirement: str
    title: Words
    message: Words
    remedy: Words
    on_the_spot: bool
    facts: list[str]
    earliest: int | None
    new_fact: dict[str, Any] | None


class ClearanceOut(Schema):
    """Whether a worker has a permission at a moment, until when, and every reason why not.

    ``ruled`` is false where no protocol in force says anything about the permission: nobody has it, for no reason.
    """

    worker: UUID
    permission: str
    at: int
    known_at: int | None
    ruled: bool
    holds: bool
    until: int | None
    protocol: str | None
    reasons: list[Reason]
    earliest: int | None


class Moment(Schema):
    """When: RFC 3339 or whole epoch seconds; the present when left out."""

    permission: str = "work"
    at: str | None = None
    known_at: str | None = None


def _reason(failure: Failure) -> Reason:
    fact = failure.new_fact
    return Reason(
        requirement=failure.requirement, title=Words.of(failure.title), message=Words.of(failure.message),
        remedy=Words.of(failure.remedy), on_the_spot=failure.on_the_spot, facts=list(failure.rests_on),
        earliest=failure.earliest,
        new_fact=None if fact is None else {
            "kind": fact.kind, "shape": fact.shape, "values": dict(fact.values), "moments": list(fact.moments),
            "about": fact.about or "worker",
        },
    )  # fmt: skip


@router.get("/workers/{worker_id}/clearance", response=ClearanceOut, summary="Whether, until when, and why not")
def clearance(request: HttpRequest, worker_id: UUID, when: Query[Moment]) -> ClearanceOut:
    """From what is stored for the present; from the ledger itself for another moment or another state of knowledge."""
    user = needs(request, "enterprise.read", "self.read")
    if when.permission not in PERMISSIONS:
        raise Http404
    worker_of(user, worker_id)
    at = moment(when.at, "at") or clock.now()
    known_at = moment(when.known_at, "known_at")
    why = explained(worker_id, when.permission, at, known_at=PLUS_INF if known_at is None else known_at)
    force = evaluation.force_at(at, PLUS_INF if known_at is None else known_at)
    stored = status(worker_id, when.permission, at) if known_at is None else None
    return ClearanceOut(
        worker=worker_id, permission=when.permission, at=at, known_at=known_at, ruled=why is not None,
        holds=stored.holds if stored else bool(why and why.holds),
        until=stored.until if stored else (why.until if why else None),
        protocol=force.pack.id if force else None,
        reasons=[_reason(failure) for failure in why.failures] if why else [],
        earliest=why.earliest if why else None,
    )  # fmt: skip


class ProtocolOut(Schema):
    """A protocol that is or was in force."""

    pack: str
    version: str
    effective_from: int
    until: int | None


@router.get("/protocols", response=list[ProtocolOut], summary="Which protocols are in force, from when to when")
def protocols(request: HttpRequest) -> list[ProtocolOut]:
    actor(request)
    return [
        ProtocolOut(pack=force.pack.id, version=str(force.pack.version), effective_from=force.start,
                    until=None if force.end == PLUS_INF else force.end)
        for force in evaluation.in_force()
    ]  # fmt: skip
