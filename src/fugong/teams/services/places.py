"""Where patches and enterprises lie: the areas from a GeoJSON of the town's own, spots by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.registry.models import Patch
from fugong.teams.errors import TeamError
from fugong.teams.models import Area, Spot
from fugong.teams.services import dated
from fugong.teams.services.people import locked_enterprises

MOST_BYTES = 512 * 1024
MOST_CORNERS = 2_000
Ring = list[list[float]]


@transaction.atomic
def draw(*, content: bytes, now: int) -> int:
    """Patches' areas from GeoJSON (RFC 7946): features by the patch's name; how many. Raises TeamError, then none is changed."""
    if len(content) > MOST_BYTES:
        raise TeamError("area.too_large", field="file", limit=MOST_BYTES // 1024)
    patches = {patch.name: patch for patch in Patch.objects.all()}
    found: dict[UUID, list[Ring]] = {}
    for name, rings in _features(content):
        if name not in patches:
            raise TeamError("area.no_patch", field="file", name=name[:64])
        found.setdefault(patches[name].pk, []).extend(rings)
    for patch, rings in found.items():
        longitude, latitude = middle(rings)
        Area.objects.update_or_create(
            patch_id=patch, defaults={"rings": rings, "latitude": latitude, "longitude": longitude, "changed_at": now}
        )
    return len(found)


def _features(content: bytes) -> list[tuple[str, list[Ring]]]:
    try:
        said = json.loads(content)
        features = [(str(one["properties"]["name"]), _rings(one["geometry"])) for one in said["features"]]
    except (ValueError, TypeError, KeyError, IndexError):
        raise TeamError("area.not_understood", field="file") from None
    if not features or any(not rings for _name, rings in features):
        raise TeamError("area.not_understood", field="file")
    return features


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[geometry["type"]]
    rings = [[[float(point[0]), float(point[1])] for point in ring] for polygon in polygons for ring in polygon]
    corners = [point for ring in rings for point in ring]
    if len(corners) > MOST_CORNERS or any(len(ring) < 4 for ring in rings):
        raise ValueError
    if any(not (-180 <= x <= 180 and -90 <= y <= 90) for x, y in corners):
        raise ValueError
    return rings


def middle(rings: list[Ring]) -> tuple[float, float]:
    """The middle of the first ring: longitude and latitude of its centroid, or of its corners where it has no area."""
    ring = rings[0]
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if abs(area) < 1e-12:
        return sum(point[0] for point in ring) / len(ring), sum(point[1] for point in ring) / len(ring)
    return x / (3 * area), y / (3 * area)


def inside(rings: Sequence[Ring], latitude: float, longitude: float) -> bool:
    """Whether a place lies within an area: an odd number of its sides lies west of it."""
    sides = ((a, b) for ring in rings for a, b in zip(ring, ring[1:] + ring[:1], strict=True))
    crossed = (
        (a[1] > latitude) != (b[1] > latitude)
        and longitude > a[0] + (latitude - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in sides
    )  # fmt: skip
    return sum(crossed) % 2 == 1


@transaction.atomic
def place(*, spots: Mapping[UUID, tuple[float, float]], now: int, actor: UUID | None) -> int:
    """Where enterprises lie from now on (enterprise → latitude, longitude); how many changed. Raises TeamError, then none is."""
    if not all(-90 <= latitude <= 90 and -180 <= longitude <= 180 for latitude, longitude in spots.values()):
        raise TeamError("spot.wrong", field="latitude")
    locked_enterprises(spots)
    said = {key: {"latitude": latitude, "longitude": longitude} for key, (latitude, longitude) in spots.items()}
    return dated.succeed(Spot, said, now, actor)


@transaction.atomic
def take_away(*, enterprise: UUID, now: int) -> bool:
    """Nobody knows any more where an enterprise lies; whether somebody did. What was said stays. Raises TeamError."""
    locked_enterprises([enterprise])
    return dated.end(Spot, [enterprise], now) > 0
