"""A worker shows the pass at the door: from the card to the code, renewed while it is looked at, saved as a picture."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import builders
from browser.looks import well_made
from fugong.base import clock
from fugong.doors.models import Pass

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {"show": "Show it at the door", "until": "valid until 10 Mar 09:30", "save": "Save as a picture"},
    "zh-hans": {"show": "进门时出示", "until": "有效期至 3月10日 09:30", "save": "保存为图片"},
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_worker_shows_and_saves_the_pass(place, browse, screenshot, language: str):
    say = WORDS[language]
    phone = browse(place.users["worker"], language, "phone", accept_downloads=True)
    phone.goto("/me/")
    phone.get_by_role("link", name=say["show"]).click()
    code = phone.locator("#pass svg[role=img]")
    expect(code).to_be_visible()
    expect(phone.get_by_text(say["until"])).to_be_visible()
    size = code.bounding_box()
    assert size is not None
    assert size["width"] >= 300  # a cheap camera reads it
    assert size["y"] + size["height"] <= 844  # without scrolling
    well_made(phone)
    screenshot(phone, "me-pass", language, "phone")
    with phone.expect_download() as coming:
        phone.get_by_role("link", name=say["save"]).click()
    assert coming.value.suggested_filename.startswith("fugong-pass-")
    assert coming.value.path().read_bytes().startswith(b"\x89PNG")
    assert phone.problems == []


def test_it_renews_itself_when_the_phone_is_online_again(place, browse, monkeypatch):
    phone = browse(place.users["worker"], "en", "phone")
    phone.goto("/me/pass/")
    first = phone.locator("#pass path").last.get_attribute("d")
    monkeypatch.setattr(clock, "now", lambda: builders.NOW + 18 * 3_600 + 1)
    phone.context.set_offline(True)
    expect(phone.locator("#pass svg[role=img]")).to_be_visible()  # without a network the pass stays
    phone.context.set_offline(False)
    expect(phone.locator("#pass svg[role=img]")).to_be_visible()
    phone.wait_for_function(
        "first => [...document.querySelectorAll('#pass path')].pop().getAttribute('d') !== first", arg=first
    )
    assert Pass.objects.count() == 2
