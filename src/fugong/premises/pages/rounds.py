"""The keeper's round, room by room on a phone, and those who were missing."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.ids import uuid7
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_none
from fugong.ledger.acts import Waits
from fugong.premises import acts, printing
from fugong.premises.dormitories import rounds as services
from fugong.premises.models import Absence
from fugong.premises.pages.common import by_page, number, pdf, tabs
from fugong.premises.services import Entry, RegisterError
from fugong.registry import queries as registry


@require_http_methods(["GET", "POST"])
@requires("register.write")
def round_(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Who is to be asked, by room; a room is filed at once."""
    enterprise, now, wrong = registry.enterprise_of(actor(request), enterprise_id), clock.now(), ""
    current = services.round_at(now)
    people = services.residents(enterprise.pk, now)
    if request.method == "POST":
        try:
            _file(request, people, current, now)
        except Fault as fault:
            wrong = fault.message
        else:
            done = request.POST.get("room", "")
            rooms = [one for one, _people in groupby(people, key=lambda one: one.room)]
            following = rooms.index(done) + 1 if done in rooms else 0
            return redirect(reverse("premises:round", args=[enterprise.pk]) + f"#r{following}")
    counts = {state: sum(one.state == state for one in people) for state in ("taken", "due", "missing")}
    context = {
        "enterprise": enterprise, "tabs": list(tabs(request, enterprise, "round")), "round": current, "now": now,
        "rooms": [(name, list(inside)) for name, inside in groupby(people, key=lambda one: one.room)],
        "counts": counts, "number": len(people), "wrong": wrong, "batch": uuid7(), "tried": request.POST.get("room"),
    }  # fmt: skip
    return render(request, "premises/round.html", context, status=422 if wrong else 200)


def _file(
    request: HttpRequest, people: list[services.Resident], current: services.Round | None, now: int
) -> None:  # fmt: skip
    posted = request.POST
    asked = [one for one in people if one.room == posted.get("room") and one.state != services.TAKEN]
    here = set(posted.getlist("here"))
    entries = [_entry(posted, one) for one in asked if str(one.worker) in here]
    if not entries:
        messages.info(request, _("Nobody was registered in this room. Who isn't there is followed up."))
        return
    done = acts.file_list(
        id=identifier_or_none(posted.get("batch")) or uuid7(), entries=entries, filed_by="line_leader", now=now,
        actor=actor(request).pk, since=current.opens if current else None,
    )  # fmt: skip
    if isinstance(done, Waits):
        messages.warning(request, _("Nothing is filed yet: it waits until a second person agrees."))
    else:
        messages.success(request, _("%(room)s: %(number)s registered.") % {
            "room": posted.get("room", ""), "number": len(done.result.filed),
        })  # fmt: skip


def _entry(posted: Any, one: services.Resident) -> Entry:
    typed = posted.get(f"celsius-{one.worker}", "").strip()
    celsius = number(typed) if typed else None
    if celsius is not None and 250 <= celsius <= 450 and "." not in typed:
        celsius = celsius / 10
    if celsius is not None and not 25 <= celsius <= 45:
        raise RegisterError("register.celsius", field="celsius", value=typed[:12])
    return Entry(one.worker, well=f"unwell-{one.worker}" not in posted, celsius=celsius)


@require_GET
@requires("register.write")
def sheet(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """The round on paper, by room: to be filled in by hand."""
    enterprise = registry.enterprise_of(actor(request), enterprise_id)
    now = clock.now()
    people = services.residents(enterprise.pk, now)
    return pdf(printing.round_sheet(enterprise, people, now), "fugong-dormitory-round.pdf")


@require_http_methods(["GET", "POST"])
@requires("register.write")
def absences(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Who was missing in a round: who looks for them, and what was found out."""
    enterprise, now, wrong = registry.enterprise_of(actor(request), enterprise_id), clock.now(), ""
    if request.method == "POST":
        posted, key = request.POST, identifier_or_none(request.POST.get("absence"))
        try:
            if posted.get("outcome"):
                services.close(
                    absence=key or uuid7(), enterprise=enterprise.pk, who=posted.get("who", ""),
                    outcome=posted.get("outcome", ""), words=posted.get("words", ""), by=by_page(request),
                )  # fmt: skip
                messages.success(request, _("What was found out is noted."))
            else:
                services.follow_up(
                    absence=key or uuid7(), enterprise=enterprise.pk, who=posted.get("who", ""), by=by_page(request)
                )
                messages.success(request, _("It is noted who looks for them."))
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("premises:absences", enterprise.pk)
    every = request.GET.get("show") == "all"
    page = page_of(request, services.returned(services.absences(enterprise.pk, only_open=not every)))
    looked_at(row.worker_id for row in page)
    context = {
        "enterprise": enterprise, "tabs": list(tabs(request, enterprise, "absences")), "page": page, "every": every,
        "outcomes": Absence.OUTCOMES, "wrong": wrong, "now": now,
    }  # fmt: skip
    return render(request, "premises/absences.html", context, status=422 if wrong else 200)
