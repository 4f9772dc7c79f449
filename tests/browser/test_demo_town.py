"""A demo town in the real browser: the picture on top of the README, and what each role sees on its second screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import PICTURES_WANTED
from fugong import scenario
from fugong.base import clock, environment, local
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.reports.queries import figures
from fugong.scenario.recipe import read

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SMALLER = "qinghe"
"""Has somebody in every role, too, and is there in a sixth of the time; pictures are of the default town."""
ROWS = "main tbody tr"
NEUTRAL = """folder => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) words.currentNode.data = words.currentNode.data.replaceAll(folder, "/var/lib/fugong");
}"""
"""Pictures name no folder of the machine that made them."""
SEEN: dict[str, tuple[str, str]] = {
    "town_administrator": ("desk", ".fg-hand a"),
    "deputy": ("desk", ".fg-hand a"),
    "bureau_reader": ("desk", ".fg-hand a"),
    "service_team_member": ("phone", "[data-visits] button"),
    "enterprise_clerk": ("desk", "main a"),
    "line_leader": ("phone", "main li"),
    "guard": ("phone", ".door-list a"),
    "door_device": ("phone", ".door-list a"),
    "dispatcher": ("desk", ROWS),
    "driver": ("phone", ROWS),
    "sampling_staff": ("desk", "main .btn-primary"),
    "observation_medic": ("phone", ROWS),
    "site_cadre": ("phone", ROWS),
    "site_police": ("phone", ROWS),
    "worker": ("phone", ".fg-answer"),
    "auditor": ("desk", "main form"),
    "system_operator": ("desk", "main section"),
}
"""On what each role mostly works, and what it must find there."""


def test_the_towns_page_and_what_each_role_sees(browse, screenshot, monkeypatch, settings):
    settings.DEMO = True
    town = scenario.default_town() if PICTURES_WANTED else SMALLER
    evening = local.from_datetime(read(town).moment)
    monkeypatch.setattr(clock, "now", lambda: evening)
    scenario.load(town, seed=2020, password="shown-once-only", progress=lambda done, total: None)
    tested = figures(as_of=evening, known_at=evening)["tests.before_work"]
    administrator = User.objects.get(username="town_administrator")
    # What pages say in either language is tested on a smaller town; pictures are of both.
    languages = ("zh-hans", "en") if PICTURES_WANTED else ("zh-hans",)
    for device in ("desk", "phone"):
        for language in languages:
            page = browse(administrator, language, device)
            page.goto("/town/")
            expect(page.get_by_role("main")).to_contain_text(f"{tested.numerator:,} / {tested.denominator:,}")
            screenshot(page, "demo-town", language, device)
            page.context.close()
    assert SEEN.keys() == ROLES.keys()
    for role, (device, selector) in SEEN.items():
        for language in languages:
            page = browse(User.objects.get(username=role), language, device)
            page.goto("/")
            expect(page.locator(selector).first, f"{role} finds it on {page.url}").to_be_visible()
            expect(page.locator(".fg-demo"), f"{role} is told on {page.url}").to_be_visible()
            page.evaluate(NEUTRAL, str(environment.data_folder()))
            screenshot(page, f"role-{role.replace('_', '-')}", language, device, full=False)
            page.context.close()
