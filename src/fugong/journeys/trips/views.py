"""Pages of the dispatcher: the trips, one trip with its seats and people, what is asked for, and where people get on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier, identifier_or_none
from fugong.journeys.models import Booking, Place, Trip
from fugong.journeys.trips import crew, forms, plan, queries, requests, services, sheets, staff, telling
from fugong.registry import queries as registry
from fugong.registry.forms import refuse
from fugong.registry.queries import names_of

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_READERS = ("manifest.read", "trip.plan", "trip.crew", "checkpoint")


@require_GET
@requires("manifest.read", "trip.plan", "trip.crew", "checkpoint")
def trips(request: HttpRequest) -> HttpResponse:
    """The trips in somebody's scope, those that leave last first."""
    user = actor(request)
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    state = state if state in dict(Trip.STATES) else ""
    page = page_of(request, queries.listed(user, state=state, text=text))
    places = names_of(("division", one.origin_division) for one in page)
    context = {
        "page": page, "places": places, "state": state, "q": text, "states": Trip.STATES, "may_plan": user.may("trip.plan"),
        "may_board": user.may("trip.crew"), "may_check": user.may("checkpoint"),
    }  # fmt: skip
    return render(request, "journeys/trips.html", context)


@require_http_methods(["GET", "POST"])
@requires("trip.plan")
def new(request: HttpRequest) -> HttpResponse:
    """Make a trip by hand; its destination is found by searching."""
    given = request.POST or request.GET
    found = forms.destinations().found(given.get("find", ""), identifier_or_none(given.get("site")))
    if "find" in request.GET:
        return render(request, "journeys/_destination.html", {"found": found})
    if request.POST.get("do") == "find":  # without a script: what was typed stays
        typed = request.POST.dict() | {"sealed": "sealed" in request.POST}
        return render(request, "journeys/trip_new.html", {"form": forms.NewTrip(initial=typed), "found": found})
    form = forms.NewTrip(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_trip(**form.said(), now=clock.now(), actor=actor(request).pk)
        except ValidationError as error:
            form.add_error("stops", error)
        except Fault as fault:
            refuse(form, fault)
        else:
            return redirect("journeys:trip", made.pk)
    return render(request, "journeys/trip_new.html", {"form": form, "found": found}, status=422 if form.errors else 200)


@require_GET
@requires("manifest.read", "trip.plan", "trip.crew", "checkpoint")
def trip(request: HttpRequest, trip_id: UUID) -> HttpResponse:
    """One trip: its seats, its people, what is still asked for, what can be done."""
    return _trip(request, queries.trip_of(actor(request), trip_id))


FOUND = 12
"""So many people are shown of those whom a typed text may mean."""


def _trip(request: HttpRequest, found: Trip, trouble: str = "", q: str = "") -> HttpResponse:
    user = actor(request)
    lines = queries.manifest(found, user=user)
    may_plan = user.may("trip.plan")
    open_plan = may_plan and found.state in (Trip.DRAFT, Trip.RELEASED)
    asked = list(queries.open_requests(user).filter(site=found.site_id)[:200]) if open_plan else []
    looked_at([one.worker_id for one in asked])
    others = (
        Trip.objects.filter(state__in=[Trip.DRAFT, Trip.RELEASED], site=found.site_id).exclude(pk=found.pk)[:30]
        if open_plan
        else []
    )
    seated = [one for one in lines if one.booking.state in Booking.SEATED]
    context = {
        "trip": found, "lines": lines, "seated": len(seated), "from": names_of([("division", found.origin_division)]),
        "picture": plan.picture(found, [one.booking for one in lines], {one.booking.worker_id: one.name for one in lines}),
        "stops": list(found.stops.order_by("number")), "counts": list(found.head_counts.select_related("stop").order_by("at")),
        "cost": found.cost_fen // 100, "subsidy": found.subsidy_fen // 100, "may_print": user.may("manifest.read") or may_plan,
        "asked": asked, "others": others, "may_plan": may_plan, "open_plan": open_plan, "trouble": trouble,
        "may_board": user.may("trip.crew") and found.state in (Trip.RELEASED, Trip.UNDER_WAY),
        "may_check": user.may("checkpoint") and found.state in (Trip.RELEASED, Trip.UNDER_WAY, Trip.ARRIVED),
        "differing": queries.discrepancies(found) if found.state == Trip.ARRIVED and user.role.scope == "town" else None,
        "crew": staff.of_trip(found), "q": q, "candidates": list(registry.workers(user, text=q)[:FOUND]) if q else [],
        "free": found.places - found.bookings.filter(state__in=Booking.SEATED).count() if may_plan else None,
    }  # fmt: skip
    return render(request, "journeys/trip.html", context, status=422 if trouble else 200)


@require_POST
@requires("trip.plan")
def do(request: HttpRequest, trip_id: UUID) -> HttpResponse:
    """What a dispatcher does with a trip: give seats, move, take off, lock, release, cancel."""
    found = queries.trip_of(actor(request), trip_id)
    if request.POST.get("do") == "find_crew":
        return _trip(request, found, q=request.POST.get("q", "").replace("\0", "").strip()[:64])
    act = _DOING.get(request.POST.get("do", ""))
    if act is None:
        return _trip(request, found, _("Choose what to do."))
    try:
        said = act(request, found, {"now": clock.now(), "actor": actor(request).pk})
    except ValidationError as error:
        return _trip(request, found, " ".join(error.messages))
    except Fault as fault:
        return _trip(request, found, fault.message)
    messages.success(request, said)
    return redirect("journeys:trip", found.pk)


def _ids(request: HttpRequest) -> list[UUID]:
    return [identifier(one) for one in request.POST.getlist("worker")]


def _release(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    services.release(trip=found.pk, **by)
    return _("%(trip)s is released: everybody on it can see their seat.") % {"trip": found.code}


def _cancel(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    services.cancel(trip=found.pk, reason=request.POST.get("reason", ""), **by)
    return _("%(trip)s is cancelled; what its people asked for is open again.") % {"trip": found.code}


def _lock(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    services.lock(trip=found.pk, on=not found.locked)
    return (
        _("%(trip)s is open to planning again.") % {"trip": found.code}
        if found.locked
        else _("%(trip)s is locked: planning again leaves it as it is.") % {"trip": found.code}
    )


def _book(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    booked = services.book(trip=found.pk, workers=_ids(request), **by)
    return _("%(number)s people have seats now.") % {"number": len(booked)}


def _take_off(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    services.take_off(trip=found.pk, workers=_ids(request), **by)
    return _("Taken off %(trip)s. What they asked for is open again.") % {"trip": found.code}


def _move(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    to = identifier(request.POST.get("to") or str(found.pk))
    for worker in _ids(request):
        services.move(worker=worker, trip=found.pk, to=to, seat=forms.seat(request.POST.get("seat", "")), **by)
    return _("Moved.")


def _no_show(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    crew.no_show(trip=found.pk, workers=_ids(request), **by)
    return _("Noted: they did not come. Their seats are free.")


def _tell(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    number = telling.tell(trip=found.pk, **by)
    return _("%(number)s passengers are told.") % {"number": number}


def _add_crew(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    (worker,) = _ids(request) or [identifier("")]
    staff.name(trip=found.pk, worker=worker, duty=request.POST.get("duty", ""), **by)
    return _("They stand as crew of %(trip)s.") % {"trip": found.code}


def _drop_crew(request: HttpRequest, found: Trip, by: dict[str, Any]) -> str:
    for worker in _ids(request):
        staff.dismiss(trip=found.pk, worker=worker, **by)
    return _("They are no crew of %(trip)s any more.") % {"trip": found.code}


_DOING: dict[str, Callable[[HttpRequest, Trip, dict[str, Any]], str]] = {
    "release": _release, "cancel": _cancel, "lock": _lock, "book": _book, "take_off": _take_off, "move": _move,
    "no_show": _no_show, "tell": _tell, "add_crew": _add_crew, "drop_crew": _drop_crew,
}  # fmt: skip


@require_GET
@requires("manifest.read", "trip.plan")
def workbook(request: HttpRequest, trip_id: UUID) -> HttpResponse:
    """The manifest as an Excel workbook."""
    found = queries.trip_of(actor(request), trip_id)
    made = sheets.workbook(found, queries.manifest(found, user=actor(request)))
    return _to_save(made, EXCEL, f"{found.code}.xlsx")


@require_GET
@requires("manifest.read", "trip.plan")
def paper(request: HttpRequest, trip_id: UUID) -> HttpResponse:
    """The manifest on paper."""
    found, now = queries.trip_of(actor(request), trip_id), clock.now()
    lines = queries.manifest(found, user=actor(request))
    names = {one.booking.worker_id: one.name for one in lines}
    drawing = plan.picture(found, [one.booking for one in lines], names)
    return _to_save(sheets.pdf(found, lines, drawing, now), "application/pdf", f"{found.code}.pdf")


def _to_save(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_http_methods(["GET", "POST"])
@requires("trip.plan")
def places(request: HttpRequest) -> HttpResponse:
    """Where people get on, with a form for another place."""
    form = forms.NewPlace(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = requests.add_place(**form.cleaned_data)
        except Fault as fault:
            refuse(form, fault)
        else:
            messages.success(request, _("%(place)s is on the list now.") % {"place": made.name})
            return redirect("journeys:places")
    page = page_of(request, Place.objects.order_by("division", "name"))
    named = names_of(("division", one.division) for one in page)
    context = {"form": form, "page": page, "named": named}
    return render(request, "journeys/places.html", context, status=422 if form.errors else 200)
