"""A sampling site for its staff, phone in hand: open a tube, scan whoever comes, close it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.middleware import policy
from fugong.base.typed import identifier_or_nobodys
from fugong.registry import queries as registry
from fugong.registry import scans
from fugong.registry.models import Site, Worker
from fugong.registry.scope import workers_in
from fugong.sampling import queries, rules
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Tube, TubeMember
from fugong.sampling.services import tubes

MOST = 8
"""So many people are shown of those whom a typed text may mean."""
LONGEST = 600
"""Nothing that is scanned or typed is longer (characters)."""
NEAR = 1800
"""Slots that begin so soon (seconds), or are not over yet, are those whose people are expected now."""


@dataclass(slots=True)
class _Scan:
    """What came of a scan: those it may mean, or what is wrong."""

    typed: str = ""
    hits: list[Worker] = field(default_factory=list)
    wrong: str = ""


@requires("sampling.write")
def station(request: HttpRequest, station_id: UUID) -> HttpResponse:
    """The site now. Whom a typed name may mean is shown to be tapped; a scanned pass or badge goes in at once."""
    now = clock.now()
    site = get_object_or_404(queries.sites(now), pk=station_id)
    scan = _Scan()
    if request.method == "POST":
        try:
            done = _do(request, site, scan, now)
        except Fault as fault:
            scan.wrong = fault.message
        else:
            if done:
                return redirect("sampling:station", site.pk)
    status = 422 if scan.wrong else 200
    response = render(request, "sampling/station.html", _shown(request, site, scan, now), status=status)
    response["Content-Security-Policy"] = policy(script_src=("'wasm-unsafe-eval'",))  # what reads codes in pictures
    return response


def _shown(request: HttpRequest, site: Site, scan: _Scan, now: int) -> dict[str, Any]:
    slots = queries.day(site.pk, now)
    current = [one for one in slots if one.offer.start <= now + NEAR and one.offer.end > now]
    filling = list(queries.filling(site.pk))
    tube = next((one for one in filling if str(one.pk) == request.POST.get("tube")), filling[0] if filling else None)
    return {
        "site": site, "now": now, "slots": slots, "current": current, "sizes": [1, *rules.pool_sizes(now)],
        "expected": queries.expected([one.offer.pk for one in current]), "filling": filling, "tube": tube,
        "members": queries.members(tube) if tube else [], "scan": scan,
        "barcode": request.POST.get("barcode", "") if scan.wrong else "", "size": request.POST.get("size", ""),
        "employers": queries.employers([one.pk for one in scan.hits]),
        "taken": sum(one.taken for one in slots), "places": sum(one.offer.places for one in slots),
    }  # fmt: skip


def _do(request: HttpRequest, site: Site, scan: _Scan, now: int) -> bool:
    """What was asked for; whether it is done (else the page asks who is meant). Raises Fault."""
    posted, user = request.POST, actor(request)
    if posted.get("do") == "open":
        size = posted.get("size", "")
        tubes.open_tube(
            barcode=posted.get("barcode", ""), size=int(size) if size.isdecimal() and len(size) < 3 else 0, site=site.pk,
            now=now, actor=user.pk,
        )  # fmt: skip
        return True
    tube = Tube.objects.filter(site=site.pk, pk=identifier_or_nobodys(posted.get("tube", ""))).first()
    if tube is None:
        raise SamplingError("tube.none", field="barcode")
    match posted.get("do"):
        case "close":
            tubes.close(tube=tube.pk, now=now)
            messages.success(request, _("Tube %(barcode)s is closed.") % {"barcode": tube.barcode})
        case "take_out":
            tubes.take_out(tube=tube.pk, worker=identifier_or_nobodys(posted.get("worker", "")), now=now)
        case "add":
            found = get_object_or_404(workers_in(user), pk=identifier_or_nobodys(posted.get("worker", "")))
            _add(request, tube, found.pk, now)
        case _:
            return _scanned(request, tube, scan, now)
    return True


def _scanned(request: HttpRequest, tube: Tube, scan: _Scan, now: int) -> bool:
    user = actor(request)
    given = request.POST.get("q", "").replace("\0", "")[:LONGEST].strip()
    known = scans.whose(given, now) if given else None  # as it was scanned: in a pass two spaces are two signs
    scan.typed = " ".join(given.split())
    if known is not None and workers_in(user).filter(pk=known).exists():
        _add(request, tube, known, now)
        return True
    if scan.typed and len(scan.typed) <= 64:
        scan.hits = list(registry.workers(user, text=scan.typed)[:MOST])
    if not scan.hits:
        scan.typed = scan.typed if len(scan.typed) <= 64 else ""
        raise SamplingError("tube.nobody_scanned", field="q")
    return False


def _add(request: HttpRequest, tube: Tube, worker: UUID, now: int) -> None:
    """Into the tube; a single tube is full with that, and closed."""
    tubes.add(tube=tube.pk, workers=[worker], now=now, actor=actor(request).pk)
    name = Worker.objects.values_list("name", flat=True).get(pk=worker)
    if TubeMember.objects.filter(tube=tube).count() < tube.size:
        messages.success(request, _("%(name)s: in tube %(barcode)s.") % {"name": name, "barcode": tube.barcode})
        return
    tubes.close(tube=tube.pk, now=now)
    words = _("%(name)s: in tube %(barcode)s, which is full and closed. Take the next one.")
    messages.success(request, words % {"name": name, "barcode": tube.barcode})
