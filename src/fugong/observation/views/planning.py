"""The room plan: who needs a room, what an engine proposes, and doing it once somebody has looked at it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock, personal
from fugong.base.access import looked_at, requires
from fugong.base.faults import Fault
from fugong.core.text import CoreError
from fugong.observation import forecast
from fugong.observation.errors import ObservationError
from fugong.observation.problem import NEEDS, Asked, ask
from fugong.observation.proposal import SECONDS, Proposal, propose
from fugong.observation.queries import PURPOSE
from fugong.observation.services import planning
from fugong.observation.views.reach import by_page
from fugong.registry.models import Worker

_SALT = "fugong.observation.plan"


@require_http_methods(["GET", "POST"])
@requires("town.write")
def page(request: HttpRequest) -> HttpResponse:
    """Who is to be placed; a POST proposes, and, with the proposal in it, does it."""
    now = clock.now()
    needs, movable = _needs(request), "movable" in request.POST
    asked = ask(now, needs=needs, movable=movable)
    wrong, proposal = "", None
    try:
        if request.POST.get("do") == "apply":
            number = planning.apply(asked=asked, **_signed(request), reason=_("room plan"), by=by_page(request))
            text = ngettext(
                "Done: %(number)s person has a bed by the plan.",
                "Done: %(number)s people have a bed by the plan.",
                number,
            )
            messages.success(request, text % {"number": number})
            return redirect("observation:overview")
        if request.method == "POST":
            proposal = propose(asked)
    except CoreError as problem:
        wrong = problem.text(get_language() or "")
    except Fault as fault:
        wrong = fault.message
    context = _shown(request, asked, proposal, now) | {"wrong": wrong, "movable": movable, "needs": needs}
    return render(request, "observation/plan.html", context, status=422 if wrong else 200)


def _needs(request: HttpRequest) -> dict[UUID, list[str]]:
    """What was ticked: who needs the ground floor, or medical equipment."""
    found: dict[UUID, list[str]] = {}
    for need in NEEDS:
        for text in request.POST.getlist(need):
            try:
                found.setdefault(UUID(text), []).append(need)
            except ValueError:
                continue
    return found


def _signed(request: HttpRequest) -> dict[str, Any]:
    """The proposal that was looked at, as it was sent out. Raises ObservationError for any other."""
    try:
        plan, digest = json.loads(signing.Signer(salt=_SALT).unsign(request.POST.get("plan", "")))
    except (signing.BadSignature, ValueError):
        raise ObservationError("plan.stale") from None
    return {"plan": plan, "digest": digest}


def _shown(request: HttpRequest, asked: Asked, proposal: Proposal | None, now: int) -> dict[str, Any]:
    people = [one.worker for one in asked.coming.values()]
    if proposal is not None:
        people += [line.worker for line in (*proposal.given, *proposal.moved)] + [one[0] for one in proposal.without]
    looked_at(people, PURPOSE)
    names = {
        pk: personal.masked_name(name) for pk, name in Worker.objects.filter(pk__in=people).values_list("pk", "name")
    }
    context: dict[str, Any] = {
        "now": now, "seconds": round(SECONDS), "proposal": proposal, "rooms": len(asked.rooms), "stays": len(asked.stays),
        "coming": [(one, names.get(one.worker, "")) for one in asked.coming.values()], "empty": asked.empty,
        "places": forecast.places(now),
    }  # fmt: skip
    if proposal is not None:
        said = json.dumps([proposal.plan, proposal.digest])
        context |= {
            "given": [(line, names.get(line.worker, "")) for line in proposal.given],
            "moved": [(line, names.get(line.worker, "")) for line in proposal.moved],
            "without": [(names.get(worker, ""), start, end) for worker, start, end in proposal.without],
            "signed": signing.Signer(salt=_SALT).sign(said),
        }  # fmt: skip
    return context
