"""Rooms that were disinfected after a stay: a fact of the site, and the beds are free from then on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.clearance.queries import operations
from fugong.ledger.services import NewFact, append
from fugong.observation.errors import ObservationError
from fugong.observation.models import Room, Stay
from fugong.observation.services.rooms import locked
from fugong.observation.services.writing import By


@dataclass(frozen=True, slots=True)
class Done:
    """With what, how strong (mg/L), how long (minutes), by whom."""

    agent: str
    mg_per_litre: float
    minutes: float
    who: str


@transaction.atomic
def clean(*, rooms: Sequence[UUID], done: Done, at: int, by: By) -> int:
    """Rooms were disinfected at a moment: their beds are free from then on; returns how many beds that frees.

    Raises ObservationError for what doesn't count as a disinfection by the pack, and while somebody is in a room.
    """
    if not rooms:
        raise ObservationError("room.unknown", field="rooms")
    if at > by.now:
        raise ObservationError("stay.future", field="at")
    _require_enough(done, by.now)
    found = locked(rooms)
    there = Stay.objects.filter(room__in=rooms, state=Stay.PRESENT).select_related("room", "bed").first()
    if there is not None:
        raise ObservationError("stay.bed_occupied", field="rooms", bed=there.bed.name, room=there.room.name)
    append(
        facts=[NewFact(room.site_id, "disinfection", at, _values(room, done)) for room in found], source=by.source,
        now=by.now, actor=by.actor, evidence=by.evidence,
    )  # fmt: skip
    left = Stay.objects.filter(room__in=rooms, state=Stay.ENDED, end__lte=at, free_from__gt=at)
    return left.update(free_from=at, changed_at=by.now)


def _require_enough(done: Done, now: int) -> None:
    if not done.agent.strip() or not done.who.strip():
        raise ObservationError("cleaning.who", field="agent")
    limits = operations(now).disinfection.get("room")
    if limits is not None and not limits.enough(done.mg_per_litre, done.minutes):
        raise ObservationError(
            "cleaning.weak", field="mg_per_litre", least=f"{limits.least_mg_per_litre:g}",
            most=f"{limits.most_mg_per_litre or 0:g}" if limits.most_mg_per_litre is not None else "—",
            minutes=limits.least_minutes,
        )  # fmt: skip


def _values(room: Room, done: Done) -> dict[str, object]:
    return {
        "agent": done.agent.strip()[:64], "mg_per_litre": done.mg_per_litre, "minutes": done.minutes,
        "by": done.who.strip()[:64], "place": room.name,
    }  # fmt: skip
