"""The schedule of appointments: what is asked of the engine, what is shown where not all can come, and booking it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

import builders as b
from fugong.base import clock as clocks
from fugong.registry import services as registry
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Appointment, Order, SlotPlan
from fugong.sampling.problem import asked
from fugong.sampling.services import booking, orders, schedule, slots
from fugong.sampling.services.orders import Wanted
from sampling.clinic import NOW, Clinic, clinic, clock, quarter_hours

pytest.importorskip("ortools")
pytestmark = pytest.mark.django_db
SHIFT = clock("07:30", 1)


@pytest.fixture
def town() -> Clinic:
    return clinic(4)


def ordered(town: Clinic, *, deadline: int = SHIFT) -> dict[UUID, UUID]:
    wanted = [Wanted(one, Order.DUE, deadline=deadline) for one in town.workers]
    return {one.worker_id: one.pk for one in orders.order(wanted=wanted, now=NOW, actor=None)}


def propose(**more: bool) -> SlotPlan:
    return schedule.propose(now=NOW, actor=None, seconds=3, **more)


def test_where_not_all_can_come_the_fewest_further_places_are_told_and_they_do(town: Clinic) -> None:
    ordered(town)
    (slot,) = quarter_hours(town.site, "14:00", "14:15", 2)
    lacking = propose()
    assert (lacking.asked["status"], len(lacking.plan)) == ("impossible", 2)
    assert lacking.lacking["places"] == 2 and lacking.lacking["further"] == [[str(town.site), clock("14:00"), 2]]
    slots.set_places(slot=slot, places=3)
    assert propose().lacking["places"] == 1  # one fewer than it said would not do
    slots.set_places(slot=slot, places=4)
    whole = propose()
    assert whole.lacking["places"] == 0 and not whole.lacking["without"]
    assert not Appointment.objects.exists()  # nothing is booked before somebody has looked at it
    schedule.apply(plan=whole.pk, now=NOW)
    assert Appointment.objects.count() == 4
    for again in (schedule.apply, schedule.drop):
        with pytest.raises(SamplingError) as decided:
            again(plan=whole.pk, now=NOW)
        assert decided.value.code == "plan.decided"


def test_somebody_whose_deadline_lies_before_every_slot_is_named(town: Clinic) -> None:
    ordered(town, deadline=clock("12:00"))
    quarter_hours(town.site, "14:00", "14:15", 9)
    assert len(propose().lacking["never"]) == 4


def test_people_of_one_room_come_together_and_those_who_have_a_place_keep_it(town: Clinic) -> None:
    dormitory = registry.add_site(name="宿舍", enterprise=town.enterprise)
    for one in town.workers[:2]:
        b.record(one, "dormitory", b.EARLY, {"site": str(dormitory.pk), "name": "1号楼", "room": "301"})
    mine = ordered(town)
    first, second = quarter_hours(town.site, "14:00", "14:30", 2)
    booking.book(order=mine[town.workers[2]], slot=first, now=NOW)
    made = propose()
    assert made.asked["moved"] == 0
    schedule.apply(plan=made.pk, now=NOW)
    places = dict(Appointment.objects.values_list("worker", "slot"))
    assert places[town.workers[0]] == places[town.workers[1]] == second and places[town.workers[2]] == first


def test_what_changed_meanwhile_is_not_booked_over(town: Clinic) -> None:
    mine = ordered(town)
    (slot,) = quarter_hours(town.site, "14:00", "14:15", 4)
    made = propose()
    orders.cancel(order=mine[town.workers[0]], reason="已离职", now=NOW)
    with pytest.raises(SamplingError) as changed:
        schedule.apply(plan=made.pk, now=NOW)
    assert changed.value.code == "plan.old" and not Appointment.objects.exists()
    slots.withdraw(slot=slot)
    for nothing, code in ((False, "plan.no_slots"), (True, "plan.nobody")):
        if nothing:
            Order.objects.update(state=Order.RESULTED)
        with pytest.raises(SamplingError) as refused:
            propose()
        assert refused.value.code == code


def test_places_of_people_beyond_the_schedule_are_not_given_again(town: Clinic) -> None:
    mine = ordered(town)
    (slot,) = quarter_hours(town.site, "14:00", "14:15", 4)
    booking.book(order=mine[town.workers[0]], slot=slot, now=NOW)
    town.tube(town.workers[0])  # came early: the place stays theirs
    (open_slot,) = asked(NOW).problem.slots
    assert open_slot.capacity == 3 and len(asked(NOW).problem.people) == 3


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_say_what_would_do_and_book_on_confirmation(
    town: Clinic, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(clocks, "now", lambda: NOW)
    ordered(town)
    quarter_hours(town.site, "14:00", "14:15", 3)
    staff = Client()
    staff.force_login(town.staff)
    staff.cookies["django_language"] = language
    page = reverse("sampling:schedule")
    assert staff.get(page).status_code == 200
    shown = staff.post(page, follow=True)
    said = " ".join(shown.content.decode().split())
    expected = {"zh-hans": ("4 人中有 1 人在期限内排不上", "再加 1 个名额即可", "14:00 · 加 1 个名额"),
                "en": ("1 of 4 people finds no slot in time", "1 more place would do", "14:00 · 1 more place")}  # fmt: skip
    assert all(one in said for one in expected[language])
    staff.post(shown.request["PATH_INFO"], {"do": "apply"})
    assert Appointment.objects.count() == 3
    assert staff.post(shown.request["PATH_INFO"], {"do": "drop"}).status_code == 422
