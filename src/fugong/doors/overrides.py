"""Reads of overrides: who was let in against a refusal, why, by which guard and at which door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from fugong.base.access import looked_at
from fugong.base.ids import uuid7_from
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from fugong.ledger.wording import CHOICES
from fugong.registry.models import Worker
from fugong.registry.queries import names_of

KIND = "door_override"
DAY = 86_400
SPANS = {1: DAY, 7: 7 * DAY}
"""The spans over which overrides are counted, by their number of days, in seconds."""


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody was let in against the refusal of a check. ``words`` say why where ``reason`` is ``other``.

    ``door`` is a door's id; programs of the town may have stated another word for it.
    """

    id: UUID
    check: UUID
    door: str
    worker: UUID
    direction: str
    reason: str
    words: str
    at: int
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Line:
    """An override as a list shows it: with the names of the worker, the door and whoever let them in."""

    override: Override
    worker: str
    door: str
    by: str

    @property
    def because(self) -> str:
        """The reason in words."""
        return str(CHOICES[self.override.reason])


@dataclass(frozen=True, slots=True)
class Tally:
    """How many overrides a guard made, or were made at a door, over each span of ``SPANS``."""

    key: str
    name: str
    day: int
    week: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The overrides up to a moment: in all, by guard and by door, most of them first."""

    day: int
    week: int
    guards: tuple[Tally, ...]
    doors: tuple[Tally, ...]


def number_of(check: UUID) -> UUID:
    """The id of the override of a check: it goes with the check's, so that sending it twice stores it once."""
    return uuid7_from(check, "override")


def of_check(check: UUID) -> Override | None:
    """The standing override of a check, if somebody was let in against it."""
    fact = ledger.standing().filter(pk=number_of(check), kind=KIND).first()
    return None if fact is None else _of_fact(fact)


def within(days: int, at: int, *, known_at: int = PLUS_INF) -> QuerySet[Fact]:
    """The standing overrides of the last days (a key of ``SPANS``) up to a moment, newest first."""
    return (
        ledger.standing(known_at)
        .filter(kind=KIND, start__gt=at - SPANS[days], start__lte=at)
        .order_by("-start", "-id")
    )  # fmt: skip


def counts(at: int, *, known_at: int = PLUS_INF) -> Counts:
    """How many overrides there were in the last 24 hours and seven days up to a moment, by guard and by door."""
    found = list(within(7, at, known_at=known_at).values_list("start", "actor_id", "values__door"))
    week_by = Counter(by for _at, by, _door in found)
    day_by = Counter(by for start, by, _door in found if start > at - DAY)
    week_at = Counter(door for _at, _by, door in found)
    day_at = Counter(door for start, _by, door in found if start > at - DAY)
    guards, doors = _guards(week_by), names_of(("door", door) for door in week_at)
    return Counts(
        day=sum(day_by.values()), week=len(found),
        guards=tuple(Tally(str(by or ""), guards.get(by, ""), day_by[by], n) for by, n in week_by.most_common()),
        doors=tuple(Tally(door, doors.get(door, door), day_at[door], n) for door, n in week_at.most_common()),
    )  # fmt: skip


def lines(facts: Iterable[Fact]) -> list[Line]:
    """Overrides with names, in a few queries whatever their number. Whose they are is noted for the audit."""
    found = [_of_fact(fact) for fact in facts]
    people = dict(Worker.objects.filter(pk__in={one.worker for one in found}).values_list("pk", "name"))
    looked_at(one.worker for one in found)
    guards, doors = _guards(one.by for one in found), names_of(("door", one.door) for one in found)
    return [
        Line(one, people.get(one.worker, ""), doors.get(one.door, one.door), guards.get(one.by, "")) for one in found
    ]


def door_name(door: str) -> str:
    """A door's name with its site's; what was stated where it is no door of ours."""
    return names_of([("door", door)]).get(door, door)


def guard_name(guard: UUID) -> str:
    """What somebody who let people in is called; empty when there is no such login."""
    return _guards([guard]).get(guard, "")


def _guards(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    users = User.objects.filter(pk__in={one for one in ids if one is not None})
    return {user.pk: user.get_full_name() or user.username for user in users}


def _of_fact(fact: Fact) -> Override:
    values = fact.values
    return Override(
        id=fact.pk, check=UUID(values["check"]), door=values["door"], worker=fact.subject_id,
        direction=values["direction"], reason=values["reason"], words=values.get("words", ""), at=fact.start,
        by=fact.actor_id,
    )  # fmt: skip
