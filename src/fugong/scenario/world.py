"""The town while it is being made: its days, enterprises and people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Literal
from uuid import UUID

from fugong.base import local
from fugong.base.models import User
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.journeys.arrival.services import Seen
from fugong.registry.models import Enterprise, Patch
from fugong.scenario.chance import Lottery
from fugong.scenario.people import Identity, People
from fugong.scenario.recipe import Recipe
from fugong.scenario.writing import Writer

HOUR, MINUTE = 3600, 60
Story = Literal["local", "returned", "hubei_away", "elsewhere_away", "observed"]


@dataclass(slots=True, eq=False)
class Firm:
    """An enterprise: how big, above designated size or not, when it works again, its places and people."""

    row: Enterprise
    industry: str
    trade: str
    large: bool
    employees: int
    yuan: int
    patch: int
    counted: bool = True
    founded: int = MINUS_INF
    resumed: int | None = None
    resumption: UUID | None = None
    doors: list[str] = field(default_factory=list)
    plant: UUID | None = None
    dormitory: UUID | None = None
    rests_on_sunday: bool = True
    people: list[Person] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return self.row.subject_id


@dataclass(frozen=True, slots=True)
class Test:
    """A test: its result, when it was sampled, reported, and known to the town."""

    outcome: Literal["negative", "inconclusive", "positive"]
    sampled: int
    reported: int
    recorded: int


@dataclass(slots=True, eq=False)
class Person:
    """A worker and their story: what happened to them, from which the facts follow. Moments in epoch seconds."""

    id: UUID
    who: Identity
    firm: Firm
    story: Story
    hired: int
    left: int = PLUS_INF
    employment: UUID | None = None
    household_fact: tuple[UUID, int] | None = None
    workshop: str = ""
    post: str = ""
    badge: str = ""
    test_required: bool = False
    on_the_way: bool = False
    misfiled: bool = False
    met: bool = False
    surveyed: int = 0
    origin: str = ""
    returned_survey: tuple[UUID, int, dict[str, Any]] | None = None
    departed: int = 0
    arrived: int | None = None
    told_late: int = 0
    trip: str = ""
    mode: str = "own"
    seen: Seen | None = None
    says_returned: int = 0
    tests: list[Test] = field(default_factory=list)
    result: int | None = None
    observed: tuple[int, int] | None = None
    night: bool = False
    absences: list[tuple[int, int]] = field(default_factory=list)
    registered_on: int = -2

    def works_from(self) -> int | None:
        """The first moment at which nothing keeps this person from work; None when something still does."""
        if self.firm.resumed is None or (self.story in ("hubei_away", "elsewhere_away") and self.arrived is None):
            return None
        tested = self.result if self.test_required else 0
        if tested is None:
            return None
        released = self.observed[1] if self.observed else 0
        return max(self.firm.resumed, self.hired, self.surveyed, tested, self.arrived or 0, released)

    def absent(self, at: int) -> bool:
        """Ill, or called back to be tested again."""
        return any(start <= at < end for start, end in self.absences)


@dataclass(slots=True)
class Room:
    """A room of an observation site, and when it is free for the next person."""

    id: UUID
    name: str
    opens: int
    closes: int
    free_from: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A visit to an enterprise that took place: its fact, when, what was spoken of."""

    fact: UUID
    firm: Firm
    at: int
    recorded: int
    topics: tuple[str, ...]


@dataclass(slots=True, eq=False)
class World:
    """Everything that the steps of a scenario share."""

    recipe: Recipe
    rng: Random
    writer: Writer
    people_maker: People
    firms: list[Firm] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    teams: list[UUID] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    actors: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    rooms: list[Room] = field(default_factory=list)
    rounds: dict[int, list[Any]] = field(default_factory=dict)
    agenda: list[tuple[int, Callable[[int], object]]] = field(default_factory=list)
    sought: dict[UUID, set[str]] = field(default_factory=dict)
    filing: dict[date, list[tuple[Firm, int, UUID]]] = field(default_factory=dict)
    """Who files to work again on which day: from when, and under which id its resumption will stand."""
    second_employments: list[tuple[Person, Firm, UUID, int]] = field(default_factory=list)
    origins: Lottery[str] = field(init=False)
    opening: int = 0
    moment: int = 0
    end: int = 0

    def __post_init__(self) -> None:
        period = self.recipe.period
        self.origins = Lottery(self.recipe.origins)
        self.opening = local.start_of_day(period.first)
        self.end = local.start_of_day(period.last + timedelta(days=1))
        self.moment = local.from_datetime(self.recipe.moment)

    def plan(self, moment: int, act: Callable[[int], object]) -> None:
        """Have something done through the services when its moment comes; what lies beyond the period is not played."""
        if moment < self.end:
            self.agenda.append((moment, act))

    def play(self, until: int) -> None:
        """Let time go on: what is recorded before a moment goes into the ledger, what is planned before it is done."""
        due = sorted((one for one in self.agenda if one[0] < until), key=lambda one: one[0])
        self.agenda = [one for one in self.agenda if one[0] >= until]
        for moment, act in due:
            self.writer.flush(moment + 1)
            act(moment)
        self.writer.flush(until)

    @property
    def days(self) -> list[date]:
        """The days of the period."""
        period = self.recipe.period
        return [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]

    @property
    def large(self) -> list[Firm]:
        """Enterprises above designated size."""
        return [firm for firm in self.firms if firm.large]

    @property
    def small(self) -> list[Firm]:
        """The others, of this town."""
        return [firm for firm in self.firms if not firm.large and firm.counted]

    @property
    def visited(self) -> Firm:
        """The enterprise that the report visits."""
        return next(firm for firm in self.firms if firm.row.key == self.recipe.enterprises.visited.key)

    def between(self, first: int, last: int) -> int:
        """A moment of working hours (08:00 to 18:00) between two moments; the first one where there is none."""
        for _attempt in range(20):
            moment = self.rng.randrange(first, max(last, first + 1))
            day = local.start_of_day(local.day_of(moment))
            moment = day + 8 * HOUR + self.rng.randrange(10 * HOUR)
            if first <= moment < last:
                return moment
        return first

    def clock(self, day: date, hours: float, spread: float = 0) -> int:
        """A moment of a day, ``hours`` after midnight, up to ``spread`` hours later."""
        return local.start_of_day(day) + int((hours + self.rng.random() * spread) * HOUR)


def moment_of(when: datetime) -> int:
    """The moment of a recipe's date and time (local unless it says otherwise)."""
    return local.from_datetime(when)
