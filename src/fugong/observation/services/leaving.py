"""How stays go on and end: into another bed, released, ended early, to hospital. Each is told by superseding facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from fugong.base.ids import uuid7
from fugong.clearance import queries as clearance
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.observation.errors import ObservationError
from fugong.observation.models import Bed, Stay
from fugong.observation.services import writing
from fugong.observation.services.stays import held, present, require_present, told
from fugong.observation.services.writing import By

PERMISSION = "leave_observation"


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody goes to another bed ``at`` a moment; of a bed that is only kept, ``at`` has no meaning."""

    stay: UUID
    bed: UUID
    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody leaves ``at`` a moment; ``how``: released, ended early, or to hospital."""

    stay: UUID
    at: int
    how: str = Stay.RELEASED
    reason: str = ""


@transaction.atomic
def move(*, moves: Sequence[Move], by: By) -> list[UUID]:
    """Move people to other beds, or keep another bed for those who are still to come; returns the ids of their stays now.

    Raises ObservationError, and then nobody is moved.
    """
    locked = held((one.stay for one in moves), by.actor, (one.bed for one in moves))
    _require_told(locked.stays.values())
    facts: list[NewFact] = []
    going: list[tuple[Move, Stay, Bed, int]] = []
    for one in moves:
        stay, bed = locked.stays[one.stay], locked.beds[one.bed]
        _require_move(stay, bed, one)
        if stay.state == Stay.PRESENT:
            require_present(stay, one.at, by)
            going.append((one, stay, bed, stay.end))
            facts += _ended(stay, one.at, Stay.MOVED, one.reason, by)
    now_in = {one.stay: _arrived(stay, bed, one, max(end, one.at + 1), by, facts) for one, stay, bed, end in going}
    plans = [one for one in moves if one.stay not in now_in]
    Stay.objects.filter(pk__in=[one.stay for one in plans]).update(state=Stay.CANCELLED)  # two may change places
    for one in plans:
        now_in[one.stay] = _kept_elsewhere(locked.stays[one.stay], locked.beds[one.bed], by)
    if facts:
        writing.state(facts, by, locked.people)
    return [now_in[one.stay] for one in moves]


def _require_move(stay: Stay, bed: Bed, one: Move) -> None:
    if not one.reason.strip():
        raise ObservationError("stay.reason", field="reason")
    if stay.state not in (Stay.PRESENT, Stay.PLANNED):
        raise ObservationError("stay.not_present", field="stay", state=stay.get_state_display())
    if stay.bed_id == bed.pk:
        raise ObservationError("stay.same_bed", field="bed")


def _arrived(stay: Stay, bed: Bed, one: Move, end: int, by: By, facts: list[NewFact]) -> UUID:
    """The stay in the other bed, from the move on; its first day stays the first day."""
    free = writing.cleaned(end, by.now)
    writing.require_free(bed, stay.worker_id, one.at, end, free)
    if Stay.objects.filter(bed=bed, state=Stay.PRESENT).exists():
        raise ObservationError("stay.bed_occupied", field="bed", bed=bed.name, room=bed.room.name)
    new = Stay(
        id=uuid7(), bed=bed, room=bed.room, site=bed.room.site, worker_id=stay.worker_id, start=one.at, end=end,
        free_from=free, since=stay.since, cohort=stay.cohort, household=stay.household,
    )  # fmt: skip
    facts.append(present(new))
    writing.store(new, by)
    return new.pk


def _kept_elsewhere(stay: Stay, bed: Bed, by: By) -> UUID:
    writing.require_free(bed, stay.worker_id, stay.start, stay.end, stay.free_from, but=[stay.pk])
    stay.bed, stay.room, stay.site = bed, bed.room, bed.room.site
    writing.store(stay, by)
    return stay.pk


@transaction.atomic
def leave(*, leaving: Sequence[Leaving], by: By) -> None:
    """People leave: released (only with the permission), early or to hospital (with a reason). Raises ObservationError."""
    locked = held((one.stay for one in leaving), by.actor)
    _require_told(locked.stays.values())
    released = [locked.stays[one.stay] for one in leaving if one.how == Stay.RELEASED]
    if released:
        _require_permission(released, by.now)
    facts: list[NewFact] = []
    for one in leaving:
        stay = locked.stays[one.stay]
        if one.how not in (Stay.RELEASED, Stay.EARLY, Stay.HOSPITAL):
            raise ObservationError("stay.how", field="how")
        if one.how != Stay.RELEASED and not one.reason.strip():
            raise ObservationError("stay.reason", field="reason")
        require_present(stay, one.at, by)
        facts += _ended(stay, one.at, one.how, one.reason, by)
    if facts:
        writing.state(facts, by, locked.people)


@transaction.atomic
def extend(*, stay: UUID, end: int, reason: str, by: By) -> None:
    """Let a stay last longer, or end earlier but still to come. Raises ObservationError."""
    locked = held([stay], by.actor)
    found = locked.stays[stay]
    if not reason.strip():
        raise ObservationError("stay.reason", field="reason")
    if end <= max(found.start, by.now):
        raise ObservationError("stay.past", field="end")
    if found.state not in (Stay.PRESENT, Stay.PLANNED):
        raise ObservationError("stay.not_present", field="stay", state=found.get_state_display())
    _require_told([found])
    free = writing.cleaned(end, by.now)
    writing.require_free(found.bed, found.worker_id, found.start, end, free, but=[stay])
    facts = [told(found, found.start, end, reason=reason.strip())] if found.state == Stay.PRESENT else []
    found.end, found.free_from = end, free
    if facts:
        found.fact_id = facts[0].id
    writing.store(found, by)
    if facts:
        writing.state(facts, by, locked.people)


def _ended(stay: Stay, at: int, how: str, reason: str, by: By) -> list[NewFact]:
    """End a stay; the fact that says so, where it doesn't end just as it was told before."""
    said = [] if stay.end == at else [told(stay, stay.start, at, reason=reason.strip() or how)]
    late = at > stay.end
    stay.end, stay.free_from = at, writing.cleaned(at, by.now)
    stay.state, stay.how, stay.reason = Stay.ENDED, how, reason.strip()
    if said:
        stay.fact_id = said[0].id
    if late:
        _make_way(stay, by)
    writing.store(stay, by)
    return said


def _make_way(stay: Stay, by: By) -> None:
    """Who has the bed kept after somebody who left later than planned comes when it is clean: plans give way to what was."""
    kept = Stay.objects.filter(bed=stay.bed, state=Stay.PLANNED, start__lt=stay.free_from, end__gt=stay.free_from)
    kept.update(start=stay.free_from, since=stay.free_from, changed_at=by.now)


def _require_told(stays: Iterable[Stay]) -> None:
    """That the facts that tell of these stays still stand. Raises ObservationError."""
    wanted = {stay.fact_id for stay in stays if stay.state == Stay.PRESENT and stay.fact_id}
    if standing().filter(pk__in=wanted).count() < len(wanted):
        raise ObservationError("stay.fact_changed", field="stay")


def _require_permission(stays: Sequence[Stay], now: int) -> None:
    """That each of them may leave now, by what is stored of clearance; a refusal names every reason. Raises ObservationError."""
    statuses = clearance.statuses([stay.worker_id for stay in stays], PERMISSION, now)
    for stay in stays:
        status = statuses.get(stay.worker_id)
        if status is not None and status.holds:
            continue
        why = clearance.explained(stay.worker_id, PERMISSION, now)
        if why is None:
            raise ObservationError("stay.no_rule", field="how")
        spoken = get_language() or "zh-hans"
        reasons = " ".join(f"{one.message.text(spoken)} {one.remedy.text(spoken)}" for one in why.failures)
        raise ObservationError("stay.not_cleared", field="how", reasons=reasons)
