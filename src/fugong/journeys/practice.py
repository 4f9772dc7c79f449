"""The numbers of journeys that the pack in force states (``core.protocol.operations``): this app has none of its own."""

from __future__ import annotations

from dataclasses import dataclass

from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.journeys.models import BUS


@dataclass(frozen=True, slots=True)
class Room:
    """How many of a vehicle's seats may be given away, and the last row in which."""

    places: int
    last_row: int


def room(*, mode: str, rated: int, rows: int, columns: int, at: int) -> Room:
    """What a pack leaves of a vehicle's seats at a moment; the rows at the back are kept in coaches only."""
    vehicles = clearance.operations(at).vehicles
    last = max(0, rows - vehicles.rear_rows_kept) if mode == BUS else rows
    return Room(min(vehicles.seats(mode, rated), last * columns), last)


def fever_limit(at: int) -> float | None:
    """From how many ℃ on a temperature is a fever, by the pack in force; None where it says nothing of it."""
    force = evaluation.force_at(at)
    return None if force is None else force.pack.door.fever_limit
