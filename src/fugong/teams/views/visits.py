"""A visit as it was written down, and its pictures."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.personal import decrypt_bytes
from fugong.ledger.queries import standing
from fugong.teams import queries
from fugong.teams.vocabulary import CHECKS, TOPICS


@require_GET
@requires("visits.write")
def page(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """What was explained, looked at, handed over and told on a visit."""
    visit = queries.visit_of(actor(request), call_id)
    handed = []
    if visit.begun_at is not None and visit.ended_at is not None:
        handed = list(
            standing().filter(
                subject_id=visit.enterprise_id, kind="document_handed", start__gte=visit.begun_at, start__lte=visit.ended_at
            ).values_list("values", flat=True)
        )  # fmt: skip
    context = {
        "visit": visit, "topics": [TOPICS.get(one, one) for one in visit.topics],
        "checks": [(CHECKS[name], held) for name, held in visit.checks.items() if name in CHECKS], "handed": handed,
        "pictures": visit.attachments.defer("encrypted").order_by("taken_at"), "problems": visit.problems.order_by("opened_at"),
        "now": clock.now(),
    }  # fmt: skip
    return render(request, "teams/visit.html", context)


@require_GET
@requires("visits.write")
def picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """One picture, decrypted; nobody's browser keeps it."""
    found = queries.picture_of(actor(request), picture_id)
    response = HttpResponse(decrypt_bytes(bytes(found.encrypted)), content_type=found.media_type)
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = "inline"
    return response
