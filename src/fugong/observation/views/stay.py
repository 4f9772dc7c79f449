"""One stay: who, where, since when, may they leave, and what can be done: check in, move, let it last longer, end it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.typed import identifier_or_none
from fugong.clearance import queries as clearance
from fugong.ledger import queries as ledger
from fugong.observation import board, forms
from fugong.observation.errors import ObservationError
from fugong.observation.models import Bed, Stay
from fugong.observation.queries import PURPOSE, Reading, free_beds
from fugong.observation.services import leaving, stays
from fugong.observation.services.leaving import Leaving, Move
from fugong.observation.services.stays import CheckIn
from fugong.observation.views.reach import by_page, stay_of

DONE: dict[str, str | Promise] = {
    "check_in": _("Checked in."),
    "move": _("Moved. The first day stays the first day."),
    "extend": _("The stay now ends then."),
    "leave": _("The stay has ended; the bed is free once it is clean."),
    "cancel": _("The bed is no longer kept."),
}


@require_http_methods(["GET", "POST"])
@requires("site.write")
def page(request: HttpRequest, stay_id: UUID) -> HttpResponse:
    """A stay with its history; a POST does one thing to it and leads to where the person is then."""
    stay, wrong = stay_of(request, stay_id), ""
    if request.method == "POST":
        try:
            now_in = _do(request, stay)
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, str(DONE[request.POST["do"]]))
            return redirect("observation:stay", now_in)
    return render(request, "observation/stay.html", _shown(request, stay, wrong), status=422 if wrong else 200)


def _do(request: HttpRequest, stay: Stay) -> UUID:
    """What the form asks for; returns the stay in which the person is then. Raises Fault."""
    doing: dict[str, Callable[[HttpRequest, Stay], UUID]] = {
        "check_in": _check_in, "move": _move, "extend": _extend, "leave": _leave, "cancel": _cancel,
    }  # fmt: skip
    done = doing.get(request.POST.get("do", ""))
    if done is None:
        raise ObservationError("stay.how", field="do")
    return done(request, stay)


def _check_in(request: HttpRequest, stay: Stay) -> UUID:
    by = by_page(request)
    arrival = CheckIn(stay.pk, forms.moment(request.POST.get("at"), by.now))
    stays.check_in(arrivals=[arrival], by=by)
    return stay.pk


def _move(request: HttpRequest, stay: Stay) -> UUID:
    by, bed = by_page(request), identifier_or_none(request.POST.get("bed"))
    chosen = Bed.objects.filter(pk=bed).select_related("room").first() if bed else None
    if chosen is None:
        raise ObservationError("stay.no_bed", field="bed")
    if chosen.room.site_id != stay.site_id and actor(request).role.scope != "town":
        raise ObservationError("stay.other_site", field="bed")
    move = Move(stay.pk, chosen.pk, forms.moment(request.POST.get("at"), by.now), request.POST.get("reason", "")[:200])
    return leaving.move(moves=[move], by=by)[0]


def _extend(request: HttpRequest, stay: Stay) -> UUID:
    by = by_page(request)
    end = forms.moment(request.POST.get("end"), stay.end)
    leaving.extend(stay=stay.pk, end=end, reason=request.POST.get("reason", "")[:200], by=by)
    return stay.pk


def _leave(request: HttpRequest, stay: Stay) -> UUID:
    by, posted = by_page(request), request.POST
    how = posted.get("how", "")
    going = Leaving(stay.pk, forms.moment(posted.get("at"), by.now), how, posted.get("reason", "")[:200])
    leaving.leave(leaving=[going], by=by)
    return stay.pk


def _cancel(request: HttpRequest, stay: Stay) -> UUID:
    stays.cancel(stays=[stay.pk], reason=request.POST.get("reason", "")[:200], by=by_page(request))
    return stay.pk


def _shown(request: HttpRequest, stay: Stay, wrong: str) -> dict[str, object]:
    user, now = actor(request), clock.now()
    looked_at([stay.worker_id], PURPOSE)
    medic = user.may("site.health")
    why = clearance.explained(stay.worker_id, leaving.PERMISSION, now)
    return {
        "stay": stay, "wrong": wrong, "now": now, "medic": medic, "day": board.day_number(stay.since, now),
        "days": board.day_number(stay.since, stay.end) - 1, "readings": _readings(stay, now) if medic else [],
        "why": why, "may_know_why": medic or user.role.scope == "town", "by_town": user.role.scope == "town",
        "beds": _free_beds(stay, now, everywhere=user.role.scope == "town"),
        "before": Stay.objects.filter(worker=stay.worker_id, since=stay.since, state=Stay.ENDED, how=Stay.MOVED)
        .select_related("room", "bed", "site").order_by("start"),
        "hows": [(Stay.EARLY, _("ended early")), (Stay.HOSPITAL, _("transferred to hospital"))],
    }  # fmt: skip


def _readings(stay: Stay, now: int) -> list[Reading]:
    """The temperatures of this stay, newest first."""
    found = (
        ledger.about([stay.worker_id]).filter(kind="temperature", start__gte=stay.since, start__lte=now)
        .order_by("-start").values_list("values__celsius", "start")
    )  # fmt: skip
    return [Reading(value, at) for value, at in found[:60]]


def _free_beds(stay: Stay, now: int, *, everywhere: bool) -> list[Bed]:
    """Beds that would take this person from now on, in walking order."""
    if stay.state not in (Stay.PLANNED, Stay.PRESENT):
        return []
    start = max(now, stay.start)
    return free_beds(start, max(stay.end, start + 1), site=None if everywhere else stay.site_id, but=stay)
