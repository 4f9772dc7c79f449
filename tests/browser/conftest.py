"""A real browser (Debian's chromium) against a live server. Mark tests with ``@pytest.mark.browser``.

``browse(role, language, device)`` gives a page that is signed in; ``screenshot(page, name)`` keeps a picture in
``docs/screenshots/<name>-<zh|en>-<desk|phone>.png`` when ``FUGONG_SCREENSHOTS`` is set.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

import builders
from fugong.base import clock

Device = Literal["desk", "phone"]
PATIENCE = int(os.environ.get("FUGONG_PATIENCE", "120")) * 1_000
"""Milliseconds until a page that doesn't come, or something that isn't seen, fails a test: not a claim of speed."""
CHROMIUM = os.environ.get("FUGONG_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
SIZES: dict[Device, tuple[int, int]] = {"desk": (1366, 768), "phone": (390, 844)}
PICTURES_WANTED = bool(os.environ.get("FUGONG_SCREENSHOTS"))
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"

UNTIL_LOADED = """
const mark = () => {
  const root = document.documentElement;
  if (root && document.readyState !== "complete") root.setAttribute("data-loading", "");
  return Boolean(root);
};
if (!mark()) new MutationObserver((_, seen) => { if (mark()) seen.disconnect(); }).observe(document, { childList: true });
addEventListener("load", () => document.documentElement.removeAttribute("data-loading"));
"""
"""A page says of itself that it is still loading: a key or a click on it would come before its scripts."""

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs a loop in the tests' thread


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> int:
    """The clock stands at 09:30 on 9 March 2020, in the server's threads too."""
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)
    return builders.NOW


@pytest.fixture
def place(transactional_db: None, stopped_clock: int) -> builders.Place:
    return builders.place()


def session_of(user: Any, url: str) -> Any:
    """The cookie of somebody who is signed in at an address."""
    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


def hands_off_until_loaded(context: BrowserContext) -> None:
    """Nothing is done to a page of this context, and nothing is expected of it, before it and its scripts are loaded."""

    def wait(page: Page) -> None:
        page.add_locator_handler(page.locator("html[data-loading]"), lambda: page.wait_for_load_state("load"))

    context.add_init_script(UNTIL_LOADED)
    context.on("page", wait)
    for page in context.pages:
        wait(page)


@pytest.fixture
def browse(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """A page in a context of its own: ``browse(user, "en", "phone")``; ``user`` None for nobody."""
    contexts: list[BrowserContext] = []

    def go(user: Any = None, language: str = "zh-hans", device: Device = "desk", **more: Any) -> Page:
        width, height = SIZES[device]
        phone: dict[str, Any] = {"is_mobile": True, "has_touch": True} if device == "phone" else {}
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=live_server.url,
            locale="en-GB" if language == "en" else "zh-CN",
            **phone,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
        if user is not None:
            cookies.append(session_of(user, live_server.url))
        context.add_cookies(cookies)  # type: ignore[arg-type]
        hands_off_until_loaded(context)
        page = context.new_page()
        page.problems = []  # type: ignore[attr-defined]
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture
def screenshot() -> Callable[..., None]:
    """Keep a picture of the page: ``screenshot(page, "town", "en", "desk")``; does nothing unless pictures are wanted."""

    def keep(page: Page, name: str, language: str, device: Device, *, full: bool = True) -> None:
        if PICTURES_WANTED:
            page.wait_for_load_state("load")
            PICTURES.mkdir(parents=True, exist_ok=True)
            if full:  # else what sticks to the top of the screen stands in the middle of the picture
                page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=PICTURES / f"{name}-{language[:2]}-{device}.png", full_page=full)

    return keep
