"""Where enterprises lie: on the map, typed, or from a file; what was said before can be taken again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.core.time import PLUS_INF
from fugong.registry.models import Enterprise
from fugong.registry.queries import enterprise_of
from fugong.registry.uploads.views import sent
from fugong.teams import forms, imports, queries
from fugong.teams import map as drawn
from fugong.teams.errors import TeamError
from fugong.teams.models import Area, Spot
from fugong.teams.services import places as services


@require_http_methods(["GET", "POST"])
@requires("visits.write")
def places(request: HttpRequest) -> HttpResponse:
    """Which enterprises have a place on the map, those without first; a file of places is taken in whole or not at all."""
    user, now = actor(request), clock.now()
    wrong: list[imports.Wrong] = []
    trouble = ""
    if request.method == "POST":
        try:
            wrong = _taken(request, now)
            if not wrong:
                return redirect("teams:places")
            trouble = TeamError("spot.not_taken", number=len({one.row for one in wrong})).message
        except Fault as fault:
            trouble = fault.message
    text, without = request.GET.get("q", "").strip(), request.GET.get("without") == "1"
    made = drawn.drawing(_areas_of(user.scope_id), {})
    context = {
        "page": page_of(request, queries.to_place(user, now, text=text, without=without)), "q": text, "without": without,
        "total": queries.to_place(user, now).count(), "lacking": queries.to_place(user, now, without=True).count(),
        "map": made, "dots": made.dots(queries.spots_in(user, now)) if made else [], "trouble": trouble,
        "wrong": wrong[:50],
    }  # fmt: skip
    return render(request, "teams/places.html", context, status=422 if trouble else 200)


def _areas_of(patch: UUID | None) -> list[drawn.Drawn]:
    """The patches that are drawn: one's own, or all."""
    found = queries.areas()
    return [one for one in found if one[0].pk == patch] or found


def _taken(request: HttpRequest, now: int) -> list[imports.Wrong]:
    """Take in a file of places; what is wrong with it, and then nothing was taken. Raises Fault."""
    filename, content = sent(request)
    found = imports.places(content, filename)
    if not found.wrong:
        number = services.place(spots=found.spots, now=now, actor=actor(request).pk)
        text = ngettext(
            "%(number)s enterprise has a place, or another one, now.",
            "%(number)s enterprises have a place, or another one, now.",
            number,
        )
        messages.success(request, text % {"number": number})
    return found.wrong


@require_http_methods(["GET", "POST"])
@requires("visits.write")
def place(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Where an enterprise lies: chosen on the map of its patch or typed; taken away; and all that was said of it before."""
    user, now = actor(request), clock.now()
    firm = enterprise_of(user, enterprise_id)
    said = list(Spot.objects.filter(enterprise=firm).select_related("actor").order_by("-start", "-pk"))
    current = said[0] if said and said[0].end == PLUS_INF else None
    given = {"latitude": current.latitude, "longitude": current.longitude} if current else None
    form = forms.Place(request.POST if request.method == "POST" and "away" not in request.POST else None, initial=given)
    if request.method == "POST":
        try:
            if _placed(request, firm, form, now):
                return redirect("teams:place", firm.pk)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    made = drawn.drawing(_areas_of(firm.patch_id), {})
    others = queries.spots_in(user, now).exclude(enterprise=firm)
    context = {
        "enterprise": firm, "form": form, "map": made, "dots": made.dots(others) if made else [], "current": current,
        "dot": made.at(current.latitude, current.longitude) if made and current else None,
        "said": [one for one in said if one != current][:20],
    }  # fmt: skip
    return render(request, "teams/place.html", context, status=422 if form.errors else 200)


def _placed(request: HttpRequest, firm: Enterprise, form: forms.Place, now: int) -> bool:
    """Put the enterprise somewhere, or take its place away; whether that was done. Raises Fault."""
    if "away" in request.POST:
        services.take_away(enterprise=firm.pk, now=now)
        messages.success(request, _("The place is taken away. It can be taken again below."))
        return True
    if not form.is_valid():
        return False
    where = form.cleaned_data["latitude"], form.cleaned_data["longitude"]
    services.place(spots={firm.pk: where}, now=now, actor=actor(request).pk)
    messages.success(request, _("The place is kept."))
    area = Area.objects.filter(patch=firm.patch_id).first()
    if area is not None and not services.inside(area.rings, *where):
        messages.warning(request, _("It lies outside the patch as it is drawn: look whether that is right."))
    return True
