"""What a door decides: one pure function over numbers (``docs/doors.md``), and what a door can settle by asking.

No door evaluates a formula. Of each worker it holds a step function (``steps.py``): from each moment on, which requirements
don't hold, and which of those that can be put right on the spot would not hold even after a good answer now.
``door/app/decide.js`` is the same function for browsers; shared vectors hold the two together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from fugong.core.protocol.answers import Ask, ask_of
from fugong.core.protocol.pack_model import Pack
from fugong.core.time import PLUS_INF

Direction = Literal["in", "out"]
Colour = Literal["green", "amber", "red"]

NOTHING = -1
"""The mask where no protocol is in force, or it says nothing of the permission."""
MOST_BITS = 62
"""So many requirements a permission may have, each on-the-spot one counted twice: masks are 64-bit numbers with a sign."""

NO_PROTOCOL, NO_CLEARANCE = "door.no_protocol", "door.no_clearance"
NO_TEMPERATURE, IMPLAUSIBLE = "door.no_temperature", "door.implausible"
FEVER, FEVER_CONFIRMED, WAIT = "door.fever", "door.fever_confirmed", "door.wait"
MASK, GLOVES, UNWELL = "door.mask", "door.gloves", "door.unwell"
_OF_THERMOMETER = frozenset({NO_TEMPERATURE, IMPLAUSIBLE, FEVER, FEVER_CONFIRMED, WAIT})
_AMBER: Mapping[str, str] = MappingProxyType(
    dict.fromkeys((NO_TEMPERATURE, IMPLAUSIBLE, FEVER, WAIT), "temperature") | {MASK: "mask", GLOVES: "gloves"}
)
"""The door's own reasons that can be put right here and now, and what puts them right."""
_IN_ORDER = ("temperature", "mask", "gloves", "register")


@dataclass(frozen=True, slots=True)
class Needed:
    """A requirement of a permission as a door knows it."""

    name: str
    on_the_spot: bool = False
    ask: Ask | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a door measures: limits in ℃, seconds between a first and a second measurement (None: there is no second)."""

    fever_limit: float | None = None
    plausible: tuple[float, float] = (34.0, 42.5)
    mask: bool = False
    gloves: bool = False
    second_measurement: int | None = None


@dataclass(frozen=True, slots=True)
class Force:
    """A protocol from ``start`` to before ``end``: what a permission needs (None: it isn't spoken of), what is measured."""

    start: int
    end: int
    requirements: tuple[Needed, ...] | None
    rules: Rules


@lru_cache(maxsize=64)
def needed(pack: Pack, permission: str) -> tuple[Needed, ...] | None:
    """The requirements of a permission in the order of their bits; None when the pack says nothing of it."""
    if permission not in pack.permissions:
        return None
    requirements = [pack.requirements[name] for name in pack.permissions[permission]]
    return tuple(Needed(one.name, one.on_the_spot, ask_of(pack, one)) for one in requirements)


def bits(pack: Pack, permission: str) -> int:
    """How many bits the masks of a permission have."""
    return len(pack.permissions[permission]) + len(pack.on_the_spot(permission))


def force_of(pack: Pack, permission: str, start: int, end: int) -> Force:
    """A pack in force as a door knows it."""
    door = pack.door
    seconds = None if door.second_measurement_minutes is None else door.second_measurement_minutes * 60
    rules = Rules(door.fever_limit, door.plausible, door.mask, door.gloves, seconds)
    return Force(start, end, needed(pack, permission), rules)


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured and asked at a door; None: it wasn't.

    ``second_of`` is the moment of the first high or implausible measurement that this one repeats.
    """

    celsius: float | None = None
    mask: bool | None = None
    gloves: bool | None = None
    well: bool | None = None
    second_of: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door says.

    ``until`` (green): when somebody who may now will no longer; ``earliest`` (otherwise): when they will with nothing new.
    None: never, as far as is known.
    """

    colour: Colour
    reasons: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    until: int | None = None
    earliest: int | None = None

    @property
    def passed(self) -> bool:
        """Whether somebody may go through."""
        return self.colour == "green"


@dataclass(frozen=True, slots=True)
class Steps:
    """One worker's step function: ascending moments, and the mask from each of them on (before the first: nothing)."""

    moments: Sequence[int]
    masks: Sequence[int]

    def at(self, moment: int) -> int:
        """The mask at a moment."""
        place = bisect_right(self.moments, moment)
        return self.masks[place - 1] if place else NOTHING


def decide(forces: Sequence[Force], steps: Steps | None, at: int, direction: Direction, measures: Measures) -> Answer:
    """What a door says to a worker at a moment. ``steps`` is None when nothing is known of them."""
    if direction == "out":
        return Answer("green")
    force = _force_at(forces, at)
    if force is None or force.requirements is None:
        return Answer("red", (NO_PROTOCOL,))
    mask = NOTHING if steps is None else steps.at(at)
    if steps is None or mask == NOTHING:
        return Answer("red", (NO_CLEARANCE,))
    own = _measured(force.rules, measures, at)
    left, put_right = _left(force, mask, measures, own)
    reasons = (*own, *(one.name for one in left))
    if not reasons:
        return Answer("green", until=_until(forces, force, steps, at, put_right))
    amber = all(name in _AMBER for name in own) and all(one.ask for one in left)
    return Answer(
        "amber" if amber else "red",
        reasons,
        asks_for(reasons, left),
        earliest=None if own else _earliest(forces, steps, at),
    )


def asks_for(reasons: Iterable[str], requirements: Iterable[Needed]) -> tuple[str, ...]:
    """What would put some of a door's reasons right on the spot, in the order in which it asks."""
    by = dict(_AMBER) | {one.name: one.ask for one in requirements if one.ask}
    wanted = {by.get(name) for name in reasons}
    return tuple(ask for ask in _IN_ORDER if ask in wanted)


def _force_at(forces: Sequence[Force], at: int) -> Force | None:
    return next((force for force in forces if force.start <= at < force.end), None)


def _measured(rules: Rules, measures: Measures, at: int) -> list[str]:
    """The reasons of what was measured, in the order in which a door names them."""
    found = [_by_thermometer(rules, measures, at)]
    found.append(MASK if rules.mask and not measures.mask else None)
    found.append(GLOVES if rules.gloves and not measures.gloves else None)
    found.append(UNWELL if measures.well is False else None)
    return [one for one in found if one]


def _by_thermometer(rules: Rules, measures: Measures, at: int) -> str | None:
    celsius, apart = measures.celsius, rules.second_measurement
    if celsius is None:
        return NO_TEMPERATURE if rules.fever_limit is not None else None
    low, high = rules.plausible
    if not low <= celsius <= high:
        return IMPLAUSIBLE
    too_early = apart is not None and measures.second_of is not None and at - measures.second_of < apart
    if rules.fever_limit is not None and celsius >= rules.fever_limit:
        confirmed = apart is None or (measures.second_of is not None and not too_early)
        return FEVER_CONFIRMED if confirmed else FEVER
    return WAIT if too_early else None


def _left(force: Force, mask: int, measures: Measures, own: Sequence[str]) -> tuple[list[Needed], int]:
    """The failing requirements that are to be named, and the bits of those that need no naming.

    Without a fever limit no temperature is known to be good, and none is asked for: then requirements speak for themselves.
    """
    requirements = force.requirements or ()
    left: list[Needed] = []
    put_right = 0
    beyond = len(requirements)
    limited = force.rules.fever_limit is not None
    said = {"temperature": limited and bool(_OF_THERMOMETER & set(own)), "register": UNWELL in own}
    good = {"temperature": limited and measures.celsius is not None, "register": bool(measures.well)}
    for place, one in enumerate(requirements):
        hopeless = False
        if one.on_the_spot:
            hopeless = bool(mask >> beyond & 1)
            beyond += 1
        if not mask >> place & 1:
            continue
        if one.on_the_spot and one.ask is not None and (said[one.ask] or (good[one.ask] and not hopeless)):
            put_right |= 1 << place
        else:
            left.append(one)
    return left, put_right


def _fails(force: Force | None, mask: int, apart_from: int) -> bool:
    """Whether with this mask a requirement doesn't hold, apart from some."""
    if force is None or force.requirements is None or mask == NOTHING:
        return True
    return bool(mask & ((1 << len(force.requirements)) - 1) & ~apart_from)


def _changes(forces: Sequence[Force], steps: Steps, at: int) -> list[int]:
    """The later moments at which the mask changes, or what it means."""
    bounds = {bound for force in forces for bound in (force.start, force.end) if at < bound < PLUS_INF}
    return sorted(bounds.union(steps.moments[bisect_right(steps.moments, at) :]))


def _until(forces: Sequence[Force], here: Force, steps: Steps, at: int, put_right: int) -> int | None:
    for moment in _changes(forces, steps, at):
        force = _force_at(forces, moment)
        if _fails(force, steps.at(moment), put_right if force is here else 0):
            return moment
    return None


def _earliest(forces: Sequence[Force], steps: Steps, at: int) -> int | None:
    for moment in _changes(forces, steps, at):
        if not _fails(_force_at(forces, moment), steps.at(moment), 0):
            return moment
    return None
