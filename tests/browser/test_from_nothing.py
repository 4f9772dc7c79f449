"""A newcomer with the README: ``fugong up`` on an empty folder, then by pages alone until a worker turns green."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

import builders
from browser.conftest import PATIENCE, hands_off_until_loaded

pytestmark = pytest.mark.browser
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Installation:
    """A served installation, and what its first start printed."""

    address: str
    printed: str

    @property
    def password(self) -> str:
        found = re.search(r"password: (\S+)", self.printed)
        assert found, self.printed
        return found[1]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """``fugong up`` in a process of its own, with a data folder of its own and nothing in it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    surroundings = {
        name: value for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "FUGONG_DATA", "FUGONG_MASTER_KEY", "LC_ALL", "LANGUAGE"}
    }  # fmt: skip
    output = tmp_path / "printed"
    with output.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "fugong", "up", "--data", str(tmp_path / "data"), "--port", str(port)],
            stdout=file, stderr=subprocess.STDOUT, env={**surroundings, "LANG": "en_US.UTF-8", "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert server.poll() is None, output.read_text()
            try:
                urllib.request.urlopen(address + "/healthz", timeout=2).read()
                break
            except OSError:
                time.sleep(0.3)
        yield Installation(address, output.read_text())
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def upload(page: Page, address: str, rows: list[list[str]], taken_in: str, enterprise: str = "") -> None:
    """Paste rows as copied from a spreadsheet, look at them, take them in."""
    page.goto(address)
    if enterprise:
        page.get_by_label("Credit code of the enterprise").fill(enterprise)
    page.get_by_label(re.compile("paste rows")).fill("\n".join("\t".join(row) for row in rows))
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name=re.compile("^Import")).click()
    expect(page.get_by_role("heading", name=re.compile("Taken in"))).to_be_visible()
    expect(page.locator("dl.fg-counts")).to_contain_text(taken_in)


def test_from_an_empty_folder_to_a_green_worker(installation: Installation, chromium: Browser):
    now = datetime.now(ZONE)
    moment = lambda **ago: (now - timedelta(**ago)).strftime("%Y-%m-%d %H:%M")  # noqa: E731
    number, code = builders.resident_number(7), builders.credit_code(7)
    context = chromium.new_context(
        base_url=installation.address, locale="en-GB", viewport={"width": 1366, "height": 768}
    )
    hands_off_until_loaded(context)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)

    page.goto("/")
    page.get_by_role("button", name="English").click()
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill(installation.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Present password").fill(installation.password)
    page.get_by_label("New password", exact=False).first.fill("a-password-of-ones-own")
    page.get_by_label("New password, once more").fill("a-password-of-ones-own")
    page.get_by_role("main").get_by_role("button", name="Change my password").click()

    page.get_by_label("Name of the town, park or city").fill("临江镇")
    page.get_by_label("Division code").fill("350112111")
    page.get_by_role("button", name="Save and go on").click()

    page.goto("/enterprises/new/")
    page.get_by_label("Name of the enterprise").fill("临江纺织有限公司")
    page.get_by_label("Unified social credit code").fill(code)
    page.get_by_label("Short key").fill("linjiang")
    page.get_by_role("button", name="Register the enterprise").click()
    page.get_by_role("region", name="New site").get_by_role("textbox").fill("一厂区")
    page.get_by_role("button", name="Add the site").click()
    page.get_by_role("region", name="一厂区").get_by_role("textbox").fill("东门")
    page.get_by_role("button", name="Add the door").click()
    expect(page.get_by_role("main")).to_contain_text("东门")
    sites = page.url

    page.get_by_role("link", name="Protocols", exact=True).click()
    page.get_by_role("article").filter(has_text="jinfeng-2020-03").get_by_role("link").click()
    page.get_by_label(re.compile("from", re.IGNORECASE)).first.fill(
        (now - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    )
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name=re.compile("force", re.IGNORECASE)).click()

    roster = [["姓名", "身份证号码", "手机", "户籍", "是否离开本地", "来源地", "返岗日期", "车间"],
              ["王小明", number, "13800138000", "江西省乐平市", "是", "江西省乐平市", now.strftime("%Y-%m-%d"), "一车间"]]  # fmt: skip
    upload(page, sites.replace("/sites/", "/roster/"), roster, "added1")
    upload(
        page, "/uploads/new/resumption/", [["统一社会信用代码", "复工日期"], [code, now.strftime("%Y-%m-%d")]], "added1"
    )
    arrival = [
        ["姓名", "身份证号码", "到达时间", "交通方式", "体温", "身份核对"],
        ["王小明", number, moment(hours=3), "大巴", "36.5", "是"],
    ]
    upload(page, "/uploads/new/arrival/", arrival, "added1", code)
    register = [["姓名", "身份证号码", "日期", "时间", "体温", "健康状况"],
                ["王小明", number, *moment(hours=2).split(" "), "36.4", "良好"]]  # fmt: skip
    upload(page, "/uploads/new/register/", register, "added1", code)

    page.goto("/workers/")
    page.fill("#q", "wxm")
    page.press("#q", "Enter")
    page.wait_for_load_state("networkidle")  # the list is drawn anew, and once more for what was typed
    page.get_by_role("link", name="王小明").first.click()
    card = page.locator(".fg-answer")
    expect(card).to_contain_text("May not work")
    expect(page.get_by_role("main")).to_contain_text("negative nucleic-acid")
    worker = page.url

    test = [
        ["姓名", "身份证号", "采样时间", "报告时间", "结果"],
        ["王小明", number, moment(hours=2), moment(minutes=20), "阴性"],
    ]
    upload(page, "/uploads/new/test/", test, "added1", code)
    page.goto(worker)
    expect(card).to_contain_text("May work")
    expect(card).to_contain_text("until")

    page.goto("/doors/")
    page.get_by_role("link", name=re.compile("^东门")).click()  # beside it are the door's devices
    page.get_by_role("searchbox").fill("王小明")
    page.get_by_text("王 * 明").first.click()
    page.get_by_role("button", name="36.5").click()
    expect(page.locator("body")).to_contain_text(re.compile("go in", re.IGNORECASE))
