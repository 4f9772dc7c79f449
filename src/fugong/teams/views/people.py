"""Teams on the map, who is in them, whom they look after, and which town leader answers for whom."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.numbered import numbered
from fugong.base.paging import page_of
from fugong.base.typed import identifier, identifier_or_nobodys, identifier_or_none
from fugong.registry.models import Enterprise, Patch
from fugong.teams import forms, queries
from fugong.teams import share as sharing
from fugong.teams.map import drawing
from fugong.teams.models import Member, Problem
from fugong.teams.services import add_member, end_member, name_leads, places, put_in_charge


@require_GET
@requires("town.read", "visits.write")
def teams(request: HttpRequest) -> HttpResponse:
    """The patches on a map, and the teams."""
    user, now = actor(request), clock.now()
    open_ = queries.problems_in(user).exclude(state=Problem.CLOSED).order_by().values_list("enterprise__patch")
    numbers = dict(open_.annotate(n=Count("pk")).values_list("enterprise__patch", "n"))
    found, chosen = queries.teams_in(user), identifier_or_none(request.GET.get("patch"))
    town = user.role.scope != "patch"
    areas = [one for one in queries.areas() if town or one[0].pk == user.scope_id]  # of others a team sees no number
    patch = next((one for one, _area in areas if one.pk == chosen), None)
    here = found.filter(patch=patch) if patch else found
    page = page_of(request, sorted(here, key=lambda team: numbered(team.name)))
    context = {
        "map": drawing(areas, numbers), "patch": patch, "rows": queries.team_rows(list(page), now), "page": page,
        "may_write": user.may("town.write"), "may_visit": user.may("visits.write"), "form": forms.Areas(), "now": now,
    }  # fmt: skip
    return render(request, "teams/teams.html", context)


@require_POST
@requires("town.write")
def areas(request: HttpRequest) -> HttpResponse:
    """The patches' areas from a file of the town's own."""
    form = forms.Areas(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose the file first."))
        return redirect("teams:teams")
    try:
        number = places.draw(content=form.cleaned_data["file"].read(), now=clock.now())
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("%(number)s patches are on the map.") % {"number": number})
    return redirect("teams:teams")


@require_http_methods(["GET", "POST"])
@requires("town.read", "visits.write")
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """A team: its members, and the enterprises that it looks after."""
    user, now = actor(request), clock.now()
    found = queries.team_of(user, team_id)
    form = forms.NewMember(found, request.POST if "user" in request.POST else None)
    if request.method == "POST":
        if not user.may("town.write"):
            raise Http404
        try:
            if _changed_members(request, form, now):
                return redirect("teams:team", found.pk)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    members = Member.objects.filter(team=found).order_by("-end", "-leads", "name")
    mine = Enterprise.objects.filter(charges__team=found, charges__start__lte=now, charges__end__gt=now)
    context = {
        "team": found, "members": members, "page": page_of(request, mine.order_by("name", "pk")), "form": form, "now": now,
        "may_write": user.may("town.write"), "may_visit": user.may("visits.write"),
    }  # fmt: skip
    return render(request, "teams/team.html", context, status=422 if form.errors else 200)


def _changed_members(request: HttpRequest, form: forms.NewMember, now: int) -> bool:
    """Add or end a member; whether that was done. Raises Fault."""
    ended = request.POST.get("end")
    if ended:
        member = get_object_or_404(Member, pk=identifier(ended), team=form.team)
        end_member(member=member.pk, end=now)
        messages.success(request, _("%(name)s has left the team.") % {"name": member.name})
        return True
    if not form.is_valid():
        return False
    said = form.cleaned_data
    add_member(team=form.team, user=said["user"].pk, name=said["name"], start=now, leads=said["leads"])
    messages.success(request, _("%(name)s is in the team.") % {"name": said["name"]})
    return True


@require_http_methods(["GET", "POST"])
@requires("town.write")
def share(request: HttpRequest, patch_id: UUID) -> HttpResponse:
    """Who looks after which enterprise of a patch: a proposal by load, which a person changes and accepts."""
    user, now = actor(request), clock.now()
    patch = get_object_or_404(Patch, pk=patch_id)
    proposal = sharing.propose(patch, now)
    if request.method == "POST":
        try:
            names = {f"team-{line.enterprise.pk}": line.enterprise.pk for line in proposal.lines}
            choices = {key: UUID(request.POST[name]) for name, key in names.items() if request.POST.get(name)}
            seen = int(request.POST.get("seen") or now)
            number = put_in_charge(choices=choices, now=now, actor=user.pk, seen=seen)
        except ValueError as fault:
            messages.error(request, fault.message if isinstance(fault, Fault) else _("Choose a team of this patch."))
        else:
            text = ngettext(
                "%(number)s enterprise has another team now.", "%(number)s enterprises have another team now.", number
            )
            messages.success(request, text % {"number": number} if number else _("Nothing was changed."))
            return redirect("teams:teams")
    loads = [(one, proposal.loads[one.pk]) for one in proposal.teams]
    context = {"patch": patch, "share": proposal, "loads": loads, "now": now}
    return render(request, "teams/share.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@requires("town.read", "visits.write")
def leads(request: HttpRequest) -> HttpResponse:
    """The enterprises above designated size with the town leader who answers for each; those without come first."""
    user, now, wrong = actor(request), clock.now(), ""
    without = request.GET.get("without") == "1"
    if request.method == "POST":
        if not user.may("town.write"):
            raise Http404
        wrong = _name(request, now)
        if not wrong:
            return redirect(request.get_full_path())
    rows = queries.lead_rows(user, now)
    lacking = sum(row.lead is None for row in rows)
    context = {
        "page": page_of(request, [row for row in rows if row.lead is None] if without else rows), "total": len(rows),
        "lacking": lacking, "without": without, "may_write": user.may("town.write"), "wrong": wrong,
    }  # fmt: skip
    return render(request, "teams/leads.html", context, status=422 if wrong else 200)


def _name(request: HttpRequest, now: int) -> str:
    """Name the town leader of an enterprise, and say so; or what is wrong."""
    firm = identifier_or_nobodys(request.POST.get("enterprise"))
    said = request.POST.get("name", ""), request.POST.get("post", "")
    try:
        number = name_leads(leads={firm: said}, now=now, actor=actor(request).pk)
    except Fault as fault:
        return fault.message
    named = {"name": said[0].strip(), "enterprise": Enterprise.objects.get(pk=firm).name}
    if number:
        messages.success(request, _("%(name)s answers for %(enterprise)s.") % named)
    else:
        messages.info(request, _("Nothing was changed."))
    return ""
