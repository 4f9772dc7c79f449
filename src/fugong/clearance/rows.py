"""What is stored of a worker and a permission, as PostgreSQL's arrays are written: numbers with commas between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fugong.core.protocol.steps import Array, Standing, bounds
from fugong.core.time import LANE, MINUS_INF


class Row(NamedTuple):
    """The starts and ends of when somebody has a permission, and the moments and masks of its step function."""

    starts: str
    ends: str
    moments: str
    failing: str


Rows = dict[str, list[Row]]
"""For each permission the rows of some workers, in the workers' order."""


def rows(found: Mapping[str, Standing], lanes: int) -> Rows:
    """The rows of the workers of the lanes 0..lanes-1."""
    return {permission: _of(standing, lanes) for permission, standing in found.items()}


def _of(standing: Standing, lanes: int) -> list[Row]:
    """Whoever stands where another one does gets the same row: it is written out once."""
    held, steps = standing.held, standing.steps
    spans, changes = bounds(held.starts, lanes), bounds(steps.at, lanes)
    starts, moments = _seconds(held.starts, held.starts), _seconds(steps.at, steps.at)
    ends = _seconds(held.ends, held.starts)
    columns = [array.tobytes() for array in (starts, ends, moments, steps.masks)]
    known: dict[tuple[bytes, ...], Row] = {}
    made: list[Row] = []
    for lane in range(lanes):
        a, b, c, d = spans[lane], spans[lane + 1], changes[lane], changes[lane + 1]
        key = (
            columns[0][a * 8 : b * 8], columns[1][a * 8 : b * 8], columns[2][c * 8 : d * 8], columns[3][c * 8 : d * 8]
        )  # fmt: skip
        row = known.get(key)
        if row is None:
            parts = (starts[a:b], ends[a:b], moments[c:d], steps.masks[c:d])
            row = known[key] = Row(*(",".join(map(str, part.tolist())) for part in parts))
        made.append(row)
    return made


def _seconds(array: Array, lanes_of: Array) -> Array:
    """Coordinates as epoch seconds; in whose lanes they stand, the other array says."""
    seconds: Array = array - (lanes_of & -LANE) + MINUS_INF
    return seconds
