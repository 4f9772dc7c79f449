"""An enterprise files to work again and is approved: the clerk with a phone, the town at a desk, and the worker's colour turns;
then the town suspends it, a second person agrees, and the colour turns back.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import refused, well_made
from fugong.resumption.models import PERMIT, Filing
from resumption.plants import PLAN, plant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh-hans": {
        "yes": "是", "days": "防疫物资可用天数", "keep": "保存答复", "file": "申报", "filed": "镇里审看", "conditions": "条件，每行一项",
        "approve": "批准", "may": "可以上岗", "not_yet": "暂不能上岗", "works": "该企业可以复工", "report": "填报", "current": "当前日产值",
        "normal": "正常日产值", "right": "这些数字对吗", "later": "先保存，稍后说明", "why": "为何属实", "explain": "说明",
        "stop": "暂停或撤销", "reason": "原因（企业会看到）", "sure": "确为该企业", "do_stop": "停工", "waits": "须待第二人同意",
    },
    "en": {
        "yes": "yes", "days": "days of protective supplies", "keep": "Keep the answers", "file": "File", "filed": "The town looks at it",
        "conditions": "Conditions, one a line", "approve": "Approve", "may": "You may work", "not_yet": "Not yet",
        "works": "This enterprise may work", "report": "Report", "current": "Current daily output", "normal": "Normal daily output",
        "right": "Is this right?", "later": "Store it and explain later", "why": "Why it is right", "explain": "Explain",
        "stop": "Suspend or withdraw", "reason": "Why (the enterprise reads it)", "sure": "I mean this enterprise",
        "do_stop": "Stop the work", "waits": "waits until a second person agrees",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_enterprise_files_and_is_approved(
    transactional_db: None, stopped_clock: int, browse: Callable[..., Page], screenshot: Callable[..., None], settings,
    language: str,
):  # fmt: skip
    words = WORDS[language]
    one = plant(PERMIT)
    worker = builders.user("worker", one.workers[0])
    theirs = browse(worker, language, "phone")
    theirs.goto("/me/")
    expect(theirs.get_by_text(words["not_yet"]).first).to_be_visible()

    clerk = browse(one.clerk, language, "phone")
    _file(clerk, one.enterprise.pk, words, lambda name: screenshot(clerk, name, language, "phone"))
    assert Filing.objects.get().state == Filing.WAITING

    town = browse(one.town, language)
    town.goto("/resumption/?state=waiting")
    well_made(town)
    screenshot(town, "resumption-filings", language, "desk")
    town.locator("main th a").click()
    town.get_by_label(words["conditions"]).fill("每日上报体温\n补一间隔离房")
    town.locator("#due").fill("2020-03-12")
    well_made(town)
    screenshot(town, "resumption-review", language, "desk")
    town.locator("button[value=approve]").click()
    expect(town.locator("#conditions-list")).to_be_visible()

    theirs.reload()
    expect(theirs.get_by_text(words["may"]).first).to_be_visible()
    clerk.goto(f"/enterprises/{one.enterprise.pk}/resumption/")
    expect(clerk.get_by_text(words["works"])).to_be_visible()
    well_made(clerk)
    screenshot(clerk, "resumption-in-force", language, "phone")

    _report(clerk, one.enterprise.pk, words, lambda name: screenshot(clerk, name, language, "phone"))
    town.goto("/resumption/output/")
    well_made(town)
    screenshot(town, "resumption-outputs", language, "desk")
    town.goto("/resumption/way/?model=wuhan")
    well_made(town)
    screenshot(town, "resumption-way", language, "desk")

    settings.FUGONG_LOSS_LIMIT = 0
    second = browse(one.second, language)
    _suspend(town, second, one.enterprise.pk, words, lambda name: screenshot(town, name, language, "desk"))
    theirs.reload()
    expect(theirs.get_by_text(words["not_yet"]).first).to_be_visible()
    assert Filing.objects.get().state == Filing.SUSPENDED
    for page in (theirs, second):
        assert page.problems == [], page.problems  # type: ignore[attr-defined]


def _file(clerk: Page, enterprise: object, words: dict[str, str], picture: Callable[[str], None]) -> None:
    clerk.goto(f"/enterprises/{enterprise}/resumption/")
    well_made(clerk)
    picture("resumption-ready")
    clerk.get_by_label(words["days"]).fill("5")
    for group in clerk.locator("#answers ~ form fieldset").all():
        group.get_by_text(words["yes"], exact=True).click()
    clerk.get_by_role("button", name=words["keep"]).click()
    expect(clerk.locator(".fg-note-success")).to_be_visible()
    clerk.locator("a.btn-primary").click()
    clerk.locator("#plan").fill(PLAN)
    for box in clerk.locator("input[name=commitment]").all():
        box.check()
    clerk.locator("#signed_by").fill("林老板")
    well_made(clerk)
    picture("resumption-file")
    clerk.locator("main form button[type=submit]").click()
    expect(clerk.get_by_text(words["filed"]).first).to_be_visible()
    well_made(clerk)
    picture("resumption-filed")


def _report(clerk: Page, enterprise: object, words: dict[str, str], picture: Callable[[str], None]) -> None:
    clerk.goto(f"/enterprises/{enterprise}/output/")
    clerk.get_by_label(words["current"]).fill("160万")
    clerk.get_by_label(words["normal"]).fill("100万")
    clerk.get_by_role("button", name=words["report"], exact=True).click()
    expect(clerk.get_by_text(words["right"])).to_be_visible()
    refused(clerk)
    well_made(clerk)
    picture("resumption-asked-back")
    clerk.get_by_role("button", name=words["later"]).click()
    expect(clerk.locator("#open")).to_be_visible()
    well_made(clerk)
    picture("resumption-output")


def _suspend(
    town: Page, second: Page, enterprise: object, words: dict[str, str], picture: Callable[[str], None]
) -> None:
    town.goto(f"/enterprises/{enterprise}/resumption/stop/")
    town.get_by_label(words["reason"]).fill("发热一人未报")
    town.get_by_label(words["sure"]).check()
    well_made(town)
    picture("resumption-stop")
    town.get_by_role("button", name=words["do_stop"]).click()
    expect(town.get_by_text(words["waits"]).first).to_be_visible()
    second.goto("/waiting/")
    second.locator("main th a").click()
    second.locator("#sure").check()
    second.locator("form[action$='/agree/'] button").click()
    expect(second.locator("form[action$='/agree/']")).to_have_count(0)
