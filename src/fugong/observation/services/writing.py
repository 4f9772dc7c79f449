"""What every change of stays goes through: locks in one order, what the database refuses in words, facts last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q
from psycopg.errors import DeadlockDetected

from fugong.clearance.queries import operations
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError
from fugong.observation.errors import ObservationError, when
from fugong.observation.models import Bed, Room, Stay
from fugong.observation.services.rooms import locked

SOURCE = "observation site"
EVIDENCE = "the site's book of stays"


@dataclass(frozen=True, slots=True)
class By:
    """When something is recorded (seconds), by whom, from which source, on which evidence."""

    now: int
    actor: UUID | None
    source: str = SOURCE
    evidence: str = EVIDENCE


def lock_beds(beds: Iterable[UUID]) -> dict[UUID, Bed]:
    """Beds by id, their rooms locked. People are locked before them (`ledger.lock_for`). Raises ObservationError."""
    wanted = set(beds)
    found = {bed.pk: bed for bed in Bed.objects.filter(pk__in=wanted)}
    if len(found) != len(wanted):
        raise ObservationError("stay.no_bed", field="bed")
    rooms = {room.pk: room for room in locked(bed.room_id for bed in found.values())}
    for bed in found.values():
        bed.room = rooms[bed.room_id]
    return found


def lock_stays(stays: Iterable[UUID]) -> dict[UUID, Stay]:
    """Stays by id, with bed, room and site, after people and rooms were locked. Raises ObservationError."""
    wanted = set(stays)
    rows = Stay.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    found = {stay.pk: stay for stay in rows.select_related("bed", "room", "site")}
    if len(found) != len(wanted):
        raise ObservationError("stay.unknown", field="stay")
    return found


def lock_people(workers: Iterable[UUID]) -> None:
    """People, before anything else of theirs. Raises ObservationError for whom the actor doesn't see."""
    wanted = set(workers)
    try:
        ledger.require_in_scope(wanted)
        ledger.lock(update=wanted)
    except FactError:
        raise ObservationError("stay.no_person", field="worker") from None


def cleaned(end: int, now: int) -> int:
    """When a bed that is left at ``end`` is free again, by the pack in force."""
    return end + operations(now).observation.cleaning_minutes * 60


def require_free(bed: Bed, worker: UUID, start: int, end: int, free_from: int, *, but: Iterable[UUID] = ()) -> None:
    """That a bed is free and the person nowhere else, in words; the database says so too. ``but``: stays that don't count."""
    room = bed.room
    if start < room.opens or end > room.closes:
        raise ObservationError(
            "stay.room_closed", field="bed", room=room.name, opens=when(room.opens), closes=when(room.closes)
        )
    standing = Stay.objects.exclude(state=Stay.CANCELLED).exclude(pk__in=list(but)).select_related("room", "site")
    other = standing.filter(worker=worker, start__lt=end, end__gt=start).order_by("start").first()
    if other is not None:
        raise ObservationError(
            "stay.person_elsewhere", field="worker", room=other.room.name, site=other.site.name,
            start=when(other.start), end=when(other.end),
        )  # fmt: skip
    taken = standing.filter(Q(bed=bed, start__lt=free_from, free_from__gt=start)).order_by("start").first()
    if taken is not None:
        raise ObservationError(
            "stay.bed_taken", field="bed", bed=bed.name, room=room.name, start=when(taken.start),
            end=when(taken.free_from),
        )  # fmt: skip


_CHANGING = (
    "bed", "start", "end", "free_from", "since", "state", "how", "reason", "fact_id", "actor", "changed_at",
)  # fmt: skip


def store(stay: Stay, by: By) -> None:
    """Store a stay that is new or was changed. Raises ObservationError for what must never be."""
    stay.actor_id, stay.changed_at = by.actor, by.now
    with refusing(stay.bed):
        stay.save(force_insert=True) if stay._state.adding else stay.save(update_fields=_CHANGING)


def store_all(stays: Sequence[Stay], by: By) -> None:
    """Store many stays, all of them new or all of them changed, in one statement.

    Where the database refuses, each is tried by itself, so that the refusal names the bed. Raises ObservationError.
    """
    for stay in stays:
        stay.actor_id, stay.changed_at = by.actor, by.now
    new = [stay for stay in stays if stay._state.adding]
    try:
        with transaction.atomic():
            if new:
                Stay.objects.bulk_create(new)
            else:
                Stay.objects.bulk_update(stays, _CHANGING, batch_size=500)
    except (IntegrityError, OperationalError):
        for stay in stays:
            stay._state.adding = stay in new
            but = [] if stay._state.adding else [stay.pk]
            require_free(stay.bed, stay.worker_id, stay.start, stay.end, stay.free_from, but=but)
            store(stay, by)


@contextmanager
def refusing(bed: Bed | None) -> Iterator[None]:
    """What the database refuses is said in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise _in_words(error, bed) from None
    except OperationalError as error:
        if isinstance(error.__cause__, DeadlockDetected):
            raise ObservationError("stay.at_once") from None
        raise


def _in_words(error: IntegrityError, bed: Bed | None) -> ObservationError | IntegrityError:
    diagnostics = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", "") or ""
    room: Room | None = bed.room if bed else None
    match name:
        case "room_holds_so_many" if room is not None:
            return ObservationError("stay.room_full", field="bed", room=room.name, people=room.people)
        case "stay_while_room_is_offered" if room is not None:
            return ObservationError(
                "stay.room_closed", field="bed", room=room.name, opens=when(room.opens), closes=when(room.closes)
            )
        case "bed_has_one_person_present" if bed is not None:
            return ObservationError("stay.bed_occupied", field="bed", bed=bed.name, room=bed.room.name)
        case "bed_has_one_stay_at_a_time" | "person_has_one_bed_at_a_time" | "person_present_in_one_bed":
            return ObservationError("stay.at_once", field="bed")
        case _:
            return error


def state(facts: Sequence[NewFact], by: By, locked: set[UUID]) -> None:
    """Append what the stays came to, recorded no earlier than what it supersedes. Raises FactError and TooMany."""
    ledger.append(
        facts=facts, source=by.source, now=ledger.recorded_at(facts, by.now), actor=by.actor, evidence=by.evidence,
        locked=locked,
    )  # fmt: skip
