"""Reads of requests: a person's own, those that the town must answer, and what they are about, in words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.http import Http404

from fugong.base import access
from fugong.base.models import User
from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.core.protocol.explain import Explanation
from fugong.ledger import wording
from fugong.ledger.kinds import KINDS
from fugong.ledger.models import Fact
from fugong.redress.models import OPEN, Request
from fugong.registry.models import Enterprise
from fugong.registry.queries import names_of


def requests(user: User) -> QuerySet[Request]:
    """The requests that a user may see: a worker their own, the town all, others those that they filed for somebody."""
    found = Request.objects.select_related("worker", "fact").prefetch_related("evidence")
    if not access.filtering() or user.may("redress.answer"):
        return found
    if user.role.scope == "worker":
        return found.filter(worker_id=user.scope_id)
    employed = Q(worker__employments__enterprise_id=user.scope_id, worker__employments__active=True)
    mine = found.filter(filed_by=user)
    return mine if user.role.scope == "town" else mine.filter(employed)


def request_of(user: User, request_id: UUID) -> Request:
    """One of the requests that a user may see. Raises Http404 for any other."""
    found = requests(user).filter(pk=request_id).first()
    if found is None:
        raise Http404
    access.looked_at([found.worker_id])
    return found


def in_order(found: QuerySet[Request]) -> QuerySet[Request]:
    """Those whose clock has run out first, then the open ones by when they are due, then the answered ones, newest first."""
    rank = Case(
        When(state=OPEN, escalated_at__isnull=False, then=Value(0)), When(state=OPEN, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    due = Case(When(state=OPEN, then=F("due_at")), default=None)
    return found.annotate(rank=rank, due=due).order_by(
        "rank", F("due").asc(nulls_last=True), "-answered_at", "-filed_at", "pk"
    )


def own(worker: UUID) -> QuerySet[Request]:
    """A person's requests, newest first."""
    return Request.objects.filter(worker_id=worker).select_related("fact").order_by("-filed_at", "-pk")


def news(worker: UUID) -> int:
    """How many answers a person has not seen yet."""
    return Request.objects.filter(worker_id=worker, answered_at__isnull=False, seen_at__isnull=True).count()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the town: how many are open, and of how many the clock has run out."""

    open: int
    overdue: int


def waiting(now: int) -> Waiting:
    """The requests that the town has to answer at ``now``."""
    due = list(Request.objects.filter(state=OPEN).values_list("due_at", flat=True))
    return Waiting(len(due), sum(one <= now for one in due))


def failing(worker: UUID, permission: str, *, at: int, known_at: int) -> frozenset[str]:
    """The requirements that refuse a permission at a moment, as known at another one; empty where it isn't refused."""
    explained = clearance.explained(worker, permission, at, known_at=known_at)
    return frozenset(failure.requirement for failure in explained.failures) if explained else frozenset()


def refused(worker: UUID, now: int) -> list[tuple[str, Explanation]]:
    """The permissions that a person is refused at present, with every reason."""
    force = evaluation.force_at(now)
    names = force.pack.permissions if force else ()
    found = [(name, clearance.explained(worker, name, now)) for name in names if name != "leave_observation"]
    return [(name, why) for name, why in found if why is not None and not why.holds]


@dataclass(frozen=True, slots=True)
class Change:
    """A value of a fact in words: as it is held, and as it should be."""

    title: str
    held: str
    right: str


def changes(request: Request) -> list[Change]:
    """What a correction asks for, value by value; empty where the fact never was, and for other requests."""
    held = request.fact
    if held is None or request.never or request.start is None:
        return []
    both = (held.values, request.proposed)
    names = names_of(one for values in both for one in wording.referred_to(held.kind, values))
    before, after = (dict(wording.described(held.kind, values, names)) for values in both)
    titles = [str(one.title) for one in KINDS[held.kind].fields]
    return [
        Change(title, before.get(title, "—"), after.get(title, "—"))
        for title in titles
        if before.get(title) != after.get(title)
    ]


def keeper(fact: Fact) -> str:
    """The enterprise whose roster states a fact, by name."""
    return Enterprise.objects.filter(pk=fact.values.get("employer")).values_list("name", flat=True).first() or "?"
