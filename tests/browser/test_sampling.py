"""Workers whose pooled test is positive: order, appointment, tube, laboratory's file, held, single tests; then one is put right,
the other is a case, whose contact is found, told, tested and given a room.

Each step on the page that its person uses: the clerk and the town at a desk, the sampler, the medic and the worker with a
phone or tablet in hand.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import builders as b
from browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE, hands_off_until_loaded, session_of
from browser.filming import film
from browser.looks import well_made
from fugong.base import clock
from fugong.base.models import User
from fugong.doors.passes import services as passes
from fugong.ledger.models import Fact
from fugong.sampling.models import Order, Tube
from observation.sites import Hotel, hotel
from sampling.clinic import NOW, clinic, quarter_hours
from sampling.clinic import clock as local_clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh-hans": {
        "may": "可以上岗", "not_yet": "暂不能上岗", "unclear": "您的检测结果不明（混检未阴性或须复检）。", "mine": "我的检测",
        "tick": "开检测单", "ordered": "为勾选的人开单", "book": "确认预约", "barcode": "采样管条码", "scan": "扫通行证或工牌，或输入",
        "find": "查找", "open": "开管", "close": "封管（2 人）", "paste": "或粘贴带表头的行", "look": "先预览", "take": "导入",
        "held": "2 人将立即不得上岗", "waits": "2 人中还有 2 人等单管复检", "decides": "以单管复检为准", "right": "已由采样管",
        "negative": "阴性", "store": "保存结果", "positive": "阳性", "cases": "病例与密接", "case": "立病例",
        "near": "待复核 · 食堂同桌", "confirm": "确认为密切接触者", "lapsed": "已判定 1 人为密接", "no_bed": "尚无床位",
        "urgent": "加急单管检测单", "sites": "医学观察点", "keep": "预留床位", "who": "姓名、拼音首字母或号码末四位", "take_bed": "预留",
        "coming": "办理入住…", "comes": "办理入住", "came": "已办理入住。", "board": "房间一览", "contact": "您与病例有过密切接触",
        "room": "我的房间", "ill": "您有疑似、确诊、无症状感染或检测阳性的记录",
    },
    "en": {
        "may": "You may work", "not_yet": "Not yet", "unclear": "Your test result is unclear", "mine": "My test",
        "tick": "Order a test", "ordered": "Order for those ticked", "book": "Make the appointment", "barcode": "Barcode of the tube",
        "scan": "Scan the pass or badge, or type", "find": "Find", "open": "Open the tube", "close": "Close the tube with 2 people",
        "paste": "Or paste rows with their header", "look": "Look at it first", "take": "Take it in",
        "held": "2 people may not come to work at once", "waits": "2 of 2 people still wait", "decides": "a single test decides",
        "right": "put right by tube", "negative": "negative", "store": "Store the result", "positive": "positive",
        "cases": "Cases and contacts", "case": "Open a case", "near": "To be reviewed · same table in the canteen",
        "confirm": "Confirm as close contacts", "lapsed": "1 people are close contacts now", "no_bed": "no bed yet",
        "urgent": "single test, urgent", "sites": "Observation sites", "keep": "Keep a bed",
        "who": "Name, initials, or the end of a number", "take_bed": "Keep the bed", "coming": "Check in …", "comes": "Check in",
        "came": "Checked in.", "board": "Board of rooms", "contact": "You were in close contact with a case", "room": "My room",
        "ill": "You are or were a case, or tested positive",
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
def test_a_pool_that_is_positive_holds_until_single_tests_part_the_well_from_the_case(
    transactional_db, at, browse, screenshot, language
):
    say = WORDS[language]
    town = clinic(3, tested=1)
    well, new, third = town.workers
    canteen, _door = b.site_with_door(town.enterprise, "食堂")
    for one in (new, third):
        b.record(one, "canteen_seat", NOW - 86_400, {"site": str(canteen.pk), "table": "7"})
    house = hotel(town.enterprise)
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
        expect(sampler.locator(".st-hits")).to_have_count(0)  # the next page, which asks nothing
        expect(sampler.get_by_text(f"SINGLE-000{number}").first).to_be_visible()
        assert Order.objects.get(worker=worker, why=Order.POOL).state == Order.SAMPLED

    at.now = local_clock("09:00", 1)
    b.register(well, local_clock("07:10", 1))
    for barcode, result in (("SINGLE-0001", "negative"), ("SINGLE-0002", "positive")):
        desk.goto(f"/sampling/tubes/{Tube.objects.get(barcode=barcode).pk}/")
        desk.get_by_label(say[result], exact=True).check()
        desk.get_by_role("button", name=say["store"]).click()
        expect(desk.get_by_text(say[result]).first).to_be_visible()
    pool = Tube.objects.get(barcode="POOL-0001")
    desk.goto(f"/sampling/tubes/{pool.pk}/")
    expect(desk.get_by_text(say["right"])).to_have_count(2)
    well_made(desk)
    screenshot(desk, "tests-pool", language, "desk")

    if language == "en":  # in which words are longer
        sampler.set_viewport_size({"width": 360, "height": 740})
        for path in ("", "due/", f"sites/{town.site}/", f"sites/{town.site}/slots/", f"tubes/{pool.pk}/", "tubes/", "results/",
                     "refused/", "schedule/", "labels/", f"orders/{order.pk}/"):  # fmt: skip
            sampler.goto(f"/sampling/{path}")
            well_made(sampler)
        sampler.goto("/sampling/labels/")
        for _again in range(2):  # the page stays, and makes as many sheets as are asked for
            with sampler.expect_download() as made:
                sampler.get_by_role("button", name="Make the PDF").click()
            assert made.value.path().read_bytes().startswith(b"%PDF")

    phone.goto("/me/")
    expect(phone.get_by_text(say["may"]).first).to_be_visible()
    expect(phone.get_by_text(say["mine"])).to_be_visible()
    well_made(phone)
    screenshot(phone, "me-test", language, "phone")
    latest = Fact.objects.get(subject_id=well, kind="test", supersedes__isnull=False)
    assert latest.values["specimen"] == "SINGLE-0001" and latest.values["result"] == "negative"

    the_case(browse, say, language, new=b.name(1), third=b.name(2), screenshot=screenshot)
    ill, near = (browse(b.user("worker", one, f"w{n}"), language, "phone") for n, one in enumerate((new, third)))
    ill.goto("/me/")
    expect(ill.get_by_text(say["ill"]).first).to_be_visible()
    near.goto("/me/")
    expect(near.get_by_role("heading", name=say["contact"])).to_be_visible()
    expect(near.get_by_text(say["no_bed"])).to_have_count(0)
    desk.goto("/sampling/due/")
    desk.get_by_role("button", name=say["urgent"]).click()
    assert Order.objects.get(worker=third, why=Order.CONTACT).urgent
    the_room(browse, say, language, third=b.name(2), house=house)
    near.reload()
    expect(near.get_by_role("heading", name=say["room"])).to_be_visible()
    expect(near.get_by_text("临江宾馆 · 101")).to_be_visible()
    well_made(near)


def the_case(browse, say: dict[str, str], language: str, *, new: str, third: str, screenshot) -> None:
    """The town opens the case and confirms whom the rules found: who ate at the same table."""
    town = browse(b.user("town_administrator"), language)
    town.goto("/")
    town.get_by_role("link", name=say["cases"]).first.click()
    town.get_by_role("row", name=new).get_by_role("button", name=say["case"]).click()
    group = town.get_by_role("region", name=say["near"])
    expect(group.get_by_role("row", name=third)).to_be_visible()
    well_made(town)
    screenshot(town, "case", language, "desk")
    group.get_by_role("button", name=say["confirm"]).click()
    expect(town.get_by_text(say["lapsed"])).to_be_visible()
    expect(town.get_by_role("row", name=third)).to_contain_text(say["no_bed"])


def the_room(browse, say: dict[str, str], language: str, *, third: str, house: Hotel) -> None:
    """The town keeps a bed for the contact, and the site's medic checks them in."""
    town = browse(User.objects.get(role_name="town_administrator"), language)
    town.goto("/")
    town.get_by_role("link", name=say["sites"]).first.click()
    town.get_by_role("link", name=house.site.name).click()
    town.get_by_role("link", name=say["keep"]).click()
    town.get_by_label(say["who"]).fill(third)
    town.keyboard.press("Enter")
    town.get_by_role("radio", name=third).check()
    town.get_by_role("button", name=say["take_bed"], exact=True).click()
    medic = browse(b.user("observation_medic", house.site.pk), language, "phone")
    medic.goto(f"/observation/{house.site.pk}/")
    medic.get_by_role("link", name=say["coming"]).click()
    medic.get_by_role("button", name=say["comes"]).click()
    expect(medic.get_by_text(say["came"])).to_be_visible()
    well_made(medic)


def test_the_phones_camera_reads_the_barcode_of_a_tube(
    transactional_db, at, chromium, live_server, tmp_path, screenshot
):
    town = clinic(1)
    seen = film(tmp_path / "camera.y4m", "JF-0007", bars=True)
    fake = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    ]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *fake])
    try:
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": 390, "height": 844})
        context.add_cookies([session_of(town.staff, live_server.url)])
        hands_off_until_loaded(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.problems = []  # type: ignore[attr-defined]
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)  # type: ignore[attr-defined]
        page.goto(f"/sampling/sites/{town.site}/")
        page.get_by_role("button", name="用摄像头扫码").click()
        expect(page.get_by_label("采样管条码")).to_have_value("JF-0007")
        screenshot(page, "tests-camera", "zh", "phone")
        well_made(page)
        page.get_by_role("button", name="开管").click()
        expect(page.get_by_role("link", name="JF-0007")).to_be_visible()
        expect(page.get_by_role("button", name="用摄像头扫码")).to_have_attribute("aria-pressed", "true")  # still open
    finally:
        browser.close()
