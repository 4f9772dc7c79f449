"""The parts of a snapshot that aren't people: the rules, what visitors need, keys, revoked passes, guards, names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from fugong.base.access import elevated
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.clearance import devices, evaluation
from fugong.clearance.devices import requirements, said, steps_of
from fugong.core.protocol.pack_model import Pack
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.doors import decisions, keys, pseudonyms
from fugong.doors.algorithms import base64url
from fugong.doors.models import Arrangement, GuardPin, Pass
from fugong.registry.models import Door, Town

PAST = 8 * 86_400
"""Rules that ended longer ago, in seconds, are left out: no check from so long ago is still on its way."""
_DAY = 86_400
VISIT = "visit"


def of(door: Door, permission: str, *, now: int, guards: bool) -> dict[str, Any]:
    """Every part by its name. ``guards``: with the guards' PINs, for a device only."""
    forces = [force for force in evaluation.in_force() if force.end > now - PAST]
    return {
        "names": _names(door),
        "forces": [_force(force, permission) for force in forces],
        "waiting": _waiting(door),
        "visit": {"steps": _unknown(forces, now), "forces": [_force(force, VISIT) for force in forces]},
        "keys": keys.public_keys(now=now),
        "revoked": _revoked(now),
        "guards": _guards(door) if guards else [],
    }


def others(door: Door, now: int) -> dict[str, devices.Told]:
    """What other apps tell the door's devices, by the name of the part."""
    return {name: part(door, now, pseudonyms.of) for name, part in devices.parts().items()}


def changed_since(door: Door, permission: str, parts: Mapping[str, Any], since: int | None) -> set[str]:
    """Which parts are others than they were at a number; remembers how they are now.

    Whoever finds a part changed writes down that it is so from this transaction on: what a device was told before that
    transaction ended is older, and the device's number isn't beyond it.
    """
    digests = {name: hashlib.sha256(written(part)).digest() for name, part in parts.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, digest, changed FROM doors_snapshotpart WHERE door_id = %s AND permission = %s",
            [door.pk, permission],
        )
        known = {name: (bytes(digest), changed) for name, digest, changed in cursor.fetchall()}
        new = sorted(name for name, digest in digests.items() if known.get(name, (b"", 0))[0] != digest)
        if new:
            cursor.execute(
                "INSERT INTO doors_snapshotpart (id, door_id, permission, name, digest, changed) "
                "SELECT id, %s, %s, name, digest, pg_current_xact_id()::text::bigint "
                "FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS n (id, name, digest) "
                "ON CONFLICT (door_id, permission, name) DO UPDATE SET digest = EXCLUDED.digest, changed = EXCLUDED.changed",
                [door.pk, permission, [uuid7() for _name in new], new, [digests[name] for name in new]],
            )
    if since is None:
        return set(parts)
    return set(new) | {name for name, (_digest, changed) in known.items() if changed >= since}


def written(part: Any) -> bytes:
    """A part, or a whole snapshot, as its bytes."""
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()


def _names(door: Door) -> dict[str, str]:
    enterprise = door.site.enterprise
    town = Town.objects.select_related("division").first()
    return {
        "door": door.name, "site": door.site.name, "enterprise": enterprise.name if enterprise else "",
        "town": town.division.name if town else "",
    }  # fmt: skip


def _force(force: evaluation.Force, permission: str) -> dict[str, Any]:
    pack = force.pack
    return {
        "start": None if force.start <= MINUS_INF else force.start, "end": None if force.end >= PLUS_INF else force.end,
        "requirements": requirements(pack, permission), "rules": _rules(pack),
    }  # fmt: skip


def _rules(pack: Pack) -> dict[str, Any]:
    door = pack.door
    second = door.second_measurement_minutes
    return {
        "fever_limit": door.fever_limit, "plausible": list(door.plausible), "mask": door.mask, "gloves": door.gloves,
        "second_measurement": None if second is None else second * 60,
        "second_method": None if door.second_method is None else said(door.second_method),
        "stale_warning": door.stale_warning_minutes * 60, "stale_limit": door.stale_limit_minutes * 60,
        "usual": list(decisions.USUAL),
    }  # fmt: skip


def _waiting(door: Door) -> dict[str, str]:
    found = Arrangement.objects.filter(site=door.site_id).first() or Arrangement()
    return {"place": found.place, "call": found.call, "phone": found.phone}


def _unknown(forces: Sequence[evaluation.Force], now: int) -> list[int | str | None]:
    """The step function of somebody of whom nothing is known, for the permission to visit.

    Only rules change it, so its past goes with theirs.
    """
    steps = evaluation.standings(forces, [], {}, 1)[VISIT].steps
    start = min((force.start for force in forces), default=now)
    return steps_of((steps.at + MINUS_INF).tolist(), steps.masks.tolist(), start)  # there is one lane, the first


def _revoked(now: int) -> list[str]:
    """Revoked passes that somebody may still show. What has expired anyway is left out, day by day."""
    today = now - now % _DAY
    rows = Pass.objects.filter(revoked_at__isnull=False).order_by("id").values_list("id", "expires_at")
    return [number for number, expires_at in rows if expires_at is None or expires_at > today - PAST]


def _guards(door: Door) -> list[dict[str, Any]]:
    """Who may sign in on the door's devices, and by what: salted digests, which go to devices only."""
    if door.site.enterprise_id is None:
        return []
    with elevated("the PINs of a door's guards"):
        pins = list(
            GuardPin.objects.filter(
                user__role_name="guard", user__is_active=True, user__scope_id=door.site.enterprise_id
            ).select_related("user").order_by("user_id")
        )  # fmt: skip
    return [
        {"id": str(pin.user_id), "name": _called(pin.user), "salt": base64url(bytes(pin.salt)), "iterations": pin.iterations,
         "pin": base64url(bytes(pin.digest))}
        for pin in pins
    ]  # fmt: skip


def _called(user: User) -> str:
    return user.get_full_name() or user.username
