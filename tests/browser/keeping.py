"""A door kept by the app in a browser: pairing, scanning, measuring, as a guard's hands do it; and what the server has of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

import builders
from browser.conftest import PATIENCE
from browser.looks import well_made
from fugong.doors import devices
from fugong.doors.passes import services as issuing
from fugong.doors.passes.services import Issued
from fugong.ledger.models import Fact

WORDS = {
    "zh-hans": {
        "code": "配对码", "name": "设备名称", "pair": "配对", "search": "姓名首字母、工号或手机尾号", "in": "进", "out": "出",
        "green": "可以进入", "amber": "暂缓进入", "red": "不能进入",
    },
    "en": {
        "code": "One-time code", "name": "Name of this device", "pair": "Pair",
        "search": "Initials, badge, or last digits of the phone", "in": "In", "out": "Out",
        "green": "Go in", "amber": "Not in yet", "red": "Do not go in",
    },
}  # fmt: skip

COUNT = """(part) => new Promise((done, failed) => {
  const opening = indexedDB.open("fugong-door");
  opening.onerror = failed;
  opening.onsuccess = () => {
    const counting = opening.result.transaction(part).objectStore(part).count();
    counting.onerror = failed;
    counting.onsuccess = () => { opening.result.close(); done(counting.result); };
  };
})"""


_KEYS = """([text, lull]) => {
  const began = performance.now();
  for (const [i, key] of [...text, "Enter"].entries()) {
    const event = new KeyboardEvent("keydown", { key, bubbles: true });
    Object.defineProperty(event, "timeStamp", { value: began + i + (i > 4 ? lull : 0) });
    document.body.dispatchEvent(event);
  }
}"""
"""Each stroke comes when a scanner would have made it, as a real one's does, however long the page takes to hear it; a
lull is where it stops for so many milliseconds in between."""


class Keeper:
    """Somebody who keeps a door with the app in ``page``; each tap and each scan is counted."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.say = WORDS[language]
        self.taps = 0
        self.scans = 0

    def open(self) -> None:
        """Open the app in this language, and wait until it is kept whole: from then on it needs no server."""
        self.page.goto("/door/")
        self.page.wait_for_selector("body[data-ready]")
        if self.language == "en" and self.page.locator("html").get_attribute("lang") != "en":
            self.page.get_by_role("button", name="English").click()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def pair(self, place: builders.Place, name: str = "东门一号机") -> None:
        """Pair the device with the place's door and wait for its list."""
        self.open()
        made = devices.make_code(door=place.door.pk, actor=place.users["town_administrator"].pk, now=builders.NOW)
        self.page.get_by_label(self.say["code"]).fill(made.code)
        self.page.get_by_label(self.say["name"]).fill(name)
        self.page.get_by_role("button", name=self.say["pair"]).click()
        expect(self.page.get_by_role("searchbox")).to_be_visible()

    def tap(self, what: Locator) -> None:
        """Tap something."""
        self.taps += 1
        what.click()

    def key(self, celsius: str = "36.5") -> Locator:
        """The key of a usual temperature."""
        return self.page.get_by_role("button", name=celsius, exact=True)

    def scan(self, text: str, *, at_once: bool = False, lull: int = 0) -> None:
        """A scanner that types, and Enter. ``at_once``: as fast as one does, where the browser's keyboard takes half a second."""
        self.scans += 1
        if at_once:
            self.page.evaluate(_KEYS, [text, lull])
            return
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def find(self, typed: str) -> None:
        """Look for somebody by what is typed; a single one is opened at once."""
        self.page.get_by_role("searchbox").fill(typed)
        self.page.keyboard.press("Enter")

    def find_next(self, typed: str) -> None:
        """From the answer on to the next person."""
        self.page.locator("[data-verdict] [data-do=find]").click()
        self.find(typed)

    def type_celsius(self, celsius: str) -> None:
        """A temperature that no key has."""
        self.page.locator("[data-stage=person] [name=celsius]").fill(celsius)
        self.page.keyboard.press("Enter")

    def shows(self, colour: str, *reasons: str) -> None:
        """The whole screen has this colour, says it in words, and names these reasons."""
        shown = self.page.locator(f"[data-verdict={colour}]")
        expect(shown).to_be_visible()
        expect(shown.get_by_role("heading", name=self.say[colour])).to_be_visible()
        for reason in reasons:
            expect(shown).to_contain_text(reason)

    def looks_well(self) -> None:
        """The page is well made; that there is no network is no fault of it."""
        well_made(self.page, but_for="ERR_INTERNET_DISCONNECTED")

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds, of what lies on the device's disk, which the page doesn't show."""
        deadline = time.monotonic() + PATIENCE / 1_000
        while not holds():
            assert time.monotonic() < deadline
            self.page.wait_for_timeout(100)

    def sent(self) -> None:
        """Nothing waits any more, on the disk and on the screen."""
        self.until(lambda: not self.stored())
        expect(self.page.locator("#bar-waiting")).to_have_attribute("data-count", "0")
        refused = self.all("refused")
        assert refused == [], refused

    def ids(self, part: str) -> list[str]:
        """The ids of all rows of a part, where the rows themselves would be too many."""
        found: list[str] = self.page.evaluate(
            f"({COUNT.replace('.count()', '.getAll()')})({part!r}).then((rows) => rows.map((row) => row.id))"
        )
        return found

    def all(self, part: str) -> list[Any]:
        """Everything of a part, as it lies on the device's disk."""
        found: list[Any] = self.page.evaluate(f"({COUNT.replace('.count()', '.getAll()')})({part!r})")
        return found

    def stored(self, part: str = "waiting") -> int:
        """How many rows of a part lie on the device's disk."""
        return int(self.page.evaluate(f"({COUNT})({part!r})"))


def a_pass(worker: UUID, *, now: int = builders.NOW) -> Issued:
    """The worker's pass on the phone."""
    return issuing.phone_pass(worker=worker, now=now, actor=None)


def checks() -> list[Fact]:
    """The checks that devices have sent, oldest first."""
    return list(Fact.objects.filter(kind="door_check", values__has_key="device").order_by("start", "id"))


Started = Callable[..., Any]
