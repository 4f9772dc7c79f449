"""Measures: the list, one with what it asks and pays, and for whom it is, each answer with what is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.base import clock, files
from fugong.base.access import actor, looked_at, requires
from fugong.base.choosing import matching
from fugong.base.faults import Fault
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_nobodys
from fugong.ledger.kinds import PERSON_ITEMS
from fugong.ledger.wording import CHOICES
from fugong.policies import queries, wording
from fugong.policies.errors import PolicyError
from fugong.policies.language import eligibility
from fugong.policies.language.conditions import Verdict
from fugong.policies.language.eligibility import Judgement
from fugong.policies.language.form import Measure
from fugong.policies.language.reading import parsed, shipped, text_of
from fugong.policies.services import evidence
from fugong.policies.services import measures as services
from fugong.policies.views.shown import Line, lines, parts
from fugong.registry.choosing import ENTERPRISE
from fugong.registry.models import Employment, Enterprise, Paper, Worker
from fugong.registry.queries import enterprise_of

_MOST_BYTES = 2**20
"""A measure is a page or two of text."""


@requires("town.read")
def listed(request: HttpRequest) -> HttpResponse:
    """Measures in use, and those that come with the program."""
    wrong, status = "", 200
    if request.method == "POST":
        if not actor(request).may("town.write"):
            raise Http404
        try:
            taken = services.take(text=_sent(request), now=clock.now(), actor=actor(request).pk)
        except Fault as fault:
            wrong, status = fault.message, 422
        else:
            messages.success(request, _("The measure is in use from now on."))
            return redirect("policies:measure", taken.pk)
    found = queries.current()
    used = {one.row.text for one in found}
    offered = [(key, parsed(text)) for key, text in shipped().items() if text not in used]
    context = {
        "measures": [(one, wording.said(one.said.title), parts(one.said)) for one in found],
        "offered": [(key, wording.said(one.title), one) for key, one in offered], "wrong": wrong,
        "may_write": actor(request).may("town.write"),
    }  # fmt: skip
    return render(request, "policies/measures.html", context, status=status)


def _sent(request: HttpRequest) -> str:
    """The text of the measure that was sent or chosen. Raises PolicyError."""
    sent = request.FILES.get("file")
    if sent and (sent.size or 0) > _MOST_BYTES:
        raise PolicyError("measure.large", field="file")
    text = text_of(sent.read()) if sent else shipped().get(request.POST.get("shipped", ""), "")
    if not text.strip():
        raise PolicyError("measure.no_file", field="file")
    return text


@requires("town.read")
def measure(request: HttpRequest, measure_id: UUID) -> HttpResponse:
    """A measure, and what it says of each enterprise, a page at a time."""
    found, now = queries.measure_of(measure_id), clock.now()
    text = request.GET.get("q", "").strip()
    rows = Enterprise.objects.order_by("name", "pk")
    page = page_of(request, rows.filter(matching(text, ENTERPRISE)), 50)
    results = eligibility.of_enterprises([found.said], [one.pk for one in page], now)
    shown = [(one, _row(results[one.pk][0])) for one in page if results[one.pk]]
    context = {
        "measure": found, "parts": parts(found.said), "page": page, "rows": shown, "text": text,
        "versions": found.row.__class__.objects.filter(key=found.row.key).order_by("-taken_at"),
    }  # fmt: skip
    return render(request, "policies/measure.html", context)


def _row(result: eligibility.Result) -> dict[str, Any]:
    """An enterprise in the list of a measure."""
    return {
        "standing": result.standing, "word": wording.STANDINGS[result.standing], "shape": wording.SHAPES[result.standing],
        "amount": wording.yuan(result.amount), "amount_if": wording.yuan(result.amount_if),
        "ready": len(result.of_people("yes")), "able": len(result.of_people("open")), "due": result.due,
        "late": result.late, "in_force": result.in_force,
        "failing": [wording.said(one.condition.title) for one in result.own.failing],
        "missing": [
            (wording.said(one.condition.title), result.lacking(one.condition.name)) for one in result.missing
        ],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A person on the page of a measure and an enterprise."""

    worker: Worker
    standing: str
    shape: str
    word: str
    lines: list[Line]


@requires("town.read", "enterprise.read")
def people(request: HttpRequest, measure_id: UUID, enterprise_id: UUID) -> HttpResponse:
    """Why an enterprise may get a measure or not, and each of its people; what is shown of them is noted here."""
    user, now, wrong = actor(request), clock.now(), ""
    place, found = enterprise_of(user, enterprise_id), queries.measure_of(measure_id)
    if request.method == "POST":
        try:
            _show(request, place, now)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect(request.get_full_path())
    results = eligibility.of_enterprises([found.said], [place.pk], now)[place.pk]
    result = results[0] if results else None
    every = "all" in request.GET and found.said.per_person
    chosen = _ordered(result, place.pk, every) if result is not None else []
    page = page_of(request, chosen, 50)
    context: dict[str, Any] = {
        "measure": found, "parts": parts(found.said), "enterprise": place, "page": page, "every": every,
        "people": _people(found.said, list(page), now), "result": None, "items": [(one, CHOICES[one]) for one in PERSON_ITEMS],
        "accept": files.ACCEPT, "wrong": wrong, "ticked": request.POST.getlist("worker"),
        "may_show": user.may("roster.write") or user.may("facts.write"), "may_claim": user.may("roster.write"),
    }  # fmt: skip
    if result is not None:
        context |= {"result": result, "row": _row(result), "own": lines(result.own.verdicts)}
    return render(request, "policies/people.html", context, status=422 if wrong else 200)


def _ordered(result: eligibility.Result, enterprise: UUID, every: bool) -> list[UUID]:
    """Those whom the measure looks at, who qualify first; with ``every`` everybody whom the enterprise employs."""
    order = {"yes": 1, "open": 0, "no": 2}  # who lacks something first: that is what there is to do
    known = sorted(result.people, key=lambda one: (order[result.people[one].standing], str(one)))
    if not every:
        return known
    all_ = Employment.objects.filter(enterprise=enterprise, active=True).order_by("worker_id")
    return [*known, *(one for one in all_.values_list("worker_id", flat=True) if one not in result.people)]


def _people(measure: Measure, chosen: Sequence[UUID], at: int) -> list[Person]:
    judged = eligibility.of_people(measure, chosen, at)
    workers = Worker.objects.in_bulk(chosen)
    looked_at(chosen)
    verdicts: list[Verdict] = [one for judgement in judged.values() for one in judgement.verdicts]
    facts, shown = wording.behind(verdicts), queries.papers_behind(verdicts)
    return [_person(workers[one], judged[one], facts, shown) for one in chosen if one in workers]


def _person(worker: Worker, judgement: Judgement, facts: dict[UUID, str], shown: dict[UUID, Paper]) -> Person:
    standing = judgement.standing
    return Person(worker, standing, wording.SHAPES[standing], str(wording.STANDINGS[standing]),
                  lines(judgement.verdicts, facts, shown))  # fmt: skip


def _show(request: HttpRequest, place: Enterprise, now: int) -> None:
    """Note what was shown of those who were ticked: people of this enterprise only. Raises PolicyError, PaperError."""
    user = actor(request)
    if not (user.may("roster.write") or user.may("facts.write")):
        raise Http404
    typed = [identifier_or_nobodys(one) for one in request.POST.getlist("worker")]
    mine = list(place.employments.filter(worker__in=typed, active=True).values_list("worker_id", flat=True))
    evidence.show(
        people=mine, item=request.POST.get("item", ""), holds=request.POST.get("holds") != "no",
        document=request.POST.get("document", ""), now=now, actor=user.pk, enterprise=place.pk,
        file=files.sent(request.FILES.get("file")),
    )  # fmt: skip
    words = ngettext("Noted of %(number)s person.", "Noted of %(number)s people.", len(mine))
    messages.success(request, words % {"number": len(mine)})
