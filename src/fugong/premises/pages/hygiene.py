"""The schedule of disinfections: what is due, recording one with its picture."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.ids import uuid7
from fugong.base.paging import page_of
from fugong.base.personal import decrypt_bytes
from fugong.base.typed import identifier_or_none
from fugong.premises import printing
from fugong.premises.errors import PremisesError
from fugong.premises.hygiene import queries, services
from fugong.premises.hygiene.services import Done
from fugong.premises.models import Duty, Photo
from fugong.premises.models.hygiene import PLACES
from fugong.premises.pages.common import by_page, moment, number, pdf, tabs
from fugong.premises.sites import risk_level, site_of, sites_of
from fugong.registry import queries as registry
from fugong.registry.models import Enterprise


@require_http_methods(["GET", "POST"])
@requires("checkpoint")
def upkeep(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """What is to be disinfected, the most overdue first; recording what was done; places to put on the schedule."""
    user, now, wrong = actor(request), clock.now(), ""
    enterprise = registry.enterprise_of(user, enterprise_id)
    if request.method == "POST":
        try:
            _do(request, enterprise, now)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("premises:upkeep", enterprise.pk)
    found = queries.duties(now, enterprise=enterprise.pk)
    page = page_of(request, found)
    context = {
        "enterprise": enterprise, "tabs": list(tabs(request, enterprise, "upkeep")), "page": page, "now": now,
        "lines": queries.lines(list(page), now), "late": queries.overdue(found, now).count(), "level": risk_level(now),
        "limits": services.limits_of("workshop", now), "kinds": PLACES, "sites": sites_of(enterprise.pk), "wrong": wrong,
        "posted": request.POST, "may_change": user.may("roster.write"), "id": uuid7(),
    }  # fmt: skip
    return render(request, "premises/upkeep.html", context, status=422 if wrong else 200)


def _do(request: HttpRequest, enterprise: Enterprise, now: int) -> None:
    posted, by = request.POST, by_page(request)
    match posted.get("do"):
        case "add" if actor(request).may("roster.write"):
            services.add_duty(
                site=site_of(enterprise.pk, identifier_or_none(posted.get("site"))), kind=posted.get("kind", ""),
                name=posted.get("name", ""), responsible=posted.get("responsible", ""), now=now,
            )  # fmt: skip
            messages.success(request, _("It is on the schedule."))
        case "end" if actor(request).may("roster.write"):
            services.end_duty(duty=identifier_or_none(posted.get("duty")) or uuid7(), enterprise=enterprise.pk, now=now)
            messages.success(request, _("It is no longer on the schedule."))
        case "record":
            photo = request.FILES.get("photo")
            if photo is not None and (photo.size or 0) > services.MOST_BYTES:
                raise PremisesError("duty.photo_large", field="photo", limit=services.MOST_BYTES // 2**20)
            done = Done(
                posted.get("agent", ""), _typed(posted.get("mg_per_litre")), _typed(posted.get("minutes")),
                posted.get("who", ""), photo.read() if photo is not None else b"",
            )  # fmt: skip
            duty = Duty.objects.filter(pk__in=[identifier_or_none(posted.get("duty"))], enterprise=enterprise).first()
            if duty is None:
                raise PremisesError("duty.unknown", field="duty")
            at = moment(posted.get("at"), now)
            services.record(duty=duty.pk, done=done, at=min(at, now) if at - now < 60 else at, by=by,
                            id=identifier_or_none(posted.get("id")))  # fmt: skip
            messages.success(request, _("%(place)s: the disinfection is on record.") % {"place": duty.name})


def _typed(text: str | None) -> float:
    found = number(text)
    if found < 0:
        raise PremisesError("duty.number", field="mg_per_litre")
    return found


@require_GET
@requires("checkpoint")
def photo(request: HttpRequest, enterprise_id: UUID, cleaning_id: UUID) -> HttpResponse:
    """The picture that goes with a disinfection."""
    enterprise = registry.enterprise_of(actor(request), enterprise_id)
    found = Photo.objects.filter(cleaning=cleaning_id, cleaning__enterprise=enterprise).first()
    if found is None:
        raise Http404
    response = HttpResponse(decrypt_bytes(bytes(found.encrypted)), content_type=found.media_type)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@requires("checkpoint")
def sheet(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """The schedule on paper: whoever disinfects writes down when, with what, and signs."""
    enterprise, now = registry.enterprise_of(actor(request), enterprise_id), clock.now()
    found = list(queries.duties(now, enterprise=enterprise.pk)[:500])
    return pdf(printing.upkeep_sheet(enterprise, queries.lines(found, now), now), "fugong-disinfections.pdf")
