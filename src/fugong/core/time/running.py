"""The loop of the engine, compiled: chunks of lanes through all steps of a program."""

# ruff: noqa: PLR0912, PLR0915 - compiled code dispatches in one function, and takes arrays one by one, in order
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fugong.core.time import kernels
from fugong.core.time.engine import Op
from fugong.core.time.lanes import LANE

Array = NDArray[np.int64]
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
