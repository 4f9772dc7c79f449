"""The patches as a drawing: the server projects their areas onto a small SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from uuid import UUID

from fugong.registry.models import Patch
from fugong.teams.models import Area

WIDTH, MOST_HEIGHT = 720, 720


@dataclass(frozen=True, slots=True)
class Shape:
    """A patch: its outline as an SVG path, where its name stands, and how many of four shades it is filled with."""

    patch: Patch
    path: str
    x: float
    y: float
    number: int
    shade: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map."""

    width: int
    height: int
    shapes: Sequence[Shape]


def drawing(areas: Sequence[tuple[Patch, Area]], numbers: Mapping[UUID, int]) -> Drawing | None:
    """The map, shaded by a number of each patch (open problems); None where no patch is drawn."""
    points = [point for _patch, area in areas for ring in area.rings for point in ring]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = min(WIDTH / max((east - west) * narrow, 1e-9), MOST_HEIGHT / max(north - south, 1e-9))

    def at(x: float, y: float) -> tuple[float, float]:
        return round((x - west) * narrow * scale, 1), round((north - y) * scale, 1)

    most = max(numbers.values(), default=0)
    shapes = []
    for patch, area in areas:
        path = " ".join(
            "M" + " L".join(f"{x},{y}" for x, y in (at(*point) for point in ring)) + " Z" for ring in area.rings
        )
        x, y = at(area.longitude, area.latitude)
        number = numbers.get(patch.pk, 0)
        shapes.append(Shape(patch, path, x, y, number, -(-number * 3 // most) if most else 0))
    width = max(1, round((east - west) * narrow * scale))
    return Drawing(width, max(1, round((north - south) * scale)), shapes)
