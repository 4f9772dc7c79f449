"""A workshop with dormitory and canteen, one of whose people is found positive: what tests of contact tracing begin with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import builders as b
from fugong.base import local
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.registry import services as registry
from fugong.registry.models import Door, Enterprise, Site
from fugong.tracing.models import Case, CaseContact
from fugong.tracing.services import cases

NOW = b.NOW
DAY, HOUR = 86_400, 3_600
MORNING = local.at(b.DAY, "07:30") - DAY
SAMPLED = NOW - 20 * HOUR


@dataclass
class Workshop:
    """``case`` is positive. ``mate`` works in the same workshop (and ``far`` in another), ``roommate`` sleeps in the same
    room and works elsewhere, ``diner`` eats at the same table, ``rider`` came on the same coach and works elsewhere.
    """

    enterprise: Enterprise
    plant: Site
    door: Door
    house: Site
    workers: dict[str, UUID]
    ground: UUID
    doctor: User

    def opened(self, **more: int) -> Case:
        """The case, with its contacts proposed."""
        case = cases.open_case(ground=self.ground, now=NOW, actor=self.doctor.pk, **more)
        cases.propose(case=case.pk, now=NOW)
        return case

    def contact(self, case: Case, who: str) -> CaseContact:
        """The contact's row."""
        return CaseContact.objects.get(case=case, worker=self.workers[who])

    def ids(self, case: Case, *who: str) -> list[UUID]:
        """The ids of contacts, by who they are."""
        return [self.contact(case, one).pk for one in who]


def workshop() -> Workshop:
    """The town at ``NOW``: people passed the door yesterday, and the laboratory has just reported."""
    b.town()
    b.adopt()
    enterprise = b.enterprise()
    plant, door = b.site_with_door(enterprise)
    house = registry.add_site(name="职工宿舍", enterprise=enterprise)
    names = ("case", "far", "roommate", "mate", "diner", "rider")
    people = dict(zip(names, b.workers(enterprise, 6), strict=True))  # workshops 1, 2, 3, 1, 2, 3
    ground = b.sampled(people["case"], SAMPLED, NOW, result="positive")
    facts = [
        *(_passes(one, door, MORNING + n * 600) for n, one in enumerate(people.values())),
        *(_state(people[who], "dormitory", house, name="A 栋", room=room)
          for who, room in (("case", "301"), ("roommate", "301"), ("far", "302"))),
        *(_state(people[who], "canteen_seat", plant, table=table) for who, table in (("case", "12"), ("diner", "12"))),
        *(NewFact(people[who], "boarding", MORNING - DAY, {"trip": "闽A12345", "seat": seat, "sealed": False}, id=uuid7())
          for who, seat in (("case", "3A"), ("rider", "5B"), ("far", "9A"))),
        NewFact(
            people["case"], "arrival", MORNING - DAY + HOUR,
            {"mode": "bus", "trip": "闽A12345", "from_division": "420100", "site": str(plant.pk)}, id=uuid7(),
        ),
    ]  # fmt: skip
    ledger.append(facts=facts, source="page", evidence="a paper", now=NOW)
    return Workshop(enterprise, plant, door, house, people, ground, b.user("town_administrator"))


def _state(worker: UUID, kind: str, site: Site, **values: str) -> NewFact:
    return NewFact(worker, kind, b.EARLY, {"site": str(site.pk), **values}, id=uuid7())


def _passes(worker: UUID, door: Door, at: int) -> NewFact:
    values = {"door": str(door.pk), "direction": "in", "outcome": "passed"}
    return NewFact(worker, "door_check", at, values, id=uuid7())


def facts_of(kind: str) -> list[Fact]:
    """The standing facts of a kind."""
    from fugong.ledger.queries import standing

    return list(standing().filter(kind=kind).order_by("start", "pk"))
