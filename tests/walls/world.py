"""Two enterprises that have everything: each with its own patch, team, site, door, observation site, people and papers.

Whatever belongs to one of them is known here by hand (``side``), so that no test asks the walls what the walls should say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import builders
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.clearance.models import Deputation, Verification
from fugong.registry import services as registry
from fugong.teams import services as teams
from walls.made import enterprises, people, way_back
from walls.side import EARLY, FIRST, NAMES, NOW, TITLES, TOWN, Side


@dataclass
class World:
    """The town, its own logins, and the two sides."""

    division: UUID
    town: dict[str, User]
    a: Side
    b: Side
    labels: dict[UUID, str] = field(default_factory=dict)

    def sides(self) -> Iterator[tuple[Side, Side]]:
        """Each side with the other one."""
        yield self.a, self.b
        yield self.b, self.a


def make(number: str = "", phone: str = "") -> World:
    """Make the town, through the services; ``number`` and ``phone`` are those of the first side's first person, where given."""
    town = builders.town()
    builders.adopt()
    logins = {name: builders.user(name) for name in TOWN}
    sides = [_side("a", number, phone), _side("b")]
    world = World(town.division_id, logins, *sides)
    Deputation.objects.create(
        deputy=logins["deputy"], named_by=logins["town_administrator"], start=EARLY, end=NOW + 1, recorded_at=EARLY
    )
    Verification.objects.create(at=NOW, workers=6, differences=0)
    world.labels = {town.division_id: "division", **_labels(world.a), **_labels(world.b)}
    return world


def _labels(side: Side) -> dict[UUID, str]:
    key = side.key
    workers = {worker: f"{key}{n}" for n, worker in enumerate(side.workers, start=1)}
    return {
        side.enterprise.pk: key, side.site: f"{key}.site", side.hotel: f"{key}.hotel", side.station: f"{key}.station", side.team: f"{key}.team",
        side.patch: f"{key}.patch", **workers,
    }  # fmt: skip


def _side(key: str, document: str = "", phone: str = "") -> Side:
    number = FIRST[key]
    company, site_name, door_name, hotel_name = TITLES[key]
    patch = registry.add_patch(name=f"{site_name}片区")
    enterprise = builders.enterprise(number, company, patch=patch)
    site, door = builders.site_with_door(enterprise, site_name, door_name)
    hotel = registry.add_site(name=hotel_name)
    team = teams.add_team(name=f"{site_name}服务队", patch=patch, leader="队长", start=EARLY, now=EARLY, source="page")
    side = Side(
        key, patch.pk, team.pk, enterprise, site.pk, door.pk, hotel.pk, [uuid7() for _name in NAMES[key]], NAMES[key],
        [builders.resident_number(number + n) for n in range(3)], [f"136{number + n:04d}{(number + n) * 91 % 10_000:04d}" for n in range(3)],
    )  # fmt: skip
    side.numbers[0], side.phones[0] = document or side.numbers[0], phone or side.phones[0]
    people.employed(side)
    people.logins(side, patch, site, hotel)
    people.facts(side)
    people.papers(side)
    enterprises.visited(side)
    people.at_the_door(side)
    way_back.sampled(side)
    way_back.on_the_way(side)
    way_back.positive(side)
    enterprises.policies(side)
    enterprises.signed(side)
    enterprises.told(side)
    enterprises.resumed(side)
    enterprises.kept(side)
    return side
