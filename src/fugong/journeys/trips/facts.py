"""What of a plan others must know of, as facts: a seat is promised ahead of time, and taken back when that changes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from fugong.base.ids import uuid7
from fugong.journeys.models import Booking, Trip
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact

SOURCE = "journeys"
CHANGED, TAKEN_OFF, CANCELLED, NO_SHOW = "trip changed", "taken off the trip", "trip cancelled", "did not come"
"""Why a promised seat is taken back (``ledger.wording.REASONS``)."""


def evidence_of(trip: Trip) -> str:
    """On what facts of a trip rest: its own papers."""
    return f"trip:{trip.code}"


def promise(*, trip: Trip, bookings: Iterable[Booking], reason: str, now: int, actor: UUID | None) -> None:
    """Tell the ledger what seats these people have by now: new ones, changed ones, and those that they have no more.

    Of a draft nothing is told. The caller holds the trip's lock.
    """
    told = trip.state != Trip.DRAFT
    shown = list(bookings)
    stored = Fact.objects.in_bulk([one.fact for one in shown if one.fact])
    facts, changed = [], []
    for booking in shown:
        wanted = _wanted(trip, booking) if told and booking.state in Booking.SEATED else None
        before = stored.get(booking.fact) if booking.fact else None
        fact = _told(booking, before, wanted, reason)
        if fact is not None:
            facts.append(fact)
            booking.fact = None if fact.withdrawn else fact.id
            changed.append(booking)
    Booking.objects.bulk_update(changed, ["fact"])
    ledger.append(facts=facts, source=SOURCE, now=now, actor=actor, evidence=evidence_of(trip))


def _wanted(trip: Trip, booking: Booking) -> NewFact:
    values = {"trip": trip.code, "seat": booking.seat, "from_division": trip.origin_division, "site": str(trip.site_id)}
    return NewFact(booking.worker_id, "booking", trip.departs, values, end=trip.arrives, id=uuid7())


def _told(booking: Booking, before: Fact | None, wanted: NewFact | None, reason: str) -> NewFact | None:
    """The fact that makes the ledger say what is wanted; None where it says so already."""
    if before is None:
        return wanted
    if wanted is None:
        return NewFact(
            before.subject_id, before.kind, before.start, before.values, end=before.end, id=uuid7(),
            supersedes=before.pk, withdrawn=True, reason=reason,
        )  # fmt: skip
    if (before.start, before.end, before.values) == (wanted.start, wanted.end, wanted.values):
        return None
    return NewFact(
        wanted.subject, wanted.kind, wanted.start, wanted.values, end=wanted.end, id=wanted.id, supersedes=before.pk,
        reason=reason,
    )  # fmt: skip


def crew_facts(trip: Trip) -> list[Fact]:
    """Who drives a trip or looks after its passengers, as the ledger says it by now."""
    return list(standing().filter(kind="crew", values__trip=trip.code).order_by("recorded_at", "id"))


def crew_follows(*, trip: Trip, reason: str, now: int, actor: UUID | None) -> None:
    """The crew is there as long as the trip: from its departure to its arrival; of a cancelled trip nobody is."""
    facts = []
    for one in crew_facts(trip):
        gone = trip.state == Trip.CANCELLED
        start, end = (one.start, one.end) if gone else (trip.departs, trip.arrives)
        if gone or (one.start, one.end) != (start, end):
            facts.append(
                NewFact(
                    one.subject_id, "crew", start, one.values, end=end, id=uuid7(), supersedes=one.pk, withdrawn=gone,
                    reason=reason,
                )
            )  # fmt: skip
    ledger.append(facts=facts, source=SOURCE, now=now, actor=actor, evidence=evidence_of(trip))
