"""Programs of operators, run over many lanes in chunks that stay in cache.

A program is a list of instructions in the order of execution. Register r < inputs holds input r; register
inputs + i the result of instruction i; the last register is the program's result.
"""

# ruff: noqa: PLR0912, PLR0915 - compiled code dispatches in one function, and takes arrays one by one, in order
from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fugong.core.time import kernels
from fugong.core.time.sets import LANE, IntervalSet, check_lanes, empty

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
        arena.at_least(2 * starts.size + 4 * (last - first) + 64)
        parts = []
        while first < last:
            first, size, lacking = run(self._code, starts, ends, offsets, first, last, _CHUNK, *arena.arrays)
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


_A = "int64[::1]"


@kernels.compiled(f"UniTuple(int64,3)(int64[:,::1],{_A},{_A},{_A},int64,int64,int64,{_A},{_A},{_A},{_A},{_A})")
def run(
    code: Array,
    in_s: Array,
    in_e: Array,
    offsets: Array,
    first: int,
    last: int,
    chunk: int,
    reg_s: Array,
    reg_e: Array,
    scratch: Array,
    out_s: Array,
    out_e: Array,
) -> tuple[int, int, int]:
    """Run ``code`` over the lanes first..last-1, ``chunk`` lanes at a time.

    Returns the first lane that is not done, the number of intervals in ``out_s`` and ``out_e``, and, when it stopped
    for want of room, how much it lacked (0 otherwise). The caller makes room and calls again from that lane.
    """
    inputs = len(offsets) - 1
    steps = len(code)
    # where each register's intervals lie: inputs in in_s/in_e, results in reg_s/reg_e
    begin = np.zeros(inputs + steps, np.int64)
    end = np.zeros(inputs + steps, np.int64)
    done = 0
    for r in range(inputs):
        end[r] = offsets[r] + np.searchsorted(in_s[offsets[r] : offsets[r + 1]], first * LANE)
    lane = first
    while lane < last:
        until = min(lane + chunk, last)
        width = until - lane
        for r in range(inputs):
            begin[r] = end[r]
            end[r] = begin[r] + np.searchsorted(in_s[begin[r] : offsets[r + 1]], until * LANE)
        top = 0
        for step in range(steps):
            op, a, b, low, high, least, spacing = code[step]
            a_s = (in_s if a < inputs else reg_s)[begin[a] : end[a]]
            a_e = (in_e if a < inputs else reg_e)[begin[a] : end[a]]
            b_s = (in_s if b < inputs else reg_s)[begin[b] : end[b]]
            b_e = (in_e if b < inputs else reg_e)[begin[b] : end[b]]
            need = top + 2 * (len(a_s) + len(b_s) + width + 1) + len(b_s)
            if need > len(reg_s):
                return lane, done, need
            o_s, o_e = reg_s[top:], reg_e[top:]
            size = 0
            if op == Op.UNION:
                size = kernels.union(a_s, a_e, b_s, b_e, o_s, o_e)
            elif op == Op.INTERSECTION:
                size = kernels.intersection(a_s, a_e, b_s, b_e, o_s, o_e)
            elif op == Op.DIFFERENCE:
                size = kernels.difference(a_s, a_e, b_s, b_e, o_s, o_e)
            elif op == Op.COMPLEMENT:
                size = kernels.complement(a_s, a_e, lane, until, o_s, o_e)
            elif op == Op.ONCE:
                size = kernels.once(a_s, a_e, low, high, o_s, o_e)
            elif op == Op.HISTORICALLY:
                size = kernels.historically(a_s, a_e, low, high, o_s, o_e)
            elif op == Op.SINCE:
                size = kernels.since(a_s, a_e, b_s, b_e, low, high, o_s, o_e)
                if low == 0:
                    raw = top + size
                    top = raw
                    size = kernels.union(
                        reg_s[raw - size : raw], reg_e[raw - size : raw], b_s, b_e, reg_s[raw:], reg_e[raw:]
                    )
            elif op == Op.COUNT:
                size = kernels.count(a_s, a_e, low, high, least, spacing, scratch, o_s, o_e)
            elif op == Op.FULL:
                size = kernels.complement(in_s[:0], in_e[:0], lane, until, o_s, o_e)
            elif op == Op.COPY:
                size = len(a_s)
                o_s[:size] = a_s
                o_e[:size] = a_e
            begin[inputs + step] = top
            end[inputs + step] = top + size
            top += size
        result = inputs + steps - 1
        size = end[result] - begin[result]
        if done + size > len(out_s):
            return lane, done, done + size
        out_s[done : done + size] = reg_s[begin[result] : end[result]]
        out_e[done : done + size] = reg_e[begin[result] : end[result]]
        done += size
        lane = until
    return last, done, 0
