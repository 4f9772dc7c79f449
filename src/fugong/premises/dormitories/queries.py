"""Reads of dormitories: rooms with who sleeps there, against the rule in force; who is said to live there and has no bed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Floor, Least

from fugong.base import local
from fugong.base.access import looked_at
from fugong.clearance.queries import operations
from fugong.core.protocol.operations import DormitoryRule
from fugong.ledger.queries import holding
from fugong.premises.models import Bed, Lodging, Room
from fugong.premises.sites import risk_level
from fugong.registry.models import Employment, Worker

UNLIMITED = 1_000_000
_NUMBER = IntegerField()


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule in force at a moment, and the risk level by which it is (None: not known)."""

    level: str | None
    limits: DormitoryRule | None

    @property
    def people(self) -> int | None:
        """How many may sleep in a room; None: no limit."""
        return self.limits.people_per_room if self.limits else None

    @property
    def area(self) -> float | None:
        """Square metres per person; None: no limit."""
        return self.limits.square_metres_per_person if self.limits else None

    @property
    def source(self) -> str:
        """The document on which it rests."""
        return self.limits.source if self.limits else ""

    @property
    def limited(self) -> bool:
        """Whether it limits anything."""
        return self.people is not None or self.area is not None


def rule_at(at: int) -> Rule:
    """The rule for the town's dormitories at a moment."""
    level = risk_level(at)
    return Rule(level, operations(at).dormitories.rule(local.day_of(at), level))


def rooms(at: int, rule: Rule, *, enterprise: UUID | None = None) -> QuerySet[Any]:
    """Open rooms with ``people`` who sleep there at a moment, ``bed_count``, ``places`` by the rule and ``over`` it."""
    found: QuerySet[Any] = Room.objects.filter(Q(closed_at=None) | Q(closed_at__gt=at))
    inside: QuerySet[Any] = Lodging.objects.filter(start__lte=at, end__gt=at)
    if enterprise is not None:
        found, inside = found.filter(enterprise=enterprise), inside.filter(enterprise=enterprise)
    inside = inside.filter(room=OuterRef("pk")).order_by().values("room").annotate(n=Count("pk")).values("n")
    beds = Bed.objects.filter(room=OuterRef("pk")).order_by().values("room").annotate(n=Count("pk")).values("n")
    limits: list[Any] = [Value(UNLIMITED if rule.people is None else rule.people)]
    if rule.area is not None:
        by_area = Floor(F("square_metres") / Value(rule.area) + Value(1e-9))
        limits.append(Coalesce(by_area, Value(UNLIMITED), output_field=_NUMBER))
    most = Least(*limits, output_field=_NUMBER) if len(limits) > 1 else limits[0]
    shown: QuerySet[Any] = (
        found.annotate(people=Coalesce(Subquery(inside), 0), bed_count=Coalesce(Subquery(beds), 0), places=most)
        .annotate(over=F("people") - F("places"))
        .select_related("site", "enterprise")
        .order_by("enterprise__name", "site__name", "building", "name", "pk")
    )
    return shown


def overfull(found: QuerySet[Any]) -> QuerySet[Any]:
    """Those rooms in which more people sleep than the rule lets."""
    return found.filter(people__gt=F("places"))


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Who has a bed: with name and workshop."""

    lodging: UUID
    worker: UUID
    name: str
    workshop: str
    since: int


@dataclass(slots=True)
class Place:
    """A bed, and who has it."""

    bed: Bed
    sleeper: Sleeper | None = None


def places(room: Room, at: int) -> list[Place]:
    """The beds of a room with who sleeps in them at a moment; whose data it shows is noted for the audit."""
    found = {bed.pk: Place(bed) for bed in Bed.objects.filter(room=room)}
    held = Lodging.objects.filter(room=room, start__lte=at, end__gt=at).select_related("worker")
    rows = list(held)
    workshops = _workshops(room.enterprise_id, [row.worker_id for row in rows])
    looked_at(row.worker_id for row in rows)
    for row in rows:
        found[row.bed_id].sleeper = Sleeper(
            row.pk, row.worker_id, row.worker.name, workshops.get(row.worker_id, ""), row.start
        )
    return sorted(found.values(), key=lambda one: (len(one.bed.name), one.bed.name))


def _workshops(enterprise: UUID | None, workers: Sequence[UUID]) -> dict[UUID, str]:
    rows = Employment.objects.filter(enterprise=enterprise, worker__in=workers)
    return dict(rows.values_list("worker", "workshop"))


def free_beds(enterprise: UUID | None, at: int, rule: Rule) -> list[Bed]:
    """Beds of open rooms that nobody has and that the rule leaves free, in order, at most one hundred."""
    taken = Lodging.objects.filter(enterprise=enterprise, end__gt=at)
    free = rooms(at, rule, enterprise=enterprise).filter(people__lt=F("places"), bed_count__gt=F("people"))
    beds = Bed.objects.filter(room__in=free.order_by().values("pk")).exclude(pk__in=taken.values("bed"))
    return list(beds.select_related("room", "room__site").order_by("room__building", "room__name", "name")[:100])


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody of whom a list says that they live in a dormitory, without a bed here or with another room."""

    worker: UUID
    name: str
    dormitory: str
    room: str
    bed: str = ""


def without_a_bed(enterprise: UUID, at: int) -> QuerySet[Employment]:
    """Those whom the ledger has in a dormitory at a moment and who have no bed here."""
    told = holding(at).filter(kind="dormitory", subject_id=OuterRef("worker_id"))
    held = Lodging.objects.filter(worker=OuterRef("worker_id"), start__lte=at, end__gt=at)
    return (
        Employment.objects.filter(Exists(told), ~Exists(held), enterprise=enterprise, active=True)
        .select_related("worker").order_by("worker__name", "pk")
    )  # fmt: skip


def said_of(workers: Iterable[UUID], at: int) -> dict[UUID, Said]:
    """What the ledger says of where people live; whose data it shows is noted for the audit."""
    ids = list(workers)
    looked_at(ids)
    names = dict(Worker.objects.filter(pk__in=ids).values_list("pk", "name"))
    told = holding(at).filter(kind="dormitory", subject_id__in=ids).order_by("start", "recorded_at")
    return {
        fact.subject_id: Said(
            fact.subject_id, names.get(fact.subject_id, ""), fact.values.get("name", ""), fact.values.get("room", "")
        )
        for fact in told
    }


@dataclass(slots=True)
class Totals:
    """How an enterprise's dormitories stand."""

    rooms: int = 0
    beds: int = 0
    people: int = 0
    over: int = 0
    unmeasured: int = 0
    buildings: list[str] = field(default_factory=list)


def totals(found: QuerySet[Any], rule: Rule) -> Totals:
    """Counts over rooms, in one query."""
    result = Totals()
    for building, people, beds, places_, area in found.order_by("building").values_list(
        "building", "people", "bed_count", "places", "square_metres"
    ):
        result.rooms += 1
        result.beds += beds
        result.people += people
        result.over += people > places_
        result.unmeasured += area is None and rule.area is not None
        if building not in result.buildings:
            result.buildings.append(building)
    return result
