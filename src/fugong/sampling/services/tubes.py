"""Tubes at a sampling site: opened by barcode, filled by scans, closed, or spoiled."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.sampling import barcodes
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Appointment, Order, Tube, TubeMember
from fugong.sampling.rules import pool_sizes, single_only
from fugong.sampling.services import orders
from fugong.sampling.services.orders import Wanted
from fugong.sampling.services.slots import require_site


@transaction.atomic
def open_tube(
    *, barcode: str, size: int, site: UUID, now: int, actor: UUID | None, laboratory: str = "", method: str = "nucleic_acid"
) -> Tube:  # fmt: skip
    """A tube for one person (``size`` 1) or a pool of at most so many. Raises SamplingError."""
    require_site(site, now)
    code = barcodes.read(barcode)
    allowed = pool_sizes(now)
    if size != 1 and size not in allowed:
        said = ", ".join(map(str, [1, *allowed]))
        raise SamplingError("tube.size", field="size", size=size, allowed=said)
    made = Tube(
        barcode=code, kind=Tube.SINGLE if size == 1 else Tube.POOL, size=size, site_id=site, opened_at=now,
        opened_by_id=actor, laboratory=laboratory, method=method,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise SamplingError("tube.barcode_taken", field="barcode", barcode=code) from None
    return made


@transaction.atomic
def add(*, tube: UUID, workers: Sequence[UUID], now: int, actor: UUID | None) -> list[TubeMember]:
    """Swabs of these people go into a tube, in their order; who has no order gets one, for they came. Raises SamplingError.

    Nobody goes into a pool who must not, by the order or by the pack in force.
    """
    held = _open(tube)
    there = list(TubeMember.objects.filter(tube=held).values_list("worker_id", "place"))
    if {worker for worker, _place in there} & set(workers) or len(set(workers)) < len(workers):
        raise SamplingError("tube.twice", field="worker", barcode=held.barcode)
    if len(there) + len(workers) > held.size:
        raise SamplingError("tube.full", field="worker", barcode=held.barcode, number=len(there))
    under_way = _orders(workers, now, actor)
    if held.kind == Tube.POOL and (any(one.single for one in under_way.values()) or single_only(workers, now)):
        raise SamplingError("tube.single_only", field="worker")
    free = iter(sorted(set(range(held.size)) - {place for _worker, place in there}))
    made = [
        TubeMember(tube=held, size=held.size, place=next(free), worker_id=worker, order=under_way[worker], at=now)
        for worker in workers
    ]
    TubeMember.objects.bulk_create(made)
    Order.objects.filter(pk__in=[one.pk for one in under_way.values()]).update(state=Order.SAMPLED, changed_at=now)
    return made


def _open(tube: UUID) -> Tube:
    """A tube that is being filled, locked. Raises SamplingError."""
    held = Tube.objects.select_for_update(no_key=True).get(pk=tube)
    if held.state != Tube.OPEN:
        raise SamplingError("tube.not_open", barcode=held.barcode)
    return held


def _orders(workers: Sequence[UUID], now: int, actor: UUID | None) -> dict[UUID, Order]:
    """Each one's order, locked; of those who came without one, a new one. Raises SamplingError."""
    orders.order(wanted=[Wanted(one, Order.ASKED) for one in workers], now=now, actor=actor)
    found = Order.objects.select_for_update(no_key=True).filter(worker__in=workers, state__in=Order.UNDER_WAY)
    under_way = {one.worker_id: one for one in found.order_by("pk")}
    for one in under_way.values():
        if one.state == Order.SAMPLED:
            raise orders.sampled(one)
    return under_way


@transaction.atomic
def take_out(*, tube: UUID, worker: UUID, now: int) -> None:
    """Somebody was added by mistake, and the tube is still open: their order is as it was. Raises SamplingError."""
    held = _open(tube)
    member = TubeMember.objects.filter(tube=held, worker=worker).first()
    if member is None:
        return
    member.delete()
    _reopen([member.order_id], now)


def _reopen(orders_: Sequence[UUID], now: int) -> None:
    """Orders whose swab counts for nothing: as they were before it; who came without one is not ordered any more."""
    booked = Appointment.objects.filter(order__in=orders_).values("order")
    open_again = Order.objects.filter(pk__in=orders_)
    open_again.filter(pk__in=booked).update(state=Order.BOOKED, changed_at=now)
    open_again.exclude(pk__in=booked).update(state=Order.OPEN, changed_at=now)


@transaction.atomic
def close(*, tube: UUID, now: int, at: int | None = None) -> Tube:
    """The last swab is in: from now on it waits for the laboratory. Raises SamplingError."""
    held = _open(tube)
    if not TubeMember.objects.filter(tube=held).exists():
        raise SamplingError("tube.empty", barcode=held.barcode)
    held.state, held.sampled_at = Tube.CLOSED, now if at is None else at
    held.save(update_fields=["state", "sampled_at"])
    return held


@transaction.atomic
def sample(
    *, barcode: str, workers: Sequence[UUID], size: int, site: UUID, now: int, actor: UUID | None, laboratory: str = ""
) -> Tube:  # fmt: skip
    """Open a tube, put these people's swabs in, and close it: what a single tube is, and what a list of tubes says."""
    made = open_tube(barcode=barcode, size=size, site=site, now=now, actor=actor, laboratory=laboratory)
    add(tube=made.pk, workers=workers, now=now, actor=actor)
    return close(tube=made.pk, now=now)


@transaction.atomic
def spoil(*, tube: UUID, reason: str, now: int) -> Tube:
    """The tube broke, leaked, or was lost: it never has a result, and its people's orders are open again, urgent.

    Raises SamplingError.
    """
    held = Tube.objects.select_for_update(no_key=True).get(pk=tube)
    if held.state == Tube.RESULTED:
        raise SamplingError("tube.has_result", barcode=held.barcode)
    if not reason.strip():
        raise SamplingError("tube.no_reason", field="reason")
    members = TubeMember.objects.filter(tube=held, void=False)
    again = list(members.values_list("order_id", flat=True))
    members.update(void=True)
    Appointment.objects.filter(order__in=again).delete()
    Order.objects.filter(pk__in=again).update(state=Order.OPEN, urgent=True, changed_at=now)
    held.state, held.reason = Tube.SPOILED, reason.strip()[:200]
    held.save(update_fields=["state", "reason"])
    return held
