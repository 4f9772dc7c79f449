"""One row of what a device sends, read and checked by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from pydantic import StringConstraints, TypeAdapter, ValidationError

from fugong.base.faults import declare
from fugong.base.schemas import moment
from fugong.clearance import devices
from fugong.clearance.devices import Colour, Row
from fugong.doors.errors import DoorError
from fugong.ledger.validation import sound

AHEAD = 120
"""So far ahead of the server's clock, in seconds, a row may lie."""
BEFORE = 31 * 86_400
"""What is older, in seconds, comes from a wrong clock."""

declare(
    {
        "door.row": _("This row cannot be read: %(part)s."),
        "door.id": _("The id is no UUIDv7."),
        "door.past": _("The check lies more than a month in the past: set the device's clock."),
    }
)

Direction = Literal["in", "out"]
Short = Annotated[str, StringConstraints(max_length=64)]
Words = Annotated[str, StringConstraints(max_length=200)]


class RegisterIn(Schema):
    """A daily register asked at the door."""

    well: bool
    symptoms: list[str] | None = None
    fever_reducers: bool | None = None
    improving: bool | None = None


class Check(Row):
    """Somebody stood at the door. With ``colour`` the device has decided, and the server records what it showed."""

    kind: Literal["check"] = "check"
    worker: str = Field(max_length=40, description="a pseudonym, or a worker's id")
    direction: Direction = "in"
    celsius: float | None = None
    mask: bool | None = None
    gloves: bool | None = None
    register_: RegisterIn | None = Field(None, alias="register")
    second_of: UUID | None = None
    method: Short | None = None
    pass_: Short | None = Field(None, alias="pass")
    colour: Colour | None = None
    reasons: list[Short] = Field(default_factory=list, max_length=40)
    snapshot: int | None = Field(None, ge=0)
    guard: UUID | None = None


@dataclass(frozen=True, slots=True)
class Usual:
    """A check with what nearly every one has: the same to whoever stores it, and made in a hundredth of the time."""

    id: UUID
    worker: str
    when: int
    direction: Direction
    celsius: float | None
    mask: bool | None
    gloves: bool | None
    register_: None = None
    second_of: None = None
    method: None = None
    pass_: None = None
    colour: None = None
    reasons: tuple[str, ...] = ()
    snapshot: None = None


class Undo(Row):
    """A slip: the check is taken back."""

    kind: Literal["undo"]
    check: UUID


class Override(Row):
    """A guard let somebody in against a refusal."""

    kind: Literal["override"]
    check: UUID
    reason: Literal["medical_emergency", "rescue", "inspection", "device_failure", "other"]
    words: Words = ""
    guard: UUID | None = None


class Told(Row):
    """Who was told of a confirmed fever."""

    kind: Literal["told"]
    check: UUID
    who: Short
    words: Words = ""


class Shift(Row):
    """A guard signed in at the device, or off."""

    kind: Literal["shift"]
    guard: UUID
    direction: Direction


class Visit(Row):
    """Somebody on no roster."""

    kind: Literal["visit"]
    name: str
    phone: str = ""
    company: str = ""
    host: str = ""
    purpose: str = ""
    answers: dict[Literal["away", "contact", "symptoms"], bool] = Field(default_factory=dict)
    celsius: float | None = None
    mask: bool | None = None
    colour: Colour
    reasons: list[Short] = Field(default_factory=list, max_length=40)


class Leave(Row):
    """A visitor went out."""

    kind: Literal["leave"]
    visit: UUID


AnyRow = Check | Undo | Override | Told | Shift | Visit | Leave
_OWN: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(kind)
    for name, kind in (
        ("check", Check), ("undo", Undo), ("override", Override), ("told", Told), ("shift", Shift), ("visit", Visit),
        ("leave", Leave),
    )
}  # fmt: skip


def kinds() -> dict[str, TypeAdapter[Any]]:
    """What reads each kind of row: the doors' own, and those that other apps take in."""
    return _OWN | {name: kind.adapter for name, kind in devices.kinds().items()}


def read(given: Any, now: int) -> Row:
    """A row as it was sent, checked by itself. Raises DoorError, and Fault for a moment that can't be read."""
    if not isinstance(given, Mapping):
        raise _unreadable("row")
    name = str(given.get("kind", "check"))
    adapter = _OWN.get(name) or (devices.kinds()[name].adapter if name in devices.kinds() else None)
    if adapter is None:
        raise _unreadable("kind")
    try:
        row: Row = adapter.validate_python(dict(given))
    except ValidationError as error:
        raise _unreadable(".".join(map(str, error.errors()[0]["loc"])) or "row") from None
    if row.id.version != 7:
        raise DoorError("door.id", field="id")
    if not all(sound(text) for text in _texts(row.model_dump())):
        raise _unreadable("row")
    at = moment(row.at, "at")
    row.at = now if at is None else at
    if row.at > now + AHEAD:
        raise DoorError("door.future", field="at")
    if row.at < now - BEFORE:
        raise DoorError("door.past", field="at")
    celsius = getattr(row, "celsius", None)
    if celsius is not None and not 25 <= celsius <= 45:
        raise DoorError("door.celsius", field="celsius", value=f"{celsius:g}")
    return row


def _unreadable(part: str) -> DoorError:
    return DoorError("door.row", field=part, part=part)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
