"""Distances that a dispatcher knows better: a table of from, to, kilometres and minutes, by the names of places and sites.

What the table doesn't say is estimated by the great circle; a way that it says in one direction only counts in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fugong.base.tables import TableError, read
from fugong.core.planning.travel import GreatCircle, Place, Travel
from fugong.journeys.planning.errors import PlanError

Known = Mapping[tuple[str, str], tuple[int, int]]
"""Metres and seconds from one name to another."""
MOST_KM, MOST_MINUTES = 10_000, 20_000
_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Roads:
    """Ways by a table, the others estimated. ``names``: what each point of the problem is called."""

    known: Known
    names: Mapping[str, str]
    others: Travel

    def leg(self, start: str, end: str) -> tuple[int, int]:
        """Metres and driving seconds from one point to another."""
        one, other = self.names[start], self.names[end]
        if one == other:
            return 0, 0
        return self.known.get((one, other)) or self.known.get((other, one)) or self.others.leg(start, end)


def roads(known: Known, names: Mapping[str, str], places: Mapping[str, Place]) -> Travel:
    """The ways of a problem."""
    return Roads(known, names, GreatCircle(dict(places)))


def table(content: bytes, filename: str) -> Known:
    """The ways of an uploaded table: a header, then from, to, kilometres, minutes. Raises PlanError for a row that is none."""
    try:
        sheets = read(content, filename)
    except TableError as error:
        raise PlanError("plan.table", why=error.message) from None
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for number, row in _rows(sheets[0].rows if sheets else []):
        try:
            start, end = str(row[0]).strip(), str(row[1]).strip()
            km, minutes = float(row[2]), float(row[3])
        except (IndexError, TypeError, ValueError):
            raise PlanError("plan.table_row", row=number) from None
        if not start or not end or not 0 <= km <= MOST_KM or not 0 <= minutes <= MOST_MINUTES:
            raise PlanError("plan.table_row", row=number)
        found[start, end] = round(km * 1000), round(minutes * 60)
    if not found:
        raise PlanError("plan.table_row", row=2)
    return found


def _rows(rows: list[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """The rows below the header that hold something, with their numbers in the sheet."""
    for number, row in enumerate(rows[1:], start=2):
        if any(cell not in ("", None) for cell in row):
            yield number, row[:_COLUMNS]
