"""Who sat near somebody who arrived with a fever, by the pack's rule; and the act by which a person makes contacts of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7_from
from fugong.clearance import queries as clearance
from fugong.journeys.arrival.errors import ArrivalError
from fugong.journeys.arrival.services import SOURCE
from fugong.journeys.models import Booking, Trip
from fugong.journeys.trips.facts import crew_facts, evidence_of
from fugong.journeys.trips.services import locked, require_people
from fugong.ledger import acts
from fugong.ledger import services as ledger
from fugong.ledger.acts import Act, Call, Done, Pairs, Waits
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact

NAME = "trip_contacts"
Rule = Literal["everyone", "rows"]
ABOARD = (Booking.BOARDED, Booking.ARRIVED, Booking.EXTRA)


@dataclass(frozen=True, slots=True)
class Near:
    """Who sat near: everyone aboard of a sealed vehicle, or ``rows`` rows before and behind; and the ``crew`` (workers) that the
    trip names, where the pack counts them.
    """

    rule: Rule
    rows: int
    bookings: tuple[Booking, ...]
    crew: tuple[UUID, ...] = ()


def near(trip: Trip, case: Booking, at: int) -> Near:
    """Who of those aboard sat near somebody, by the pack in force at a moment; whoever has no seat counts as near."""
    rule = clearance.operations(at).contacts
    aboard = [
        one for one in trip.bookings.filter(state__in=ABOARD).order_by("seat_row", "seat_column") if one.pk != case.pk
    ]
    crew = tuple(one.subject_id for one in crew_facts(trip)) if rule.crew else ()
    if trip.sealed and rule.sealed_vehicle == "everyone":
        return Near("everyone", 0, tuple(aboard), crew)
    beside = tuple(one for one in aboard if _beside(case, one, rule.rows_either_side))
    return Near("rows", rule.rows_either_side, beside, crew)


def _beside(case: Booking, one: Booking, rows: int) -> bool:
    if case.seat_row is None or one.seat_row is None:  # nobody knows where they sat
        return True
    return abs(case.seat_row - one.seat_row) <= rows


def confirm(*, trip: UUID, case: UUID, contacts: Sequence[UUID], now: int, actor: UUID | None) -> Done | Waits:
    """Make close contacts of these people, who sat near ``case``, as an act: it may have to wait for a second person.

    Its result is how many facts were written. Raises ArrivalError.
    """
    found = Trip.objects.filter(pk=trip).first()
    code = found.code if found else ""
    arguments = {"trip": str(trip), "case": str(case), "contacts": sorted(map(str, contacts))}
    return acts.perform(NAME, arguments, now=now, actor=actor, evidence=f"trip:{code}")


@transaction.atomic
def write(*, trip: UUID, case: UUID, contacts: Sequence[UUID], now: int, actor: UUID | None) -> int:
    """The ``contact`` facts of those who sat near ``case``, from when they got on; who is one already by this is left out.

    Raises ArrivalError for somebody who has no fever on record, and for a contact who did not sit near.
    """
    found = locked(trip)
    if not contacts:
        raise ArrivalError("arrival.no_contacts", field="contacts")
    names = require_people({case, *contacts})
    sick = found.bookings.filter(worker=case).first()
    if sick is None or sick.isolated_at is None:
        raise ArrivalError("arrival.no_fever", name=names[case])
    around = near(found, sick, now)
    rows = {one.worker_id: one for one in around.bookings}
    facts = []
    for worker in contacts:
        if worker not in rows and worker not in around.crew:
            raise ArrivalError("arrival.not_near", field="contacts", name=names[worker])
        left = rows[worker].checked_in_at if worker in rows else None
        last = left or found.arrived_at or now
        values = {"rule": f"seat:{around.rule}", "place": found.code}
        facts.append(NewFact(worker, "contact", last, values, id=uuid7_from(sick.pk, f"contact {worker}")))
    return len(ledger.append(facts=facts, source=SOURCE, now=now, actor=actor, evidence=evidence_of(found)))


def written(case: Booking) -> bool:
    """Whether somebody has confirmed contacts of this case already."""
    aboard = [*case.trip.bookings.filter(state__in=ABOARD).values_list("worker_id", flat=True)]
    aboard += [one.subject_id for one in crew_facts(case.trip)]
    return Fact.objects.filter(pk__in=[uuid7_from(case.pk, f"contact {worker}") for worker in aboard]).exists()


def _run(call: Call) -> int:
    said = call.arguments
    return write(
        trip=UUID(said["trip"]),
        case=UUID(said["case"]),
        contacts=_ids(said["contacts"]),
        now=call.now,
        actor=call.actor,
    )


def _ids(given: Iterable[str]) -> list[UUID]:
    return [UUID(one) for one in given]


def _summary(call: Call) -> dict[str, Any]:
    trip = Trip.objects.filter(pk=call.arguments["trip"]).first()
    return {"trip": trip.code if trip else "", "contacts": len(call.arguments["contacts"])}


def _told(summary: dict[str, Any]) -> Pairs:
    return [(str(_("trip")), summary["trip"]), (str(_("contacts aboard")), f"{summary['contacts']:,}")]


def declare_acts() -> None:
    """Register the act (at start-up, once)."""
    acts.declare_act(Act(NAME, _("close contacts of somebody who arrived with a fever"), _run, _summary, _told))
