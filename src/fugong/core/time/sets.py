"""Interval sets on one timeline for everybody: the type, and its algebra."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fugong.core.time.lanes import LANE

MINUS_INF = -(LANE >> 1)
"""Epoch second that stands for "since ever"."""
PLUS_INF = LANE >> 1
"""Epoch second that stands for "for ever"."""
MOST_LANES = 1 << 26
"""As many lanes as a timeline may have, so that every coordinate, and every sum of two, fits 64 bits."""

Array = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class IntervalSet:
    """Half-open intervals of many lanes: sorted, disjoint, and maximal within their lane.

    ``starts`` and ``ends`` are coordinates: second *t* of lane *i* stands at ``i * LANE + LANE // 2 + t``. The ends of
    a lane mean minus and plus infinity. Build one with :func:`from_intervals` unless the arrays are canonical already.
    Two sets are equal when their arrays are.
    """

    starts: Array
    ends: Array

    def __len__(self) -> int:
        return len(self.starts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, IntervalSet):
            return NotImplemented
        return np.array_equal(self.starts, other.starts) and np.array_equal(self.ends, other.ends)

    __hash__ = None  # type: ignore[assignment]  # arrays can change under a hash


def plain(array: Array) -> Array:
    """``array`` as the kernels take it: 64-bit, contiguous, writable (a frozen or mapped array is copied)."""
    return np.require(array, dtype=np.int64, requirements=["C", "W"])


def check_lanes(lanes: int) -> None:
    """Refuse a number of lanes that is negative or doesn't fit the timeline."""
    if not 0 <= lanes <= MOST_LANES:
        raise ValueError(f"a timeline has 0 to {MOST_LANES} lanes, not {lanes}")


def empty() -> IntervalSet:
    """The set of no instants."""
    return IntervalSet(np.empty(0, np.int64), np.empty(0, np.int64))


def full(lanes: int) -> IntervalSet:
    """Every instant of the lanes 0..lanes-1."""
    check_lanes(lanes)
    starts = np.arange(lanes, dtype=np.int64) * LANE
    return IntervalSet(starts, starts + LANE)


def from_intervals(lanes_of: ArrayLike, starts: ArrayLike, ends: ArrayLike) -> IntervalSet:
    """The set of the instants in ``[starts[i], ends[i])`` of lane ``lanes_of[i]``, in epoch seconds, in any order.

    Bounds beyond infinity are clipped to it; empty intervals are dropped; what overlaps or touches within a lane is
    merged. ``ValueError`` when the three differ in length or a lane is outside the timeline.
    """
    lane_of = np.atleast_1d(np.asarray(lanes_of, dtype=np.int64))
    since = np.maximum(np.atleast_1d(np.asarray(starts, dtype=np.int64)), MINUS_INF)
    until = np.minimum(np.atleast_1d(np.asarray(ends, dtype=np.int64)), PLUS_INF)
    if not lane_of.shape == since.shape == until.shape or lane_of.ndim != 1:
        raise ValueError("lanes, starts and ends must be three lists of the same length")
    if len(lane_of) and not (lane_of.min() >= 0 and lane_of.max() < MOST_LANES):
        raise ValueError(f"lanes are numbered from 0 to {MOST_LANES - 1}")
    keep = since < until
    zero = lane_of[keep] * LANE - MINUS_INF
    first, last = zero + since[keep], zero + until[keep]
    if len(first) > 1 and not (first[:-1] <= first[1:]).all():
        order = np.argsort(first, kind="stable")
        first, last = first[order], last[order]
    out_s, out_e = np.empty(len(first) + 1, np.int64), np.empty(len(first) + 1, np.int64)
    return _cut(out_s, out_e, _compiled().once(first, last, 0, 0, out_s, out_e))


def to_intervals(s: IntervalSet) -> tuple[Array, Array, Array]:
    """The intervals as three arrays: lane, start and end, the latter two in epoch seconds."""
    lane_of = s.starts >> 36
    zero = lane_of * LANE - MINUS_INF
    return lane_of, s.starts - zero, s.ends - zero


def lane(s: IntervalSet, i: int) -> list[tuple[int, int]]:
    """The intervals of lane ``i``, in order, in epoch seconds."""
    zero = i * LANE - MINUS_INF
    first, last = np.searchsorted(s.starts, (i * LANE, (i + 1) * LANE))
    return [
        (a - zero, b - zero) for a, b in zip(s.starts[first:last].tolist(), s.ends[first:last].tolist(), strict=True)
    ]


def select(s: IntervalSet, first: int, last: int) -> IntervalSet:
    """The lanes first..last-1, renumbered from 0."""
    low, high = np.searchsorted(s.starts, (first * LANE, last * LANE))
    return IntervalSet(s.starts[low:high] - first * LANE, s.ends[low:high] - first * LANE)


def _compiled() -> ModuleType:
    """The compiled operators: they take a second to load, so only once something is computed."""
    from fugong.core.time import kernels

    return kernels


def _cut(out_s: Array, out_e: Array, size: int) -> IntervalSet:
    return IntervalSet(out_s[:size].copy(), out_e[:size].copy())


def _binary(kernel: Callable[..., int], a: IntervalSet, b: IntervalSet) -> IntervalSet:
    room = len(a) + len(b) + 1
    out_s, out_e = np.empty(room, np.int64), np.empty(room, np.int64)
    size = kernel(plain(a.starts), plain(a.ends), plain(b.starts), plain(b.ends), out_s, out_e)
    return _cut(out_s, out_e, size)


def union(a: IntervalSet, b: IntervalSet) -> IntervalSet:
    """Instants in ``a`` or ``b``."""
    return _binary(_compiled().union, a, b)


def intersection(a: IntervalSet, b: IntervalSet) -> IntervalSet:
    """Instants in both ``a`` and ``b``."""
    return _binary(_compiled().intersection, a, b)


def difference(a: IntervalSet, b: IntervalSet) -> IntervalSet:
    """Instants in ``a`` and not in ``b``."""
    return _binary(_compiled().difference, a, b)


def complement(a: IntervalSet, lanes: int) -> IntervalSet:
    """Instants of the lanes 0..lanes-1 that are not in ``a`` (which has nothing beyond these lanes)."""
    check_lanes(lanes)
    room = len(a) + lanes + 1
    out_s, out_e = np.empty(room, np.int64), np.empty(room, np.int64)
    return _cut(out_s, out_e, _compiled().complement(plain(a.starts), plain(a.ends), 0, lanes, out_s, out_e))
