"""The service teams' map and board in a real browser: on a phone as at a desk, with a keyboard alone, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import builders
from browser.looks import well_made
from fugong.registry import services as registry
from fugong.teams.models import Spot
from fugong.teams.services import places, problems
from fugong.teams.services.problems import NewProblem
from teams.patches import NAMES, NOW, geojson, town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = 86_400


@pytest.fixture
def served(place):
    """A patch of four enterprises, of which two have a place and two a problem; another patch without a team beside it."""
    patch = place.enterprise.patch
    more = [builders.enterprise(n, name, patch=patch) for n, name in enumerate(NAMES[1:], start=11)]
    made = town(patch=patch, firms=[place.enterprise, *more])
    said = {"trade": "industry", "yuan": 50_000_000, "employees": 30}
    builders.record(place.enterprise.pk, "turnover", builders.EARLY, said)
    registry.add_patch(name="城北片区")
    places.draw(content=geojson(patch.name, "城北片区"), now=NOW)
    spots = {made.firms[0].pk: (26.012, 119.608), made.firms[1].pk: (26.006, 119.615)}
    places.place(spots=spots, now=NOW - DAY, actor=made.admin.pk)
    told = [
        NewProblem(made.firms[0].pk, "materials", "原料运不进来，三天后停产", NOW - 9 * DAY),
        NewProblem(made.firms[1].pk, "money", "贷款到期", NOW),
    ]
    problems.report(problems=told, now=NOW, actor=made.member.pk)
    return made


@pytest.mark.parametrize(("language", "device"), [("zh-hans", "desk"), ("en", "phone")])
def test_the_map_and_the_board_work_with_a_keyboard_alone(served, browse, screenshot, language, device):
    page = browse(served.admin, language, device)
    if device == "phone":
        page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/teams/")
    well_made(page)
    screenshot(page, "teams-map", language, device)
    page.locator(".tm-map a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/teams/?patch=*")
    expect(page.locator(".tm-map a[aria-current]")).to_have_count(1)
    names = page.locator(".tm-list tbody th a").all_text_contents()
    assert names == page.locator(".tm-map a text").evaluate_all("all => all.map(e => e.firstChild.data)")
    for name, address in (
        ("board", "/problems/"),
        ("leaders", "/teams/leads/"),
        ("share", f"/teams/patches/{served.patch.pk}/share/"),
    ):
        page.goto(address)
        well_made(page)
        screenshot(page, f"teams-{name}", language, device)
    page.goto("/problems/")
    page.locator("#list tbody a").first.press("Enter")
    expect(page.locator(".fg-timeline")).to_be_visible()
    well_made(page)
    screenshot(page, "teams-problem", language, device)


@pytest.mark.parametrize(("language", "device"), [("zh-hans", "phone"), ("en", "desk")])
def test_an_enterprise_is_placed_by_arrow_keys_by_a_tap_and_by_typing(served, browse, screenshot, language, device):
    page = browse(served.member, language, device)
    if device == "phone":
        page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/teams/places/?without=1")
    well_made(page)
    screenshot(page, "teams-places", language, device)
    page.locator("#list tbody a").first.press("Enter")
    expect(page.locator("[data-choose]")).to_be_visible()  # and its script is loaded
    latitude, longitude = page.locator("#id_latitude"), page.locator("#id_longitude")
    page.locator("[data-choose]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert float(latitude.input_value()) == pytest.approx(26.01, abs=0.001)
    assert float(longitude.input_value()) == pytest.approx(119.6104, abs=0.0001)
    box = page.locator("[data-choose] svg").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25)
    assert float(latitude.input_value()) == pytest.approx(26.015, abs=0.001)
    assert float(longitude.input_value()) == pytest.approx(119.615, abs=0.001)
    longitude.fill("119.605")
    well_made(page)
    screenshot(page, "teams-place", language, device)
    longitude.press("Enter")
    expect(page.locator("button[name=away]")).to_be_visible()
    spot = Spot.objects.get(start=NOW)
    assert (spot.longitude, spot.actor_id) == (119.605, served.member.pk)
    page.locator("button[name=away]").press("Enter")
    expect(page.locator("button[name=away]")).to_have_count(0)
    page.locator("#before ~ table button").first.press("Enter")
    expect(page.locator("button[name=away]")).to_be_visible()
    well_made(page)
    assert Spot.objects.filter(enterprise=spot.enterprise_id, longitude=119.605).count() == 2
