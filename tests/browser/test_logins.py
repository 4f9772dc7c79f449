"""Logins in the browser: give one, sign in with it, change the password; closed, its page is gone. Pictures on demand."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

import builders
from browser.looks import refused, well_made
from fugong.base.models import User

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_guard_gets_a_login_uses_it_and_loses_it(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str, device: str
):
    administrator = browse(place.users["town_administrator"], language, device)
    builders.user("worker", place.workers["away"], "wu.gd")
    User.objects.filter(username="line_leader").update(is_active=False)

    administrator.goto("/logins/new/")
    well_made(administrator)
    screenshot(administrator, "logins-new", language, device)
    administrator.locator("input[value=guard]").check()
    expect(administrator.locator("#id_site")).to_be_hidden()
    expect(administrator.locator("#id_worker")).to_be_hidden()
    administrator.locator("#id_username").fill("dongmen")
    administrator.locator("#id_enterprise").fill("没有的厂")
    administrator.locator("main button[type=submit]").click()
    expect(administrator.locator("#id_enterprise_error")).to_be_visible()
    expect(administrator.locator("input[value=guard]")).to_be_checked()
    refused(administrator)
    well_made(administrator)
    administrator.locator("#id_enterprise").fill("临江")
    administrator.locator("main button[type=submit]").click()
    password = administrator.locator("main code").inner_text()
    well_made(administrator)
    screenshot(administrator, "logins-given", language, device)

    guard = browse(None, language, device)
    guard.goto("/login/")
    guard.locator("#id_username").fill("dongmen")
    guard.locator("#id_password").fill(password)
    guard.locator("main button[type=submit]").click()
    guard.wait_for_url("**/password/")
    well_made(guard)
    screenshot(guard, "logins-password", language, device)
    guard.locator("#id_old_password").fill(password)
    guard.locator("#id_new_password1").fill("new-words-77")
    guard.locator("#id_new_password2").fill("new-words-77")
    guard.locator("main button[type=submit]").click()
    guard.wait_for_url("**/doors/")
    expect(guard.locator(".fg-note-success")).to_be_visible()

    administrator.locator("main a.btn-primary").click()
    expect(administrator.locator("tbody tr")).to_have_count(19)
    well_made(administrator)
    screenshot(administrator, "logins", language, device)
    administrator.locator("#q").press_sequentially("dong")
    expect(administrator.locator("tbody tr")).to_have_count(1)
    administrator.locator("tbody a[href$='/close/']").click()
    well_made(administrator)
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
    well_made(page)
    bar = [page.locator(part).bounding_box() for part in (".fg-demo", ".fg-who", ".fg-top form:last-child")]
    assert all(box is not None and box["x"] + box["width"] <= 390 for box in bar)


def shown_by_phone(secret: str) -> str:
    """What an authenticator with this secret shows now."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30))


@pytest.mark.parametrize(("language", "device"), [("zh-hans", "phone"), ("en", "desk")])
def test_a_second_step_is_switched_on_and_asked_for(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str, device: str
):
    mayor = place.users["deputy"]
    mayor.set_password(builders.PASSWORD)
    mayor.save(update_fields=["password"])
    page = browse(None, language, device)

    def sign_in() -> None:
        page.goto("/login/")
        page.locator("#id_username").fill(mayor.username)
        page.locator("#id_password").fill(builders.PASSWORD)
        page.locator("main form:first-of-type button[type=submit]").first.click()

    sign_in()
    expect(page.locator(".fg-note-warning")).to_be_visible()
    page.locator(".fg-who").click()
    well_made(page)
    page.locator("a[href='/second-step/']").click()
    well_made(page)
    page.locator("main a.btn-primary").click()
    page.locator("#id_password").fill(builders.PASSWORD)
    well_made(page)
    page.locator("main button[type=submit]").click()
    expect(page.locator("img.fg-qr")).to_be_visible()
    page.wait_for_function("document.querySelector('img.fg-qr').naturalWidth > 0")
    well_made(page)
    screenshot(page, "second-step-on", language, device)
    secret = page.locator("main code").inner_text()
    page.locator("#id_code").fill("000000")
    page.locator("main button[type=submit]").click()
    expect(page.locator("#id_code_error")).to_be_visible()
    refused(page)
    page.locator("#id_code").fill(shown_by_phone(secret))
    page.locator("main button[type=submit]").click()
    expect(page.locator(".fg-codes li")).to_have_count(10)
    well_made(page)
    screenshot(page, "second-step-codes", language, device)
    page.locator("header form:last-child button").click()
    page.wait_for_url("**/login/")

    sign_in()
    page.wait_for_url("**/login/second-step/")
    well_made(page)
    screenshot(page, "second-step-asked", language, device)
    page.locator("#id_code").fill(shown_by_phone(secret))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/town/")
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_worker_enters_by_a_slip_and_ends_a_lost_session(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str
):
    clerk = browse(place.users["enterprise_clerk"], language, "desk")
    clerk.goto("/logins/")
    clerk.locator(f"a[href='/logins/codes/enterprise/{place.enterprise.pk}/']").click()
    well_made(clerk)
    clerk.locator("main button[type=submit]").click()
    expect(clerk.locator(".fg-slip")).to_have_count(7)
    well_made(clerk)
    screenshot(clerk, "logins-slips", language, "desk")
    code = clerk.locator(".fg-slip code").first.inner_text()
    link = clerk.locator(".fg-slip-link").nth(0).inner_text()

    clerk.goto(f"/logins/codes/worker/{place.workers['away']}/")
    well_made(clerk)
    screenshot(clerk, "logins-code", language, "desk")

    phone = browse(None, language, "phone")
    phone.goto("/login/")
    phone.locator("a[href='/enter/']").click()
    well_made(phone)
    screenshot(phone, "enter", language, "phone")
    phone.locator("#id_code").fill("wrong-code1")
    phone.locator("main button[type=submit]").click()
    expect(phone.locator("#id_code_error")).to_be_visible()
    refused(phone)
    well_made(phone)
    phone.goto(link)
    well_made(phone)
    screenshot(phone, "enter-link", language, "phone")
    phone.locator("main button[type=submit]").click()
    phone.wait_for_url("**/me/")

    late = browse(None, language, "phone")
    late.goto("/enter/")
    late.locator("#id_code").fill(code)
    late.locator("main button[type=submit]").click()
    expect(late.locator("#id_code_error")).to_be_visible()

    phone.locator(".fg-who").click()
    expect(phone.locator(".fg-sessions li")).to_have_count(1)
    expect(phone.locator("#codes ~ ul li")).to_have_count(1)
    well_made(phone)
    screenshot(phone, "sessions-worker", language, "phone")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_session_left_open_elsewhere_is_ended_from_the_phone(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str
):
    guard = place.users["guard"]
    guard.set_password(builders.PASSWORD)
    guard.save(update_fields=["password"])
    left_open, phone = browse(None, language, "desk"), browse(None, language, "phone")
    for page in (left_open, phone):
        page.goto("/login/")
        page.locator("#id_username").fill(guard.username)
        page.locator("#id_password").fill(builders.PASSWORD)
        page.locator("main form:first-of-type button[type=submit]").first.click()
        page.wait_for_url("**/doors/")
    phone.goto("/sessions/")
    expect(phone.locator(".fg-sessions li")).to_have_count(2)
    well_made(phone)
    screenshot(phone, "sessions", language, "phone")
    phone.locator(".fg-sessions li").filter(has_not=phone.locator(".fg-here")).locator("button").click()
    expect(phone.locator(".fg-note-success")).to_be_visible()
    expect(phone.locator(".fg-sessions li")).to_have_count(1)
    left_open.goto("/doors/")
    left_open.wait_for_url("**/login/**")
    phone.goto("/doors/")
    assert phone.url.endswith("/doors/")
