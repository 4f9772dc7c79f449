"""Who may decide what waits: approvers always, deputies while an approver has named them or nobody has decided in time."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base.access import filtering
from fugong.base.faults import Fault, declare
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.clearance.models import Deputation, WaitingAct
from fugong.ledger.acts import ACTS

DEPUTY = "deputy"
LONGEST = 92 * 86_400
"""So long at most somebody is named a deputy, in seconds."""


class DeputyError(Fault):
    """A deputation that is refused."""


declare(
    {
        "deputy.not_one": _("Only a login with the role of a deputy can be named one."),
        "deputy.period": _("A deputy is named for a time that ends after it begins, and after three months at the latest."),
        "deputy.not_yours": _("Only an approver names deputies."),
    }
)  # fmt: skip


def is_approver(user: User) -> bool:
    """Whether somebody decides by their own role."""
    return user.may("act.approve") and user.role_name != DEPUTY


def named(user: User, now: int) -> bool:
    """Whether an approver has named this deputy for the present."""
    return user.role_name == DEPUTY and Deputation.objects.filter(deputy=user, start__lte=now, end__gt=now).exists()


def may_decide(user: User, waiting: WaitingAct, now: int) -> bool:
    """Whether somebody may agree to an act, or refuse it: never their own."""
    if not user.is_active or user.pk == waiting.proposer_id or not user.may(ACTS[waiting.act].right):
        return False
    return is_approver(user) or waiting.escalated_at is not None or named(user, now)


def deciders(waiting: WaitingAct, now: int) -> int:
    """How many of those whom the actor sees may decide an act now (the town sees everybody)."""
    roles = [role.name for role in ROLES.values() if "act.approve" in role.rights]
    found = User.objects.filter(role_name__in=roles, is_active=True)
    return sum(may_decide(user, waiting, now) for user in found)


def seen_by(user: User, now: int) -> QuerySet[WaitingAct]:
    """The acts that somebody may look at: deciders those that they may decide, everybody their own; newest first."""
    acts = WaitingAct.objects.select_related("proposer", "decided_by").defer("content").order_by("-created_at", "-pk")
    sent = acts.exclude(state=WaitingAct.DRAFT)
    own = acts.filter(proposer=user) if filtering() else acts
    if user.may("act.approve") and (is_approver(user) or named(user, now)):
        return sent | own
    if user.may("act.approve"):
        return sent.filter(escalated_at__isnull=False) | own
    return own


def deputations(now: int) -> QuerySet[Deputation]:
    """Who is, or will be, a deputy."""
    return Deputation.objects.filter(end__gt=now).select_related("deputy", "named_by").order_by("start")


def deputy_logins() -> QuerySet[User]:
    """Who can be named a deputy."""
    return User.objects.filter(role_name=DEPUTY, is_active=True).order_by("username")


@transaction.atomic
def name_deputy(*, deputy: UUID, start: int, end: int, by: UUID, now: int) -> Deputation:
    """Let a deputy decide for a time. Raises DeputyError."""
    approver, found = User.objects.get(pk=by), User.objects.filter(pk=deputy).first()
    if not is_approver(approver):
        raise DeputyError("deputy.not_yours")
    if found is None or found.role_name != DEPUTY or not found.is_active:
        raise DeputyError("deputy.not_one", field="deputy")
    if not start < end <= start + LONGEST or end <= now:
        raise DeputyError("deputy.period", field="end")
    return Deputation.objects.create(deputy=found, named_by=approver, start=start, end=end, recorded_at=now)
