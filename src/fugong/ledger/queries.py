"""Reads of the ledger: as of any moment, as known at any moment."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from fugong.core.time import PLUS_INF
from fugong.ledger.models import Fact

STANDING = (
    "NOT f.withdrawn AND f.recorded_at <= %(known_at)s AND NOT EXISTS "
    "(SELECT 1 FROM ledger_fact AS newer WHERE newer.supersedes_id = f.id AND newer.supersedes_id IS NOT NULL "
    "AND newer.recorded_at <= %(known_at)s)"
)
"""SQL: the fact ``f`` stood at the moment ``known_at``: recorded, not withdrawn, not yet superseded.

That the superseded one is not null goes without saying; said, it tells the planner how few such facts there are.
"""


def standing(known_at: int = PLUS_INF) -> QuerySet[Fact]:
    """Facts that stood at a moment: recorded by then, neither withdrawn nor superseded by then."""
    newer = Fact.objects.filter(supersedes=OuterRef("pk"), recorded_at__lte=known_at)
    return Fact.objects.filter(~Exists(newer), withdrawn=False, recorded_at__lte=known_at)


def about(subjects: Iterable[UUID], *, known_at: int = PLUS_INF) -> QuerySet[Fact]:
    """The standing facts about some subjects."""
    return standing(known_at).filter(subject_id__in=list(subjects))


def holding(at: int, *, known_at: int = PLUS_INF) -> QuerySet[Fact]:
    """The standing facts whose interval contains a moment."""
    return standing(known_at).filter(start__lte=at, end__gt=at)


def history(subject: UUID) -> QuerySet[Fact]:
    """Everything ever recorded about a subject, superseded facts included, newest first."""
    return (
        Fact.objects.filter(Q(subject_id=subject))
        .select_related("actor")
        .prefetch_related("superseding")
        .order_by("-start", "-recorded_at", "-id")
    )
