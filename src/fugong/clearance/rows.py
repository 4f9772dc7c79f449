"""What is stored of a worker and a permission, as PostgreSQL's arrays are written: numbers with commas between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from fugong.core.protocol.steps import Array, Standing, bounds
from fugong.core.time import LANE, MINUS_INF


class Row(NamedTuple):
    """The starts and ends of when somebody has a permission, and the moments and masks of its step function."""

    starts: str
    ends: str
    moments: str
    failing: str


NOTHING = Row("", "", "", "")
Rows = dict[str, dict[UUID, Row]]
"""For each permission the row of each worker."""


def rows(workers: Sequence[UUID], found: Mapping[str, Standing]) -> Rows:
    """The rows of workers, the i-th of whom has lane i."""
    return {permission: _of(workers, standing) for permission, standing in found.items()}


def _of(workers: Sequence[UUID], standing: Standing) -> dict[UUID, Row]:
    held, steps = standing.held, standing.steps
    spans = bounds(held.starts, len(workers))
    starts, moments = (_seconds(array, array) for array in (held.starts, steps.at))
    ends = _seconds(held.ends, held.starts)
    masks = list(map(str, steps.masks.tolist()))
    changes = bounds(steps.at, len(workers))
    return {
        worker: Row(
            ",".join(starts[spans[i] : spans[i + 1]]), ",".join(ends[spans[i] : spans[i + 1]]),
            ",".join(moments[changes[i] : changes[i + 1]]), ",".join(masks[changes[i] : changes[i + 1]]),
        )
        for i, worker in enumerate(workers)
    }  # fmt: skip


def _seconds(array: Array, lanes_of: Array) -> list[str]:
    """Coordinates as epoch seconds; in whose lanes they stand, the other array says."""
    return list(map(str, (array - (lanes_of & -LANE) + MINUS_INF).tolist()))
