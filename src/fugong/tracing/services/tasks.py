"""What a case was in and has to be disinfected: listed from facts or by hand, then done with its figures, or not needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from fugong.base.ids import uuid7
from fugong.clearance import disinfection
from fugong.core.protocol.operations import Disinfected, Disinfection
from fugong.ledger import services as ledger
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.registry.models import Door, Site
from fugong.tracing.errors import TracingError
from fugong.tracing.models import Case, CleaningTask
from fugong.tracing.rules import ONE_TRIP, Known, Sought
from fugong.tracing.services.locks import locked

SOURCE = "tracing"
LIMITS: dict[str, Disinfected] = {
    CleaningTask.VEHICLE: "vehicle_with_case",
    CleaningTask.ROOM: "room",
    CleaningTask.WORKSHOP: "surface",
    CleaningTask.CANTEEN: "surface",
}
"""By which of the pack's limits each is disinfected."""
_Place = tuple[str, str, str, str]
"""What, the site's id, where in words, the trip."""


def list_places(*, case: Case, sought: Sought, facts: Iterable[Known], now: int) -> int:
    """List where the case was, as far as facts say it and it isn't listed yet; returns how many are new.

    The caller holds the case's lock.
    """
    own = sorted((one for one in facts if one.subject == sought.worker), key=lambda one: -one.start)
    places = set(_places(own, sought))
    there = set(case.tasks.values_list("what", "site_id", "place"))
    sites = set(
        Site.objects.filter(pk__in={site for _what, site, _place, _trip in places}).values_list("pk", flat=True)
    )
    new = [
        CleaningTask(
            case=case,
            what=what,
            site_id=UUID(site),
            place=place[:200],
            trip=trip[:64],
            made_at=now,
            not_before=case.until,
        )
        for what, site, place, trip in sorted(places)
        if UUID(site) in sites and (what, UUID(site), place[:200]) not in there
    ]
    CleaningTask.objects.bulk_create(new)
    return len(new)


def _places(own: Sequence[Known], sought: Sought) -> Iterator[_Place]:
    for fact in own:
        if not sought.touches(fact) and fact.kind not in ("boarding", "crew", "arrival"):
            continue
        site = fact.text("site")
        if fact.kind == "dormitory" and site and fact.text("room"):
            where = " ".join(filter(None, (fact.text("name"), fact.text("room"))))
            yield CleaningTask.ROOM, site, where, ""
        elif fact.kind == "canteen_seat" and site:
            yield CleaningTask.CANTEEN, site, fact.text("table"), ""
    yield from _vehicles(own, sought)
    yield from _workshops(own, sought)


def _vehicles(own: Sequence[Known], sought: Sought) -> Iterator[_Place]:
    """A vehicle is disinfected where it went: by the arrival, or, before that, by the booking."""
    for fact in own:
        trip = fact.text("trip")
        if fact.kind not in ("boarding", "crew") or fact.start < sought.first:
            continue
        site = next((one.text("site") for one in own if one.kind == "arrival" and one.text("trip") == trip), "")
        near = Q(start__gt=fact.start - ONE_TRIP, start__lt=fact.start + ONE_TRIP)  # of a driver: that of a passenger
        seats = standing().filter(Q(subject_id=sought.worker) | near, kind="booking", values__trip=trip)
        booked = seats.order_by("-start").first()
        site = site or str((booked.values if booked else {}).get("site") or "")
        if site:
            yield CleaningTask.VEHICLE, site, trip, trip


def _workshops(own: Sequence[Known], sought: Sought) -> Iterator[_Place]:
    """The workshop, at the site whose door they passed; of the employer's only site where no door saw them."""
    passed = [one.text("door") for one in own if one.kind == "door_check" and sought.touches(one)]
    through = dict(Door.objects.filter(pk__in=_ids(passed)).values_list("site_id", "site__enterprise_id"))
    for fact in own:
        if fact.kind != "employment" or not fact.text("workshop") or not sought.touches(fact):
            continue
        sites = [site for site, enterprise in through.items() if str(enterprise) == fact.text("employer")]
        if not passed:
            every = list(Site.objects.filter(enterprise=UUID(fact.text("employer"))).values_list("pk", flat=True)[:2])
            sites = every if len(every) == 1 else []
        for site in sites:
            yield CleaningTask.WORKSHOP, str(site), fact.text("workshop"), ""


def _ids(given: Iterable[str]) -> list[UUID]:
    found = []
    for one in given:
        try:
            found.append(UUID(one))
        except ValueError:  # a door from outside may be a name
            continue
    return found


@transaction.atomic
def add(*, case: UUID, what: str, site: UUID, place: str, now: int) -> CleaningTask:
    """A place that no fact speaks of. Raises TracingError for no place, one that is listed, and a closed case."""
    found = locked(case)
    if what not in LIMITS or not place.strip() or not Site.objects.filter(pk=site).exists():
        raise TracingError("tracing.task_place", field="place")
    trip = place.strip()[:64] if what == CleaningTask.VEHICLE else ""
    try:
        with transaction.atomic():
            return CleaningTask.objects.create(
                case=found,
                what=what,
                site_id=site,
                place=place.strip()[:200],
                trip=trip,
                made_at=now,
                not_before=found.until,
            )
    except IntegrityError:
        raise TracingError("tracing.task_there", field="place") from None


def _open(task: UUID) -> CleaningTask:
    found = CleaningTask.objects.select_for_update(no_key=True).get(pk=task)
    if found.state != CleaningTask.OPEN:
        raise TracingError("tracing.task_settled")
    return found


def limits(what: str, at: int) -> Disinfection:
    """What the pack in force asks of a disinfection after a case."""
    return disinfection.limits(LIMITS[what], at)


@transaction.atomic
def done(
    *, task: UUID, agent: str, mg_per_litre: float, minutes: float, by: str, now: int, actor: UUID | None,
    at: int | None = None,
) -> UUID:  # fmt: skip
    """Record that a place was disinfected, and when it was over; returns the ``disinfection`` fact's id.

    Raises TracingError where it was too weak or too short for the pack in force, or lies before the case was found.
    """
    found, moment = _open(task), now if at is None else at
    if not agent.strip():
        raise TracingError("tracing.agent", field="agent")
    if not (mg_per_litre > 0 and minutes > 0):
        raise TracingError("tracing.numbers", field="mg_per_litre")
    if not found.not_before <= moment <= now:
        raise TracingError("tracing.before_the_case", field="at")
    disinfection.require_enough(LIMITS[found.what], moment, mg_per_litre=mg_per_litre, minutes=minutes)
    values: dict[str, Any] = {
        "agent": agent.strip(), "mg_per_litre": mg_per_litre, "minutes": minutes, "by": by.strip(), "trip": found.trip,
        "place": found.place,
    }  # fmt: skip
    fact = NewFact(found.site_id, "disinfection", moment, {k: v for k, v in values.items() if v}, id=uuid7())
    ledger.append(facts=[fact], source=SOURCE, now=now, actor=actor, evidence=f"task:{found.pk}")
    found.agent, found.mg_per_litre, found.minutes, found.done_by = (
        agent.strip()[:64],
        mg_per_litre,
        minutes,
        by.strip()[:64],
    )
    found.state, found.done_at, found.fact_id, found.actor_id = CleaningTask.DONE, moment, fact.id, actor
    found.save(update_fields=["agent", "mg_per_litre", "minutes", "done_by", "state", "done_at", "fact_id", "actor"])
    assert fact.id is not None
    return fact.id


@transaction.atomic
def dismiss(*, task: UUID, reason: str, actor: UUID | None) -> None:
    """This place needs none, and why. Raises TracingError."""
    found = _open(task)
    if not reason.strip():
        raise TracingError("tracing.no_reason", field="reason")
    found.state, found.reason, found.actor_id = CleaningTask.DISMISSED, reason.strip()[:200], actor
    found.save(update_fields=["state", "reason", "actor"])
