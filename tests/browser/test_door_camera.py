"""Passes held before a camera: Chromium's fake capture device plays a film of the QR code; nothing is put in by a hook."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import builders
from browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE, hands_off_until_loaded
from browser.filming import film
from browser.keeping import Keeper, a_pass, checks
from browser.looks import well_made
from fugong.doors.passes import services as issuing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def before_camera(chromium, live_server, tmp_path):
    """A guard's phone whose camera sees these texts as codes, one after the other: ``before_camera(text, …)``."""
    opened = []

    def go(*texts: str, language: str = "zh-hans") -> Keeper:
        seen = film(tmp_path / "camera.y4m", *texts)
        browser = chromium.browser_type.launch(
            executable_path=CHROMIUM,
            args=[
                *ARGUMENTS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={seen}",
            ],
        )  # fmt: skip
        opened.append(browser)
        page = browser.new_page(
            base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 390, "height": 844},
            is_mobile=True, has_touch=True,
        )  # fmt: skip
        hands_off_until_loaded(page.context)
        page.set_default_timeout(PATIENCE)
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        return Keeper(page, language)

    yield go
    for browser in opened:
        browser.close()


def test_a_code_before_the_camera_costs_one_scan_and_one_tap(place, before_camera, screenshot):
    held = a_pass(place.workers["cleared"])
    guard = before_camera(held.text)
    guard.pair(place)
    expect(guard.page.get_by_role("heading", name="陈 *")).to_be_visible()  # scanned: nobody touched anything
    guard.tap(guard.key())
    guard.shows("green", "36.5 ℃")
    assert guard.taps == 1
    expect(guard.page.get_by_role("searchbox")).to_be_visible()
    expect(guard.page.locator("#camera")).not_to_have_class("is-away")
    guard.sent()
    assert [(check.subject_id, check.values["pass"], check.values["colour"]) for check in checks()] == [
        (place.workers["cleared"], held.id, "green")
    ]
    screenshot(guard.page, "door-app-camera", guard.language, "phone", full=False)
    well_made(guard.page)


def test_two_people_one_after_the_other(place, before_camera):
    first, second = (a_pass(place.workers[name]) for name in ("cleared", "lapsing"))
    guard = before_camera(first.text, second.text)
    guard.pair(place)
    for _person in range(2):
        expect(guard.page.locator("[data-stage=person]")).to_be_visible()
        guard.tap(guard.key())
        guard.shows("green")
        expect(guard.page.locator("[data-verdict]")).to_have_count(0)
    guard.sent()
    assert {check.values["pass"] for check in checks()} == {first.id, second.id}
    assert guard.taps == 2


def test_a_revoked_code_before_the_camera_is_red(place, before_camera):
    held = a_pass(place.workers["cleared"])
    clerk = place.users["town_administrator"]
    issuing.revoke(id=held.id, reason="lost", now=builders.NOW, actor=clerk.pk)
    guard = before_camera(held.text)
    guard.pair(place)
    guard.shows("red", "此通行证已吊销")
    assert guard.taps == 0
