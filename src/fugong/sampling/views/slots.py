"""A site's slots, and labels for its tubes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from fugong.base import clock, local
from fugong.base.access import requires
from fugong.base.faults import Fault
from fugong.base.typed import identifier_or_nobodys
from fugong.clearance import queries as clearance
from fugong.registry.models import Site
from fugong.sampling import labels, queries
from fugong.sampling.errors import SamplingError
from fugong.sampling.forms import Labels, Offer
from fugong.sampling.models import SlotOffer
from fugong.sampling.services import slots as services


@requires("sampling.write")
def slots(request: HttpRequest, station_id: UUID) -> HttpResponse:
    """A site's slots on a day: offer more, change how many places one has, take one back."""
    now = clock.now()
    site = get_object_or_404(queries.sites(now), pk=station_id)
    offering = request.method == "POST" and request.POST.get("do") == "offer"
    minutes = clearance.operations(now).sampling.slot_minutes
    initial = {"day": local.day_of(now), "first": "08:00", "last": "11:30", "minutes": minutes, "places": 12}
    form, wrong = Offer(request.POST if offering else None, initial=initial), ""
    day = _day(request, now)
    if request.method == "POST" and (not offering or form.is_valid()):
        try:
            day = _do(request, site, form, day)
        except Fault as fault:
            if offering:
                form.add_error(fault.field if fault.field in form.fields else None, fault.message)
            wrong = "" if offering else fault.message
        else:
            return redirect(f"{request.path}?day={day:%Y-%m-%d}")
    context = {
        "site": site, "form": form, "wrong": wrong, "slots": queries.day(site.pk, local.start_of_day(day)), "day": day,
        "before": local.day_after(day, -1), "after": local.day_after(day), "now": now,
    }  # fmt: skip
    return render(request, "sampling/slots.html", context, status=422 if wrong or form.errors else 200)


def _day(request: HttpRequest, now: int) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return local.day_of(now)


def _do(request: HttpRequest, site: Site, form: Offer, day: date) -> date:
    posted = request.POST
    if posted.get("do") == "offer":
        first, last = form.times()
        said = form.cleaned_data
        made = services.offer_day(site=site.pk, first=first, last=last, minutes=said["minutes"], places=said["places"])
        words = ngettext("%(number)s slot is offered.", "%(number)s slots are offered.", len(made))
        messages.success(request, words % {"number": len(made)})
        chosen: date = said["day"]
        return chosen
    slot = SlotOffer.objects.filter(site=site, pk=identifier_or_nobodys(posted.get("slot", ""))).first()
    if slot is None:
        raise SamplingError("slot.gone", field="slot")
    if posted.get("do") == "withdraw":
        services.withdraw(slot=slot.pk)
    else:
        places = posted.get("places", "")
        services.set_places(slot=slot.pk, places=int(places) if places.isdecimal() and len(places) < 5 else 0)
    return local.day_of(slot.start)


@requires("sampling.write")
def printed(request: HttpRequest) -> HttpResponse:
    """Labels with new barcodes, as PDF."""
    form = Labels(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "sampling/labels.html", {"form": form}, status=422 if form.errors else 200)
    response = HttpResponse(labels.pdf(form.cleaned_data["number"]), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="fugong-tubes-{local.day_of(clock.now()):%Y%m%d}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
