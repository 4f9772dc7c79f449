"""Reads of the canteen: how full each shift is, and who sits where."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Length

from fugong.base.access import looked_at
from fugong.premises.models import MealSeat, MealShift, Table
from fugong.registry.models import Employment


@dataclass(frozen=True, slots=True)
class Meal:
    """A shift: how many eat in it, and for how many there are seats that may be used."""

    shift: MealShift
    taken: int
    places: int
    seats: int


def meals(enterprise: UUID, now: int) -> list[Meal]:
    """The shifts of an enterprise's canteens, in the order of the day."""
    shifts = (
        MealShift.objects.filter(enterprise=enterprise, ended_at=None).select_related("site").order_by("site", "starts")
    )
    taken = dict(
        MealSeat.objects.filter(enterprise=enterprise, end__gt=now, start__lte=now).values_list("shift")
        .annotate(n=Count("pk")).values_list("shift", "n")
    )  # fmt: skip
    rated = {
        site: (places, seats)
        for site, places, seats in Table.objects.filter(enterprise=enterprise, ended_at=None)
        .values_list("site").annotate(places=Sum("usable"), rated=Sum("seats")).values_list("site", "places", "rated")
    }  # fmt: skip
    return [Meal(one, taken.get(one.pk, 0), *rated.get(one.site_id, (0, 0))) for one in shifts]


def seated(enterprise: UUID, now: int, *, shift: UUID | None = None) -> QuerySet[MealSeat]:
    """Who sits where, by shift and table: table 2 before table 10."""
    found = MealSeat.objects.filter(enterprise=enterprise, end__gt=now, start__lte=now)
    found = found if shift is None else found.filter(shift=shift)
    return found.select_related("worker", "table", "shift").order_by(
        "shift__starts", Length("table__name"), "table__name", "worker__name", "pk"
    )


def noted(page: list[MealSeat]) -> list[MealSeat]:
    """The same rows; whose data they show is noted for the audit."""
    looked_at(row.worker_id for row in page)
    return page


def without_a_seat(enterprise: UUID, now: int) -> int:
    """How many of an enterprise's people have no seat."""
    held = MealSeat.objects.filter(enterprise=enterprise, end__gt=now).values("worker")
    return Employment.objects.filter(enterprise=enterprise, active=True).exclude(worker__in=held).count()
