"""What the pages of contact tracing send, read leniently: what is missing is said by the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fugong.base import local
from fugong.base.typed import identifier_or_none
from fugong.tracing.errors import TracingError


def identifiers(given: Iterable[Any]) -> list[UUID]:
    """Those of them that are ids."""
    return [one for one in map(identifier_or_none, given) if one is not None]


def moment(text: Any, otherwise: int) -> int:
    """A moment as ``<input type="datetime-local">`` sends it; ``otherwise`` where nothing was typed. Raises TracingError."""
    typed = str(text or "").strip()
    if not typed:
        return otherwise
    try:
        return local.parse(typed)
    except (ValueError, OverflowError):
        raise TracingError("tracing.moment", field="at") from None


def number(text: Any) -> float:
    """A number as people type it: ``1000``, ``1,000``, ``0.5``; 0 for what is none, which the service refuses."""
    try:
        value = float(str(text or "").replace(",", "").replace("，", "").strip())
    except ValueError:
        return 0
    return value if 0 <= value < 1e9 else 0
