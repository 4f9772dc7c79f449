"""A plant, people far away who may come, and a coach to bring them: with twelve rows of four seats, half of which may be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import builders
from fugong.base import local
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.journeys.models import Place, Trip
from fugong.journeys.trips import requests, services
from fugong.journeys.trips.services import Layout, Stop
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry.models import Enterprise, Site

LEPING = "360281"
COACH = Layout(rated=48, rows=12, columns=4)
NOW = builders.NOW
DEPARTS, ARRIVES = NOW + 3600, NOW + 11 * 3600


@dataclass
class Plant:
    """An enterprise with a plant, people who were surveyed away from it, and the logins that bring them."""

    enterprise: Enterprise
    site: Site
    workers: list[UUID]
    dispatcher: User
    names: dict[UUID, str] = field(default_factory=dict)
    place: Place | None = None


def plant(people: int, *, unasked: int = 0) -> Plant:
    """So many people in Leping who may board, as surveyed; nobody has asked the first ``unasked`` of them."""
    builders.town()
    builders.adopt()
    enterprise = builders.enterprise()
    site, _door = builders.site_with_door(enterprise)
    workers = builders.workers(enterprise, people)
    survey(workers[unasked:])
    names = {worker: builders.name(number) for number, worker in enumerate(workers)}
    place = requests.add_place(name="乐平汽车站", division=LEPING, latitude=28.97, longitude=117.12)
    return Plant(enterprise, site, workers, builders.user("dispatcher"), names, place)


def survey(workers: list[UUID], at: int = NOW - 86_400) -> None:
    """Away, well, willing to come; all in one batch."""
    values = {"whereabouts": "away", "test_required": True, "well": True, "origin_division": LEPING}
    facts = [NewFact(worker, "survey", at, values, id=uuid7()) for worker in workers]
    ledger.append(facts=facts, source="survey", evidence="a paper", now=at)


def trip(here: Plant, code: str = "T1", **more: object) -> Trip:
    """A draft from Leping to the plant."""
    given = {
        "mode": "bus", "origin_division": LEPING, "site": here.site.pk, "departs": DEPARTS, "arrives": ARRIVES,
        "layout": COACH, "now": NOW, "actor": here.dispatcher.pk, "vehicle": "闽A12345", "carrier": "长运",
        "stops": (Stop("乐平汽车站", DEPARTS), Stop("德兴", DEPARTS + 3600)), "cost_fen": 860_000, "subsidy_fen": 430_000,
    } | more  # fmt: skip
    return services.open_trip(code=code, **given)  # type: ignore[arg-type]


def released(here: Plant, people: int, code: str = "T1", **more: object) -> Trip:
    """A released trip with the first so many people on it."""
    made = trip(here, code, **more)
    services.book(trip=made.pk, workers=here.workers[:people], now=NOW, actor=here.dispatcher.pk)
    return services.release(trip=made.pk, now=NOW, actor=here.dispatcher.pk)


def hours(number: float) -> int:
    """A moment so many hours after the trip departs."""
    return DEPARTS + int(number * 3600)


def facts_of(kind: str, **more: object) -> int:
    """How many standing facts of a kind there are."""
    from fugong.ledger import queries

    return queries.standing().filter(kind=kind, **more).count()


__all__ = ["ARRIVES", "COACH", "DEPARTS", "LEPING", "NOW", "Layout", "Plant", "facts_of", "hours", "local", "plant",
           "released", "survey", "trip"]  # fmt: skip
