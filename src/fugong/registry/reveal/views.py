"""A whole number, for those who may see it and say why: nowhere kept, and in no address."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.reasons import REASONS
from fugong.registry.reveal import held, queries


@requires("number.reveal")
@require_POST
@never_cache
def number(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """Show a number where a reason is given or still holds; otherwise ask for one.

    ``number`` says which; with ``another`` the reason that holds is given up. htmx gets the number's place on the page.
    """
    now = clock.now()
    masked = queries.number_of(actor(request), worker_id, request.POST.get("number", ""))
    given = request.POST.get("reason", "")
    if "another" in request.POST:
        held.drop(request.session)
    if given in REASONS:
        held.keep(request.session, given, now)
    holds = held.reason(request.session, now)
    if holds is None or (given and given not in REASONS):
        return _answer(request, "ask", {"number": masked, "reasons": REASONS, "refused": bool(given)})
    return _answer(request, "shown", {"number": queries.revealed(masked, holds.code), "held": holds})


def _answer(request: HttpRequest, state: str, context: dict[str, object]) -> HttpResponse:
    partial = request.headers.get("HX-Request") == "true"
    template = f"registry/reveal/_{state}.html" if partial else "registry/reveal/page.html"
    refused = bool(context.get("refused")) and not partial  # htmx shows nothing but 2xx
    context["part"] = f"registry/reveal/_{state}.html"
    return render(request, template, context, status=422 if refused else 200)
