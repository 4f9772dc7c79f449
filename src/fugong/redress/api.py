"""One's own file and requests for programs; and the requests that the town answers."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from fugong.base import clock
from fugong.base.access import actor, looked_at, needs
from fugong.base.faults import Fault
from fugong.redress import queries, services
from fugong.redress.export import person_file
from fugong.redress.models import Request
from fugong.redress.services import Right
from fugong.registry.models import Worker
from fugong.registry.queries import worker_of

router = Router()


class RightIn(Schema):
    """What is right in place of a fact: all of its values, and from when to when in epoch seconds."""

    values: dict[str, Any]
    start: int
    end: int | None = None


class RequestIn(Schema):
    """A request. A correction names a fact and what is ``right`` (null: it never was); an appeal a permission; a question
    who looked a look, by the id that the file gives.
    """

    kind: Literal["correction", "appeal", "who_looked"]
    wrong: str
    fact: UUID | None = None
    right: RightIn | None = None
    permission: str = "work"
    look: str = ""


class RequestOut(Schema):
    """A request, its clock and its answer. Moments are epoch seconds."""

    id: UUID
    kind: str
    worker: UUID
    fact: UUID | None
    permission: str | None
    look: str | None
    wrong: str
    filed_at: int
    due_at: int
    escalated_at: int | None
    state: str
    answer: str | None
    answered_at: int | None
    result: UUID | None
    disclosed: str | None


class AnswerIn(Schema):
    """The town's answer, with words for the person."""

    granted: bool
    answer: str


def _out(one: Request) -> RequestOut:
    return RequestOut(
        id=one.pk, kind=one.kind, worker=one.worker_id, fact=one.fact_id, permission=one.permission or None,
        look=one.look or None, wrong=one.wrong, filed_at=one.filed_at, due_at=one.due_at, escalated_at=one.escalated_at,
        state=one.state, answer=one.answer or None, answered_at=one.answered_at, result=one.result_id,
        disclosed=one.disclosed or None,
    )  # fmt: skip


def _me(request: HttpRequest) -> Worker:
    user = needs(request, "self.read")
    if user.scope_id is None:
        raise Http404
    return worker_of(user, user.scope_id)


@router.get("/me/file", summary="Everything held about me")
def file(request: HttpRequest) -> dict[str, Any]:
    """The document that ``docs/person-file.md`` describes."""
    return person_file(_me(request), clock.now())


@router.get("/me/requests", response=list[RequestOut], summary="My requests and their answers")
def mine(request: HttpRequest) -> list[RequestOut]:
    """Newest first."""
    return [_out(one) for one in queries.own(_me(request).pk)]


@router.post("/me/requests", response=RequestOut, summary="Ask for a correction, appeal, or ask who looked")
def file_request(request: HttpRequest, payload: RequestIn) -> RequestOut:
    """The clock begins."""
    worker, now, by = _me(request).pk, clock.now(), actor(request).pk
    if payload.kind == "correction":
        if payload.fact is None:
            raise Fault("redress.no_fact", field="fact")
        right = Right(payload.right.values, payload.right.start, payload.right.end) if payload.right else None
        made = services.file_correction(
            worker=worker, fact=payload.fact, wrong=payload.wrong, right=right, actor=by, now=now
        )
    elif payload.kind == "appeal":
        made = services.file_appeal(
            worker=worker, permission=payload.permission, wrong=payload.wrong, actor=by, now=now
        )
    else:
        made = services.ask_who_looked(worker=worker, look=payload.look, wrong=payload.wrong, actor=by, now=now)
    return _out(made)


@router.post("/me/requests/{request_id}/take-back", response=RequestOut, summary="Take a request back")
def take_back(request: HttpRequest, request_id: UUID) -> RequestOut:
    """I no longer ask."""
    _me(request)
    found = queries.request_of(actor(request), request_id)
    services.take_back(request_id=found.pk)
    found.refresh_from_db()
    return _out(found)


@router.get("/requests", response=list[RequestOut], summary="The requests that the town has to answer")
def requests(request: HttpRequest) -> list[RequestOut]:
    """The open ones; those whose clock has run out first."""
    user = needs(request, "redress.answer")
    found = list(queries.in_order(queries.requests(user)).filter(state="open")[:1_000])
    looked_at(one.worker_id for one in found)
    return [_out(one) for one in found]


@router.post("/requests/{request_id}/answer", response=RequestOut, summary="Answer a request")
def answer(request: HttpRequest, request_id: UUID, payload: AnswerIn) -> RequestOut:
    """Granting a correction writes the superseding fact. Still open afterwards: a second person must agree first."""
    user = needs(request, "redress.answer")
    found = queries.request_of(user, request_id)
    said: dict[str, Any] = {"request_id": found.pk, "answer": payload.answer, "actor": user.pk, "now": clock.now()}
    if payload.granted:
        services.grant(**said)
    else:
        services.refuse(**said)
    found = Request.objects.get(pk=found.pk)
    return _out(found)
