"""The page on which a dispatcher lays somebody's passenger list beside a trip, and takes it in when nothing is wrong with it."""

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
from fugong.base.tables import TableError
from fugong.base.typed import identifier
from fugong.journeys.models import Trip
from fugong.journeys.trips import lists, queries
from fugong.registry.models import Upload
from fugong.registry.uploads import services as uploads
from fugong.registry.uploads.preview import content_of
from fugong.registry.uploads.views import sent


@require_http_methods(["GET", "POST"])
@requires("trip.plan")
def compared(request: HttpRequest, trip_id: UUID) -> HttpResponse:
    """A passenger list beside the trip; the second button takes it in."""
    user, now = actor(request), clock.now()
    found = queries.trip_of(user, trip_id)
    shown: dict[str, Any] = {}
    try:
        if request.POST.get("do") == "take":
            return _taken(request, found, now)
        if request.method == "POST":
            filename, content = sent(request)
            kept = uploads.keep(
                kind=lists.KIND, enterprise=None, filename=filename, content=content, now=now, actor=user.pk
            )
            looked = lists.compare(trip=found, content=content, filename=filename, now=now)
            shown = {"view": looked, "upload": kept, "open": found.state in (Trip.DRAFT, Trip.RELEASED)}
    except Fault as fault:
        shown = {"trouble": fault.message}
    view: Any = shown.get("view")
    wrong = "trouble" in shown or (view is not None and (view.faults or view.wrong))
    context = {"trip": found, "rows": request.POST.get("rows", ""), "limit": uploads.MAX_BYTES // 2**20, **shown}
    return render(request, "journeys/list.html", context, status=422 if wrong else 200)


def _taken(request: HttpRequest, trip: Trip, now: int) -> HttpResponse:
    """Take the list in that was looked at. Raises Fault."""
    user = actor(request)
    kept = Upload.objects.filter(pk=identifier(request.POST.get("upload")), kind=lists.KIND, actor=user.pk).first()
    content = content_of(kept) if kept else None
    if kept is None or content is None:
        raise TableError("upload.gone")
    number = lists.take_in(trip=trip.pk, content=content, filename=kept.filename, now=now, actor=user.pk)
    uploads.forget(upload=kept)
    messages.success(request, _("%(number)s people have seats as the list says.") % {"number": number})
    return redirect("journeys:trip", trip.pk)
