"""Rooms of observation sites: who stays in which, from when to when.

Everybody who can be placed is, and where not all can, the smallest number of further rooms is told, day by day. First as few
people as possible who have a room already are moved, then `Weights` say what is weighed against what. Times are seconds
since the epoch, half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from fugong.core.planning.answer import known, unique
from fugong.core.text import CoreError

Sex = Literal["f", "m"]


@dataclass(frozen=True, slots=True)
class Site:
    """An observation site; at any time ``reserve`` of its rooms stay free (also of whoever was there: cleaning counts)."""

    id: str
    reserve: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """A room: beds, what it offers (``ground_floor``, ``medical``, …), whom it is for, and in which part of the site it is."""

    id: str
    site: str
    beds: int = 1
    offers: frozenset[str] = frozenset()
    sex: Sex | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's stay, or one household's that shares a room (``people`` > 1: as many beds of one room).

    ``needs``: what the room must offer. ``sex``: None for a household of both. ``household``: kept on one site where that can
    be. ``cohort``: who arrived together, kept in one zone where that can be. ``origin``: where they come from, for the travel.
    ``present``: the room that they have now or were promised (``present_beds``: which beds of it, kept where that can be);
    unless ``movable`` they stay there. ``site``: the only one that may be (None: any).
    """

    id: str
    start: int
    end: int
    sex: Sex | None = None
    people: int = 1
    needs: frozenset[str] = frozenset()
    household: str | None = None
    cohort: str | None = None
    origin: str | None = None
    site: str | None = None
    present: str | None = None
    present_beds: tuple[int, ...] = ()
    movable: bool = True


@dataclass(frozen=True, slots=True)
class Weights:
    """What one of each costs; a minute of travel is the unit. A move costs more than all of them together.

    ``household``: each further site that a household is spread over. ``cohort``: each further zone that a cohort is spread
    over. ``scarce``: each thing that a room offers and its guest doesn't need.
    """

    household: int = 600
    cohort: int = 30
    travel: int = 1
    scarce: int = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """A room, and which of its beds (from 1)."""

    room: str
    beds: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True)
class Further:
    """From ``start`` to before ``end`` so many ``rooms`` more are needed; ``needs``: of them with what."""

    start: int
    end: int
    rooms: int
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """Where each stay is; those ``without`` a room would be in further ones: ``rooms_short`` would do, from when: ``further``.

    A further room is for one stay at a time, of any sex, with what its guest needs.
    """

    placed: Mapping[str, Placed]
    without: tuple[str, ...] = ()
    rooms_short: int = 0
    further: tuple[Further, ...] = ()


@dataclass(frozen=True)
class RoomProblem:
    """What is asked.

    ``travel``: minutes from an origin to a site (0 where it says nothing). ``cleaning_seconds``: after a stay its beds are not
    given again for so long. ``people_per_room``: how many strangers of one sex may share a room. ``households_share``: whether
    a household may share one. Refuses (`CoreError`) what points to nothing, is named twice or ends before it starts.
    """

    sites: tuple[Site, ...]
    rooms: tuple[Room, ...]
    stays: tuple[Stay, ...]
    travel: Mapping[tuple[str, str], int] = field(default_factory=dict)
    cleaning_seconds: int = 0
    people_per_room: int = 1
    households_share: bool = False
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        for ids in (
            [site.id for site in self.sites],
            [room.id for room in self.rooms],
            [stay.id for stay in self.stays],
        ):
            unique(ids)
        known((room.site for room in self.rooms), self.site)
        known((stay.site for stay in self.stays if stay.site is not None), self.site)
        for stay in self.stays:
            if stay.start >= stay.end:
                raise CoreError(
                    f"“{stay.id}”的入住时间不早于离开时间；请更正。",
                    f"“{stay.id}” ends before it starts; put it right.",
                )

    @cached_property
    def site(self) -> Mapping[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.sites}

    @cached_property
    def room(self) -> Mapping[str, Room]:
        """Rooms by id."""
        return {room.id: room for room in self.rooms}

    @cached_property
    def stay(self) -> Mapping[str, Stay]:
        """Stays by id."""
        return {stay.id: stay for stay in self.stays}

    @cached_property
    def move_cost(self) -> int:
        """What moving one who has a room costs: more than everything else together, so that nothing is worth a move."""
        weights, most = self.weights, max(self.travel.values(), default=0)
        offers = max((len(room.offers) for room in self.rooms), default=0)
        each = weights.household + weights.cohort + weights.travel * most + weights.scarce * offers
        return 1 + each * len(self.stays)

    def free_again(self, stay: Stay) -> int:
        """From when on the beds of a stay may be given to somebody else."""
        return stay.end + self.cleaning_seconds

    def places(self, room: Room) -> int:
        """How many people of different stays may be in a room at a time."""
        return min(room.beds, self.people_per_room)

    def fits(self, stay: Stay, room: Room) -> bool:
        """Whether a room is one for this stay, whoever else is in it."""
        enough = (
            stay.people <= room.beds if self.households_share and stay.household else stay.people <= self.places(room)
        )
        return (
            enough
            and stay.needs <= room.offers
            and room.sex in {None, stay.sex}
            and stay.site in {None, room.site}
            and (stay.movable or stay.present in {None, room.id})
        )

    def minutes(self, stay: Stay, site: str) -> int:
        """Minutes of travel from where a stay's people come from."""
        return 0 if stay.origin is None else self.travel.get((stay.origin, site), 0)
