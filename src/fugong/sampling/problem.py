"""From orders and slots to a problem for a planner: who is to be tested when, where there is room, who goes together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from fugong.core.planning.slots import Booked, Person, Slot, SlotProblem
from fugong.ledger.queries import holding
from fugong.registry.models import Employment
from fugong.sampling.models import Appointment, Order, SlotOffer
from fugong.sampling.services.booking import places_taken

DAY = 86_400
HORIZON = 7 * DAY
"""So far ahead a schedule looks; whoever has no deadline comes by then."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem with what its names mean."""

    problem: SlotProblem
    orders: dict[str, Order]
    slots: dict[Booked, SlotOffer]


def asked(now: int, *, movable: bool = True) -> Asked:
    """Everybody who was not sampled yet, and the slots of the next week. With ``movable``, appointments may be moved.

    People of one dormitory room go to one slot together, where one has as many places; people of one workshop to one site,
    where that can be.
    """
    offers = list(SlotOffer.objects.filter(start__gte=now, start__lt=now + HORIZON).order_by("start", "site"))
    waiting = list(
        Order.objects.filter(state__in=(Order.OPEN, Order.BOOKED)).select_related("worker").order_by("pk")
    )  # fmt: skip
    held = dict(Appointment.objects.filter(order__in=waiting).values_list("order", "slot"))
    slots = {Booked(str(one.site_id), one.start): one for one in offers}
    at = {one.pk: booked for booked, one in slots.items()}
    taken = places_taken(at)
    own = Counter(slot for slot in held.values() if slot in at)
    open_slots = tuple(
        Slot(booked.site, booked.start, max(one.places - len(taken.get(one.pk, ())) + own[one.pk], 0))
        for booked, one in slots.items()
    )
    length = max((one.minutes for one in offers), default=15) * 60
    rooms = _rooms([one.worker_id for one in waiting], now, max((one.capacity for one in open_slots), default=0))
    shops = _workshops([one.worker_id for one in waiting])
    people = tuple(
        Person(
            str(one.pk), max(one.not_before, now), one.deadline or now + HORIZON, household=rooms.get(one.worker_id),
            cohort=shops.get(one.worker_id), present=at.get(held[one.pk]) if one.pk in held else None, movable=movable,
        )
        for one in waiting
    )  # fmt: skip
    problem = SlotProblem(people, open_slots, slot_seconds=length)
    return Asked(problem, {str(one.pk): one for one in waiting}, slots)


def _rooms(workers: list[UUID], now: int, most: int) -> dict[UUID, str]:
    """Who lives in one room with others that are to be tested, where a slot has room for all of them."""
    rows = holding(now).filter(subject_id__in=workers, kind="dormitory").values_list("subject_id", "values")
    named = {
        worker: f"{values.get('site', '')} {values.get('name', '')} {values['room']}"
        for worker, values in rows if values.get("room")
    }  # fmt: skip
    together = Counter(named.values())
    return {worker: room for worker, room in named.items() if 1 < together[room] <= most}


def _workshops(workers: list[UUID]) -> dict[UUID, str]:
    rows = Employment.objects.filter(worker__in=workers, active=True).order_by("start")
    return {one.worker_id: f"{one.enterprise_id} {one.workshop}" for one in rows}
