"""Surveys and journeys: who was where, who came back, when, how; and who was brought back by bus, plane and train."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fugong.base import local
from fugong.core.time import PLUS_INF
from fugong.journeys.arrival.services import Seen
from fugong.scenario import recipe
from fugong.scenario.people import HUBEI
from fugong.scenario.recipe import Trip
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, MINUTE, Person, World, moment_of

SURVEY, CHECKPOINT, RISK = "survey", "checkpoint", "risk levels"
_SUPPLIES = ("一次性口罩", "一次性口罩", "手套", "消毒液")


def plan(world: World) -> None:
    """Settle for everybody whether, when and how they come back."""
    _book_trips(world)
    parts = world.recipe.workers
    soon = [person for person in world.people if person.story == "returned" and person.arrived is None]
    for person in soon:
        if not person.firm.large and world.rng.random() < parts.returned_below.share_later:
            _comes(world, person, world.moment + 2 * HOUR, world.end - 10 * HOUR)
        else:
            _comes(world, person, world.opening + 10 * DAY, _latest(world, person))
    for person in world.people:
        if person.story == "elsewhere_away" and person.arrived is None:
            if world.rng.random() < parts.elsewhere_away.share_later:
                _comes(world, person, world.moment + 2 * HOUR, world.end - 10 * HOUR)
        elif person.story == "observed":
            from_hubei = (person.who.household or "").startswith(HUBEI)
            last = world.moment - 3 * HOUR if from_hubei else world.moment + 4 * DAY
            _comes(world, person, world.opening + 6 * DAY, last)
    _unnoticed(world)


def _unnoticed(world: World) -> None:
    """Some came back just before the moment, and the town learned of it only afterwards."""
    testing = {person.firm for person in world.people if person.story == "returned" and person.firm.large}
    waiting = [
        person
        for person in world.people
        if person.story == "elsewhere_away" and person.firm in testing and not person.trip and person.left == PLUS_INF
    ]
    for person in world.rng.sample(waiting, world.recipe.workers.arrivals_recorded_late):
        person.arrived = world.moment - world.rng.randrange(3, 30) * HOUR
        person.departed = person.arrived - 11 * HOUR
        person.told_late = world.moment + world.rng.randrange(15, 24) * HOUR


def _latest(world: World, person: Person) -> int:
    """Those to test come early enough for their result to be there by the moment; leavers before they left."""
    return min(world.moment - 66 * HOUR, person.left - 66 * HOUR)


def _comes(world: World, person: Person, first: int, last: int) -> None:
    """By own travel, most likely around the resumption of the enterprise."""
    resumed = person.firm.resumed
    low, high = first, last
    if resumed is not None:
        low, high = max(first, resumed - 8 * DAY), min(last, resumed + 12 * DAY)
    if low >= high:
        low, high = max(first, last - 6 * DAY), last
    person.arrived = world.between(low, high)
    person.departed = person.arrived - world.rng.randrange(6, 31) * HOUR


def _book_trips(world: World) -> None:
    pools = {True: _pool(world, "returned", to_test=True), False: _pool(world, "elsewhere_away")}
    hubei = _pool(world, "hubei_away")
    for trip in world.recipe.trips:
        arrives = moment_of(trip.arrives)
        pool = hubei if trip.origin.startswith(HUBEI) else pools[arrives <= world.moment]
        for group in trip.groups:
            matching = [person for person in pool if group.enterprise in (None, person.firm.row.key)]
            chosen = matching[: group.count]
            assert len(chosen) == group.count, f"{trip.id}: too few people to travel"
            for person in chosen:
                pool.remove(person)
                _boards(person, trip, arrives)


def _pool(world: World, story: str, to_test: bool = False) -> list[Person]:
    people = [
        person for person in world.people
        if person.story == story and person.left == PLUS_INF and not person.on_the_way and (person.firm.large or not to_test)
    ]  # fmt: skip
    return world.rng.sample(people, len(people))


def _boards(person: Person, trip: Trip, arrives: int) -> None:
    person.arrived, person.departed, person.trip, person.mode = arrives, moment_of(trip.leaves), trip.id, trip.mode
    if not trip.origin.startswith(HUBEI):
        person.origin = trip.origin


def tell(world: World) -> None:
    """Surveys, stays and arrivals of everybody, as facts."""
    unsurveyed = {
        person.id
        for person in world.rng.sample(
            [person for person in world.people if person.story == "local" and not person.firm.large],
            world.recipe.workers.never_surveyed,
        )
    }
    for person in world.people:
        if person.id not in unsurveyed:
            _survey(world, person)
        if person.arrived is not None and person.arrived < world.end:
            _arrive(world, person)


def _survey(world: World, person: Person) -> None:
    rng = world.rng
    first = world.between(max(world.opening + 2 * DAY, person.hired), max(world.opening + 11 * DAY, person.hired + DAY))
    if person.arrived is not None:
        first = min(first, person.arrived - 12 * HOUR)
    person.surveyed = first
    if person.story == "local":
        said(world, person, first, "local")
        if rng.random() < 0.2:
            said(world, person, world.between(first + 14 * DAY, first + 26 * DAY), "local")
        return
    said(world, person, first, "away")
    if person.story == "hubei_away":
        _hubei_again(world, person)
    elif person.arrived is None and rng.random() < 0.6:
        said(world, person, world.between(world.opening + 20 * DAY, world.opening + 33 * DAY), "away")
    elif person.arrived is not None and rng.random() < 0.3 and person.departed > first + DAY:
        said(world, person, person.departed - rng.randrange(1, 20) * HOUR, "returning")
    _stay(world, person, first)
    if person.arrived is not None and (person.met or rng.random() < 0.9):
        says = person.arrived + rng.randrange(1, 8 if person.met else 20) * HOUR
        if person.trip:
            person.says_returned = says
        else:
            said(world, person, says, "returned")


def _hubei_again(world: World, person: Person) -> None:
    """Asked again at the end of February; some said in the days after the moment that they would set out."""
    rng = world.rng
    if person.on_the_way:
        said(world, person, world.between(world.moment - 4 * DAY, world.moment - 8 * HOUR), "returning")
    elif rng.random() < 0.7:
        said(world, person, world.between(world.opening + 24 * DAY, world.moment - 20 * HOUR), "away")
    share = world.recipe.workers.hubei_away.coming_later / world.recipe.workers.hubei_away.count
    if person.arrived is None and not person.on_the_way and rng.random() < share:
        said(world, person, world.between(world.moment + 14 * HOUR, world.end - 6 * HOUR), "returning")


def said(world: World, person: Person, at: int, whereabouts: str) -> None:
    """Somebody is asked where they are."""
    if at >= world.end:
        return
    values: dict[str, Any] = {"whereabouts": whereabouts, "test_required": person.test_required, "well": True}
    if person.origin:
        values["origin_division"] = person.origin
    if whereabouts == "away":
        back = person.arrived or at + world.rng.randrange(10, 40) * DAY
        values |= {"intended_on": (local.day_of(back)).isoformat(), "means": person.mode}
    late = person.told_late if whereabouts == "returned" else 0
    fact = world.writer.add(
        "survey", person.id, at, values, source=SURVEY, recorded=max(at, late), actor=world.actors.get("town")
    )
    if whereabouts == "returned":
        person.returned_survey = (fact, at, values)


def _stay(world: World, person: Person, told: int) -> None:
    """Where they were since the festival; those who came back told it on arrival, the others at the first survey."""
    since = local.start_of_day(date(2020, 1, 24) - timedelta(days=world.rng.randrange(2, 16)))
    came = person.arrived is not None
    world.writer.add(
        "stay", person.id, since, {"division": person.origin}, end=person.departed if came else None, source=SURVEY,
        recorded=max(person.arrived or told, person.told_late),
    )  # fmt: skip


def _arrive(world: World, person: Person) -> None:
    """Registered at the checkpoint: the arrival, temperature, identity, masks."""
    assert person.arrived is not None
    rng, at = world.rng, person.arrived

    def write(kind: str, at: int, values: dict[str, Any]) -> None:
        world.writer.add(kind, person.id, at, values, source=CHECKPOINT, recorded=max(at, person.told_late))

    checked = at + rng.randrange(4, 40) * MINUTE
    celsius = round(rng.gauss(36.45, 0.22), 1)
    if celsius >= 37.3:
        celsius = 37.2
    mistaken = rng.random() < 0.006
    again = rng.randrange(25, 150) * MINUTE if mistaken else 0
    items = dict.fromkeys((_SUPPLIES[0], rng.choice(_SUPPLIES)))
    supplies = tuple((item, rng.choice((2, 5, 10))) for item in items)
    if person.trip:  # checked in by the trip's manifest (`trips`)
        person.seen = Seen(person.id, True, celsius, supplies, at=checked)
        return
    values: dict[str, Any] = {"mode": person.mode, "from_division": person.origin}
    if person.firm.plant:
        values["site"] = str(person.firm.plant)
    write("arrival", at, values)
    write("temperature", checked, {"celsius": celsius, "method": "forehead", "place": "arrival"})
    if mistaken:
        write("identity_check", checked, {"matched": False})
    write("identity_check", checked + again + 60, {"matched": True})
    for item, number in supplies:
        write("supplies", checked + again + 120, {"item": item, "number": number})


def risk_levels(world: World) -> None:
    """The dated risk levels of divisions, and the names of all divisions that people come from."""
    from fugong.registry.services import add_division

    known: dict[str, Any] = {}
    counties = [county for place in recipe.places().values() for county in place["counties"].items()]
    for code, name in [*((part.division, part.name) for part in world.recipe.risk), *counties]:
        if code not in known:
            known[code] = add_division(code=code, name=name, subject_id=world.writer.new_id(world.opening)).pk
    for part in world.recipe.risk:
        start = local.start_of_day(part.since)
        values = {"level": part.level, "source": "省级通报（简化）"}
        recorded = max(start, world.opening) + 7 * HOUR
        fact = world.writer.add("risk_level", known[part.division], start, values, source=RISK, recorded=recorded)
        if part.until:
            until = local.start_of_day(part.until)
            world.writer.add(
                "risk_level", known[part.division], start, values, end=until, source=RISK,
                recorded=max(until, recorded) + 8 * HOUR, supersedes=fact, reason="风险等级调整",
            )  # fmt: skip
