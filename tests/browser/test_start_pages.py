"""The pages with which the posts outside the enterprises begin, on the phone and at the desk, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import builders
from browser.looks import fits
from fugong.registry.models import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY, HOUR = 86_400, 3600
NOW = builders.NOW


@pytest.fixture
def travellers(place):
    """Three who are coming back, one of them overdue, and two in observation."""
    people = builders.workers(place.enterprise, 5, first=20)
    for worker, day in zip(people[:2], ("2020-03-12", "2020-03-07"), strict=True):
        builders.survey(
            worker, NOW - 3 * DAY, whereabouts="away", test_required=True, origin_division="420100", intended_on=day,
            means="bus",
        )  # fmt: skip
    builders.survey(people[2], NOW - DAY, whereabouts="returning", test_required=True, origin_division="421100")
    hotel = Site.objects.get(enterprise=None)
    for number, room in enumerate(("101", "102", "103")):
        builders.record(hotel.pk, "room", NOW - 20 * DAY, {"room": room})
        if number < 2:
            values = {"site": str(hotel.pk), "room": room}
            builders.record(people[3 + number], "observation", NOW - (3 + number) * DAY, values, end=NOW + 9 * DAY)
    builders.record(people[3], "temperature", NOW - 2 * HOUR, {"celsius": 36.7, "place": "observation"})
    return people


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("device", ["phone", "desk"])
@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("dispatcher", "returning"),
        ("observation_medic", "site-medic"),
        ("site_police", "site-police"),
        ("sampling_staff", "sampling"),
        ("service_team_member", "patch"),
    ],
)
def test_a_post_begins_with_what_it_needs(place, travellers, browse, screenshot, role, name, device, language):
    page = browse(place.users[role], language, device)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    screenshot(page, f"start-{name}", language, device)
    fits(page)
    assert page.problems == []


def test_a_list_goes_on_paper_by_a_click_and_changes_with_the_day(place, travellers, browse, screenshot):
    page = browse(place.users["dispatcher"], "en", "desk")
    page.goto("/returning/")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("#until").fill("2020-03-08")
    page.locator("#until").dispatch_event("change")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="On paper").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_text(builders.name(22))).to_be_visible()
    screenshot(page, "manifest", "en", "desk")
    assert page.problems == []


def test_a_medic_opens_a_file_by_a_click(place, travellers, browse):
    page = browse(place.users["observation_medic"], "zh-hans", "phone")
    page.goto("/")
    page.get_by_role("link", name=builders.name(23)).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text(builders.name(23))
