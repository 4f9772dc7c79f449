"""The door app's own modules, in a real browser, against the vectors that hold it and the server together."""

from __future__ import annotations

import json

import pytest

from doors.deciding import vectors as deciding
from doors.passes import vectors as passes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DECIDE = """async (worlds) => {
  const { decide } = await import("/static/doors/app/decide.js");
  return worlds.map(({ snapshot, cases }) => cases.map((one) =>
    decide(snapshot.forces, snapshot.steps[one.person], one.at, one.direction, one.measures)));
}"""
READ = """async ({ now, keys, revoked, cases }) => {
  const { read } = await import("/static/doors/app/passes.js");
  const list = { meta: { keys }, revoked: new Set(revoked) };
  return Promise.all(cases.map((one) => read(one.text, list, now)));
}"""


@pytest.fixture
def page(browse, transactional_db):
    """Where the app's modules can be imported."""
    page = browse(None, "en", service_workers="block")
    page.goto("/door/")
    return page


def test_the_app_decides_every_case_of_the_vectors_as_they_say(page):
    worlds = json.loads(deciding.FILE.read_text(encoding="utf-8"))["worlds"]
    for world, found in zip(worlds, page.evaluate(DECIDE, worlds), strict=True):
        for case, says in zip(world["cases"], found, strict=True):
            assert says == case["says"], case
    assert page.problems == []


def test_the_app_reads_every_pass_of_the_vectors_as_they_say(page):
    given = json.loads(passes.FILE.read_text(encoding="utf-8"))
    found = page.evaluate(READ, given)
    for case, says in zip(given["cases"], found, strict=True):
        assert (says["reason"], says["pass"], says["worker"]) == (case["code"], case["id"], case["who"]), case["name"]
