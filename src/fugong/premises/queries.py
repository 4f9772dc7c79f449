"""Reads of the daily register: who is registered on a local day, and until when a register holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from fugong.base import local
from fugong.base.access import looked_at
from fugong.base.ids import uuid7_from
from fugong.clearance import evaluation
from fugong.core.protocol.derive import derive
from fugong.core.time import lane
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from fugong.registry.models import Employment


@dataclass(frozen=True, slots=True)
class Registered:
    """A standing register of a day; the latest one, where there are several."""

    fact: UUID
    at: int
    well: bool
    celsius: float | None
    symptoms: tuple[str, ...]
    filed_by: str

    @property
    def clock(self) -> str:
        """The local time of day at which it was made: ``07:20``."""
        return f"{local.to_datetime(self.at):%H:%M}"


@dataclass(frozen=True, slots=True)
class Person:
    """A line of a workshop's list."""

    id: UUID
    name: str
    workshop: str
    badge: str
    phone_tail: str
    registered: Registered | None
    away: bool = False
    """Not back yet: the latest survey says so, and no arrival since."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop and how many people it has; without a name, those of no workshop."""

    name: str
    people: int

    @property
    def key(self) -> str:
        """How an address names it: ``-`` for those of no workshop."""
        return self.name or "-"


@dataclass(frozen=True, slots=True)
class Batch:
    """What a list that was filed came to, as it stands now."""

    well: int
    unwell: int
    facts: tuple[UUID, ...]
    recorded_at: int

    @property
    def number(self) -> int:
        """How many people it registered."""
        return self.well + self.unwell


def on_day(workers: Iterable[UUID], moment: int) -> dict[UUID, Registered]:
    """The latest standing register of each worker on the local day of a moment."""
    return {fact.subject_id: _registered(fact) for fact in _of_day(moment).filter(subject_id__in=list(workers))}


def since(workers: Iterable[UUID], start: int, moment: int) -> dict[UUID, Registered]:
    """The latest standing register of each worker from ``start`` up to a moment."""
    rows = ledger.standing().filter(kind="register", start__gte=start, start__lte=moment, subject_id__in=list(workers))
    return {fact.subject_id: _registered(fact) for fact in rows.order_by("start", "recorded_at")}


def workshops(enterprise: UUID) -> list[Workshop]:
    """The enterprise's workshops, with how many people each has."""
    rows = _employments(enterprise).values("workshop").annotate(people=Count("pk")).order_by("workshop")
    return [Workshop(row["workshop"], row["people"]) for row in rows]


def people(enterprise: UUID, moment: int, workshop: str | None = None) -> list[Person]:
    """The people of an enterprise, or of one workshop, with their register of the local day."""
    employments = _employments(enterprise)
    if workshop is not None:
        employments = employments.filter(workshop=workshop)
    rows = employments.order_by("workshop", "worker__initials", "worker__name", "worker_id").values_list(
        "worker_id", "worker__name", "workshop", "badge", "worker__phone_tail"
    )
    registered = {
        fact.subject_id: _registered(fact)
        for fact in _of_day(moment).filter(subject_id__in=employments.values("worker_id"))
    }
    away = _away(employments, moment)
    looked_at(row[0] for row in rows)
    return [Person(*row, registered=registered.get(row[0]), away=row[0] in away) for row in rows]


def without_register(moment: int) -> list[UUID]:
    """Everybody who is employed and not away, and has no register on the local day of a moment. For the steward."""
    employments = Employment.objects.filter(active=True)
    here = set(employments.values_list("worker_id", flat=True)) - _away(employments, moment)
    return sorted(here - set(_of_day(moment).values_list("subject_id", flat=True)))


def _away(employments: QuerySet[Employment], moment: int) -> set[UUID]:
    """Those whose latest survey says that they are away or on the way back, and who have not arrived since."""
    told = ledger.standing().filter(subject_id__in=employments.values("worker_id"), start__lte=moment)
    latest = (
        told.filter(kind="survey").order_by("subject_id", "-start", "-recorded_at", "-pk").distinct("subject_id")
        .values_list("subject_id", "start", "values__whereabouts")
    )  # fmt: skip
    surveyed = {worker: start for worker, start, where in latest if where in ("away", "returning")}
    if not surveyed:
        return set()
    arrived = dict(told.filter(kind="arrival").values_list("subject_id").annotate(at=Max("start")))
    return {worker for worker, start in surveyed.items() if arrived.get(worker, start - 1) < start}


def filed_together(enterprise: UUID, batch: UUID) -> Batch | None:
    """What of a list still stands; None when nothing does."""
    workers = _employments(enterprise).values_list("worker_id", flat=True)
    ids = [uuid7_from(batch, str(worker)) for worker in workers]
    facts = list(ledger.standing().filter(pk__in=ids, kind="register"))
    if not facts:
        return None
    well = sum(1 for fact in facts if fact.values["well"])
    return Batch(well, len(facts) - well, tuple(fact.pk for fact in facts), max(fact.recorded_at for fact in facts))


def registered_until(worker: UUID, moment: int) -> int | None:
    """Until when the worker's register holds by the rules in force; None when it doesn't, or they ask for none."""
    force = evaluation.force_at(moment)
    if force is None or "registered" not in force.pack.derivations:
        return None
    facts, linked = evaluation.read([worker], [force])
    spans = lane(derive(force.pack, facts, 1, linked)["registered"], 0)
    return next((end for start, end in spans if start <= moment < end), None)


def _of_day(moment: int) -> QuerySet[Fact]:
    day = local.day_of(moment)
    start, end = local.start_of_day(day), local.start_of_day(local.day_after(day))
    return ledger.standing().filter(kind="register", start__gte=start, start__lt=end).order_by("start", "recorded_at")


def _registered(fact: Fact) -> Registered:
    values = fact.values
    return Registered(
        fact.pk, fact.start, values["well"], values.get("celsius"), tuple(values.get("symptoms", ())),
        values.get("filed_by", ""),
    )  # fmt: skip


def _employments(enterprise: UUID) -> QuerySet[Employment]:
    return Employment.objects.filter(enterprise=enterprise, active=True)


def employed(enterprise: UUID, workers: Sequence[UUID]) -> set[UUID]:
    """Those of the workers who are on the enterprise's list."""
    return set(_employments(enterprise).filter(worker__in=workers).values_list("worker_id", flat=True))
