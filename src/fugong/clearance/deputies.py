"""Who may decide what waits: approvers always, deputies while an approver has named them or nobody has decided in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fugong.base import access
from fugong.base.faults import Fault, declare
from fugong.base.hands import same_hands
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.clearance.models import Deputation, WaitingAct
from fugong.ledger.acts import ACTS

DEPUTY = "deputy"
APART = 7 * 86_400
"""So long after one login's password was handed over by another, in seconds, neither decides what the other proposed."""
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


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody who may decide: by their role or named for now (``always``), or only what has waited for too long.

    ``shared`` are the other logins that they may hold too (`same_hands`), each with the moment of what ties the two.
    """

    user: User
    always: bool
    shared: Mapping[UUID, int]

    def may(self, waiting: WaitingAct) -> bool:
        """Whether they may agree to an act, or refuse it: never what is their own, or proposed by a login they may hold."""
        return self.could(waiting) and waiting.proposer_id not in self.shared

    def could(self, waiting: WaitingAct) -> bool:
        """Whether they might, if whoever proposed it certainly were somebody else."""
        if not self.user.is_active or self.user.pk == waiting.proposer_id:
            return False
        return self.user.may(ACTS[waiting.act].right) and (self.always or waiting.escalated_at is not None)

    def not_before(self, waiting: WaitingAct) -> int | None:
        """From when on they may decide an act that they may not decide yet for no other reason than shared hands."""
        tied = self.shared.get(waiting.proposer_id) if waiting.proposer_id and self.could(waiting) else None
        return None if tied is None else tied + APART


def decider(user: User, now: int) -> Decider:
    """What somebody may decide now: to be asked once for a whole list of acts."""
    if not user.may("act.approve"):
        return Decider(user, always=False, shared={})
    return Decider(user, is_approver(user) or named(user, now), same_hands(user.pk, since=now - APART))


class Deciders(NamedTuple):
    """How many may decide an act; ``not_before`` is from when on the first does of those who share hands with its proposer."""

    number: int
    not_before: int | None


def deciders(waiting: WaitingAct, now: int) -> Deciders:
    """How many people may decide an act now; who they are is not told."""
    with access.elevated("who else may decide"):
        return _deciders(waiting, now)


def _deciders(waiting: WaitingAct, now: int) -> Deciders:
    roles = [role.name for role in ROLES.values() if "act.approve" in role.rights]
    acting = set(Deputation.objects.filter(start__lte=now, end__gt=now).values_list("deputy_id", flat=True))
    tied = same_hands(waiting.proposer_id, since=now - APART) if waiting.proposer_id else {}
    number, moments = 0, []
    for user in User.objects.filter(role_name__in=roles, is_active=True):
        shared = {waiting.proposer_id: tied[user.pk]} if waiting.proposer_id and user.pk in tied else {}
        one = Decider(user, is_approver(user) or user.pk in acting, shared)
        number += one.may(waiting)
        moments.append(one.not_before(waiting))
    return Deciders(number, min((at for at in moments if at is not None), default=None))


def seen_by(user: User, now: int) -> QuerySet[WaitingAct]:
    """The acts that somebody may look at: deciders those that they may decide, everybody their own; newest first."""
    acts = WaitingAct.objects.select_related("proposer", "decided_by").defer("content").order_by("-created_at", "-pk")
    sent = acts.exclude(state=WaitingAct.DRAFT)
    own = acts.filter(proposer=user) if access.filtering() else acts
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
