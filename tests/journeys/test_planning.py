"""The dispatcher's button: what is asked for becomes trips that the checker agrees with; what is locked stays."""

from __future__ import annotations

import pytest
from django.db import transaction

import builders
from fugong.base import local
from fugong.journeys.models import Booking, Place, SeatRequest, Trip
from fugong.journeys.planning import roads, services
from fugong.journeys.planning.errors import PlanError
from fugong.journeys.trips import requests
from fugong.journeys.trips import services as trips
from journeys import coach
from journeys.coach import NOW

pytestmark = pytest.mark.django_db
DAY = local.day_after(builders.DAY, 2)
LEAVES, ARRIVES = local.at(DAY, "06:00"), local.at(DAY, "23:00")


@pytest.fixture
def here():
    """Ten people in two towns ask for seats; two coaches stand in one of them, with places for six and for eight."""
    made = coach.plant(14)
    Place.objects.create(name="厂区", division=builders.CODE, latitude=25.92, longitude=119.52, site=made.site)
    other = requests.add_place(name="德兴汽车站", division="361181", latitude=28.95, longitude=117.58)
    for workers, place in ((made.workers[:6], made.place), (made.workers[6:10], other)):
        requests.ask(
            enterprise=made.enterprise.pk,
            workers=workers,
            place=place.pk,
            site=made.site.pk,
            day=DAY,
            now=NOW,
            actor=None,
        )
    vehicle = {"start": made.place.pk, "fixed_fen": 50_000, "fen_per_km": 800}
    services.add_vehicle(plate="闽A1", rated_seats=12, rows=5, columns=3, **vehicle)
    services.add_vehicle(plate="闽A2", rated_seats=16, rows=6, columns=4, **vehicle)
    return made


def planned(**more):
    given = {"day": DAY, "leaves": LEAVES, "arrives": ARRIVES, "now": NOW, "actor": None, "seconds": 0.6} | more
    return services.plan(**given)


def refused(code, /, **more):
    with pytest.raises(PlanError) as fault, transaction.atomic():
        planned(**more)
    assert fault.value.code == code
    assert fault.value.in_language("zh-hans") != fault.value.in_language("en")
    return fault.value.in_language("en")


def test_what_is_asked_for_becomes_drafts_with_seats_stops_and_costs(here):
    told: list[tuple[int, int]] = []
    made = planned(progress=lambda done, total: told.append((done, total)))
    assert (made.people, made.behind) == (10, {})
    drafts = list(Trip.objects.filter(pk__in=made.trips))
    assert {one.state for one in drafts} == {"draft"}
    assert sum(one.cost_fen for one in drafts) == pytest.approx(made.cost_fen, abs=2)
    assert made.cost_fen > 2 * 50_000
    for one in drafts:
        aboard = one.bookings.filter(state="booked")
        assert 0 < aboard.count() <= one.places
        assert {booking.stop.trip_id for booking in aboard} == {one.pk}
        assert LEAVES <= one.departs < one.arrives <= ARRIVES
    assert set(SeatRequest.objects.values_list("state", flat=True)) == {"planned"}
    places = {row.worker_id: row.place_id for row in SeatRequest.objects.all()}
    assert all(one.stop.place_id == places[one.worker_id] for one in Booking.objects.select_related("stop"))


def test_planning_again_leaves_what_is_locked_and_plans_the_rest(here):
    first = planned()
    kept, *others = Trip.objects.filter(pk__in=first.trips).order_by("code")
    trips.lock(trip=kept.pk, on=True)
    there = set(kept.bookings.filter(state="booked").values_list("worker_id", flat=True))
    requests.ask(
        enterprise=here.enterprise.pk, workers=here.workers[10:11], place=here.place.pk, site=here.site.pk, day=DAY, now=NOW,
        actor=None,
    )  # fmt: skip
    second = planned()
    kept.refresh_from_db()
    assert kept.state == "draft"
    assert set(kept.bookings.filter(state="booked").values_list("worker_id", flat=True)) == there
    assert {Trip.objects.get(pk=one.pk).state for one in others} <= {"cancelled"}
    assert second.people + sum(second.behind.values()) == 11 - len(there)
    assert kept.vehicle not in set(Trip.objects.filter(pk__in=second.trips).values_list("vehicle", flat=True))


def test_who_stays_behind_is_counted_with_the_reason(here):
    requests.ask(
        enterprise=here.enterprise.pk, workers=here.workers[10:14], place=here.place.pk, site=here.site.pk, day=DAY, now=NOW,
        actor=None,
    )  # fmt: skip
    services.Coach.objects.filter(plate="闽A2").update(in_use=False)
    made = planned()
    assert made.people == 6
    assert sum(made.behind.values()) == 8
    assert set(made.behind) <= {"no_seats", "not_found"}
    assert SeatRequest.objects.filter(state="open").count() == 8


def test_plans_that_cannot_be_say_what_is_missing(here):
    refused("plan.nothing_asked", day=local.day_after(DAY, 3))
    refused("plan.times", arrives=LEAVES)
    early = planned(arrives=LEAVES + 3600)  # nobody can drive that far in an hour
    assert (early.people, set(early.behind)) == (0, {"too_far"})
    Place.objects.filter(site=here.site).update(site=None)
    assert "一厂区" in refused("plan.unplaced")
    services.Coach.objects.update(in_use=False)
    refused("plan.no_vehicles")
    with pytest.raises(PlanError, match="闽A1"), transaction.atomic():
        services.add_vehicle(plate="闽A1", rated_seats=12, rows=5, columns=3, start=here.place.pk)
    with pytest.raises(PlanError) as fault, transaction.atomic():
        services.add_vehicle(plate="闽A3", rated_seats=40, rows=5, columns=3, start=here.place.pk)
    assert fault.value.code == "vehicle.wrong"


def test_a_table_of_distances_counts_before_the_estimate_and_says_which_row_is_none(here):
    ways = roads.table(
        "起点,终点,公里,分钟\n乐平汽车站,一厂区,10,15\n乐平汽车站,德兴汽车站,5,6\n德兴汽车站,一厂区,11,16\n".encode(),
        "ways.csv",
    )
    near = planned(ways=ways, arrives=LEAVES + 3 * 3600)
    assert near.people == 10  # nobody drives five hundred kilometres in three hours: by the table they needn't
    assert near.cost_fen < 2 * 50_000 + 60 * 800
    for text in ("a,b,c,d\n乐平汽车站,一厂区,far,15\n", "a,b,c,d\n乐平汽车站,一厂区,-1,15\n", "a,b,c,d\n"):
        with pytest.raises(PlanError) as fault:
            roads.table(text.encode(), "ways.csv")
        assert fault.value.code == "plan.table_row"
        assert "2" in fault.value.in_language("zh-hans")
    with pytest.raises(PlanError) as fault:
        roads.table(b"", "ways.csv")
    assert fault.value.code == "plan.table"
