"""What only the device knows makes it stricter: a list that isn't believed, an old one, a wrong clock, a full disk, a fever found here."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

import builders
from browser.keeping import Keeper, a_pass, checks
from fugong.base import clock
from fugong.doors import keys
from fugong.doors.lineage import Here
from fugong.doors.models import Arrangement, Told
from fugong.doors.snapshot import making
from fugong.ledger.models import Fact
from fugong.registry import services as registry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ALLOTTED = 31_000
"""Milliseconds for which Chromium goes on using the space that it has allotted before."""
SKEW = "window.skew = 0; const real = Date.now; Date.now = () => real() + window.skew;"
"""A device's clock that a test can set: seconds are added to `Date.now`, and the app reads it as it is."""


@pytest.fixture
def guard(browse, place) -> Keeper:
    page = browse(None, "zh-hans", "phone", timezone_id="Asia/Shanghai")
    page.add_init_script(SKEW)
    found = Keeper(page, "zh-hans")
    found.pair(place)
    return found


def later(guard: Keeper, monkeypatch, seconds: int) -> None:
    """So many seconds pass, on the device and on the server."""
    guard.page.evaluate("(seconds) => { window.skew += seconds * 1000; }", seconds)
    moment = clock.now() + seconds
    monkeypatch.setattr(clock, "now", lambda: moment)


def renew(guard: Keeper) -> None:
    """The device looks at the server now."""
    with guard.page.expect_response(lambda answer: "/snapshot" in answer.url):
        guard.page.evaluate("() => { window.dispatchEvent(new Event('online')); }")


def held(guard: Keeper) -> tuple[str, int, int]:
    """Of which door, number and age the list on the device's disk is."""
    meta = guard.page.evaluate(
        """() => new Promise((done) => { indexedDB.open("fugong-door").onsuccess = ({ target }) => {
          target.result.transaction("kept").objectStore("kept").get("snapshot").onsuccess = (event) => {
            target.result.close(); done(event.target.result.meta); }; }; })"""
    )
    return meta["door"], meta["number"], meta["issued_at"]


def served(door, now: int) -> dict[str, object]:
    """What the server says of a door, whole, as an answer."""
    made = making.snapshot(door, "enter", now=now, held=None, for_device=True)
    return {
        "status": 200,
        "body": made.body,
        "headers": {"Content-Type": "application/json", "Fugong-Signature": made.signature(now)},
    }


def test_a_list_that_is_altered_older_or_another_doors_is_refused_and_the_good_one_kept(guard, place):
    other = registry.add_door(site=place.door.site, name="西门")
    older = served(place.door, builders.NOW)
    altered = served(place.door, builders.NOW + 10)
    altered["body"] = altered["body"].replace(b"1024", b"1025").replace("东门".encode(), "南门".encode())
    unsigned = served(place.door, builders.NOW + 10)
    unsigned["headers"] = {**unsigned["headers"], "Fugong-Signature": "12345678 AAAA"}
    builders.record(place.workers["cleared"], "temperature", builders.NOW, {"celsius": 36.4, "place": "door"})
    renew(guard)
    answers = [altered]  # from here on the device is told nothing else, also when it looks by itself after a check
    guard.page.route("**/snapshot*", lambda route: route.fulfill(**answers[-1]))
    renew(guard)
    expect(guard.page.locator("#bar-trouble")).to_contain_text("签名不符")
    before = held(guard)
    for answer, said in (
        (older, "较旧的名单"), (unsigned, "签名不符"), (served(other, builders.NOW + 10), "其他门岗"), (altered, "签名不符"),
    ):  # fmt: skip
        answers.append(answer)
        renew(guard)
        expect(guard.page.locator("#bar-trouble")).to_contain_text(said)
        assert held(guard) == before
        guard.scan(a_pass(place.workers["cleared"]).text)
        guard.tap(guard.key())
        guard.shows("green")
        guard.page.locator("[data-verdict] [data-do=find]").click()
    guard.page.unroute("**/snapshot*")
    renew(guard)
    expect(guard.page.locator("#bar-trouble")).to_have_text("")
    assert held(guard)[:2] >= before[:2]


def test_a_rotation_of_keys_and_a_restored_database_are_believed(guard, place, monkeypatch):
    keys.rotate(now=builders.NOW + 1)
    renew(guard)
    guard.scan(a_pass(place.workers["cleared"]).text)  # signed by the new key, of which the device has just heard
    guard.tap(guard.key())
    guard.shows("green")
    guard.sent()
    before = held(guard)
    later(guard, monkeypatch, 30)
    monkeypatch.setattr(making, "here", lambda: Here("restored----", 7))
    renew(guard)
    expect(guard.page.locator("#bar-trouble")).to_have_text("")
    guard.until(lambda: held(guard) == (before[0], 7, builders.NOW + 30))


def test_a_restored_database_is_told_once_more_of_a_fever_that_it_may_have_lost(guard, place, monkeypatch):
    text = a_pass(place.workers["cleared"]).text
    guard.scan(text)
    guard.type_celsius("37.9")
    guard.shows("amber")
    guard.sent()
    guard.page.route("**/snapshot?*", lambda route: route.abort())  # its list doesn't come
    later(guard, monkeypatch, 601)
    guard.scan(text)
    guard.type_celsius("38.0")
    guard.shows("red")
    guard.sent()
    fever = checks()[-1].pk
    assert guard.stored("blocked") == 1
    guard.page.unroute("**/snapshot?*")
    later(guard, monkeypatch, 30)
    monkeypatch.setattr(making, "here", lambda: Here("restored----", 7))
    with guard.page.expect_request(lambda asked: str(fever) in (asked.post_data or "")):
        guard.page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
    guard.sent()
    assert len(checks()) == 2
    assert guard.stored("blocked") == 1  # until a list of this lineage has taken it into account


def test_past_the_bound_of_staleness_nothing_is_green(guard, place, monkeypatch):
    guard.page.context.set_offline(True)
    later(guard, monkeypatch, 2 * 3600)
    expect(guard.page.locator("#bar-trouble")).to_contain_text("名单较旧")
    guard.page.evaluate("() => { window.skew += 22.6 * 3600 * 1000; }")
    guard.find("B0")
    guard.tap(guard.page.get_by_role("button", name="健康"))  # yesterday's register holds no longer
    guard.tap(guard.key())
    guard.shows("amber", "名单过旧")
    guard.page.context.set_offline(False)
    monkeypatch.setattr(clock, "now", lambda: builders.NOW + int(24.6 * 3600))
    guard.sent()
    assert [check.values["colour"] for check in checks()] == ["amber"]


def test_a_clock_that_has_run_backwards_is_red_until_the_server_is_met_again(guard, place):
    guard.page.context.set_offline(True)
    guard.page.evaluate("() => { window.skew -= 3600 * 1000; }")
    guard.find("B0")
    guard.tap(guard.key())
    guard.shows("red", "时钟倒退")
    guard.page.reload()  # it is remembered
    guard.page.wait_for_selector("[data-stage=find]")
    guard.find("B0")
    guard.tap(guard.key())
    guard.shows("red", "时钟倒退")
    guard.page.context.set_offline(False)
    renew(guard)
    guard.find_next("B0")
    guard.tap(guard.key())
    guard.shows("green")


def test_what_cannot_be_stored_is_not_green(guard, place):
    session = guard.page.context.new_cdp_session(guard.page)
    quota = {"origin": guard.page.evaluate("location.origin")}
    session.send("Storage.overrideQuotaForOrigin", {**quota, "quotaSize": 1})  # the disk is full
    guard.page.wait_for_timeout(ALLOTTED)
    guard.find("B0")
    guard.tap(guard.key())
    guard.shows("red", "未能保存")
    assert guard.stored() == 0
    session.send("Storage.overrideQuotaForOrigin", quota)
    guard.find_next("B0")
    guard.tap(guard.key())
    guard.shows("green")
    guard.sent()
    assert len(checks()) == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_confirmed_fever_blocks_green_here_until_the_list_knows_it(browse, place, monkeypatch, screenshot, language):
    Arrangement.objects.create(site=place.door.site, place="东门外隔离帐篷", call="陈医生", phone="0591-5550133")
    page = browse(None, language, "phone", timezone_id="Asia/Shanghai")
    page.add_init_script(SKEW)
    guard = Keeper(page, language)
    guard.pair(place)
    zh = language == "zh-hans"
    page.context.set_offline(True)
    text = a_pass(place.workers["cleared"]).text
    guard.scan(text)
    guard.type_celsius("37.8")
    guard.shows(
        "amber",
        *(("请到健康点复测", "10 分钟后复测：水银体温计腋下测温") if zh else ("Please go to the health point to be measured again", "a mercury thermometer under the arm")),
    )  # fmt: skip
    screenshot(page, "door-app-amber", language, "phone", full=False)
    later(guard, monkeypatch, 300)
    guard.scan(text)
    expect(page.locator("[data-second]")).to_contain_text("4:" if zh else "Second measurement in 4:")
    guard.looks_well()
    screenshot(page, "door-app-second", language, "phone")
    guard.tap(guard.key())
    guard.shows("amber", "还没到复测时间" if zh else "too early for the second measurement")
    later(guard, monkeypatch, 301)
    guard.scan(text)
    guard.type_celsius("38.1")
    guard.shows("red", "东门外隔离帐篷", "陈医生 0591-5550133")
    guard.looks_well()
    screenshot(page, "door-app-red", language, "phone", full=False)
    guard.tap(page.get_by_role("button", name="已通知谁？" if zh else "Who was told?"))
    expect(page.get_by_label("被通知人" if zh else "Whom you told")).to_have_value("陈医生")
    guard.looks_well()
    screenshot(page, "door-app-tell", language, "phone")
    guard.tap(page.get_by_role("button", name="记录" if zh else "Record it"))
    guard.shows("red", "已通知：陈医生" if zh else "Told: 陈医生")
    guard.scan(text)
    guard.tap(guard.key())
    guard.shows("red", "刚在此处被拒" if zh else "Refused here a short while ago")
    assert guard.stored("blocked") == 1
    page.context.set_offline(False)
    guard.sent()
    renew(guard)
    guard.until(lambda: guard.stored("blocked") == 0)  # from here on the list says it
    told = Told.objects.get()
    assert (told.worker_id, told.who) == (place.workers["cleared"], "陈医生")
    found = [(check.values["colour"], check.values["reasons"]) for check in checks()]
    assert [colour for colour, _reasons in found] == ["amber", "amber", "red", "red"]
    assert (
        found[0][1] == ["door.fever"]
        and found[2][1][0] == "door.fever_confirmed"
        and "door.refused_here" in found[3][1]
    )
    measured = Fact.objects.filter(subject_id=place.workers["cleared"], kind="temperature", values__place="door")
    assert {json.dumps(fact.values["celsius"]) for fact in measured} >= {"37.8", "38.1"}  # both are kept
