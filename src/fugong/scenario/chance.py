"""Chance by a seed: weighted choice, and shares that add up exactly."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Lottery(Generic[T]):
    """Draw items by weight."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._items = list(weights)
        self._limits = list(accumulate(weights.values()))

    def draw(self, rng: Random) -> T:
        return self._items[min(bisect(self._limits, rng.random() * self._limits[-1]), len(self._items) - 1)]


def allocate(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Split a total by weights into whole numbers that add up to it (largest remainders), each at least ``least``."""
    free = total - least * len(weights)
    whole = sum(weights)
    exact = [free * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: free - sum(parts)]:
        parts[i] += 1
    return [least + part for part in parts]
