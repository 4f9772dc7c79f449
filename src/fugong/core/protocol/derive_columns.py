"""The raw facts of one kind as columns, and conditions on their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fugong.core.protocol.pack_model import Condition
from fugong.core.time import LANE, MINUS_INF, PLUS_INF

if TYPE_CHECKING:
    from fugong.core.protocol.derive import RawFact

Array = NDArray[np.int64]
Mask = NDArray[np.bool_]

_COMPARE: dict[str, Callable[[Any, float], Any]] = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "above": np.greater,
    "below": np.less,
}


_NEVER = np.iinfo(np.int64).max


class Columns:
    """Facts of one kind: lanes, starts and ends as arrays, and each value's column, made when it is first asked for."""

    def __init__(self, facts: Sequence[RawFact]) -> None:
        self.facts = facts
        columns: Sequence[Sequence[Any]] = tuple(zip(*facts, strict=True)) or ((),) * 6
        self.lane, self.start, self.end = (np.array(columns[i], dtype=np.int64) for i in (0, 2, 3))
        self._values: Sequence[Any] = columns[4]
        self._columns: dict[str, list[Any]] = {}
        self._numbers: dict[str, NDArray[np.float64]] = {}

    def __len__(self) -> int:
        return len(self.facts)

    def column(self, field: str) -> list[Any]:
        """The field's raw values; None where a fact has none."""
        if field not in self._columns:
            self._columns[field] = [values.get(field) for values in self._values]
        return self._columns[field]

    def numbers(self, field: str) -> NDArray[np.float64]:
        """The field's values as numbers (exact for moments: they fit 36 bits); NaN where it isn't a number."""
        if field not in self._numbers:
            self._numbers[field] = np.array(
                [value if type(value) in (int, float) else np.nan for value in self.column(field)], dtype=np.float64
            )
        return self._numbers[field]

    def has_number(self, field: str) -> Mask:
        """Where the fact has that moment: always for ``start`` and ``end``."""
        return np.ones(len(self), bool) if field in ("start", "end") else ~np.isnan(self.numbers(field))

    def moment(self, field: str) -> Array:
        """The moments that stand in a field, or the facts' ``start`` or ``end``; 0 where there is none."""
        if field in ("start", "end"):
            return self.start if field == "start" else self.end
        return np.nan_to_num(self.numbers(field)).astype(np.int64)

    @cached_property
    def begins(self) -> Array:
        """The distinct instants at which facts begin, as sorted coordinates on the timeline."""
        return np.unique(coordinate(self.lane, self.start))

    def next_begin(self, which: Array) -> Array:
        """For each of the facts when the next one of the same lane begins, in epoch seconds; never: plus infinity."""
        lane = self.lane[which]
        place = np.searchsorted(self.begins, coordinate(lane, self.start[which]), "right")
        following = np.append(self.begins, _NEVER)[place]
        return np.minimum(following - coordinate(lane, np.zeros_like(lane)), PLUS_INF)

    def mask(self, conditions: Sequence[Condition]) -> Mask:
        """Which facts meet all the conditions."""
        result = np.ones(len(self), bool)
        for condition in conditions:
            result &= self._meets(condition)
        return result

    def _meets(self, condition: Condition) -> Mask:
        wanted = condition.value
        if condition.operator in _COMPARE:
            result: Mask = _COMPARE[condition.operator](self.numbers(condition.field), wanted)  # NaN meets nothing
            return result
        column = self.column(condition.field)
        match condition.operator:
            case "equals":
                found = [_same(value, wanted) for value in column]
            case "one_of":
                found = [any(_same(value, one) for one in wanted) for value in column]
            case "includes":
                found = [isinstance(value, list | tuple) and wanted in value for value in column]
            case _:
                found = [(value is not None and value not in ("", [])) == wanted for value in column]
        return np.array(found, dtype=bool)


def coordinate(lane: Array, moment: Array) -> Array:
    """Where the moments of these lanes stand on the timeline."""
    place: Array = lane * LANE - MINUS_INF + np.minimum(np.maximum(moment, MINUS_INF), PLUS_INF - 1)
    return place


def _same(value: Any, wanted: Any) -> bool:
    """Equal, and not a truth value beside a number (in Python ``True == 1``)."""
    return bool(value == wanted) and isinstance(value, bool) == isinstance(wanted, bool)
