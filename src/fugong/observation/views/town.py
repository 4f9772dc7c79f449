"""What the town sees of its observation sites: how full they are and will be; opening one, offering rooms, keeping a bed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock, local, searching
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.typed import identifier_or_none
from fugong.core.time import PLUS_INF
from fugong.observation import forecast, forms
from fugong.observation.errors import ObservationError
from fugong.observation.models import Bed, Room
from fugong.observation.queries import free_beds
from fugong.observation.services import rooms, stays
from fugong.observation.services.stays import Plan
from fugong.observation.views.reach import by_page, site_of
from fugong.registry import queries as registry

FOUND = 20
MOST_ROOMS = 500


@require_GET
@requires("town.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Every site with what is free, and the next fourteen days."""
    now = clock.now()
    places = forecast.places(now)
    totals = {name: sum(getattr(one, name) for one in places) for name in ("offered", "present", "kept", "free")}
    context = {
        "places": places, "totals": totals, "days": forecast.days(now), "now": now,
        "may_write": actor(request).may("site.write"),
    }  # fmt: skip
    return render(request, "observation/overview.html", context)


@require_http_methods(["GET", "POST"])
@requires("town.write")
def new(request: HttpRequest) -> HttpResponse:
    """Open a site: its name and its rooms in walking order, one a line."""
    wrong, now = "", clock.now()
    if request.method == "POST":
        try:
            site = rooms.open_site(
                name=request.POST.get("name", "")[:64], rooms=_listed(request),
                at=forms.moment(request.POST.get("at"), now), now=now, actor=actor(request).pk, source="page",
            )  # fmt: skip
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The site is open. Give its staff their logins, then keep beds."))
            return redirect("observation:board", site.pk)
    context = {"wrong": wrong, "posted": request.POST, "now": now}
    return render(request, "observation/new.html", context, status=422 if wrong else 200)


def _listed(request: HttpRequest) -> list[rooms.NewRoom]:
    found = forms.rooms(request.POST.get("rooms", ""))
    if len(found) > MOST_ROOMS:
        raise ObservationError("room.no_name", field="rooms")
    return found


@require_http_methods(["GET", "POST"])
@requires("town.write")
def offered(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The rooms that a site offers; more of them, or one until a moment only."""
    site, now, wrong = site_of(request, place_id), clock.now(), ""
    if request.method == "POST":
        closing = identifier_or_none(request.POST.get("close"))
        try:
            at = forms.moment(request.POST.get("at"), now)
            if closing:
                rooms.close_rooms(
                    rooms=_own(site.pk, closing), at=at, reason=request.POST.get("reason", "")[:200], now=now,
                    actor=actor(request).pk, source="page",
                )  # fmt: skip
            else:
                _offer(request, site.pk, at, now)
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The rooms were changed."))
            return redirect("observation:rooms", site.pk)
    found = Room.objects.filter(site=site, closes__gt=now).prefetch_related("beds").order_by("order", "name")
    context = {"site": site, "rooms": found, "wrong": wrong, "posted": request.POST, "now": now, "ever": PLUS_INF}
    return render(request, "observation/rooms.html", context, status=422 if wrong else 200)


def _own(site: UUID, room: UUID) -> list[UUID]:
    """A room of this site. Raises ObservationError for any other."""
    if not Room.objects.filter(pk=room, site=site).exists():
        raise ObservationError("room.unknown", field="room")
    return [room]


def _offer(request: HttpRequest, site: UUID, at: int, now: int) -> None:
    listed = _listed(request)
    if not listed:
        raise ObservationError("room.no_rooms", field="rooms")
    rooms.add_rooms(site=site, rooms=listed, at=at, now=now, actor=actor(request).pk, source="page")


@require_http_methods(["GET", "POST"])
@requires("town.write")
def keep(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Keep a bed for somebody: find them, choose a bed that is free all the time."""
    site, now, wrong = site_of(request, place_id), clock.now(), ""
    if request.method == "POST" and "worker" not in request.POST:
        return redirect(searching.address(request, request.path, request.POST.get("q", "")))
    start = now
    end = local.start_of_day(local.day_of(now + stays.days_of(now))) + 8 * 3600 + 86_400
    if request.method == "POST":
        try:
            start, end = forms.moment(request.POST.get("start"), start), forms.moment(request.POST.get("end"), end)
            worker, bed = (identifier_or_none(request.POST.get(name)) for name in ("worker", "bed"))
            if worker is None or bed is None or not Bed.objects.filter(pk=bed, room__site=site).exists():
                raise ObservationError("stay.no_bed" if worker else "stay.no_person", field="bed")
            stays.keep(plans=[Plan(worker, bed, start, end)], by=by_page(request))
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The bed is kept. The site's medic checks them in when they come."))
            return redirect("observation:board", site.pk)
    text = searching.text(request)
    found = list(registry.workers(actor(request), text=text)[:FOUND]) if text else []
    context = {
        "site": site, "q": text, "found": found, "now": now, "start": start, "end": end, "wrong": wrong,
        "beds": free_beds(start, end, site=site.pk),
    }  # fmt: skip
    return render(request, "observation/keep.html", context, status=422 if wrong else 200)
