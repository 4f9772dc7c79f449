"""The body of an ordinary request for a decision: read without a schema, and left to the schema where anything is different."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from fugong.doors.intake.rows import AHEAD, BEFORE, Usual

_NAMES = frozenset({"id", "worker", "at", "direction", "celsius", "mask", "gloves"})
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PSEUDONYM = re.compile(r"[A-Za-z0-9_-]{11}")


def check_of(body: bytes, now: int) -> Usual | None:
    """The check; None for one that is to be read by ``rows.read``, or refused there."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or not given.keys() <= _NAMES or not _sound(given, now):
        return None
    return Usual(
        UUID(given["id"]), given["worker"], given.get("at", now), given.get("direction", "in"), given.get("celsius"),
        given.get("mask"), given.get("gloves"),
    )  # fmt: skip


def _sound(given: dict[str, Any], now: int) -> bool:
    """Whether every value is what it should be, in the form that is usual. An id is asked for: without one, twice is two."""
    number, worker, at, celsius = (given.get(name) for name in ("id", "worker", "at", "celsius"))
    return (
        isinstance(number, str) and _ID.fullmatch(number) is not None
        and isinstance(worker, str) and (_PSEUDONYM.fullmatch(worker) or _UUID.fullmatch(worker)) is not None
        and ("at" not in given or (type(at) is int and -BEFORE <= at - now <= AHEAD))
        and ("celsius" not in given or (type(celsius) is float and 25 <= celsius <= 45))
        and given.get("direction", "in") in ("in", "out")
        and all(type(given[name]) is bool for name in ("mask", "gloves") if name in given)
    )  # fmt: skip
