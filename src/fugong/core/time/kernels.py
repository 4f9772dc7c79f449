"""The operators of the algebra: linear passes over sorted starts and ends, compiled by Numba.

Every kernel reads canonical sets (sorted, disjoint, maximal within a lane), writes a canonical set into ``out_s`` and
``out_e``, and returns its size; each docstring states how much room the output needs. Second *t* of lane *i* stands at
``i * LANE + LANE // 2 + t``, so a coordinate that is a multiple of ``LANE`` is both the end (plus infinity) of one lane
and the start (minus infinity) of the next: an interval that starts there never merges with what ends there. A bound
of ``LANE`` or more stands for infinity: it reaches beyond either end of a lane from anywhere inside.

The loops store first and count afterwards (``out[k] = x; k += keep``) because a branch that data decides costs more
than a store that the next one overwrites.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from fugong.core.time.lanes import LANE

F = TypeVar("F", bound=Callable[..., Any])
Array = NDArray[np.int64]

_MASK = LANE - 1


def compiled(signature: str) -> Callable[[F], F]:
    """Numba's ``njit`` for one signature, kept on disk between runs, without losing the types."""

    def compile_(function: F) -> F:
        try:
            return cast(F, njit(signature, cache=True, nogil=True)(function))
        except RuntimeError:  # neither the package's folder nor the user's cache can be written: compile in every run
            return cast(F, njit(signature, nogil=True)(function))

    return compile_


_ONE_SET = "int64[::1],int64[::1]"
_TWO_SETS = f"{_ONE_SET},{_ONE_SET}"


@compiled(f"int64({_TWO_SETS},{_ONE_SET})")
def union(a_s: Array, a_e: Array, b_s: Array, b_e: Array, out_s: Array, out_e: Array) -> int:
    """Instants in a or b. Room: len(a) + len(b)."""
    n, m = len(a_s), len(b_s)
    i, j, k, last = 0, 0, -1, -1
    while i < n and j < m:
        first = a_s[i] <= b_s[j]
        s = a_s[i] if first else b_s[j]
        e = a_e[i] if first else b_e[j]
        i += first
        j += not first
        out_s[k + 1] = s
        k += (s > last) | ((s == last) & ((s & _MASK) == 0))
        last = max(last, e)
        out_e[k] = last
    if i == n:
        i, n, a_s, a_e = j, m, b_s, b_e
    while i < n:
        s = a_s[i]
        out_s[k + 1] = s
        k += (s > last) | ((s == last) & ((s & _MASK) == 0))
        last = max(last, a_e[i])
        out_e[k] = last
        i += 1
    return k + 1


@compiled(f"int64({_TWO_SETS},{_ONE_SET})")
def intersection(a_s: Array, a_e: Array, b_s: Array, b_e: Array, out_s: Array, out_e: Array) -> int:
    """Instants in a and b. Room: len(a) + len(b)."""
    n, m = len(a_s), len(b_s)
    i, j, k = 0, 0, 0
    while i < n and j < m:
        s = max(a_s[i], b_s[j])
        e = min(a_e[i], b_e[j])
        out_s[k] = s
        out_e[k] = e
        k += s < e
        first = a_e[i] < b_e[j]
        i += first
        j += not first
    return k


@compiled(f"int64({_TWO_SETS},{_ONE_SET})")
def difference(a_s: Array, a_e: Array, b_s: Array, b_e: Array, out_s: Array, out_e: Array) -> int:
    """Instants in a and not in b. Room: len(a) + len(b) + 1."""
    m = len(b_s)
    j, k = 0, 0
    for i in range(len(a_s)):
        s, e = a_s[i], a_e[i]
        while j < m and b_e[j] <= s:
            j += 1
        while j < m and b_s[j] < e:
            out_s[k] = s
            out_e[k] = b_s[j]
            k += s < b_s[j]
            s = b_e[j]
            if s >= e:
                break
            j += 1
        out_s[k] = s
        out_e[k] = e
        k += s < e
    return k


@compiled(f"int64({_ONE_SET},int64,int64,{_ONE_SET})")
def complement(a_s: Array, a_e: Array, first: int, last: int, out_s: Array, out_e: Array) -> int:
    """Instants of the lanes first..last-1 that are not in a. Room: len(a) + lanes + 1."""
    n = len(a_s)
    i, k = 0, 0
    for lane in range(first, last):
        s = lane * LANE
        limit = s + LANE
        while i < n and a_s[i] < limit:
            out_s[k] = s
            out_e[k] = a_s[i]
            k += s < a_s[i]
            s = a_e[i]
            i += 1
        out_s[k] = s
        out_e[k] = limit
        k += s < limit
    return k


@compiled(f"int64({_ONE_SET},int64,int64,{_ONE_SET})")
def once(a_s: Array, a_e: Array, low: int, high: int, out_s: Array, out_e: Array) -> int:
    """``once[low,high]``: every interval [s, e) becomes [s + low, e + high), clipped to its lane. Room: len(a) + 1.

    With ``low = high = 0`` it merges intervals that are only sorted by their starts into a canonical set.
    """
    k, last = -1, -1
    for i in range(len(a_s)):
        s = a_s[i]
        base = s & ~_MASK
        limit = base + LANE
        if s != base:
            s += low
            if s >= limit:
                continue
        out_s[k + 1] = s
        k += (s > last) | ((s == last) & ((s & _MASK) == 0))
        last = max(last, min(a_e[i] + high, limit))
        out_e[k] = last
    return k + 1


@compiled(f"int64({_ONE_SET},int64,int64,{_ONE_SET})")
def historically(a_s: Array, a_e: Array, low: int, high: int, out_s: Array, out_e: Array) -> int:
    """``historically[low,high]``: every [s, e) becomes [s + high, e + low), where that is not empty. Room: len(a) + 1.

    Gaps only widen (high >= low), so nothing can touch.
    """
    k = 0
    for i in range(len(a_s)):
        s, e = a_s[i], a_e[i]
        base = s & ~_MASK
        limit = base + LANE
        s = s if s == base else s + high
        e = min(e + low, limit)
        out_s[k] = s
        out_e[k] = e
        k += s < e
    return k


@compiled(f"int64({_TWO_SETS},int64,int64,{_ONE_SET})")
def since(a_s: Array, a_e: Array, b_s: Array, b_e: Array, low: int, high: int, out_s: Array, out_e: Array) -> int:
    """``a since[low,high] b``, save the instants of b itself when low is 0. Room: len(a) + len(b) + 1.

    An instant t' of b carries over an interval [s, e) of a when s - 1 <= t' < e - 1; then the formula holds from
    t' + low to t' + high, as long as a lasts. The caller unites the result with b when low is 0 (t' = t needs no a).
    """
    m = len(b_s)
    j, k = 0, 0
    for i in range(len(a_s)):
        s, e = a_s[i], a_e[i]
        base = s & ~_MASK
        limit = base + LANE
        earliest = s if s == base else s - 1
        latest = e if e == limit else e - 1
        last = np.int64(-1)
        while j < m and b_e[j] <= earliest:
            j += 1
        while j < m and b_s[j] < e:
            x = max(b_s[j], earliest)
            y = min(b_e[j], latest)
            start = x if x == base else x + low
            end = min(e, y + high)
            if x < y and start < end:
                if start <= last:
                    last = max(last, end)
                    out_e[k - 1] = last
                else:
                    last = end
                    out_s[k] = start
                    out_e[k] = end
                    k += 1
            if b_e[j] > e:
                break
            j += 1
    return k


@compiled(f"int64({_ONE_SET},int64,int64,int64,int64,int64[::1],{_ONE_SET})")
def count(
    a_s: Array, a_e: Array, low: int, high: int, least: int, spacing: int, scratch: Array, out_s: Array, out_e: Array
) -> int:
    """``count[low,high](a, spaced spacing) >= least``; spacing 0 counts every beginning. Room: len(a) + 1.

    Beginnings are the starts of a's intervals, except those at minus infinity, which began at no instant.
    From a beginning p the least-th counted one is q; both are in the window from q + low to p + high. Instants at
    which p isn't the earliest in the window do no harm: from an earlier one the least-th comes no later.
    ``scratch`` (len(a) numbers) holds, for each beginning, the next one that is far enough away.
    """
    n = len(a_s)
    if spacing > 0:
        j = 0
        for i in range(n):
            j = max(j, i + 1)
            while j < n and a_s[j] - a_s[i] < spacing:
                j += 1
            scratch[i] = j
    k, last = -1, -1
    for i in range(n):
        p = a_s[i]
        base = p & ~_MASK
        limit = base + LANE
        if p == base:
            continue
        end = min(p + high + 1, limit)
        j = i
        if spacing > 0:
            for _ in range(least - 1):
                j = scratch[j]
                if j >= n or a_s[j] + low >= end:
                    break
        else:
            j = i + least - 1
        if j >= n or a_s[j] + low >= end:
            continue
        out_s[k + 1] = a_s[j] + low
        k += a_s[j] + low > last
        last = max(last, end)
        out_e[k] = last
    return k + 1
