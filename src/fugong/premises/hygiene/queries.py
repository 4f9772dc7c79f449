"""Reads of the schedule of disinfections: what is due, what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from fugong.clearance.queries import operations
from fugong.core.time import PLUS_INF
from fugong.premises.models import Cleaning, Duty
from fugong.premises.sites import risk_level


def schedule(at: int) -> dict[str, int]:
    """Seconds between two disinfections, by kind of place, at the town's risk level; kinds without a schedule are left out."""
    level = risk_level(at)
    every = {kind: upkeep.every(level) for kind, upkeep in operations(at).upkeep.items()}
    return {str(kind): seconds for kind, seconds in every.items() if seconds is not None}


def duties(at: int, *, enterprise: UUID | None = None) -> QuerySet[Any]:
    """Places on the schedule, with ``due_at`` (the end of time where nothing is asked), the most overdue first.

    A place that was never disinfected is due from the moment at which it was put on the schedule.
    """
    big = BigIntegerField()
    due = [
        When(kind=kind, then=Coalesce(F("last_at") + Value(seconds), F("since"), output_field=big))
        for kind, seconds in schedule(at).items()
    ]
    first = Case(*due, default=Value(PLUS_INF), output_field=big)
    found: QuerySet[Any] = (
        Duty.objects.filter(ended_at=None).annotate(due_at=first).select_related("site", "enterprise")
    )
    if enterprise is not None:
        found = found.filter(enterprise=enterprise)
    return found.order_by("due_at", "name", "pk")


def overdue(found: QuerySet[Any], at: int) -> QuerySet[Any]:
    """Those whose time has passed."""
    return found.filter(due_at__lt=at)


@dataclass(frozen=True, slots=True)
class Line:
    """A place with its last disinfection."""

    duty: Duty
    last: Cleaning | None
    every: int | None

    @property
    def hours(self) -> float | None:
        """Hours between two."""
        return self.every / 3600 if self.every else None


def lines(page: Sequence[Duty], at: int) -> list[Line]:
    """What a list shows of these places, in three queries whatever their number."""
    every = schedule(at)
    done = (
        Cleaning.objects.filter(duty__in=[one.pk for one in page]).select_related("photo").defer("photo__encrypted")
        .order_by("duty", "-at").distinct("duty")
    )  # fmt: skip
    last = {one.duty_id: one for one in done}
    return [Line(one, last.get(one.pk), every.get(one.kind)) for one in page]
