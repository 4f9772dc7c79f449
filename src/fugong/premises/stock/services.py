"""Stores: what comes in, what is handed out, what is counted: the only writes.

What a worker is handed is a ``supplies`` fact and a movement, in one transaction. On hand is the database's: a movement that
would bring it below zero is refused, however many at once (migration 0002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base import local
from fugong.base.ids import uuid7, uuid7_from
from fugong.ledger import queries as facts
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.premises.dormitories.services import lock_people
from fugong.premises.errors import PremisesError, constraint_of, refused
from fugong.premises.models import Movement, Shortfall, Stock
from fugong.premises.sites import By
from fugong.registry.models import Site

SOURCE = "store"
MOST = 1_000_000
UNDO_SECONDS = 86_400


@transaction.atomic
def add_item(*, site: Site, item: str, unit: str = "", now: int, id: UUID | None = None) -> Stock:
    """Keep stock of an item at a site from now on. Raises PremisesError."""
    called = item.strip()
    if not called or len(called) > 32:
        raise PremisesError("stock.item", field="item")
    with refused("stock.taken", stock_once_a_site=PremisesError("stock.taken", field="item", item=called)):
        return Stock.objects.create(
            id=id or uuid7(), site=site, enterprise_id=site.enterprise_id, item=called, unit=unit.strip()[:8], since=now
        )


@transaction.atomic
def deliver(
    *, stock: UUID, number: int, by: By, words: str = "", at: int | None = None, id: UUID | None = None
) -> None:
    """Something came in. The same ``id`` sent again stores nothing. Raises PremisesError."""
    _require_number(number)
    found = _locked({stock})[stock]  # whoever sends the same again waits here, and then finds it
    there = Movement.objects.filter(pk=id).first() if id else None
    if there is None:
        _move([_movement(found, Movement.DELIVERY, number, by, at, words=words, id=id)])
    elif (there.stock_id, there.kind) != (stock, Movement.DELIVERY):
        raise PremisesError("stock.id_taken", field="id")


@transaction.atomic
def count(*, stock: UUID, counted: int, words: str, by: By) -> int:
    """What was counted on the shelf is what is there: the difference is a movement, which is returned. Raises PremisesError."""
    if not 0 <= counted <= MOST:
        raise PremisesError("stock.number", field="counted")
    if not words.strip():
        raise PremisesError("stock.words", field="words")
    found = Stock.objects.select_for_update(no_key=True, of=("self",)).filter(pk=stock).first()
    if found is None:
        raise PremisesError("stock.unknown", field="stock")
    if counted != found.on_hand:
        _move([_movement(found, Movement.COUNT, counted - found.on_hand, by, None, words=words)])
    return counted - found.on_hand


@dataclass(frozen=True, slots=True)
class Handed:
    """So many of an item for somebody."""

    worker: UUID
    stock: UUID
    number: int


@transaction.atomic
def issue(*, handed: Sequence[Handed], by: By, at: int | None = None, id: UUID | None = None) -> list[UUID]:
    """Hand things out; returns the movements' ids. Raises PremisesError, and then nothing is handed out.

    The same ``id`` sent again stores nothing: a phone may send twice.
    """
    if not handed:
        raise PremisesError("stock.nothing", field="number")
    for one in handed:
        _require_number(one.number)
    batch, moment = id or uuid7(), by.now if at is None else at
    locked = lock_people([NewFact(one.worker, "supplies", 0) for one in handed], by.actor)
    stocks = _locked({one.stock for one in handed})
    rows, told = list[Movement](), list[NewFact]()
    for one in handed:
        stock = stocks[one.stock]
        key = uuid7_from(batch, f"{one.worker} {one.stock}")
        values = {"item": stock.item, "number": one.number}
        told.append(NewFact(one.worker, "supplies", moment, values, id=key))
        rows.append(
            _movement(stock, Movement.ISSUE, -one.number, by, moment, worker=one.worker, fact=key, id=key)
        )  # fmt: skip
    there = set(Movement.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    if there:
        if there != {row.pk for row in rows}:
            raise PremisesError("stock.id_taken", field="id")
        return [row.pk for row in rows]
    _move(rows)
    ledger.append(facts=told, source=SOURCE, now=by.now, actor=by.actor, evidence=by.evidence, locked=locked)
    return [row.pk for row in rows]


@transaction.atomic
def take_back(*, movement: UUID, enterprise: UUID | None, by: By) -> None:
    """Undo what was handed out within a day: the fact is withdrawn, and the shelf has it again. Raises PremisesError."""
    found = Movement.objects.filter(pk=movement, enterprise=enterprise).select_related("stock").first()
    if found is None or found.kind != Movement.ISSUE or found.worker_id is None:
        raise PremisesError("stock.not_issued")
    if by.now - found.recorded_at > UNDO_SECONDS:
        raise PremisesError("stock.too_late")
    locked = lock_people([NewFact(found.worker_id, "supplies", 0)], by.actor)
    _locked({found.stock_id})
    with refused("stock.undone", premises_movement_undoes_id_key=PremisesError("stock.undone")):
        _move([_movement(found.stock, Movement.BACK, -found.number, by, None, worker=found.worker_id, undoes=found)])
    standing = facts.standing().filter(pk__in=[found.fact_id]).first()
    if standing is not None:
        back = NewFact(
            found.worker_id, "supplies", standing.start, standing.values, id=uuid7(), supersedes=standing.pk,
            withdrawn=True, reason="filed by mistake",
        )  # fmt: skip
        ledger.append(
            facts=[back], source=SOURCE, now=ledger.recorded_at([back], by.now), actor=by.actor, evidence=by.evidence,
            locked=locked,
        )  # fmt: skip


@transaction.atomic
def settle(*, shortfall: UUID, enterprise: UUID | None, words: str, by: By) -> None:
    """Say what happened where a list and the shelf don't agree. Raises PremisesError."""
    if not words.strip():
        raise PremisesError("stock.settle_words", field="words")
    open_ones = Shortfall.objects.filter(pk=shortfall, enterprise=enterprise, settled_at=None)
    if not open_ones.update(settled_at=by.now, words=words.strip()[:200], actor=by.actor):
        raise PremisesError("stock.settled")


def _require_number(number: int) -> None:
    if not 1 <= number <= MOST:
        raise PremisesError("stock.number", field="number")


def _locked(stocks: set[UUID]) -> dict[UUID, Stock]:
    """Stocks by id, locked in one order for everybody. Raises PremisesError."""
    rows = Stock.objects.select_for_update(no_key=True, of=("self",)).select_related("site").filter(pk__in=stocks)
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) != len(stocks):
        raise PremisesError("stock.unknown", field="stock")
    return found


def _movement(
    stock: Stock, kind: str, number: int, by: By, at: int | None, *, words: str = "", worker: UUID | None = None,
    fact: UUID | None = None, undoes: Movement | None = None, id: UUID | None = None,
) -> Movement:  # fmt: skip
    moment = by.now if at is None else at
    return Movement(
        id=id or uuid7(), stock=stock, enterprise_id=stock.enterprise_id, kind=kind, number=number, worker_id=worker,
        fact_id=fact, undoes=undoes, words=words.strip()[:100], at=moment, day=local.day_of(moment), actor_id=by.actor,
        recorded_at=by.now,
    )  # fmt: skip


def _move(rows: Sequence[Movement]) -> None:
    """Store movements, which move their stocks. Raises PremisesError for what the shelf doesn't hold."""
    try:
        with transaction.atomic():
            Movement.objects.bulk_create(rows)
    except IntegrityError as error:
        if constraint_of(error) != "stock_never_below_zero":
            raise
        raise _too_few(rows) from None


def _too_few(rows: Sequence[Movement]) -> PremisesError:
    """Of which item there is too little."""
    wanted: dict[UUID, int] = {}
    for row in rows:
        wanted[row.stock_id] = wanted.get(row.stock_id, 0) - row.number
    for stock in Stock.objects.select_related("site").filter(pk__in=wanted).order_by("pk"):
        if stock.on_hand < wanted[stock.pk]:
            return PremisesError(
                "stock.too_few", field="number", on_hand=f"{stock.on_hand:,}", item=stock.item, site=stock.site.name,
                number=f"{wanted[stock.pk]:,}",
            )  # fmt: skip
    return PremisesError(
        "stock.nothing", field="number"
    )  # pragma: no cover - another transaction has delivered meanwhile
