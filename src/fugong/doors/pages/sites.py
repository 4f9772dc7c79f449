"""Sites: who is inside each, the list for an evacuation, who left without a check, and where the feverish wait."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock, local
from fugong.base.access import actor, looked_at, requires
from fugong.base.paging import page_of
from fugong.doors import arrangements, misfits, presence, remarks, visits
from fugong.doors.forms import Arranged
from fugong.doors.presence import ORDERS
from fugong.doors.remarks import RemarkError
from fugong.registry.models import Worker
from fugong.registry.reveal import held

DAY = 86_400
ROWS = 50


@requires("door.override", "roster.write", "town.read")
def sites(request: HttpRequest) -> HttpResponse:
    """Every site in the user's scope: how many are inside, and how much did not fit in the last 24 hours."""
    user, now = actor(request), clock.now()
    page = page_of(request, presence.sites_of(user))
    counts = presence.counts(list(page), now)
    may_settle = user.may("roster.write")
    shows = may_settle or user.may("town.read")
    unfitting = misfits.open_counts([site.pk for site in page], now - DAY, now + 1) if shows else {}
    context = {
        "page": page, "rows": [(one, unfitting.get(one.site.pk)) for one in counts], "now": now, "shows": shows,
        "may_open": may_settle or user.may("door.override"), "may_settle": may_settle,
        "several": user.role.scope != "enterprise", "total": sum(one.all for one in counts),
    }  # fmt: skip
    return render(request, "doors/sites/list.html", context)


@requires("door.override", "roster.write")
def inside(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Who is inside a site now."""
    user, now = actor(request), clock.now()
    site = presence.site_of(user, site_id)
    order = request.GET.get("sort", "")
    order = order if order in ORDERS else "since"
    found = presence.inside(site, now, order)
    only_missed = request.GET.get("show") == "missed"
    missed = [one for one in found if one.missed]
    visitors = presence.present([site.pk], now)
    context = {
        "site": site, "now": now, "order": order, "page": page_of(request, missed if only_missed else found, ROWS),
        "inside": len(found), "missed": len(missed), "only_missed": only_missed, "visitors": visitors.count(),
        "may_settle": user.may("roster.write"),
    }  # fmt: skip
    return render(request, "doors/sites/inside.html", context)


@requires("door.override", "roster.write")
def evacuation(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Everybody inside as a list to print and tick off, by workshop."""
    site, now = presence.site_of(actor(request), site_id), clock.now()
    shown = held.reason(request.session, now) is not None and actor(request).may("number.reveal")
    visitors = [(visit, visits.shown(visit, whole=shown)) for visit in presence.present([site.pk], now)]
    context = {"site": site, "now": now, "people": presence.inside(site, now, "workshop"), "visitors": visitors}
    return render(request, "doors/sites/evacuation.html", context)


@requires("door.override", "roster.write")
def left(request: HttpRequest, site_id: UUID, check_id: UUID) -> HttpResponse:
    """Somebody who came in with a check has left, though no door saw it: when, and how one knows."""
    user, now = actor(request), clock.now()
    site = presence.site_of(user, site_id)
    fact = remarks.passage_at(site, check_id)
    if fact is None or fact.values.get("direction") != "in":
        raise Http404
    worker = Worker.objects.filter(pk=fact.subject_id).first()
    if worker is None:
        raise Http404
    looked_at([worker.pk])
    said, errors = presence.left(check_id), dict[str, str]()
    if request.method == "POST":
        try:
            at = local.parse(request.POST.get("at", ""))
            remarks.have_left(
                site=site, check=check_id, at=at, words=request.POST.get("words", ""), now=now, actor=user.pk
            )
        except RemarkError as error:
            errors[error.field or "words"] = error.message
        except ValueError:
            errors["at"] = _("Please give date and time, for example 2020-03-09 18:00.")
        else:
            messages.success(request, _("“%(name)s” is marked as left.") % {"name": worker.name})
            return redirect("doors:inside", site.pk)
    context = {
        "site": site, "fact": fact, "worker": worker, "said": said, "errors": errors, "now": now,
        "most": remarks.MOST_WORDS,
    }  # fmt: skip
    return render(request, "doors/sites/left.html", context, status=422 if errors else 200)


@requires("roster.write")
def arrangement(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Where at a site somebody waits who must not go in, and whom the guard calls."""
    site = presence.site_of(actor(request), site_id)
    form = Arranged(request.POST or None, initial=arrangements.of(site))
    if request.method == "POST" and form.is_valid():
        arrangements.arrange(site=site, **form.cleaned_data)
        messages.success(request, _("Saved. Devices know it as soon as they have reached the server."))
        return redirect("doors:arrangement", site.pk)
    return render(
        request, "doors/sites/arrangement.html", {"site": site, "form": form}, status=422 if form.errors else 200
    )
