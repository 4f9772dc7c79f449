"""A team's day: which enterprises are visited, in what order."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fugong.base import clock, local
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier
from fugong.teams import forms, queries
from fugong.teams.models import ServiceTeam, Visit
from fugong.teams.services import days


@require_http_methods(["GET", "POST"])
@requires("visits.write")
def day(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The visits of a day: choose them, have their order planned, drop one."""
    user, now = actor(request), clock.now()
    team = queries.team_of(user, team_id)
    chosen = forms.day_in(request.POST.get("day") or request.GET.get("day") or "", now)
    start = local.start_of_day(chosen)
    if request.method == "POST":
        try:
            _do(request, team, start, now)
        except Fault as fault:
            messages.error(request, fault.message)
        return redirect(f"{reverse('teams:day', args=[team.pk])}?day={chosen:%Y-%m-%d}")
    visits = list(queries.day_of(team, start))
    context = {
        "team": team, "day": chosen, "start": start, "visits": visits, "now": now,
        "planned": sum(one.state == Visit.PLANNED for one in visits),
        "page": page_of(request, queries.to_choose(team, start, now)),
    }  # fmt: skip
    return render(request, "teams/day.html", context)


def _do(request: HttpRequest, team: ServiceTeam, start: int, now: int) -> None:
    """What was asked for. Raises Fault."""
    user, chosen = actor(request), local.day_of(start)
    if request.POST.get("drop"):
        visit = queries.visit_of(user, identifier(request.POST["drop"]))
        days.drop(visit=visit.pk, now=now, actor=user.pk)
        messages.success(request, _("The visit to %(enterprise)s is dropped.") % {"enterprise": visit.enterprise.name})
    elif "route" in request.POST:
        ordered = days.route(team=team, day=chosen, now=now, actor=user.pk)
        behind = sum(one.arrives is None for one in ordered)
        messages.success(request, _("The order of the day is planned."))
        if behind:
            text = ngettext(
                "%(number)s visit doesn't fit into the day.", "%(number)s visits don't fit into the day.", behind
            )
            messages.warning(request, text % {"number": behind})
    else:
        ids = [identifier(one) for one in request.POST.getlist("enterprise")]
        made = days.plan_visits(team=team, enterprises=ids, day=chosen, now=now, actor=user.pk)
        text = ngettext("%(number)s visit is planned.", "%(number)s visits are planned.", len(made))
        messages.success(request, text % {"number": len(made)})
