"""Addresses of one's own: who opens one and presses the button has read the notice, without signing in.

A link holds the delivery's id and a code that follows from it and the master key; nothing of it is stored. Opening it reads
nothing and marks nothing: chat programs open links to preview them.
"""

from __future__ import annotations

import base64
import hmac
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from fugong.base import personal

_CODE = 10


def token(delivery: UUID, version: int | None = None) -> str:
    """What stands in the address."""
    key = personal.derive_key("notice links, version 1", version)
    return (
        base64.urlsafe_b64encode(delivery.bytes + hmac.digest(key, delivery.bytes, "sha256")[:_CODE])
        .decode()
        .rstrip("=")
    )


def delivery_of(given: str) -> UUID | None:
    """The delivery that an address is for; None where it is nobody's."""
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except ValueError:
        return None
    if len(raw) != 16 + _CODE:
        return None
    found = UUID(bytes=raw[:16])
    for version in personal.versions():
        if hmac.compare_digest(token(found, version), given):
            return found
    return None


def address(delivery: UUID) -> str:
    """The whole address; empty where no phone reaches the server."""
    base = settings.FUGONG_ADDRESS
    return f"{base}{reverse('notices:open', args=[token(delivery)])}" if base else ""
