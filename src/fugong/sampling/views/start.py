"""Where sampling begins: sites, what waits, what was not negative; one's own lists of results."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.sampling import queries
from fugong.sampling.models import Tube
from fugong.sampling.services import sites

LAST = 10
"""So many of the last uploads are shown."""


@requires("sampling.write")
def start(request: HttpRequest) -> HttpResponse:
    """Every site today, what needs somebody, and one's own last uploads; a POST opens a new site."""
    user, now = actor(request), clock.now()
    wrong = ""
    if request.method == "POST" and user.may("town.write"):
        try:
            made = sites.open_site(name=request.POST.get("name", ""), now=now, actor=user.pk)
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The site is open. Offer slots at it next."))
            return redirect("sampling:slots", made.pk)
    context = {
        "loads": queries.loads(now), "uploads": queries.uploads_of(user)[:LAST], "kind": queries.KIND, "wrong": wrong,
        "waiting": queries.waiting().count(), "refused": queries.refused().count(), "files": queries.files()[:LAST],
        "tubes": queries.tubes(Tube.CLOSED).count(), "held": queries.tubes("held").count(),
        "may_open": user.may("town.write"), "name": request.POST.get("name", ""),
    }  # fmt: skip
    return render(request, "sampling/start.html", context, status=422 if wrong else 200)
