"""Pages of planning: which days wait, the button with its progress, what came of it, and the vehicles."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import access, background, clock, local
from fugong.base.access import Acting, actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.templatetags.fugong import for_input
from fugong.core.planning.routes import WHY
from fugong.journeys.models import SeatRequest, Trip, Vehicle
from fugong.journeys.planning import services
from fugong.journeys.planning.forms import NewVehicle, PlanDay
from fugong.registry.forms import refuse


@require_http_methods(["GET", "POST"])
@requires("trip.plan")
def plan(request: HttpRequest) -> HttpResponseBase:
    """The days on which somebody asks for a seat; the button streams its page while a plan is looked for."""
    now = clock.now()
    days = SeatRequest.objects.filter(state=SeatRequest.OPEN).values("day").annotate(people=Count("pk")).order_by("day")
    first = days[0]["day"] if days else local.day_after(local.day_of(now))
    start = {
        "day": first, "leaves": for_input(local.at(first, "06:00")), "arrives": for_input(local.at(first, "23:00")),
        "seconds": 30,
    }  # fmt: skip
    typed = request.method == "POST"
    form = PlanDay(request.POST if typed else None, request.FILES if typed else None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        work = partial(
            _planned, day=given["day"], leaves=given["leaves"], arrives=given["arrives"], seconds=float(given["seconds"]),
            ways=given["ways"],
            now=now, actor=actor(request).pk,
        )  # fmt: skip
        return _streamed(request, work)
    context = {"form": form, "days": list(days), "vehicles": Vehicle.objects.filter(in_use=True).count()}
    return render(request, "journeys/plan.html", context, status=422 if form.errors else 200)


def _planned(progress: Any, **given: Any) -> services.Planned:
    return services.plan(progress=progress, **given)


def _streamed(request: HttpRequest, work: Any) -> StreamingHttpResponse:
    """The page in pieces: a line a second, then what came of it."""
    who = access.current()

    def piece(step: background.Step | background.Ended | background.Refused) -> str:
        return render_to_string("journeys/planning_step.html", _shown(step, who))

    return background.streamed(request, work, "journeys/planning.html", {}, piece)


def _shown(step: background.Step | background.Ended | background.Refused, who: Acting) -> dict[str, Any]:
    if not isinstance(step, background.Ended):
        return {"step": step, "kind": type(step).__name__}
    made: services.Planned = step.result
    with access.acting(who):
        trips = list(Trip.objects.filter(pk__in=made.trips).select_related("site").annotate(seated=Count("bookings")))
    language = translation.get_language() or "zh-hans"
    behind = [(number, WHY[why].text(language)) for why, number in made.behind.items()]
    return {
        "kind": "Ended", "made": made, "trips": sorted(trips, key=lambda one: one.code), "behind": behind,
        "yuan": made.cost_fen // 100,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires("trip.plan")
def vehicles(request: HttpRequest) -> HttpResponse:
    """The vehicles that planning may use, with a form for another one."""
    form = NewVehicle(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.add_vehicle(**given | {"start": given["start"].pk})
        except Fault as fault:
            refuse(form, fault)
        else:
            messages.success(request, _("%(plate)s is on the list now.") % {"plate": made.plate})
            return redirect("journeys:vehicles")
    page = page_of(request, Vehicle.objects.select_related("start").order_by("plate"))
    return render(request, "journeys/vehicles.html", {"form": form, "page": page}, status=422 if form.errors else 200)
