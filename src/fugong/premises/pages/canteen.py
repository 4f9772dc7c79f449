"""The canteen: meals in shifts, tables, and everybody's seat."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import background, clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_none
from fugong.clearance.queries import operations
from fugong.premises import printing
from fugong.premises.canteen import queries, services
from fugong.premises.errors import PremisesError
from fugong.premises.models import MealSeat, Table
from fugong.premises.pages.common import by_page, pdf, tabs, time_of_day, whole
from fugong.premises.sites import site_of, sites_of
from fugong.registry import queries as registry
from fugong.registry.models import Enterprise


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def canteen(request: HttpRequest, enterprise_id: UUID) -> HttpResponseBase:
    """How full each meal is; shifts, tables and seats."""
    enterprise, now, wrong = registry.enterprise_of(actor(request), enterprise_id), clock.now(), ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "everybody":
                return _seat_everybody(request, enterprise, now)
            _do(request, enterprise, now)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("premises:canteen", enterprise.pk)
    shift = identifier_or_none(request.GET.get("shift"))
    page = page_of(request, queries.seated(enterprise.pk, now, shift=shift))
    context = {
        "enterprise": enterprise, "tabs": list(tabs(request, enterprise, "canteen")), "page": page, "now": now,
        "rows": queries.noted(list(page)), "meals": queries.meals(enterprise.pk, now), "chosen": shift,
        "tables": Table.objects.filter(enterprise=enterprise, ended_at=None).count(), "sites": sites_of(enterprise.pk),
        "without": queries.without_a_seat(enterprise.pk, now), "rule": operations(now).canteen, "wrong": wrong,
        "posted": request.POST,
    }  # fmt: skip
    return render(request, "premises/canteen.html", context, status=422 if wrong else 200)


def _seat_everybody(request: HttpRequest, enterprise: Enterprise, now: int) -> HttpResponseBase:
    """Everybody who has none gets a seat; of many people a bar says how far it is."""
    site, by = site_of(enterprise.pk, identifier_or_none(request.POST.get("site"))), by_page(request)
    return background.worked(
        request, queries.without_a_seat(enterprise.pk, now),
        lambda progress: services.seat_everybody(site=site, by=by, progress=progress),
        heading=_("Give everybody a seat, workshop by workshop"), back=reverse("premises:canteen", args=[enterprise.pk]),
        said=lambda seated: _("%(number)s people have a seat now.") % {"number": seated},
    )  # fmt: skip


def _do(request: HttpRequest, enterprise: Enterprise, now: int) -> None:
    posted, by = request.POST, by_page(request)
    match posted.get("do"):
        case "shift":
            services.add_shift(
                site=site_of(enterprise.pk, identifier_or_none(posted.get("site"))), name=posted.get("name", ""),
                starts=time_of_day(posted.get("starts")), ends=time_of_day(posted.get("ends")), now=now,
            )  # fmt: skip
            messages.success(request, _("The shift is added."))
        case "end":
            key = identifier_or_none(posted.get("shift"))
            if key is not None:
                services.end_shift(shift=key, enterprise=enterprise.pk, now=now)
                messages.success(request, _("The shift is no longer served."))
        case "tables":
            site = site_of(enterprise.pk, identifier_or_none(posted.get("site")))
            services.add_tables(site=site, tables=_tables(posted.get("tables", "")), now=now)
            messages.success(request, _("The tables are added."))
        case "unseat":
            own = MealSeat.objects.filter(pk__in=[identifier_or_none(posted.get("seat"))], enterprise=enterprise)
            services.unseat(seats=list(own.values_list("pk", flat=True)), by=by)
            messages.success(request, _("The seat is free."))


def _tables(text: str) -> list[tuple[str, int]]:
    """Tables as they were typed, one a line: name and seats; ``1-20 8`` for many alike. Raises PremisesError."""
    found = list[tuple[str, int]]()
    for line in text.replace("，", " ").replace(",", " ").splitlines():
        words = line.split()
        if not words:
            continue
        seats = whole(words[1]) if len(words) > 1 else 8
        first, dash, last = words[0].partition("-")
        if dash and first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) < 500:
            found += [(str(n), seats) for n in range(int(first), int(last) + 1)]
        else:
            found.append((words[0], seats))
    if not found or len(found) > 500:
        raise PremisesError("canteen.tables", field="tables")
    return found


@require_GET
@requires("roster.write")
def sheet(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Who sits where, to hang up at the door of the canteen."""
    enterprise, now = registry.enterprise_of(actor(request), enterprise_id), clock.now()
    rows = queries.noted(list(queries.seated(enterprise.pk, now)[:5000]))
    return pdf(printing.seating_sheet(enterprise, rows, now), "fugong-canteen.pdf")
