"""A small enterprise with a dormitory, a canteen and a store, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import builders
from fugong.premises.dormitories import services as dormitories
from fugong.premises.dormitories.services import Assign, NewRoom
from fugong.premises.models import Bed, Stock
from fugong.premises.sites import By
from fugong.premises.stock import services as stock
from fugong.registry import services as registry
from fugong.registry.models import Enterprise, Site

DAY, HOUR, NOW = 86_400, 3600, builders.NOW


@dataclass
class Plant:
    """An enterprise, its site, its people, and its beds by room and name (``101/1``)."""

    enterprise: Enterprise
    site: Site
    people: list[UUID]
    beds: dict[str, UUID]


def by(now: int = NOW) -> By:
    """Whoever has the command line, at a moment."""
    return By(now, None)


def plant(people: int = 8, rooms: tuple[NewRoom, ...] = (NewRoom("101", 8, Decimal(18)), NewRoom("102", 2))) -> Plant:
    """A town under the Jinfeng pack with one enterprise."""
    builders.town()
    builders.adopt()
    enterprise = builders.enterprise()
    site = registry.add_site(name="宿舍", enterprise=enterprise)
    made = dormitories.add_rooms(site=site, rooms=rooms)
    beds = {f"{bed.room.name}/{bed.name}": bed.pk for bed in Bed.objects.filter(room__in=made).select_related("room")}
    return Plant(enterprise, site, builders.workers(enterprise, people), beds)


def sleeps(worker: UUID, bed: UUID, at: int = NOW - DAY) -> UUID:
    """Somebody has a bed since a moment."""
    return dormitories.assign(lodgings=[Assign(worker, bed, at)], by=by(max(at, NOW - DAY)))[0]


def store(place: Plant, item: str = "一次性口罩", number: int = 100) -> Stock:
    """A stock with so many of an item."""
    made = stock.add_item(site=place.site, item=item, unit="只", now=NOW - 10 * DAY)
    if number:
        stock.deliver(stock=made.pk, number=number, by=by(NOW - 10 * DAY))
    return made
