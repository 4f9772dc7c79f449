"""A trip on the phone that rides along, with the server's process stopped: boarding, counting, arrival; nothing lost or doubled."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

import builders
from browser.conftest import PATIENCE, SIZES, hands_off_until_loaded
from browser.keeping import Keeper, a_pass
from browser.looks import well_made
from browser.serving import Standing
from fugong.doors import misfits
from fugong.journeys.devices import oddities
from fugong.journeys.models import Booking, HeadCount, Sighting, Trip
from fugong.journeys.trips import services
from journeys import coach

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = builders.NOW
SKEW = "window.skew = 0; const real = Date.now; Date.now = () => real() + window.skew;"
"""A device's clock that a test can set."""
EARLIER = NOW - 7200


@pytest.fixture
def here(transactional_db, stopped_clock):
    return coach.plant(7)


def a_trip(here, code, workers, plate):
    made = coach.trip(here, code, departs=NOW - 1800, arrives=NOW + 1800, stops=(), vehicle=plate, now=EARLIER)
    services.book(trip=made.pk, workers=workers, now=EARLIER, actor=here.dispatcher.pk)
    return services.release(trip=made.pk, now=EARLIER, actor=here.dispatcher.pk)


@pytest.fixture
def trips(here):
    """Two coaches with three people each, on their way here."""
    return a_trip(here, "T1", here.workers[:3], "闽A12345"), a_trip(here, "T2", here.workers[3:6], "闽A67890")


@pytest.fixture
def standing(trips):
    found = Standing(connection.settings_dict["NAME"], NOW)
    found.start()
    yield found
    found.kill()


@pytest.fixture
def crew(chromium, standing, here):
    width, height = SIZES["phone"]
    context = chromium.new_context(
        base_url=standing.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": width, "height": height},
        is_mobile=True, has_touch=True,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    context.add_init_script(SKEW)
    hands_off_until_loaded(context)
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    keeper = Keeper(page, "zh-hans")
    admin = builders.user("town_administrator")
    here.admin = admin
    keeper.pair(SimpleNamespace(door=here.site.doors.get(), users={"town_administrator": admin}), "随车手机")
    yield Crew(keeper, here)
    context.close()


class Crew:
    """Somebody with the phone that rides along."""

    def __init__(self, keeper, here):
        self.keeper, self.page, self.here = keeper, keeper.page, here

    def signed_in(self):
        """A page of the administrator."""
        client = Client()
        client.force_login(self.here.admin)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.page.url.partition("/door/")[0]}
        self.page.context.add_cookies([cookie])
        page = self.page.context.new_page()
        page.problems = []
        return page

    def button(self, name, **more):
        return self.page.get_by_role("button", name=name, **more)

    def take(self, code):
        self.page.locator("#stage [data-do=trips]").click()
        self.button(code).click()
        expect(self.page.get_by_role("heading", name=code)).to_be_visible()

    def shows(self, colour, *words):
        shown = self.page.locator(f"[data-verdict={colour}]")
        expect(shown).to_be_visible()
        for one in words:
            expect(shown).to_contain_text(one)

    def on(self):
        self.page.locator("[data-verdict] [data-do=find]").click()
        expect(self.page.locator("[data-stage=trip]")).to_be_visible()

    def tap(self, group, place=0):
        """The button of somebody in a group of the trip's page."""
        self.page.locator("section", has=self.page.get_by_role("heading", name=group)).get_by_role("button").nth(
            place
        ).click()

    def board(self):
        self.tap("尚未上车")
        self.button("上车", exact=True).click()
        self.shows("green", "上车")
        self.on()

    def measure(self, celsius="36.5"):
        self.button("是本人", exact=True).click()
        if celsius == "36.5":
            self.button(celsius, exact=True).click()
        else:
            self.page.locator("[name=celsius]").fill(celsius)
            self.page.keyboard.press("Enter")

    def arrive(self):
        self.button("监测点").click()


def test_a_coach_without_a_network_and_without_a_disinfection_then_one_with(here, trips, standing, crew, screenshot):
    first, second = trips
    page, keeper = crew.page, crew.keeper
    text = a_pass(here.workers[0], now=NOW).text
    standing.kill()
    crew.take("T1")
    keeper.find(text)
    crew.shows("green", "上车", "1A")
    crew.on()
    screenshot(page, "trip-phone-boarding", "zh-hans", "phone")
    crew.board()
    crew.board()
    page.get_by_role("searchbox").fill("B6")
    page.keyboard.press("Enter")
    crew.button("拒绝上车").click()
    crew.shows("red", "不能上车", "不在本班次名单上")
    crew.on()
    crew.button("清点人数").click()
    page.get_by_label("清点人数").fill("3")
    crew.button("登记清点并开车").click()
    crew.shows("green", "人数相符")
    crew.on()
    crew.arrive()
    expect(page.get_by_text("尚未登记消毒")).to_be_visible()
    well_made(page)
    for _n in range(2):
        crew.tap("未到")
        expect(page.get_by_text("本机上没有车辆消毒登记")).to_be_visible()
        crew.measure()
        crew.shows("amber", "暂缓进入", "本机上没有车辆消毒登记", "36.5 ℃")
        screenshot(page, "trip-phone-no-record", "zh-hans", "phone", full=False)
        crew.on()
    expect(page.locator("[data-tally]")).to_have_text("已登记 0 人，未到 1 人，名单外 0 人")
    assert keeper.stored() == 7 and Sighting.objects.count() == 0

    standing.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    keeper.sent()
    assert Sighting.objects.count() == 6 and coach.facts_of("boarding") == 3 and coach.facts_of("arrival") == 0
    assert list(HeadCount.objects.values_list("counted", "expected")) == [(3, 3)]
    first.refresh_from_db()
    assert first.state == Trip.UNDER_WAY
    listed = misfits.found("early", [here.site.pk], NOW - 3600, NOW + 3600)
    assert {one.worker for one in listed} == set(here.workers[:2])
    assert [one.row.state for one in oddities.of_trip(first)] == [Sighting.KEPT] * 2
    desk = crew.signed_in()
    desk.goto(f"/sites/{here.site.pk}/misfits/")
    expect(desk.get_by_text("车辆消毒未登记就登记到达").first).to_be_visible()
    screenshot(desk, "trip-misfits", "zh-hans", "phone")
    desk.get_by_role("link", name=here.names[here.workers[0]]).click()
    expect(desk.locator("#odd")).to_contain_text("至今没有登记消毒。")
    screenshot(desk, "trip-odd", "zh-hans", "phone")
    well_made(desk)
    desk.close()
    crew.tap("未到", 2)  # online nobody is measured before the record
    crew.shows("red", "不能进入", "请先登记消毒")
    crew.on()

    crew.button("离开本班次").click()
    standing.kill()
    crew.take("T2")
    for _n in range(2):
        crew.board()
    crew.arrive()
    crew.button("登记消毒").click()
    for label, text in (
        ("消毒剂", "含氯消毒剂"),
        ("浓度，mg/L", "100"),
        ("作用时间，分钟", "30"),
        ("消毒人", "张师傅"),
    ):
        page.get_by_label(label).fill(text)
    crew.button("已完成").click()
    expect(page.get_by_role("alert")).to_contain_text("250 至 500 mg/L")
    page.get_by_label("浓度，mg/L").fill("500")
    screenshot(page, "trip-phone-disinfection", "zh-hans", "phone")
    crew.button("已完成").click()
    crew.shows("green", "已登记")
    crew.on()
    crew.tap("未到")
    crew.measure()
    crew.shows("green", "已登记到达")
    crew.on()
    expect(page.locator("[data-tally]")).to_have_text("已登记 1 人，未到 1 人，名单外 0 人")
    crew.tap("未到")  # a fever is measured again, ten minutes later
    crew.measure("38.4")
    crew.shows("amber", "10 分钟后复测")
    crew.on()
    page.evaluate("window.skew += 601000")
    standing.later(601)
    crew.tap("未到")
    crew.measure("38.6")
    crew.shows("red", "38.6 ℃")
    crew.button("已通知谁").click()
    page.get_by_label("被通知人").fill("陈医生")
    crew.button("记录", exact=True).click()
    crew.shows("red", "陈医生")
    crew.on()
    expect(page.locator("[data-tally]")).to_have_text("已登记 2 人，未到 0 人，名单外 0 人")
    page.get_by_role("searchbox").fill("B6")
    page.keyboard.press("Enter")
    crew.measure()
    crew.shows("amber", "名单外人员")
    crew.on()
    expect(page.locator("[data-tally]")).to_have_text("已登记 3 人，未到 0 人，名单外 1 人")
    screenshot(page, "trip-phone-arrival", "zh-hans", "phone")
    page.get_by_role("button", name="English").click()
    expect(page.locator("[data-tally]")).to_have_text("3 checked in, 0 missing, 1 not on the list")
    screenshot(page, "trip-phone-arrival", "en", "phone")
    well_made(page)
    standing.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    keeper.sent()
    states = dict(Booking.objects.filter(trip=second).values_list("worker", "state"))
    assert sorted(states.values()) == ["arrived", "arrived", "booked", "extra"]
    assert Sighting.objects.exclude(told_who="").get().worker_id in Booking.objects.filter(
        isolated_at__isnull=False
    ).values_list("worker", flat=True)
    assert coach.facts_of("arrival") == 3 and coach.facts_of("disinfection") == 1
    assert oddities.of_trip(second) == [] and page.problems == []
