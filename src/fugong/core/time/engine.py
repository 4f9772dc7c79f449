"""Programs of operators, run over many lanes in chunks that stay in cache.

A program is a list of instructions in the order of execution. Register r < inputs holds input r; register
inputs + i the result of instruction i; the last register is the program's result.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fugong.core.time.lanes import LANE
from fugong.core.time.sets import IntervalSet, check_lanes, empty

Array = NDArray[np.int64]

_CHUNK = 256  # lanes whose sets go through all operators before the next ones do
_BATCH = 1 << 14  # lanes whose inputs are gathered at a time


class Op(IntEnum):
    """What an instruction does to its operands a and b."""

    COPY = 0
    FULL = 1
    EMPTY = 2
    UNION = 3
    INTERSECTION = 4
    DIFFERENCE = 5
    COMPLEMENT = 6
    ONCE = 7
    HISTORICALLY = 8
    SINCE = 9
    COUNT = 10


class Instruction(NamedTuple):
    """One step: the operator, its operands' registers, its window in seconds, and what ``count`` needs besides."""

    op: Op
    a: int = 0
    b: int = 0
    low: int = 0
    high: int = 0
    least: int = 1
    spacing: int = 0


class Program:
    """Instructions, packed for the engine, over a number of inputs."""

    __slots__ = ("_code", "inputs")

    def __init__(self, inputs: int, instructions: Sequence[Instruction]) -> None:
        self.inputs = inputs
        steps = [
            i._replace(low=min(i.low, LANE), high=min(i.high, LANE), spacing=min(i.spacing, LANE)) for i in instructions
        ]
        self._code: Array = np.array(steps, dtype=np.int64).reshape(len(steps), len(Instruction._fields))

    def run(self, inputs: Sequence[IntervalSet], lanes: int) -> IntervalSet:
        """The result over the lanes 0..lanes-1; the inputs have nothing beyond these lanes."""
        check_lanes(lanes)
        if len(inputs) != self.inputs:
            raise ValueError(f"this program takes {self.inputs} inputs, not {len(inputs)}")
        if lanes <= _BATCH:
            whole = [(s.starts, s.ends) for s in inputs]
            return _joined(self._batch(whole, 0, lanes, _Arena()))
        arena = _Arena()
        edges = np.append(np.arange(0, lanes, _BATCH, dtype=np.int64), lanes)
        cuts = [np.searchsorted(s.starts, edges * LANE).tolist() for s in inputs]
        parts: list[tuple[Array, Array]] = []
        for n, (first, last) in enumerate(pairwise(edges.tolist())):
            cut = [(s.starts[c[n] : c[n + 1]], s.ends[c[n] : c[n + 1]]) for s, c in zip(inputs, cuts, strict=True)]
            parts += self._batch(cut, first, last, arena)
        return _joined(parts)

    def _batch(
        self, inputs: Sequence[tuple[Array, Array]], first: int, last: int, arena: _Arena
    ) -> list[tuple[Array, Array]]:
        if inputs:
            starts = np.concatenate([s for s, _ in inputs])
            ends = np.concatenate([e for _, e in inputs])
        else:
            starts = ends = _NOTHING
        offsets = np.array([0, *accumulate(s.size for s, _ in inputs)], np.int64)
        from fugong.core.time import running  # compiled code takes a second to load: only once something is evaluated

        arena.at_least(2 * starts.size + 4 * (last - first) + 64)
        parts = []
        while first < last:
            first, size, lacking = running.run(self._code, starts, ends, offsets, first, last, _CHUNK, *arena.arrays)
            if size:
                parts.append((arena.out_s[:size].copy(), arena.out_e[:size].copy()))
            if lacking:
                arena.at_least(2 * lacking)
        return parts


_NOTHING: Array = np.empty(0, np.int64)


class _Arena:
    """Room for a chunk's registers and a batch's result; grows when the engine says that it lacks some."""

    __slots__ = ("arrays", "out_e", "out_s", "size")

    def __init__(self) -> None:
        self.size = 0
        self.out_s = self.out_e = _NOTHING
        self.arrays: tuple[Array, ...] = ()

    def at_least(self, size: int) -> None:
        if size > self.size:
            self.size = size
            self.out_s, self.out_e = np.empty(size, np.int64), np.empty(size, np.int64)
            registers = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
            self.arrays = (*registers, self.out_s, self.out_e)


def _joined(parts: list[tuple[Array, Array]]) -> IntervalSet:
    if not parts:
        return empty()
    if len(parts) == 1:
        return IntervalSet(*parts[0])
    return IntervalSet(np.concatenate([s for s, _ in parts]), np.concatenate([e for _, e in parts]))
