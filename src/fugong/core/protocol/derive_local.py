"""Local days: the wall clock of a pack's time zone, for many instants at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64]
_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local_bound(moments: Array, day: int, second: int, timezone: str) -> Array:
    """``second`` seconds into the ``day``-th local day after each moment's own, by the wall clock.

    A time that the clocks skip is as long after midnight as the clocks before the change say; of one that comes twice,
    the first counts.
    """
    days = (moments + offsets(moments, timezone)) // _DAY + day
    distinct, where = np.unique(days, return_inverse=True)
    bounds = np.array([_at(int(d), second, timezone) for d in distinct], dtype=np.int64)
    return bounds[where.reshape(days.shape)] if len(bounds) else np.empty(0, np.int64)


def offsets(moments: Array, timezone: str) -> Array:
    """How many seconds the zone's clocks are ahead of UTC at each moment."""
    distinct, where = np.unique(moments // _DAY, return_inverse=True)
    if not len(distinct):
        return np.empty(0, np.int64)
    first = np.array([_offset(int(d) * _DAY, timezone) for d in distinct], dtype=np.int64)
    last = np.array([_offset(int(d) * _DAY + _DAY - 1, timezone) for d in distinct], dtype=np.int64)
    result = first[where.reshape(moments.shape)]
    changing = np.flatnonzero((first != last)[where.reshape(moments.shape)])
    result[changing] = [_offset(int(t), timezone) for t in moments[changing]]
    return result


@lru_cache(maxsize=1 << 16)
def _offset(moment: int, timezone: str) -> int:
    offset = (_EPOCH + timedelta(seconds=moment)).astimezone(ZoneInfo(timezone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@lru_cache(maxsize=1 << 14)
def _at(day: int, second: int, timezone: str) -> int:
    wall = (_EPOCH + timedelta(days=day, seconds=second)).replace(tzinfo=ZoneInfo(timezone))
    return int((wall - _EPOCH) / timedelta(seconds=1))
