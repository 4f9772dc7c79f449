"""The way back as people walk it, each with their own login, from page to page as the menu and the links lead.

One worker from the survey to their first shift; another, who arrives on the same coach with a fever, to a room and out of
it again. What happens to somebody whose pooled test is positive stands in ``test_sampling``.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import fits, well_made
from fugong.base import clock, local
from fugong.journeys.models import Trip
from fugong.ledger import queries as ledger
from fugong.observation.models import Stay
from fugong.registry import services as registry
from journeys import coach
from journeys.coach import ARRIVES, DEPARTS, NOW
from observation.sites import hotel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = 3600


@pytest.fixture
def time(monkeypatch):
    """A clock that the test sets, in the server's threads too."""
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


def day(number: int, at: str) -> int:
    """A local time of day, so many days after the first."""
    return local.at(local.day_after(builders.DAY, number), at)


def menu(page: Page, *titles: str) -> None:
    """From where somebody begins to a page, as the menu and the links lead."""
    page.goto("/")
    unfolded = page.locator(".fg-menu-button")
    for number, title in enumerate(titles):
        if not number and unfolded.is_visible():
            unfolded.click()
        page.get_by_role("link", name=title, exact=True).first.click()


def test_one_to_the_first_shift_and_one_with_a_fever_to_a_room_and_out(time, transactional_db, browse, screenshot):
    here = coach.plant(3, unasked=1)
    worker, sick = here.workers[0], here.workers[1]
    name, ill, third = (here.names[one] for one in here.workers)
    for one in here.workers[1:]:
        builders.survey(one, NOW - 60, whereabouts="away", test_required=True, intended_on="2020-03-10", means="bus")
    driver, guard = (builders.user(role, here.enterprise.pk) for role in ("driver", "guard"))
    house = hotel(here.enterprise)
    medic = builders.user("observation_medic", house.site.pk)
    clinic = registry.add_site(name="镇卫生院采样点")
    builders.record(clinic.pk, "site_open", builders.EARLY, {"purpose": "sampling"})
    phone = browse(builders.user("worker", worker), "zh-hans", "phone")
    clerk = browse(builders.user("enterprise_clerk", here.enterprise.pk))
    dispatcher = browse(here.dispatcher)

    the_survey(phone, screenshot)
    the_seats(clerk, here, [name, ill, third], screenshot)
    the_plan(dispatcher, here, [name, ill, third], screenshot)
    trip = Trip.objects.get(code="J01")
    phone.goto("/me/")
    expect(phone.get_by_text("我的返岗座位")).to_be_visible()
    expect(phone.get_by_text("1A", exact=True)).to_be_visible()
    screenshot(phone, "way-back-my-bus", "zh", "phone")
    fits(phone)

    time["now"] = DEPARTS
    the_boarding(browse(driver, "zh-hans", "phone"), [name, ill, third], screenshot)
    time["now"] = ARRIVES
    checkpoint = browse(guard, "zh-hans", "phone")
    the_arrival(checkpoint, [(name, "36.5"), (third, "36.6"), (ill, "38.4")], screenshot)
    kinds = {fact.kind for fact in ledger.about([worker])}
    assert {"survey", "booking", "boarding", "arrival", "identity_check", "temperature", "supplies"} <= kinds
    assert ledger.standing().get(kind="disinfection").values["trip"] == "J01"

    the_fever(dispatcher, trip, third, screenshot)
    assert [fact.subject_id for fact in ledger.standing().filter(kind="contact")] == [here.workers[2]]
    the_room(browse(builders.user("town_administrator"), "en"), browse(medic), ill, time, screenshot)

    time["now"] = day(1, "08:05")
    the_test(clerk, browse(builders.user("sampling_staff")), name, clinic.name, time)
    time["now"] = day(2, "07:10")
    the_first_shift(phone, checkpoint, clerk, name)

    time["now"] = day(4, "07:40")
    the_release(browse(medic), screenshot)
    assert Stay.objects.get(worker=sick).how == "released"


def the_survey(phone: Page, screenshot) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="填报摸排").click()
    phone.get_by_label("在外地").check()
    phone.get_by_label("您在（或曾在）什么地方？").fill("江西省乐平市")
    phone.get_by_label("计划返岗日期").fill("2020-03-10")
    phone.get_by_label("返岗方式").select_option(label="大巴")
    phone.get_by_role("group", name="身体是否健康？").get_by_label("是", exact=True).check()
    phone.get_by_role("group", name="14 天内是否接触过病例？").get_by_label("否", exact=True).check()
    screenshot(phone, "way-back-survey", "zh", "phone")
    well_made(phone)
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("已登记，谢谢。")).to_be_visible()


def the_seats(clerk: Page, here: coach.Plant, people: list[str], screenshot) -> None:
    menu(clerk, "返岗座位")
    for one in people:
        clerk.get_by_label(one).check()
    clerk.get_by_label("上车地点").select_option(label="乐平汽车站")
    clerk.get_by_label("目的地").select_option(label="一厂区")
    clerk.get_by_label("乘车日期").fill("2020-03-10")
    clerk.get_by_role("button", name="申请座位").click()
    expect(clerk.get_by_text("已申请 3 个座位")).to_be_visible()
    screenshot(clerk, "way-back-seats", "zh", "desk")
    well_made(clerk)


def the_plan(page: Page, here: coach.Plant, people: list[str], screenshot) -> None:
    """A ventilated coach, whose seats are given from the front; who must not sit with the first is moved to the back."""
    menu(page, "返岗班次", "新班次")
    for label, value in (
        ("班次编号", "J01"), ("出发地", "江西省乐平市"), ("发车时间", "2020-03-09T10:30"), ("到达时间", "2020-03-09T20:30"),
        ("车牌号或航班号", "闽A12345"), ("核定座位", "48"), ("排数", "12"), ("每排座位", "4"),
        ("途中上车点", "10:30 乐平汽车站"), ("费用，元", "8600"),
    ):  # fmt: skip
        page.get_by_label(label).fill(value)
    page.get_by_role("radio", name="一厂区").check()
    page.get_by_label("密闭（车窗不能打开）").uncheck()
    page.get_by_role("button", name="创建班次").click()
    for one in people:
        page.get_by_label(one).check()
    page.get_by_role("button", name="安排座位").click()
    expect(page.get_by_text("已为 3 人安排座位")).to_be_visible()
    for one, seat in zip(people[1:], ("8A", "9C"), strict=True):
        line = page.get_by_role("row", name=one)
        line.get_by_text("调整", exact=True).first.click()
        line.get_by_label("座位（空白：下一个空座）").fill(seat)
        line.get_by_role("button", name="调整").click()
        expect(page.get_by_role("cell", name=seat, exact=True)).to_be_visible()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布，乘客可看到自己的座位")).to_be_visible()
    screenshot(page, "way-back-trip", "zh", "desk")
    well_made(page)


def the_boarding(driver: Page, people: list[str], screenshot) -> None:
    menu(driver, "返岗班次", "上车登记")
    screenshot(driver, "way-back-boarding", "zh", "phone")
    well_made(driver)
    for one, seat in zip(people, ("1A", "8A", "9C"), strict=True):
        driver.get_by_role("button", name=f"上车 {one}").click()
        expect(driver.get_by_text(f"{one} 已上车，{seat} 座")).to_be_visible()
    driver.get_by_label("清点人数").fill("3")
    driver.get_by_role("button", name="登记清点").click()
    expect(driver.get_by_text("清点 3 人，人数相符")).to_be_visible()
    driver.get_by_role("button", name="现在发车").click()
    expect(driver.get_by_text("已发车，不得再加人")).to_be_visible()


def the_arrival(guard: Page, people: list[tuple[str, str]], screenshot) -> None:
    """First the vehicle, then one after another; the last of them has a fever."""
    menu(guard, "返岗班次", "监测点")
    expect(guard.get_by_role("button", name="登记到达")).to_have_count(0)
    for label, value in (
        ("消毒剂", "含氯消毒剂"),
        ("浓度，mg/L", "500"),
        ("作用时间，分钟", "30"),
        ("消毒人", "张师傅"),
    ):
        guard.get_by_label(label, exact=True).fill(value)
    screenshot(guard, "way-back-disinfection", "zh", "phone")
    well_made(guard)
    guard.get_by_role("button", name="登记消毒").click()
    expect(guard.get_by_text("现在可以登记到达")).to_be_visible()
    for number, (one, celsius) in enumerate(people):
        line = guard.locator("details.trip-person", has_text=one)
        line.locator("summary").click()
        line.get_by_label("体温（℃）").fill(celsius)
        if not number:
            screenshot(guard, "way-back-arrivals", "zh", "phone")
            well_made(guard)
        line.get_by_role("button", name="登记到达").click()
        fever = number == len(people) - 1
        expect(guard.get_by_text("发热：立即隔离" if fever else f"{one} 已登记到达")).to_be_visible()


def the_fever(dispatcher: Page, trip: Trip, third: str, screenshot) -> None:
    """Only who sat near stands on the list; the dispatcher makes a close contact of them."""
    menu(dispatcher, "返岗班次", "监测点")
    dispatcher.set_viewport_size({"width": 390, "height": 844})
    near = dispatcher.get_by_role("checkbox")
    expect(near).to_have_count(1)
    expect(dispatcher.get_by_label(third)).to_be_checked()
    screenshot(dispatcher, "way-back-fever-on-arrival", "zh", "phone")
    well_made(dispatcher)
    dispatcher.get_by_role("button", name="确认为密切接触者").click()
    expect(dispatcher.get_by_text("已记为密切接触者")).to_be_visible()
    dispatcher.goto(f"/trips/{trip.pk}/")
    screenshot(dispatcher, "way-back-trip", "zh", "phone")
    well_made(dispatcher)


def the_room(town: Page, medic: Page, ill: str, time: dict[str, int], screenshot) -> None:
    """A bed is kept, the medic checks them in, and measures: they are not released with a fever."""
    menu(town, "Observation sites", "临江宾馆", "Keep a bed")
    town.get_by_label("Name, initials, or the end of a number").fill(ill)
    town.get_by_role("button", name="Find").click()
    town.get_by_role("radio", name=ill).check()
    town.get_by_role("button", name="Keep the bed").click()
    expect(town.get_by_text("The bed is kept.")).to_be_visible()
    well_made(town)
    time["now"] = ARRIVES + HOUR
    menu(medic, "房间一览", "办理入住…")
    medic.get_by_role("button", name="办理入住").click()
    expect(medic.get_by_text("已办理入住。")).to_be_visible()
    menu(medic, "房间一览", "开始查房")
    the_round(medic, time["now"], "38.1", twice=True)
    menu(medic, "房间一览", "调房、解除…")
    medic.get_by_role("button", name="解除观察", exact=True).click()
    expect(medic.get_by_role("alert")).to_contain_text("退热未满 72 小时")
    medic.problems[:] = [one for one in medic.problems if "422" not in one]  # type: ignore[attr-defined]
    screenshot(medic, "observation-stay", "zh", "desk")
    well_made(medic)


def the_round(medic: Page, now: int, celsius: str, *, twice: bool = False) -> None:
    """One bed; the tablet's clock is the real one, so let it be the server's. A fever is asked for twice."""
    save = medic.get_by_role("button", name="保存，下一间")
    expect(medic.locator("#waiting")).to_contain_text("已全部保存")  # the page's script is there
    medic.evaluate(f"() => {{ Date.now = () => {now * 1000}; }}")
    medic.locator(".ob-bed:visible").get_by_label("其他体温（℃）").fill(celsius)
    for _time in range(2 if twice else 1):
        save.click()
    expect(medic.get_by_text("本轮查房已走完。")).to_be_visible()
    expect(medic.locator("#waiting")).to_contain_text("已全部保存")


def the_test(clerk: Page, sampler: Page, name: str, site: str, time: dict[str, int]) -> None:
    """Ordered by the clerk, at an appointment that the site offers, sampled, and reported in the afternoon."""
    menu(sampler, "检测", "时段")
    sampler.get_by_role("button", name="开放时段").click()
    menu(clerk, "谁须检测")
    clerk.get_by_role("row", name=name).get_by_role("checkbox").check()
    clerk.get_by_role("button", name="为勾选的人开单").click()
    clerk.get_by_role("row", name=name).get_by_role("link").first.click()
    clerk.get_by_role("button", name="确认预约").click()
    expect(clerk.get_by_text("放弃预约")).to_be_visible()
    menu(sampler, "检测", site)
    sampler.get_by_label("采样管条码").fill("JF-0001")
    sampler.get_by_role("button", name="开管").click()
    sampler.get_by_label("扫通行证或工牌，或输入").fill(name)
    sampler.get_by_role("button", name="查找").click()
    sampler.locator(".st-hits button").click()
    expect(sampler.get_by_text("该管已满并封管")).to_be_visible()
    time["now"] = day(1, "15:00")
    menu(sampler, "检测", "1 支采样管等检测机构报告", "JF-0001")
    sampler.get_by_label("阴性", exact=True).check()
    sampler.get_by_role("button", name="保存结果").click()
    expect(sampler.get_by_text("阴性").first).to_be_visible()


def the_first_shift(phone: Page, guard: Page, clerk: Page, name: str) -> None:
    """They register on the phone, which says that they may work; the guard lets them in; the enterprise counts them."""
    phone.goto("/")
    menu(phone, "我的每日登记")
    phone.get_by_role("button", name="我身体健康").click()
    expect(phone.get_by_text("已登记：健康")).to_be_visible()
    phone.goto("/me/")
    expect(phone.get_by_text("可以上岗").first).to_be_visible()
    menu(guard, "门岗")
    guard.get_by_role("link", name="东门").click()
    guard.get_by_role("searchbox").fill("B0")
    guard.keyboard.press("Enter")
    guard.get_by_role("button", name="36.5").click()
    expect(guard.get_by_role("heading", name="可以进入", exact=True)).to_be_visible()
    menu(clerk, "本企业")
    clerk.get_by_role("link", name="1 今日在岗").click()
    expect(clerk.get_by_role("row", name=name)).to_be_visible()
    well_made(clerk)


def the_release(medic: Page, screenshot) -> None:
    """No fever for three days: the protocol lets them go, with a certificate."""
    menu(medic, "房间一览", "开始查房")
    the_round(medic, clock.now(), "36.6")
    menu(medic, "房间一览", "调房、解除…")
    medic.get_by_role("button", name="解除观察", exact=True).click()
    paper = medic.get_by_role("link", name="解除证明（PDF）")
    expect(paper).to_be_visible()
    well_made(medic)
    assert medic.request.get(paper.get_attribute("href") or "").body().startswith(b"%PDF-")
