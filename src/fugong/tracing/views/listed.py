"""The list of positives without a case, and of cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_none
from fugong.tracing import queries
from fugong.tracing.errors import TracingError
from fugong.tracing.services import cases


@require_http_methods(["GET", "POST"])
@requires("town.write")
def page(request: HttpRequest) -> HttpResponse:
    """Who is positive and has no case yet, and every case; a POST opens a case and seeks its contacts."""
    wrong, now = "", clock.now()
    if request.method == "POST":
        ground = identifier_or_none(request.POST.get("ground"))
        try:
            if ground is None:
                raise TracingError("tracing.no_ground", field="ground")
            case = cases.open_case(ground=ground, now=now, actor=actor(request).pk)
            found = cases.propose(case=case.pk, now=now)
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The case is open; %(n)s people to be reviewed were found.") % {"n": found.new})
            return redirect("tracing:case", case.pk)
    shown = page_of(request, queries.cases())
    rows = list(shown.object_list)
    looked_at([case.worker_id for case in rows], queries.PURPOSE)
    standing = cases.grounds(rows)
    context = {
        "positives": queries.positives(now), "page": shown, "wrong": wrong, "now": now,
        "rows": [(case, queries.is_positive(standing[case.pk])) for case in rows],
    }  # fmt: skip
    return render(request, "tracing/cases.html", context, status=422 if wrong else 200)
