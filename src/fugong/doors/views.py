"""Pages of the doors: which doors, find the worker, check, green or red, let in all the same, and the next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fugong.base import clock, local
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.ids import uuid7
from fugong.base.paging import page_of
from fugong.base.typed import identifier
from fugong.doors import decisions, forms, overrides, queries, services
from fugong.doors.decisions import Decision
from fugong.doors.queries import Found
from fugong.ledger import wording
from fugong.ledger.kinds import OVERRIDE_REASONS
from fugong.registry.models import Door


@require_GET
@requires("door.check")
def doors(request: HttpRequest) -> HttpResponse:
    """The doors that one keeps."""
    text = request.GET.get("q", "").strip()
    mine = queries.doors_of(actor(request))
    shown = queries.named(mine, text) if text else mine
    return render(request, "doors/doors.html", {"page": page_of(request, shown), "q": text})


@require_http_methods(["GET", "POST"])
@requires("door.check")
def door(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """Find the worker; a scan that means one person leads straight to the check. What is scanned stands in no address."""
    place = queries.door_of(actor(request), door_id)
    text = _scanned(request)
    hits = queries.find(place, text)
    if len(hits) == 1 or (hits and hits[0].exact and not hits[1].exact):
        return _person(request, place, hits[0])
    return _stage(request, place, "search", {"q": text, "hits": hits})


@require_POST
@requires("door.check")
def found(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """The list below the search field, while somebody types."""
    place = queries.door_of(actor(request), door_id)
    text = _scanned(request)
    context = {"door": place, "q": text, "hits": queries.find(place, text), "direction": _direction(request)}
    return render(request, "doors/_found.html", context)


@require_GET
@requires("door.check")
def person(request: HttpRequest, door_id: UUID, worker_id: UUID) -> HttpResponse:
    """The check of one worker."""
    place = queries.door_of(actor(request), door_id)
    worker = queries.one(place, worker_id)
    return _person(request, place, worker) if worker else _not_on_list(request, place)


@require_POST
@requires("door.check")
def check(request: HttpRequest, door_id: UUID, worker_id: UUID) -> HttpResponse:
    """Decide, and show it over the whole screen."""
    place = queries.door_of(actor(request), door_id)
    number = identifier(request.POST.get("check"))
    if queries.checked_here(number, place.pk, worker_id):  # sent twice: the answer is there already
        return _decided(request, place, number)
    worker = queries.one(place, worker_id)
    if worker is None:
        return _not_on_list(request, place)
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
    worker = queries.one(place, decision.worker)
    if worker is None:
        return _not_on_list(request, place)
    return _person(request, place, worker, notice=_("Taken back. Check again."))


@requires("door.override")
def override(request: HttpRequest, door_id: UUID, check_id: UUID) -> HttpResponse:
    """Let a refused worker in all the same: why, then whether one is sure; a fact that changes no clearance."""
    place = queries.door_of(actor(request), door_id)
    decision = _own_decision(place, check_id)
    if overrides.of_check(check_id) is not None:  # sent twice: the answer is there already
        return _decided(request, place, check_id)
    if request.method != "POST":
        return _override(request, place, decision, forms.Said("", ""))
    said = forms.said(request.POST)
    if said.errors or "change" in request.POST:
        return _override(request, place, decision, said)
    if "sure" not in request.POST:
        return _override(request, place, decision, said, state="override_sure")
    try:
        services.override(
            check=check_id, reason=said.reason, words=said.words, now=clock.now(), actor=actor(request).pk
        )
    except Fault as fault:
        said.errors[fault.field or "check"] = fault.message
        return _override(request, place, decision, said)
    return _decided(request, place, check_id)


@require_GET
@requires("town.read")
def overriding(request: HttpRequest) -> HttpResponse:
    """The overrides of the last 24 hours or seven days up to a moment: all, of one guard, or at one door."""
    days = 1 if request.GET.get("days") == "1" else 7
    at, known_at = (_moment(request, name) for name in ("as_of", "known_at"))
    found = overrides.within(days, at, known_at=known_at)
    guard, place = _id(request.GET.get("guard")), request.GET.get("door", "")
    if guard is not None:
        found = found.filter(actor=guard)
    if place:
        found = found.filter(values__door=place)
    page = page_of(request, found)
    context = {
        "page": page, "lines": overrides.lines(page), "days": days, "at": at,
        "guard": overrides.guard_name(guard) if guard else "", "at_door": overrides.door_name(place) if place else "",
        "filtered": guard is not None or bool(place),
    }  # fmt: skip
    return render(request, "doors/overrides.html", context)


def _moment(request: HttpRequest, name: str) -> int:
    """A moment of the address; the present where there is none, or none that can be read."""
    try:
        return local.parse(request.GET.get(name, ""))
    except ValueError:
        return clock.now()


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _scanned(request: HttpRequest) -> str:
    return request.POST.get("q", "").replace("\0", "")


def _direction(request: HttpRequest) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return "out" if given.get("direction") == "out" else "in"


def _partial(request: HttpRequest) -> bool:
    """Whether htmx asks, which shows a part of the page."""
    return request.headers.get("HX-Request") == "true"


def _not_on_list(request: HttpRequest, place: Door) -> HttpResponse:
    """The same answer for whom another enterprise employs and for an id that nobody has."""
    trouble = decisions.words(decisions.NOT_ON_LIST)
    status = 200 if _partial(request) else 404
    return _stage(request, place, "search", {"q": "", "hits": [], "trouble": trouble}, status)


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


def _override(
    request: HttpRequest, place: Door, decision: Decision, said: forms.Said, state: str = "override"
) -> HttpResponse:
    context = {
        "decision": decision, "said": said, "name": queries.name_of(decision.worker), "direction": decision.direction,
        "reasons": [(value, wording.CHOICES[value]) for value in OVERRIDE_REASONS], "most": forms.MOST_WORDS,
        "reason": wording.CHOICES.get(said.reason, ""),
    }  # fmt: skip
    status = 422 if said.errors and not _partial(request) else 200
    return _stage(request, place, state, context, status)


def _decided(request: HttpRequest, place: Door, check_id: UUID) -> HttpResponse:
    _own_decision(place, check_id)
    if _partial(request):
        return _verdict(request, place, check_id)
    return redirect("doors:verdict", place.pk, check_id)


def _verdict(request: HttpRequest, place: Door, check_id: UUID, trouble: str = "") -> HttpResponse:
    decision, let_in = _own_decision(place, check_id), overrides.of_check(check_id)
    stands, age = queries.stands(check_id), clock.now() - decision.at
    may_override = (
        actor(request).may("door.override") and stands and let_in is None and not decision.passed
        and age <= services.OVERRIDE_SECONDS
    )  # fmt: skip
    context = {
        "decision": decision, "name": queries.name_of(decision.worker), "celsius": queries.celsius_of(decision),
        "may_undo": stands and let_in is None and age <= services.UNDO_SECONDS, "may_override": may_override,
        "let_in": let_in, "let_in_because": wording.CHOICES[let_in.reason] if let_in else "",
        "trouble": trouble, "direction": decision.direction,
    }  # fmt: skip
    return _stage(request, place, "verdict", context)


def _stage(request: HttpRequest, place: Door, state: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The whole page, or only its stage for htmx."""
    template = "doors/_stage.html" if _partial(request) else "doors/door.html"
    everything = {"door": place, "state": f"doors/_{state}.html", "direction": _direction(request), **context}
    return render(request, template, everything, status=status)
