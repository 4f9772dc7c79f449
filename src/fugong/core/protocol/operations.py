"""The numbers of a practice that a pack states besides its formulas: seats, disinfection, pools, rooms, contacts.

No formula reads them; the apps do, so that none has a number of its own (``docs/way-back.md``). What a pack doesn't state
is not limited: every default is neutral. Each block names its ``source``, one of the pack's or ``own``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from fugong.core.protocol.readiness import Capacity, Readiness
from fugong.core.text import Text


def _time_of_day(text: str) -> str:
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise _wrong(Text("07:30", "a time of day such as 07:30"))
    return text


def _day(text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise _wrong(Text("2020-03-01", "a date such as 2020-03-01"))


def _wrong(form: Text) -> PydanticCustomError:
    return PydanticCustomError("pattern", "wrong form", {"form": form})


TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
LocalDay = Annotated[str, AfterValidator(_day)]
Share = Annotated[float, Field(gt=0, le=1)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
Mode = Literal["bus", "charter_plane", "charter_train", "own"]
Disinfected = Literal["vehicle", "vehicle_with_case", "room", "surface"]
Level = Literal["low", "medium", "high"]
Premise = Literal["workshop", "canteen", "dormitory", "toilet", "lift", "touched", "entrance", "office", "shuttle"]
"""What of an enterprise is disinfected on a schedule; ``touched`` are handles, buttons and rails."""


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    source: str = ""


class Vehicles(_Block):
    """How full a vehicle may be, and how long its drivers may drive.

    ``seat_share``: of the rated seats, by means of travel (1 where it says nothing). ``rear_rows_kept``: rows at the back of a
    coach that stay empty for whoever falls ill on the way. Driving is in minutes; 0 is no limit.
    ``stop_minutes``: how long a vehicle stands where people get on (documents, temperatures, luggage), as planned with.
    """

    seat_share: dict[Mode, Share] = {}
    rear_rows_kept: Annotated[int, Field(ge=0, le=20)] = 0
    driving_without_break_minutes: Minutes = 0
    break_minutes: Minutes = 0
    driving_a_day_minutes: Minutes = 0
    stop_minutes: Minutes = 0

    def seats(self, mode: str, rated: int) -> int:
        """How many of ``rated`` seats may be taken: the share, rounded down."""
        share = next((share for name, share in self.seat_share.items() if name == mode), 1.0)
        return int(rated * share + 1e-9)  # ten seats at 0.7 are seven, though a float says a little less


class Disinfection(_Block):
    """What counts as a disinfection: concentration in mg/L (both ends count) and least contact time in minutes."""

    least_mg_per_litre: Annotated[float, Field(ge=0)] = 0
    most_mg_per_litre: Annotated[float, Field(ge=0)] | None = None
    least_minutes: Minutes = 0

    @model_validator(mode="after")
    def _ordered(self) -> Disinfection:
        if self.most_mg_per_litre is not None and self.most_mg_per_litre < self.least_mg_per_litre:
            raise _wrong(Text("上限不低于下限", "a most_mg_per_litre of at least least_mg_per_litre"))
        return self

    def enough(self, mg_per_litre: float, minutes: float) -> bool:
        """Whether this concentration over this time counts."""
        strong = self.most_mg_per_litre is None or mg_per_litre <= self.most_mg_per_litre
        return self.least_mg_per_litre <= mg_per_litre and strong and minutes >= self.least_minutes


class Contacts(_Block):
    """Who is a contact of somebody found positive.

    ``days_before``: how far back, from the first symptom or the sample. ``rows_either_side``: of a ventilated vehicle; in a
    sealed one with ``sealed_vehicle: everyone``, everybody aboard. At work: the same workshop (and shift, where known); at a
    door: who went through within ``door_minutes``; 0 leaves the door out.
    """

    days_before: Annotated[int, Field(ge=0, le=60)] = 0
    rows_either_side: Annotated[int, Field(ge=0, le=50)] = 0
    sealed_vehicle: Literal["everyone", "rows"] = "rows"
    crew: bool = False
    workshop: bool = False
    dormitory: Literal["none", "room", "floor"] = "none"
    canteen_table: bool = False
    door_minutes: Minutes = 0


class Sampling(_Block):
    """How people are tested.

    ``pool_sizes``: how many swabs may share a tube, besides 1. ``single_only``: formulas; for whom one holds gets a tube of
    their own. ``result_minutes``: from the swab to the report, as planned with. ``follow_up_minutes``: so soon somebody is to
    be sampled whose pool was not negative, or who was near a case.
    """

    pool_sizes: list[Annotated[int, Field(ge=2, le=50)]] = []
    single_only: list[str] = []
    slot_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    result_minutes: Minutes = 1440
    follow_up_minutes: Minutes = 1440


class Observation(_Block):
    """How an observation site is run.

    ``temperatures``: local times of day at which one is due; it is missing ``grace_minutes`` later. ``reserve_share``: of a
    site's rooms, kept free. ``cleaning_minutes``: between two stays in a room. ``days``: how long a stay is planned for.
    """

    people_per_room: Annotated[int, Field(ge=1, le=20)] = 1
    households_share: bool = False
    temperatures: list[TimeOfDay] = []
    grace_minutes: Minutes = 60
    cleaning_minutes: Minutes = 0
    reserve_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    days: Annotated[int, Field(ge=1, le=365)] = 14


class DormitoryRule(_Block):
    """How full a dormitory room may be from the local day ``since`` on, at the risk ``levels`` (none: everywhere).

    What it doesn't state it doesn't limit.
    """

    since: LocalDay
    levels: list[Level] = []
    people_per_room: Annotated[int, Field(ge=1, le=50)] | None = None
    square_metres_per_person: Annotated[float, Field(gt=0, le=100)] | None = None

    def places(self, square_metres: float | None) -> int | None:
        """How many may sleep in a room of that floor area (None: not measured); None where nothing limits it."""
        limits = [] if self.people_per_room is None else [self.people_per_room]
        if self.square_metres_per_person is not None and square_metres is not None:
            limits.append(int(square_metres / self.square_metres_per_person + 1e-9))
        return min(limits, default=None)


class Dormitories(_Block):
    """Collective dormitories: how full, and when everybody in them is asked.

    Of the ``rules``, the latest that binds is in force, of two of one day the one for certain levels; where no risk level is
    known, only those for every level bind. ``rounds``: local times of day at which everybody is registered: what is filed up
    to ``open_minutes`` before counts; who isn't registered ``grace_minutes`` later is missing.
    """

    rules: list[DormitoryRule] = []
    rounds: list[TimeOfDay] = []
    open_minutes: Minutes = 60
    grace_minutes: Minutes = 60

    def rule(self, day: date, level: str | None) -> DormitoryRule | None:
        """The rule in force on a local day at a risk level (None: not known); None where there is none."""
        binding = [
            one for one in self.rules if one.since <= day.isoformat() and (not one.levels or level in one.levels)
        ]
        return max(binding, key=lambda one: (one.since, bool(one.levels)), default=None)


class Upkeep(_Block):
    """How often a kind of place is disinfected: at most so many hours apart, by risk level. ``limits``: what counts."""

    hours: dict[Level, Annotated[float, Field(gt=0, le=1000)]] = {}
    limits: Disinfected | None = None

    def every(self, level: str | None) -> int | None:
        """Seconds between two, at a risk level; where it isn't known or stated, the shortest. None: no schedule."""
        stated = {name: hours for name, hours in self.hours.items() if name == level} or self.hours
        return min((int(hours * 3600) for hours in stated.values()), default=None)


class Canteen(_Block):
    """Staggered meals. ``seat_share``: of a table's seats (half: nobody faces anybody); ``minutes_between``: two shifts."""

    seat_share: Share = 1.0
    minutes_between: Minutes = 0

    def seats(self, rated: int) -> int:
        """How many of a table's seats may be taken at once: the share, rounded down, at least one."""
        return max(1, int(rated * self.seat_share + 1e-9))


class Supplies(_Block):
    """Stocks: to be ordered again below ``least_days`` at the use of the last ``use_days`` (0: never asked for)."""

    least_days: Annotated[int, Field(ge=0, le=365)] = 0
    use_days: Annotated[int, Field(ge=1, le=90)] = 7


class Visits(_Block):
    """A day of a service team's visits: each takes ``minutes``, between ``begins`` and ``ends``.

    ``problem_days``: within how many days a problem is to be dealt with, where nobody says until when; 0: it has to be said.
    ``above_size_weight``: how much more work an enterprise above designated size is than another.
    """

    minutes: Minutes = 0
    begins: TimeOfDay = "00:00"
    ends: TimeOfDay = "23:59"
    problem_days: Annotated[int, Field(ge=0, le=365)] = 0
    above_size_weight: Annotated[int, Field(ge=1, le=100)] = 1


class Operations(BaseModel):
    """All blocks; ``disinfection`` by what is disinfected (``vehicle``, ``vehicle_with_case``, ``room``, ``surface``),
    ``upkeep`` by kind of place."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    vehicles: Vehicles = Vehicles()
    disinfection: dict[Disinfected, Disinfection] = {}
    contacts: Contacts = Contacts()
    sampling: Sampling = Sampling()
    observation: Observation = Observation()
    readiness: Readiness = Readiness()
    capacity: Capacity = Capacity()
    dormitories: Dormitories = Dormitories()
    upkeep: dict[Premise, Upkeep] = {}
    canteen: Canteen = Canteen()
    supplies: Supplies = Supplies()
    visits: Visits = Visits()
