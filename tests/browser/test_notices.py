"""A channel is set up, a notice is written, previewed, sent in two clicks, arrives, and is read on a worker's phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import builders
from browser.looks import fits, well_made
from fugong.base import access
from fugong.notices.models import Delivery
from fugong.notices.sending import receipts, work
from fugong.notices.services import setup
from notices.fake_dingtalk import FakeDingTalk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "work": "DingTalk work notification", "name": "Name of the channel", "agent": "Agent id of the app", "key": "App key", "secret": "App secret",
        "base": "Base address, if it isn't the provider's own", "save": "Save", "to": "Recipients", "title": "Title", "text": "Text",
        "preview": "Preview, and see how many get it", "sure": "I have read it, and it shall go to", "send": "Send",
        "goes": "It goes out now.", "got": "Who got it", "read": "I have read it", "all": "All my notices", "done": "read",
        "failed": "the channel does not know this address", "held": "held",
    },
    "zh-hans": {
        "work": "钉钉工作通知", "name": "渠道名称", "agent": "应用的 AgentId", "key": "AppKey", "secret": "AppSecret",
        "base": "接口地址（非官方地址时填写）", "save": "保存", "to": "发送对象", "title": "标题", "text": "正文", "preview": "预览并查看人数",
        "sure": "我已看过，确认发给", "send": "发送", "goes": "现在发送。", "got": "收件情况", "read": "我已阅读", "all": "我的全部通知",
        "done": "已读", "failed": "渠道不认识该地址", "held": "暂停中",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_a_channel_to_the_button_on_a_phone(place, browse, screenshot, language: str):
    say, reader = WORDS[language], place.users["worker"]
    people = sorted(place.workers.values(), key=lambda one: one != reader.scope_id)
    setup.save_addresses(kind="dingtalk", rows=[(one, None, f"u{n}") for n, one in enumerate(people)], now=builders.NOW)
    for n in range(12):  # as many as are no longer listed at once
        builders.enterprise(100 + n, f"东村{'针织' if n < 2 else '五金'}{n:02}厂", resumed=False)
    dingtalk = FakeDingTalk()
    dingtalk.users = {f"u{n}" for n in range(len(people) - 1)}
    dingtalk.readers = {"u1"}
    with dingtalk.serving():
        desk = browse(place.users["town_administrator"], language)
        desk.goto("/notices/channels/")
        desk.get_by_role("link", name=say["work"]).click()
        desk.get_by_label(say["name"], exact=True).fill("镇钉钉")
        desk.get_by_label(say["agent"]).fill(dingtalk.agent)
        desk.get_by_label(say["key"], exact=True).fill(dingtalk.app[0])
        desk.get_by_label(say["secret"], exact=True).fill(dingtalk.app[1])
        desk.get_by_label(say["base"]).fill(dingtalk.url)
        well_made(desk)
        screenshot(desk, "notice-channel", language, "desk")
        desk.get_by_role("button", name=say["save"]).click()
        expect(desk.get_by_role("link", name="镇钉钉")).to_be_visible()
        well_made(desk)
        screenshot(desk, "notice-channels", language, "desk")

        desk.goto("/notices/new/")
        desk.get_by_label(say["to"]).select_option("enterprise")
        searched = desk.get_by_role("searchbox")
        searched.press_sequentially("针织")
        found = desk.locator("#found").get_by_role("radio")
        expect(found).to_have_count(2)
        expect(desk.get_by_role("status").filter(has_text="2")).to_be_visible()
        searched.fill("")
        searched.press_sequentially(place.enterprise.name)
        searched.press("Enter")
        expect(found).to_have_count(1)
        desk.keyboard.press("Tab")
        desk.keyboard.press("Space")
        expect(desk.get_by_role("radio", name=place.enterprise.name)).to_be_checked()
        desk.get_by_label(say["title"], exact=True).fill("停水通知")
        desk.get_by_label(say["text"], exact=True).fill("{name}：明天 8 点至 12 点停水，请提前接水。")
        desk.get_by_label("镇钉钉").check()
        well_made(desk)
        screenshot(desk, "notice-new", language, "desk")
        desk.get_by_role("button", name=say["preview"]).click()
        expect(desk.get_by_text("陈明：明天 8 点至 12 点停水")).to_be_visible()
        well_made(desk)
        screenshot(desk, "notice-preview", language, "desk")
        desk.get_by_label(say["sure"]).check()
        desk.get_by_role("button", name=say["send"], exact=True).click()
        expect(desk.get_by_text(say["goes"])).to_be_visible()

        with access.acting(access.as_system("a test")):
            work.work(budget=60, started=builders.NOW)
        # The clock stands still here: what the limit of calls a second holds back goes out in the next second.
        with access.acting(access.as_system("a test")):
            receipts.collect(builders.NOW)
        assert Delivery.objects.filter(channel__kind="dingtalk_work", state="sent").exists()
        desk.reload()
        expect(desk.get_by_role("heading", name=say["got"])).to_be_visible()
        well_made(desk)
        screenshot(desk, "notice", language, "desk")
        desk.goto("/notices/trouble/")
        expect(desk.get_by_text(say["failed"]).first).to_be_visible()
        well_made(desk)
        screenshot(desk, "notice-trouble", language, "desk")
        desk.goto("/notices/")
        well_made(desk)
        screenshot(desk, "notices", language, "desk")

    for name in (
        "notices/",
        "notices/new/",
        "notices/channels/",
        "notices/templates/",
        "notices/templates/trip/",
        "notices/trouble/",
    ):
        narrow = browse(place.users["town_administrator"], language, "phone")
        narrow.set_viewport_size({"width": 360, "height": 780})
        narrow.goto(f"/{name}")
        fits(narrow)
        narrow.context.close()

    phone = browse(reader, language, "phone")
    phone.goto("/me/")
    phone.get_by_role("link", name="停水通知").click()
    expect(phone.get_by_text("明天 8 点至 12 点停水")).to_be_visible()
    well_made(phone)
    screenshot(phone, "me-notice", language, "phone")
    phone.get_by_role("button", name=say["read"]).click()
    expect(phone.get_by_role("button", name=say["read"])).to_have_count(0)
    assert Delivery.objects.filter(worker=people[0]).exclude(opened_at=None).count() == 2
