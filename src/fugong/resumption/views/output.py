"""Output: an enterprise's own figures, with what is asked back; the town's list of who reported and what is questioned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock, local
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.ledger.kinds import KINDS
from fugong.registry.models import Enterprise
from fugong.registry.queries import enterprise_of
from fugong.resumption import forms, queries, readiness
from fugong.resumption.models import Question, Report
from fugong.resumption.services import output
from fugong.resumption.services.output import Figures

LAST = 30


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked back about a figure, in words."""

    title: Any
    code: str
    detail: Any


def _asked(code: str, detail: Any) -> _Asked:
    return _Asked(dict(Question.CODES)[code], code, detail)


@require_http_methods(["GET", "POST"])
@requires("enterprise.read")
def enterprise(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Today's output, asked back before it is stored where it doesn't fit; the last reports; what is still to be explained."""
    user, now, wrong, doubts = actor(request), clock.now(), "", list[_Asked]()
    one = enterprise_of(user, enterprise_id)
    may_report = KINDS["capacity"].may_be_stated_by(user.role.name)
    if request.method == "POST":
        if not may_report:
            raise Http404
        try:
            doubts = _take_in(request, one, now)
        except Fault as fault:
            wrong = fault.message
        if not wrong and not doubts:
            return redirect("resumption:output", enterprise_id)
    status = 422 if wrong or doubts else 200
    return render(
        request, "resumption/output.html", _about(request, one, now, wrong, doubts, may_report), status=status
    )


def _about(
    request: HttpRequest, one: Enterprise, now: int, wrong: str, doubts: list[_Asked], may_report: bool
) -> dict[str, Any]:  # fmt: skip
    reports = list(Report.objects.filter(enterprise=one, standing=True).order_by("-at", "-recorded_at")[:LAST])
    questions: dict[UUID, list[Question]] = {}
    for question in Question.objects.filter(report__in=[report.pk for report in reports]):
        questions.setdefault(question.report_id, []).append(question)
    posted = request.POST
    usual = f"{reports[0].normal:.2f}".removesuffix(".00") if reports else ""
    return {
        "no_limits": readiness.lacks(now)[1],
        "enterprise": one, "wrong": wrong, "doubts": doubts, "may_report": may_report, "now": now,
        "rows": [(report, report.current / report.normal, questions.get(report.pk, [])) for report in reports],
        "open": [_asked(q.code, q.detail) for rows in questions.values() for q in rows if q.answered_at is None],
        "day": posted.get("day") or local.day_of(now).isoformat(), "current": posted.get("current", ""),
        "normal": posted.get("normal") or usual, "words": posted.get("words", ""),
    }  # fmt: skip


def _take_in(request: HttpRequest, one: Enterprise, now: int) -> list[_Asked]:
    """Store the figure, or say what is asked back before it is stored. Raises Fault."""
    posted, by = request.POST, actor(request).pk
    if posted.get("do") == "explain":
        output.explain(enterprise=one.pk, words=posted.get("words", ""), now=now, actor=by)
        messages.success(request, _("Thank you. Nothing about your figures is open."))
        return []
    day = forms.day(posted.get("day"), "day")
    current, normal = forms.yuan(posted.get("current"), "current", 0), forms.yuan(posted.get("normal"), "normal", 1)
    words = posted.get("words", "").strip()
    found = output.doubts([Figures(one.pk, day, current, normal)], now)[0]
    if found and not words and posted.get("do") != "later":
        return [_asked(doubt.code, doubt.detail) for doubt in found]
    left = output.report(enterprise=one.pk, day=day, current=current, normal=normal, words=words, now=now, actor=by)
    if left:
        messages.warning(request, _("Stored. It is still to be explained why the figure is right."))
    else:
        messages.success(request, _("Stored."))
    return []


@require_GET
@requires("enterprise.read")
def town(request: HttpRequest) -> HttpResponse:
    """Capacity back of the enterprises in the user's scope, never without numerator and denominator; who is questioned."""
    user, now = actor(request), clock.now()
    shown = request.GET.get("shown", "")
    shown = shown if shown in ("questioned", "today", "missing") else ""
    text = request.GET.get("q", "").strip()[:64]
    page = page_of(request, queries.reporting(user, now, shown=shown, text=text), 50)
    context = {
        "no_limits": readiness.lacks(now)[1],
        "page": page, "rows": queries.output_rows(list(page), now), "shown": shown, "q": text,
        "total": queries.output_total(user, now), "all": queries.enterprises(user), "days": queries.RECENT_DAYS,
    }  # fmt: skip
    return render(request, "resumption/outputs.html", context)
