"""Rooms of an enterprise's dormitories: how full, over the rule or not, and who sleeps in which bed."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock, searching
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_none
from fugong.premises.dormitories import queries, services
from fugong.premises.dormitories.services import Assign, NewRoom
from fugong.premises.errors import PremisesError
from fugong.premises.models import Bed, Lodging, Room
from fugong.premises.pages.common import by_page, decimal, moment, tabs, whole
from fugong.premises.sites import site_of, sites_of
from fugong.registry import queries as registry
from fugong.registry.models import Enterprise

FOUND, MOST_ROOMS = 12, 500
_APART = re.compile(r"[\s，；;]+|,(?!\d)|(?<=\D),")
"""What stands between the words of a line; a comma within a number is its point."""


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def rooms(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """The rooms with who sleeps there against the rule in force; more rooms to add."""
    enterprise, now, wrong = registry.enterprise_of(actor(request), enterprise_id), clock.now(), ""
    if request.method == "POST":
        try:
            site = site_of(enterprise.pk, identifier_or_none(request.POST.get("site")))
            services.add_rooms(site=site, rooms=_typed(request.POST.get("rooms", ""), request.POST.get("building", "")))
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The rooms were added. Now give people their beds."))
            return redirect("premises:dormitories", enterprise.pk)
    rule = queries.rule_at(now)
    every = queries.rooms(now, rule, enterprise=enterprise.pk)
    only = request.GET.get("show", "")
    shown = queries.overfull(every) if only == "over" else every
    without = queries.without_a_bed(enterprise.pk, now)
    page = page_of(request, shown)
    context = {
        "enterprise": enterprise, "tabs": list(tabs(request, enterprise, "dormitories")), "page": page, "rule": rule,
        "show": only, "totals": queries.totals(every, rule), "sites": sites_of(enterprise.pk), "wrong": wrong,
        "posted": request.POST, "now": now, "without": without.count(), "some": _said(list(without[:FOUND]), now),
        "free": queries.free_beds(enterprise.pk, now, rule)[:6] if any(room.over > 0 for room in page) else [],
    }  # fmt: skip
    return render(request, "premises/dormitories.html", context, status=422 if wrong else 200)


def _said(rows: list[object], now: int) -> list[queries.Said]:
    said = queries.said_of([getattr(row, "worker_id") for row in rows], now)  # noqa: B009 - rows of another app
    return list(said.values())


def _typed(text: str, building: str) -> list[NewRoom]:
    """Rooms as they were typed, one a line: name, beds, floor area. Raises PremisesError."""
    found = []
    for line in text.splitlines():
        words = [word for word in _APART.split(line) if word]
        if len(words) > 3:
            raise PremisesError("dormitory.room_number", field="rooms", room=words[0])
        if words:
            beds = whole(words[1], 0) if len(words) > 1 else 6
            area = decimal(words[2]) if len(words) > 2 else None
            found.append(NewRoom(words[0], beds, area, building.strip()))
    if len(found) > MOST_ROOMS:
        raise PremisesError("dormitory.no_rooms", field="rooms")
    return found


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def room(request: HttpRequest, enterprise_id: UUID, room_id: UUID) -> HttpResponse:
    """A room: its beds and who has them; giving one, moving, moving out, its floor area."""
    enterprise, now, wrong = registry.enterprise_of(actor(request), enterprise_id), clock.now(), ""
    rule = queries.rule_at(now)
    found = queries.rooms(now, rule, enterprise=enterprise.pk).filter(pk=room_id).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("do") == "search":
            return redirect(searching.address(request, request.path, request.POST.get("q", "")))
        try:
            _do(request, enterprise, found, now)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("premises:room", enterprise.pk, found.pk)
    text = searching.text(request)
    people = registry.workers(actor(request), text=text, enterprise=enterprise.pk)[:FOUND] if text else []
    context = {
        "enterprise": enterprise, "tabs": list(tabs(request, enterprise, "dormitories")), "room": found, "rule": rule,
        "places": queries.places(found, now), "free": queries.free_beds(enterprise.pk, now, rule), "wrong": wrong,
        "now": now, "q": text, "people": people, "posted": request.POST, "limited": found.places < queries.UNLIMITED,
    }  # fmt: skip
    return render(request, "premises/room.html", context, status=422 if wrong else 200)


def _do(request: HttpRequest, enterprise: Enterprise, found: Room, now: int) -> None:
    posted, by = request.POST, by_page(request)
    at = moment(posted.get("at"), now)
    match posted.get("do"):
        case "assign":
            worker, bed = identifier_or_none(posted.get("worker")), _own_bed(enterprise, posted.get("bed"))
            if worker is None:
                raise PremisesError("dormitory.no_person", field="worker")
            services.assign(lodgings=[Assign(worker, bed, at)], by=by)
            messages.success(request, _("The bed is theirs."))
        case "move":
            services.move(
                lodging=_own(found, posted.get("lodging")), bed=_own_bed(enterprise, posted.get("bed")), at=at, by=by
            )
            messages.success(request, _("They were moved."))
        case "leave":
            services.leave(lodgings=[_own(found, posted.get("lodging"))], at=at, by=by)
            messages.success(request, _("They have moved out; the bed is free."))
        case "measure":
            area = decimal(posted.get("square_metres"))
            if area is None:
                raise PremisesError("dormitory.area", field="square_metres")
            services.measure(room=found.pk, square_metres=area)
            messages.success(request, _("The floor area is noted."))
        case "close":
            services.close(room=found.pk, now=now)
            messages.success(request, _("The room is closed."))


def _own(found: Room, lodging: str | None) -> UUID:
    """A lodging in this room. Raises PremisesError for any other."""
    key = identifier_or_none(lodging)
    if key is None or not Lodging.objects.filter(pk=key, room=found).exists():
        raise PremisesError("dormitory.not_there")
    return key


def _own_bed(enterprise: Enterprise, bed: str | None) -> UUID:
    """A bed of this enterprise. Raises PremisesError for any other."""
    key = identifier_or_none(bed)
    if key is None or not Bed.objects.filter(pk=key, room__enterprise=enterprise).exists():
        raise PremisesError("dormitory.no_bed", field="bed")
    return key
