"""Each page in the browser: nothing is blocked or broken, nothing is wider than the screen; pictures on demand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import fits

Browse = Callable[..., Page]
PAGES: dict[str, tuple[str, str]] = {
    "town": ("town_administrator", "/town/"),
    "figure": ("town_administrator", "/town/figures/surveyed/?part=denominator"),
    "enterprises": ("town_administrator", "/enterprises/"),
    "new-enterprise": ("town_administrator", "/enterprises/new/"),
    "enterprise": ("enterprise_clerk", "/enterprises/{enterprise}/"),
    "sites": ("enterprise_clerk", "/enterprises/{enterprise}/sites/"),
    "workers": ("enterprise_clerk", "/workers/"),
    "worker": ("enterprise_clerk", "/workers/{untested}/"),
    "file": ("enterprise_clerk", "/workers/{fevered}/file/"),
    "me": ("worker", "/me/"),
    "protocols": ("town_administrator", "/protocols/"),
    "pack": ("town_administrator", "/protocols/shipped/jinfeng-2020-03/"),
}


def address(page: str, place: builders.Place) -> str:
    return page.format(enterprise=place.enterprise.pk, **place.workers)


@pytest.mark.browser
@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str, device: str
) -> None:
    pages = {role: browse(place.users[role], language, device) for role in {role for role, _page in PAGES.values()}}
    for name, (role, where) in PAGES.items():
        page = pages[role]
        response = page.goto(address(where, place))
        if page.locator("[hx-trigger*=load]").count():  # what comes after the page
            page.wait_for_load_state("networkidle")
        assert response is not None
        assert response.status == 200, name
        assert page.problems == [], name  # type: ignore[attr-defined]
        fits(page)
        screenshot(page, name, language, device, full=name != "pack")


@pytest.mark.browser
@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sign_in(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str, device: str
) -> None:
    builders.user("bureau_reader", username="reader", password=builders.PASSWORD)
    page = browse(None, language, device)
    page.goto("/protocols/")
    screenshot(page, "login", language, device)
    page.fill("#id_username", "reader")
    page.fill("#id_password", "wrong")
    page.click("main button[type=submit]")
    expect(page.locator("[role=alert]").first).to_be_visible()
    expect(page.locator("#id_username")).to_have_value("reader")
    page.fill("#id_password", builders.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/protocols/")
    refused = [one for one in page.problems if "422" in one]  # type: ignore[attr-defined]
    assert page.problems == refused  # type: ignore[attr-defined]
    assert len(refused) == 1  # the wrong password: a browser notes it as it notes every refused form
