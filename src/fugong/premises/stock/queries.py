"""Reads of stores: what is on hand, how long it lasts at the present use, what is to be ordered again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from fugong.base import local
from fugong.base.access import looked_at
from fugong.clearance.queries import operations
from fugong.premises.models import Movement, Shortfall, Stock, Use


@dataclass(frozen=True, slots=True)
class Span:
    """The days over which use is counted: the last ones that are over, and how long a stock should last."""

    first: date
    last: date
    least_days: int

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def span_at(now: int) -> Span:
    """The days by the pack in force: today, which isn't over, is left out."""
    rule = operations(now).supplies
    today = local.day_of(now)
    return Span(local.day_after(today, -rule.use_days), local.day_after(today, -1), rule.least_days)


def stocks(now: int, *, enterprise: UUID | None = None, span: Span | None = None) -> QuerySet[Stock]:
    """Stocks with ``used``: how much was handed out in the days that are counted (``span``, where it is read already)."""
    span = span or span_at(now)
    used = Use.objects.filter(stock=OuterRef("pk"), day__gte=span.first, day__lte=span.last)
    total = used.order_by().values("stock").annotate(n=Sum("number")).values("n")
    found = Stock.objects.annotate(used=Coalesce(Subquery(total, output_field=IntegerField()), 0))
    if enterprise is not None:
        found = found.filter(enterprise=enterprise)
    return found.select_related("site", "enterprise").order_by("enterprise__name", "site__name", "item", "pk")


def to_order(found: QuerySet[Stock], now: int) -> QuerySet[Stock]:
    """Those that don't last as long as they should at the present use, and those that are used up."""
    span = span_at(now)
    return found.filter(on_hand__lt=F("used") * Value(span.least_days) / Value(float(span.days))) | found.filter(
        on_hand=0
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A stock: its use in so many days (numerator and denominator), how many days it lasts, how much to order."""

    stock: Stock
    used: int
    days: int
    least_days: int

    @property
    def a_day(self) -> float:
        """How much is used a day."""
        return self.used / self.days

    @property
    def lasts(self) -> int | None:
        """For how many whole days it lasts at the present use; None where nothing is used."""
        return None if self.used <= 0 else int(self.stock.on_hand * self.days // self.used)

    @property
    def order(self) -> int:
        """How many are missing to last as long as it should; 0 for none."""
        return max(0, math.ceil(self.used * self.least_days / self.days) - self.stock.on_hand)

    @property
    def state(self) -> str:
        """How it stands, as a status: ``no`` used up, ``soon`` to be ordered, ``ok``."""
        if self.stock.on_hand == 0:
            return "no"
        return "soon" if self.order else "ok"


def lines(page: Sequence[Stock], now: int) -> list[Line]:
    """What a list shows of stocks from `stocks`, without another query."""
    span = span_at(now)
    return [Line(one, getattr(one, "used", 0), span.days, span.least_days) for one in page]


def movements(enterprise: UUID, *, stock: UUID | None = None) -> QuerySet[Movement]:
    """What came in and went out, the latest first."""
    found = Movement.objects.filter(enterprise=enterprise)
    found = found if stock is None else found.filter(stock=stock)
    return found.select_related("stock", "worker", "undone").order_by("-at", "-recorded_at", "-pk")


def shortfalls(enterprise: UUID | None = None) -> QuerySet[Shortfall]:
    """Where lists and shelves don't agree and nobody has said why yet."""
    found = (
        Shortfall.objects.filter(settled_at=None).select_related("worker", "site", "enterprise").order_by("-at", "-pk")
    )
    return found if enterprise is None else found.filter(enterprise=enterprise)


def noted(page: Sequence[Movement | Shortfall]) -> Sequence[Movement | Shortfall]:
    """The same rows; whose data they show is noted for the audit."""
    looked_at(row.worker_id for row in page if row.worker_id is not None)
    return page
