"""Time as sets of intervals on one shared timeline, and the one implementation of the operators over them."""

from fugong.core.time.lanes import LANE
from fugong.core.time.sets import (
    MINUS_INF,
    MOST_LANES,
    PLUS_INF,
    IntervalSet,
    complement,
    difference,
    empty,
    from_intervals,
    full,
    intersection,
    lane,
    select,
    to_intervals,
    union,
)

__all__ = [
    "LANE",
    "MINUS_INF",
    "MOST_LANES",
    "PLUS_INF",
    "IntervalSet",
    "complement",
    "difference",
    "empty",
    "from_intervals",
    "full",
    "intersection",
    "lane",
    "select",
    "to_intervals",
    "union",
]
