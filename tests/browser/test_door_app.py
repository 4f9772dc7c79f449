"""The door app in a real browser: it pairs, takes its list, decides, goes on without a server, and loses nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_app_comes_up_and_is_kept_whole(browse, transactional_db):
    page = browse(None, "zh-hans", "phone")
    page.goto("/door/")
    expect(page.get_by_role("heading", name="将本设备绑定到门岗")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.active.state)")
    kept = page.evaluate(
        "caches.keys().then(([name]) => caches.open(name)).then((one) => one.keys()).then((all) => all.map((r) => new URL(r.url).pathname))"
    )
    assert "/door/" in kept and "/door/words/en.json" in kept and any(one.endswith(".wasm") for one in kept)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Pair this device with a door")).to_be_visible()
    assert page.problems == []
