"""Slots of sampling sites: who is tested where and when.

Everybody who can be is tested within their time; where not all can, the smallest number of further places is told. First as few
people as possible who have a slot already are moved, then `Weights`. Times are seconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fugong.core.planning.answer import known, unique
from fugong.core.text import CoreError


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be tested: in a slot that starts at ``earliest`` or later and ends at ``deadline`` or before.

    ``home``: where they live or work, for the travel. ``household``: goes to one slot of one site together. ``cohort``: kept to
    one site where that can be. ``present``: the slot that they have now; unless ``movable`` they keep it.
    """

    id: str
    earliest: int
    deadline: int
    home: str | None = None
    household: str | None = None
    cohort: str | None = None
    present: Booked | None = None
    movable: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Booked:
    """A slot: the site and when it starts."""

    site: str
    start: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of an hour, or as long as the problem says, at a site: when it starts, and how many can be tested in it."""

    site: str
    start: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What one of each costs; a minute of travel is the unit. A move costs more than all of them together.

    ``cohort``: each further site that a cohort is spread over.
    """

    travel: int = 1
    cohort: int = 60


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """Who goes when. Those ``without`` a slot would fit with the ``further`` places (slot → how many), ``places_short`` in all.

    Whoever can't come in any slot at all, however large, is in ``never``.
    """

    booked: Mapping[str, Booked]
    without: Mapping[str, Booked] = field(default_factory=dict)
    further: Mapping[Booked, int] = field(default_factory=dict)
    never: tuple[str, ...] = ()

    @property
    def places_short(self) -> int:
        """How many further places would do."""
        return sum(self.further.values())


@dataclass(frozen=True)
class SlotProblem:
    """What is asked. ``travel``: minutes from a home to a site (0 where it says nothing); ``slot_seconds``: how long a slot is.

    Refuses (`CoreError`) what is named twice or points to nothing.
    """

    people: tuple[Person, ...]
    slots: tuple[Slot, ...]
    travel: Mapping[tuple[str, str], int] = field(default_factory=dict)
    slot_seconds: int = 900
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        unique([person.id for person in self.people])
        unique([f"{slot.site} {slot.start}" for slot in self.slots])
        known((person.present.site for person in self.people if person.present), {slot.site for slot in self.slots})
        if any(slot.capacity < 0 for slot in self.slots):
            raise CoreError("有时段的容量是负数；请更正。", "A slot has a negative capacity; put it right.")

    @cached_property
    def person(self) -> Mapping[str, Person]:
        """People by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def slot(self) -> Mapping[Booked, Slot]:
        """Slots by site and start."""
        return {Booked(slot.site, slot.start): slot for slot in self.slots}

    @cached_property
    def move_cost(self) -> int:
        """What moving one who has a slot costs: more than everything else together, so that nothing is worth a move."""
        each = self.weights.cohort + self.weights.travel * max(self.travel.values(), default=0)
        return 1 + each * len(self.people)

    def fits(self, person: Person, at: Booked) -> bool:
        """Whether a slot is within a person's time (and the one that they keep)."""
        kept = person.movable or person.present in {None, at}
        return kept and person.earliest <= at.start and at.start + self.slot_seconds <= person.deadline

    def minutes(self, person: Person, site: str) -> int:
        """Minutes of travel from where a person lives."""
        return 0 if person.home is None else self.travel.get((person.home, site), 0)
