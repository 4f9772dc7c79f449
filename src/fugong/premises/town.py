"""Reads over the premises of many enterprises: a constant number of queries, whatever the page holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from fugong.premises.dormitories.queries import Rule, overfull, rooms
from fugong.premises.hygiene.queries import duties, overdue
from fugong.premises.models import Absence, Duty, Lodging, Room, Shortfall, Stock
from fugong.premises.stock.queries import stocks, to_order
from fugong.registry.models import Enterprise


@dataclass(frozen=True, slots=True)
class Row:
    """How an enterprise's premises stand."""

    enterprise: Enterprise
    rooms: int
    people: int
    over: int
    missing: int
    overdue: int
    to_order: int
    short: int

    @property
    def fine(self) -> bool:
        """Whether nothing needs anybody's hand."""
        return not (self.over or self.missing or self.overdue or self.to_order or self.short)


def kept_first(enterprises: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """These enterprises in their order, but first those of which there is anything to see: a room, a duty or a stock."""
    anything = Q()
    for model in (Room, Duty, Stock):
        anything |= Q(pk__in=model.objects.filter(enterprise__isnull=False).values("enterprise"))
    first = Case(When(anything, then=Value(0)), default=Value(1))
    return enterprises.order_by(first, *enterprises.query.order_by)


def rows(page: Sequence[Enterprise], rule: Rule, now: int) -> list[Row]:
    """What a list shows of these enterprises."""
    ids = [one.pk for one in page]
    known, over = _rooms(ids, rule, now)
    people = _count(Lodging.objects.filter(enterprise__in=ids, start__lte=now, end__gt=now))
    missing = _count(Absence.objects.filter(enterprise__in=ids, closed_at=None))
    late = _count(overdue(duties(now).filter(enterprise__in=ids), now))
    order = Counter(to_order(stocks(now).filter(enterprise__in=ids), now).values_list("enterprise", flat=True))
    short = _count(Shortfall.objects.filter(enterprise__in=ids, settled_at=None))
    return [
        Row(
            one, known[one.pk], people[one.pk], over[one.pk], missing[one.pk], late[one.pk], order[one.pk], short[one.pk]
        )
        for one in page
    ]  # fmt: skip


def _rooms(ids: list[UUID], rule: Rule, now: int) -> tuple[Counter[UUID], Counter[UUID]]:
    known, over = Counter[UUID](), Counter[UUID]()
    found = rooms(now, rule).filter(enterprise__in=ids).order_by().values_list("enterprise", "people", "places")
    for enterprise, people, places in found:
        known[enterprise] += 1
        over[enterprise] += people > places
    return known, over


def _count(found: QuerySet[Any]) -> Counter[UUID]:
    counted = found.order_by().values("enterprise").annotate(n=Count("pk")).values_list("enterprise", "n")
    return Counter(dict(counted))


def overfull_rooms(now: int, rule: Rule) -> list[UUID]:
    """Rooms over the rule in the whole town, in the order of lists: only those are counted in which enough people sleep to be
    over it at all. Their ids: whoever shows a page of them reads the rest of these only.
    """
    if not rule.limited:
        return []
    least = 1 if rule.area is not None else (rule.people or 0) + 1
    inside = Lodging.objects.filter(start__lte=now, end__gt=now).order_by().values("room").annotate(n=Count("pk"))
    full = Q(pk__in=inside.filter(n__gte=least).values("room"))
    return list(overfull(rooms(now, rule).filter(full)).values_list("pk", flat=True))


def shown_rooms(ids: Sequence[UUID], now: int, rule: Rule) -> list[Any]:
    """These rooms with all that a list shows, in this order."""
    found = {room.pk: room for room in rooms(now, rule).filter(pk__in=ids)}
    return [found[one] for one in ids if one in found]
