"""The visitors of a site: who came today and is still inside; whoever may see their names says why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fugong.base import access, clock, local
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.reasons import REASONS
from fugong.doors import presence, visits
from fugong.doors.chronicle import said
from fugong.registry.reveal import held


@requires("door.override", "roster.write")
def listed(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Today's visitors, and those of before who are still inside. Names are masked but for a reason, which the audit keeps."""
    user, now = actor(request), clock.now()
    site = presence.site_of(user, site_id)
    may_reveal = user.may("number.reveal")
    refused = False
    if request.method == "POST":
        if not may_reveal:
            raise Http404
        reason = request.POST.get("reason", "")
        if reason in REASONS:
            held.keep(request.session, reason, now)
        elif "hide" in request.POST:
            held.drop(request.session)
        else:
            refused = True
        if not refused:
            return redirect("doors:visitors", site.pk)
    holds = held.reason(request.session, now) if may_reveal else None
    page = page_of(request, visits.of_day(site, local.day_of(now)))
    if holds and page.object_list:
        access.note("visitors.named", site=str(site.pk), reason=holds.code)
    rows = [(visit, visits.shown(visit, whole=holds is not None), said(visit.reasons, visit.at)) for visit in page]
    context = {
        "site": site, "now": now, "page": page, "rows": rows, "held": holds, "may_reveal": may_reveal, "reasons": REASONS,
        "refused": refused, "asks": may_reveal and ("why" in request.GET or refused),
    }  # fmt: skip
    answer = render(request, "doors/sites/visitors.html", context, status=422 if refused else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@requires("door.override", "roster.write")
def leave(request: HttpRequest, site_id: UUID, visit_id: UUID) -> HttpResponse:
    """A visitor went out: now."""
    user, now = actor(request), clock.now()
    site = presence.site_of(user, site_id)
    if not visits.at_site(site).filter(pk=visit_id).exists():
        raise Http404
    try:
        visits.leave(visit=visit_id, at=now, now=now, actor=user.pk)
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("The visitor is signed out."))
    return redirect("doors:visitors", site.pk)
