"""The dispatcher's button: group what is asked for, have routes planned, have the plan checked, and make trips of it.

Whatever was planned before and isn't locked is planned anew; what is locked, released or on its way stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from fugong.base import local
from fugong.clearance import queries as clearance
from fugong.core.planning import routes_check
from fugong.core.planning.routes import (
    YUAN,
    Breaks,
    Depot,
    Group,
    Plant,
    RoutePlan,
    RouteProblem,
    Stop,
    Vehicle,
)
from fugong.core.planning.routes import Trip as Routed
from fugong.core.text import CoreError
from fugong.engines import routes as engine
from fugong.journeys import practice
from fugong.journeys.models import BUS, Booking, Place, SeatRequest, Trip
from fugong.journeys.models import Vehicle as Coach
from fugong.journeys.planning.errors import PlanError
from fugong.journeys.planning.roads import Known, roads
from fugong.journeys.trips import services as trips
from fugong.journeys.trips.errors import TripError
from fugong.journeys.trips.services import Layout

SECONDS = 30.0
"""So long a plan is looked for, unless a dispatcher says otherwise."""
_FEN = YUAN // 100
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """A problem as the engine gets it, and what its ids are here."""

    problem: RouteProblem
    waiting: dict[str, list[UUID]]
    vehicles: dict[str, Coach]
    places: dict[str, Place]
    sites: dict[str, UUID]


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of a planning: the trips that were made, their cost in fen, and how many stay behind for which reason."""

    trips: tuple[UUID, ...]
    people: int
    cost_fen: int
    behind: dict[str, int] = field(default_factory=dict)


def solved(
    problem: RouteProblem, *, seconds: float = SECONDS, seed: int = 0, progress: Progress | None = None
) -> RoutePlan:
    """A plan of routes that the checker agrees with: what the button and the benchmark call.

    ``progress`` is told how many of how many seconds have passed. Raises PlanError where there is no engine, or a plan that
    breaks a rule of the problem.
    """

    def told(passed: float, _best: int | None, _bound: int | None) -> None:
        if progress is not None:
            progress(min(round(passed), round(seconds)), round(seconds))

    try:
        plan = engine.plan(problem, seconds=seconds, seed=seed, progress=told).plan
    except CoreError as error:
        raise PlanError("plan.engine", why=error.text(get_language() or "zh-hans")) from None
    assert plan is not None
    if broken := routes_check.check(problem, plan):
        words = " ".join(one.text(get_language() or "zh-hans") for one in broken[:3])
        raise PlanError("plan.broken", why=words)
    return plan


def asked(*, day: dt.date, leaves: int, arrives: int, ways: Known | None = None) -> Asked:
    """What is asked for on a day, as a problem: vehicles leave no earlier than ``leaves`` and arrive no later than ``arrives``.

    Distances are estimated by the great circle unless ``ways`` says them, by the names of places and sites. Raises PlanError.
    """
    if arrives <= leaves:
        raise PlanError("plan.times", field="arrives")
    rows = list(_rows(day).select_related("place", "site").order_by("pk"))
    if not rows:
        raise PlanError("plan.nothing_asked", field="day")
    coaches = _free(day, leaves, arrives)
    if not coaches:
        raise PlanError("plan.no_vehicles")
    stops = {str(row.place_id): row.place for row in rows}
    plants = {str(row.site_id): row.site for row in rows}
    where = {str(one.site_id): one for one in Place.objects.filter(site__in=list(plants))}
    lost = [place.name for place in stops.values() if place.latitude is None]
    lost += [site.name for key, site in plants.items() if key not in where or where[key].latitude is None]
    if lost:
        raise PlanError("plan.unplaced", places="、".join(dict.fromkeys(lost)))
    waiting = defaultdict[str, list[UUID]](list)
    for row in rows:
        waiting[f"{row.place_id} {row.site_id}"].append(row.worker_id)
    rules = clearance.operations(leaves).vehicles
    names = {key: place.name for key, place in stops.items()} | {key: site.name for key, site in plants.items()}
    depots = {f"start {one.start_id}": one.start for one in coaches if one.start}
    points = {
        key: _at(place) for key, place in [*depots.items(), *stops.items(), *((key, where[key]) for key in plants)]
    }
    names |= {key: place.name for key, place in depots.items()}
    problem = RouteProblem(
        depots=tuple(Depot(key, _at(place)) for key, place in depots.items()),
        stops=tuple(Stop(key, _at(place), opens=leaves, service_seconds=rules.stop_minutes * 60) for key, place in stops.items()),
        plants=tuple(Plant(key, _at(where[key]), closes=arrives) for key in plants),
        vehicles=tuple(_vehicle(one, leaves, arrives) for one in coaches),
        groups=tuple(
            Group(key, key.split(" ")[0], key.split(" ")[1], len(people), may_split=True)
            for key, people in waiting.items()
        ),
        travel=roads(ways, names, points) if ways else None,
        breaks=Breaks(rules.driving_without_break_minutes * 60, rules.break_minutes * 60),
    )  # fmt: skip
    return Asked(
        problem,
        dict(waiting),
        {str(one.pk): one for one in coaches},
        stops,
        {key: site.pk for key, site in plants.items()},
    )


def plan(
    *, day: dt.date, leaves: int, arrives: int, now: int, actor: UUID | None, seconds: float = SECONDS,
    ways: Known | None = None, progress: Progress | None = None,
) -> Planned:  # fmt: skip
    """Plan a day anew: drafts that nobody locked are dissolved, and their people planned again with the others.

    While the plan is looked for, no row is locked; where somebody changes the day meanwhile, it is not used. Raises PlanError;
    then everything is as it was before.
    """
    before = asked(day=day, leaves=leaves, arrives=arrives, ways=ways)
    found = solved(before.problem, seconds=seconds, progress=progress)
    with transaction.atomic():
        _dissolve(day, now, actor)
        if not _same(before, asked(day=day, leaves=leaves, arrives=arrives, ways=ways)):
            raise PlanError("plan.changed")
        driven = [one for one in found.trips if one.people]
        made = [_trip(before, one, day, number, now, actor) for number, one in enumerate(driven, start=1)]
    behind = defaultdict[str, int](int)
    for left in found.unserved:
        behind[left.why] += left.people
    cost = round(routes_check.cost(before.problem, found) / _FEN)
    return Planned(tuple(one.pk for one in made), found.people, cost, dict(behind))


def _same(before: Asked, after: Asked) -> bool:
    """Whether the same people ask for the same, and the same vehicles are free."""
    wanted = [{key: sorted(people) for key, people in one.waiting.items()} for one in (before, after)]
    return wanted[0] == wanted[1] and before.problem.vehicles == after.problem.vehicles


def planned_on(day: dt.date) -> QuerySet[Trip]:
    """The drafts of a day that planning made and would plan anew."""
    start, end = local.start_of_day(day), local.start_of_day(local.day_after(day))
    drafts = Trip.objects.filter(state=Trip.DRAFT, locked=False, by_planning=True)
    return drafts.filter(departs__gte=start, departs__lt=end).order_by("code")


def _dissolve(day: dt.date, now: int, actor: UUID | None) -> None:
    """Drafts of the day that nobody locked: their people ask again, and the trips are cancelled."""
    for one in list(planned_on(day)):
        found = trips.locked(one.pk)
        trips.leave(
            found,
            list(found.bookings.filter(state=Booking.BOOKED)),
            Booking.CANCELLED,
            "planned anew",
            now=now,
            actor=actor,
        )
        found.state = Trip.CANCELLED
        found.save(update_fields=["state"])


def _rows(day: dt.date) -> QuerySet[SeatRequest]:
    """What is asked for on a day: what is open, and what only drafts have that are planned anew."""
    drafts = Q(state=SeatRequest.PLANNED, trip__in=planned_on(day).values("pk"))
    return SeatRequest.objects.filter(Q(state=SeatRequest.OPEN) | drafts, day=day)


def _free(day: dt.date, leaves: int, arrives: int) -> list[Coach]:
    """The vehicles that have a starting place and are on no other trip at that time."""
    busy = (
        Trip.objects.filter(departs__lt=arrives, arrives__gt=leaves)
        .exclude(state__in=[Trip.CANCELLED, Trip.ARRIVED])
        .exclude(pk__in=planned_on(day).values("pk"))
        .values("vehicle")
    )
    free = Coach.objects.filter(in_use=True, start__isnull=False, start__latitude__isnull=False).exclude(plate__in=busy)
    return list(free.select_related("start").order_by("plate"))


def _at(place: Place) -> tuple[float, float]:
    assert place.latitude is not None
    assert place.longitude is not None
    return place.latitude, place.longitude


def _vehicle(one: Coach, leaves: int, arrives: int) -> Vehicle:
    rules = clearance.operations(leaves).vehicles
    room = practice.room(mode=BUS, rated=one.rated_seats, rows=one.rows, columns=one.columns, at=leaves)
    limit = rules.driving_a_day_minutes * 60 * one.drivers if rules.driving_a_day_minutes else None
    return Vehicle(
        str(one.pk), room.places, f"start {one.start_id}", fixed_cost=one.fixed_fen * _FEN,
        per_metre=one.fen_per_km * _FEN // 1000, driving_seconds=limit, shift_start=leaves, shift_end=arrives,
    )  # fmt: skip


def _trip(before: Asked, one: Routed, day: dt.date, number: int, now: int, actor: UUID | None) -> Trip:
    """A draft of a planned trip, with its stops, its people and its cost."""
    coach, places = before.vehicles[one.vehicle], before.places
    first = places[one.visits[0].stop]
    try:
        made = trips.open_trip(
            code=_code(day, number), mode=BUS, origin_division=first.division, site=before.sites[one.plant],
            departs=one.departs, arrives=one.arrives, vehicle=coach.plate, carrier=coach.carrier,
            layout=Layout(coach.rated_seats, coach.rows, coach.columns, coach.sealed),
            stops=[trips.Stop(places[visit.stop].name, visit.arrives, places[visit.stop].pk) for visit in one.visits],
            cost_fen=round(one.cost / _FEN), now=now, actor=actor,
        )  # fmt: skip
        Trip.objects.filter(pk=made.pk).update(by_planning=True)
        stops = {stop.place_id: stop.pk for stop in made.stops.all()}
        for visit in one.visits:
            people = [
                worker for boards in visit.boards for worker in _next(before.waiting[boards.group], boards.people)
            ]
            trips.book(trip=made.pk, workers=people, stop=stops[places[visit.stop].pk], now=now, actor=actor)
    except (IntegrityError, TripError) as error:
        raise PlanError("plan.changed") from error
    return made


def _next(waiting: list[UUID], number: int) -> Sequence[UUID]:
    """The next so many of those who wait, in the order in which they asked."""
    taken, waiting[:number] = waiting[:number], []
    return taken


def _code(day: dt.date, number: int) -> str:
    """A number that no trip has: the day, and how many trips it has."""
    known = set(Trip.objects.filter(code__startswith=f"{day:%m%d}-").values_list("code", flat=True))
    while (code := f"{day:%m%d}-{number:02d}") in known:
        number += 1
    return code


@transaction.atomic
def add_vehicle(
    *, plate: str, rated_seats: int, rows: int, columns: int, start: UUID | None, sealed: bool = True, carrier: str = "",
    drivers: int = 2, fixed_fen: int = 0, fen_per_km: int = 0,
) -> Coach:  # fmt: skip
    """A vehicle that planning may use, with its costs in fen. Raises PlanError."""
    if start is not None and not Place.objects.filter(pk=start, latitude__isnull=False).exists():
        raise PlanError("vehicle.start", field="start")
    name = plate.strip()
    if Coach.objects.filter(plate=name).exists():
        raise PlanError("vehicle.taken", field="plate", plate=name)
    try:
        with transaction.atomic():
            return Coach.objects.create(
                plate=name, carrier=carrier.strip(), rated_seats=rated_seats, rows=rows, columns=columns, sealed=sealed,
                drivers=drivers, fixed_fen=fixed_fen, fen_per_km=fen_per_km, start_id=start,
            )  # fmt: skip
    except IntegrityError as error:
        if "plate" in str(error):
            raise PlanError("vehicle.taken", field="plate", plate=name) from None
        raise PlanError("vehicle.wrong", field="rated_seats") from None
