"""A demo town's page in the real browser: the picture on top of the README."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from fugong import scenario
from fugong.base import clock, local
from fugong.base.models import User
from fugong.reports.queries import figures

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EVENING = local.at(local.date(2020, 3, 9), "18:00")


def test_the_towns_page_shows_what_the_queries_say(browse, screenshot, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    scenario.load(scenario.default_town(), seed=2020, password="shown-once-only", progress=lambda done, total: None)
    tested = figures(as_of=EVENING, known_at=EVENING)["tests.before_work"]
    administrator = User.objects.get(username="town_administrator")
    for device in ("desk", "phone"):
        for language in ("zh-hans", "en"):
            page = browse(administrator, language, device)
            page.goto("/town/")
            expect(page.get_by_role("main")).to_contain_text(f"{tested.numerator:,} / {tested.denominator:,}")
            screenshot(page, "demo-town", language, device)
