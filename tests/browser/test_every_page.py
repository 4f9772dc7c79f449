"""Every page of the town's and the enterprises' apps, as the URL conf lists them: on a narrow phone, by keyboard, in both languages.

A page that is added is opened here without a line being written: its ids come from the walls' world, its roles from the matrix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import resolve
from playwright.sync_api import Error, Page

from browser.looks import NAMELESS, by_keyboard, serious, too_wide
from fugong.base.models import User
from fugong.notices.models import DRAFT, Notice
from walls import matrix, world
from walls.matrix import CLERK, PAGES, TEAM, UNLINKED
from walls.routes import Route, routes
from walls.test_matrix import ids, user_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
APPS = {"resumption", "teams", "policies", "submissions", "premises", "notices"}
NARROW = (matrix.WORKER, matrix.GUARD, matrix.LEADER, CLERK, TEAM, matrix.DEPUTY, matrix.ADMIN)
ROLES = {"zh-hans": NARROW, "en": NARROW[::-1]}
"""Who opens the pages: in Chinese whoever may least, in English whoever may most, so that what only some see is seen too."""
WORDS = {"zh-hans": re.compile("[一-鿿]"), "en": re.compile("[A-Za-z]{2}")}
DRAFTED = "notices/<uuid:notice_id>/edit/"
"""The only page that the walls' world has nothing for."""


@pytest.fixture
def two(transactional_db: None, stopped_clock: int) -> world.World:
    """The walls' world, in which a clerk has begun to write a notice."""
    made = world.make()
    Notice.objects.create(
        state=DRAFT, made_by=user_of(made, CLERK), enterprise=made.a.enterprise, made_at=world.NOW, send_at=world.NOW,
        title_zh="题", text_zh="文", languages="zh", audience="enterprise", of=made.a.enterprise.pk,
    )  # fmt: skip
    return made


def pages(two: world.World, language: str) -> Iterator[tuple[Route, str, str]]:
    """What is read of these apps: the route, who opens it, and where."""
    written = {**PAGES, DRAFTED: matrix.Row(matrix.roles(CLERK))}
    draft = Notice.objects.get(state=DRAFT).pk
    for route in routes():
        row = written.get(route.pattern)
        view = resolve(route.path(ids(two, two.a, CLERK))).func
        if row is None or "GET" not in row.methods or view.__module__.split(".")[1] not in APPS:
            continue
        if UNLINKED.get(route.pattern, "").startswith("a part of"):
            continue
        order = (TEAM,) if row.open else ROLES[language]
        role = next(one for one in order if one in row.in_reach("GET"))
        given = ids(two, two.a, role) | ({"notice": draft} if route.pattern == DRAFTED else {})
        yield route, role, route.path(given)


def narrow(browse: Callable[..., Page], user: User, language: str) -> Page:
    """The browser of somebody with a narrow phone, who wants nothing to move."""
    page = browse(user, language, "phone", reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 740})
    page.route(
        "**/favicon.ico", lambda route: route.fulfill(status=204)
    )  # asked for where a picture is opened by itself
    return page


def opened(page: Page, path: str) -> bool:
    """Open a page; false for what is none: a file, a program's answer."""
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer is not None
    assert answer.status == 200, f"{path}: {answer.status}"
    if not answer.headers["content-type"].startswith("text/html"):
        page.goto("about:blank")
        page.problems.clear()  # type: ignore[attr-defined]  # what the browser says of its own page around a file
        return False
    if page.locator("body[data-words-en]").count():  # an app that makes its page by itself
        page.locator("body[data-ready]").wait_for()
    return True


def wrong_with(page: Page, language: str) -> list[str]:
    """Whatever doesn't work on a page that is open."""
    said, problems = page.title().rsplit(" · ", 2)[0], page.problems  # type: ignore[attr-defined]
    found = [] if WORDS[language].search(said) else [f"its title is {said}"]
    found += [f"wider by {wide} px" for wide in [too_wide(page)] if wide > 0]
    found += [f"nameless: {one}" for one in page.evaluate(NAMELESS)]
    found += [*serious(page), *by_keyboard(page), *problems]
    problems.clear()
    return found


def test_every_page_works_on_a_narrow_phone_and_by_keyboard(two, browse):
    browsers: dict[tuple[str, str], Page] = {}
    seen, wrong = [], []
    for language in ROLES:
        for route, role, path in pages(two, language):
            if (role, language) not in browsers:
                browsers[role, language] = narrow(browse, user_of(two, role), language)
            page = browsers[role, language]
            if opened(page, path):
                seen.append(route.pattern)
                wrong += [f"{route.pattern} ({role}, {language}): {one}" for one in wrong_with(page, language)]
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 2 * 60
