"""The door in a real browser: a scan, a temperature, green or red, and the next scan."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

import gatehouse as g
from fugong.base import clock
from fugong.ledger.models import Fact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": ("可以进入", "不能进入", "请到健康点复测。", "暂缓进入"),
    "en": ("Go in", "Do not go in", "Please go to the health point to be measured again.", "Not in yet"),
}


@pytest.fixture
def plant(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: g.SEVEN_FORTY)
    g.adopt()
    plant = g.plant()
    phones = ("13950203317", "13950208842", "13805911207", "13700001207")
    workers = g.hire(plant, "王小明", "陈静", "王晓梅", "单雄信", phones=phones)
    g.survey(*workers)
    for worker in workers[:2]:
        g.register(worker, g.clock("07:20", -1))
    return plant


@pytest.fixture
def door(plant, browse) -> Callable[..., Page]:
    """The door's page as its guard sees it on a phone; nothing may be blocked or broken on the way."""
    guard = g.user("guard", "guard", plant.id)
    pages = []

    def opened(language: str = "zh-hans", device: str = "phone") -> Page:
        page = browse(guard, language, device)
        page.goto(f"/doors/{plant.door.pk}/")
        pages.append(page)
        return page

    yield opened
    assert [page.problems for page in pages] == [[]] * len(pages)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text, exact=True)).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_scanner_and_a_keyboard_are_enough(door, screenshot, language):
    go, _stop, health, wait = WORDS[language]
    page = door(language=language)
    expect(page.locator("#door-q")).to_be_focused()
    screenshot(page, "door-search", language, "phone", full=False)
    page.keyboard.type("A1")
    page.keyboard.press("Enter")
    expect(page.locator("#celsius")).to_be_focused()
    screenshot(page, "door-check", language, "phone", full=False)
    page.keyboard.type("36.6")
    page.keyboard.press("Enter")
    heading(page, go)
    expect(page.locator("#door-q")).to_be_focused()
    screenshot(page, "door-green", language, "phone", full=False)
    page.keyboard.type("A2")
    page.keyboard.press("Enter")
    expect(page.locator("#celsius")).to_be_focused()
    page.keyboard.type("37.6")
    page.keyboard.press("Enter")
    heading(page, wait)
    expect(page.get_by_text(health)).to_be_visible()
    expect(page.get_by_text("37.6")).to_have_count(0)
    page.wait_for_timeout(750)  # by then it would say that it works
    expect(page.locator("#fg-busy")).to_be_empty()
    screenshot(page, "door-amber", language, "phone", full=False)
    outcomes = Fact.objects.filter(kind="door_check").order_by("id").values_list("values__outcome", flat=True)
    assert list(outcomes) == ["passed", "refused"]


def scan(page, typed):
    page.fill("#door-q", typed)
    page.press("#door-q", "Enter")
    expect(page.locator("#celsius")).to_be_focused()
    return page


def test_typing_finds_and_a_missing_register_is_asked_in_two_taps(door, screenshot):
    page = door()
    page.locator("#door-q").press_sequentially("wx")
    expect(page.locator("#door-found li")).to_have_count(2)
    screenshot(page, "door-found", "zh", "phone", full=False)
    page.get_by_text("尾号 1207").tap()
    page.get_by_role("button", name="36.5").tap()
    expect(page.get_by_role("alert")).to_contain_text("今天还没有登记")
    screenshot(page, "door-register", "zh", "phone", full=False)
    page.get_by_role("button", name="健康", exact=True).tap()
    heading(page, "可以进入")
    expect(page.get_by_text("36.5 ℃", exact=True)).to_be_visible()
    register = Fact.objects.get(kind="register", start=g.SEVEN_FORTY)
    assert register.values == {"well": True, "filed_by": "guard"}
    assert Fact.objects.filter(kind="door_check").count() == 1


def test_one_tap_is_enough_when_all_is_well_and_a_wrong_key_can_be_undone(door):
    page = scan(door(), "A1")
    page.get_by_role("button", name="36.5").tap()
    heading(page, "可以进入")
    page.get_by_role("button", name="撤销").tap()
    expect(page.get_by_text("已撤销，请重新检查。")).to_be_visible()
    page.get_by_text("口罩").tap()
    page.get_by_role("button", name="36.5").tap()
    expect(page.get_by_text("请戴好口罩。")).to_be_visible()
    page.get_by_role("link", name="下一位").tap()
    expect(page.locator("#door-q")).to_be_focused()


def test_going_out_is_a_scan_and_enter(door):
    page = door()
    page.get_by_role("link", name="出", exact=True).tap()
    expect(page.locator("#door-q")).to_be_focused()
    page.keyboard.type("A1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="记录出门")).to_be_focused()
    page.keyboard.press("Enter")
    heading(page, "已出门")
    assert Fact.objects.get(kind="door_check").values["direction"] == "out"


def test_a_second_tap_while_the_first_is_on_its_way_stores_one_check(door):
    page = scan(door(), "A1")
    page.get_by_role("button", name="36.5").dblclick()
    heading(page, "可以进入")
    assert Fact.objects.filter(kind="door_check").count() == 1
    page.go_back()
    connection.close()


def test_targets_are_large_enough_for_gloves(door):
    page = scan(door(), "A1")
    page.wait_for_load_state("load")
    sizes = page.eval_on_selector_all(
        "#door a, #door button:not(.visually-hidden), #door .btn, #door input.form-control",
        "elements => elements.map(e => [e.textContent.trim(), e.getBoundingClientRect().height])",
    )
    assert len(sizes) >= 9
    assert [size for size in sizes if size[1] < 48] == []


def test_the_first_load_weighs_at_most_150_kilobytes_as_it_goes_over_the_wire(door):
    page, loaded = door(), []
    page.on("response", lambda response: loaded.append(response.url))
    page.reload(wait_until="networkidle")
    weights = {url: len(gzip.compress(page.request.get(url).body())) for url in loaded}
    assert any(url.endswith("doors.css") for url in weights)
    assert sum(weights.values()) <= 150_000


def test_the_door_at_a_desk(door, screenshot):
    page = door(device="desk")
    page.goto("/doors/")
    screenshot(page, "door-list", "zh", "desk", full=False)
    page.get_by_text("一车间东门").click()
    page.locator("#door-q").fill("陈静")
    page.keyboard.press("Enter")
    page.locator("#celsius").fill("36.6")
    page.keyboard.press("Enter")
    heading(page, "可以进入")
    screenshot(page, "door-green", "zh", "desk", full=False)


def test_a_scan_is_not_lost_on_a_slow_network(door, plant):
    """What is scanned is also what is typed: the list that follows typing must not push the scan aside."""
    page = door()

    def late(route):
        time.sleep(0.6)  # longer than the list waits for the next letter
        route.continue_()

    page.route(f"**/doors/{plant.door.pk}/", late)
    page.fill("#door-q", "A1")
    page.press("#door-q", "Enter")
    expect(page.locator("#celsius")).to_be_focused()


OVERRIDE = {
    "zh-hans": ("特批放行…", "医疗急救", "下一步", "放行", "特批放行"),
    "en": ("Let in all the same…", "medical emergency", "Go on", "Let in", "Let in all the same"),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_guard_lets_a_refused_worker_in_with_three_taps_and_the_town_counts_it(
    door, plant, browse, screenshot, language
):
    all_the_same, why, onwards, let_in, done = OVERRIDE[language]
    page = scan(door(language=language), "A3")
    page.locator("label[for=well-no]").tap()
    page.get_by_role("button", name="36.5").tap()
    heading(page, WORDS[language][1])
    screenshot(page, "door-refused", language, "phone", full=False)
    page.get_by_role("link", name=all_the_same).tap()
    expect(page.get_by_text(why, exact=True)).to_be_visible()
    screenshot(page, "door-override", language, "phone", full=False)
    page.get_by_text(why, exact=True).tap()
    page.get_by_role("button", name=onwards).tap()
    expect(page.get_by_role("button", name=let_in, exact=True)).to_be_visible()  # which only the next page has
    assert not Fact.objects.filter(kind="door_override").exists()
    screenshot(page, "door-override-sure", language, "phone", full=False)
    page.wait_for_load_state("load")
    small = page.eval_on_selector_all(
        "#door button, #door .btn, #door a",
        "elements => elements.filter(e => e.getBoundingClientRect().height < 48).map(e => e.outerHTML)",
    )
    assert small == []
    page.get_by_role("button", name=let_in, exact=True).dblclick()
    heading(page, done)
    screenshot(page, "door-let-in", language, "phone", full=False)
    assert [fact.values["reason"] for fact in Fact.objects.filter(kind="door_override")] == ["medical_emergency"]
    town = browse(g.user("town", "town_administrator"), language, "desk")
    town.goto("/town/")
    screenshot(town, "town-overrides", language, "desk")
    town.locator("section[aria-labelledby=overrides] tbody a").first.click()
    expect(town.get_by_role("main")).to_contain_text(why)
    expect(town.get_by_role("main")).to_contain_text("王晓梅")
    screenshot(town, "overrides", language, "desk", full=False)
