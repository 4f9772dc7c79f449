"""Where patches and enterprises lie: the areas from a GeoJSON of the town's own, spots by hand."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import transaction

from fugong.registry.models import Enterprise, Patch
from fugong.teams.errors import TeamError
from fugong.teams.models import Area, Spot

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


@transaction.atomic
def place(*, enterprise: Enterprise, latitude: float, longitude: float, now: int, actor: UUID | None) -> None:
    """Where an enterprise lies. Raises TeamError."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise TeamError("spot.wrong", field="latitude")
    Spot.objects.update_or_create(
        enterprise=enterprise,
        defaults={"latitude": latitude, "longitude": longitude, "actor_id": actor, "changed_at": now},
    )
