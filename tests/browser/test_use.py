"""Using the pages: by keyboard, with names for every input, with contrast, with parts that renew themselves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import FAINT, NAMELESS
from browser.test_desk_pages import PAGES, address

Browse = Callable[..., Page]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("device", ["desk", "phone"])
def test_every_input_has_a_name_every_page_one_heading_and_contrast(
    place: builders.Place, browse: Browse, device: str
) -> None:
    pages = {role: browse(place.users[role], "zh-hans", device) for role in {role for role, _page in PAGES.values()}}
    for name, (role, where) in PAGES.items():
        page = pages[role]
        page.goto(address(where, place))
        assert page.evaluate(NAMELESS) == [], name
        assert page.evaluate(FAINT) == [], name
        assert page.locator("h1").count() == 1, name
        assert page.locator("main").count() == 1, name


def test_the_first_tab_leads_to_the_content(place: builders.Place, browse: Browse) -> None:
    page = browse(place.users["enterprise_clerk"])
    page.goto("/workers/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "fg-skip"
    assert page.locator(".fg-skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_focus_can_be_seen(place: builders.Place, browse: Browse) -> None:
    page = browse(place.users["enterprise_clerk"])
    page.goto("/workers/")
    for _step in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== 'none'; }"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(place: builders.Place, browse: Browse) -> None:
    page = browse(place.users["enterprise_clerk"], "zh-hans", "phone")
    page.goto("/workers/")
    menu, button = page.locator("#fg-menu"), page.locator(".fg-menu-button")
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_the_list_follows_what_is_typed(place: builders.Place, browse: Browse) -> None:
    page = browse(place.users["enterprise_clerk"])
    page.goto("/workers/")
    expect(page.locator("tbody tr")).to_have_count(7)
    page.locator("#q").press_sequentially("lzq")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/workers/\?s=[0-9a-f]{32}$"))
    assert page.input_value("#q") == "lzq"
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_the_enterprises_numbers_and_filters(place: builders.Place, browse: Browse) -> None:
    page = browse(place.users["enterprise_clerk"])
    page.goto(f"/enterprises/{place.enterprise.pk}/")
    expect(page.locator(".fg-note-warning")).to_contain_text("“一日一登记”1 人")
    page.select_option("#state", "no")
    expect(page.locator("tbody tr")).to_have_count(5)
    page.click(".fg-pipeline a[href='?stage=cleared']")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_no_connection_is_said_in_words(place: builders.Place, browse: Browse) -> None:
    page = browse(place.users["enterprise_clerk"])
    page.goto("/workers/")
    page.context.set_offline(True)
    page.locator("#q").press_sequentially("lz")
    expect(page.locator("#fg-trouble")).to_contain_text("没有网络")
    page.context.set_offline(False)
    page.locator("#q").press_sequentially("q")
    expect(page.locator("#fg-trouble")).to_be_hidden()


def test_the_language_switch_stays_on_the_page(place: builders.Place, browse: Browse) -> None:
    page = browse(place.users["enterprise_clerk"])
    page.goto("/workers/?page=1")
    page.click("button[name=language]")
    expect(page.locator("h1")).to_have_text("Workers")
    assert page.url.endswith("/workers/?page=1")
    page.click("button[name=language]")
    expect(page.locator("h1")).to_have_text("员工")


def test_the_checks_themselves_find_what_is_wrong(place: builders.Place, browse: Browse) -> None:
    page = browse(place.users["enterprise_clerk"])
    page.goto("/workers/")
    page.evaluate("() => { const p = document.createElement('p'); p.textContent = 'faint'; p.className = 'opacity-50';"
                  " document.querySelector('main').append(p, document.createElement('input')); }")  # fmt: skip
    assert [found.split(": ")[1] for found in page.evaluate(FAINT)] == ["faint"]
    assert len(page.evaluate(NAMELESS)) == 1
