"""How far and how long it is from one point to another: by the great circle with a detour, or by a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Protocol

from fugong.core.text import CoreError

Place = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""

EARTH_METRES = 6_371_008.8
"""The mean radius of the earth (IUGG)."""


class Travel(Protocol):
    """Metres and driving seconds from one named point to another, both whole numbers."""

    def leg(self, start: str, end: str) -> tuple[int, int]: ...


def great_circle(one: Place, other: Place) -> float:
    """Metres between two places along the great circle."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True, slots=True)
class GreatCircle:
    """The great circle times ``detour``, at one speed: what is assumed where nobody gave a table.

    The detour of roads is about 1.3 in most countries; 60 km/h is a coach's mean over motorways and towns. Both are this
    project's own assumptions: whoever knows better gives a table.
    """

    places: Mapping[str, Place]
    detour: float = 1.3
    kilometres_an_hour: float = 60.0

    def leg(self, start: str, end: str) -> tuple[int, int]:
        metres = round(great_circle(self.places[start], self.places[end]) * self.detour)
        return metres, ceil(metres * 3.6 / self.kilometres_an_hour)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of metres and driving seconds, a row for where one starts, in the order of ``ids``.

    Refuses (`CoreError`) what isn't square or has a negative number.
    """

    ids: tuple[str, ...]
    metres: Sequence[Sequence[int]]
    seconds: Sequence[Sequence[int]]
    _at: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_at", {name: index for index, name in enumerate(self.ids)})
        square = all(
            len(rows) == len(self.ids) and all(len(row) == len(self.ids) for row in rows)
            for rows in (self.metres, self.seconds)
        )
        if len(self._at) != len(self.ids) or not square:
            raise CoreError(
                f"距离表不是 {len(self.ids)} 行 {len(self.ids)} 列，或者有重复的地点；请补全后再上传。",
                f"The table of distances isn't {len(self.ids)} rows of {len(self.ids)}, or names a place twice; complete it.",
            )
        if any(value < 0 for rows in (self.metres, self.seconds) for row in rows for value in row):
            raise CoreError("距离表里有负数；请更正。", "The table of distances has a negative number; put it right.")

    def leg(self, start: str, end: str) -> tuple[int, int]:
        for name in (start, end):
            if name not in self._at:
                raise CoreError(
                    f"距离表里没有“{name}”；请补上这一地点，或改用直线距离估算。",
                    f"The table of distances lacks “{name}”; add it, or let distances be estimated.",
                )
        row, column = self._at[start], self._at[end]
        return self.metres[row][column], self.seconds[row][column]
