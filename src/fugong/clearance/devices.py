"""What apps add to the devices that keep doors: parts of their list, kinds of rows, reasons, lines of what did not fit.

Doors give devices their list and take in their rows, and know nothing of journeys; journeys know nothing of doors. They meet
here, and whoever adds something does so at start-up, once. What devices and server say to each other is in ``docs/doors.md``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.utils.functional import Promise
from ninja import Field, Schema
from pydantic import TypeAdapter

from fugong.base.models import User
from fugong.core.protocol import door as deciding
from fugong.core.protocol.door import NOTHING
from fugong.core.protocol.pack_model import Pack
from fugong.core.text import Text
from fugong.registry.models import Door

Status = Literal["stored", "already", "refused"]
Colour = Literal["green", "amber", "red"]
ALREADY: Status = "already"
STORED: Status = "stored"


class Row(Schema):
    """What every row has. ``id`` (UUIDv7) is made where the row is made: sent again, it is stored once."""

    id: UUID
    at: int | str | None = Field(None, description="RFC 3339 or epoch seconds; now, if it is left out")

    @property
    def when(self) -> int:
        """The moment, once the door's intake has put it there."""
        assert isinstance(self.at, int)
        return self.at


@dataclass(frozen=True, slots=True)
class Scene:
    """At which door, by whom, and when the rows come in. ``device`` is None where no device sends them."""

    door: Door
    now: int
    user: User
    device: UUID | None


@cache
def _adapter(schema: type[Row]) -> TypeAdapter[Any]:
    return TypeAdapter(schema)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row that an app takes in.

    ``take`` stores one row, in a transaction of its own within the request's, and says whether it was stored now or already;
    it is given whom the row's ``worker`` means, None for nobody in the scene's scope. Raises Fault. ``hold`` locks what rows of
    this kind will lock, before any row of a request is stored: whoever locks first what others lock last waits for ever.
    """

    name: str
    schema: type[Row]
    take: Callable[[Scene, Any, UUID | None], Status]
    hold: Callable[[Scene, Sequence[Any]], None] | None = None

    @property
    def adapter(self) -> TypeAdapter[Any]:
        """What reads a row of this kind."""
        return _adapter(self.schema)


Called = Callable[[Iterable[UUID]], Mapping[UUID, str]]
"""What workers are called on devices: their pseudonyms."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a part of a device's list says (plain JSON), and whose data these are."""

    said: Any
    workers: Sequence[UUID] = ()


Part = Callable[[Door, int, Called], Told]
"""A part of the list of a door's devices at a moment."""


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody looked at what did not fit, and what it was."""

    words: str
    at: int
    actor: User | None


@dataclass(frozen=True, slots=True)
class Oddity:
    """A row that did not fit: of whom, when, at which site and where there, the page that tells it, who looked at it."""

    id: UUID
    worker: UUID
    at: int
    site: UUID
    where: str
    address: str
    seen: Seen | None = None


Found = Callable[[Sequence[UUID], int, int], list[Oddity]]
"""What of a kind did not fit at some sites from a moment to before another, in a constant number of queries."""


@dataclass(slots=True)
class _Added:
    kinds: dict[str, Kind] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    oddities: dict[str, tuple[str | Promise, Found]] = field(default_factory=dict)


_added = _Added()


def take_in(kind: Kind) -> None:
    """Add a kind of row. Its name is nobody else's, the doors' own included."""
    _added.kinds[kind.name] = kind


def tell(name: str, part: Part, *reasons: str) -> None:
    """Add a part to the list of every door's devices, and the codes of faults that the device may give as its reasons."""
    _added.parts[name] = part
    _added.reasons += reasons


def watch(name: str, title: str | Promise, found: Found) -> None:
    """Add a kind of line to what did not fit at a site."""
    _added.oddities[name] = (title, found)


def kinds() -> Mapping[str, Kind]:
    """The kinds of rows that other apps take in."""
    return _added.kinds


def parts() -> Mapping[str, Part]:
    """The parts of a device's list that other apps add."""
    return _added.parts


def reasons() -> Sequence[str]:
    """The codes of faults that devices may give as reasons, besides the doors' own."""
    return _added.reasons


def oddities() -> Mapping[str, tuple[str | Promise, Found]]:
    """The kinds of lines that other apps add to what did not fit: title, and where they are found."""
    return _added.oddities


def requirements(pack: Pack, permission: str) -> list[dict[str, Any]] | None:
    """The requirements of a permission as a device holds them; None where a pack lacks the permission."""
    needed = deciding.needed(pack, permission)
    if needed is None:
        return None
    return [
        {"name": one.name, "on_the_spot": one.on_the_spot, "ask": one.ask, "say": said(pack.requirements[one.name].door_message)}
        for one in needed
    ]  # fmt: skip


def said(text: Text) -> dict[str, str]:
    """A sentence in both languages, as a device holds it."""
    return {"zh": text.zh, "en": text.en}


MOST = 2**53 - 1
"""Beyond this, numbers are not exact in every reader of JSON: masks go as decimal strings then."""


def steps_of(
    moments: Sequence[int] | None, masks: Sequence[int] | None, rests_on: int | None
) -> list[int | str | None]:  # fmt: skip
    """A step function as a device holds it, without the past before it was last renewed."""
    if moments is None or masks is None or rests_on is None:
        return []
    first = bisect_right(moments, rests_on)
    steps: list[int | str | None] = [None, _mask(masks[first - 1])] if first and masks[first - 1] != NOTHING else []
    for place in range(first, len(moments)):
        steps += (moments[place], _mask(masks[place]))
    return steps


def _mask(mask: int) -> int | str:
    return mask if mask <= MOST else str(mask)
