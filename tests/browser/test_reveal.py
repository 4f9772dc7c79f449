"""Seeing a whole number in a real browser, on a phone and at a desk, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
from personal.planting import PHONE, Planted, plant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(place: builders.Place) -> Planted:
    return plant(place)


@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize(
    ("language", "show", "reason", "holds"),
    [
        ("zh-hans", "显示完整号码：电话", "流调溯源", "理由：流调溯源，有效至3月9日 09:45"),
        ("en", "Show the whole number: Phone", "contact tracing", "Reason: contact tracing, holds until 9 Mar 09:45"),
    ],
)
def test_a_clerk_sees_a_phone_for_a_reason(
    device: str,
    language: str,
    show: str,
    reason: str,
    holds: str,
    town: Planted,
    browse: Callable[..., Page],
    screenshot,
) -> None:
    page = browse(town.place.users["enterprise_clerk"], language, device)
    page.goto(f"/workers/{town.worker}/file/")
    page.wait_for_function("() => window.htmx")
    expect(page.get_by_text(PHONE)).to_have_count(0)
    screenshot(page, "file-masked", language, device, full=False)
    page.get_by_role("button", name=show).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=reason)).to_be_focused()
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
    )
    screenshot(page, "file-reason", language, device, full=False)
    page.keyboard.press("Enter")
    expect(page.get_by_text(PHONE)).to_be_visible()
    expect(page.get_by_text(holds)).to_be_visible()
    screenshot(page, "file-number", language, device, full=False)
    assert page.url.endswith(f"/workers/{town.worker}/file/")
    sizes = page.eval_on_selector_all(
        ".fg-number-place .btn", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 48
    page.reload()
    expect(page.get_by_text(PHONE)).to_have_count(0)
    page.get_by_role("button", name=show).click()
    expect(page.get_by_text(PHONE)).to_be_visible()
    assert page.problems == []  # type: ignore[attr-defined]


def test_without_javascript_it_is_a_page_of_its_own(town: Planted, browse: Callable[..., Page]) -> None:
    page = browse(town.place.users["enterprise_clerk"], "en", java_script_enabled=False)
    page.goto(f"/workers/{town.worker}/file/")
    page.get_by_role("button", name="Show the whole number: Phone").click()
    page.get_by_role("button", name="medical care").click()
    expect(page.get_by_text(PHONE)).to_be_visible()
    page.get_by_role("link", name="Back to the file").click()
    expect(page.get_by_text(PHONE)).to_have_count(0)
