"""Who needs a test, ordering tests for them, and an order's appointment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.base import clock
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_nobodys
from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.clearance.overview import next_shift
from fugong.core.protocol.pack import Requirement
from fugong.registry.queries import enterprise_of
from fugong.registry.scope import workers_in
from fugong.sampling import queries
from fugong.sampling.due import Due, contacts, due
from fugong.sampling.models import Order
from fugong.sampling.services import booking, orders
from fugong.sampling.services.orders import Wanted

MOST = 200
"""So many orders that wait are shown."""
SLOTS = 60
"""So many free slots are offered for an appointment."""


@requires("sampling.write")
def town(request: HttpRequest) -> HttpResponse:
    """Who in the town needs a test before the next shift."""
    return _page(request, None)


@requires("roster.write")
def of_enterprise(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Who of an enterprise needs a test before the next shift."""
    return _page(request, enterprise_id)


def _page(request: HttpRequest, enterprise: UUID | None) -> HttpResponse:
    now = clock.now()
    place = None if enterprise is None else enterprise_of(actor(request), enterprise)
    shift = next_shift(now)
    found, met = due(now, shift, enterprise), contacts(now, enterprise)
    if request.method == "POST" and "contacts" in request.POST:
        soon = clearance.operations(now).sampling.follow_up_minutes * 60
        wanted = [
            Wanted(one.worker, Order.CONTACT, single=True, urgent=True, deadline=now + soon)
            for one in met
            if not one.order
        ]
        return _ordered(request, wanted, now)
    if request.method == "POST":
        return _order(request, found, shift, now)
    here = [one for one in found if one.here]
    shown = sorted(here, key=lambda one: (bool(one.order), bool(one.also)))
    page = page_of(request, shown, 100)
    looked_at(one.worker for one in page)
    waiting = list(queries.waiting(enterprise)[:MOST])
    looked_at(one.worker_id for one in waiting)
    looked_at(one.worker for one in met[:MOST])
    context = {
        "contacts": met[:MOST], "unordered": sum(not one.order for one in met), "waiting": waiting, "enterprise": place,
        "page": page, "shift": shift, "names": _names(now),
        "away": len(found) - len(here), "here": len(here), "ordered": sum(bool(one.order) for one in here),
        "only": sum(not one.order and not one.also for one in here), "states": dict(Order.STATES),
    }  # fmt: skip
    return render(request, "sampling/due.html", context)


def _names(now: int) -> dict[str, Requirement]:
    force = evaluation.force_at(now)
    return {} if force is None else dict(force.pack.requirements)


def _order(request: HttpRequest, found: Sequence[Due], shift: int, now: int) -> HttpResponse:
    """Order tests for those who were ticked, or for everybody who lacks nothing but a test."""
    open_ones = {str(one.worker): one for one in found if one.here and not one.order}
    if "everybody" in request.POST:
        chosen = [one for one in open_ones.values() if not one.also]
    else:
        chosen = [open_ones[key] for key in dict.fromkeys(request.POST.getlist("worker")) if key in open_ones]
    wanted = [Wanted(one.worker, Order.DUE, requirement=one.requirement, deadline=shift) for one in chosen]
    return _ordered(request, wanted, now)


def _ordered(request: HttpRequest, wanted: Sequence[Wanted], now: int) -> HttpResponse:
    if not wanted:
        messages.error(request, _("Choose at least one person."))
        return redirect(request.path)
    made = orders.order(wanted=wanted, now=now, actor=actor(request).pk)
    words = ngettext("%(number)s test is ordered.", "%(number)s tests are ordered.", len(made))
    messages.success(request, words % {"number": len(made)})
    return redirect(request.path)


@requires("sampling.write", "roster.write")
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """An order: choose or change its slot, give it up, cancel it."""
    user, now = actor(request), clock.now()
    found = get_object_or_404(Order.objects.select_related("worker", "appointment__slot__site", "pool"), pk=order_id)
    if not workers_in(user).filter(pk=found.worker_id).exists():
        raise Http404
    looked_at([found.worker_id])
    wrong = ""
    if request.method == "POST":
        try:
            _change(request, found, now)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("sampling:order", found.pk)
    return render(request, "sampling/order.html", _about(request, found, now, wrong), status=422 if wrong else 200)


def _about(request: HttpRequest, found: Order, now: int, wrong: str) -> dict[str, Any]:
    changeable = found.state in (Order.OPEN, Order.BOOKED)
    slots = queries.free_slots(max(now, found.not_before), found.deadline)[:SLOTS] if changeable else []
    return {
        "order": found, "wrong": wrong, "slots": slots, "changeable": changeable, "now": now,
        "employer": queries.employers([found.worker_id]).get(found.worker_id, ""),
        "above": _above(request),
    }  # fmt: skip


def _above(request: HttpRequest) -> str:
    """The list from which somebody came: the town's, or their enterprise's."""
    user = actor(request)
    return reverse("sampling:due") if user.may("sampling.write") else reverse("sampling:due_of", args=[user.scope_id])


def _change(request: HttpRequest, found: Order, now: int) -> None:
    match request.POST.get("do"):
        case "give_up":
            booking.give_up(order=found.pk, now=now)
            messages.success(request, _("The appointment is given up; the test stays ordered."))
        case "cancel":
            orders.cancel(order=found.pk, reason=request.POST.get("reason", ""), now=now)
            messages.success(request, _("The test is cancelled."))
        case _:
            booking.book(order=found.pk, slot=identifier_or_nobodys(request.POST.get("slot", "")), now=now)
            messages.success(request, _("The appointment is made."))
