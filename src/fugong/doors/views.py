"""Pages of the doors: which doors, find the worker, check, green or red, and the next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.ids import uuid7
from fugong.base.paging import page_of
from fugong.doors import forms, queries, services
from fugong.doors.decisions import Decision
from fugong.doors.queries import Found
from fugong.registry.models import Door


@require_GET
@requires("door.check")
def doors(request: HttpRequest) -> HttpResponse:
    """The doors that one keeps."""
    text = request.GET.get("q", "").strip()
    mine = queries.doors_of(actor(request))
    shown = queries.named(mine, text) if text else mine
    return render(request, "doors/doors.html", {"page": page_of(request, shown), "q": text})


@require_GET
@requires("door.check")
def door(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """Find the worker; a scan that means one person leads straight to the check."""
    place = queries.door_of(actor(request), door_id)
    text = request.GET.get("q", "")
    hits = queries.find(place, text)
    if len(hits) == 1 or (hits and hits[0].exact and not hits[1].exact):
        return _person(request, place, hits[0])
    return _stage(request, place, "search", {"q": text, "hits": hits})


@require_GET
@requires("door.check")
def found(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """The list below the search field, while somebody types."""
    place = queries.door_of(actor(request), door_id)
    text = request.GET.get("q", "")
    context = {"door": place, "q": text, "hits": queries.find(place, text), "direction": _direction(request)}
    return render(request, "doors/_found.html", context)


@require_GET
@requires("door.check")
def person(request: HttpRequest, door_id: UUID, worker_id: UUID) -> HttpResponse:
    """The check of one worker."""
    place = queries.door_of(actor(request), door_id)
    return _person(request, place, _found(place, worker_id))


@require_POST
@requires("door.check")
def check(request: HttpRequest, door_id: UUID, worker_id: UUID) -> HttpResponse:
    """Decide, and show it over the whole screen."""
    place = queries.door_of(actor(request), door_id)
    number = forms.identifier(request.POST.get("check"))
    if queries.decision(number):  # sent twice: the answer is there already
        return _decided(request, place, number)
    worker = _found(place, worker_id)
    now = clock.now()
    asked = queries.before(worker.id, now)
    keyed = forms.keyed(request.POST, asked)
    if not keyed.errors:
        try:
            services.check(
                id=keyed.check, door=place.pk, worker=worker.id, direction=keyed.direction, celsius=keyed.celsius,
                mask=keyed.mask, gloves=keyed.gloves, register=keyed.register, now=now, actor=actor(request).pk,
            )  # fmt: skip
            return _decided(request, place, number)
        except Fault as fault:
            keyed.errors[fault.field or "celsius"] = fault.message
    return _person(request, place, worker, keyed)


@require_GET
@requires("door.check")
def verdict(request: HttpRequest, door_id: UUID, check_id: UUID) -> HttpResponse:
    """What a check decided."""
    return _verdict(request, queries.door_of(actor(request), door_id), check_id)


@require_POST
@requires("door.check")
def undo(request: HttpRequest, door_id: UUID, check_id: UUID) -> HttpResponse:
    """Take back a check that was keyed in wrongly, and check the worker again."""
    place = queries.door_of(actor(request), door_id)
    decision = _own_decision(place, check_id)
    try:
        services.undo(id=check_id, reason="keyed in wrongly", now=clock.now(), actor=actor(request).pk)
    except Fault as fault:
        return _verdict(request, place, check_id, trouble=fault.message)
    return _person(request, place, _found(place, decision.worker), notice=_("Taken back. Check again."))


def _direction(request: HttpRequest) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return "out" if given.get("direction") == "out" else "in"


def _partial(request: HttpRequest) -> bool:
    """Whether htmx asks, which shows a part of the page."""
    return request.headers.get("HX-Request") == "true"


def _found(place: Door, worker: UUID) -> Found:
    hit = queries.one(place, worker)
    if hit is None:
        raise Http404
    return hit


def _own_decision(place: Door, check_id: UUID) -> Decision:
    decision = queries.decision(check_id)
    if decision is None or decision.door != place.pk:
        raise Http404
    return decision


def _person(
    request: HttpRequest, place: Door, worker: Found, keyed: forms.Keyed | None = None, notice: str = ""
) -> HttpResponse:
    keyed = keyed or forms.Keyed(uuid7(), _direction(request))
    context = {
        "worker": worker, "keyed": keyed, "asked": queries.before(worker.id, clock.now()), "keys": forms.KEYS,
        "notice": notice, "direction": keyed.direction,
    }  # fmt: skip
    status = 422 if keyed.errors and not _partial(request) else 200  # htmx shows nothing but 2xx
    return _stage(request, place, "person", context, status)


def _decided(request: HttpRequest, place: Door, check_id: UUID) -> HttpResponse:
    _own_decision(place, check_id)
    if _partial(request):
        return _verdict(request, place, check_id)
    return redirect("doors:verdict", place.pk, check_id)


def _verdict(request: HttpRequest, place: Door, check_id: UUID, trouble: str = "") -> HttpResponse:
    decision = _own_decision(place, check_id)
    context = {
        "decision": decision, "name": queries.name_of(decision.worker), "celsius": queries.celsius_of(decision),
        "may_undo": clock.now() - decision.at <= services.UNDO_SECONDS and queries.stands(check_id),
        "trouble": trouble, "direction": decision.direction,
    }  # fmt: skip
    return _stage(request, place, "verdict", context)


def _stage(request: HttpRequest, place: Door, state: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The whole page, or only its stage for htmx."""
    template = "doors/_stage.html" if _partial(request) else "doors/door.html"
    everything = {"door": place, "state": f"doors/_{state}.html", "direction": _direction(request), **context}
    return render(request, template, everything, status=status)
