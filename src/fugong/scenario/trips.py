"""The trips that bring people back, played through the services: seats, boarding, disinfection, the checkpoint.

Nothing of a trip is written as a row: who is refused at the bus door, or stands before a plant whose vehicle nobody has
disinfected, has not come back, and nothing that would follow of it is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from fugong.clearance import services as clearance
from fugong.journeys.arrival import services as arrival
from fugong.journeys.arrival.errors import ArrivalError
from fugong.journeys.models import Trip as Row
from fugong.journeys.trips import crew, telling
from fugong.journeys.trips import services as trips
from fugong.journeys.trips.services import Layout
from fugong.scenario import journeys, notices
from fugong.scenario.daily import hash_of
from fugong.scenario.recipe import Trip
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, MINUTE, Person, World, moment_of

CREW = "journeys"
_COLUMNS = {"bus": 4, "charter_plane": 6, "charter_train": 5}
_AGENT, _MG_PER_LITRE, _MINUTES = "含氯消毒剂", 500, 30


def plan(world: World) -> None:
    """Put every trip on the agenda: planned two days before, boarded, arrived, checked in."""
    for trip in world.recipe.trips:
        people = [person for person in world.people if person.trip == trip.id]
        if people:
            played = _Played(world, trip, people)
            leaves, arrives = moment_of(trip.leaves), moment_of(trip.arrives)
            world.plan(leaves - 2 * DAY, played.planned)
            world.plan(leaves - DAY, played.read)
            world.plan(leaves - HOUR, played.asked)
            world.plan(leaves, played.leaves)
            world.plan(arrives, played.arrives)
            world.plan(arrives + 45 * MINUTE, played.checked_in)


class _Played:
    """A trip and what becomes of it. The dispatcher does everything."""

    def __init__(self, world: World, trip: Trip, people: Sequence[Person]) -> None:
        self._world, self._trip, self._people = world, trip, people
        self._actor = world.actors["dispatcher"]
        self._row: Row | None = None

    @property
    def _id(self) -> UUID:
        assert self._row is not None
        return self._row.pk

    def planned(self, now: int) -> None:
        """Seats for everybody, released: each has a `booking` from here on."""
        trip = self._trip
        columns = _COLUMNS[trip.mode]
        self._row = trips.open_trip(
            code=trip.id, mode=trip.mode, origin_division=trip.origin, site=self._plant(), departs=moment_of(trip.leaves),
            arrives=moment_of(trip.arrives), layout=Layout(trip.seats, -(-trip.seats // columns), columns), now=now,
            actor=self._actor,
        )  # fmt: skip
        trips.book(trip=self._id, workers=[person.id for person in self._people], now=now, actor=self._actor)
        trips.release(trip=self._id, now=now, actor=self._actor)
        telling.tell(trip=self._id, now=now, actor=self._actor)
        notices.arrive(now)

    def read(self, now: int) -> None:
        """On the day before it leaves most have opened what they were told."""
        notices.read([person.id for person in self._people], now)

    def _plant(self) -> UUID:
        """To where most of them go."""
        plants = Counter(person.firm.plant for person in self._people if person.firm.plant)
        assert plants, f"{self._trip.id}: nobody of it goes to a plant"
        return plants.most_common(1)[0][0]

    def asked(self, now: int) -> None:
        """The health check before boarding: a temperature and a register of everybody."""
        for person in self._people:
            celsius = 36 + hash_of(person.id) % 10 / 10
            self._world.writer.add(
                "temperature", person.id, now + 600, {"celsius": celsius, "method": "forehead", "place": "vehicle"},
                source=CREW,
            )  # fmt: skip
            self._world.writer.add(
                "register", person.id, now + 660, {"well": True, "celsius": celsius, "filed_by": "worker"}, source=CREW
            )

    def leaves(self, now: int) -> None:
        """Who may board is let on board; who may not stays where they are."""
        workers = [person.id for person in self._people]
        clearance.renew(subjects=workers, now=now)  # nobody else's is kept while a town is made
        got_on = {
            one.worker for one in crew.board(trip=self._id, workers=workers, now=now, actor=self._actor) if one.boarded
        }
        left = [person for person in self._people if person.id not in got_on]
        if left:
            crew.no_show(trip=self._id, workers=[person.id for person in left], now=now, actor=self._actor)
        for person in left:
            _stays_away(person)
        crew.head_count(trip=self._id, counted=len(got_on), now=now, actor=self._actor)
        crew.depart(trip=self._id, now=now, actor=self._actor)

    def arrives(self, now: int) -> None:
        """The vehicle is disinfected before it goes in."""
        if self._trip.disinfected:
            arrival.disinfect(
                trip=self._id, agent=_AGENT, mg_per_litre=_MG_PER_LITRE, minutes=_MINUTES, now=now, actor=self._actor,
            )  # fmt: skip

    def checked_in(self, now: int) -> None:
        """Identity, temperature and supplies of each who came."""
        seen = [person.seen for person in self._people if person.arrived is not None and person.seen is not None]
        try:
            arrival.check_in(trip=self._id, seen=seen, now=now, actor=self._actor)
        except ArrivalError as error:
            if error.code != "arrival.not_disinfected":
                raise
            for person in self._people:
                _stays_away(person)
        for person in self._people:
            if person.arrived is not None and person.says_returned:
                journeys.said(self._world, person, person.says_returned, "returned")


def _stays_away(person: Person) -> None:
    """Somebody who did not come: nothing of what was to follow happens."""
    person.arrived = None
    person.result = None
