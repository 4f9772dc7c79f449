"""A worker who reads the reasons, sees who looked, asks for a correction and is answered; the town's desk in between."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import expect

import builders
from fugong.ledger.models import Fact
from fugong.redress import printing
from fugong.redress.models import Request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "reason": "latest temperature below 37.3", "file": "What is held about me, and what for",
        "looks": "Who looked at my file", "clerk": "Enterprise clerk · 临江纺织有限公司", "wrong": "This is wrong",
        "what": "What is wrong?", "celsius": "temperature, ℃", "send": "File the request", "waits": "waiting for an answer",
        "requests": "Requests", "answer": "Answer to the person", "grant": "Grant", "new": "1 new answer", "ok": "You may work",
        "download": "Download my file", "json": "For programs (JSON)", "pdf": "To read and print (PDF)",
    },
    "zh-hans": {
        "reason": "最近一次体温低于 37.3", "file": "系统里存了我的什么、作何用途", "looks": "谁看过我的档案",
        "clerk": "企业专员 · 临江纺织有限公司", "wrong": "这条不对", "what": "哪里不对？", "celsius": "体温（℃）",
        "send": "提交申请", "waits": "等待答复", "requests": "申请与申诉", "answer": "给本人的答复", "grant": "同意",
        "new": "1 条新答复", "ok": "可以上岗", "download": "下载我的档案", "json": "用于程序（JSON）", "pdf": "用于阅读和打印（PDF）",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_worker_reads_asks_and_is_answered(place, browse, screenshot, language: str):
    say = WORDS[language]
    fevered = builders.user("worker", place.workers["fevered"], "fevered")
    clerk = browse(place.users["enterprise_clerk"], language)
    clerk.goto(f"/workers/{place.workers['fevered']}/file/")
    phone = browse(fevered, language, "phone")
    phone.goto("/me/")
    expect(phone.get_by_text(say["reason"]).first).to_be_visible()
    screenshot(phone, "me-refused", language, "phone")
    phone.get_by_role("link", name=say["looks"]).click()
    expect(phone.get_by_text(say["clerk"], exact=True)).to_be_visible()
    screenshot(phone, "me-looks", language, "phone")
    phone.goto("/me/")
    phone.get_by_role("link", name=say["file"]).click()
    screenshot(phone, "me-file", language, "phone")
    phone.get_by_role("link", name=say["wrong"]).first.click()
    phone.get_by_label(say["what"]).fill("门卫看错了，是 36.8。")
    phone.get_by_label(say["celsius"]).fill("36.8")
    screenshot(phone, "me-correction", language, "phone")
    phone.get_by_role("button", name=say["send"]).click()
    expect(phone.get_by_text(say["waits"])).to_be_visible()
    screenshot(phone, "me-request", language, "phone")

    desk = browse(place.users["town_administrator"], language)
    desk.goto("/town/")
    screenshot(desk, "town-requests", language, "desk")
    desk.get_by_role("link", name=say["requests"]).first.click()
    screenshot(desk, "requests", language, "desk")
    desk.locator("tbody a").first.click()
    desk.get_by_label(say["answer"]).fill("已核实：当班记录为 36.8，已更正。")
    screenshot(desk, "request", language, "desk")
    desk.get_by_role("button", name=say["grant"], exact=True).click()
    expect(desk.get_by_role("button", name=say["grant"], exact=True)).to_have_count(0)

    phone.goto("/me/")
    expect(phone.get_by_text(say["ok"]).first).to_be_visible()
    expect(phone.get_by_text(say["new"])).to_be_visible()
    screenshot(phone, "me-answered", language, "phone")
    phone.goto(f"/me/requests/{Request.objects.get().pk}/")
    expect(phone.get_by_text("已核实")).to_be_visible()
    screenshot(phone, "me-answer", language, "phone")
    assert Fact.objects.get(supersedes__isnull=False).values["celsius"] == 36.8
    assert [phone.problems, desk.problems] == [[], []]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_file_is_saved(place, browse, screenshot, language: str):
    say = WORDS[language]
    phone = browse(place.users["worker"], language, "phone", accept_downloads=True)
    phone.goto(f"/workers/{place.workers['cleared']}/file/")
    phone.get_by_role("link", name=say["download"]).click()
    screenshot(phone, "me-download", language, "phone")
    with phone.expect_download() as coming:
        phone.get_by_role("link", name=say["json"]).click()
    data = json.loads(coming.value.path().read_text())
    assert (data["format"], data["version"]) == ("fugong-person-file", 1)
    with phone.expect_download() as coming:
        phone.get_by_role("link", name=say["pdf"]).click()
    assert coming.value.path().read_bytes().startswith(b"%PDF-")
    assert coming.value.suggested_filename == "fugong-20200309.pdf"
    expect(phone.locator("#made")).to_be_hidden()
    assert phone.problems == []


def test_a_download_that_takes_long_says_so(place, browse, monkeypatch):
    whole = printing.pdf
    monkeypatch.setattr(printing, "pdf", lambda data: time.sleep(4) or whole(data))
    phone = browse(place.users["worker"], "en", "phone", accept_downloads=True)
    phone.goto("/me/download/")
    with phone.expect_download() as coming:
        phone.get_by_role("link", name="To read and print (PDF)").click(no_wait_after=True)
        expect(phone.locator("#made")).to_be_visible()
    assert coming.value.path().read_bytes().startswith(b"%PDF-")
    expect(phone.locator("#made")).to_be_hidden()
    assert phone.problems == []
