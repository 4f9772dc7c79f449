"""Appointments: a place in a slot for an order. Nothing is locked but the order: the database gives each place once.

Whoever books sees the places that are taken, and not by whom (``walls``). Two who want the same one: the second waits until
the first is done, and looks again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from fugong.base import local
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Appointment, Order, SlotOffer
from fugong.sampling.services.orders import changeable

_INSERT = (
    "INSERT INTO sampling_appointment (order_id, worker_id, slot_id, places, place, booked_at) "
    "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (slot_id, place) DO NOTHING"
)


@transaction.atomic
def book(*, order: UUID, slot: UUID, now: int) -> Appointment:
    """Give an order a place in a slot; it moves there from another one. Raises SamplingError when there is none free."""
    found, there = changeable(order), SlotOffer.objects.filter(pk=slot).first()
    _require_fits(found, there, now)
    assert there is not None
    held = Appointment.objects.filter(order=found).first()
    if held is not None and held.slot_id == slot:
        return held
    if held is not None:
        held.delete()
    _take_a_place(found, there, now)
    Order.objects.filter(pk=found.pk).update(state=Order.BOOKED, changed_at=now)
    return Appointment.objects.get(order=found)


def _take_a_place(order: Order, slot: SlotOffer, now: int) -> None:
    while True:
        taken = places_taken([slot.pk]).get(slot.pk, frozenset())
        place = next((one for one in range(slot.places) if one not in taken), None)
        if place is None:
            raise SamplingError("slot.full", field="slot", start=f"{local.to_datetime(slot.start):%m-%d %H:%M}")
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_INSERT, [order.pk, order.worker_id, slot.pk, slot.places, place, now])
                if cursor.rowcount:
                    return
        except IntegrityError:  # it was taken back, or has other places now
            found = SlotOffer.objects.filter(pk=slot.pk).first()
            if found is None:
                raise SamplingError("slot.gone", field="slot") from None
            slot = found


def places_taken(slots: Iterable[UUID]) -> dict[UUID, frozenset[int]]:
    """Which places of these slots are taken; of whom isn't told."""
    found: dict[UUID, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT slot, place FROM sampling_taken(%s)", [list(slots)])
        for slot, place in cursor.fetchall():
            found.setdefault(slot, set()).add(place)
    return {slot: frozenset(places) for slot, places in found.items()}


@transaction.atomic
def give_up(*, order: UUID, now: int) -> None:
    """The order stays, without an appointment. Raises SamplingError."""
    found = changeable(order)
    Appointment.objects.filter(order=found).delete()
    Order.objects.filter(pk=found.pk).update(state=Order.OPEN, changed_at=now)


@transaction.atomic
def book_many(*, plan: Mapping[UUID, UUID], now: int) -> int:
    """Give many orders their slots at once (order → slot); all or none. Returns how many.

    Raises SamplingError when orders or slots have changed since the plan was made.
    """
    orders = {
        one.pk: one
        for one in Order.objects.select_for_update().filter(pk__in=plan, state__in=(Order.OPEN, Order.BOOKED)).order_by("pk")
    }  # fmt: skip
    slots = SlotOffer.objects.in_bulk(set(plan.values()))
    if len(orders) < len(plan) or len(slots) < len(set(plan.values())):
        raise SamplingError("plan.old")
    Appointment.objects.filter(order__in=orders).delete()
    taken = places_taken(slots)
    free = {
        pk: iter([n for n in range(slot.places) if n not in taken.get(pk, frozenset())]) for pk, slot in slots.items()
    }
    rows = []
    for order, slot in plan.items():
        _require_fits(orders[order], slots[slot], now)
        place = next(free[slot], None)
        if place is None:
            raise SamplingError("plan.old")
        rows.append(
            Appointment(
                order_id=order, worker_id=orders[order].worker_id, slot_id=slot, places=slots[slot].places, place=place,
                booked_at=now,
            )
        )  # fmt: skip
    try:
        with transaction.atomic():
            Appointment.objects.bulk_create(sorted(rows, key=lambda one: (one.slot_id, one.place)))
    except IntegrityError:
        raise SamplingError("plan.old") from None
    Order.objects.filter(pk__in=orders).update(state=Order.BOOKED, changed_at=now)
    return len(rows)


def _require_fits(order: Order, slot: SlotOffer | None, now: int) -> None:
    if slot is None:
        raise SamplingError("slot.gone", field="slot")
    if slot.end <= now:
        raise SamplingError("slot.past", field="slot")
    if slot.end <= order.not_before:
        raise SamplingError("slot.too_early", field="slot", moment=_words(order.not_before))
    if order.deadline is not None and slot.end > order.deadline:
        raise SamplingError("slot.too_late", field="slot", moment=_words(order.deadline))


def _words(moment: int) -> str:
    return f"{local.to_datetime(moment):%Y-%m-%d %H:%M}"
