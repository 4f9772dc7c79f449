"""What apps know of enterprises by themselves, from what is kept there for its own sake, so that nobody need be asked for it.

An app that keeps something which a checklist may ask for registers a source (`draw_from`, in its ``ready()``); whoever has a
checklist reads them all (`drawn`) before it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fugong.base.faults import Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing that is known without asking: the value, and from what it is drawn, with its numbers."""

    value: bool | float
    source: Text
    part: int | None = None
    whole: int | None = None


Drawer = Callable[[Sequence[UUID], int], Mapping[UUID, Mapping[str, Drawn]]]
"""``source(enterprises, at)``: by enterprise and item's code what is known; in a constant number of queries. What isn't known
for certain is left out: it is asked."""

_drawers: list[Drawer] = []


def draw_from(source: Drawer) -> None:
    """Register a source of what is known (at start-up, once)."""
    _drawers.append(source)


def drawn(enterprises: Sequence[UUID], at: int) -> dict[UUID, dict[str, Drawn]]:
    """What the apps know of these enterprises at a moment; rows that are kept without their past are as they are now."""
    found: dict[UUID, dict[str, Drawn]] = {key: {} for key in enterprises}
    for source in _drawers:
        for key, items in source(enterprises, at).items():
            found[key].update(items)
    return found
