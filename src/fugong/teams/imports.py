"""Places of enterprises as a spreadsheet gives them: credit code or name, latitude, longitude."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault
from fugong.base.tables import Column, Spec, parsers, read, recognise, rows
from fugong.registry.imports import subjects
from fugong.teams.errors import TeamError


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that can't be taken: which one, and why."""

    row: int
    fault: Fault


@dataclass(slots=True)
class Places:
    """What a file says: latitude and longitude by enterprise, and the rows with which something is wrong."""

    spots: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


def spec() -> Spec:
    """The columns of a list of places."""
    coordinates = (
        Column(
            "latitude", _("latitude"), ("纬度", "北纬", "lat", "latitude"), parsers.number(-90, 90, "°|度"), required=True,
            example="26.01",
        ),
        Column(
            "longitude", _("longitude"), ("经度", "东经", "lon", "lng", "long", "longitude"), parsers.number(-180, 180, "°|度"),
            required=True, example="119.61",
        ),
    )  # fmt: skip
    return Spec("places", _("places of enterprises"), (*subjects.columns("enterprise"), *coordinates), ("credit_code",))


def places(content: bytes, filename: str) -> Places:
    """What a file says. Raises TableError for what is no such list."""
    form = spec()
    sheets = read(content, filename)
    parsed = rows(sheets, recognise(sheets, form), form)
    found = Places(wrong=[Wrong(row.row, one.fault) for row in parsed.rows for one in row.errors])
    for row, whose in zip(parsed.valid, subjects.match("enterprise", parsed.valid, None), strict=True):
        if isinstance(whose, Fault):
            found.wrong.append(Wrong(row.row, whose))
        elif whose in found.spots:
            found.wrong.append(Wrong(row.row, TeamError("spot.twice")))
        else:
            found.spots[whose] = (row.values["latitude"], row.values["longitude"])
    found.wrong.sort(key=lambda one: one.row)
    return found
