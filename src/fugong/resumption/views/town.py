"""The town's pages: filings, one filing with what can be decided, stopping an enterprise, the way of filing."""

from __future__ import annotations

from collections.abc import Callable
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
from fugong.base.typed import identifier_or_nobodys
from fugong.ledger.acts import Waits
from fugong.registry.models import Employment
from fugong.registry.queries import enterprise_of
from fugong.resumption import forms, queries, readiness
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import REGIMES, Filing
from fugong.resumption.papers import COMMITMENTS, MODELS, PAPERS
from fugong.resumption.services import filings as own
from fugong.resumption.services import review, rules
from fugong.resumption.services.writing import By


@require_GET
@requires("enterprise.read")
def listed(request: HttpRequest) -> HttpResponse:
    """Filings of the enterprises in the user's scope, and how many of these work."""
    user, now = actor(request), clock.now()
    states = [
        *Filing.STATES,
        ("unchecked", _("begun, and still to be checked")),
        ("overdue", _("a condition is overdue")),
    ]
    state, regime = request.GET.get("state", ""), request.GET.get("regime", "")
    state = state if state in dict(states) else ""
    regime = regime if regime in dict(REGIMES) else ""
    text = request.GET.get("q", "").strip()[:64]
    page = page_of(request, queries.listed(user, now, state=state, regime=regime, text=text), 50)
    context = {
        "page": page, "states": states, "state": state, "regime": regime, "regimes": REGIMES, "q": text,
        "counts": queries.counts(user, now), "resumed": queries.resumed(user, now), "all": queries.enterprises(user),
        "way": dict(REGIMES)[queries.way(now).regime], "may_set": user.may("town.read"),
    }  # fmt: skip
    return render(request, "resumption/filings.html", context)


@require_http_methods(["GET", "POST"])
@requires("enterprise.read")
def filing(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """One filing: what was said, what is known now, its history; by POST what the town decides, or the enterprise takes back."""
    user, now, wrong = actor(request), clock.now(), ""
    found = queries.filing_of(user, filing_id)
    if request.method == "POST":
        do = _DOING.get(request.POST.get("do", ""), _nothing)
        if not user.may("roster.write" if do in (_take_back, _nothing) else "town.write"):
            raise Http404
        try:
            said = do(request, found, By(now, user.pk))
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, said)
            return redirect("resumption:filing", filing_id)
    return render(request, "resumption/filing.html", _shown(request, found, now, wrong), status=422 if wrong else 200)


def _shown(request: HttpRequest, found: Filing, now: int, wrong: str) -> dict[str, Any]:
    user = actor(request)
    lists = readiness.checklist(found.enterprise_id, now)
    conditions = list(found.conditions.order_by("met_at", "due", "pk"))
    return {
        "no_list": readiness.lacks(now)[0], "plan_file": queries.plan_file(found), "filing": found, "wrong": wrong,
        "checklist": lists, "now": now, "posted": request.POST,
        "commitments": [COMMITMENTS[c] for c in found.commitments],
        "steps": found.steps.select_related("actor").order_by("-at", "-pk"), "conditions": conditions,
        "people": Employment.objects.filter(enterprise=found.enterprise_id, active=True).count(),
        "may_decide": user.may("town.write"), "own": found.filed_by_id == user.pk, "may_file": user.may("roster.write"),
        "unchecked": found.state == Filing.IN_FORCE and found.checked_at is None and not found.listed,
        "last": found.steps.order_by("-at", "-pk").first(),
    }  # fmt: skip


def _approve(request: HttpRequest, found: Filing, by: By) -> str:
    review.approve(
        filing=found.pk, enterprise=found.enterprise_id, conditions=forms.conditions(request.POST),
        words=request.POST.get("words", "").strip(), by=by,
    )  # fmt: skip
    return _("Approved. Whoever lacked nothing else may work.")


def _send_back(request: HttpRequest, found: Filing, by: By) -> str:
    review.send_back(filing=found.pk, enterprise=found.enterprise_id, words=request.POST.get("words", ""), by=by)
    return _("Sent back. The enterprise reads what has to be completed.")


def _refuse(request: HttpRequest, found: Filing, by: By) -> str:
    review.refuse(filing=found.pk, enterprise=found.enterprise_id, words=request.POST.get("words", ""), by=by)
    return _("Refused. The enterprise reads why, and may file anew.")


def _check(request: HttpRequest, found: Filing, by: By) -> str:
    review.check(filing=found.pk, conditions=forms.conditions(request.POST), words=request.POST.get("words", ""), by=by)
    return _("Checked.")


def _lift(request: HttpRequest, found: Filing, by: By) -> str:
    review.lift(filing=found.pk, enterprise=found.enterprise_id, words=request.POST.get("words", ""), by=by)
    return _("The suspension is lifted: the enterprise works again.")


def _meet(request: HttpRequest, found: Filing, by: By) -> str:
    key = identifier_or_nobodys(request.POST.get("condition"))
    if not found.conditions.filter(pk=key).exists():
        raise ResumptionError("resumption.unknown")
    review.meet(condition=key, words=request.POST.get("words", ""), by=by)
    return _("The condition is met.")


def _take_back(request: HttpRequest, found: Filing, by: By) -> str:
    own.take_back(filing=found.pk, enterprise=found.enterprise_id, by=by)
    return _("The filing is taken back.")


def _nothing(request: HttpRequest, found: Filing, by: By) -> str:
    raise ResumptionError("resumption.nothing_asked")


_DOING: dict[str, Callable[[HttpRequest, Filing, By], str]] = {
    "approve": _approve, "send_back": _send_back, "refuse": _refuse, "check": _check, "lift": _lift, "meet": _meet,
    "take_back": _take_back,
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires("town.write")
def stop(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Suspend or withdraw: what it means, why, and only then."""
    user, now, wrong = actor(request), clock.now(), ""
    enterprise = enterprise_of(user, enterprise_id)
    there = queries.open_filing(enterprise_id)
    if request.method == "POST":
        how = review.END if request.POST.get("how") == review.END else review.SUSPEND
        try:
            done = review.stop(
                enterprise=enterprise_id, how=how, reason=request.POST.get("reason", ""), by=By(now, user.pk)
            )
        except Fault as fault:
            wrong = fault.message
        else:
            if isinstance(done, Waits):
                words = _(
                    "Nothing has changed yet: it would take a permission from %(people)s people, and waits until a second"
                    " person agrees."
                )
                messages.warning(request, words % {"people": done.people})
                return redirect("clearance:waiting_act", done.id)
            messages.success(request, _("Done: nobody of this enterprise starts work from now on."))
            return redirect("resumption:filing", done.result)
    context = {
        "enterprise": enterprise, "wrong": wrong, "filing": there, "posted": request.POST,
        "works": queries.resumptions([enterprise_id], now).exists(),
        "suspended": there is not None and there.state == Filing.SUSPENDED,
        "people": Employment.objects.filter(enterprise=enterprise_id, active=True).count(),
    }  # fmt: skip
    return render(request, "resumption/stop.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@requires("town.read")
def way(request: HttpRequest) -> HttpResponse:
    """How enterprises file: what holds, what was set before, and a new way from some day on."""
    user, now, wrong = actor(request), clock.now(), ""
    if request.method == "POST":
        if not user.may("town.write"):
            raise Http404
        try:
            _set(request, now)
        except Fault as fault:
            wrong = fault.message
        else:
            messages.success(request, _("The way of filing is set."))
            return redirect("resumption:way")
    chosen = MODELS.get(request.GET.get("model", ""))
    current = queries.way(now)
    context = {
        "wrong": wrong, "current": current, "regime": dict(REGIMES)[current.regime], "rules": queries.rules()[:20],
        "papers": [PAPERS[code] for code in current.papers], "every": PAPERS.values(), "models": MODELS.values(),
        "chosen": chosen, "regimes": REGIMES, "ticked": chosen.papers if chosen else current.papers,
        "wanted": chosen.regime if chosen else current.regime, "may_set": user.may("town.write"), "now": now,
        "today": local.day_of(now).isoformat(), "items": readiness.items(now),
        "no_list": readiness.lacks(now)[0],
    }  # fmt: skip
    return render(request, "resumption/way.html", context, status=422 if wrong else 200)


def _set(request: HttpRequest, now: int) -> None:
    posted = request.POST
    regime = posted.get("regime", "")
    if regime not in dict(REGIMES):
        raise ResumptionError("resumption.no_regime", field="regime")
    rules.set_rule(
        regime=regime, papers=posted.getlist("paper"), start=forms.day(posted.get("start"), "start"),
        now=now, actor=actor(request).pk, model=posted.get("model", "")[:32],
    )  # fmt: skip
