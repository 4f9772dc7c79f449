"""Rows of which an enterprise has one at a time: the next one begins when the one before ends.

The enterprises are locked by the caller. A row that began this very second (or, by the clock of another server, in a
moment) was never for a while: it ends a second after it began, and the next one begins then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import F

from fugong.teams.models import Charge, Lead, Spot

Dated = TypeVar("Dated", Charge, Lead, Spot)


def standing(model: type[Dated], enterprises: Iterable[UUID], now: int) -> dict[UUID, Dated]:
    """The row of each of these enterprises that hasn't ended."""
    rows = model._default_manager.filter(enterprise__in=list(enterprises), end__gt=now).order_by("start")
    return {one.enterprise_id: one for one in rows}


def end(model: type[Dated], rows: Iterable[Dated], now: int) -> dict[UUID, int]:
    """End these rows; by enterprise: when they ended."""
    ended = list(rows)
    keys = [one.pk for one in ended]
    model._default_manager.filter(pk__in=keys, start__lt=now).update(end=now)
    model._default_manager.filter(pk__in=keys, start__gte=now).update(end=F("start") + 1)
    return {one.enterprise_id: max(now, one.start + 1) for one in ended}
