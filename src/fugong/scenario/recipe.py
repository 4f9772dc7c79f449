"""The recipe of a demo town: a YAML file that says what to make, event by event. No report reads it."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fugong.scenario.errors import ScenarioError

_FOLDER = files("fugong.scenario") / "towns"
Weights = dict[str, float]
Days = dict[date, float]


class Part(BaseModel):
    """A part of a recipe: nothing in it may be misspelt, nothing is changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Title(Part):
    zh: str
    en: str


class Place(Part):
    code: str
    name: str
    county: str


class Period(Part):
    first: date = Field(alias="from")
    last: date = Field(alias="to")


class Protocol(Part):
    pack: str
    since: date = Field(alias="from")


class NumberCode(Part):
    """With which division code the numbers of local people begin, by their year of birth."""

    born_until: int
    code: str


class Local(Part):
    villages: list[str]
    households: Weights
    numbers: list[NumberCode]
    registered_in: list[str]
    brands: list[str]


class Risk(Part):
    division: str
    name: str
    level: Literal["low", "medium", "high"]
    since: date = Field(alias="from")
    until: date | None = Field(None, alias="to")


class PatchPart(Part):
    name: str
    leader: str


class TeamPart(Part):
    patch: str
    since: date
    leader: str


class Teams(Part):
    since: date
    centre: tuple[float, float]
    joined_later: list[TeamPart]


class Industry(Part):
    count: int
    above_size: int
    employees_above: tuple[int, int]
    employees_below: tuple[int, int]
    trades: Weights


class Capacity(Part):
    at: datetime
    current_yuan: int
    normal_yuan: int


class Visited(Part):
    """The enterprise that the report visits: the demo's clerk, line leader, guard and worker belong to it."""

    key: str
    name: str
    employees: int
    yuan: int
    resumed: date
    capacity: list[Capacity]


class Resumed(Part):
    above_size: Days
    below: Days
    below_share: float
    below_later: Days
    below_later_share: float


class Elsewhere(Part):
    """Enterprises of a neighbouring town that employ people here: they must not count."""

    count: int
    division: str


class Enterprises(Part):
    industrial: Industry
    commercial: Industry
    service: Industry
    visited: Visited
    resumed: Resumed
    suspended: int
    closed: int
    opened: list[date]
    elsewhere: Elsewhere


class ToTest(Part):
    count: int
    enterprises: int


class Tests(Part):
    """Who of those to test has no result at the moment, and why; and results that were another person's."""

    pending: int
    unsampled: int
    inconclusive: int
    recorded_late: int
    misattributed: int
    positive: int = 0


class HubeiAway(Part):
    count: int
    above_size_share: float
    on_their_way: int
    coming_later: int


class ElsewhereAway(Part):
    count: int
    above_size_share: float
    share_later: float


class ReturnedBelow(Part):
    count: int
    share_later: float


class Leavers(Part):
    local: int
    hubei_away: int
    tested: int
    later: int


class Corrected(Part):
    """Mistakes that stood at the moment and were found after it."""

    surveys: int
    households: int


class Workers(Part):
    to_test: ToTest
    tests: Tests
    hubei_away: HubeiAway
    elsewhere_away: ElsewhereAway
    returned_below: ReturnedBelow
    hubei_present: int
    leavers: Leavers
    arrivals_recorded_late: int
    corrected: Corrected
    joiners: int
    second_employer: int
    never_surveyed: int
    hubei_number_local_household: int
    other_number_hubei_household: int
    foreign: dict[str, int]
    minority: int


class Group(Part):
    """Passengers of one enterprise, or of whichever (None)."""

    count: int
    enterprise: str | None = None


class Trip(Part):
    id: str
    mode: Literal["bus", "charter_plane", "charter_train"]
    leaves: datetime
    arrives: datetime
    origin: str = Field(alias="from")
    seats: int
    groups: list[Group]
    disinfected: bool = True

    @model_validator(mode="after")
    def _seats_suffice(self) -> Trip:
        limit = self.seats // 2 if self.mode == "bus" else self.seats
        if sum(group.count for group in self.groups) > limit:
            raise ValueError(f"{self.id}: more passengers than may travel ({limit})")
        return self


class RoomsWithdrawn(Part):
    count: int
    until: date


class RoomsAdded(Part):
    count: int
    since: date


class ObservationSite(Part):
    name: str
    since: date
    rooms: int
    withdrawn: RoomsWithdrawn | None = None
    added: RoomsAdded | None = None


class Observation(Part):
    sites: list[ObservationSite]
    people: int
    origins: Weights
    moved: int


class Vacancies(Part):
    posts: int
    enterprises: int
    ended: int
    later: int


class CapacityShare(Part):
    above_size_share: float


class Sampling(Part):
    """The town's sampling sites, and since when."""

    sites: list[str] = Field(min_length=1)
    since: date


class Recipe(Part):
    """A whole town."""

    title: Title
    default: bool = False
    town: Place
    period: Period
    moment: datetime
    protocol: Protocol
    local: Local
    origins: Weights
    risk: list[Risk]
    patches: list[PatchPart]
    teams: Teams
    enterprises: Enterprises
    workers: Workers
    trips: list[Trip]
    sampling: Sampling
    observation: Observation
    vacancies: Vacancies
    capacity: CapacityShare


def names() -> list[str]:
    """The towns that come with the program, the default one first."""
    found = sorted(entry.name.removesuffix(".yaml") for entry in _FOLDER.iterdir() if entry.name.endswith(".yaml"))
    return sorted(found, key=lambda name: not _raw(name).get("default", False))


def read(name: str) -> Recipe:
    """The recipe of a town. Raises ScenarioError when there is none of that name, or when the file is wrong."""
    if name not in names():
        raise ScenarioError("scenario.unknown_town", name=name, known=", ".join(names()))
    try:
        return Recipe.model_validate(_raw(name))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ScenarioError("scenario.wrong_recipe", name=name, where=where, what=first["msg"]) from None


@lru_cache(maxsize=8)
def _raw(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def places() -> dict[str, dict[str, Any]]:
    """Provinces by the first two digits of their code: ``name`` and ``counties`` (code: name)."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        (files("fugong.scenario") / "places.yaml").read_text(encoding="utf-8")
    )
    return loaded


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """What names are made of."""
    loaded: dict[str, Any] = yaml.safe_load((files("fugong.scenario") / "names.yaml").read_text(encoding="utf-8"))
    return loaded
