"""Bus routes: who is picked up where, by which vehicle, on the way to which plant.

A trip starts at its vehicle's depot, calls at stops, and ends at one plant. First as few people as possible stay behind, then
the cost is as low as possible. Times are seconds since the epoch, distances metres, money millionths of a yuan (`YUAN`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from fugong.core.planning.answer import known, unique
from fugong.core.planning.travel import GreatCircle, Place, Travel
from fugong.core.text import CoreError, Text
from fugong.core.time import MINUS_INF, PLUS_INF

YUAN = 1_000_000
"""One yuan in the unit of money, fine enough for a price per metre."""


@dataclass(frozen=True, slots=True)
class Depot:
    """Where vehicles start."""

    id: str
    place: Place


@dataclass(frozen=True, slots=True)
class Stop:
    """Where people board: boarding may begin from ``opens`` to ``closes`` (both count) and takes ``service_seconds`` a visit."""

    id: str
    place: Place
    opens: int = MINUS_INF
    closes: int = PLUS_INF
    service_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Plant:
    """Where a trip ends; a vehicle may arrive from ``opens`` to ``closes`` (earlier, it waits)."""

    id: str
    place: Place
    opens: int = MINUS_INF
    closes: int = PLUS_INF


@dataclass(frozen=True, slots=True)
class Group:
    """People who wait at one stop for one plant; with ``may_split`` some may ride in one vehicle and some in another."""

    id: str
    stop: str
    plant: str
    people: int
    may_split: bool = False


def usable_seats(rated: int, share: float = 1.0, rows_kept: int = 0, seats_in_a_row: int = 4) -> int:
    """How many of ``rated`` seats may be taken: the share rounded down, and none of the last ``rows_kept`` rows.

    The rows kept are among the seats that stay empty: 49 seats, half, two rows of four kept: 24, not 16.
    """
    return max(0, min(int(rated * share + 1e-9), rated - rows_kept * seats_in_a_row))


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle with its crew.

    ``seats``: usable ones (`usable_seats`). ``plant``: the only one that it may serve (None: any, but one a trip).
    ``driving_seconds``: the most that its drivers together may drive on the trip, breaks not counted. It leaves no earlier than
    ``shift_start`` and arrives no later than ``shift_end``. The trip costs ``fixed_cost`` + ``per_metre`` × metres +
    ``per_second`` × seconds from leaving to arriving.
    """

    id: str
    seats: int
    depot: str
    plant: str | None = None
    fixed_cost: int = 0
    per_metre: int = 0
    per_second: int = 0
    driving_seconds: int | None = None
    shift_start: int = MINUS_INF
    shift_end: int = PLUS_INF


@dataclass(frozen=True, slots=True)
class Breaks:
    """Drivers rest ``seconds`` in every ``after`` seconds of driving: a leg takes longer in that proportion."""

    after: int = 0
    seconds: int = 0

    def on(self, driving: int) -> int:
        """Seconds of rest that belong to so many seconds of driving."""
        return -(-driving * self.seconds // self.after) if self.after else 0


@dataclass(frozen=True, slots=True)
class Boarding:
    """So many people of a group get on."""

    group: str
    people: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop on a trip: when the vehicle is there, when boarding begins, when it leaves, and who boards."""

    stop: str
    arrives: int
    begins: int
    leaves: int
    boards: tuple[Boarding, ...]


@dataclass(frozen=True, slots=True)
class Trip:
    """One vehicle's way: ``departs`` from its depot, ``arrives`` at the plant; metres, driving seconds and cost as planned."""

    vehicle: str
    plant: str
    departs: int
    visits: tuple[Visit, ...]
    arrives: int
    metres: int
    driving_seconds: int
    cost: int

    @property
    def people(self) -> int:
        """How many are aboard when it arrives."""
        return sum(boarding.people for visit in self.visits for boarding in visit.boards)


WHY: Mapping[str, Text] = {
    "too_big": Text(
        "这组人必须同车，但没有一辆车的可用座位够他们坐；请拆分这组人或加大车。",
        "The group must ride together, but no vehicle has so many usable seats; split it or add a larger vehicle.",
    ),
    "no_vehicle": Text("没有车可以开往这家工厂；请为它安排车辆。", "No vehicle may go to this plant; give it one."),
    "too_far": Text(
        "没有一辆车能在时间窗、班次和驾驶时限内接上他们并到厂；请放宽时间或增加驾驶员。",
        "No vehicle can bring them within the windows, its shift and its drivers' hours; widen them or add a driver.",
    ),
    "no_seats": Text("可用座位总数不够；请加车。", "There are fewer usable seats than people; add a vehicle."),
    "not_found": Text(
        "在给定时间内没有找到能带上他们的安排；请加车、放宽时间，或多给计算时间。",
        "No plan that takes them was found in the time given; add a vehicle, widen the times, or let it look longer.",
    ),
}
"""Why a group stays behind, in words that say what to do."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """So many people of a group stay behind; ``why`` is a key of `WHY`."""

    group: str
    people: int
    why: Literal["too_big", "no_vehicle", "too_far", "no_seats", "not_found"]


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """Trips, and who stays behind."""

    trips: tuple[Trip, ...]
    unserved: tuple[Unserved, ...] = ()

    @property
    def cost(self) -> int:
        """What the trips say that they cost together."""
        return sum(trip.cost for trip in self.trips)

    @property
    def people(self) -> int:
        """How many ride."""
        return sum(trip.people for trip in self.trips)


@dataclass(frozen=True)
class RouteProblem:
    """What is asked.

    ``travel``: None estimates by the great circle. ``locked``: trips that stay exactly as they are. ``assigned``: groups that a
    dispatcher put into a vehicle (group → vehicle); a group that rides, rides there. Refuses (`CoreError`) what points to
    nothing or is named twice.
    """

    depots: tuple[Depot, ...]
    stops: tuple[Stop, ...]
    plants: tuple[Plant, ...]
    vehicles: tuple[Vehicle, ...]
    groups: tuple[Group, ...]
    travel: Travel | None = None
    breaks: Breaks = Breaks()
    locked: tuple[Trip, ...] = ()
    assigned: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unique(name for name, _ in self._places())
        unique([vehicle.id for vehicle in self.vehicles])
        unique([group.id for group in self.groups])
        known((vehicle.depot for vehicle in self.vehicles), {depot.id for depot in self.depots})
        known((group.stop for group in self.groups), self.stop)
        known((group.plant for group in self.groups), self.plant)
        known((vehicle.plant for vehicle in self.vehicles if vehicle.plant is not None), self.plant)
        known((trip.vehicle for trip in self.locked), self.vehicle)
        known(self.assigned, self.group)
        known(self.assigned.values(), self.vehicle)
        if any(group.people < 1 for group in self.groups):
            raise CoreError("有一组人的人数小于 1；请更正。", "A group has fewer than one person; put it right.")

    def _places(self) -> list[tuple[str, Place]]:
        depots = [(depot.id, depot.place) for depot in self.depots]
        stops = [(stop.id, stop.place) for stop in self.stops]
        return [*depots, *stops, *((plant.id, plant.place) for plant in self.plants)]

    @cached_property
    def stop(self) -> Mapping[str, Stop]:
        """Stops by id."""
        return {stop.id: stop for stop in self.stops}

    @cached_property
    def plant(self) -> Mapping[str, Plant]:
        """Plants by id."""
        return {plant.id: plant for plant in self.plants}

    @cached_property
    def vehicle(self) -> Mapping[str, Vehicle]:
        """Vehicles by id."""
        return {vehicle.id: vehicle for vehicle in self.vehicles}

    @cached_property
    def group(self) -> Mapping[str, Group]:
        """Groups by id."""
        return {group.id: group for group in self.groups}

    @cached_property
    def way(self) -> Travel:
        """How far it is, as given or estimated."""
        if self.travel is not None:
            return self.travel
        return GreatCircle(dict(self._places()))
