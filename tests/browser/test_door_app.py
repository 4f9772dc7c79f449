"""The door app in a real browser: it pairs, takes its list, decides with one scan and one tap, and says what it did."""

from __future__ import annotations

import base45
import pytest
from playwright.sync_api import expect

import builders
from browser.keeping import Keeper, a_pass, checks
from browser.looks import well_made
from fugong.doors import devices
from fugong.doors.passes import services as issuing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def keeper(browse, place, language="zh-hans", device="phone") -> Keeper:
    found = Keeper(browse(None, language, device, timezone_id="Asia/Shanghai"), language)
    found.pair(place)
    return found


def altered(text: str) -> str:
    """The pass with one bit of its signature turned over."""
    plain = bytearray(base45.b45decode(text.removeprefix("FG1:")))
    plain[-1] ^= 1
    return "FG1:" + base45.b45encode(bytes(plain)).decode()


def test_the_app_comes_up_and_is_kept_whole(browse, transactional_db):
    page = browse(None, "zh-hans", "phone")
    page.goto("/door/")
    expect(page.get_by_role("heading", name="将本设备与门岗配对")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.active.state)")
    kept = page.evaluate(
        "caches.keys().then(([name]) => caches.open(name)).then((one) => one.keys()).then((all) => all.map((r) => new URL(r.url).pathname))"
    )
    assert "/door/" in kept and "/door/words/en.json" in kept and any(one.endswith(".wasm") for one in kept)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Pair this device with a door")).to_be_visible()
    assert page.problems == []


def test_the_picture_of_a_code_fills_it_in_and_leaves_it_nowhere(browse, place):
    page = browse(None, "zh-hans", "phone")
    made = devices.make_code(door=place.door.pk, actor=place.users["town_administrator"].pk, now=builders.NOW)
    page.goto("/door/")
    page.get_by_role("button", name="配对").click()
    expect(page.get_by_role("alert")).to_have_text("请输入该门岗页面上显示的配对码。")
    page.goto("about:blank")
    page.goto(f"/door/#code={made.code}")
    expect(page.get_by_label("配对码")).to_have_value(made.code)
    assert page.url.endswith("/door/")
    page.get_by_role("button", name="配对").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


@pytest.mark.parametrize(("language", "device"), [("zh-hans", "phone"), ("en", "desk")])
def test_pair_find_somebody_one_tap_green(browse, place, screenshot, language: str, device):
    guard = keeper(browse, place, language, device)
    well_made(guard.page)
    screenshot(guard.page, "door-app-find", language, device)
    guard.find("B0")
    expect(guard.page.get_by_role("heading", name="陈 *")).to_be_visible()
    well_made(guard.page)
    screenshot(guard.page, "door-app-person", language, device)
    guard.tap(guard.key())
    guard.shows("green", "36.5 ℃")
    well_made(guard.page)
    screenshot(guard.page, "door-app-green", language, device, full=False)
    expect(guard.page.get_by_role("searchbox")).to_be_visible()  # the next one: by itself
    guard.sent()
    (check,) = checks()
    assert check.subject_id == place.workers["cleared"]
    assert {"outcome": "passed", "colour": "green", "mask": True, "gloves": True}.items() <= check.values.items()
    assert guard.page.problems == []


def test_a_scan_of_a_pass_costs_one_scan_and_one_tap(browse, place):
    guard = keeper(browse, place)
    held = a_pass(place.workers["cleared"])
    guard.scan(held.text)
    guard.tap(guard.key())
    guard.shows("green")
    assert (guard.scans, guard.taps) == (1, 1)
    guard.sent()
    (check,) = checks()
    assert (check.subject_id, check.values["pass"], check.values["colour"]) == (
        place.workers["cleared"],
        held.id,
        "green",
    )


def test_passes_that_let_nobody_in(browse, place):
    worker, clerk = place.workers["cleared"], place.users["town_administrator"]
    expired = a_pass(worker, now=builders.NOW - 2 * 86_400)
    revoked = a_pass(worker)
    issuing.revoke(id=revoked.id, reason="lost", now=builders.NOW, actor=clerk.pk)
    good = a_pass(worker)
    forged = altered(good.text)
    guard = keeper(browse, place, "en")
    for text, reason in (
        (expired.text, "This pass has expired."), (revoked.text, "This pass was revoked."),
        (forged, "This pass is not genuine."), (good.text[:-40], "This pass can't be read."),
        (good.text[40:], "This pass can't be read."),
    ):  # fmt: skip
        guard.scan(text)
        guard.shows("red", reason)
        guard.page.get_by_role("button", name="Next person").click()
    guard.sent()
    told = {check.values["pass"]: check.values["reasons"] for check in checks()}
    assert told == {expired.id: ["door.pass_expired"], revoked.id: ["door.pass_revoked"]}
