"""What else a guard does with the app: signs in and hands over, lets in all the same, takes back, registers visitors, looks things up."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import builders
from browser.keeping import Keeper, a_pass, checks
from browser.looks import well_made
from fugong.base.models import User
from fugong.doors import devices, pins, visits
from fugong.doors.app.words import WORDS as APP
from fugong.doors.models import Device, GuardPin, Shift, Visit
from fugong.ledger.models import Fact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN, OTHER = "4826", "5937"

SAY = {
    "zh-hans": {
        "more": "更多", "guard": "值守门卫", "sign in": "登录", "pin": "PIN 码", "wrong": "PIN 码错误", "over": "接班", "off": "下班",
        "let in": "特批放行", "why": "医疗急救", "go": "放行", "done": "特批放行", "undo": "撤销", "visitor": "登记访客", "name": "姓名",
        "host": "拜访谁？", "phone": "电话", "company": "单位或车牌", "all no": "三项都否", "register": "登记", "visitors": "在场访客",
        "left": "已出门", "yes": "是", "inside": "在场人员", "refused": "服务器未接收", "remove": "移除", "take": "立即更新",
        "driver": "司机", "next": "下一位", "elsewhere": "门岗已在另一个窗口打开", "here": "在此窗口值守", "list": "名单", "to": "拜访",
    },
    "en": {
        "more": "More", "guard": "Guard", "sign in": "Sign in", "pin": "PIN", "wrong": "That PIN is wrong.", "over": "Take the door over",
        "off": "Sign off", "let in": "Let in all the same", "why": "medical emergency", "go": "Let in", "done": "Let in all the same",
        "undo": "Undo", "visitor": "New visitor", "name": "Name", "host": "Whom do they visit?", "phone": "Telephone",
        "company": "Company or number plate", "all no": "No to all three", "register": "Register", "visitors": "Visitors inside",
        "left": "Went out", "yes": "Yes", "inside": "Who is inside", "refused": "Refused by the server", "remove": "Remove",
        "take": "Take it over", "driver": "driver", "next": "Next person", "elsewhere": "The door is kept in another window",
        "here": "Keep it here", "list": "List", "to": "to",
    },
}  # fmt: skip


@pytest.fixture
def guards(place) -> tuple[User, User]:
    """Two guards of the enterprise, each with a PIN."""
    found = []
    for name, pin in (("王强", PIN), ("李敏", OTHER)):
        user = User.objects.create_user(
            username=name, password=None, role_name="guard", scope_id=place.enterprise.pk, first_name=name
        )  # fmt: skip
        pins.set_pin(user=user.pk, pin=pin, again=pin, now=builders.NOW)
        found.append(user)
    return found[0], found[1]


@pytest.fixture
def keep(browse, place):
    def go(language: str = "zh-hans", device="phone") -> Keeper:
        found = Keeper(browse(None, language, device, timezone_id="Asia/Shanghai"), language)
        found.pair(place)
        return found

    return go


def sign_in(guard: Keeper, say: dict[str, str], name: str, pin: str, how: str = "sign in") -> None:
    guard.page.get_by_label(name).check()
    guard.page.get_by_label(say["pin"]).fill(pin)
    guard.page.get_by_role("button", name=say[how], exact=True).click()


@pytest.mark.parametrize(("language", "device"), [("zh-hans", "phone"), ("en", "desk")])
def test_guards_sign_in_by_pin_and_hand_over_without_a_network(place, guards, keep, screenshot, language, device):
    say = SAY[language]
    guard = keep(language, device)
    page = guard.page
    page.context.set_offline(True)
    page.get_by_role("button", name=say["sign in"]).click()
    sign_in(guard, say, "王强", "1111")
    expect(page.get_by_role("alert")).to_contain_text(say["wrong"])
    guard.looks_well()
    screenshot(page, "door-app-guard", language, device)
    sign_in(guard, say, "王强", PIN)
    expect(page.locator("#bar-guard")).to_contain_text("王强")
    page.get_by_role("button", name=say["more"]).click()
    guard.looks_well()
    screenshot(page, "door-app-more", language, device)
    page.get_by_role("button", name=say["guard"]).click()
    sign_in(guard, say, "李敏", OTHER, "over")
    expect(page.locator("#bar-guard")).to_contain_text("李敏")
    page.reload()  # who keeps the door outlives the page
    expect(page.locator("#bar-guard")).to_contain_text("李敏")
    page.get_by_role("button", name=say["more"]).click()
    page.get_by_role("button", name=say["guard"]).click()
    page.get_by_role("button", name=say["off"]).click()
    expect(page.locator("#bar-guard")).to_be_empty()
    page.context.set_offline(False)
    guard.sent()
    told = list(Shift.objects.order_by("id").values_list("guard__first_name", "direction"))
    assert told == [("王强", "in"), ("王强", "out"), ("李敏", "in"), ("李敏", "out")]


def test_after_five_wrong_pins_one_waits(guards, keep):
    guard = keep()
    guard.page.get_by_role("button", name="登录").click()
    for _try in range(5):
        sign_in(guard, SAY["zh-hans"], "王强", "1111")
        expect(guard.page.get_by_label("PIN 码")).to_have_value("")
    expect(guard.page.get_by_role("alert")).to_contain_text("请等")
    sign_in(guard, SAY["zh-hans"], "王强", PIN)
    expect(guard.page.get_by_role("alert")).to_contain_text("请等")
    expect(guard.page.locator("#bar-guard")).to_be_empty()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_override_is_a_signed_in_guards_word(place, guards, keep, screenshot, language):
    say = SAY[language]
    guard = keep(language)
    page = guard.page
    guard.find("B6")
    page.get_by_role("button", name="健康" if language == "zh-hans" else "Well", exact=True).click()
    guard.tap(guard.key())
    guard.shows("red")
    page.get_by_role("button", name=say["let in"]).click()
    sign_in(guard, say, "王强", PIN)
    page.get_by_role("button", name=say["go"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()  # without a reason it isn't taken
    page.get_by_label(say["why"]).check()
    well_made(page)
    screenshot(page, "door-app-override", language, "phone")
    page.get_by_role("button", name=say["go"], exact=True).click()
    shown = page.locator("[data-verdict=over]")
    expect(shown.get_by_role("heading", name=say["done"])).to_be_visible()
    expect(shown).to_contain_text("王强")
    well_made(page)
    screenshot(page, "door-app-over", language, "phone", full=False)
    guard.sent()
    (check,) = checks()
    override = Fact.objects.get(kind="door_override")
    assert (override.values["check"], override.values["reason"]) == (str(check.pk), "medical_emergency")
    assert override.actor_id == guards[0].pk
    assert check.values["outcome"] == "refused"


def test_a_slip_is_taken_back_within_ten_seconds(place, keep):
    guard = keep()
    guard.find("B0")
    guard.tap(guard.key())
    guard.page.locator("[data-verdict]").get_by_role("button", name="撤销").click()
    expect(guard.page.get_by_role("searchbox")).to_be_visible()
    guard.find("B0")
    guard.tap(guard.key("36.7"))
    guard.shows("green")
    expect(guard.page.get_by_role("searchbox")).to_be_visible()  # by itself
    guard.page.get_by_role("button", name="撤销上一次查验").click()  # the next person stands there already
    guard.find("B0")
    guard.tap(guard.key("36.3"))
    guard.shows("green")
    guard.sent()
    kept = [check for check in checks() if not check.withdrawn]
    withdrawn = set(Fact.objects.filter(kind="door_check", withdrawn=True).values_list("supersedes", flat=True))
    standing = [check for check in kept if check.pk not in withdrawn]
    assert len(withdrawn) == 2 and len(standing) == 1
    expect(guard.page.get_by_role("button", name="撤销上一次查验")).to_be_hidden(timeout=15_000)


@pytest.mark.parametrize(("language", "device"), [("zh-hans", "phone"), ("en", "desk")])
def test_visitors_are_registered_without_a_network_and_signed_out(place, keep, screenshot, language, device):
    say = SAY[language]
    guard = keep(language, device)
    page = guard.page
    page.context.set_offline(True)
    page.get_by_role("button", name=say["visitor"]).click()
    page.get_by_label(say["name"], exact=True).fill("赵师傅")
    page.get_by_label(say["host"]).fill("陈主任")
    page.get_by_label(say["phone"]).fill("13900000000")
    page.get_by_label(say["company"]).fill("闽A·D2093")
    page.get_by_label(say["driver"]).check()
    page.get_by_role("button", name=say["register"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()  # the questions aren't answered
    page.get_by_role("button", name=say["all no"]).click()
    guard.tap(guard.key())
    guard.looks_well()
    screenshot(page, "door-app-visitor", language, device)
    page.get_by_role("button", name=say["register"], exact=True).click()
    guard.shows("green", "赵师傅")
    page.get_by_role("button", name=say["next"]).click()
    page.get_by_role("button", name=say["visitor"]).click()
    page.get_by_label(say["name"], exact=True).fill("钱先生")
    page.get_by_label(say["host"]).fill("陈主任")
    page.get_by_role("button", name=say["all no"]).click()
    page.get_by_role("radio", name=say["yes"]).first.check()
    guard.tap(guard.key())
    page.get_by_role("button", name=say["register"], exact=True).click()
    guard.shows("red")
    page.get_by_role("button", name=say["next"]).click()
    guard.find("B0")
    guard.tap(guard.key())
    guard.shows("green")
    page.get_by_role("button", name=say["next"]).click()
    page.get_by_role("button", name=say["more"]).click()
    page.get_by_role("button", name=say["inside"]).click()
    expect(page.get_by_role("listitem")).to_have_count(2)
    guard.looks_well()
    screenshot(page, "door-app-inside", language, device)
    page.get_by_role("button", name=say["more"]).click()
    page.get_by_role("button", name=say["visitors"]).click()
    screenshot(page, "door-app-visitors", language, device)
    page.get_by_role("button", name=f"{say['left']}: 赵师傅").click()
    expect(page.get_by_role("listitem")).to_have_count(0)
    page.context.set_offline(False)
    guard.sent()
    told = {visits.details(visit).name: visit for visit in Visit.objects.all()}
    assert {name: visit.colour for name, visit in told.items()} == {"赵师傅": "green", "钱先生": "red"}
    assert told["赵师傅"].left_at is not None
    assert visits.details(told["赵师傅"]).host == "陈主任"
    assert told["钱先生"].reasons == ["door.visitor_answers"]


def test_what_the_server_refuses_is_shown_and_sent_no_more(place, guards, keep, screenshot):
    guard = keep()
    page = guard.page
    page.context.set_offline(True)
    page.get_by_role("button", name="登录").click()
    sign_in(guard, SAY["zh-hans"], "王强", PIN)
    expect(page.locator("#bar-guard")).to_contain_text("王强")
    guard.find("B0")
    guard.tap(guard.key())
    guard.shows("green")
    GuardPin.objects.all().delete()  # meanwhile the guard's PIN was taken away
    page.context.set_offline(False)
    expect(page.locator("#bar-refused")).to_have_text("1")
    expect(page.locator("#bar-guard")).to_be_empty()
    assert len(checks()) == 1
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="服务器未接收").click()
    expect(page.get_by_role("listitem").filter(has_text="交接班")).to_be_visible()
    guard.looks_well()
    screenshot(page, "door-app-refusals", "zh-hans", "phone")
    page.get_by_role("button", name="移除").click()
    expect(page.locator("#bar-refused")).to_be_hidden()


def test_a_revoked_device_is_red_and_loses_nothing_when_it_is_paired_again(place, keep):
    guard = keep()
    page, administrator = guard.page, place.users["town_administrator"].pk
    devices.revoke(device=Device.objects.get().pk, actor=administrator, now=builders.NOW)
    guard.find("B0")
    guard.tap(guard.key())
    guard.shows("green")  # nobody has told it yet
    expect(page.locator("#bar-trouble")).to_contain_text("本设备已被停用")
    page.reload()  # it is remembered
    guard.find("B1")
    guard.tap(guard.key())
    guard.shows("red", "此设备已被停用")
    assert guard.stored() == 2
    page.locator("[data-verdict] [data-do=find]").click()
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="重新配对").click()
    code = devices.make_code(door=place.door.pk, actor=administrator, now=builders.NOW).code
    page.get_by_label("配对码").fill(code)
    page.get_by_role("button", name="配对", exact=True).click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    guard.sent()
    assert [check.values["colour"] for check in checks()] == ["green", "red"]
    guard.find("B0")
    guard.tap(guard.key())
    guard.shows("green")


def test_one_window_keeps_the_door(place, keep):
    guard = keep()
    second = guard.page.context.new_page()
    second.goto("/door/")
    expect(second.get_by_role("heading", name="门岗已在另一个窗口打开")).to_be_visible()
    second.get_by_role("button", name="在此窗口值守").click()
    expect(second.get_by_role("searchbox")).to_be_visible()
    expect(guard.page.get_by_role("heading", name="门岗已在另一个窗口打开")).to_be_visible()


def test_a_new_version_waits_until_it_is_taken_over_and_loses_nothing(place, keep, monkeypatch):
    guard = keep()
    page = guard.page
    with page.expect_response(lambda answer: "/snapshot" in answer.url):
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    page.route("**/checks", lambda route: route.abort())
    guard.find("B0")
    guard.tap(guard.key())
    guard.shows("green")
    monkeypatch.setitem(APP, "find", "寻人")
    page.evaluate("() => navigator.serviceWorker.ready.then((one) => one.update()).then(() => true)")
    expect(page.locator("#bar-update")).to_be_visible()
    expect(page.get_by_role("button", name="查找")).to_be_visible()  # nothing changes by itself
    well_made(page, but_for="ERR_FAILED")  # the checks that are aborted; they are tried again and again
    page.get_by_role("button", name="立即更新").click()
    expect(page.get_by_role("button", name="寻人")).to_be_visible()
    assert guard.stored() == 1
    page.unroute("**/checks")
    page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    guard.sent()
    assert len(checks()) == 1


def test_by_keys_alone(place, keep):
    """Without a mouse: whoever stands there is found, measured, and the next one is asked for."""
    guard = keep("en", "desk")
    page = guard.page
    page.keyboard.type("B0")  # the field has the focus
    page.keyboard.press("Enter")
    page.keyboard.type("36.8")
    page.keyboard.press("Enter")
    guard.shows("green", "36.8 ℃")
    page.keyboard.press("Enter")  # the next one
    page.keyboard.type(a_pass(place.workers["lapsing"]).text)  # a scanner types into the field
    page.keyboard.press("Enter")
    page.keyboard.type("warm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("such as 36.7")
    page.locator("[name=celsius]").fill("")
    page.keyboard.type("365")  # without the point, by hand
    page.keyboard.press("Enter")
    guard.shows("green", "36.5 ℃")
    guard.sent()
    assert [check.values["colour"] for check in checks()] == ["green", "green"]
