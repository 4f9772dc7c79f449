"""Who is at an observation site: for its medics, cadres and police."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.observation import queries


@require_GET
@requires("site.read")
def people(request: HttpRequest) -> HttpResponse:
    """The people at one's own site, by room; a medic sees the last temperature and opens the file."""
    user, now = actor(request), clock.now()
    site, medic = queries.site_of(user), user.may("file.read")
    guests = queries.guests(site.pk, now, with_health=medic)
    context = {
        "site": site, "guests": guests, "medic": medic, "rooms": queries.rooms(site.pk, now), "now": now,
        "taken": len({guest.room for guest in guests if guest.room}),
    }  # fmt: skip
    return render(request, "observation/people.html", context)
