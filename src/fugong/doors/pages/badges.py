"""Badges of an enterprise's workers: print them, print them once more, revoke one that is lost."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fugong.base import clock, local
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.doors.models import Pass
from fugong.doors.passes import badges, services
from fugong.registry import queries as registry
from fugong.registry.models import Enterprise


@requires("roster.write")
def printing(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """For whom to print; a POST makes the badges and leads to where their PDF is."""
    user = actor(request)
    place = registry.enterprise_of(user, enterprise_id)
    wrong = ""
    if request.method == "POST":
        try:
            issued = services.badges(
                workers=_chosen(place, request.POST), now=clock.now(), actor=user.pk, instead="instead" in request.POST
            )
        except Fault as fault:
            wrong = fault.message
        else:
            made = {"made": issued[0].issued_at, "paper": _paper(request.POST)}
            return redirect(f"{reverse('doors:badges', args=[place.pk])}?{urlencode(made)}")
    return render(request, "doors/badges/print.html", _shown(request, place, wrong), status=422 if wrong else 200)


def _shown(request: HttpRequest, place: Enterprise, wrong: str) -> dict[str, object]:
    typed = request.GET.get("q", "").strip()
    rows = badges.working(place)
    if typed:
        rows = rows.filter(worker__in=registry.workers(actor(request), text=typed, enterprise=place.pk))
    page = page_of(request, rows)
    looked_at(one.worker_id for one in page)
    made = _moment(request.GET)
    before = badges.printings(place)
    return {
        "enterprise": place, "wrong": wrong, "all": badges.employed(place).count(), "without": badges.without(place).count(),
        "workshops": badges.workshops(place), "most": services.MOST, "page": page, "q": typed, "printings": before,
        "ready": next((one for one in before if one.issued_at == made), None), "paper": _paper(request.GET),
        "posted": request.POST,
    }  # fmt: skip


def _chosen(place: Enterprise, posted: QueryDict) -> list[UUID]:
    """The workers whom the form means."""
    whom = posted.get("whom", "")
    if whom == "workshop":
        return badges.workers(badges.employed(place).filter(workshop=posted.get("workshop", ""), workshop__gt=""))
    if whom == "all":
        return badges.workers(badges.employed(place))
    return badges.workers(badges.without(place))


def _paper(given: QueryDict) -> badges.Paper:
    return "card" if given.get("paper") == "card" else "a4"


def _moment(given: QueryDict) -> int | None:
    text = given.get("made", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


@require_GET
@requires("roster.write")
def sheets(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Badges that were made at ``?made=`` (or all that work) as PDF; its name says nothing of whose they are."""
    place, now = registry.enterprise_of(actor(request), enterprise_id), clock.now()
    made = _moment(request.GET)
    rows = badges.working(place) if made is None else badges.working(place).filter(issued_at=made)
    issued = services.again(passes=list(rows[: services.MOST]), now=now)
    if not issued:
        messages.error(request, _("Nothing can be printed once more: make new badges."))
        return redirect("doors:badges", place.pk)
    response = HttpResponse(badges.pdf(place, issued, _paper(request.GET)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="fugong-badges-{local.day_of(now):%Y%m%d}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@requires("roster.write")
def revoke(request: HttpRequest, enterprise_id: UUID, badge_id: str) -> HttpResponse:
    """Why; then the badge is red at every door that has heard of it."""
    user = actor(request)
    place = registry.enterprise_of(user, enterprise_id)
    found = badges.working(place).filter(pk=badge_id).first()
    if found is None:
        raise Http404
    looked_at([found.worker_id])
    wrong = ""
    if request.method == "POST":
        try:
            _revoke(found, request.POST, user.pk)
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The badge is revoked. Doors refuse it as soon as they hear of it."))
            return redirect("doors:badges", place.pk)
    context = {"enterprise": place, "badge": found, "reasons": services.REASONS, "wrong": wrong, "posted": request.POST}
    return render(request, "doors/badges/revoke.html", context, status=422 if wrong else 200)


def _revoke(found: Pass, posted: QueryDict, actor: UUID) -> None:
    reason = posted.get("reason", "")
    said = reason if reason in services.REASONS else posted.get("words", "")
    services.revoke(id=found.pk, reason=said, now=clock.now(), actor=actor)
