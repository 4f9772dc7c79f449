"""The board of problems, a problem with its history, and the steps that it takes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock, local
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.paging import page_of
from fugong.clearance.queries import operations
from fugong.registry.queries import enterprise_of
from fugong.teams import forms, queries
from fugong.teams.models import PROBLEM_KINDS, Problem
from fugong.teams.services import problems
from fugong.teams.services.problems import NewProblem


@require_GET
@requires("town.read", "problems.write")
def board(request: HttpRequest) -> HttpResponse:
    """What is open, late, and of which kind, of the enterprises in one's scope."""
    user, now = actor(request), clock.now()
    every = queries.problems_in(user)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    tallies = queries.tallies(every, now)
    rows = [(name, title, tallies.get(name)) for name, title in PROBLEM_KINDS]
    listed = page_of(request, queries.shown(every, now, state=state, kind=kind))
    context = {
        "page": listed, "lines": [(one, one.is_late(now)) for one in listed], "kinds": rows,
        "totals": queries.summed(tallies.values()),
        "state": state, "kind": kind, "states": Problem.STATES, "now": now, "own": user.role.scope == "enterprise",
        "enterprise": user.scope_id if user.role.scope == "enterprise" else None,
    }  # fmt: skip
    return render(request, "teams/problems.html", context)


@require_http_methods(["GET", "POST"])
@requires("town.read", "problems.write")
def page(request: HttpRequest, problem_id: UUID) -> HttpResponse:
    """A problem: what it is, all that happened to it, and what can be done now."""
    user, now, wrong = actor(request), clock.now(), ""
    found = queries.problem_of(user, problem_id)
    if request.method == "POST":
        if not user.may("problems.write"):
            raise Http404
        wrong = _stepped(request, found, user, now)
        if not wrong:
            return redirect("teams:problem", found.pk)
        found = queries.problem_of(user, problem_id)  # as somebody else may have left it
    context = {
        "problem": found, "events": found.events.select_related("actor").order_by("recorded_at", "pk"),
        "wrong": wrong, "now": now,
        "may_write": user.may("problems.write"), "may_work": user.may("visits.write"),
        "own": user.role.scope == "enterprise", "late": found.is_late(now),
        "due": local.day_of(max(found.due_at, now) + operations(now).visits.problem_days * local.DAY),
    }  # fmt: skip
    return render(request, "teams/problem.html", context, status=422 if wrong else 200)


def _stepped(request: HttpRequest, found: Problem, user: User, now: int) -> str:
    """Take a step as it was posted; what is wrong with it."""
    form = forms.Step(request.POST)
    if not form.is_valid():
        return _("Choose what to do, and say until when as a day.")
    try:
        _step(form.cleaned_data, found, user, now)
    except Fault as fault:
        return fault.message
    messages.success(request, _("It is recorded."))
    return ""


def _step(said: dict[str, Any], found: Problem, user: User, now: int) -> None:
    """One step. Raises Fault, or PermissionDenied for what isn't the enterprise's to do."""
    words, due = said["words"], forms.end_of(said["due"])
    named = user.username if user.role.scope == "enterprise" and not said["word_of"] else said["word_of"]
    if said["step"] in ("hand", "answer") and not user.may("visits.write"):
        raise PermissionDenied
    match said["step"]:
        case "hand":
            problems.hand(problem=found.pk, owner=said["owner"], due=due, words=words, now=now, actor=user.pk)
        case "answer":
            problems.answer(problem=found.pk, words=words, now=now, actor=user.pk)
        case "close":
            problems.close(problem=found.pk, word_of=named, words=words, now=now, actor=user.pk)
        case _:
            problems.reopen(problem=found.pk, word_of=named, words=words, due=due, now=now, actor=user.pk)


@require_http_methods(["GET", "POST"])
@requires("problems.write")
def new(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """An enterprise's problem, told by itself or written down for it."""
    user, now = actor(request), clock.now()
    firm = enterprise_of(user, enterprise_id)
    days = operations(now).visits.problem_days
    form = forms.NewProblem(request.POST or None, initial={"due": local.day_of(now + days * local.DAY)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            one = NewProblem(
                firm.pk, said["kind"], said["words"], now, owner=said["owner"], due=forms.end_of(said["due"])
            )
            (key,) = problems.report(problems=[one], now=now, actor=user.pk)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("The problem is reported."))
            return redirect("teams:problem", key)
    context = {"enterprise": firm, "form": form}
    return render(request, "teams/new_problem.html", context, status=422 if form.errors else 200)
