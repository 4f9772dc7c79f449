"""What other pages say was handed out (a checkpoint's arrivals, lists) comes off the shelf here: a task of the steward.

What the shelf doesn't hold is no movement: it is a shortfall, for a person. A fact that was withdrawn gives back what it took.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from fugong.base import local
from fugong.base.ids import uuid7, uuid7_from
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.premises.models import Movement, Shortfall, Stock
from fugong.premises.stock.services import SOURCE
from fugong.registry.models import Employment

MOST = 2_000
"""So many facts a turn: what is left comes the next time."""
_NEAR = 86_400


@transaction.atomic
def take_in(now: int, most: int = MOST) -> Mapping[str, int]:
    """Take at most so many facts into movements, give back what was withdrawn; returns counts. Twice changes nothing."""
    stocks = list(Stock.objects.select_related("site").select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if not stocks:
        return {"moved": 0, "short": 0, "given_back": 0}
    moved, short = _taken(stocks, now, most)
    return {"moved": moved, "short": short, "given_back": _given_back(now)}


def _new_facts() -> QuerySet[Fact]:
    """Those of people whose employer keeps stock since before: others would stand in the way of these for ever."""
    kept = Stock.objects.filter(
        enterprise__employments__worker=OuterRef("subject"), enterprise__employments__active=True,
        since__lte=OuterRef("start"),
    )  # fmt: skip
    known = Movement.objects.filter(fact_id=OuterRef("pk"))
    noted = Shortfall.objects.filter(fact_id=OuterRef("pk"))
    return (
        standing().filter(Exists(kept), ~Exists(known), ~Exists(noted), ~Q(source=SOURCE), kind="supplies")
        .order_by("start", "pk")
    )  # fmt: skip


def _taken(stocks: Sequence[Stock], now: int, most: int) -> tuple[int, int]:
    facts = list(_new_facts()[:most])
    where = _where(facts)
    by_enterprise: dict[UUID | None, list[Stock]] = {}
    for stock in stocks:
        by_enterprise.setdefault(stock.enterprise_id, []).append(stock)
    moving, lacking = list[Movement](), list[Shortfall]()
    for fact in facts:
        site, enterprise = where.get(fact.pk, (None, None))
        kept = [one for one in by_enterprise.get(enterprise, ()) if one.since <= fact.start]
        if not kept:
            continue  # another employer of theirs keeps stock: there is no shelf to compare with
        item, number = fact.values["item"], int(fact.values["number"])
        same = [one for one in kept if one.item == item]
        shelf = next((one for one in same if one.site_id == site), same[0] if same else None)
        if shelf is None or shelf.on_hand < number:
            place = shelf or kept[0]
            lacking.append(
                Shortfall(
                    site_id=place.site_id, enterprise_id=enterprise, worker_id=fact.subject_id, fact_id=fact.pk, item=item,
                    number=number, on_hand=shelf.on_hand if shelf else 0, at=fact.start, noted_at=now,
                )
            )  # fmt: skip
            continue
        shelf.on_hand -= number
        moving.append(
            Movement(
                id=uuid7_from(fact.pk, "movement"), stock=shelf, enterprise_id=enterprise, kind=Movement.ISSUE,
                number=-number, worker_id=fact.subject_id, fact_id=fact.pk, at=fact.start,
                day=local.day_of(fact.start), recorded_at=now,
            )
        )  # fmt: skip
    Movement.objects.bulk_create(moving, batch_size=500)
    Shortfall.objects.bulk_create(lacking, batch_size=500)
    return len(moving), len(lacking)


def _where(facts: Sequence[Fact]) -> dict[UUID, tuple[UUID | None, UUID]]:
    """For each fact, the site of the arrival at that time, and the employer: that of the site, or the latest one."""
    workers = {fact.subject_id for fact in facts}
    arrivals: dict[UUID, list[tuple[int, str]]] = {}
    told = standing().filter(kind="arrival", subject_id__in=workers, values__has_key="site").order_by("start")
    for worker, start, site in told.values_list("subject_id", "start", "values__site"):
        arrivals.setdefault(worker, []).append((start, site))
    employers: dict[UUID, UUID] = dict(
        Employment.objects.filter(worker__in=workers, active=True).order_by("start", "pk")
        .values_list("worker", "enterprise")
    )  # fmt: skip
    found = {}
    for fact in facts:
        near = [site for start, site in arrivals.get(fact.subject_id, ()) if abs(fact.start - start) <= _NEAR]
        if fact.subject_id in employers:
            found[fact.pk] = UUID(near[-1]) if near else None, employers[fact.subject_id]
    return found


def _given_back(now: int) -> int:
    """Movements whose fact no longer stands go back onto the shelf, once."""
    stands = standing().filter(pk=OuterRef("fact_id"))
    gone = list(
        Movement.objects.filter(~Exists(stands), kind=Movement.ISSUE, undone=None).select_related("stock")
        .filter(fact_id__in=Fact.objects.filter(kind="supplies", supersedes__isnull=False).values("supersedes"))[:MOST]
    )  # fmt: skip
    Movement.objects.bulk_create(
        Movement(
            id=uuid7(),
            stock=one.stock,
            enterprise_id=one.enterprise_id,
            kind=Movement.BACK,
            number=-one.number,
            worker_id=one.worker_id,
            undoes=one,
            at=now,
            day=local.day_of(now),
            recorded_at=now,
        )
        for one in gone
    )
    return len(gone)
