"""Premises in a real browser: a keeper's round, a disinfection, handing out by badge, a clerk's store."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

import builders
from browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE, SIZES, hands_off_until_loaded, session_of
from browser.filming import film
from browser.looks import fits, well_made
from fugong.ledger.queries import standing
from fugong.premises.dormitories.services import NewRoom
from fugong.premises.hygiene import services as hygiene
from fugong.premises.models import Cleaning, Stock
from premises.plant import DAY, NOW, Plant, plant, sleeps, store

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(transactional_db, stopped_clock) -> Plant:
    made = plant(6, rooms=(NewRoom("101", 6, Decimal("7.5")), NewRoom("102", 4, Decimal(12))))
    for n, worker in enumerate(made.people[:5], start=1):
        sleeps(worker, made.beds[f"101/{n}" if n < 5 else "102/1"], NOW - DAY)
    hygiene.add_duty(site=made.site, kind="canteen", name="职工食堂", responsible="林阿姨", now=NOW - DAY)
    hygiene.add_duty(site=made.site, kind="lift", name="货梯", responsible="陈师傅", now=NOW - DAY)
    store(made)
    return made


def test_a_keeper_goes_round_and_a_guard_hands_out(place, browse, screenshot):
    base = f"/enterprises/{place.enterprise.pk}/"
    keeper = browse(builders.user("line_leader", place.enterprise.pk), "zh-hans", "phone")
    keeper.goto(f"{base}dormitories/round/")
    fits(keeper)
    well_made(keeper)
    screenshot(keeper, "premises-round", "zh", "phone")
    room = keeper.locator("#r0")
    room.get_by_role("checkbox", name=builders.name(0)).uncheck()
    room.get_by_label(f"{builders.name(1)} ℃").fill("36.6")
    room.get_by_role("button", name="登记房间 101").click()
    expect(keeper.get_by_text("101：已登记 3 人")).to_be_visible()
    assert standing().filter(kind="register").count() == 3

    guard = browse(builders.user("guard", place.enterprise.pk), "zh-hans", "phone")
    guard.goto(f"{base}upkeep/")
    guard.locator("details", has_text="职工食堂").locator("summary").click()
    fits(guard)
    well_made(guard)
    screenshot(guard, "premises-upkeep", "zh", "phone")
    form = guard.locator("details", has_text="职工食堂")
    form.get_by_label("消毒剂").fill("含氯消毒液")
    form.get_by_label("浓度").fill("500")
    form.get_by_label("分钟").fill("30")
    form.get_by_role("button", name="记录").click()
    expect(guard.get_by_text("职工食堂：消毒已登记")).to_be_visible()
    assert Cleaning.objects.get().who == "林阿姨"

    guard.goto(f"{base}supplies/hand-out/")
    guard.get_by_label("码或工牌号").fill("B2")
    guard.keyboard.press("Enter")
    expect(guard.get_by_role("heading", name=builders.name(2))).to_be_visible()
    fits(guard)
    well_made(guard)
    screenshot(guard, "premises-hand-out", "zh", "phone")
    guard.get_by_label("一次性口罩").fill("5")
    guard.get_by_role("button", name="发放").click()
    expect(guard.get_by_text(f"已发给 {builders.name(2)}")).to_be_visible()
    assert Stock.objects.get().on_hand == 95


@pytest.mark.parametrize(("language", "short", "width"), [("zh-hans", "zh", "desk"), ("en", "en", "phone")])
def test_the_clerks_and_the_towns_lists_look_right(place, browse, screenshot, language, short, width):
    base = f"/enterprises/{place.enterprise.pk}/"
    clerk = browse(builders.user("enterprise_clerk", place.enterprise.pk), language, width)
    for name, path in (("dormitories", "dormitories/"), ("supplies", "supplies/"), ("canteen", "canteen/")):
        clerk.goto(base + path)
        fits(clerk)
        well_made(clerk)
        screenshot(clerk, f"premises-{name}", short, width)
    town = browse(builders.user("bureau_reader"), language, width)
    for name, path in (("town", "/premises/"), ("rooms", "/premises/rooms/"), ("overdue", "/premises/disinfections/")):
        town.goto(path)
        fits(town)
        well_made(town)
        screenshot(town, f"premises-town-{name}", short, width)


def test_a_badge_before_the_camera_is_found_as_by_a_scanner(place, chromium, live_server, tmp_path):
    """Chromium's fake camera shows the badge: nothing is put in by a hook."""
    seen = film(tmp_path / "camera.y4m", "B2")
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM,
        args=[
            *ARGUMENTS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={seen}",
        ],
    )  # fmt: skip
    try:
        width, height = SIZES["phone"]
        page = browser.new_page(
            base_url=live_server.url, locale="zh-CN", viewport={"width": width, "height": height}, is_mobile=True
        )
        hands_off_until_loaded(page.context)
        page.set_default_timeout(PATIENCE)
        page.context.add_cookies([session_of(builders.user("guard", place.enterprise.pk), live_server.url)])
        page.goto(f"/enterprises/{place.enterprise.pk}/supplies/hand-out/")
        page.locator("#open-camera").click()
        expect(page.get_by_role("heading", name=builders.name(2))).to_be_visible()
        page.locator("input[name^=number]").fill("2")
        page.locator("form button.btn-primary").click()
        expect(page.get_by_text(builders.name(2))).to_be_visible()
        assert Stock.objects.get().on_hand == 98
    finally:
        browser.close()
