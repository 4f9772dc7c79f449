"""What measurements take is looked at afterwards: whole batches, and many small ones of one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from fugong.base.hands import same_hands
from fugong.clearance.deputies import Decider
from fugong.clearance.models import MeasuredLoss, Review
from fugong.ledger.services import Stating

if TYPE_CHECKING:
    from fugong.clearance.gate import Effect

DAY = 86_400
NAMED = 5
"""So many pieces of evidence a review of many batches names."""
_COUNTING = 0x66_67_72


def count(effect: Effect, kinds: set[str], by: Stating, now: int, limit: int) -> Review | None:
    """Note who lost a permission by measurements; a review, once one person's took it from more than ``limit`` in 24 hours.

    What is in a review is not counted again: the next one comes when as many more have lost something. The caller looks
    past the wall.
    """
    hands = [] if by.actor is None else sorted({by.actor, *same_hands(by.actor, since=now - DAY)})
    with connection.cursor() as cursor:  # so that two at the same moment are counted together
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_COUNTING, str(hands[:1] or "operator")])
    before = list(_not_in_a_review(hands, now))
    together = effect.with_lost([one.lost for one in before])
    review = None
    if len(together.losing) > limit:
        review = Review.objects.create(
            at=now, actor_id=by.actor, kinds=sorted(kinds.union(*(one.kinds for one in before))),
            evidence=_evidence([*(one.evidence for one in before), by.evidence]), effect=together.counted(),
        )  # fmt: skip
        MeasuredLoss.objects.filter(pk__in=[one.pk for one in before]).update(review=review)
    else:
        MeasuredLoss.objects.create(
            actor_id=by.actor, at=now, kinds=sorted(kinds), evidence=by.evidence, lost=_kept(effect.lost)
        )
    return review


def is_own(review: Review, one: Decider) -> bool:
    """Whether somebody stated what a review is about, or may hold a login that did: they don't look at it for others."""
    return review.actor_id is not None and (review.actor_id == one.user.pk or review.actor_id in one.shared)


def may_look(review: Review, one: Decider) -> bool:
    """Whether somebody may say that they have looked at it: whoever decides acts, and every deputy once it is overdue."""
    return (
        one.user.is_active and one.user.may("act.approve") and (one.always or review.escalated_at is not None)
        and not is_own(review, one)
    )  # fmt: skip


def _not_in_a_review(hands: list[UUID], now: int) -> QuerySet[MeasuredLoss]:
    who = Q(actor_id__in=hands) if hands else Q(actor=None)
    return MeasuredLoss.objects.filter(who, review=None, at__gt=now - DAY).order_by("at", "pk")


def _kept(lost: dict[str, set[UUID]]) -> dict[str, Any]:
    return {permission: sorted(str(worker) for worker in workers) for permission, workers in lost.items()}


def _evidence(given: list[str]) -> str:
    """The different ones, the first few of them by name."""
    different = list(dict.fromkeys(one for one in given if one))
    more = len(different) - NAMED
    return ", ".join(different[:NAMED]) + (f" … +{more}" if more > 0 else "")
