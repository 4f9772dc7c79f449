"""Offline is the normal case: the server's process and the browser's are killed, and nothing is lost, doubled or green by mistake."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import BrowserContext, Error, expect

import builders
from browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE
from browser.keeping import Keeper, a_pass, checks
from browser.serving import Standing
from fugong.doors import pseudonyms

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def standing(place) -> Iterator[Standing]:
    found = Standing(connection.settings_dict["NAME"], builders.NOW)
    found.start()
    yield found
    found.kill()


class Profile:
    """A browser on a profile that outlives its processes."""

    def __init__(self, chromium, folder: Path, url: str) -> None:
        self._type = chromium.browser_type
        self._folder = folder
        self._url = url
        self._context: BrowserContext | None = None

    def open(self) -> Keeper:
        """Start a browser process on the profile, with one page."""
        self._context = self._type.launch_persistent_context(
            str(self._folder), executable_path=CHROMIUM, args=ARGUMENTS, base_url=self._url, locale="zh-CN",
            timezone_id="Asia/Shanghai", viewport={"width": 390, "height": 844},
        )  # fmt: skip
        self._context.set_default_timeout(PATIENCE)
        return Keeper(self._context.pages[0], "zh-hans")

    def kill(self) -> None:
        """Kill the browser's process, as a phone does when it has no memory left."""
        mine = f"--user-data-dir={self._folder}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if mine in words and not any(word.startswith(b"--type=") for word in words):
                    found.append(int(folder.name))
        assert len(found) == 1
        os.kill(found[0], signal.SIGKILL)
        self.close()

    def close(self) -> None:
        if self._context is not None:
            with suppress(Error):
                self._context.close()
        self._context = None


@pytest.fixture
def profile(chromium, standing, tmp_path) -> Iterator[Profile]:
    found = Profile(chromium, tmp_path / "profile", standing.url)
    yield found
    found.close()


def test_a_hundred_decisions_outlive_the_server_and_the_browser(place, standing, profile):
    names = ("cleared", "untested", "lapsing", "away", "fevered")
    texts = {name: a_pass(place.workers[name]).text for name in names}
    guard = profile.open()
    guard.pair(place)
    standing.kill()
    shown = []
    for number in range(100):
        name = names[number % len(names)]
        if number == 50:
            guard.page.get_by_role("button", name="出", exact=True).click()
        guard.scan(texts[name], at_once=number >= 10)
        if number < 50:
            if name == "away":  # without a register of today: one tap more
                guard.tap(guard.page.get_by_role("button", name="健康"))
            guard.tap(guard.key(("36.3", "36.5", "36.7")[number % 3]))
        verdict = guard.page.locator("[data-verdict]")
        expect(verdict).to_be_visible()
        shown.append((name, verdict.get_attribute("data-verdict")))
        guard.page.get_by_role("button", name="下一位").click()
    assert guard.scans == 100 and guard.taps == 60
    assert guard.stored() == 100
    assert {colour for _name, colour in shown} == {"green", "red"}
    expect(guard.page.locator("#bar-state")).to_have_text("离线")
    rows = guard.all("waiting")
    profile.kill()

    guard = profile.open()  # another process, and still no server
    guard.open()
    expect(guard.page.get_by_role("searchbox")).to_be_visible()
    assert guard.stored() == 100
    assert guard.all("waiting") == rows
    guard.page.get_by_role("button", name="进", exact=True).click()
    guard.scan(texts["cleared"], at_once=True, lull=400)  # by radio, or because the device is busy
    guard.tap(guard.key())
    guard.shows("green")
    (*_before, last) = guard.all("waiting")
    standing.start()
    guard.sent()
    expect(guard.page.locator("#bar-state")).to_have_text("在线")

    known = pseudonyms.of(place.workers.values())
    stored = {str(check.pk): check for check in checks()}
    assert len(checks()) == 101
    assert stored.keys() == {row["id"] for row in [*rows, last]}
    for row, (name, colour) in zip(rows, shown, strict=True):
        check = stored[row["id"]]
        assert (check.subject_id, known[check.subject_id]) == (place.workers[name], row["worker"])
        assert (check.values["colour"], check.values["reasons"]) == (colour, row["reasons"])
        assert (check.start, check.values["direction"]) == (row["at"], row["direction"])


MANY = """async ([many, seconds]) => {
  const { uuid7 } = await import("/static/fugong/offline/ids.js");
  const asked = (request) => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = failed; });
  const disk = await asked(indexedDB.open("fugong-door"));
  const [row] = await asked(disk.transaction("waiting").objectStore("waiting").getAll());
  const { rows } = await asked(disk.transaction("kept").objectStore("kept").get("people"));
  const writing = disk.transaction("waiting", "readwrite");
  for (let i = 0; i < many; i++) {
    const at = row.at - Math.floor((many - i) * seconds / many);
    writing.objectStore("waiting").put({ ...row, id: uuid7(), worker: rows[i % rows.length].id, at, direction: i % 2 ? "out" : "in" });
  }
  await new Promise((done) => { writing.oncomplete = done; });
  disk.close();
}"""
"""Three days at a door, written as the app writes them: nobody has the time to tap them all in a test."""


def test_three_days_and_twenty_thousand_checks_without_a_network(place, standing, profile):
    builders.workers(place.enterprise, 400, first=500)  # as many as stand before a door; of five, all would be at odds
    guard = profile.open()
    guard.pair(place)
    standing.kill()
    guard.scan(a_pass(place.workers["cleared"]).text)
    guard.tap(guard.key())
    guard.shows("green")
    guard.page.evaluate(MANY, [19_999, 3 * 86_400])
    profile.kill()
    guard = profile.open()
    guard.open()
    expect(guard.page.locator("#bar-waiting")).to_have_attribute("data-count", "20000")
    ids = set(guard.ids("waiting"))
    standing.start()
    expect(guard.page.locator("#bar-state")).to_have_text("在线")  # as soon as the first of them are taken
    deadline, more = time.monotonic() + 300, 0
    while guard.stored() and time.monotonic() < deadline:
        guard.page.wait_for_timeout(1_000)
        if more < 5 and guard.page.locator("[data-stage=find]").count():  # the door goes on meanwhile
            guard.scan(a_pass(place.workers["lapsing"]).text)
            guard.tap(guard.key())
            guard.shows("green")
            more += 1
    guard.sent()
    stored = [str(check.pk) for check in checks()]
    assert len(stored) == len(set(stored)) == len(ids) + more
    assert more > 0
    assert ids <= set(stored)
