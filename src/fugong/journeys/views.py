"""Who is coming back: the list for dispatchers and drivers, on the screen and on paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fugong.base import clock, local
from fugong.base.access import actor, requires
from fugong.base.paging import page_of
from fugong.journeys import queries
from fugong.ledger import wording
from fugong.ledger.kinds import TRAVEL

AHEAD = 6
"""Unless somebody asks otherwise, the list reaches so many days ahead."""
MOST = 1_000
"""So many people stand on a list on paper."""


@require_GET
@requires("manifest.read")
def returning(request: HttpRequest) -> HttpResponse:
    """Who is on the way or means to come by a day, a page at a time."""
    now = clock.now()
    context, rows = _asked(request, now)
    page = page_of(request, rows)
    context |= {"page": page, "passengers": queries.passengers(list(page), at=now), "total": len(rows)}
    return render(request, "journeys/returning.html", context, status=422 if context["error"] else 200)


@require_GET
@requires("manifest.read")
def manifest(request: HttpRequest) -> HttpResponse:
    """The same list on paper: everybody on one sheet, in the order of the screen."""
    now = clock.now()
    context, rows = _asked(request, now)
    shown = rows[:MOST]
    context |= {"passengers": queries.passengers(shown, at=now), "total": len(rows), "most": MOST, "now": now}
    return render(request, "journeys/manifest.html", context, status=422 if context["error"] else 200)


def _asked(request: HttpRequest, now: int) -> tuple[dict[str, Any], list[queries.Coming]]:
    """The filters as they were asked for, and who is coming by them."""
    user, today = actor(request), local.day_of(now)
    until, error = local.day_after(today, AHEAD), ""
    typed = request.GET.get("until", "").strip()
    if typed:
        try:
            until = dt.date.fromisoformat(typed)
        except ValueError:
            error = _("“%(value)s” is no date. Write it as in 2020-03-15.") % {"value": typed[:40]}
    means = request.GET.get("means", "")
    means = means if means in TRAVEL else ""
    rows = queries.coming(user, at=now, until=until, means=means)
    context = {
        "until": until.isoformat(), "typed": typed, "means": means, "error": error, "own": user.role.scope == "enterprise",
        "travel": [(value, wording.CHOICES[value]) for value in TRAVEL], "may_upload": user.may("facts.write"),
    }  # fmt: skip
    return context, rows
