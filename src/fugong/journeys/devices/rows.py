"""The rows of a trip that devices send: who got on, how many were counted, the disinfection, who was checked in."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from ninja import Field
from pydantic import StringConstraints

from fugong.clearance.devices import Colour, Row

Code = Annotated[str, StringConstraints(max_length=64)]
Short = Annotated[str, StringConstraints(max_length=64)]
Words = Annotated[str, StringConstraints(max_length=200)]


class OfTrip(Row):
    """What every row of a trip has. ``guard`` is whoever had signed in on the device."""

    trip: UUID
    guard: UUID | None = None


class OfPerson(OfTrip):
    """A row about somebody. With ``colour`` the device has decided, and the server records what it showed."""

    worker: str = Field(max_length=40, description="a pseudonym, or a worker's id")
    colour: Colour | None = None
    reasons: list[Code] = Field(default_factory=list, max_length=40)
    snapshot: int | None = Field(None, ge=0)


class Boarding(OfPerson):
    """Somebody stood at the door of the vehicle: green, and they are on board."""

    kind: Literal["boarding"]
    stop: UUID | None = None


class HeadCount(OfTrip):
    """So many people were counted on board. ``leaves``: the vehicle drives on after this."""

    kind: Literal["headcount"]
    counted: int = Field(ge=0, le=10_000)
    stop: UUID | None = None
    leaves: bool = False


class Disinfection(OfTrip):
    """The vehicle was disinfected, and by ``at`` that was over."""

    kind: Literal["disinfection"]
    agent: Short
    mg_per_litre: float
    minutes: float
    by: Short = ""


class CheckIn(OfPerson):
    """Somebody got off at the plant. ``extra``: they are not on the device's list of this trip."""

    kind: Literal["checkin"]
    matched: bool | None = None
    celsius: float | None = None
    second_of: UUID | None = None
    extra: bool = False


class ArrivalTold(OfTrip):
    """Who was told of a fever that was confirmed at the check-in."""

    kind: Literal["arrival_told"]
    check: UUID
    who: Short
    words: Words = ""
