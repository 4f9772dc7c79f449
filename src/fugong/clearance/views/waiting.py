"""Pages of acts that wait for a second person: the list, one act with what it would do, and the decision."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fugong.base import background, clock
from fugong.base.access import actor, requires
from fugong.base.background import Progress
from fugong.base.faults import Fault
from fugong.base.roles import Right
from fugong.base.templatetags.fugong import for_input
from fugong.clearance import acts, deputies, reviews, waiting
from fugong.clearance.acts import ActError
from fugong.clearance.deputies import Decider
from fugong.clearance.forms import NameDeputy
from fugong.clearance.models import Review, WaitingAct
from fugong.clearance.waiting import Shown
from fugong.ledger.acts import ACTS
from fugong.ledger.kinds import KINDS

WATCHERS: tuple[Right, ...] = ("act.approve", "protocol.adopt", "roster.write", "facts.write")
TOP = 20
"""So many enterprises are named; those with the most losses first."""


@requires(*WATCHERS)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """What waits, what was decided, who is a deputy, and which measurements took much from many."""
    return _listed(request, None)


def _listed(request: HttpRequest, form: NameDeputy | None) -> HttpResponse:
    user, now = actor(request), clock.now()
    who = deputies.decider(user, now)
    open_ones, decided = waiting.listed(user, now, who)
    approver = deputies.is_approver(user)
    context: dict[str, Any] = {"open": open_ones, "decided": decided, "approver": approver, "now": now}
    if approver:
        context["deputations"] = deputies.deputations(now)
        context["form"] = form or NameDeputy(initial={"start": for_input(now)})
    if user.may("act.approve"):
        found = Review.objects.select_related("actor", "reviewed_by").order_by(
            F("reviewed_at").desc(nulls_first=True), "-at"
        )[:TOP]
        context["reviews"] = [_reviewed(one, who) for one in found]
    return render(request, "clearance/waiting.html", context, status=422 if form else 200)


def _reviewed(review: Review, who: Decider) -> tuple[Review, str, bool]:
    """A review, the kinds of its facts in words, and whether this person may say that they have looked at it."""
    kinds = str(_(", ")).join(str(KINDS[kind].title) for kind in review.kinds)
    return review, kinds, reviews.may_look(review, who)


@requires("act.approve")
@require_GET
def told(request: HttpRequest) -> HttpResponse:
    """What an open page asks again and again: how many acts wait for this person's decision; nothing where none does."""
    context = {"number": waiting.count(actor(request), clock.now())}
    return render(request, "clearance/_told.html", context)


@requires(*WATCHERS)
@require_GET
def act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """One act: what it is, by whom, on which evidence, what it would do; and the decision."""
    return _act(request, act_id)


def _act(request: HttpRequest, act_id: UUID, fault: Fault | None = None, *, changed: bool = False) -> HttpResponse:
    user, now = actor(request), clock.now()
    one = waiting.seen(user, act_id, now)
    own = one.act.proposer_id == user.pk
    context = {
        "one": one, "act": one.act, "pairs": waiting.described(one.act), "fault": fault, "changed": changed,
        "own": own, "of_town": user.role.scope == "town", "fresh": now - one.act.counted_at <= waiting.FRESH,
        "enterprises": one.act.effect["enterprises"][:TOP] if user.role.scope == "town" else [],
        "more": max(len(one.act.effect["enterprises"]) - TOP, 0), "shown": json.dumps(_numbers(one.act)),
        "reason": request.POST.get("reason", ""),
        "deciders": deputies.deciders(one.act, now) if own else None,
        "hours": settings.FUGONG_ESCALATE_AFTER // 3600,
    }  # fmt: skip
    return render(request, "clearance/waiting_act.html", context, status=422 if fault else 200)


def _numbers(act: WaitingAct) -> dict[str, Any]:
    """What of an effect somebody agrees to."""
    return {name: act.effect[name] for name in ("losing", "gaining", "permissions")}


def _takes_long(one: Shown) -> bool:
    """Whether everybody is evaluated."""
    return ACTS[one.act.act].trial is not None


@requires("act.approve", "protocol.adopt")
@require_POST
def recount(request: HttpRequest, act_id: UUID) -> HttpResponseBase:
    """What it would do now."""
    one, now = waiting.seen(actor(request), act_id, clock.now()), clock.now()
    if _takes_long(one):
        return streamed(
            request, lambda progress: acts.recount(act_id=act_id, now=now, progress=progress), act_id, _("Counting")
        )
    try:
        acts.recount(act_id=act_id, now=now)
    except Fault as fault:
        return _act(request, act_id, fault)
    return redirect("clearance:waiting_act", act_id)


@requires("act.approve", "protocol.adopt")
@require_POST
def agree(request: HttpRequest, act_id: UUID) -> HttpResponseBase:
    """Do it, where it does what was shown."""
    user, now = actor(request), clock.now()
    one = waiting.seen(user, act_id, now)
    if "sure" not in request.POST:
        return _act(request, act_id, Fault("act.not_sure", field="sure"))
    try:
        seen = json.loads(request.POST.get("shown", ""))
        numbers = {name: seen[name] for name in ("losing", "gaining", "permissions")}
    except (ValueError, KeyError, TypeError):
        return _act(request, act_id, Fault("act.not_sure", field="sure"))

    def work(progress: Progress) -> Any:
        return acts.approve(act_id=act_id, by=user.pk, now=now, shown=numbers, progress=progress)

    if _takes_long(one) and one.may_decide:  # others are refused at once
        return streamed(request, work, act_id, _("Agreeing"))
    try:
        result = work(lambda done, total: None)
    except Fault as fault:
        return _act(request, act_id, fault)
    if isinstance(result, acts.Changed):
        return _act(request, act_id, changed=True)
    return redirect("clearance:waiting_act", act_id)


@requires("act.approve", "protocol.adopt")
@require_POST
def refuse(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Nothing is done, and the proposer reads why."""
    return _decided(request, act_id, partial(acts.refuse, reason=request.POST.get("reason", "")))


@requires(*WATCHERS)
@require_POST
def withdraw(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """The proposer takes it back."""
    return _decided(request, act_id, acts.withdraw)


@requires("protocol.adopt")
@require_POST
def send(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """The proposer has seen what it would do, and sends it to the approvers."""
    return _decided(request, act_id, acts.send)


def _decided(request: HttpRequest, act_id: UUID, decide: Callable[..., object]) -> HttpResponse:
    """What somebody decides of an act that they see, and its page; with the fault, where that may not be."""
    user, now = actor(request), clock.now()
    waiting.seen(user, act_id, now)
    try:
        decide(act_id=act_id, by=user.pk, now=now)
    except Fault as fault:
        return _act(request, act_id, fault)
    return redirect("clearance:waiting_act", act_id)


@requires("act.approve")
@require_POST
def name_deputy(request: HttpRequest) -> HttpResponse:
    """An approver names a deputy for a time."""
    form, now = NameDeputy(request.POST), clock.now()
    if not form.is_valid():
        return _listed(request, form)
    given = form.cleaned_data
    try:
        deputies.name_deputy(
            deputy=given["deputy"].pk, start=given["start"], end=given["end"], by=actor(request).pk, now=now
        )
    except Fault as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _listed(request, form)
    return redirect("clearance:waiting")


@requires("act.approve")
@require_POST
def reviewed(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Somebody has looked at a large batch of measurements."""
    get_object_or_404(Review, pk=review_id)
    try:
        acts.note_review(review_id=review_id, by=actor(request).pk, note=request.POST.get("note", ""), now=clock.now())
    except ActError as fault:
        messages.error(request, fault.message)
    return redirect("clearance:waiting")


def streamed(
    request: HttpRequest, work: Callable[[Progress], Any], act_id: UUID | None, heading: str
) -> StreamingHttpResponse:  # fmt: skip
    """The page in pieces: one line a step, then the result."""

    def piece(step: background.Step | background.Ended | background.Refused) -> str:
        context = {"step": step, "kind": _kind(step), "act_id": act_id}
        return render_to_string("clearance/adopting_step.html", context)

    return background.streamed(request, work, "clearance/adopting.html", {"heading": heading}, piece)


def _kind(step: background.Step | background.Ended | background.Refused) -> str:
    """Which sentence says it: a step, a refusal, or what came of it."""
    if not isinstance(step, background.Ended):
        return type(step).__name__
    return "Counted" if isinstance(step.result, dict) else type(step.result).__name__
