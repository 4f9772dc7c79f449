"""Slots, orders and appointments: capacity is the database's, and whoever needs a test is read from clearance."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

import builders as b
from fugong.base import access
from fugong.registry import services as registry
from fugong.sampling.due import contacts, due
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Appointment, Order, SlotOffer
from fugong.sampling.services import booking, orders, slots, tubes
from fugong.sampling.services.orders import Wanted
from sampling.clinic import DAY, NOW, Clinic, clinic, clock, quarter_hours

pytestmark = pytest.mark.django_db
EVENING = clock("20:00")


@pytest.fixture
def town() -> Clinic:
    return clinic()


def ordered(town: Clinic, *people: UUID, **more: object) -> list[UUID]:
    made = orders.order(wanted=[Wanted(one, Order.DUE, **more) for one in people], now=NOW, actor=None)  # type: ignore[arg-type]
    of = {one.worker_id: one.pk for one in made}
    return [of[one] for one in people]


def refused(call: object, *arguments: object, **named: object) -> str:
    with pytest.raises(SamplingError) as caught:
        call(*arguments, **named)  # type: ignore[operator]
    assert caught.value.in_language("en") and caught.value.in_language("zh-hans")
    return caught.value.code


def test_slots_follow_each_other_and_one_that_is_offered_again_stays_as_it_is(town: Clinic) -> None:
    made = quarter_hours(town.site, "14:00", "15:00", 4)
    assert [one.start for one in SlotOffer.objects.order_by("start")] == [clock(f"14:{m:02d}") for m in (0, 15, 30, 45)]
    assert quarter_hours(town.site, "14:30", "15:30", 9) == list(
        SlotOffer.objects.filter(start__gte=clock("15:00")).order_by("start").values_list("pk", flat=True)
    )
    assert len(made) == 4 and SlotOffer.objects.filter(places=9).count() == 2


def test_slots_need_a_sampling_site_sensible_times_and_places(town: Clinic) -> None:
    other = registry.add_site(name="文化站")
    day = {"first": clock("14:00"), "last": clock("15:00"), "minutes": 15, "places": 4}
    assert refused(slots.offer_day, site=other.pk, **day) == "sampling.no_site"
    assert refused(slots.offer_day, site=town.site, **{**day, "last": clock("13:00")}) == "slot.wrong_times"
    assert refused(slots.offer_day, site=town.site, **{**day, "places": 0}) == "slot.places"
    assert (
        refused(slots.offer_day, site=town.site, **{**day, "last": clock("13:00", 1), "minutes": 1}) == "slot.too_many"
    )


def test_a_full_slot_takes_nobody_and_an_appointment_moves_as_a_whole(town: Clinic) -> None:
    first, second = quarter_hours(town.site, "14:00", "14:30", 1)
    one, other, third = ordered(town, *town.workers)
    booking.book(order=one, slot=first, now=NOW)
    assert refused(booking.book, order=other, slot=first, now=NOW) == "slot.full"
    booking.book(order=other, slot=second, now=NOW)
    assert refused(booking.book, order=one, slot=second, now=NOW) == "slot.full"
    assert Appointment.objects.get(order=one).slot_id == first  # it still has the place that it had
    booking.give_up(order=other, now=NOW)
    booking.book(order=one, slot=second, now=NOW)
    booking.book(order=third, slot=first, now=NOW)
    assert dict(Order.objects.values_list("pk", "state")) == {one: "booked", other: "open", third: "booked"}
    orders.cancel(order=one, reason="已离职", now=NOW)
    booking.book(order=other, slot=second, now=NOW)
    assert refused(booking.book, order=one, slot=first, now=NOW) == "order.not_open"


def test_an_appointment_is_within_the_orders_time(town: Clinic) -> None:
    early, late = quarter_hours(town.site, "08:00", "08:15", 1)[0], quarter_hours(town.site, "18:00", "18:15", 1)[0]
    (one,) = ordered(town, town.workers[0], not_before=clock("12:00"), deadline=clock("17:00"))
    assert refused(booking.book, order=one, slot=early, now=clock("07:00")) == "slot.too_early"
    assert refused(booking.book, order=one, slot=early, now=NOW) == "slot.past"
    assert refused(booking.book, order=one, slot=late, now=NOW) == "slot.too_late"
    slots.withdraw(slot=late)
    assert refused(booking.book, order=one, slot=late, now=NOW) == "slot.gone"


def test_the_database_gives_no_place_twice_none_beyond_the_slot_and_takes_no_slot_from_people(town: Clinic) -> None:
    (slot,) = quarter_hours(town.site, "14:00", "14:15", 2)
    one, other, third = ordered(town, *town.workers)
    booking.book(order=one, slot=slot, now=NOW)
    booking.book(order=other, slot=slot, now=NOW)
    rows = {"one_person_a_place": {"places": 2, "place": 1}, "place_is_there": {"places": 2, "place": 2},
            "appointment_within_its_slot": {"places": 3, "place": 2}}  # fmt: skip
    for constraint, values in rows.items():
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Appointment.objects.create(order_id=third, worker_id=town.workers[2], slot_id=slot, booked_at=NOW, **values)
    assert refused(slots.set_places, slot=slot, places=1) == refused(slots.withdraw, slot=slot) == "slot.taken"
    slots.set_places(slot=slot, places=3)
    booking.book(order=third, slot=slot, now=NOW)
    assert set(Appointment.objects.values_list("places", flat=True)) == {3}


def test_nobody_has_two_orders_under_way(town: Clinic) -> None:
    one = town.workers[0]
    ordered(town, one)
    assert orders.order(wanted=[Wanted(one, Order.CONTACT, urgent=True)], now=NOW, actor=None) == []
    tube = town.tube(one)
    known = Order.objects.get(worker=one)
    assert refused(orders.cancel, order=known.pk, reason="x", now=NOW) == "order.sampled"
    assert refused(orders.cancel, order=ordered(town, town.workers[1])[0], reason=" ", now=NOW) == "order.no_reason"
    town.report(tube, "negative", EVENING)
    assert ordered(town, one)


def test_a_whole_plan_is_booked_at_once_or_not_at_all(town: Clinic) -> None:
    first, second = quarter_hours(town.site, "14:00", "14:30", 1)
    one, other, third = ordered(town, *town.workers)
    booking.book(order=one, slot=first, now=NOW)
    assert refused(booking.book_many, plan={one: first, other: first}, now=NOW) == "plan.old"
    assert Appointment.objects.count() == 1
    assert booking.book_many(plan={one: second, other: first}, now=NOW) == 2
    assert dict(Appointment.objects.values_list("order", "slot")) == {one: second, other: first}
    assert refused(booking.book_many, plan={third: first}, now=NOW) == "plan.old"


def test_who_is_due_is_read_from_clearance(town: Clinic) -> None:
    tested, untested, away = town.workers
    b.sampled(tested, NOW - DAY, NOW - 3600)
    b.survey(away, NOW - 60, whereabouts="away", test_required=True)
    found = {one.worker: one for one in due(NOW, clock("07:30", 1))}
    assert set(found) == {untested, away}
    assert (found[untested].requirement, found[untested].here, found[untested].order) == ("tested", True, "")
    assert found[untested].also == () and found[untested].since is None
    assert not found[away].here and found[away].also == ("arrived",)
    ordered(town, untested)
    assert {one.worker: one.order for one in due(NOW, EVENING, town.enterprise.pk)} == {untested: "open", away: ""}
    assert due(NOW, EVENING, b.enterprise(2, "南山精工有限公司").pk) == []
    town.report(town.tube(untested), "positive", NOW)
    held = {one.worker: one.also for one in due(NOW, EVENING)}
    assert held[untested] == ("no_infection",)  # a test alone lets them work no more


def test_a_clearance_that_lapses_before_the_shift_is_due_and_says_when() -> None:
    """By a pack under which a result holds for 48 hours."""
    town = clinic(2)
    b.adopt(NOW - 3 * DAY, "cn-2022-48h")
    lapsing, fresh = town.workers
    b.sampled(lapsing, clock("06:00", -1), clock("20:00", -1))
    b.sampled(fresh, clock("07:45", -1), clock("20:00", -1))
    shift = clock("07:30", 1)
    assert [(one.worker, one.requirement, one.since) for one in due(NOW, shift)] == [
        (lapsing, "tested_in_time", clock("06:00", 1) + 1)
    ]


def test_an_enterprise_orders_and_books_for_its_own_people_and_sees_nobody_elses_place(town: Clinic) -> None:
    stranger = b.workers(b.enterprise(2, "南山精工有限公司"), 1, first=50)[0]
    (slot,) = quarter_hours(town.site, "14:00", "14:15", 2)
    (theirs,) = ordered(town, stranger)
    booking.book(order=theirs, slot=slot, now=NOW)
    clerk = b.user("enterprise_clerk", town.enterprise.pk)
    with access.acting(access.as_user(clerk)):
        assert not Appointment.objects.exists() and not Order.objects.exists()
        (own,) = ordered(town, town.workers[0])
        booking.book(order=own, slot=slot, now=NOW)
        assert Appointment.objects.get().place == 1
        (second,) = ordered(town, town.workers[1])
        assert refused(booking.book, order=second, slot=slot, now=NOW) == "slot.full"
        with pytest.raises(Order.DoesNotExist):
            orders.cancel(order=theirs, reason="x", now=NOW)


def test_whoever_comes_without_an_order_is_tested_all_the_same(town: Clinic) -> None:
    tube = town.tube(town.workers[0])
    (order,) = Order.objects.all()
    assert (order.why, order.state) == (Order.ASKED, Order.SAMPLED)
    assert refused(tubes.spoil, tube=tube.pk, reason="", now=NOW) == "tube.no_reason"


def test_a_contact_of_a_case_is_listed_until_they_are_sampled(town: Clinic) -> None:
    met, before, long_ago = town.workers
    for worker, when in ((met, NOW - DAY), (before, NOW - DAY), (long_ago, NOW - 20 * DAY)):
        b.record(worker, "contact", when, {})
    b.sampled(before, NOW - 3600, NOW - 60)  # sampled since
    assert [(one.worker, one.since, one.order) for one in contacts(NOW)] == [(met, NOW - DAY, "")]
    ordered(town, met)
    assert contacts(NOW, town.enterprise.pk)[0].order == "open"
    town.report(town.tube(met), "negative", EVENING)
    assert contacts(EVENING) == []
