"""The enterprise's page: it asks for seats for its people, and sees what has become of what it asked for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock, local
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier
from fugong.journeys import queries as coming
from fugong.journeys.models import SeatRequest
from fugong.journeys.trips import forms, queries, requests
from fugong.registry.forms import refuse
from fugong.registry.queries import enterprise_of

AHEAD = 60
"""Who means to come within so many days may be asked for."""
MOST = 300


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def seats(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Who is away and means to come, a form that asks for seats for those who are ticked, and what was asked for."""
    enterprise, now = enterprise_of(actor(request), enterprise_id), clock.now()
    if "withdraw" in request.POST:
        return _withdraw(request, enterprise_id, now)
    form = forms.AskForSeats(request.POST if request.method == "POST" else None, enterprise=enterprise_id)
    trouble = ""
    chosen = [identifier(one) for one in request.POST.getlist("worker")]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            asked = requests.ask(
                enterprise=enterprise_id, workers=chosen, place=given["place"].pk, site=given["site"].pk, day=given["day"],
                words=given["words"], now=now, actor=actor(request).pk,
            )  # fmt: skip
        except Fault as fault:
            trouble = "" if fault.field in form.fields else fault.message
            if not trouble:
                refuse(form, fault)
        else:
            messages.success(
                request, _("Asked for %(number)s seats. The dispatcher plans them.") % {"number": len(asked)}
            )
            return redirect("journeys:seats", enterprise_id)
    rows = SeatRequest.objects.filter(enterprise=enterprise_id).exclude(state=SeatRequest.WITHDRAWN)
    page = page_of(request, rows.select_related("worker", "place", "site", "trip").order_by("-made_at", "-pk"))
    looked_at([one.worker_id for one in page])
    context = {
        "enterprise": enterprise, "form": form, "page": page, "people": _people(request, enterprise_id, now),
        "chosen": set(chosen), "trouble": trouble,
    }  # fmt: skip
    return render(request, "journeys/seats.html", context, status=422 if form.errors or trouble else 200)


def _withdraw(request: HttpRequest, enterprise_id: UUID, now: int) -> HttpResponse:
    asked = SeatRequest.objects.filter(enterprise=enterprise_id, pk=identifier(request.POST.get("withdraw")))
    try:
        for one in asked:
            requests.withdraw(request=one.pk, now=now, actor=actor(request).pk)
        messages.success(request, _("Withdrawn."))
    except Fault as fault:
        messages.error(request, fault.message)
    return redirect("journeys:seats", enterprise_id)


def _people(request: HttpRequest, enterprise: UUID, now: int) -> list[tuple[coming.Coming, str]]:
    """Those who are away, mean to come and have not asked yet, with their names."""
    until = local.day_after(local.day_of(now), AHEAD)
    rows = coming.coming(actor(request), at=now, until=until, enterprise=enterprise)
    busy = set(
        SeatRequest.objects.filter(enterprise=enterprise)
        .exclude(state=SeatRequest.WITHDRAWN)
        .values_list("worker_id", flat=True)
    )
    shown = [row for row in rows if row.worker not in busy][:MOST]
    names = queries.names([row.worker for row in shown])
    return [(row, names[row.worker]) for row in shown if row.worker in names]
