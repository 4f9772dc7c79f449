"""Two people in the browser: a protocol that one proposes and another agrees to; a list that waits and is agreed to on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import fits
from fugong.clearance.models import WaitingAct
from power.crowd import Crowd, crowd, working

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


@pytest.fixture
def town(transactional_db: None, stopped_clock: int, settings: Any) -> Crowd:
    settings.FUGONG_LOSS_LIMIT = 20
    return crowd(40)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_two_people_adopt_a_protocol(browse: Browse, town: Crowd, screenshot: Callable[..., None], language: str):
    page = browse(town.admin, language)
    page.goto("/protocols/shipped/cn-2022-48h/")
    page.fill("#id_effective_from", "2020-03-09T10:00")
    page.locator("main form button.btn-primary").first.click()
    screenshot(page, "protocol-propose", language, "desk")
    page.locator("main form button.btn-primary").click()
    look = page.locator("a[href^='/waiting/'].btn-primary")
    expect(look).to_be_visible()
    look.click()
    expect(page.locator("main .fg-counts dd").first).to_have_text("40")
    fits(page)
    screenshot(page, "protocol-effect", language, "desk")
    page.locator("form[action$='/send/'] button").click()
    expect(page.locator("form[action$='/withdraw/'] button")).to_be_visible()
    expect(page.locator("form[action$='/agree/']")).to_have_count(0)
    assert working(town, builders.NOW + 3600) == 40

    other = browse(town.second, language, "phone")
    other.goto("/town/")
    screenshot(other, "town-waiting", language, "phone")
    other.locator("main a[href='/waiting/']").first.click()
    other.wait_for_url("**/waiting/")
    fits(other)
    other.locator("main th a[href^='/waiting/']").first.click()
    other.wait_for_url("**/waiting/*/")
    fits(other)
    screenshot(other, "protocol-agree", language, "phone")
    other.locator("#sure").check()
    other.locator("form[action$='/agree/'] button").click()
    expect(other.locator(".fg-note-success")).to_be_visible()
    assert working(town, builders.NOW + 3600) == 0
    page.goto("/protocols/")
    fits(page)
    screenshot(page, "protocols", language, "desk")
    assert page.problems == other.problems == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_mass_import_waits_and_is_agreed_to_on_a_phone(
    browse: Browse, town: Crowd, screenshot: Callable[..., None], language: str
):
    page = browse(town.admin, language)
    page.goto("/uploads/new/resumption/")
    page.locator("textarea[name=rows]").fill(town.suspension)
    page.locator("main form button.btn-primary").last.click()
    page.locator("#preview form button.btn-primary").click()
    expect(page.locator("form[action$='/withdraw/'] button")).to_be_visible()
    fits(page)
    screenshot(page, "import-waits", language, "desk")
    assert working(town) == 40

    other = browse(town.second, language, "phone")
    other.goto("/waiting/")
    expect(other.locator("main th a")).to_have_count(1)
    fits(other)
    screenshot(other, "waiting", language, "phone")
    other.locator("main th a").click()
    other.locator("form[action$='/refuse/'] button").click()
    expect(other.locator("#reason")).to_have_class("form-control is-invalid mb-2")
    other.locator("form[action$='/agree/'] button").click()  # the box is not ticked: the browser says so
    assert WaitingAct.objects.get().state == "waiting"
    other.locator("#sure").check()
    screenshot(other, "waiting-agree", language, "phone")
    other.locator("form[action$='/agree/'] button").click()
    expect(other.locator("form[action$='/agree/']")).to_have_count(0)
    screenshot(other, "waiting-done", language, "phone")
    assert working(town) == 0
    expected = [one for one in other.problems if "422" not in one]  # type: ignore[attr-defined]
    assert page.problems == expected == []  # type: ignore[attr-defined]
