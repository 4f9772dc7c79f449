"""Who drives a trip and who looks after its passengers, where they stand on a roster: told as facts, so that tracing finds them.

What a crew does with the app or the page (boarding, head counts) is in ``crew``; its logins need not be on any roster.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fugong.base.access import looked_at
from fugong.base.ids import uuid7
from fugong.journeys.models import Booking, Trip
from fugong.journeys.trips import facts, services
from fugong.journeys.trips.errors import TripError
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.registry.models import Worker

DUTIES = ("driver", "attendant")


@transaction.atomic
def name(*, trip: UUID, worker: UUID, duty: str, now: int, actor: UUID | None) -> None:
    """Somebody is of a trip's crew, from its departure to its arrival; said twice, it is told once. Raises TripError."""
    found = services.locked(trip)
    people = services.require_people([worker])
    if found.state == Trip.CANCELLED:
        raise TripError("trip.cancelled", trip=found.code)
    if duty not in DUTIES:
        raise TripError("staff.duty", field="duty")
    aboard = found.bookings.filter(worker=worker).exclude(state__in=[Booking.CANCELLED, Booking.NO_SHOW])
    if aboard.exists():
        raise TripError("staff.passenger", field="worker", name=people[worker], trip=found.code)
    there = standing().filter(kind="crew", subject_id=worker, start__lt=found.arrives, end__gt=found.departs)
    for one in there:
        if one.values["trip"] == found.code:
            return
        raise TripError("staff.other_trip", field="worker", name=people[worker], other=one.values["trip"])
    said = {"trip": found.code, "duty": duty}
    fact = NewFact(worker, "crew", found.departs, said, end=found.arrives, id=uuid7())
    ledger.append(facts=[fact], source=facts.SOURCE, now=now, actor=actor, evidence=facts.evidence_of(found))


@transaction.atomic
def dismiss(*, trip: UUID, worker: UUID, now: int, actor: UUID | None) -> None:
    """Somebody was no crew of a trip after all; the ledger keeps both. Raises TripError for whom the trip doesn't name."""
    found = services.locked(trip)
    people = services.require_people([worker])
    told = [one for one in facts.crew_facts(found) if one.subject_id == worker]
    if not told:
        raise TripError("staff.not_named", field="worker", name=people[worker], trip=found.code)
    gone = [
        NewFact(
            one.subject_id, "crew", one.start, one.values, end=one.end, id=uuid7(), supersedes=one.pk, withdrawn=True,
            reason=facts.CHANGED,
        )
        for one in told
    ]  # fmt: skip
    ledger.append(facts=gone, source=facts.SOURCE, now=now, actor=actor, evidence=facts.evidence_of(found))


def of_trip(trip: Trip) -> list[tuple[Fact, Worker]]:
    """The crew of a trip, with their names; whose they are is noted for the audit."""
    told = facts.crew_facts(trip)
    ids = [one.subject_id for one in told]
    looked_at(ids)
    people = Worker.objects.in_bulk(ids)
    return [(one, people[one.subject_id]) for one in told if one.subject_id in people]
