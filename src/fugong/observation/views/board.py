"""The board of a site: tiles in walking order, for a tablet on the corridor."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.observation.board import board
from fugong.observation.views.reach import site_of


@require_GET
@requires("site.read", "site.write")
def page(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Every bed, who is in it, and for medics what is due and what is missing."""
    site, user, now = site_of(request, place_id), actor(request), clock.now()
    medic = user.may("site.health")
    context = {
        "site": site, "board": board(site.pk, now, with_health=medic), "now": now, "medic": medic,
        "may_write": user.may("site.write"), "by_town": user.role.scope == "town",
    }  # fmt: skip
    return render(request, "observation/board.html", context)
