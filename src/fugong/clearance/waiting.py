"""What waits for a second person, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base import access
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.clearance import deputies, verification
from fugong.clearance.deputies import Decider
from fugong.clearance.models import Review, Verification, WaitingAct
from fugong.clearance.views.worker import PERMISSIONS
from fugong.ledger.acts import ACTS, Pairs

FRESH = 600
"""So long, in seconds, the numbers of an act count as those of now."""
DECIDED = 30
"""So many acts are listed that were decided."""
STATES: dict[str, str | Promise] = {
    WaitingAct.DRAFT: pgettext_lazy("act", "not sent yet"),
    WaitingAct.WAITING: pgettext_lazy("act", "waits"),
    WaitingAct.APPROVED: pgettext_lazy("act", "agreed and done"),
    WaitingAct.REFUSED: pgettext_lazy("act", "refused"),
    WaitingAct.WITHDRAWN: pgettext_lazy("act", "withdrawn"),
    WaitingAct.EXPIRED: pgettext_lazy("act", "expired"),
}
COLOURS = {
    WaitingAct.DRAFT: "none", WaitingAct.WAITING: "wait", WaitingAct.APPROVED: "ok", WaitingAct.REFUSED: "no",
    WaitingAct.WITHDRAWN: "none", WaitingAct.EXPIRED: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """An act as one person sees it: what it is, by whom, what it would do, and whether they may decide it.

    ``not_before`` is from when on they may, where they share hands with who proposed it (`deputies.Decider`).
    """

    act: WaitingAct
    title: str | Promise
    by: str
    state: str | Promise
    colour: str
    may_decide: bool
    late: bool
    not_before: int | None = None

    @property
    def permissions(self) -> list[tuple[str | Promise, int, int]]:
        """For each permission how many lose it and how many gain it."""
        return [(PERMISSIONS[name], *numbers) for name, numbers in self.act.effect["permissions"].items()]


def shown(act: WaitingAct, one: Decider) -> Shown:
    """An act as this person sees it."""
    waits = act.state == WaitingAct.WAITING
    return Shown(
        act, ACTS[act.act].title, _by(act), STATES[act.state], COLOURS[act.state],
        waits and one.may(act), act.escalated_at is not None, one.not_before(act) if waits else None,
    )  # fmt: skip


def _by(act: WaitingAct) -> str:
    """Who proposed it: the user name and role, or the operator's login on the machine."""
    if act.proposer is None:
        return str(_("operator on the command line: %(login)s")) % {"login": act.proposed_as}
    role = ROLES.get(act.proposed_as)
    return f"{act.proposer.username} ({role.title})" if role else act.proposer.username


def seen(user: User, act_id: UUID, now: int) -> Shown:
    """An act that this person may look at. Raises Http404 for any other."""
    found = deputies.seen_by(user, now).filter(pk=act_id).first()
    if found is None:
        raise Http404
    return shown(found, deputies.decider(user, now))


def described(act: WaitingAct) -> Pairs:
    """What an act is, in words: what of it stays. A file's name may be somebody's name or number, and isn't told."""
    with access.elevated("an act is described to whoever may look at it"):
        return ACTS[act.act].told(act.summary)


def listed(user: User, now: int, who: Decider | None = None) -> tuple[list[Shown], list[Shown]]:
    """The acts that wait (drafts included), and the last ones that were decided."""
    found = deputies.seen_by(user, now)
    open_ones = found.filter(state__in=[WaitingAct.WAITING, WaitingAct.DRAFT])
    decided = found.exclude(state__in=[WaitingAct.WAITING, WaitingAct.DRAFT])[:DECIDED]
    who = who or deputies.decider(user, now)
    return [shown(one, who) for one in open_ones], [shown(one, who) for one in decided]


def count(user: User, now: int) -> int:
    """How many acts wait for this person's decision."""
    if not user.may("act.approve"):
        return 0
    waiting = list(deputies.seen_by(user, now).filter(state=WaitingAct.WAITING))
    if not waiting:
        return 0
    one = deputies.decider(user, now)
    return sum(1 for act in waiting if one.may(act))


@dataclass(frozen=True, slots=True)
class Box:
    """What stands on the town's page: how much waits, for whom it would matter, what is late, and what was verified."""

    acts: int
    people: int
    late: int
    reviews: int
    late_reviews: int
    verified: Verification | None

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say."""
        return not self.acts and not self.reviews and not (self.verified and self.verified.differences)


def box() -> Box:
    """The town's."""
    unseen = list(Review.objects.filter(reviewed_at=None).values_list("escalated_at", flat=True))
    effects: list[tuple[dict[str, Any], int | None]] = list(
        WaitingAct.objects.filter(state=WaitingAct.WAITING).values_list("effect", "escalated_at")
    )
    return Box(
        len(effects), sum(effect["losing"] for effect, _late in effects),
        sum(1 for _effect, late in effects if late is not None), len(unseen),
        sum(1 for late in unseen if late is not None), verification.latest(),
    )  # fmt: skip
