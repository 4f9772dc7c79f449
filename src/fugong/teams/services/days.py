"""Visits of a day: which enterprises, and in what order, by a route that the checker agrees with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import get_language

from fugong.base import local
from fugong.clearance.queries import operations
from fugong.core.planning import routes_check
from fugong.core.planning.routes import YUAN, Depot, Group, Plant, RouteProblem, Stop, Trip, Vehicle
from fugong.core.planning.travel import GreatCircle
from fugong.core.text import CoreError
from fugong.engines import routes as engine
from fugong.teams.errors import TeamError
from fugong.teams.models import Area, ServiceTeam, Spot, Visit
from fugong.teams.services.people import locked_enterprises

SECONDS = 2.0
"""So long a route is looked for: a day has a dozen visits."""
DRIVING = 30.0
"""Kilometres an hour within a town: our own reading; a coach's speed on motorways is no measure here."""


@transaction.atomic
def plan_visits(
    *, team: ServiceTeam, enterprises: Sequence[UUID], day: date, now: int, actor: UUID | None
) -> list[Visit]:  # fmt: skip
    """Visits of a team on a day, behind those that are planned already. Raises TeamError; then none is planned."""
    firms = locked_enterprises(enterprises, team=team.pk)
    start = local.start_of_day(day)
    planned = Visit.objects.filter(enterprise__in=firms, day=start, state=Visit.PLANNED, unplanned=False)
    taken = planned.values_list("enterprise_id", flat=True).first()
    if taken is not None:
        raise TeamError("sheet.twice", enterprise=firms[taken].name)
    for key in enterprises:
        if firms[key].patch_id != team.patch_id:
            raise TeamError("team.other_patch", enterprise=firms[key].name, team=team.name)
    last = last_place(Visit.objects.filter(team=team, day=start).exclude(state=Visit.DROPPED))
    return Visit.objects.bulk_create(
        Visit(enterprise=firms[key], team=team, day=start, place=number, actor_id=actor, changed_at=now)
        for number, key in enumerate(dict.fromkeys(enterprises), start=last + 1)
    )


def last_place(visits: QuerySet[Visit]) -> int:
    """The last place in a day's order among these visits; 0 where there is none."""
    return int(visits.aggregate(last=Max("place"))["last"] or 0)


@transaction.atomic
def drop(*, visit: UUID, now: int, actor: UUID | None) -> None:
    """A visit isn't made. Raises TeamError."""
    found = Visit.objects.select_for_update(of=("self",)).filter(pk=visit).first()
    if found is None:
        raise TeamError("sheet.unknown")
    if found.state != Visit.PLANNED:
        raise TeamError("sheet.not_planned")
    found.state, found.actor_id, found.changed_at = Visit.DROPPED, actor, now
    found.save(update_fields=["state", "actor", "changed_at"])


@transaction.atomic
def route(*, team: ServiceTeam, day: date, now: int, actor: UUID | None, seconds: float = SECONDS) -> list[Visit]:
    """The planned visits of a team's day in the order of a short way, from the middle of its patch and back, behind those that
    were made already and not before now. Those that would not fit into the day stay behind, in their old order and without a
    time. Raises TeamError.
    """
    start = local.start_of_day(day)
    planned = Visit.objects.filter(team=team, day=start, state=Visit.PLANNED, unplanned=False).order_by("pk")
    asked = list(planned.select_related("enterprise"))
    if not asked:
        raise TeamError("route.nothing", field="day")
    trip = _solved(
        problem(team, asked, day, now), seconds
    )  # nobody waits for it: what is locked was planned meanwhile, too
    visits = list(planned.select_for_update(of=("self",)).select_related("enterprise"))
    arrives = {stop.stop: stop.arrives for stop in trip.visits} if trip else {}
    places = {key: number for number, key in enumerate(arrives, start=1)}
    ordered = sorted(visits, key=lambda one: (places.get(str(one.pk), len(visits) + 1), one.place))
    others = (
        Visit.objects.filter(team=team, day=start).exclude(state=Visit.DROPPED).exclude(pk__in=[v.pk for v in visits])
    )
    for number, visit in enumerate(ordered, start=last_place(others) + 1):
        visit.place, visit.arrives = number, arrives.get(str(visit.pk))
        visit.actor_id, visit.changed_at = actor, now
    Visit.objects.bulk_update(ordered, ["place", "arrives", "actor", "changed_at"])
    return ordered


def problem(team: ServiceTeam, visits: Sequence[Visit], day: date, now: int) -> RouteProblem:
    """A day, or what is left of it now, as a problem of routes: the team's car calls at each enterprise once, and ends where it
    began. Raises TeamError.
    """
    area = Area.objects.filter(patch=team.patch_id).first()
    if area is None:
        raise TeamError("route.no_place")
    spots = {one.enterprise_id: (one.latitude, one.longitude) for one in Spot.objects.filter(
        enterprise__in=[visit.enterprise_id for visit in visits], start__lte=now, end__gt=now)}  # fmt: skip
    numbers = operations(local.start_of_day(day)).visits
    begins, ends = max(local.at(day, numbers.begins), now), local.at(day, numbers.ends)
    if begins + numbers.minutes * 60 > ends:
        raise TeamError("route.over")
    home = (area.latitude, area.longitude)
    stops = [
        Stop(str(one.pk), spots.get(one.enterprise_id, home), begins, ends, numbers.minutes * 60) for one in visits
    ]
    return RouteProblem(
        depots=(Depot("from", home),),
        stops=tuple(stops),
        plants=(Plant("home", home),),
        vehicles=(Vehicle("car", len(visits), "from", per_metre=YUAN // 1_000, shift_start=begins, shift_end=ends),),
        groups=tuple(Group(stop.id, stop.id, "home", 1) for stop in stops),
        travel=GreatCircle(
            {"from": home, "home": home} | {stop.id: stop.place for stop in stops}, kilometres_an_hour=DRIVING
        ),
    )


def _solved(asked: RouteProblem, seconds: float) -> Trip | None:
    try:
        plan = engine.plan(asked, seconds=seconds).plan
    except CoreError as error:
        raise TeamError("route.engine", why=error.text(get_language() or "zh-hans")) from None
    assert plan is not None
    if broken := routes_check.check(asked, plan):
        raise TeamError("route.broken", why=" ".join(one.text(get_language() or "zh-hans") for one in broken[:3]))
    return plan.trips[0] if plan.trips else None
