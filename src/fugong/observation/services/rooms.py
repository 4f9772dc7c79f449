"""Sites and the rooms that they offer. That a site offers a room is a fact too: reports count those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.base.ids import uuid7
from fugong.clearance.queries import operations
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.observation.errors import ObservationError, when
from fugong.observation.models import Bed, Room, Stay
from fugong.registry import services as registry
from fugong.registry.models import Site

SOURCE = "observation site"
EVIDENCE = "the site's list of rooms"


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room to offer, with its place in the round; ``beds`` are their names. Moments None: those of the whole list."""

    name: str
    order: int = 0
    floor: int = 1
    zone: str = ""
    medical: bool = False
    sex: str = Room.ANY
    beds: tuple[str, ...] = ("1",)
    opens: int | None = None
    closes: int | None = None
    id: UUID | None = None


@transaction.atomic
def open_site(
    *, name: str, rooms: Sequence[NewRoom], at: int, now: int, actor: UUID | None, closes: int = PLUS_INF,
    source: str = SOURCE, evidence: str = EVIDENCE, site_id: UUID | None = None,
) -> Site:  # fmt: skip
    """Open an observation site of the town from a moment on, with its rooms. Raises ObservationError and RegistryError."""
    if not rooms:
        raise ObservationError("room.no_rooms", field="rooms")
    site = registry.add_site(name=name, subject_id=site_id)
    opened = NewFact(site.pk, "site_open", at, {"purpose": "observation"}, end=closes)
    ledger.append(facts=[opened], source=source, now=now, actor=actor, evidence=evidence)
    add_rooms(site=site.pk, rooms=rooms, at=at, now=now, actor=actor, closes=closes, source=source, evidence=evidence)
    return site


@transaction.atomic
def add_rooms(
    *, site: UUID, rooms: Sequence[NewRoom], at: int, now: int, actor: UUID | None, closes: int = PLUS_INF,
    source: str = SOURCE, evidence: str = EVIDENCE,
) -> list[Room]:  # fmt: skip
    """Offer more rooms of a site; how many people each takes is the pack's. Raises ObservationError."""
    _refuse_wrong(site, rooms)
    rule = operations(now).observation
    last = _last_place(site)
    told = [uuid7() for _room in rooms]
    facts = [
        NewFact(site, "room", _or(one.opens, at), {"room": one.name.strip()}, end=_or(one.closes, closes), id=fact)
        for one, fact in zip(rooms, told, strict=True)
    ]
    made = [
        Room(
            id=one.id or uuid7(), site_id=site, name=one.name.strip(), order=one.order or last + n + 1, floor=one.floor,
            zone=one.zone, medical=one.medical, sex=one.sex, people=rule.people_per_room,
            households=rule.households_share, opens=fact.start, closes=_or(one.closes, closes), fact_id=told[n],
        )
        for n, (one, fact) in enumerate(zip(rooms, facts, strict=True))
    ]  # fmt: skip
    if any(room.opens >= room.closes for room in made):
        raise ObservationError("room.times", field="closes")
    ledger.append(facts=facts, source=source, now=now, actor=actor, evidence=evidence)
    Room.objects.bulk_create(made)
    Bed.objects.bulk_create(Bed(room=room, name=bed) for room, one in zip(made, rooms, strict=True) for bed in one.beds)
    return made


@transaction.atomic
def close_rooms(
    *, rooms: Sequence[UUID], at: int, reason: str, now: int, actor: UUID | None, source: str = SOURCE,
    evidence: str = EVIDENCE,
) -> None:  # fmt: skip
    """Offer rooms until a moment only. Raises ObservationError when somebody stays there then or has a bed kept."""
    if not reason.strip():
        raise ObservationError("stay.reason", field="reason")
    found = locked(rooms)
    for room in found:
        later = Stay.objects.filter(room=room, end__gt=at).exclude(state=Stay.CANCELLED).order_by("-end").first()
        if later is not None:
            raise ObservationError("room.in_use", field="at", room=room.name, end=when(later.end))
        if at <= room.opens:
            raise ObservationError("room.times", field="at")
    facts = [
        NewFact(
            room.site_id, "room", room.opens, {"room": room.name}, end=at, id=uuid7(), supersedes=room.fact_id,
            reason=reason.strip(),
        )
        for room in found
    ]  # fmt: skip
    recorded = ledger.recorded_at(facts, now)
    ledger.append(facts=facts, source=source, now=recorded, actor=actor, evidence=evidence)
    for room, fact in zip(found, facts, strict=True):
        Room.objects.filter(pk=room.pk).update(closes=at, fact_id=fact.id)


def locked(rooms: Iterable[UUID]) -> list[Room]:
    """Rooms, locked in one order for everybody. Raises ObservationError when one isn't there."""
    wanted = set(rooms)
    found = list(Room.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise ObservationError("room.unknown", field="room")
    return found


def _refuse_wrong(site: UUID, rooms: Sequence[NewRoom]) -> None:
    names = [room.name.strip() for room in rooms]
    if not all(names) or any(len(name) > 16 for name in names):
        raise ObservationError("room.no_name", field="rooms")
    known = set(Room.objects.filter(site=site, name__in=names).values_list("name", flat=True))
    for name in names:
        if name in known:
            raise ObservationError("room.name_taken", field="rooms", room=name)
        known.add(name)
    for room in rooms:
        if not room.beds or len(set(room.beds)) < len(room.beds):
            raise ObservationError("room.no_beds", field="rooms", room=room.name)


def _last_place(site: UUID) -> int:
    last = Room.objects.filter(site=site).order_by("-order").values_list("order", flat=True).first()
    return last or 0


def _or(given: int | None, otherwise: int) -> int:
    return otherwise if given is None else given
