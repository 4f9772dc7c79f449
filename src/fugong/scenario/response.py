"""A positive result, and what follows of it, played through the services: the case, its contacts, their tests and rooms."""

from __future__ import annotations

from uuid import UUID

from fugong.base import local
from fugong.clearance import queries as clearance
from fugong.ledger import services as ledger
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.sampling.models import Order
from fugong.sampling.services import orders
from fugong.sampling.services.orders import Wanted
from fugong.scenario import observation
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, Person, World
from fugong.tracing.models import CaseContact
from fugong.tracing.services import cases, contacts

DELAY = HOUR
"""So long after the report the case is opened."""


def expect(world: World, person: Person, reported: int) -> None:
    """Put on the agenda what follows of somebody's positive result."""
    world.plan(reported + DELAY, lambda now: _respond(world, person, now))


def _respond(world: World, person: Person, now: int) -> None:
    """Hospital for the person; whoever was near is reviewed, tested at once and observed."""
    actor = world.actors["town"]
    ground = standing().get(kind="test", subject=person.id, values__result="positive")
    case = cases.open_case(ground=ground.pk, now=now, actor=actor)
    finding = NewFact(person.id, "diagnosis", now, {"finding": "confirmed"})
    ledger.append(facts=[finding], source="clinic", now=now, actor=actor, evidence=contacts.evidence_of(case.pk))
    person.absences.append((now, world.end))
    cases.propose(case=case.pk, now=now)
    near = dict(CaseContact.objects.filter(case=case).values_list("pk", "worker_id"))
    if not near:
        return
    contacts.write(case=case.pk, contacts=list(near), reason="", now=now, actor=actor)
    soon = now + clearance.operations(now).sampling.follow_up_minutes * 60
    wanted = [Wanted(worker, Order.CONTACT, urgent=True, deadline=soon) for worker in near.values()]
    orders.order(wanted=wanted, now=now, actor=actor)
    _observe(world, set(near.values()), now)


def _observe(world: World, near: set[UUID], now: int) -> None:
    """A room for each contact from the same evening on, as long as the pack in force says."""
    days = clearance.operations(now).observation.days
    begun = now + 2 * HOUR
    released = local.start_of_day(local.day_of(now)) + (days + 1) * DAY + 8 * HOUR
    for person in (one for one in world.people if one.id in near):
        person.observed = begun, released
        observation.stay(world, person)
