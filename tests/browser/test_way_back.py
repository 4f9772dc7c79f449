"""The way back as people walk it: asked for, planned by hand, on board, disinfected, checked in; each on their own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import builders
from browser.looks import fits, well_made
from fugong.base import clock
from fugong.journeys.models import Trip
from fugong.ledger import queries as ledger
from journeys import coach
from journeys.coach import ARRIVES, DEPARTS, NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def time(monkeypatch):
    """A clock that the test sets, in the server's threads too."""
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


def test_from_the_request_to_the_checkpoint(time, transactional_db, browse, screenshot):
    here = coach.plant(3)
    worker, name = here.workers[0], here.names[here.workers[0]]
    for one in here.workers:
        builders.survey(one, NOW - 60, whereabouts="away", test_required=True, intended_on="2020-03-10", means="bus")
    clerk, driver, guard = (builders.user(role, here.enterprise.pk) for role in ("enterprise_clerk", "driver", "guard"))
    own = builders.user("worker", worker)

    page = browse(clerk)
    page.goto(f"/enterprises/{here.enterprise.pk}/seats/")
    for one in here.workers[:2]:
        page.get_by_label(here.names[one]).check()
    page.get_by_label("上车地点").select_option(label="乐平汽车站")
    page.get_by_label("目的地").select_option(label="一厂区")
    page.get_by_label("乘车日期").fill("2020-03-10")
    page.get_by_role("button", name="申请座位").click()
    expect(page.get_by_text("已申请 2 个座位")).to_be_visible()
    screenshot(page, "way-back-seats", "zh", "desk")
    well_made(page)

    page = browse(here.dispatcher)
    page.goto("/trips/new/")
    for label, value in (
        ("班次编号", "J01"), ("出发地", "江西省乐平市"), ("发车时间", "2020-03-09T10:30"), ("到达时间", "2020-03-09T20:30"),
        ("车牌号或航班号", "闽A12345"), ("核定座位", "48"), ("排数", "12"), ("每排座位", "4"),
        ("途中上车点", "10:30 乐平汽车站"), ("费用，元", "8600"),
    ):  # fmt: skip
        page.get_by_label(label).fill(value)
    page.get_by_label("目的地").select_option(index=1)
    page.get_by_role("button", name="创建班次").click()
    for one in here.workers[:2]:
        page.get_by_label(here.names[one]).check()
    page.get_by_role("button", name="安排座位").click()
    expect(page.get_by_text("已为 2 人安排座位")).to_be_visible()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布，乘客可看到自己的座位")).to_be_visible()
    screenshot(page, "way-back-trip", "zh", "desk")
    well_made(page)
    trip = Trip.objects.get(code="J01")

    page = browse(own, "zh-hans", "phone")
    page.goto("/me/")
    expect(page.get_by_text("我的返岗座位")).to_be_visible()
    expect(page.get_by_text("1A", exact=True)).to_be_visible()
    screenshot(page, "way-back-my-bus", "zh", "phone")
    fits(page)

    time["now"] = DEPARTS
    page = browse(driver, "zh-hans", "phone")
    page.goto(f"/trips/{trip.pk}/boarding/")
    screenshot(page, "way-back-boarding", "zh", "phone")
    well_made(page)
    page.get_by_role("button", name=f"上车 {name}").click()
    expect(page.get_by_text(f"{name} 已上车，1A 座")).to_be_visible()
    page.get_by_role("button", name=f"上车 {here.names[here.workers[1]]}").click()
    page.get_by_label("清点人数").fill("2")
    page.get_by_role("button", name="登记清点").click()
    expect(page.get_by_text("清点 2 人，人数相符")).to_be_visible()
    page.get_by_role("button", name="现在发车").click()
    expect(page.get_by_text("已发车，不得再加人")).to_be_visible()

    time["now"] = ARRIVES
    page = browse(guard, "zh-hans", "phone")
    page.goto(f"/trips/{trip.pk}/arrivals/")
    expect(page.get_by_role("button", name="登记到达")).to_have_count(0)  # first the vehicle
    for label, value in (
        ("消毒剂", "含氯消毒剂"),
        ("浓度，mg/L", "500"),
        ("作用时间，分钟", "30"),
        ("消毒人", "张师傅"),
    ):
        page.get_by_label(label, exact=True).fill(value)
    screenshot(page, "way-back-disinfection", "zh", "phone")
    well_made(page)
    page.get_by_role("button", name="登记消毒").click()
    expect(page.get_by_text("现在可以登记到达")).to_be_visible()
    page.get_by_text(f"1A {name}").last.click()
    page.get_by_label("体温（℃）").first.fill("36.5")
    screenshot(page, "way-back-arrivals", "zh", "phone")
    well_made(page)
    page.get_by_role("button", name="登记到达").first.click()
    expect(page.get_by_text(f"{name} 已登记到达")).to_be_visible()
    kinds = {fact.kind for fact in ledger.about([worker])}
    assert {"booking", "boarding", "arrival", "identity_check", "temperature", "supplies"} <= kinds
    assert ledger.standing().get(kind="disinfection").values["trip"] == "J01"

    sick = here.names[here.workers[1]]
    page.get_by_text(sick).last.click()
    page.get_by_label("体温（℃）").first.fill("38.4")
    page.get_by_role("button", name="登记到达").first.click()
    expect(page.get_by_text("发热：立即隔离")).to_be_visible()
    page = browse(here.dispatcher, "en", "phone")
    page.goto(f"/trips/{trip.pk}/arrivals/")
    screenshot(page, "way-back-fever-on-arrival", "en", "phone")
    well_made(page)
    page.get_by_role("button", name="Confirm as close contacts").click()
    expect(page.get_by_text("They are on record as close contacts.")).to_be_visible()
    page.goto(f"/trips/{trip.pk}/")
    screenshot(page, "way-back-trip", "en", "phone")
    well_made(page)
