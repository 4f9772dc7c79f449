"""The schedule of appointments: asked for, looked at, booked or dropped."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.core.text import CoreError
from fugong.registry.models import Site
from fugong.sampling import queries
from fugong.sampling.models import Order, SlotOffer, SlotPlan
from fugong.sampling.services import schedule as services

LAST = 10
MOST = 100
"""So many people without a slot are named."""


@requires("sampling.write")
def schedule(request: HttpRequest) -> HttpResponse:
    """Who waits, and the last schedules; a POST makes a new one."""
    now, wrong = clock.now(), ""
    if request.method == "POST":
        try:
            made = services.propose(now=now, actor=actor(request).pk, movable="keep" not in request.POST)
        except CoreError as problem:
            wrong = problem.text(get_language() or "")
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("sampling:plan", made.pk)
    waiting = queries.waiting()
    context = {
        "wrong": wrong, "open": waiting.filter(state=Order.OPEN).count(), "booked": waiting.filter(state=Order.BOOKED).count(),
        "free": sum(one.free for one in queries.free_slots(now)), "plans": SlotPlan.objects.order_by("-made_at", "-pk")[:LAST],
        "seconds": int(services.SECONDS),
    }  # fmt: skip
    return render(request, "sampling/schedule.html", context, status=422 if wrong else 200)


@requires("sampling.write")
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """A schedule: how many where and when, who finds no slot, and what would do. A POST books or drops it."""
    found, now, wrong = get_object_or_404(SlotPlan, pk=plan_id), clock.now(), ""
    if request.method == "POST":
        try:
            _decide(request, found, now)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("sampling:plan", found.pk)
    return render(request, "sampling/plan.html", _about(found) | {"wrong": wrong}, status=422 if wrong else 200)


def _decide(request: HttpRequest, found: SlotPlan, now: int) -> None:
    if request.POST.get("do") == "drop":
        services.drop(plan=found.pk, now=now)
        messages.success(request, _("The schedule is dropped; nothing was booked."))
        return
    services.apply(plan=found.pk, now=now)
    words = ngettext("%(number)s appointment is made.", "%(number)s appointments are made.", len(found.plan))
    messages.success(request, words % {"number": len(found.plan)})


def _about(found: SlotPlan) -> dict[str, object]:
    coming = Counter(found.plan.values())
    slots = SlotOffer.objects.select_related("site").filter(pk__in=coming).order_by("start", "site__name")
    lacking = found.lacking
    sites = {
        str(pk): name
        for pk, name in Site.objects.filter(pk__in={one[0] for one in lacking["further"]}).values_list("pk", "name")
    }
    named = Order.objects.filter(pk__in=[*lacking["without"], *lacking["never"]]).select_related("worker")
    left = list(named.order_by("worker__name", "pk")[:MOST])
    looked_at(one.worker_id for one in left)
    return {
        "plan": found, "slots": [(one, coming[str(one.pk)]) for one in slots], "left": left, "never": set(lacking["never"]),
        "further": [(sites.get(site, ""), start, more) for site, start, more in lacking["further"]],
        "short": len(lacking["without"]) + len(lacking["never"]),
    }  # fmt: skip
