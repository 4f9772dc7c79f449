"""A vehicle's seats as a picture: which are taken, kept free, or free, drawn the same on the page and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fugong.journeys.models import Booking, Trip, seat_name
from fugong.journeys.trips.seats import in_order

Kind = Literal["free", "kept", "booked", "boarded", "arrived", "isolated"]
WIDE, HIGH, GAP = 40, 26, 4
"""Of a seat, in the units of the drawing: its width and height, and the gap to the next one."""
AISLE = 18


@dataclass(frozen=True, slots=True)
class Cell:
    """A seat in the drawing: its name, what it is, who has it, and where it stands."""

    name: str
    kind: Kind
    who: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All seats of a vehicle, the front at the top, with the aisle in the middle."""

    cells: tuple[Cell, ...]
    width: int
    height: int


def picture(trip: Trip, bookings: Sequence[Booking], names: Mapping[object, str]) -> Picture:
    """The drawing of a trip's seats; ``names`` are of those whom the reader may see."""
    taken = {(one.seat_row, one.seat_column): one for one in bookings if one.state in Booking.SEATED}
    aisle = (trip.columns + 1) // 2
    cells = []
    for row, column in sorted(in_order(trip.rows, trip.columns, trip.rated_seats)):
        booking = taken.get((row, column))
        x = (column - 1) * (WIDE + GAP) + (AISLE if column > aisle else 0)
        who = names.get(booking.worker_id, "") if booking else ""
        kind = _kind(booking) if booking else "kept" if row > trip.last_row else "free"
        cells.append(Cell(seat_name(row, column), kind, who, x, (row - 1) * (HIGH + GAP)))
    return Picture(tuple(cells), trip.columns * (WIDE + GAP) - GAP + AISLE, trip.rows * (HIGH + GAP) - GAP)


def _kind(booking: Booking) -> Kind:
    if booking.isolated_at is not None:
        return "isolated"
    known: dict[str, Kind] = {Booking.BOARDED: "boarded", Booking.ARRIVED: "arrived"}
    return known.get(booking.state, "booked")
