"""Tubes at a sampling site: opened by barcode, filled by scans, closed, or spoiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
    _require_size(size, now)
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


def _require_size(size: int, now: int) -> None:
    if size == 1:
        return
    allowed = pool_sizes(now)
    if size not in allowed:
        said = ", ".join(map(str, [1, *allowed]))
        raise SamplingError("tube.size", field="size", size=size, allowed=said)


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


@dataclass(frozen=True, slots=True)
class Sample:
    """A tube as a list of tubes says it: who is in it, for how many it is, and when it was closed."""

    barcode: str
    workers: Sequence[UUID]
    size: int
    at: int
    laboratory: str = ""
    method: str = "nucleic_acid"


@transaction.atomic
def sample(*, samples: Sequence[Sample], site: UUID, now: int, actor: UUID | None) -> list[Tube]:
    """Many tubes at once, each opened, filled and closed: what a list of tubes says; all or none. Raises SamplingError."""
    if not samples:
        return []
    for at in {min(one.at for one in samples), max(one.at for one in samples)}:
        require_site(site, at)
    made = [_tube(one, site, now, actor) for one in samples]
    people = [worker for one in samples for worker in one.workers]
    if len(set(people)) < len(people):
        raise SamplingError("tube.twice", field="worker", barcode=made[0].barcode)
    under_way = _orders(people, now, actor)
    pooled = {worker for one in samples if one.size > 1 for worker in one.workers}
    if any(under_way[worker].single for worker in pooled) or single_only(pooled, now):
        raise SamplingError("tube.single_only", field="worker")
    _require_new(made)
    Tube.objects.bulk_create(made)
    TubeMember.objects.bulk_create(
        TubeMember(tube=tube, size=one.size, place=place, worker_id=worker, order=under_way[worker], at=one.at)
        for tube, one in zip(made, samples, strict=True)
        for place, worker in enumerate(one.workers)
    )
    for tube, one in zip(made, samples, strict=True):
        tube.state, tube.sampled_at = Tube.CLOSED, one.at
    Tube.objects.bulk_update(made, ["state", "sampled_at"], batch_size=500)
    Order.objects.filter(pk__in=[one.pk for one in under_way.values()]).update(state=Order.SAMPLED, changed_at=now)
    return made


def _tube(one: Sample, site: UUID, now: int, actor: UUID | None) -> Tube:
    code = barcodes.read(one.barcode)
    _require_size(one.size, now)
    if not one.workers:
        raise SamplingError("tube.empty", barcode=code)
    if len(one.workers) > one.size:
        raise SamplingError("tube.full", field="worker", barcode=code, number=one.size)
    return Tube(
        barcode=code, kind=Tube.SINGLE if one.size == 1 else Tube.POOL, size=one.size, site_id=site, opened_at=one.at,
        opened_by_id=actor, laboratory=one.laboratory, method=one.method,
    )  # fmt: skip


def _require_new(made: Sequence[Tube]) -> None:
    """No barcode is in use, here or on the list itself. Raises SamplingError."""
    codes = Counter(tube.barcode for tube in made)
    twice = [code for code, count in codes.items() if count > 1]
    twice += Tube.objects.filter(barcode__in=codes).values_list("barcode", flat=True)
    if twice:
        raise SamplingError("tube.barcode_taken", field="barcode", barcode=twice[0])


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
