"""A team member works a day of visits without a network: the server's process is stopped, the page is opened again, nothing is lost
or stored twice."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

import builders
from browser.conftest import PATIENCE
from browser.keeping import COUNT
from browser.looks import well_made
from browser.serving import Standing
from fugong.base.personal import decrypt_bytes
from fugong.ledger.queries import standing as facts
from fugong.registry.asked import Answer, give
from fugong.teams.models import Attachment, Problem, Visit
from fugong.teams.services import days
from teams.patches import NAMES, TODAY, town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC"
)
SAY = {
    "begin": "开始走访", "topic": "用工需求", "document": "哪份文件", "receipt": "签收人（姓名）", "hand": "登记送达", "kind": "哪一类？",
    "words": "什么困难？", "report": "上报困难", "met": "接待人是谁？", "finish": "结束走访", "offline": "离线", "online": "在线",
    "made": "已登记", "unplanned": "计划外", "back": "全部走访",
}  # fmt: skip


@pytest.fixture
def standing(place) -> Iterator[Standing]:
    found = Standing(connection.settings_dict["NAME"], builders.NOW)
    found.start()
    yield found
    found.kill()


@pytest.fixture
def served(place):
    """Four enterprises of the patch, of which three are visited today; one has said how many isolation rooms it has."""
    patch = place.enterprise.patch
    more = [
        builders.enterprise(n, name, patch=patch, resumed=n > 11) for n, name in enumerate(NAMES[1:], start=11)
    ]  # the first hasn't resumed: it is asked what it must show before that
    made = town(patch=patch, firms=[*more, place.enterprise])
    give(answers=[Answer(more[0].pk, "isolation_rooms", builders.EARLY, number=3)], source="page", now=builders.EARLY)
    return made


def count(page, part):
    return int(page.evaluate(f"({COUNT.replace('fugong-door', 'fugong-visits')})({part!r})"))


def kept(page, met):
    """What was typed is on the phone's disk."""
    all_sheets = COUNT.replace("fugong-door", "fugong-visits").replace(".count()", ".getAll()")
    deadline = time.monotonic() + PATIENCE / 1_000
    while met not in [one["met"] for one in page.evaluate(f"({all_sheets})('sheets')")]:
        assert time.monotonic() < deadline, met
        page.wait_for_timeout(50)


def sent(page):
    """Nothing waits any more on the phone."""
    deadline = time.monotonic() + PATIENCE / 1_000
    while (count(page, "waiting") or count(page, "pictures")) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    expect(page.locator("#bar-waiting")).to_have_attribute("data-count", "0")
    assert count(page, "refused") == 0


def visit(page, number, *, more):
    """One visit: begun, something looked at, finished; with ``more`` also an answer, a document, a problem and a photo."""
    page.locator("[data-visits] button").nth(number).click()
    page.get_by_role("button", name=SAY["begin"]).click()
    page.get_by_label(SAY["topic"]).check()
    page.locator("[data-checks] [data-yes]").first.click()
    if more:
        page.locator("[data-items] [data-yes]").first.click()
        page.get_by_label(SAY["document"]).fill("榕政办〔2020〕6号")
        page.get_by_label(SAY["receipt"]).fill("陈会计")
        page.get_by_role("button", name=SAY["hand"]).click()
        page.get_by_label(SAY["kind"]).select_option("materials")
        page.get_by_label(SAY["words"]).fill("原料运不进来")
        page.get_by_role("button", name=SAY["report"]).click()
        page.set_input_files("[data-photo]", {"name": "p.png", "mimeType": "image/png", "buffer": PICTURE})
        expect(page.locator("[data-photo-count]")).to_contain_text("1")
    page.get_by_label(SAY["met"]).fill("王总")


def walk_in(page, name):
    """A visit that nobody planned is begun: found by its name, by the keyboard as well; what is missing there comes later."""
    page.locator("[data-walk] summary").press("Enter")
    search = page.locator("[data-walk] input")
    search.fill("没有这家")
    expect(page.locator("[data-others-note]")).to_contain_text("没有")
    search.fill(name[:3])
    expect(page.locator("[data-others] button")).to_have_count(1)
    page.locator("[data-others] button", has_text=name).press("Enter")
    expect(page.locator("[data-known]")).to_contain_text("连上服务器后")
    page.get_by_role("button", name=SAY["begin"]).click()
    page.get_by_label(SAY["topic"]).check()
    page.get_by_label(SAY["met"]).fill("李经理")
    kept(page, "李经理")


def test_a_day_of_visits_without_a_network_is_sent_once(served, standing, browse, screenshot):
    page = browse(None, "zh-hans", "phone")
    client = Client()
    client.force_login(served.member)
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": standing.url},
            {"name": "csrftoken", "value": "a" * 32, "url": standing.url},
        ]
    )  # fmt: skip
    page.goto(standing.url)  # whoever is in a service team begins with the day's visits
    page.wait_for_selector("body[data-ready]")
    assert page.url == f"{standing.url}/visits/app/"
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("[data-visits] li")).to_have_count(3)
    well_made(page)
    screenshot(page, "visits-day", "zh-hans", "phone")
    standing.kill()
    page.problems.clear()

    visit(page, 0, more=True)
    expect(page.locator("#bar-state")).to_have_text(SAY["offline"])
    screenshot(page, "visits-sheet", "zh-hans", "phone")
    kept(page, "王总")
    page.reload()  # before the visit is finished, and with no server
    page.wait_for_selector("body[data-ready]")
    page.locator("[data-visits] button").first.click()
    expect(page.get_by_label(SAY["topic"])).to_be_checked()
    expect(page.get_by_label(SAY["met"])).to_have_value("王总")
    page.get_by_role("button", name=SAY["finish"]).click()
    expect(page.locator("[data-visits] li").first).to_contain_text(SAY["made"])
    visit(page, 1, more=False)
    page.get_by_role("button", name=SAY["finish"]).click()
    assert (count(page, "waiting"), count(page, "pictures")) == (5, 1)
    walk_in(page, served.firms[3].name)
    page.reload()  # it was never on the server's list
    page.wait_for_selector("body[data-ready]")
    page.locator("[data-visits] button", has_text=served.firms[3].name).click()
    expect(page.get_by_label(SAY["met"])).to_have_value("李经理")
    page.get_by_role("button", name=SAY["finish"]).click()
    expect(page.locator("[data-visits] li").nth(3)).to_contain_text(SAY["made"])
    assert count(page, "waiting") == 7
    assert not Visit.objects.filter(state="made").exists()

    standing.start()
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    sent(page)
    expect(page.locator("#bar-state")).to_have_text(SAY["online"])
    screenshot(page, "visits-sent", "zh-hans", "phone")
    first, second, third, walk = Visit.objects.filter(team=served.teams[0], day=TODAY).order_by("place")
    assert [one.state for one in (first, second, third, walk)] == ["made", "made", "planned", "made"]
    assert (walk.unplanned, walk.enterprise, walk.met) == (True, served.firms[3], "李经理")
    expect(page.locator("[data-visits] li").nth(3)).to_contain_text(SAY["unplanned"])
    assert (first.met, first.topics, first.checks) == ("王总", ["用工需求"], {"entrance": True})
    mine = facts().filter(subject_id=first.enterprise_id, actor=served.member.pk)
    assert sorted(mine.values_list("kind", flat=True)) == ["document_handed", "evidence", "visit"]
    assert mine.get(kind="document_handed").values == {"document": "榕政办〔2020〕6号", "receipt": "陈会计"}
    problem = Problem.objects.get()
    assert (problem.words, problem.visit_id, problem.owner) == ("原料运不进来", first.pk, served.teams[0].name)
    expect(page.locator("[data-visits] li").first).to_contain_text(
        "1 个困难未办结"
    )  # not twice: here and with the server
    photo = Attachment.objects.get()
    assert decrypt_bytes(bytes(photo.encrypted)).startswith(b"\xff\xd8\xff")
    assert photo.visit_id == first.pk

    page.locator("[data-visits] button").nth(2).click()
    page.get_by_role("button", name=SAY["begin"]).click()
    page.get_by_label(SAY["met"]).fill("张厂长")
    page.get_by_role("button", name=SAY["back"]).click()
    days.drop(visit=third.pk, now=builders.NOW, actor=served.admin.pk)  # while it is made: what was begun isn't lost
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    last = page.locator("[data-visits] button").nth(3)
    expect(last).to_contain_text(third.enterprise.name)
    last.click()
    expect(page.get_by_label(SAY["met"])).to_have_value("张厂长")
    page.get_by_role("button", name=SAY["finish"]).click()
    sent(page)
    third.refresh_from_db()
    assert (third.state, third.met) == ("made", "张厂长")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Visits of")
    screenshot(page, "visits-day", "en", "phone")
