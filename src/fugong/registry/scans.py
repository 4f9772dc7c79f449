"""Whose a scanned code is: apps above that hand out codes (passes, badges) say so, for apps that don't know them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Reader = Callable[[str, int], UUID | None]
"""Whose good code a text is at ``now``; None for any other text."""

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Add who knows a kind of code (at start-up, once)."""
    _readers.append(reader)


def whose(text: str, now: int) -> UUID | None:
    """The worker whose good code this is; within the scope of whoever asks it is to be looked up. None: nobody's."""
    return next((found for reader in _readers if (found := reader(text, now)) is not None), None)
