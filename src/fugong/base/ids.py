"""Identifiers: UUIDv7 (RFC 9562), made where the fact is made, so that sending twice stores once."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from uuid import UUID, SafeUUID

from fugong.base import clock

_lock = threading.Lock()
_bare, _set, _UNKNOWN = object.__new__, object.__setattr__, SafeUUID.unknown
_last = 0


def _reserve(count: int) -> int:
    """The first of so many raw numbers in a row that are this process's own: milliseconds, then a random beginning."""
    global _last  # noqa: PLW0603 - one monotonic counter a process
    fresh = (clock.now_milliseconds() << 74) | (int.from_bytes(os.urandom(9), "big") >> 1) & ((1 << 73) - 1)
    with _lock:
        first = max(fresh, _last + 1)
        _last = first + count - 1
    return first


def uuid7() -> UUID:
    """A new UUIDv7: 48 bits of milliseconds, then a counter seeded at random, so that ids of one process ascend."""
    return _with_version(_reserve(1))


def uuid7s(block: int = 512) -> Iterator[UUID]:
    """New UUIDv7s without end, ascending, for those who need many: the same as ``uuid7`` again and again, but quicker."""
    while True:
        first = _reserve(block)
        yield from map(_with_version, range(first, first + block))


def uuid7_at(seconds: int, randomness: int) -> UUID:
    """The UUIDv7 of a given moment and given randomness (74 bits are used): for data made by a seed."""
    return _with_version((seconds * 1000 << 74) | randomness & ((1 << 74) - 1))


def uuid7_from(parent: UUID, name: str) -> UUID:
    """The UUIDv7 that goes with another one under a name, always the same: for what is stored together with it."""
    digest = hashlib.sha256(parent.bytes + name.encode()).digest()
    return _with_version((parent.int >> 80) << 74 | int.from_bytes(digest[:10], "big") & ((1 << 74) - 1))


def _with_version(raw: int) -> UUID:
    """Spread 122 bits over the layout of a UUIDv7: 48 time, version, 12, variant, 62."""
    time_ms, high, low = raw >> 74, (raw >> 62) & 0xFFF, raw & ((1 << 62) - 1)
    number = (time_ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low
    # ``UUID(int=…)`` checks what is known here; rosters make hundreds of thousands.
    made = _bare(UUID)
    _set(made, "int", number)
    _set(made, "is_safe", _UNKNOWN)
    return made
