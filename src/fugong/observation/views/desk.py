"""The desk of a site: the day book of visitors and deliveries, and who works there."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock, local, personal
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.typed import identifier_or_none
from fugong.clearance.queries import operations
from fugong.observation import forms
from fugong.observation.models import GROUPS, Entry, Room, Staff, Stay
from fugong.observation.queries import PURPOSE
from fugong.observation.services import cleaning, desk
from fugong.observation.services.cleaning import Done
from fugong.observation.views.reach import by_page, site_of

DAYS = 7


@require_http_methods(["GET", "POST"])
@requires("site.write")
def day_book(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Visitors and deliveries of the last days, and a line to write the next one."""
    site, now, wrong = site_of(request, place_id), clock.now(), ""
    if request.method == "POST":
        posted = request.POST
        try:
            desk.write_down(
                site=site.pk, kind=posted.get("kind", ""), who=posted.get("who", ""), words=posted.get("words", ""),
                at=forms.moment(posted.get("at"), now), now=now, actor=actor(request).pk,
                stay=identifier_or_none(posted.get("stay")),
            )  # fmt: skip
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("Written down."))
            return redirect("observation:day_book", site.pk)
    since = local.start_of_day(local.day_after(local.day_of(now), -DAYS))
    lines = (
        Entry.objects.filter(site=site, at__gte=since).select_related("stay__room", "stay__bed").order_by("-at", "-pk")
    )
    here = list(
        Stay.objects.filter(site=site, state=Stay.PRESENT).select_related("room", "bed", "worker")
        .order_by("room__order", "bed__name")
    )  # fmt: skip
    looked_at([stay.worker_id for stay in here], PURPOSE)
    context = {
        "site": site, "wrong": wrong, "now": now, "posted": request.POST, "kinds": [Entry.KINDS[0], Entry.KINDS[1]],
        "lines": [(one, _who(one)) for one in lines[:200]],
        "here": [(one, personal.masked_name(one.worker.name)) for one in here],
    }  # fmt: skip
    return render(request, "observation/day_book.html", context, status=422 if wrong else 200)


def _who(entry: Entry) -> str:
    """Who came, masked: enough to recognise somebody by."""
    return personal.masked_name(personal.decrypt(bytes(entry.who_encrypted))) if entry.who_encrypted else ""


@require_http_methods(["GET", "POST"])
@requires("site.write")
def rooms_to_clean(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Rooms that somebody has left and that aren't clean yet: which were disinfected, with what, by whom."""
    site, now, wrong = site_of(request, place_id), clock.now(), ""
    if request.method == "POST":
        posted = request.POST
        try:
            chosen = [one for one in map(identifier_or_none, posted.getlist("room")) if one is not None]
            of_site = Room.objects.filter(site=site, pk__in=chosen).values_list("pk", flat=True)
            done = Done(
                posted.get("agent", ""), forms.number(posted.get("mg_per_litre")), forms.number(posted.get("minutes")),
                posted.get("who", ""),
            )  # fmt: skip
            cleaning.clean(rooms=list(of_site), done=done, at=forms.moment(posted.get("at"), now), by=by_page(request))
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("Written down: the rooms can be used again."))
            return redirect("observation:cleaning", site.pk)
    left = (
        Stay.objects.filter(site=site, state=Stay.ENDED, end__lte=now, free_from__gt=now).select_related("room")
        .order_by("room__order", "room__name", "-free_from")
    )  # fmt: skip
    waiting = {stay.room_id: stay for stay in left}
    limits = operations(now).disinfection.get("room")
    context = {
        "site": site,
        "wrong": wrong,
        "now": now,
        "posted": request.POST,
        "left": waiting.values(),
        "limits": limits,
    }
    return render(request, "observation/cleaning.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@requires("site.write")
def staff(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Who works at the site, in its five groups."""
    site, now, wrong = site_of(request, place_id), clock.now(), ""
    if request.method == "POST":
        posted, leaving = request.POST, identifier_or_none(request.POST.get("leaves"))
        try:
            if leaving:
                desk.end_staff(site=site.pk, staff=leaving, at=now)
            else:
                desk.add_staff(
                    site=site.pk, group=posted.get("group", ""), name=posted.get("name", ""),
                    phone=posted.get("phone", "")[:32], leads="leads" in posted, at=now,
                )  # fmt: skip
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The list of staff was changed."))
            return redirect("observation:staff", site.pk)
    people = list(Staff.objects.filter(site=site, end=None).order_by("-leads", "name", "pk"))
    groups = [(title, [one for one in people if one.group == key]) for key, title in GROUPS]
    context = {
        "site": site, "groups": groups, "choices": GROUPS, "wrong": wrong, "posted": request.POST, "number": len(people),
    }  # fmt: skip
    return render(request, "observation/staff.html", context, status=422 if wrong else 200)
