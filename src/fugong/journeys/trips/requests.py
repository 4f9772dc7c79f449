"""The only writes of what enterprises ask for, and of the places where people get on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base import local
from fugong.base.ids import uuid7
from fugong.journeys.models import Place, SeatRequest
from fugong.journeys.trips.errors import TripError
from fugong.journeys.trips.services import require_people
from fugong.registry import divisions
from fugong.registry.models import Employment, Enterprise, Site


@transaction.atomic
def ask(
    *, enterprise: UUID, workers: Sequence[UUID], place: UUID, site: UUID, day: dt.date, now: int, actor: UUID | None,
    words: str = "",
) -> list[SeatRequest]:  # fmt: skip
    """An enterprise asks for seats for its people, from a place to one of its sites, on a day. Raises TripError."""
    people = require_people(workers)
    if not people:
        raise TripError("seat_request.nobody", field="worker")
    if day < local.day_of(now):
        raise TripError("seat_request.past", field="day")
    if not Place.objects.filter(pk=place).exists():
        raise TripError("seat_request.place", field="place")
    employer = Enterprise.objects.get(pk=enterprise)
    if not Site.objects.filter(pk=site, enterprise=enterprise).exists():
        raise TripError("seat_request.site", field="site", enterprise=employer.name)
    own = set(
        Employment.objects.filter(worker__in=people, enterprise=enterprise, active=True).values_list(
            "worker_id", flat=True
        )
    )
    for worker, name in people.items():
        if worker not in own:
            raise TripError("seat_request.not_yours", field="worker", name=name, enterprise=employer.name)
    rows = [
        SeatRequest(
            id=uuid7(), worker_id=worker, enterprise_id=enterprise, site_id=site, place_id=place, day=day,
            words=words.strip(), made_by_id=actor, made_at=now,
        )
        for worker in people
    ]  # fmt: skip
    try:
        with transaction.atomic():
            SeatRequest.objects.bulk_create(rows)
    except IntegrityError:
        asked = SeatRequest.objects.filter(worker__in=people, state=SeatRequest.OPEN).first()
        name = people[asked.worker_id] if asked else next(iter(people.values()))
        raise TripError("seat_request.open", field="worker", name=name) from None
    return rows


@transaction.atomic
def withdraw(*, request: UUID, now: int, actor: UUID | None) -> None:
    """Nobody needs this seat any more, as long as it isn't planned. Raises TripError."""
    changed = SeatRequest.objects.filter(pk=request, state=SeatRequest.OPEN).update(state=SeatRequest.WITHDRAWN)
    if not changed:
        raise TripError("seat_request.closed")


@transaction.atomic
def add_place(
    *, name: str, division: str, latitude: float | None = None, longitude: float | None = None, site: UUID | None = None,
) -> Place:  # fmt: skip
    """A place where people get on, or where ``site`` lies, in degrees WGS 84 where it is known. Raises TripError."""
    if not name.strip():
        raise TripError("place.name", field="name")
    if not (
        division.isascii() and division.isdecimal() and len(division) in (6, 9, 12) and divisions.is_known(division)
    ):
        raise TripError("trip.unknown_division", field="division", code=division)
    right = latitude is None or longitude is None or (-90 <= latitude <= 90 and -180 <= longitude <= 180)
    if (latitude is None) != (longitude is None) or not right:
        raise TripError("place.where", field="latitude")
    try:
        with transaction.atomic():
            return Place.objects.create(
                name=name.strip(), division=division, latitude=latitude, longitude=longitude, site_id=site
            )
    except IntegrityError:
        raise TripError("place.taken", field="name") from None
