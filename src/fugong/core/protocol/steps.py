"""Step functions: for each permission, from each moment on, which of its requirements don't hold; for all lanes at once.

A mask's bit *i* is set while requirement *i* of the permission (in the pack's order) doesn't hold, bit *n + k* while the *k*-th
on-the-spot one would not hold even after a good answer at a door (``answers.settled``). Each requirement of a pack is
evaluated once, whichever permissions need it; everything else here is sorting and adding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fugong.core.protocol.answers import settled
from fugong.core.protocol.door import NOTHING
from fugong.core.protocol.evaluation import evaluate
from fugong.core.protocol.formula import Formula, kinds_of
from fugong.core.protocol.pack_model import Pack
from fugong.core.time import LANE, MINUS_INF, IntervalSet

Array = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class StepSet:
    """Masks of many lanes: ``at`` are sorted coordinates (as in `IntervalSet`), ``masks`` what holds from each of them on.

    Before a lane's first step nothing is known (`door.NOTHING`). No step repeats the mask of the one before.
    """

    at: Array
    masks: Array


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where a permission stands in many lanes: its step function, and the instants at which it is held."""

    steps: StepSet
    held: IntervalSet


@dataclass(frozen=True, slots=True)
class InForce:
    """The steps of a pack's permissions, and the time in which the pack is in force."""

    start: int
    end: int
    pack: Pack
    steps: Mapping[str, StepSet]


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """What a pack's permissions need: formulas, and what each of them is worth in the masks of each permission."""

    formulas: tuple[Formula, ...]
    permissions: tuple[str, ...]
    kinds: frozenset[str]
    """The derived kinds of which the formulas speak."""
    weights: Array
    """A row for each permission, a column for each formula; 0 where the permission doesn't need it."""


@lru_cache(maxsize=64)
def _layout(pack: Pack) -> _Layout:
    columns: dict[Formula, int] = {}
    entries: list[tuple[int, int, int]] = []
    for row, names in enumerate(pack.permissions.values()):
        needed = [pack.requirements[name] for name in names]
        formulas = [one.effective for one in needed] + [settled(pack, one) for one in needed if one.on_the_spot]
        entries += [(row, columns.setdefault(f, len(columns)), 1 << bit) for bit, f in enumerate(formulas)]
    weights = np.zeros((len(pack.permissions), len(columns)), np.int64)
    for row, column, weight in entries:
        weights[row, column] += weight
    return _Layout(tuple(columns), tuple(pack.permissions), frozenset().union(*map(kinds_of, columns)), weights)


def columns(pack: Pack) -> tuple[Formula, ...]:
    """Every formula on which the masks of the pack's permissions depend."""
    return _layout(pack).formulas


@lru_cache(maxsize=64)
def bits_of(pack: Pack) -> tuple[tuple[tuple[str, int], ...], ...]:
    """For each of the ``columns`` the permissions whose masks depend on it, and which bits are set while it doesn't hold."""
    layout = _layout(pack)
    return tuple(
        tuple((name, bits) for name, bits in zip(layout.permissions, of, strict=True) if bits)
        for of in layout.weights.T.tolist()
    )


def needed_kinds(pack: Pack) -> frozenset[str]:
    """The derived kinds on which the masks of the pack's permissions depend."""
    return _layout(pack).kinds


def steps(pack: Pack, derived: Mapping[str, IntervalSet], lanes: int) -> dict[str, StepSet]:
    """The step function of each permission of the pack, as if it had always been in force, in the lanes 0..lanes-1."""
    layout = _layout(pack)
    sets = [evaluate(formula, derived, lanes) for formula in layout.formulas]
    firsts = np.arange(lanes, dtype=np.int64) * LANE
    sizes = [len(one) for one in sets]
    column = np.repeat(np.arange(len(sets)), sizes)
    at = np.concatenate([firsts, *(one.starts for one in sets), *(one.ends for one in sets)])
    # What holds begins at a start and stops at an end. An end of a lane is the start of the next one, and what is added up
    # there is right for that one: so lanes need not be told apart.
    order = np.argsort(at, kind="stable")
    at = at[order]
    last = np.append(at[1:] != at[:-1], True)[: len(at)] & (at < lanes * LANE)
    at = at[last]
    begins = at & (LANE - 1) == 0
    worth = layout.weights[:, column]
    change = np.concatenate([np.zeros((len(worth), lanes), np.int64), worth, -worth], axis=1)[:, order]
    holding = np.cumsum(change, axis=1)[:, last]
    masks = layout.weights.sum(axis=1, keepdims=True) - holding
    return {name: _without_repeats(at, masks[row], begins) for row, name in enumerate(layout.permissions)}


def _without_repeats(at: Array, masks: Array, begins: Flags) -> StepSet:
    new = begins.copy()
    new[1:] |= masks[1:] != masks[:-1]
    return StepSet(at[new], masks[new])


def standing(forces: Iterable[InForce], permission: str, lanes: int) -> Standing:
    """A permission over packs that are in force one after the other, each within its time."""
    firsts = np.arange(lanes, dtype=np.int64) * LANE
    parts: list[tuple[Array, Array, Flags]] = [(firsts, np.full(lanes, NOTHING), np.zeros(lanes, bool))]
    for force in forces:
        start, end = (max(min(bound - MINUS_INF, LANE), 0) for bound in (force.start, force.end))
        if permission not in force.steps or start >= end:
            continue
        one = force.steps[permission]
        second = one.at & (LANE - 1)
        kept = second < end
        at, masks, second = one.at[kept], one.masks[kept], second[kept]
        needs = (1 << len(force.pack.permissions[permission])) - 1
        parts.append((at - second + np.maximum(second, start), masks, masks & needs == 0))
        if end < LANE:
            parts.append((firsts + end, np.full(lanes, NOTHING), np.zeros(lanes, bool)))
    at, masks, may = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    # Of several steps at one moment the last one counts: what a force begins with, and what comes after one that ends.
    if len(parts) > 1:
        order = np.argsort(at, kind="stable")
        at, masks, may = at[order], masks[order], may[order]
        last = np.append(at[1:] != at[:-1], True)[: len(at)]
        at, masks, may = at[last], masks[last], may[last]
    begins = at & (LANE - 1) == 0
    found = _without_repeats(at, masks, begins)
    known = (found.masks != NOTHING) | (found.at & (LANE - 1) != 0)
    return Standing(StepSet(found.at[known], found.masks[known]), _held(at, may, begins))


def _held(at: Array, may: Flags, begins: Flags) -> IntervalSet:
    """The intervals in which something is so that is said step by step."""
    before = np.zeros(len(may), bool)
    before[1:] = may[:-1] & ~begins[1:]
    lasts = np.append(begins[1:], True)[: len(may)] & may
    ends = np.where(lasts, (at & -LANE) + LANE, at)
    return IntervalSet(at[may & ~before], ends[lasts | (before & ~may)])


def lane(found: StepSet, number: int) -> tuple[list[int], list[int]]:
    """The moments (in epoch seconds) and the masks of one lane."""
    first, last = np.searchsorted(found.at, (number * LANE, (number + 1) * LANE))
    zero = number * LANE - MINUS_INF
    return (found.at[first:last] - zero).tolist(), found.masks[first:last].tolist()


def bounds(ats: Array, lanes: int) -> list[int]:
    """Where each lane's part of an array of sorted coordinates begins, and where the last one's ends."""
    return list(np.searchsorted(ats, np.arange(lanes + 1, dtype=np.int64) * LANE).tolist())
