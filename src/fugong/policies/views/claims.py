"""Claims: the list with its sums, and one with its people, its history, and the step that is due."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.base import clock, files
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.paging import page_of
from fugong.policies import forms, queries
from fugong.policies.errors import PolicyError
from fugong.policies.language.form import Evidence, Measure
from fugong.policies.language.reading import parsed
from fugong.policies.models import Claim
from fugong.policies.services import claims as services
from fugong.policies.views.shown import parts
from fugong.policies.wording import said, yuan
from fugong.registry import asked
from fugong.registry.asked.forms import answers

SHAPES = {
    Claim.DRAFTED: "none", Claim.CHECKED: "wait", Claim.SUBMITTED: "wait", Claim.APPROVED: "soon", Claim.PAID: "ok",
    Claim.REFUSED: "no", Claim.WITHDRAWN: "none",
}  # fmt: skip


@requires("town.read")
def listed(request: HttpRequest) -> HttpResponse:
    """Claims of the town, and what they come to by state."""
    state = request.GET.get("state", "")
    page = page_of(request, queries.claims(actor(request), state=state), 50)
    sums = queries.sums()
    context = {
        "page": page, "rows": [_row(one) for one in page], "states": Claim.STATES, "state": state,
        "sums": [
            (word, SHAPES[name], number, yuan(asked), yuan(given), yuan(out))
            for name, word in Claim.STATES
            if (found := sums.get(name)) is not None
            for number, asked, given, out in [found]
        ],
    }  # fmt: skip
    return render(request, "policies/claims.html", context)


def _row(claim: Claim) -> dict[str, Any]:
    payment = getattr(claim, "payment", None)
    return {
        "claim": claim, "shape": SHAPES[claim.state], "title": said(parsed(claim.measure.text).title),
        "claimed": yuan(claim.claimed), "approved": yuan(claim.approved) if claim.approved else "",
        "paid": yuan(payment.amount) if payment else "",
    }  # fmt: skip


@requires("town.read", "roster.write")
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """A claim: its people, its amounts, its history; the next step of whoever may take it."""
    user, now = actor(request), clock.now()
    found = queries.claim_of(user, claim_id)
    wrong, status = "", 200
    if request.method == "POST":
        try:
            _act(request, found, now)
        except Fault as fault:
            wrong, status = fault.message, 422
            found = queries.claim_of(user, claim_id)
        else:
            return redirect("policies:claim", found.pk)
    lines = page_of(request, found.lines.select_related("worker").order_by("worker__name", "worker_id"), 100)
    looked_at(one.worker_id for one in lines)
    measure = parsed(found.measure.text)
    context = _row(found) | {
        "page": lines, "lines": [(one.worker, yuan(one.amount)) for one in lines], "parts": parts(measure), "now": now,
        "steps": found.steps.select_related("actor").order_by("at", "id"), "wrong": wrong,
        "may_decide": user.may("town.write"), "mine": user.may("roster.write"), "publicity": measure.publicity is not None,
        "own": services.made_by(found, user.pk),
        "accept": files.ACCEPT, "may_bring": _may_bring(user, found), **_papers(found, measure, now),
        "shown": found.public_until is not None and now >= found.public_until, "whole_town": user.may("town.read"),
    }  # fmt: skip
    return render(request, "policies/claim.html", context, status=status)


def _act(request: HttpRequest, found: Claim, now: int) -> None:
    """The step that was asked for: an enterprise checks, submits and withdraws; the town does the rest."""
    user, do = actor(request), request.POST.get("do", "")
    by: dict[str, Any] = {"claim": found.pk, "now": now, "actor": user.pk}
    reason = request.POST.get("reason", "")
    if do == "bring" and _may_bring(user, found):
        _bring(request, found, by["now"])
    elif do in ("check", "submit", "withdraw") and user.may("roster.write"):
        if do == "check":
            services.check(**by)
            messages.success(request, _("Everything on the claim holds. It can be submitted."))
        elif do == "submit":
            services.submit(**by)
            messages.success(request, _("The claim is submitted."))
        else:
            services.withdraw(reason=reason, **by)
            messages.success(request, _("The claim is withdrawn."))
    elif do in ("publish", "approve", "pay", "refuse") and user.may("town.write"):
        _decide(request, found, do, by)
    elif user.may("roster.write") or user.may("town.write"):
        raise PolicyError("claim.step", state=found.get_state_display())
    else:
        raise Http404


def _may_bring(user: User, found: Claim) -> bool:
    """Papers are brought by the enterprise while its claim is under way."""
    return user.may("roster.write") and found.state in (Claim.DRAFTED, Claim.CHECKED, Claim.SUBMITTED)


def _papers(found: Claim, measure: Measure, now: int) -> dict[str, Any]:
    """The papers that go with a claim, and the inputs for those that the enterprise brings."""
    papers = queries.papers_of(found, measure, now)
    return {
        "papers": [
            {
                "title": said(one.said.title), "of": one.said.of, "here": one.here, "named": one.given.named if one.given else "",
                "papers": one.papers, "people": one.people, "every": one.every,
            }
            for one in papers
        ],
        "questions": [
            (_question(one.said), one.given, next(iter(one.papers), None))
            for one in papers
            if one.said.of == "enterprise"
        ],
    }  # fmt: skip


def _question(one: Evidence) -> asked.Question:
    return asked.Question(one.item, said(one.title), "document")


def _bring(request: HttpRequest, found: Claim, now: int) -> None:
    """Keep what was shown of the enterprise's papers, in words, as a file, or both."""
    questions = [_question(one) for one in parsed(found.measure.text).evidence if one.of == "enterprise"]
    known = asked.known([found.enterprise_id], now)[found.enterprise_id]
    given = answers(request.POST, found.enterprise_id, questions, now, known, request.FILES)
    asked.give(answers=given, source="policies", now=now, actor=actor(request).pk, evidence=f"claim:{found.pk}")
    words = ngettext("%(number)s paper is kept.", "%(number)s papers are kept.", len(given))
    messages.success(request, words % {"number": len(given)})


def _decide(request: HttpRequest, found: Claim, do: str, by: dict[str, Any]) -> None:
    if do == "publish":
        start, end = forms.day(request, "start"), forms.day(request, "end", 1)
        if start is None or end is None:
            raise PolicyError("policy.times", field="start")
        services.publish(start=start, end=end, **by)
        messages.success(request, _("The publicity is noted."))
    elif do == "approve":
        services.approve(amount=forms.amount(request, found.claimed), **by)
        messages.success(request, _("The claim is approved."))
    elif do == "pay":
        paid = forms.day(request, "paid_on") or by["now"]
        amount = forms.amount(request, found.approved or 0)
        services.pay(amount=amount, paid_at=paid, reference=request.POST.get("reference", ""), **by)
        messages.success(request, _("The payment is noted."))
    else:
        services.refuse(reason=request.POST.get("reason", ""), **by)
        messages.success(request, _("The claim is refused."))
