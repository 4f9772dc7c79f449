"""The checkpoint's page on the phone: first the vehicle, then those who came on it, one after another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fugong.base import clock, local
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.typed import identifier
from fugong.clearance import disinfection
from fugong.journeys.arrival import contacts, services
from fugong.journeys.arrival.services import Seen
from fugong.journeys.devices import oddities
from fugong.journeys.models import Booking, Trip
from fugong.journeys.trips import queries, staff
from fugong.ledger.acts import Waits
from fugong.registry import queries as registry

USUAL = (36.3, 36.5, 36.7)
"""Temperatures of one key, in ℃."""
FOUND = 8
MASKS = "一次性口罩"
"""What is handed out on arrival, as the ledger says it: data, in one language."""


@require_http_methods(["GET", "POST"])
@requires("checkpoint")
def arrivals(request: HttpRequest, trip_id: UUID) -> HttpResponse:
    """Record the disinfection; check in who came; see at once who is missing or extra, and who sat near a fever."""
    found, now = queries.trip_of(actor(request), trip_id), clock.now()
    trouble, candidates, searched = "", None, False
    if request.method == "POST":
        try:
            match request.POST.get("do"):
                case "disinfect":
                    _disinfect(request, found, now)
                case "check_in":
                    _check_in(request, found, now)
                case "seen":
                    oddities.look_at(
                        trip=found.pk, row=identifier(request.POST.get("row")), words=request.POST.get("words", ""),
                        now=now, actor=actor(request).pk,
                    )  # fmt: skip
                    messages.success(request, _("Kept: this line is looked at."))
                case "contacts":
                    _contacts(request, found, now)
                case "search":
                    candidates, searched = _search(request, found), True
        except Fault as fault:
            trouble = fault.message
        if not trouble and not searched:
            return redirect("journeys:arrivals", found.pk)
        found.refresh_from_db()
    return _page(request, found, now, {"trouble": trouble, "candidates": candidates})


def _number(typed: str | None) -> float:
    """A number as people type it, 0 for what is none: the service says what is wrong with it."""
    try:
        return float((typed or "").replace("，", ".").replace(",", ".").strip())
    except ValueError:
        return 0


def _disinfect(request: HttpRequest, found: Trip, now: int) -> None:
    given = request.POST
    at = now
    if given.get("at"):
        try:
            at = min(now, local.parse(given["at"]))
        except ValueError:
            at = 0
    services.disinfect(
        trip=found.pk, agent=given.get("agent", ""), mg_per_litre=_number(given.get("mg_per_litre")),
        minutes=_number(given.get("minutes")), by=given.get("by", "")[:64], at=at, now=now, actor=actor(request).pk,
    )  # fmt: skip
    messages.success(request, _("The disinfection is recorded. Its passengers can be checked in now."))


def _check_in(request: HttpRequest, found: Trip, now: int) -> None:
    given = request.POST
    masks = int(_number(given.get("masks")))
    (done,) = services.check_in(
        trip=found.pk,
        seen=[
            Seen(
                identifier(given.get("worker")), matched=given.get("matched") == "yes",
                celsius=_number(given.get("celsius")), extra="extra" in given,
                supplies=((MASKS, masks),) if masks > 0 else (),
            )
        ],
        now=now, actor=actor(request).pk,
    )  # fmt: skip
    if done.fever:
        words = _("%(name)s has a fever. Take them to the isolation room now; below stands who sat near.")
        messages.error(request, words % {"name": done.name})
    elif not done.matched:
        words = _("%(name)s is checked in, and the document is not theirs: they may not go in until that is settled.")
        messages.warning(request, words % {"name": done.name})
    else:
        messages.success(request, _("%(name)s is checked in.") % {"name": done.name})


def _contacts(request: HttpRequest, found: Trip, now: int) -> None:
    done = contacts.confirm(
        trip=found.pk, case=identifier(request.POST.get("case")), now=now, actor=actor(request).pk,
        contacts=[identifier(one) for one in request.POST.getlist("contact")],
    )  # fmt: skip
    if isinstance(done, Waits):
        words = _(
            "Nothing is written yet: it would take a permission from %(people)s people. It waits until a second person agrees."
        )
        messages.warning(request, words % {"people": done.people})
    else:
        messages.success(request, _("%(number)s people are close contacts now.") % {"number": done.result})


def _search(request: HttpRequest, found: Trip) -> list[Any]:
    """Workers in scope who may be meant, without those on the manifest."""
    text = request.POST.get("q", "").strip()
    there = found.bookings.filter(state__in=Booking.SEATED).values("worker")
    return list(registry.workers(actor(request), text=text).exclude(pk__in=there)[:FOUND]) if text else []


def _page(request: HttpRequest, found: Trip, now: int, more: dict[str, Any]) -> HttpResponse:
    user = actor(request)
    lines = queries.manifest(found, user=user)
    sick = [one for one in lines if one.booking.isolated_at is not None]
    names = {one.booking.worker_id: one for one in lines}
    limits = disinfection.limits("vehicle", now)
    context = {
        **more, "trip": found, "now": now, "limits": limits, "usual": USUAL, "given": request.POST,
        "waiting": [one for one in lines if one.booking.state in (Booking.BOOKED, Booking.BOARDED)],
        "done": [one for one in lines if one.booking.checked_in_at is not None],
        "missing": [one for one in lines if one.booking.state == Booking.BOARDED],
        "extra": [one for one in lines if one.booking.state == Booking.EXTRA],
        "unnoted": [one for one in lines if one.booking.state == Booking.ARRIVED and one.booking.boarded_at is None],
        "fevers": [(one, _near(found, one.booking, names, now)) for one in sick], "may_confirm": user.may("trip.plan"),
        "expected": len([one for one in lines if one.booking.state in (*Booking.SEATED, Booking.EXTRA)]),
        "odd": oddities.of_trip(found), "refused": oddities.refused(found), "most": oddities.MOST_WORDS,
        "draft": found.state in (Trip.DRAFT, Trip.CANCELLED),
    }  # fmt: skip
    return render(request, "journeys/arrivals.html", context, status=422 if more["trouble"] else 200)


def _near(found: Trip, case: Booking, names: dict[UUID, queries.Line], now: int) -> dict[str, Any]:
    around = contacts.near(found, case, now)
    known = [names[one.worker_id] for one in around.bookings if one.worker_id in names]
    crew = [one for one in staff.of_trip(found) if one[1].pk in around.crew]
    return {
        "rule": around.rule, "rows": around.rows, "lines": known, "crew": crew, "number": len(known) + len(crew),
        "written": contacts.written(case),
    }  # fmt: skip
