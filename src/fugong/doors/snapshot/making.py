"""Making a snapshot: whole, or what has changed since one that a device holds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fugong.doors import keys
from fugong.doors.algorithms import base64url
from fugong.doors.lineage import here
from fugong.doors.snapshot import parts, people
from fugong.registry.models import Door

FORMAT = 1
LASTS = 7 * 86_400
"""For how long a snapshot may be used without a newer one, in seconds."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot's bytes, what proves that they are the server's, and a tag that is the same while nothing changes."""

    body: bytes
    tag: str
    number: int
    workers: Sequence[UUID]

    def signature(self, now: int) -> str:
        """The header ``Fugong-Signature``: by the key in use, and by retired ones for devices that know nothing newer."""
        return ", ".join(f"{kid} {base64url(signed)}" for kid, signed in keys.signatures(self.body, now=now))


@dataclass(frozen=True, slots=True)
class Held:
    """What a device holds: up to which number, of which lineage."""

    number: int
    lineage: str


def snapshot(door: Door, permission: str, *, now: int, held: Held | None, for_device: bool) -> Snapshot:
    """What a device is to hold of a door, or what has changed of it; whole where ``held`` is of another lineage.

    ``for_device``: with guards' PINs, and with what other apps tell devices. Whoever shows it says whose
    data it holds (``workers``).
    """
    at = here()
    since = held.number if held and held.lineage == at.lineage and 0 < held.number <= at.number else None
    told = parts.of(door, permission, now=now, guards=for_device)
    shown = list[UUID]()
    if for_device:
        others = parts.others(door, now)
        told |= {name: part.said for name, part in others.items()}
        names = parts.changed_since(door, permission, told, since)
        told = {name: part for name, part in told.items() if name in names}
        shown = [worker for name, part in others.items() if name in names for worker in part.workers]
    found = people.on_list(door, permission, since)
    stable: dict[str, Any] = {
        "format": FORMAT, "lineage": at.lineage, "door": str(door.pk), "site": str(door.site_id), "permission": permission,
        "since": since, **told, "people": found.columns, "places": found.places,
        "gone": [] if since is None else people.gone(door, since),
    }  # fmt: skip
    body = parts.written({**stable, "number": at.number, "issued_at": now, "expires_at": now + LASTS})
    tag = base64url(hashlib.sha256(parts.written(stable)).digest()[:12])
    return Snapshot(body, tag, at.number, [*found.workers, *shown])
