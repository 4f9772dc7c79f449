"""Devices that keep doors: a one-time code, the enrolment with it, by whom a request was signed, and the end of it."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from fugong.base import access, personal
from fugong.base.faults import Fault, declare
from fugong.base.models import User
from fugong.base.services import LEGIBLE, close_login
from fugong.doors.algorithms import ES256, from_base64url
from fugong.doors.models import Device
from fugong.registry.models import Door

CODE_LASTS = 3_600
"""For how long a code can be used, in seconds."""
TOLERANCE = 300
"""So far, in seconds, the moment of a signed request may lie from the server's."""
SEEN_EVERY = 600
"""At most so often, in seconds, it is written that a device was there: each time leaves an entry in the audit."""
LONGEST_NAME = 64
_CODE, _SECRET, _COORDINATE = 8, 32, 32
_PURPOSE_CODE, _PURPOSE_TOKEN = "device code", "device token"

declare(
    {
        "device.code": _("This code is wrong, used, or older than an hour. Ask for a new one."),
        "device.locked": _("Too many wrong codes. Wait ten minutes, and ask for a new one."),
        "device.key": _("The key is no public key of the curve P-256."),
        "device.name": _("A device's name has at most %(most)s characters that can be stored."),
        "device.unknown": _("The server does not know this device. Enrol it with a new code."),
        "device.revoked": _("This device was revoked. Enrol it again with a new code."),
        "device.clock": _("The request's time is not the server's. Set the clock by the answer, and send it again."),
        "device.signature": _("The signature does not fit the request."),
    }
)


class DeviceError(Fault):
    """A device that can't be enrolled, or isn't believed."""


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code for a door's new device, readable only here and now."""

    device: UUID
    code: str
    until: int


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A device that has just been enrolled. ``token`` is what it shows with every request, if it has no key."""

    device: Device
    token: str | None


@transaction.atomic
def make_code(*, door: UUID, actor: UUID, now: int) -> Code:
    """A code with which one device can be enrolled at a door, once, within an hour. The device gets a login of its own."""
    place = Door.objects.get(pk=door)
    device = Device(door=place, code_until=now + CODE_LASTS, made_by_id=actor, made_at=now)
    # Nobody types this login's password: there is none.
    device.user = User.objects.create_user(
        username=f"device-{device.pk.hex[-12:]}", password=None, role_name="door_device", scope_id=place.site_id
    )
    code = "".join(secrets.choice(LEGIBLE) for _n in range(_CODE))
    device.code_digest = _digest(_PURPOSE_CODE, code)
    device.save(force_insert=True)
    access.note("login.given", username=device.user.username, role=device.user.role_name)
    return Code(device.pk, f"{code[: _CODE // 2]}-{code[_CODE // 2 :]}", device.code_until)


_ENROL = (
    "UPDATE doors_device SET code_digest = NULL, name = %s, public_key = %s::jsonb, token_digest = %s, enrolled_at = %s "
    "WHERE code_digest = %s AND code_until > %s AND revoked_at IS NULL RETURNING id"
)


@transaction.atomic
def enrol(*, code: str, name: str, key: Mapping[str, Any] | None, now: int) -> Enrolled:
    """Use a code up: the device is known from now on by its key (a JWK), or by the token that is returned.

    One statement finds the code and ends it, so that of two devices with the same code one is enrolled. Raises DeviceError.
    """
    called = name.strip()
    if len(called) > LONGEST_NAME or not called.isprintable():
        raise DeviceError("device.name", field="name", most=LONGEST_NAME)
    public = None if key is None else public_half(key)
    token = secrets.token_urlsafe(_SECRET) if public is None else None
    with connection.cursor() as cursor:
        cursor.execute(
            _ENROL,
            [called, None if public is None else json.dumps(public), token and _digest(_PURPOSE_TOKEN, token), now,
             _digest(_PURPOSE_CODE, _plain(code)), now],
        )  # fmt: skip
        found = cursor.fetchone()
    if found is None:
        raise DeviceError("device.code", field="code")
    return Enrolled(Device.objects.select_related("user").get(pk=found[0]), token)


@transaction.atomic
def revoke(*, device: UUID, actor: UUID, now: int) -> None:
    """The device's next request is refused, and its login is closed for good. Doing so twice changes nothing."""
    found = Device.objects.select_for_update().get(pk=device)
    if found.revoked_at is not None:
        return
    Device.objects.filter(pk=device).update(revoked_at=now, revoked_by=actor, code_digest=None)
    close_login(login_id=found.user_id, actor=actor)


def public_half(key: Mapping[str, Any]) -> dict[str, str]:
    """A JWK's point on P-256, as it is kept. Raises DeviceError for anything else."""
    try:
        parts = {name: str(key[name]) for name in ES256.parts}
        points = [from_base64url(part) for part in parts.values()]
    except (KeyError, ValueError):
        raise DeviceError("device.key", field="key") from None
    if (key.get("kty"), key.get("crv")) != ("EC", "P-256") or not _on_curve(points):
        raise DeviceError("device.key", field="key")
    return parts


def _on_curve(points: list[bytes]) -> bool:
    if any(len(point) != _COORDINATE for point in points):
        return False
    x, y = (int.from_bytes(point, "big") for point in points)
    try:
        ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Asking:
    """A device as its request shows it: what believing it needs, and as whom it acts."""

    id: UUID
    door: UUID
    public: dict[str, str] | None
    revoked: bool
    seen_at: int | None
    user: User


_COLUMNS = (
    "SELECT d.id, d.door_id, d.public_key, d.revoked_at IS NOT NULL OR NOT u.is_active, d.seen_at, u.id, u.username, "
    "u.scope_id, u.role_name FROM doors_device AS d JOIN base_user AS u ON u.id = d.user_id WHERE d.enrolled_at IS NOT NULL"
)


def by_signature(device: str, moment: str, signature: str, said: str, *, now: int) -> Asking:
    """The device that signed a request at a moment; ``said`` is what it signed (``docs/doors.md``).

    Raises DeviceError: for a device that isn't known or was revoked, a moment that isn't now, a signature that doesn't fit.
    """
    try:
        asking = _one("d.id = %s", UUID(device))
    except ValueError:
        raise DeviceError("device.unknown") from None
    prove(asking.public, moment, signature, said, now=now)
    return _believed(asking, now)


def prove(public: dict[str, str] | None, moment: str, signature: str, said: str, *, now: int) -> None:
    """Hold a device's signature against its key. Raises DeviceError for one that doesn't fit, or a moment that isn't now."""
    if public is None:
        raise DeviceError("device.unknown")
    if not moment.isdecimal() or len(moment) > 12 or abs(int(moment) - now) > TOLERANCE:
        raise DeviceError("device.clock")
    try:
        fits = ES256.verify(public, said.encode(), from_base64url(signature))
    except ValueError:
        fits = False
    if not fits:
        raise DeviceError("device.signature")


def by_token(token: str, *, now: int) -> Asking:
    """The device that shows a token. Raises DeviceError."""
    return _believed(_one("d.token_digest = %s", token_digest(token)), now)


def token_digest(token: str) -> bytes:
    """What is kept of a token."""
    return _digest(_PURPOSE_TOKEN, token)


def _one(condition: str, value: UUID | bytes) -> Asking:
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} AND {condition}", [value])
        row = cursor.fetchone()
    if row is None:
        raise DeviceError("device.unknown")
    device, door, public, revoked, seen_at, user, username, scope, role = row
    known = json.loads(public) if isinstance(public, str) else public
    return Asking(
        device, door, known, revoked, seen_at, User(id=user, username=username, scope_id=scope, role_name=role)
    )


def _believed(asking: Asking, now: int) -> Asking:
    if asking.revoked:
        raise DeviceError("device.revoked")
    if to_be_noted(asking.seen_at, now):
        with (
            connection.cursor() as cursor
        ):  # of two requests at once the second one finds it written, and changes nothing
            cursor.execute(
                "UPDATE doors_device SET seen_at = %s WHERE id = %s AND (seen_at IS NULL OR seen_at <= %s)",
                [now, asking.id, now - SEEN_EVERY],
            )
    return asking


def to_be_noted(seen_at: int | None, now: int) -> bool:
    """Whether it is time to write down again that a device was there."""
    return seen_at is None or now - seen_at >= SEEN_EVERY


def _plain(code: str) -> str:
    """A code however it was typed: capitals, spaces and hyphens mean nothing."""
    return re.sub(r"[\s\-‐‑–—－_.]", "", code).lower()


def _digest(purpose: str, secret: str) -> bytes:
    """What is kept of a code or a token. It is keyed: a short code can't be guessed from a stolen table either."""
    return personal.digest(purpose, secret)
