"""The pages around the doors in a browser: connecting a device, badges on paper, a guard's PIN, who is inside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import well_made
from fugong.base.access import acting, as_system
from fugong.doors.models import GuardPin, Pass

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
BOTH = pytest.mark.parametrize(("language", "device"), [("zh-hans", "phone"), ("en", "desk")])
WORDS = {
    "zh-hans": {
        "connect": "配对设备", "make": "制作工牌", "download": "下载 PDF", "revoke": "吊销", "lost": "遗失", "gone": "工牌已吊销",
        "pin": "设置 PIN",
    },
    "en": {
        "connect": "Connect a device", "make": "Make the badges", "download": "Download the PDF", "revoke": "Revoke",
        "lost": "lost", "gone": "The badge is revoked", "pin": "Set the PIN",
    },
}  # fmt: skip


@BOTH
def test_the_town_connects_a_device(place: builders.Place, browse: Browse, screenshot, language, device):
    page, words = browse(place.users["town_administrator"], language, device), WORDS[language]
    page.goto(f"/doors/{place.door.pk}/devices/")
    well_made(page)
    page.get_by_role("button", name=words["connect"]).click()
    expect(page.locator("main code[translate=no]").first).to_be_visible()
    well_made(page)
    screenshot(page, "door-code", language, device)


@BOTH
def test_a_clerk_prints_badges_and_revokes_a_lost_one(
    place: builders.Place, browse: Browse, screenshot, language, device
):
    page, words = browse(place.users["enterprise_clerk"], language, device), WORDS[language]
    page.goto(f"/enterprises/{place.enterprise.pk}/badges/")
    well_made(page)
    page.get_by_role("button", name=words["make"]).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=words["download"]).click()
    assert download.value.suggested_filename.startswith("fugong-badges-")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    well_made(page)
    screenshot(page, "badges", language, device)
    page.get_by_role("link", name=words["revoke"]).first.click()
    well_made(page)
    page.get_by_label(words["lost"], exact=True).check()
    page.get_by_role("button", name=words["revoke"]).click()
    expect(page.get_by_text(words["gone"])).to_be_visible()
    with acting(as_system("test")):
        assert Pass.objects.filter(reason="lost").count() == 1


@BOTH
def test_a_guard_sets_a_pin(place: builders.Place, browse: Browse, screenshot, language, device):
    page, words = browse(place.users["guard"], language, device), WORDS[language]
    page.goto("/door-pin/")
    page.fill("[name=pin]", "480513")
    page.fill("[name=again]", "480513")
    screenshot(page, "door-pin", language, device)
    page.get_by_role("button", name=words["pin"]).click()
    expect(page.locator(".fg-note, [role=status]").first).to_be_visible()
    well_made(page)
    with acting(as_system("test")):
        assert GuardPin.objects.count() == 1


@BOTH
def test_who_is_inside_and_what_did_not_fit(place: builders.Place, browse: Browse, screenshot, language, device):
    page = browse(place.users["enterprise_clerk"], language, device)
    for name in ("inside", "evacuation", "visitors", "misfits", "arrangement"):
        page.goto(f"/sites/{place.door.site_id}/{name}/")
        well_made(page)
        screenshot(page, f"site-{name}", language, device)
