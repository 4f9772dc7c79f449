"""Stays from the bed that is kept to the check-in; each call takes many at once, all or none of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.base.ids import uuid7
from fugong.clearance import gate
from fugong.clearance.queries import operations
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.observation.errors import ObservationError, when
from fugong.observation.models import Bed, Stay
from fugong.observation.services import writing
from fugong.observation.services.writing import By

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Plan:
    """A bed to keep for somebody. ``cohort`` groups those who arrive together, ``household`` those who may share a room."""

    worker: UUID
    bed: UUID
    start: int
    end: int
    cohort: str = ""
    household: UUID | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Somebody moves in ``at`` a moment that has been, until ``end`` (None: as was planned)."""

    stay: UUID
    at: int
    end: int | None = None


@transaction.atomic
def keep(*, plans: Sequence[Plan], by: By) -> list[UUID]:
    """Keep beds for people; returns the stays' ids. Raises ObservationError, and then no bed is kept."""
    for plan in plans:
        if plan.start >= plan.end:
            raise ObservationError("stay.times", field="end")
        if plan.end <= by.now:
            raise ObservationError("stay.past", field="end")
    writing.lock_people(plan.worker for plan in plans)
    beds = writing.lock_beds(plan.bed for plan in plans)
    kept = [_kept(plan, beds[plan.bed], by) for plan in plans]
    writing.store_all(kept, by)
    return [stay.pk for stay in kept]


def _kept(plan: Plan, bed: Bed, by: By) -> Stay:
    return Stay(
        id=plan.id or uuid7(), bed=bed, room=bed.room, site_id=bed.room.site_id, worker_id=plan.worker,
        start=plan.start, end=plan.end, free_from=writing.cleaned(plan.end, by.now), since=plan.start,
        cohort=plan.cohort, household=plan.household,
    )  # fmt: skip


@transaction.atomic
def check_in(*, arrivals: Sequence[CheckIn], by: By) -> list[UUID]:
    """People move into the beds that were kept for them; returns the ids of the facts. Raises ObservationError."""
    locked = held((one.stay for one in arrivals), by.actor)
    there = set(Stay.objects.filter(bed__in=locked.beds, state=Stay.PRESENT).values_list("bed", flat=True))
    facts = []
    for one in arrivals:
        stay = locked.stays[one.stay]
        _require_arrival(stay, one, by)
        if stay.bed_id in there:
            raise ObservationError("stay.bed_occupied", field="bed", bed=stay.bed.name, room=stay.room.name)
        stay.start = stay.since = one.at
        stay.end = stay.end if one.end is None else one.end
        stay.free_from = writing.cleaned(stay.end, by.now)
        facts.append(present(stay))
    writing.store_all(list(locked.stays.values()), by)
    writing.state(facts, by, locked.people)
    return [fact.id for fact in facts if fact.id is not None]


def _require_arrival(stay: Stay, one: CheckIn, by: By) -> None:
    if stay.state != Stay.PLANNED:
        raise ObservationError("stay.not_planned", field="stay", state=stay.get_state_display())
    if one.at > by.now:
        raise ObservationError("stay.future", field="at")
    if one.at >= (stay.end if one.end is None else one.end):
        raise ObservationError("stay.times", field="end")


def present(stay: Stay) -> NewFact:
    """Say that somebody is present; storing it, and appending the fact that tells it, is the caller's."""
    fact = told(stay, stay.start, stay.end)
    stay.state, stay.how, stay.fact_id = Stay.PRESENT, "", fact.id
    return fact


def told(stay: Stay, start: int, end: int, *, reason: str = "") -> NewFact:
    """The fact that tells of a stay; with a reason, it supersedes the one that told of it before."""
    values = {"site": str(stay.site_id), "room": stay.room.name, "bed": stay.bed.name}
    return NewFact(
        stay.worker_id, "observation", start, values, end=end, id=uuid7(), supersedes=stay.fact_id if reason else None,
        reason=reason,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """Stays that are locked, with their people (for the ledger) and rooms."""

    stays: dict[UUID, Stay]
    people: set[UUID]
    beds: dict[UUID, Bed]


def held(stays: Iterable[UUID], actor: UUID | None, beds: Iterable[UUID] = ()) -> Held:
    """Lock who acts, people, rooms and stays, in this order. Raises ObservationError for a stay that nobody knows."""
    ids = list(stays)
    seen = list(Stay.objects.filter(pk__in=ids).values_list("worker_id", "bed_id"))
    if len(seen) != len(set(ids)):
        raise ObservationError("stay.unknown", field="stay")
    gate.one_at_a_time(actor)
    people = ledger.lock_for([NewFact(worker, "observation", 0) for worker, _bed in seen])
    locked = writing.lock_beds([*(bed for _worker, bed in seen), *beds])
    found = writing.lock_stays(ids)
    for stay in found.values():
        stay.bed = locked.get(stay.bed_id, stay.bed)
        stay.room = stay.bed.room
    return Held(found, people, locked)


@transaction.atomic
def cancel(*, stays: Sequence[UUID], reason: str, by: By) -> None:
    """Give up beds that were kept. Raises ObservationError for a stay that has begun."""
    if not reason.strip():
        raise ObservationError("stay.reason", field="reason")
    for stay in held(stays, by.actor).stays.values():
        if stay.state != Stay.PLANNED:
            raise ObservationError("stay.not_planned", field="stay", state=stay.get_state_display())
        stay.state, stay.reason = Stay.CANCELLED, reason.strip()
        writing.store(stay, by)


def days_of(now: int) -> int:
    """For how many seconds a stay is planned, by the pack in force."""
    return operations(now).observation.days * DAY


def require_present(stay: Stay, at: int, by: By) -> None:
    """That somebody is in the room, and that what happens to them was after they came. Raises ObservationError."""
    if stay.state != Stay.PRESENT:
        raise ObservationError("stay.not_present", field="stay", state=stay.get_state_display())
    if at > by.now:
        raise ObservationError("stay.future", field="at")
    if at <= stay.start:
        raise ObservationError("stay.before", field="at", start=when(stay.start))
