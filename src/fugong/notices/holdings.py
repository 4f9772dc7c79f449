"""The encrypted columns of notices."""

from __future__ import annotations

from fugong.base import personal
from fugong.base.holdings import Holding


def address_digest(kind: str, value: str) -> bytes:
    """The keyed digest of an address: its kind (``Address.KINDS``) and its value."""
    return personal.digest("notice address", f"{kind}:{value}")


HOLDINGS = [
    Holding("notices_secret", "encrypted", key="channel_id"),
    Holding("notices_secret", "token_encrypted", key="channel_id"),
    Holding("notices_address", "encrypted", digest="digest", beside=("kind",), digest_of=address_digest),
    Holding("notices_delivery", "values_encrypted"),
    Holding("notices_attachment", "encrypted", large=True),
]
