"""A worker whose pooled test is positive: order, appointment, tube, laboratory's file, held, single test, put right.

Each step on the page that its person uses: the clerk at a desk, the sampler and the worker with a phone in hand.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import builders as b
from browser.looks import well_made
from fugong.base import clock
from fugong.doors.passes import services as passes
from fugong.ledger.models import Fact
from fugong.sampling.models import Order, Tube
from sampling.clinic import NOW, clinic, quarter_hours
from sampling.clinic import clock as local_clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh-hans": {
        "may": "可以上岗", "not_yet": "暂不能上岗", "unclear": "您的检测结果不明（混检未阴性或须复检）。", "mine": "我的检测",
        "tick": "开检测单", "ordered": "为勾选的人开单", "book": "确认预约", "barcode": "采样管条码", "scan": "扫通行证或工牌，或输入",
        "find": "查找", "open": "开管", "close": "封管（2 人）", "paste": "或粘贴带表头的行", "look": "先预览", "take": "导入",
        "held": "2 人将立即不得上岗", "waits": "2 人中还有 2 人等单管复检", "decides": "以单管复检为准", "right": "已由采样管",
        "negative": "阴性", "store": "保存结果", "single": "单管",
    },
    "en": {
        "may": "You may work", "not_yet": "Not yet", "unclear": "Your test result is unclear", "mine": "My test",
        "tick": "Order a test", "ordered": "Order for those ticked", "book": "Make the appointment", "barcode": "Barcode of the tube",
        "scan": "Scan the pass or badge, or type", "find": "Find", "open": "Open the tube", "close": "Close the tube with 2 people",
        "paste": "Or paste rows with their header", "look": "Look at it first", "take": "Take it in",
        "held": "2 people may not come to work at once", "waits": "2 of 2 people still wait", "decides": "a single test decides",
        "right": "put right by tube", "negative": "negative", "store": "Store the result", "single": "single",
    },
}  # fmt: skip


class Moment:
    """The clock of this day, which moves on with the story."""

    now = NOW


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Moment:
    moment = Moment()
    monkeypatch.setattr(clock, "now", lambda: moment.now)
    return moment


def open_tube(page: Page, say: dict[str, str], barcode: str, size: str) -> None:
    page.get_by_label(say["barcode"]).fill(barcode)
    page.locator(f"label[for=size-{size}]").click()
    page.get_by_role("button", name=say["open"]).click()


def scan(page: Page, say: dict[str, str], text: str) -> None:
    """As a scanner does: the text, then Enter."""
    page.get_by_label(say["scan"]).fill(text)
    page.get_by_label(say["scan"]).press("Enter")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_pool_that_is_positive_holds_and_a_single_test_puts_it_right(
    transactional_db, at, browse, screenshot, language
):
    say = WORDS[language]
    town = clinic(3, tested=1)
    well, new, _third = town.workers
    quarter_hours(town.site, "09:30", "09:45", 4)
    (badge,) = passes.badges(workers=[new], now=NOW, actor=None)
    phone = browse(b.user("worker", well, "well"), language, "phone")
    phone.goto("/me/")
    expect(phone.get_by_text(say["may"]).first).to_be_visible()  # by a result of two days ago

    clerk = browse(b.user("enterprise_clerk", town.enterprise.pk), language)
    clerk.goto(f"/enterprises/{town.enterprise.pk}/tests/")
    well_made(clerk)
    clerk.get_by_label(say["tick"]).first.check()
    screenshot(clerk, "tests-due", language, "desk")
    clerk.get_by_role("button", name=say["ordered"]).click()
    order = Order.objects.get()
    clerk.locator(f"a[href='/sampling/orders/{order.pk}/']").first.click()
    clerk.get_by_role("button", name=say["book"]).click()
    expect(clerk.get_by_text("09:30").first).to_be_visible()
    well_made(clerk)
    screenshot(clerk, "tests-order", language, "desk")

    sampler = browse(town.staff, language, "phone")
    sampler.goto(f"/sampling/sites/{town.site}/")
    well_made(sampler)
    open_tube(sampler, say, "POOL-0001", "5")
    scan(sampler, say, badge.text)
    expect(sampler.get_by_text("1 / 5")).to_be_visible()
    scan(sampler, say, b.name(0))
    well_made(sampler)
    screenshot(sampler, "tests-site", language, "phone")
    sampler.locator(".st-hits button").click()
    expect(sampler.get_by_text("2 / 5")).to_be_visible()
    sampler.get_by_role("button", name=say["close"]).click()
    expect(sampler.get_by_text("POOL-0001")).to_be_visible()

    at.now = local_clock("20:00")
    desk = browse(town.staff, language)
    desk.goto("/sampling/results/")
    well_made(desk)
    rows = "样本编号\t结果\t报告时间\nPOOL-0001\t阳性\t2020-03-09 19:30\nP00L-0002\t阴性\t2020-03-09 19:30\n"
    desk.get_by_label(say["paste"]).fill(rows)
    desk.get_by_role("button", name=say["look"]).click()
    expect(desk.get_by_text(say["held"])).to_be_visible()
    well_made(desk)
    screenshot(desk, "tests-preview", language, "desk")
    desk.get_by_role("button", name=say["take"]).click()
    expect(desk.get_by_text("P00L-0002").first).to_be_visible()
    desk.locator("tbody a").first.click()
    well_made(desk)
    screenshot(desk, "tests-refused", language, "desk")

    phone.goto("/me/")
    expect(phone.get_by_text(say["unclear"]).first).to_be_visible()
    expect(phone.get_by_text(say["decides"])).to_be_visible()
    well_made(phone)
    screenshot(phone, "me-test-held", language, "phone")

    sampler.goto(f"/sampling/sites/{town.site}/")
    for number, worker in ((1, well), (2, new)):
        open_tube(sampler, say, f"SINGLE-000{number}", "1")
        scan(sampler, say, b.name(number - 1))
        sampler.locator(".st-hits button").click()
        expect(sampler.get_by_text(f"SINGLE-000{number}").first).to_be_visible()
        assert Order.objects.get(worker=worker, why=Order.POOL).state == Order.SAMPLED

    at.now = local_clock("09:00", 1)
    b.register(well, local_clock("07:10", 1))
    single = Tube.objects.get(barcode="SINGLE-0001")
    desk.goto(f"/sampling/tubes/{single.pk}/")
    desk.get_by_label(say["negative"], exact=True).check()
    desk.get_by_role("button", name=say["store"]).click()
    pool = Tube.objects.get(barcode="POOL-0001")
    desk.goto(f"/sampling/tubes/{pool.pk}/")
    expect(desk.get_by_text(say["right"])).to_have_count(1)
    well_made(desk)
    screenshot(desk, "tests-pool", language, "desk")

    sampler.set_viewport_size({"width": 360, "height": 740})
    for path in ("", "due/", f"sites/{town.site}/", f"sites/{town.site}/slots/", f"tubes/{pool.pk}/", "tubes/", "results/",
                 "refused/", "schedule/", "labels/", f"orders/{order.pk}/"):  # fmt: skip
        sampler.goto(f"/sampling/{path}")
        well_made(sampler)

    phone.goto("/me/")
    expect(phone.get_by_text(say["may"]).first).to_be_visible()
    expect(phone.get_by_text(say["mine"])).to_be_visible()
    well_made(phone)
    screenshot(phone, "me-test", language, "phone")
    latest = Fact.objects.get(subject_id=well, kind="test", supersedes__isnull=False)
    assert latest.values["specimen"] == "SINGLE-0001" and latest.values["result"] == "negative"
