"""An enterprise's own pages: what is ready and what isn't, the filing, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fugong.base import clock, files, local
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.ledger.kinds import KINDS
from fugong.registry import asked
from fugong.registry.asked.forms import answers
from fugong.registry.models import Enterprise
from fugong.registry.queries import enterprise_of
from fugong.resumption import forms, queries, readiness
from fugong.resumption.models import REGIMES, Filing
from fugong.resumption.papers import COMMITMENTS, PLAN
from fugong.resumption.readiness import Checklist
from fugong.resumption.services import filings
from fugong.resumption.services.writing import By


@require_http_methods(["GET", "POST"])
@requires("enterprise.read")
def ready(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """The checklist with what is known and what is missing; a POST keeps answers."""
    user, now, wrong = actor(request), clock.now(), ""
    enterprise = enterprise_of(user, enterprise_id)
    may_answer = KINDS["evidence"].may_be_stated_by(user.role.name)
    checklist = readiness.checklist(enterprise_id, now)
    if request.method == "POST":
        if not may_answer:
            raise Http404
        try:
            number = _answer(request, enterprise, checklist, now)
        except Fault as fault:
            wrong = fault.message
        else:
            words = ngettext("%(number)s answer is kept.", "%(number)s answers are kept.", number)
            messages.success(request, words % {"number": number})
            return redirect("resumption:enterprise", enterprise_id)
    context = _about(enterprise, checklist, now) | {
        "wrong": wrong, "may_answer": may_answer, "may_file": user.may("roster.write"), "may_stop": user.may("town.write"),
    }  # fmt: skip
    return render(request, "resumption/enterprise.html", context, status=422 if wrong else 200)


def _about(enterprise: Enterprise, checklist: Checklist, now: int) -> dict[str, Any]:
    found = list(
        Filing.objects.filter(enterprise=enterprise).order_by("-filed_at", "-pk").prefetch_related("conditions")[:10]
    )
    way = queries.way(now)
    since = checklist.known.resumed_since
    there = next((one for one in found if one.state in Filing.OPEN), None)
    return {
        "accept": files.ACCEPT, "no_list": readiness.lacks(now)[0],
        "enterprise": enterprise, "checklist": checklist, "filings": found, "open": there, "since": since, "now": now,
        "works": since is not None and since <= now, "regime": dict(REGIMES)[way.regime],
        "lacking": filings.lacking(checklist, way.regime), "asked_of_people": [
            line for line in checklist.lines if line.drawn is None and not (line.is_paper and line.code == PLAN)
        ],
    }  # fmt: skip


def _answer(request: HttpRequest, enterprise: Enterprise, checklist: Checklist, now: int) -> int:
    lines = [line for line in checklist.lines if line.drawn is None]
    known = {line.code: line.given for line in lines if line.given is not None}
    given = answers(request.POST, enterprise.pk, [line.question for line in lines], now, known, request.FILES)
    asked.give(answers=given, source="page", now=now, actor=actor(request).pk, evidence="self")
    return len(given)


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def file(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """The filing itself, new or sent back to be completed."""
    user, now, wrong, field = actor(request), clock.now(), "", ""
    enterprise = enterprise_of(user, enterprise_id)
    there = queries.open_filing(enterprise_id)
    returned = there if there is not None and there.state == Filing.RETURNED else None
    if request.method == "POST":
        try:
            made = _file(request, enterprise_id, returned, now)
        except Fault as fault:
            wrong, field = fault.message, fault.field or ""
        else:
            messages.success(request, _said(made))
            return redirect("resumption:filing", made.pk)
    way = queries.way(now)
    checklist = readiness.checklist(enterprise_id, now)
    context = {
        "accept": files.ACCEPT, "no_list": readiness.lacks(now)[0],
        "enterprise": enterprise, "wrong": wrong, "field": field, "returned": returned, "checklist": checklist,
        "regime": dict(REGIMES)[way.regime], "lacking": filings.lacking(checklist, way.regime),
        "short": checklist.of("short"), "commitments": COMMITMENTS, "said": _typed(request, returned, now),
        "back": there.steps.order_by("-at").first() if returned and there else None,
        "plan_file": queries.plan_file(returned) if returned else None,
    }  # fmt: skip
    return render(request, "resumption/file.html", context, status=422 if wrong else 200)


def _file(request: HttpRequest, enterprise: UUID, returned: Filing | None, now: int) -> Filing:
    said, by = forms.said(request.POST, request.FILES.get("plan_file")), By(now, actor(request).pk)
    if returned is not None:
        return filings.complete(filing=returned.pk, enterprise=enterprise, said=said, by=by)
    return filings.file(enterprise=enterprise, said=said, by=by)


def _said(made: Filing) -> str:
    if made.state == Filing.IN_FORCE:
        return _("Received: the enterprise may work. The town checks it afterwards.")
    return _("Filed. The town looks at it; what it says appears here.")


def _typed(request: HttpRequest, returned: Filing | None, now: int) -> dict[str, Any]:
    """What stands in the form: what was typed, what was filed before, or nothing."""
    posted = request.POST
    if request.method == "POST":
        return {
            "starts": posted.get("starts", ""), "plan": posted.get("plan", ""), "signed_by": posted.get("signed_by", ""),
            "commitments": posted.getlist("commitment"),
        }  # fmt: skip
    first = local.day_of(max(now, returned.starts) if returned else now)
    return {
        "starts": first.isoformat(), "plan": returned.plan if returned else "", "commitments": [],
        "signed_by": returned.signed_by if returned else "",
    }  # fmt: skip
