"""The numbers of a practice that a pack states besides its formulas: seats, disinfection, pools, rooms, contacts.

No formula reads them; the apps do, so that none has a number of its own (``docs/way-back.md``). What a pack doesn't state
is not limited: every default is neutral. Each block names its ``source``, one of the pack's or ``own``.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from fugong.core.protocol.readiness import Capacity, Readiness
from fugong.core.text import Text


def _time_of_day(text: str) -> str:
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise _wrong(Text("07:30", "a time of day such as 07:30"))
    return text


def _wrong(form: Text) -> PydanticCustomError:
    return PydanticCustomError("pattern", "wrong form", {"form": form})


TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
Share = Annotated[float, Field(gt=0, le=1)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
Mode = Literal["bus", "charter_plane", "charter_train", "own"]
Disinfected = Literal["vehicle", "vehicle_with_case", "room", "surface"]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    source: str = ""


class Vehicles(_Block):
    """How full a vehicle may be, and how long its drivers may drive.

    ``seat_share``: of the rated seats, by means of travel (1 where it says nothing). ``rear_rows_kept``: rows at the back of a
    coach that stay empty for whoever falls ill on the way. Driving is in minutes; 0 is no limit.
    """

    seat_share: dict[Mode, Share] = {}
    rear_rows_kept: Annotated[int, Field(ge=0, le=20)] = 0
    driving_without_break_minutes: Minutes = 0
    break_minutes: Minutes = 0
    driving_a_day_minutes: Minutes = 0

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
    their own. ``result_minutes``: from the swab to the report, as planned with.
    """

    pool_sizes: list[Annotated[int, Field(ge=2, le=50)]] = []
    single_only: list[str] = []
    slot_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    result_minutes: Minutes = 1440


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


class Operations(BaseModel):
    """All blocks; ``disinfection`` by what is disinfected (``vehicle``, ``vehicle_with_case``, ``room``, ``surface``)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    vehicles: Vehicles = Vehicles()
    disinfection: dict[Disinfected, Disinfection] = {}
    contacts: Contacts = Contacts()
    sampling: Sampling = Sampling()
    observation: Observation = Observation()
    readiness: Readiness = Readiness()
    capacity: Capacity = Capacity()
