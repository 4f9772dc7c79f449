"""A worker's card: can I work today, until when, and what next? And the search that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from fugong.base import clock, local, searching
from fugong.base.access import actor, requires
from fugong.base.models import User
from fugong.base.paging import page_of
from fugong.clearance import evaluation, holding, overview, parts
from fugong.clearance import queries as clearance
from fugong.clearance.queries import Status
from fugong.core.protocol.explain import Explanation, Failure
from fugong.ledger import wording
from fugong.ledger.kinds import KINDS
from fugong.ledger.models import Fact
from fugong.ledger.queries import about
from fugong.registry import queries as registry
from fugong.registry.models import Worker

PERMISSIONS: dict[str, str | Promise] = {
    "board": pgettext_lazy("permission", "board a bus"),
    "enter": pgettext_lazy("permission", "enter the plant"),
    "work": pgettext_lazy("permission", "work"),
    "visit": pgettext_lazy("permission", "visit"),
    "leave_observation": pgettext_lazy("permission", "leave observation"),
}
ANSWERS: dict[str, str | Promise] = {
    "ok": _("You may work"),
    "no": _("Not yet"),
    "wait": _("No rules for it yet"),
}
OTHERS: dict[str, str | Promise] = {
    "ok": _("May work"),
    "no": _("May not work"),
    "wait": _("No rules for it yet"),
}
STEPS: dict[str, tuple[str, str | Promise]] = {"register": ("premises:mine", _("Fill in today's register"))}
"""What a worker can do on a page of their own, by the kind of fact that is missing: the page's name and the button."""
REGISTER = ("premises:mine", _("My daily register"))
"""Where a worker goes on who may work and lacks nothing."""
LAPSES = {"registered": "register"}
"""The kind of fact that keeps a derived kind from lapsing."""
RECENT = 8


@dataclass(frozen=True, slots=True)
class Reason:
    """A requirement that fails, with what it rests on and the fact that would satisfy it, in words."""

    failure: Failure
    evidence: list[registry.Line]
    wanted: str


@requires("self.read")
def me(request: HttpRequest) -> HttpResponse:
    """The signed-in worker's own card."""
    user = actor(request)
    if user.scope_id is None:
        raise Http404
    return _card(request, registry.worker_of(user, user.scope_id), user, own=True)


@requires("enterprise.read", "self.read")
def worker(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """A worker's card for those who answer for them."""
    user = actor(request)
    return _card(request, registry.worker_of(user, worker_id), user, own=user.role.scope == "worker")


def _card(request: HttpRequest, found: Worker, user: User, *, own: bool) -> HttpResponse:
    past = _asked_for(request)
    now = clock.now() if past is None else past
    explained = clearance.explained(found.pk, "work", now)
    state = _state(explained)
    facts = registry.timeline(found.pk)
    if past is not None:
        facts = facts.filter(start__lte=past)
    step = _step(explained, now) if own and past is None else None
    others = _other_permissions(found.pk, now)
    holds = [one.name for one in others if one.status.holds] + (["work"] if explained and explained.holds else [])
    met = holding.met(found.pk, holds, now, named=not own)
    context = {
        "worker": found, "own": own, "now": now, "past": past, "explained": explained, "state": state,
        "answer": _answer(state, explained, own=own), "reasons": _reasons(explained), "met": met.get("work"),
        "first": explained.failures[0] if explained and explained.failures else None, "step": step,
        "others": [(one, met.get(one.name)) for one in others], "lines": registry.lines(facts[:RECENT], named=not own),
        "parts": parts.shown(request, found, now) if own and past is None else [],
        "enterprises": [e.enterprise for e in found.employments.all() if e.active],
        "layout": "layout/phone.html" if own else "layout/desk.html",
        "ruled": evaluation.force_at(now) is not None, "may_give_login": user.may("login.write"),
        "may_appeal": not own and past is None and user.may("roster.write") and state in ("no", "soon"),
    }  # fmt: skip
    return render(request, "clearance/worker.html", context)


def _asked_for(request: HttpRequest) -> int | None:
    """The moment that the address asks for (``?at=``); None for the present. Raises Http404 for what is no moment."""
    given = request.GET.get("at", "").strip()
    try:
        return local.parse(given) if given else None
    except ValueError:
        raise Http404 from None


def _answer(state: str, explained: Explanation | None, *, own: bool) -> str:
    """The answer in a few words."""
    if state == "soon" and explained is not None:
        steps = len(explained.failures)
        return ngettext("%(steps)d step left", "%(steps)d steps left", steps) % {"steps": steps}
    return str((ANSWERS if own else OTHERS)[state])


def _state(explained: Explanation | None) -> str:
    if explained is None:
        return "wait"
    if explained.holds:
        return "ok"
    return "soon" if all(failure.on_the_spot for failure in explained.failures) else "no"


def _reasons(explained: Explanation | None) -> list[Reason]:
    """The failures with their evidence, all of it fetched at once."""
    if explained is None:
        return []
    ids = {UUID(key) for failure in explained.failures for key in failure.rests_on}
    lines = {
        str(line.fact.pk): line
        for line in registry.lines(Fact.objects.filter(pk__in=ids).select_related("actor").prefetch_related("superseding"))
    } if ids else {}  # fmt: skip
    return [
        Reason(failure, [lines[key] for key in failure.rests_on if key in lines], _wanted(failure))
        for failure in explained.failures
    ]


def _wanted(failure: Failure) -> str:
    """The new fact that would satisfy the requirement, in words; empty when no single one would."""
    new = failure.new_fact
    if new is None:
        return ""
    said = [f"{title} {words}" for title, words in wording.described(new.kind, dict(new.values), {})]
    return " · ".join([str(KINDS[new.kind].title), *said])


def _step(explained: Explanation | None, now: int) -> dict[str, Any] | None:
    """The page on which the worker can do what is missing, or will be before the next shift; None without such a page.

    Who may work and lacks nothing goes on to the daily register.
    """
    if explained is None:
        return None
    kinds = [failure.new_fact.kind for failure in explained.failures if failure.new_fact]
    if explained.until is not None and explained.until <= overview.next_shift(now):
        kinds += [LAPSES.get(derived, "") for ending in explained.endings for derived in ending.lapses]
    wanted = next((STEPS[kind] for kind in kinds if kind in STEPS), REGISTER if explained.holds else None)
    if wanted is None:
        return None
    try:
        return {"address": reverse(wanted[0]), "title": wanted[1]}
    except NoReverseMatch:  # an installation without that page
        return None


@dataclass(frozen=True, slots=True)
class Other:
    """Another permission, whether it holds, and every reason where it doesn't."""

    name: str
    title: str | Promise
    status: Status
    why: Explanation | None


def _other_permissions(worker_id: UUID, now: int) -> list[Other]:
    """The other permissions that the protocol speaks of, each with every reason where it is refused."""
    force = evaluation.force_at(now)
    if force is None:
        return []
    hidden = {"work"}
    if not about([worker_id]).filter(kind="observation").exists():
        hidden.add("leave_observation")  # nobody leaves who was never there
    wanted = [name for name in PERMISSIONS if name in force.pack.permissions and name not in hidden]
    found = [(name, clearance.status(worker_id, name, now)) for name in wanted]
    return [
        Other(name, PERMISSIONS[name], one, None if one.holds else clearance.explained(worker_id, name, now))
        for name, one in found
    ]


@requires("enterprise.read")
@searching.searched()
def workers(request: HttpRequest) -> HttpResponse:
    """Find a worker: part of the name, pinyin initials, last four characters of a number."""
    user: User = actor(request)
    now = clock.now()
    text = searching.text(request)
    page = page_of(request, registry.workers(user, text=text))
    statuses = clearance.statuses([one.pk for one in page], "work", now)
    shift = overview.next_shift(now)
    rows = [(one, _row_state(statuses.get(one.pk), shift), statuses.get(one.pk)) for one in page]
    return render(request, "clearance/workers.html", {"page": page, "rows": rows, "q": text})


def _row_state(status: Status | None, shift: int) -> str:
    if status is None:
        return "none"
    if not status.holds:
        return "no"
    return "soon" if status.until is not None and status.until <= shift else "ok"
