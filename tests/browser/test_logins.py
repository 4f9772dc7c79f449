"""Logins in the browser: give one, sign in with it, change the password; closed, its page is gone. Pictures on demand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.test_use import FAINT, NAMELESS
from fugong.base.models import User

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


def fits(page: Page) -> None:
    """Nothing is wider than the screen, nothing is nameless or faint, nothing went wrong."""
    page.wait_for_load_state("load")  # widths before the stylesheet has come say nothing
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(FAINT) == []
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_guard_gets_a_login_uses_it_and_loses_it(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str, device: str
):
    administrator = browse(place.users["town_administrator"], language, device)
    builders.user("worker", place.workers["away"], "wu.gd")
    User.objects.filter(username="line_leader").update(is_active=False)

    administrator.goto("/logins/new/")
    fits(administrator)
    screenshot(administrator, "logins-new", language, device)
    administrator.locator("input[value=guard]").check()
    administrator.locator("#id_username").fill("dongmen")
    administrator.locator("#id_enterprise").fill("没有的厂")
    administrator.locator("main button[type=submit]").click()
    expect(administrator.locator("#id_enterprise_error")).to_be_visible()
    expect(administrator.locator("input[value=guard]")).to_be_checked()
    administrator.problems.clear()  # type: ignore[attr-defined]  # the browser notes the 422
    fits(administrator)
    administrator.locator("#id_enterprise").fill("临江")
    administrator.locator("main button[type=submit]").click()
    password = administrator.locator("main code").inner_text()
    fits(administrator)
    screenshot(administrator, "logins-given", language, device)

    guard = browse(None, language, device)
    guard.goto("/login/")
    guard.locator("#id_username").fill("dongmen")
    guard.locator("#id_password").fill(password)
    guard.locator("main button[type=submit]").click()
    guard.wait_for_url("**/doors/")
    guard.locator(".fg-who").click()
    fits(guard)
    screenshot(guard, "logins-password", language, device)
    guard.locator("#id_old_password").fill(password)
    guard.locator("#id_new_password1").fill("new-words-77")
    guard.locator("#id_new_password2").fill("new-words-77")
    guard.locator("main button[type=submit]").click()
    expect(guard.locator(".fg-note-success")).to_be_visible()

    administrator.locator("main a.btn-primary").click()
    expect(administrator.locator("tbody tr")).to_have_count(8)
    fits(administrator)
    screenshot(administrator, "logins", language, device)
    administrator.locator("#q").press_sequentially("dong")
    expect(administrator.locator("tbody tr")).to_have_count(1)
    administrator.locator("tbody a[href$='/close/']").click()
    fits(administrator)
    screenshot(administrator, "logins-close", language, device)
    administrator.locator("main button[type=submit]").click()
    expect(administrator.locator(".fg-note-success")).to_contain_text("dongmen")
    guard.goto("/doors/")
    guard.wait_for_url("**/login/**")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_top_bar_of_the_demo_fits_a_phone(place: builders.Place, browse: Browse, settings, language: str):
    settings.DEMO = True
    page = browse(place.users["worker"], language, "phone")
    page.goto("/me/")
    fits(page)
    bar = [page.locator(part).bounding_box() for part in (".fg-demo", ".fg-who", ".fg-top form:last-child")]
    assert all(box is not None and box["x"] + box["width"] <= 390 for box in bar)
