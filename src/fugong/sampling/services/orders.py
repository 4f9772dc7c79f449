"""Ordering tests, and cancelling them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Appointment, Order, Tube, TubeMember


@dataclass(frozen=True, slots=True)
class Wanted:
    """A test that somebody is to have; see `models.Order`."""

    worker: UUID
    why: str
    requirement: str = ""
    single: bool = False
    urgent: bool = False
    not_before: int | None = None
    deadline: int | None = None
    pool: UUID | None = None
    replaces: UUID | None = None


@transaction.atomic
def order(*, wanted: Sequence[Wanted], now: int, actor: UUID | None) -> list[Order]:
    """Order tests; returns the new orders. Whoever has one under way gets no second one (the database sees to it).

    What a pool's result asks for goes into an order that is under way: it becomes urgent and single, and its result puts
    the earlier one right.
    """
    made = [
        Order(
            worker_id=one.worker, why=one.why, requirement=one.requirement, single=one.single, urgent=one.urgent,
            not_before=now if one.not_before is None else one.not_before, deadline=one.deadline, pool_id=one.pool,
            replaces=one.replaces, created_at=now, changed_at=now, actor_id=actor,
        )
        for one in sorted(wanted, key=lambda one: one.worker)
    ]  # fmt: skip
    Order.objects.bulk_create(made, ignore_conflicts=True)
    stored = set(Order.objects.filter(pk__in=[one.pk for one in made]).values_list("pk", flat=True))
    for one in made:
        if one.pk not in stored and one.replaces is not None:
            _take_over(one, now)
    return [one for one in made if one.pk in stored]


def _take_over(one: Order, now: int) -> None:
    known = Order.objects.select_for_update().get(worker=one.worker_id, state__in=Order.UNDER_WAY)
    Order.objects.filter(pk=known.pk).update(
        why=one.why, single=True, urgent=True, pool=one.pool_id, replaces=one.replaces, changed_at=now
    )


@transaction.atomic
def cancel(*, order: UUID, reason: str, now: int) -> Order:
    """The test is not wanted any more; its place in a slot is free again. Raises SamplingError."""
    if not reason.strip():
        raise SamplingError("order.no_reason", field="reason")
    found = changeable(order)
    Appointment.objects.filter(order=found).delete()
    found.state, found.reason, found.changed_at = Order.CANCELLED, reason.strip()[:200], now
    found.save(update_fields=["state", "reason", "changed_at"])
    return found


def changeable(order: UUID) -> Order:
    """An order that nobody has been sampled for yet, locked. Raises SamplingError."""
    found = Order.objects.select_for_update().get(pk=order)
    if found.state == Order.SAMPLED:
        raise sampled(found)
    if found.state not in Order.UNDER_WAY:
        raise SamplingError("order.not_open", state=dict(Order.STATES)[found.state])
    return found


def sampled(found: Order) -> SamplingError:
    """That the swab is taken, and in which tube."""
    barcode = Tube.objects.filter(
        pk__in=TubeMember.objects.filter(order=found, void=False).values("tube")
    ).values_list("barcode", flat=True).first()  # fmt: skip
    return SamplingError("order.sampled", barcode=barcode or "")
