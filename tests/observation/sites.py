"""A small observation site of the town for tests: rooms 101 to 103 with a bed each, and 104 with two."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import builders
from fugong.core.time import PLUS_INF
from fugong.observation.models import Bed, Stay
from fugong.observation.services import rooms, stays
from fugong.observation.services.rooms import NewRoom
from fugong.observation.services.stays import CheckIn, Plan
from fugong.observation.services.writing import By
from fugong.registry.models import Enterprise, Site

DAY, HOUR, NOW = 86_400, 3600, builders.NOW
ROOMS = (NewRoom("101"), NewRoom("102"), NewRoom("103", floor=2), NewRoom("104", beds=("A", "B"), medical=True))


@dataclass
class Hotel:
    """A site, its beds by room and name (``101/1``), and the enterprise whose people come."""

    site: Site
    beds: dict[str, UUID]
    enterprise: Enterprise


def beds_of(site: UUID) -> dict[str, UUID]:
    """The beds of a site by room and name."""
    return {f"{bed.room.name}/{bed.name}": bed.pk for bed in Bed.objects.filter(room__site=site).select_related("room")}


def hotel(enterprise: Enterprise | None = None, name: str = "临江宾馆", closes: int = PLUS_INF) -> Hotel:
    """Open a site; without an enterprise, in a town of its own."""
    if enterprise is None:
        builders.town()
        builders.adopt()
        enterprise = builders.enterprise()
    site = rooms.open_site(name=name, rooms=ROOMS, at=builders.EARLY, now=builders.EARLY, actor=None, closes=closes)
    return Hotel(site, beds_of(site.pk), enterprise)


def by(now: int = NOW) -> By:
    """Whoever has the command line, at a moment."""
    return By(now, None)


def kept(place: Hotel, worker: UUID, bed: str, start: int = NOW, days: int = 14, **more: object) -> UUID:
    """A bed that is kept for somebody; returns the stay's id."""
    plan = Plan(worker, place.beds[bed], start, start + days * DAY, **more)  # type: ignore[arg-type]
    return stays.keep(plans=[plan], by=by(min(start, NOW)))[0]


def present(place: Hotel, worker: UUID, bed: str, start: int = NOW - HOUR, days: int = 14, **more: object) -> Stay:
    """Somebody who has moved in."""
    stay = kept(place, worker, bed, start, days, **more)
    stays.check_in(arrivals=[CheckIn(stay, start)], by=by(max(start, NOW - HOUR)))
    return Stay.objects.get(pk=stay)
