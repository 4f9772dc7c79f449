"""An enterprise's page of policies: what it may get, what is missing, its claims, and the documents it was handed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_nobodys
from fugong.policies import queries, wording
from fugong.policies.language import eligibility
from fugong.policies.services import claims, documents
from fugong.policies.views.claims import SHAPES
from fugong.policies.views.shown import lines, parts
from fugong.policies.wording import yuan
from fugong.registry.models import Enterprise
from fugong.registry.queries import enterprise_of


@requires("enterprise.read")
def page(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """What an enterprise may get, and what it has claimed."""
    user, now = actor(request), clock.now()
    place = enterprise_of(user, enterprise_id)
    if request.method == "POST":
        return _act(request, place, now)
    current = queries.current()
    results = eligibility.of_enterprises([one.said for one in current], [place.pk], now)[place.pk]
    rows = {one.said.measure: one.row for one in current}
    papers = page_of(request, queries.documents(at=now), 20)
    handed = queries.handed(now, enterprises=[place.pk], documents=[one.pk for one in papers])
    context = {
        "enterprise": place, "measures": [_measure(one, rows) for one in results], "page": papers,
        "documents": [(one, handed.get((place.pk, one.pk))) for one in papers],
        "claims": [(one, SHAPES[one.state], yuan(one.claimed)) for one in queries.claims(user, enterprise=place.pk)[:50]],
        "may_claim": user.may("roster.write"), "may_take": user.may("roster.write") or user.may("facts.write"),
        "missing_texts": sum(one.said.status != "complete" for one in current),
    }  # fmt: skip
    return render(request, "policies/enterprise.html", context)


def _measure(result: eligibility.Result, rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "row": rows[result.measure.measure], "title": wording.said(result.measure.title), "parts": parts(result.measure),
        "standing": result.standing, "word": wording.STANDINGS[result.standing], "shape": wording.SHAPES[result.standing],
        "amount": yuan(result.amount), "amount_if": yuan(result.amount_if), "ready": len(result.of_people("yes")),
        "able": len(result.of_people("open")), "due": result.due, "late": result.late,
        "in_force": result.in_force, "own": lines(result.own.verdicts),
        "per_person": result.measure.per_person, "more": result.amount_if > result.amount,
        "missing": [
            (wording.said(one.condition.title), wording.said(one.condition.remedy), result.lacking(one.condition.name))
            for one in result.missing
        ],
    }  # fmt: skip


def _act(request: HttpRequest, place: Enterprise, now: int) -> HttpResponse:
    """Draft a claim, or say that a document is here."""
    user = actor(request)
    try:
        if "claim" in request.POST and user.may("roster.write"):
            made = claims.draft(
                enterprise=place.pk, measure=identifier_or_nobodys(request.POST["claim"]), now=now, actor=user.pk
            )
            messages.success(request, _("The claim is drafted from what is known. Look through it."))
            return redirect("policies:claim", made.pk)
        if "take" in request.POST and (user.may("roster.write") or user.may("facts.write")):
            receipt = request.POST.get("receipt", "").strip() or user.get_full_name() or user.username
            paper = queries.document_of(identifier_or_nobodys(request.POST["take"]))
            documents.hand(document=paper.pk, enterprises=[place.pk], receipt=receipt, now=now, actor=user.pk)
            messages.success(request, _("The receipt is noted."))
            return redirect("policies:enterprise", place.pk)
    except Fault as fault:
        messages.error(request, fault.message)
        return redirect("policies:enterprise", place.pk)
    if not (user.may("roster.write") or user.may("facts.write")):
        raise Http404
    return redirect("policies:enterprise", place.pk)
