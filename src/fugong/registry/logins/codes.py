"""Pages that hand out one-time codes to workers: for one of them, or for all of an enterprise who have no way in yet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.models import User
from fugong.base.signin import services
from fugong.registry.logins import queries
from fugong.registry.logins.slips import AT_ONCE, slips
from fugong.registry.queries import enterprise_of, worker_of


@requires("login.write")
def worker(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """A new code for one worker: whoever was signed in as them is signed out."""
    user = actor(request)
    found = worker_of(user, worker_id)
    login = queries.workers_login(found)
    if login is not None and not login.is_active:
        messages.warning(request, _("This worker's login is closed. Open it again; that hands out a code."))
        return redirect("logins:open", login.pk)
    if request.method == "POST":
        return hand_out(request, user, [found.pk])
    codes = list(queries.codes_of(found)[:5])
    return render(request, "registry/logins/code.html", {"worker": found, "login": login, "codes": codes})


@requires("login.write")
def enterprise(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Codes for all workers of an enterprise who have never entered and hold none."""
    user = actor(request)
    found = enterprise_of(user, enterprise_id)
    waiting = queries.without_a_way_in(user, found, clock.now())
    if request.method == "POST":
        ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
        if ids:
            return hand_out(request, user, ids)
        messages.success(request, _("Every worker has entered or holds a code already."))
    context = {"enterprise": found, "number": waiting.count(), "at_once": AT_ONCE}
    return render(request, "registry/logins/codes.html", context)


def hand_out(request: HttpRequest, user: User, workers: Sequence[UUID]) -> HttpResponse:
    """Hand out a code to each and show the slips, for the only time."""
    made = services.hand_out(
        worker_ids=workers, actor=user.pk, organisation=queries.organisation(user), now=clock.now()
    )
    links = {one.worker_id: request.build_absolute_uri(reverse("base:enter_link", args=[one.code])) for one in made}
    context = {"slips": slips(made, links), "address": request.build_absolute_uri(reverse("base:enter"))}
    return render(request, "registry/logins/slips.html", context)
