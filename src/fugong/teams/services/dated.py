"""Rows of which an enterprise has one at a time: the next one begins when the one before ends.

The enterprises are locked by the caller. A row that began this very second (or, by the clock of another server, in a
moment) was never for a while: it ends a second after it began, and the next one begins then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from django.db.models import F

from fugong.core.time import PLUS_INF
from fugong.teams.models import Charge, Lead, Spot

Dated = TypeVar("Dated", Charge, Lead, Spot)
Values = Mapping[str, UUID | str | float]


def succeed(model: type[Dated], said: Mapping[UUID, Values], now: int, actor: UUID | None) -> int:
    """Each of these enterprises has a row with these values from now on; how many have another one than before."""
    last = _last(model, said, now)
    changed = [key for key, values in said.items() if key not in last or not _says(last[key], values)]
    _end(model, [last[key] for key in changed if key in last], now)
    model._default_manager.bulk_create(
        model(enterprise_id=key, start=_free(last.get(key), now), actor_id=actor, **said[key]) for key in changed
    )
    return len(changed)


def end(model: type[Dated], enterprises: Iterable[UUID], now: int) -> int:
    """None of these enterprises has a row any more; how many had one."""
    return _end(model, _last(model, enterprises, now).values(), now)


def _last(model: type[Dated], enterprises: Iterable[UUID], now: int) -> dict[UUID, Dated]:
    """The row of each that hasn't ended, or ends in a moment."""
    rows = model._default_manager.filter(enterprise__in=list(enterprises), end__gt=now).order_by("start")
    return {one.enterprise_id: one for one in rows}


def _says(row: Dated, values: Values) -> bool:
    return row.end == PLUS_INF and all(getattr(row, name) == value for name, value in values.items())


def _free(row: Dated | None, now: int) -> int:
    """From when on another one may begin."""
    if row is None:
        return now
    return max(now, row.start + 1) if row.end == PLUS_INF else row.end


def _end(model: type[Dated], rows: Iterable[Dated], now: int) -> int:
    keys = [one.pk for one in rows if one.end == PLUS_INF]
    model._default_manager.filter(pk__in=keys, start__lt=now).update(end=now)
    model._default_manager.filter(pk__in=keys, start__gte=now).update(end=F("start") + 1)
    return len(keys)
