"""Observation sites and those who come from high-risk areas: one person a room, fourteen days, two temperatures a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fugong.base import local
from fugong.registry import services as registry
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, Person, World

SOURCE = "observation site"
_DAYS = 14


@dataclass(slots=True)
class Room:
    """A room and when it is free for the next person."""

    site: UUID
    name: str
    opens: int
    closes: int
    free_from: int = 0


def open_sites(world: World) -> list[Room]:
    """The sites with their rooms, as facts."""
    rooms: list[Room] = []
    for part in world.recipe.observation.sites:
        site = registry.add_site(name=part.name, subject_id=world.writer.new_id(world.opening)).pk
        opened = local.start_of_day(part.since) + 9 * HOUR
        world.writer.add("site_open", site, opened, {"purpose": "observation"}, source=SOURCE)
        gone, new = part.withdrawn, part.added
        for number in range(part.rooms + (gone.count if gone else 0) + (new.count if new else 0)):
            room = Room(site, f"{1 + number // 16}{1 + number % 16:02}", opened, world.end + 400 * DAY)
            if gone and number < gone.count:
                room.closes = local.start_of_day(gone.until) + 12 * HOUR
            if new and number >= part.rooms + (gone.count if gone else 0):
                room.opens = local.start_of_day(new.since) + 8 * HOUR
            _offer(world, room)
            rooms.append(room)
    return rooms


def _offer(world: World, room: Room) -> None:
    fact = world.writer.add("room", room.site, room.opens, {"room": room.name}, source=SOURCE)
    if room.closes < world.end:
        world.writer.add("room", room.site, room.opens, {"room": room.name}, end=room.closes, source=SOURCE,
                         recorded=room.closes, supersedes=fact, reason="房间维修")  # fmt: skip


def plan(world: World) -> None:
    """Until when those from high-risk areas are observed: released at 08:00 after fourteen days."""
    for person in world.people:
        if person.arrived is not None and (person.story == "observed" or person.origin.startswith("42")):
            begun = person.arrived + world.rng.randrange(1, 3) * HOUR
            person.observed = begun, local.start_of_day(local.day_of(person.arrived)) + (_DAYS + 1) * DAY + 8 * HOUR


def tell(world: World, rooms: list[Room]) -> None:
    """Who stays in which room, and their temperatures morning and evening."""
    observed = [person for person in world.people if person.observed and person.arrived]
    observed.sort(key=lambda person: (person.observed or (0, 0), person.id))
    moving = set(world.rng.sample([p.id for p in observed if _stays_long(world, p)], world.recipe.observation.moved))
    for person in observed:
        assert person.observed is not None
        begun, released = person.observed
        if begun >= world.end:
            continue
        room = _free(rooms, begun, released)
        values = {"site": str(room.site), "room": room.name} if room else {}
        fact = world.writer.add("observation", person.id, begun, values, end=released, source=SOURCE)
        if person.id in moving and room:
            _move(world, person, fact, room, rooms)
        _temperatures(world, person)


def _stays_long(world: World, person: Person) -> bool:
    assert person.observed is not None
    return person.observed[0] + 5 * DAY < min(world.end, person.observed[1])


def _free(rooms: list[Room], begun: int, released: int) -> Room | None:
    """The first room that is free all the time; without one, people are observed at home."""
    for room in rooms:
        if room.opens <= begun and released <= room.closes and room.free_from <= begun:
            room.free_from = released
            return room
    return None


def _move(world: World, person: Person, fact: UUID, room: Room, rooms: list[Room]) -> None:
    """Into another room after some days: the stay in the first one ends, one in the second begins."""
    assert person.observed is not None
    begun, released = person.observed
    moved = begun + 3 * DAY
    target = _free(rooms, moved, released)
    if target is None:
        return
    room.free_from = moved
    world.writer.add(
        "observation", person.id, begun, {"site": str(room.site), "room": room.name}, end=moved, source=SOURCE,
        recorded=moved + HOUR, supersedes=fact, reason="换房间",
    )  # fmt: skip
    world.writer.add("observation", person.id, moved, {"site": str(target.site), "room": target.name}, end=released,
                     source=SOURCE, recorded=moved + HOUR)  # fmt: skip


def _temperatures(world: World, person: Person) -> None:
    assert person.observed is not None
    begun, released = person.observed
    for day in world.days:
        for hours in (7.5, 15.5):
            at = world.clock(day, hours, 1)
            if begun <= at < released and day <= _last_day(world):
                celsius = min(37.2, round(world.rng.gauss(36.5, 0.22), 1))
                world.writer.add("temperature", person.id, at, {"celsius": celsius, "place": "observation"},
                                 source=SOURCE)  # fmt: skip


def _last_day(world: World) -> date:
    return world.recipe.period.last
