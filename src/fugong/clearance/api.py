"""Clearance for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from fugong.base import clock, local
from fugong.base.access import actor, needs, within_scope
from fugong.clearance import evaluation
from fugong.clearance.models import PERMISSIONS
from fugong.clearance.queries import explained, status
from fugong.core.protocol.explain import Failure
from fugong.core.text import Text
from fugong.core.time import PLUS_INF
from fugong.registry.models import Employment, Worker

router = Router()


class Words(Schema):
    """A sentence in both languages."""

    zh: str
    en: str


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
    """Whether a worker has a permission at a moment, until when, and every reason why not."""

    worker: UUID
    permission: str
    at: int
    known_at: int | None
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


def _words(text: Text) -> Words:
    return Words(zh=text.zh, en=text.en)


def _reason(failure: Failure) -> Reason:
    fact = failure.new_fact
    return Reason(
        requirement=failure.requirement, title=_words(failure.title), message=_words(failure.message),
        remedy=_words(failure.remedy), on_the_spot=failure.on_the_spot, facts=list(failure.rests_on),
        earliest=failure.earliest,
        new_fact=None if fact is None else {
            "kind": fact.kind, "shape": fact.shape, "values": dict(fact.values), "moments": list(fact.moments),
            "about": fact.about or "worker",
        },
    )  # fmt: skip


def _moment(text: str | None, name: str) -> int | None:
    from ninja.errors import HttpError

    if text is None:
        return None
    try:
        return local.parse(text)
    except ValueError:
        raise HttpError(422, f"{name}: RFC 3339, e.g. 2020-03-09T18:00:00+08:00") from None


@router.get("/workers/{worker_id}/clearance", response=ClearanceOut, summary="Whether, until when, and why not")
def clearance(request: HttpRequest, worker_id: UUID, when: Query[Moment]) -> ClearanceOut:
    """From what is stored for the present; from the ledger itself for another moment or another state of knowledge."""
    user = needs(request, "enterprise.read", "self.read")
    if when.permission not in PERMISSIONS or not Worker.objects.filter(pk=worker_id).exists():
        raise Http404
    if user.role.scope == "worker":
        within_scope(user, {worker_id})
    else:
        within_scope(user, set(Employment.objects.filter(worker_id=worker_id).values_list("enterprise_id", flat=True)))
    at = _moment(when.at, "at") or clock.now()
    known_at = _moment(when.known_at, "known_at")
    why = explained(worker_id, when.permission, at, known_at=PLUS_INF if known_at is None else known_at)
    force = evaluation.force_at(at, PLUS_INF if known_at is None else known_at)
    stored = status(worker_id, when.permission, at) if known_at is None else None
    return ClearanceOut(
        worker=worker_id, permission=when.permission, at=at, known_at=known_at,
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
