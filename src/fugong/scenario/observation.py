"""Observation sites and those who come from high-risk areas: one person a room, fourteen days, two temperatures a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fugong.base import local
from fugong.clearance import services as clearance
from fugong.observation.errors import ObservationError
from fugong.observation.models import Bed, Stay
from fugong.observation.services import leaving, rounds, stays
from fugong.observation.services import rooms as services
from fugong.observation.services.writing import By
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, Person, Room, World

SOURCE = "observation site"
_DAYS = 14
_CLEANING = 4 * HOUR
"""Between two stays in a room; the pack asks for no more."""


def open_sites(world: World) -> None:
    """Open the sites with their rooms; some are withdrawn for repair, some come later."""
    actor = world.actors["town"]
    for part in world.recipe.observation.sites:
        opened = local.start_of_day(part.since) + 9 * HOUR
        gone, new = part.withdrawn, part.added
        first = part.rooms + (gone.count if gone else 0)
        names = [f"{1 + number // 16}{1 + number % 16:02}" for number in range(first + (new.count if new else 0))]
        found = [Room(world.writer.new_id(opened), name, opened, world.end + 400 * DAY) for name in names]
        site = services.open_site(
            name=part.name, rooms=[_new(room) for room in found[:first]], at=opened, now=opened, actor=actor,
            site_id=world.writer.new_id(opened),
        )  # fmt: skip
        if gone:
            _withdraw(world, found[: gone.count], local.start_of_day(gone.until) + 12 * HOUR)
        if new:
            _add(world, site.pk, found[first:], local.start_of_day(new.since) + 8 * HOUR)
        world.rooms += found


def _new(room: Room) -> services.NewRoom:
    return services.NewRoom(room.name, floor=int(room.name[0]), id=room.id)


def _withdraw(world: World, rooms: Sequence[Room], closes: int) -> None:
    for room in rooms:
        room.closes = closes
    world.plan(
        closes,
        lambda now: services.close_rooms(
            rooms=[room.id for room in rooms], at=closes, reason="房间维修", now=now, actor=world.actors["town"]
        ),
    )


def _add(world: World, site: UUID, rooms: Sequence[Room], opens: int) -> None:
    for room in rooms:
        room.opens = opens
    world.plan(
        opens,
        lambda now: (
            services.add_rooms(
                site=site, rooms=[_new(room) for room in rooms], at=opens, now=now, actor=world.actors["town"]
            )
            and None
        ),
    )


def plan(world: World) -> None:
    """Until when those from high-risk areas are observed: released at 08:00 after fourteen days."""
    for person in world.people:
        if person.arrived is not None and (person.story == "observed" or person.origin.startswith("42")):
            begun = person.arrived + world.rng.randrange(1, 3) * HOUR
            person.observed = begun, local.start_of_day(local.day_of(person.arrived)) + (_DAYS + 1) * DAY + 8 * HOUR


def tell(world: World) -> None:
    """Who stays in which room, and their temperatures morning and evening."""
    observed = [person for person in world.people if person.observed and person.arrived]
    observed.sort(key=lambda person: (person.observed or (0, 0), person.id))
    moving = set(world.rng.sample([p.id for p in observed if _stays_long(world, p)], world.recipe.observation.moved))
    for person in observed:
        stay(world, person, moves=person.id in moving)


def stay(world: World, person: Person, *, moves: bool = False) -> None:
    """Somebody is observed for as long as was settled: in a room that is free, or at home."""
    assert person.observed is not None
    begun, released = person.observed
    if begun >= world.end:
        return
    room = _free(world.rooms, begun, released)
    there = _Stay(world, person, room, moves=moves) if room else None
    if there is None:
        world.writer.add("observation", person.id, begun, {}, end=released, source=SOURCE)
    _temperatures(world, person, there)


class _Stay:
    """A stay at a site, played through the services: the bed, the check-in, perhaps another room, the release."""

    def __init__(self, world: World, person: Person, room: Room, *, moves: bool) -> None:
        assert person.observed is not None
        self._world, self._person, self._room = world, person, room
        self._begun, self._released = person.observed
        self._stay: UUID | None = None
        self._before: tuple[UUID, int] | None = None
        world.plan(self._begun, self._comes)
        moved = self._begun + 3 * DAY
        self._target = _free(world.rooms, moved, self._released) if moves else None
        if self._target:
            room.free_from = moved + _CLEANING
            world.plan(moved, self._moves)
        world.plan(self._released, self._leaves)

    def _by(self, now: int) -> By:
        return By(now, self._world.actors["town"], SOURCE)

    def _bed(self, room: Room) -> UUID:
        return Bed.objects.values_list("pk", flat=True).get(room=room.id)

    def _comes(self, now: int) -> None:
        if self._person.trip and self._person.arrived is None:  # did not come back after all
            return
        plan = stays.Plan(self._person.id, self._bed(self._room), now, self._released, cohort=str(local.day_of(now)))
        (self._stay,) = stays.keep(plans=[plan], by=self._by(now))
        stays.check_in(arrivals=[stays.CheckIn(self._stay, now)], by=self._by(now))

    def _moves(self, now: int) -> None:
        if self._stay is not None and self._target is not None:
            move = leaving.Move(self._stay, self._bed(self._target), now, "换房间")
            self._before = self._stay, now
            (self._stay,) = leaving.move(moves=[move], by=self._by(now))

    def at(self, moment: int) -> UUID | None:
        """The stay in which the person was at a moment that has passed; None for who didn't come."""
        if self._before and moment < self._before[1]:
            return self._before[0]
        return self._stay

    def _leaves(self, now: int) -> None:
        """Released by the permission; without it the time is over all the same, and they stay apart at home."""
        if self._stay is None:
            return
        clearance.renew(subjects=[self._person.id], now=now)  # nobody's is kept while a town is made
        try:
            leaving.leave(leaving=[leaving.Leaving(self._stay, now)], by=self._by(now))
        except ObservationError as error:
            if error.code not in ("stay.not_cleared", "stay.no_rule"):
                raise
            early = leaving.Leaving(self._stay, now, Stay.EARLY, "观察期满，居家继续健康监测")
            leaving.leave(leaving=[early], by=self._by(now))


def _stays_long(world: World, person: Person) -> bool:
    assert person.observed is not None
    return person.observed[0] + 5 * DAY < min(world.end, person.observed[1])


def _free(rooms: list[Room], begun: int, released: int) -> Room | None:
    """The first room that is free all the time; without one, people are observed at home."""
    for room in rooms:
        if room.opens <= begun and released + _CLEANING <= room.closes and room.free_from <= begun:
            room.free_from = released + _CLEANING
            return room
    return None


def _temperatures(world: World, person: Person, there: _Stay | None) -> None:
    """Twice a day: at a site what the nurse's round finds, at home what is told."""
    assert person.observed is not None
    begun, released = person.observed
    for day in world.days:
        for hours in (7.5, 15.5):
            at = world.clock(day, hours, 1)
            if begun <= at < released and day <= _last_day(world):
                celsius = min(37.2, round(world.rng.gauss(36.5, 0.22), 1))
                if there is None:
                    values = {"celsius": celsius, "place": "observation"}
                    world.writer.add("temperature", person.id, at, values, source=SOURCE)
                else:
                    _round(world, local.start_of_day(day) + int((hours + 1) * HOUR)).append(
                        (there, at, celsius, world.writer.new_id(at))
                    )


_Reading = tuple[_Stay, int, float, UUID]


def _round(world: World, ends: int) -> list[_Reading]:
    """What a round that ends at a moment finds: sent in at its end, from all sites at once."""
    if ends not in world.rounds:
        world.rounds[ends] = []
        world.plan(ends, lambda now: _send_in(world, now))
    readings: list[_Reading] = world.rounds[ends]
    return readings


def _send_in(world: World, now: int) -> None:
    found = [
        rounds.Measured(number, stay, at, celsius)
        for there, at, celsius, number in world.rounds.pop(now)
        if (stay := there.at(at)) is not None
    ]
    rounds.record_round(entries=found, by=By(now, world.actors["observation_medic"], SOURCE))


def _last_day(world: World) -> date:
    return world.recipe.period.last
