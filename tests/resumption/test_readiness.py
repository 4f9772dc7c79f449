"""The checklist: what Fugong knows is not asked; what it can't know is asked once, with what is enough."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders
from fugong.premises.canteen import services as canteen
from fugong.premises.dormitories import services as dormitories
from fugong.premises.dormitories.services import Assign, NewRoom
from fugong.premises.hygiene import services as hygiene
from fugong.premises.models import Bed, Duty
from fugong.premises.sites import By
from fugong.premises.stock import services as stock
from fugong.premises.stock.services import Handed
from fugong.registry import asked
from fugong.registry import services as registry
from fugong.resumption import readiness
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import PERMIT
from fugong.resumption.queries import way
from fugong.resumption.services import rules
from resumption.plants import DAY, NOW, TODAY, file, plant, ready

pytestmark = pytest.mark.django_db


def states(enterprise, at: int = NOW) -> dict[str, str]:
    return {line.code: line.state for line in readiness.checklist(enterprise.pk, at).lines}


def open_codes(enterprise, at: int = NOW) -> list[str]:
    return [item.question.code for item in asked.open_items([enterprise.pk], at)[enterprise.pk]]


def test_what_fugong_knows_is_drawn_and_only_the_rest_is_asked():
    one = plant(PERMIT)
    first, second = one.workers
    assert states(one.enterprise) == {
        "application_form": "enough", "staff_list": "enough", "prevention_plan": "missing", "staff_screening": "enough",
        "materials_days": "missing", "door_persons": "missing", "fingerprint_clocks_off": "missing",
        "disinfection_plan": "missing", "responsible_person": "missing",
    }  # fmt: skip
    builders.user("guard", one.enterprise.pk)
    dormitory = registry.add_site(name="宿舍", enterprise=one.enterprise)
    for worker in (first, second):
        builders.record(worker, "dormitory", NOW - DAY, {"site": str(dormitory.pk), "room": "201"})
    builders.record(first, "canteen_seat", NOW - DAY, {"table": "3"})
    lines = {line.code: line for line in readiness.checklist(one.enterprise.pk, NOW).lines}
    assert (lines["door_persons"].state, lines["dormitory_people"].value) == ("enough", 2)
    assert lines["dormitory_area"].state == lines["staggered_meals"].state == "missing"
    assert "door_persons" not in open_codes(one.enterprise)
    assert {"dormitory_area", "staggered_meals", "prevention_plan"} <= set(open_codes(one.enterprise))


def test_what_the_premises_say_is_asked_of_nobody_and_what_they_leave_open_is():
    one = plant(PERMIT, people=5)
    ready(one, but=("materials_days", "disinfection_plan"))
    by = By(NOW, None)
    site = registry.add_site(name="宿舍", enterprise=one.enterprise)
    rooms = dormitories.add_rooms(site=site, rooms=[NewRoom("101", 8, Decimal("12.5")), NewRoom("102", 8)])
    beds = {room.name: list(Bed.objects.filter(room=room).values_list("pk", flat=True)) for room in rooms}
    lodgings = dormitories.assign(
        lodgings=[Assign(one.workers[n], bed, NOW - DAY) for n, bed in enumerate((*beds["101"][:3], beds["102"][0]))], by=by
    )  # fmt: skip
    masks = stock.add_item(site=site, item="口罩", unit="只", now=NOW - 9 * DAY)
    stock.deliver(stock=masks.pk, number=100, by=by)
    canteen.add_tables(site=site, tables=[("1", 4)], now=NOW)
    canteen.add_shift(site=site, name="一", starts=660, ends=680, now=NOW)
    lift = hygiene.add_duty(site=site, kind="lift", name="货梯", responsible="陈", now=NOW)
    # Nothing is used yet, a room isn't measured, everybody eats at once, workshops and toilets aren't on the schedule.
    unsaid = {"materials_days", "dormitory_area", "staggered_meals", "disinfection_plan"}
    assert asked.drawn([one.enterprise.pk], NOW) == {one.enterprise.pk: {}}
    assert unsaid - {"staggered_meals"} <= set(open_codes(one.enterprise))
    dormitories.leave(lodgings=lodgings[3:], at=NOW, by=by)
    stock.issue(handed=[Handed(one.workers[0], masks.pk, 14)], by=by, at=NOW - 2 * DAY)
    canteen.add_shift(site=site, name="二", starts=700, ends=720, now=NOW)
    for kind in ("workshop", "toilet"):
        hygiene.add_duty(site=site, kind=kind, name=kind, responsible="林", now=NOW)
    lines = {line.code: line for line in readiness.checklist(one.enterprise.pk, NOW).lines}
    assert {code: (lines[code].value, lines[code].state) for code in unsaid} == {
        "materials_days": (43, "enough"), "dormitory_area": (4.17, "enough"), "staggered_meals": (True, "enough"),
        "disinfection_plan": (True, "enough"),
    }  # fmt: skip
    assert not unsaid & set(open_codes(one.enterprise))
    stock.issue(handed=[Handed(one.workers[1], masks.pk, 80)], by=by, at=NOW - DAY)
    dormitories.assign(lodgings=[Assign(one.workers[n], beds["101"][n], NOW) for n in (3, 4)], by=by)
    Duty.objects.filter(pk=lift.pk).update(responsible="")
    assert {code: one.value for code, one in asked.drawn([one.enterprise.pk], NOW)[one.enterprise.pk].items()} == {
        "materials_days": 0, "dormitory_area": 2.5, "staggered_meals": True,
    }  # fmt: skip
    assert "disinfection_plan" in open_codes(one.enterprise)


def test_screening_counts_those_who_were_not_surveyed():
    one = plant(PERMIT)
    builders.workers(one.enterprise, 1, first=50)
    [line] = [line for line in readiness.checklist(one.enterprise.pk, NOW).lines if line.code == "staff_screening"]
    assert line.drawn is not None
    assert (line.state, line.value, line.drawn.part, line.drawn.whole) == ("short", 66, 2, 3)
    assert "staff_screening" not in open_codes(one.enterprise)


def test_a_full_dormitory_room_is_too_short():
    one = plant(PERMIT, people=7)
    for worker in one.workers:
        builders.record(worker, "dormitory", NOW - DAY, {"name": "1号楼", "room": "201"})
    assert states(one.enterprise)["dormitory_people"] == "short"


def test_supplies_are_asked_again_after_a_week():
    one = plant(PERMIT)
    ready(one, NOW - 6 * DAY)
    assert states(one.enterprise)["materials_days"] == "enough"
    assert "materials_days" not in open_codes(one.enterprise)
    assert states(one.enterprise, NOW + 2 * DAY)["materials_days"] == "missing"
    assert "materials_days" in open_codes(one.enterprise, NOW + 2 * DAY)


def test_who_works_is_not_asked_unless_the_town_has_still_to_check():
    one = plant("filing")
    file(one)
    assert "responsible_person" in open_codes(one.enterprise)
    other = builders.enterprise(5, "已复工企业")
    assert open_codes(other) == []


def test_more_enterprises_make_no_more_queries():
    one = plant(PERMIT)
    ids = [one.enterprise.pk]
    counts = []
    for number in (10, 11, 12):
        with CaptureQueriesContext(connection) as queries:
            asked.open_items(ids, NOW)
        counts.append(len(queries))
        ids.append(builders.enterprise(number, f"企业{number}", resumed=False).pk)
    assert (
        counts[0] == counts[2] <= 22
    )  # submissions asks where people are registered; premises know of stores, rooms, meals and places


def test_the_way_of_filing_is_dated():
    one = plant(PERMIT)
    assert way(NOW).regime == PERMIT
    rules.set_rule(
        regime="commitment", papers=["staff_list", "signed_commitment"], start=TODAY + DAY, now=NOW, actor=one.town.pk
    )
    assert way(NOW).regime == PERMIT
    assert (way(TODAY + DAY).regime, way(TODAY + DAY).papers) == ("commitment", ("staff_list", "signed_commitment"))
    for start, code in ((TODAY + DAY, "resumption.rule_taken"), (TODAY - 1, "resumption.rule_past")):
        with pytest.raises(ResumptionError) as caught:
            rules.set_rule(regime=PERMIT, papers=[], start=start, now=NOW, actor=None)
        assert caught.value.code == code
