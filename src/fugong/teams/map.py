"""The patches as a drawing: the server projects their areas onto a small SVG."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians
from uuid import UUID

from fugong.registry.models import Patch
from fugong.teams.models import Area, Spot

WIDTH, MOST_HEIGHT = 720, 720
_BRACKETS = re.compile(r"[（(].*?[）)]")
Drawn = tuple[Patch, Area]
"""A patch with its area."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A patch: its outline as an SVG path, where its name stands, and how many of four shades it is filled with."""

    patch: Patch
    path: str
    x: float
    y: float
    number: int
    shade: int

    @property
    def label(self) -> str:
        """The patch's name as it fits on the map: without what stands in brackets, which the list beside it says."""
        return _BRACKETS.sub("", self.patch.name).strip() or self.patch.name


@dataclass(frozen=True, slots=True)
class Dot:
    """An enterprise on the map."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map. ``west`` and ``north`` are where its corner lies, ``across`` and ``down`` its units a degree."""

    width: int
    height: int
    shapes: Sequence[Shape]
    west: float
    north: float
    across: float
    down: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place is drawn: from the left, from the top."""
        return round((longitude - self.west) * self.across, 1), round((self.north - latitude) * self.down, 1)

    def dots(self, spots: Iterable[Spot]) -> list[Dot]:
        """Enterprises on the map, those that lie outside left out."""
        found = [Dot(one.enterprise.name, *self.at(one.latitude, one.longitude)) for one in spots]
        return [one for one in found if 0 <= one.x <= self.width and 0 <= one.y <= self.height]


def drawing(areas: Sequence[Drawn], numbers: Mapping[UUID, int]) -> Drawing | None:
    """The map, shaded by a number of each patch (open problems); None where no patch is drawn."""
    points = [point for _patch, area in areas for ring in area.rings for point in ring]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = min(WIDTH / max((east - west) * narrow, 1e-9), MOST_HEIGHT / max(north - south, 1e-9))
    width, height = max(1, round((east - west) * narrow * scale)), max(1, round((north - south) * scale))
    made = Drawing(width, height, [], west, north, narrow * scale, scale)
    most = max(numbers.values(), default=0)
    return replace(made, shapes=[_shape(made, patch, area, numbers.get(patch.pk, 0), most) for patch, area in areas])


def _shape(made: Drawing, patch: Patch, area: Area, number: int, most: int) -> Shape:
    path = " ".join(
        "M" + " L".join("{},{}".format(*made.at(y, x)) for x, y in ring) + " Z" for ring in area.rings
    )  # fmt: skip
    x, y = made.at(area.latitude, area.longitude)
    return Shape(patch, path, x, y, number, -(-number * 3 // most) if most else 0)
