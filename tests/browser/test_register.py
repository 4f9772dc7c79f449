"""The daily register in a real browser: 300 people at once, and one's own in one tap."""

from __future__ import annotations

import gzip
import time

import pytest
from playwright.sync_api import Page, expect

import builders
import gatehouse as g
from fugong.base import clock
from fugong.ledger.models import Fact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plant(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: g.clock("07:20"))
    g.adopt()
    return g.plant()


@pytest.fixture
def watched(browse):
    """Opens a page; nothing may be blocked or broken on the way."""
    pages = []

    def opened(user, address: str, language: str = "zh-hans", device: str = "phone") -> Page:
        page = browse(user, language, device)
        page.goto(address)
        pages.append(page)
        return page

    yield opened
    assert [page.problems for page in pages] == [[]] * len(pages)


@pytest.mark.parametrize("device", ["phone", "desk"])
def test_three_hundred_people_all_well_but_two_in_a_minute(plant, watched, screenshot, device):
    workers = g.hire(plant, *(builders.name(number) for number in range(300)), workshop="织造车间")
    g.survey(*workers)
    leader = g.user("leader", "line_leader", plant.id)
    g.register(workers[7], g.clock("07:05"))
    start = time.monotonic()
    page = watched(leader, f"/enterprises/{plant.id}/register/", device=device)
    ill, absent = (page.locator(f"[id='w-{workers[n]}']") for n in (3, 11))
    ill.uncheck()
    slot = page.locator(f"[id='x-{workers[3]}']")
    slot.get_by_text("咳嗽").click()
    slot.get_by_label("体温（℃）").fill("37.8")
    absent.uncheck()
    slot = page.locator(f"[id='x-{workers[11]}']")
    expect(slot.get_by_label("体温（℃）")).to_be_visible()
    slot.get_by_text("不在岗，不登记").click()
    expect(slot.get_by_label("体温（℃）")).to_be_hidden()
    expect(slot.get_by_text("咳嗽")).to_be_hidden()
    ill.scroll_into_view_if_needed()
    screenshot(page, "register-list", "zh", device, full=False)
    page.get_by_role("button", name="提交登记").click()
    expect(page.locator("#filed")).to_contain_text("已登记 298 人：健康 297 人，不适 1 人。")
    assert time.monotonic() - start < 60
    screenshot(page, "register-filed", "zh", device, full=False)
    assert Fact.objects.filter(kind="register").count() == 299
    assert not Fact.objects.filter(kind="register", subject=workers[11]).exists()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销 298 条登记。")).to_be_visible()


def test_a_line_ticked_again_is_simply_well(plant, watched):
    (worker,) = g.hire(plant, "王小明")
    leader = g.user("leader", "line_leader", plant.id)
    page = watched(leader, f"/enterprises/{plant.id}/register/", "en")
    box, slot = page.get_by_role("checkbox").first, page.locator(".reg-slot")
    box.uncheck()
    expect(slot.get_by_text("cough")).to_be_visible()
    box.check()
    expect(slot).to_be_empty()
    page.get_by_role("button", name="File the register").click()
    expect(page.locator("#filed")).to_contain_text("1 well, 0 not well")
    expect(page.get_by_role("button", name="File the register")).to_be_disabled()
    page.get_by_role("button", name="Correct").click()
    page.get_by_text("not well", exact=True).click()
    page.get_by_role("button", name="File the register").click()
    expect(page.locator("#filed")).to_contain_text("0 well, 1 not well")
    assert Fact.objects.filter(subject=worker, kind="register").count() == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_one_tap_on_the_phone(plant, watched, screenshot, language):
    (worker,) = g.hire(plant, "王小明")
    g.survey(worker)
    page = watched(g.user("me", "worker", worker), "/me/register/", language)
    screenshot(page, "register-own", language, "phone", full=False)
    page.get_by_role("button", name="我身体健康" if language == "zh-hans" else "I feel well").tap()
    until = "登记有效至" if language == "zh-hans" else "Registered until"
    expect(page.locator("#answer")).to_contain_text(until)
    expect(page.locator("#answer")).to_contain_text("10:00")
    screenshot(page, "register-done", language, "phone", full=False)
    assert Fact.objects.get(kind="register").values == {"well": True, "filed_by": "worker"}


def test_not_well_on_the_phone(plant, watched, screenshot):
    (worker,) = g.hire(plant, "王小明")
    g.survey(worker)
    page = watched(g.user("me", "worker", worker), "/me/register/")
    page.get_by_text("我身体不适").tap()
    page.get_by_text("咳嗽").tap()
    page.get_by_text("乏力").tap()
    page.locator("#celsius").fill("37.8")
    screenshot(page, "register-unwell", "zh", "phone", full=False)
    page.get_by_role("button", name="提交：身体不适").tap()
    expect(page.get_by_text("暂时还不能进厂，原因和办法如下。")).to_be_visible()
    screenshot(page, "register-refused", "zh", "phone", full=False)
    assert Fact.objects.get(kind="register").values["symptoms"] == ["cough", "fatigue"]


def test_the_phone_page_weighs_at_most_150_kilobytes_as_it_goes_over_the_wire(plant, watched):
    (worker,) = g.hire(plant, "王小明")
    page, loaded = watched(g.user("me", "worker", worker), "/me/register/"), []
    page.on("response", lambda response: loaded.append(response.url))
    page.reload(wait_until="networkidle")
    weights = {url: len(gzip.compress(page.request.get(url).body())) for url in loaded}
    assert any(url.endswith("register.css") for url in weights)
    assert sum(weights.values()) <= 150_000
