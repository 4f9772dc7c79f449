"""Whole numbers for programs."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from pydantic import JsonValue

from fugong.base.access import needs
from fugong.base.reasons import REASONS
from fugong.registry.models import Document
from fugong.registry.queries import worker_of
from fugong.registry.reveal import queries

router = Router()
KINDS: list[JsonValue] = [queries.PHONE, *dict(Document.TYPES)]


class RevealIn(Schema):
    """Which number, and why it has to be seen; the reason is kept in the audit."""

    number: str = Field(queries.PHONE, json_schema_extra={"enum": KINDS})
    reason: str = Field(json_schema_extra={"enum": [*REASONS]})


class NumberOut(Schema):
    """A number in whole."""

    kind: str
    number: str


@router.post("/workers/{worker}/number", response=list[NumberOut], summary="See a whole number, for a reason")
def number(request: HttpRequest, response: HttpResponse, worker: UUID, payload: RevealIn) -> list[NumberOut]:
    """The telephone, or every document of a kind. Each answer is noted in the audit with its reason."""
    user = needs(request, "number.reveal")
    found = worker_of(user, worker)
    which = [queries.PHONE] if payload.number == queries.PHONE else [
        str(one.pk) for one in found.documents.all() if one.type == payload.number
    ]  # fmt: skip
    if not which:
        raise Http404
    numbers = [queries.revealed(queries.number_of(user, worker, one), payload.reason) for one in which]
    response["Cache-Control"] = "no-store"
    return [NumberOut(kind=payload.number, number=one.plain) for one in numbers]
