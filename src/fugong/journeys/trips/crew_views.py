"""The crew's page on the phone: who gets on, who didn't come, how many are on board, and off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.typed import identifier
from fugong.journeys.models import Booking, Trip
from fugong.journeys.trips import crew, queries


@require_http_methods(["GET", "POST"])
@requires("trip.crew")
def boarding(request: HttpRequest, trip_id: UUID) -> HttpResponse:
    """Let people on board one after another; who may not is told everything that they lack."""
    found, now = queries.trip_of(actor(request), trip_id), clock.now()
    outcome, trouble = None, ""
    if request.method == "POST":
        try:
            outcome = _act(request, found, now)
        except Fault as fault:
            trouble = fault.message
        if outcome is None and not trouble:
            return redirect("journeys:boarding", found.pk)
        found.refresh_from_db()
    return _page(request, found, now, {"outcome": outcome, "trouble": trouble})


def _act(request: HttpRequest, found: Trip, now: int) -> crew.Outcome | None:
    """What the crew did; the outcome of somebody who may not get on. Raises Fault."""
    by: dict[str, Any] = {"trip": found.pk, "now": now, "actor": actor(request).pk}
    given = request.POST
    stop = identifier(given["stop"]) if given.get("stop") else None
    match given.get("do"):
        case "board":
            (outcome,) = crew.board(workers=[identifier(given.get("worker"))], stop=stop, **by)
            if not outcome.boarded:
                return outcome
            words = _("%(name)s is on board: seat %(seat)s.") % {"name": outcome.name, "seat": outcome.seat}
            messages.success(request, words)
        case "no_show":
            crew.no_show(workers=[identifier(given.get("worker"))], **by)
            messages.success(request, _("Noted: they did not come."))
        case "count":
            _count(request, given.get("counted", ""), stop, by)
        case "depart":
            crew.depart(**by)
            messages.success(request, _("%(trip)s has left: nobody is added any more.") % {"trip": found.code})
    return None


def _count(request: HttpRequest, typed: str, stop: UUID | None, by: dict[str, Any]) -> None:
    counted = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1
    count = crew.head_count(counted=counted, stop=stop, **by)
    numbers = {"counted": count.counted, "expected": count.expected}
    if count.counted == count.expected:
        messages.success(request, _("Counted %(counted)s, as it should be.") % numbers)
    else:
        words = _("Counted %(counted)s, and %(expected)s should be on board: count again, and compare the list.")
        messages.warning(request, words % numbers)


def _page(request: HttpRequest, found: Trip, now: int, more: dict[str, Any]) -> HttpResponse:
    lines = queries.manifest(found, user=actor(request))
    waiting = [one for one in lines if one.booking.state == Booking.BOOKED]
    lacking = crew.refusals([one.booking.worker_id for one in waiting], now)
    on_board = [one for one in lines if one.booking.state in (Booking.BOARDED, Booking.ARRIVED)]
    context = {
        **more, "trip": found, "expected": len(waiting) + len(on_board),
        "waiting": [(one, lacking.get(one.booking.worker_id, ())) for one in waiting],
        "on_board": on_board,
        "gone": [one for one in lines if one.booking.state == Booking.NO_SHOW],
        "stops": list(found.stops.order_by("number")), "chosen": request.POST.get("stop", ""),
        "running": found.state in (Trip.RELEASED, Trip.UNDER_WAY), "left": found.state == Trip.UNDER_WAY,
        "counts": list(found.head_counts.select_related("stop").order_by("-at")[:5]),
    }  # fmt: skip
    wrong = more["trouble"] or more["outcome"]
    return render(request, "journeys/boarding.html", context, status=422 if wrong else 200)
