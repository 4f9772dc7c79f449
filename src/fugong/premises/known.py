"""What the premises say of an enterprise's readiness, so that a checklist asks nobody for it (``registry.asked.drawn``).

Each is left out where the rows don't answer for certain: a room whose area nobody has measured, a place that nobody answers for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import isnan, nan
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Text
from fugong.premises.models import Duty, Lodging, MealShift, Table
from fugong.premises.stock.queries import span_at, stocks
from fugong.registry.asked.drawn import Drawn

Found = dict[UUID, dict[str, Drawn]]
KINDS = ("workshop", "toilet")
"""Places that every plant has: a plan of disinfection that leaves them out is none."""


def source(enterprises: Sequence[UUID], at: int) -> Found:
    """Days of supplies, area and plan of disinfection, meals in shifts: five queries."""
    found: Found = defaultdict(dict)
    _supplies(found, enterprises, at)
    _rooms(found, enterprises, at)
    _meals(found, enterprises)
    _plans(found, enterprises)
    return found


def _supplies(found: Found, enterprises: Sequence[UUID], at: int) -> None:
    """Of what is used, the item that lasts shortest, over all stores of the enterprise."""
    span = span_at(at)
    rows = stocks(at, span=span).filter(enterprise__in=enterprises).order_by().values("enterprise", "item")
    shortest: dict[UUID, tuple[int, str]] = {}
    for row in rows.annotate(there=Sum("on_hand"), gone=Sum("used")):
        if row["gone"] > 0:
            one = (row["there"] * span.days // row["gone"], row["item"])
            shortest[row["enterprise"]] = min(one, shortest.get(row["enterprise"], one))
    for key, (days, item) in shortest.items():
        found[key]["materials_days"] = Drawn(days, _of_item(item))


def _of_item(item: str) -> Text:
    return format_lazy("{} · {}", _("the stores, by what lasts shortest"), item)


def _rooms(found: Found, enterprises: Sequence[UUID], at: int) -> None:
    """Square metres a person in the fullest room in which somebody sleeps; nothing where one of these isn't measured."""
    inside = Lodging.objects.filter(enterprise__in=enterprises, start__lte=at, end__gt=at).order_by()
    rooms = inside.values("enterprise", "room", "room__square_metres").annotate(people=Count("pk"))
    least: dict[UUID, float] = {}
    for row in rooms:
        area = row["room__square_metres"]
        each = nan if area is None else round(float(area) / row["people"], 2)
        least[row["enterprise"]] = min(each, least.get(row["enterprise"], each), key=_unknown_first)
    for key, each in least.items():
        if not isnan(each):
            found[key]["dormitory_area"] = Drawn(each, _("rooms of the dormitories, and who sleeps there"))


def _unknown_first(area: float) -> tuple[bool, float]:
    return not isnan(area), area


def _meals(found: Found, enterprises: Sequence[UUID]) -> None:
    """Two shifts or more, at tables of which not all seats may be used."""
    mine = {"enterprise__in": list(enterprises), "ended_at": None}
    apart = set(
        Table.objects.filter(**mine).order_by().values("enterprise").annotate(full=Count("pk", filter=Q(usable__gte=F("seats"))))
        .filter(full=0).values_list("enterprise", flat=True)
    )  # fmt: skip
    shifts = MealShift.objects.filter(**mine).order_by().values("enterprise").annotate(n=Count("pk"))
    for key, number in shifts.filter(n__gte=2).values_list("enterprise", "n"):
        if key in apart:
            found[key]["staggered_meals"] = Drawn(True, _("meal shifts of the canteen"), number)


def _plans(found: Found, enterprises: Sequence[UUID]) -> None:
    """Every place of the schedule has somebody who answers for it, and what every plant has is among the places."""
    open_ones = Duty.objects.filter(enterprise__in=enterprises, ended_at=None).order_by().values("enterprise")
    rows = open_ones.annotate(
        places=Count("pk"), named=Count("pk", filter=~Q(responsible="")),
        kinds=Count("kind", distinct=True, filter=Q(kind__in=KINDS)),
    )  # fmt: skip
    for row in rows:
        if row["places"] == row["named"] and row["kinds"] == len(KINDS):
            found[row["enterprise"]]["disinfection_plan"] = Drawn(
                True,
                _("schedule of disinfections: places with somebody who answers for them"),
                row["named"],
                row["places"],
            )
