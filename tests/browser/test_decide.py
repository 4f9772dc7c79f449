"""The door app's own modules, in a real browser, against the vectors that hold it and the server together."""

from __future__ import annotations

import json

import pytest

from doors.deciding import cases, serving
from doors.deciding import vectors as deciding
from doors.passes import vectors as passes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DECIDE = """async (worlds) => {
  const { decide } = await import("/static/doors/app/decide.js");
  return worlds.map(({ snapshot, cases }) => cases.map((one) =>
    decide(snapshot.forces, snapshot.steps[one.person], one.at, one.direction, one.measures)));
}"""
ALL = """async ({ towns, cases }) => {
  const { decide } = await import("/static/doors/app/decide.js");
  const begun = performance.now();
  const found = cases.map(([town, steps, at, direction, measures]) => decide(towns[town], steps, at, direction, measures));
  return { found, each: (performance.now() - begun) / cases.length };
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


def test_the_app_decides_ten_thousand_random_cases_as_the_server_and_the_oracle_do(page):
    """What only a device knows (an old list, a refusal on the spot) comes on top of this, and only makes it stricter."""
    made = cases.made()
    given = [[one.group, one.served, one.at, one.direction, one.measures] for one in made.cases]
    answer = page.evaluate(ALL, {"towns": [town.served for town in made.towns], "cases": given})
    assert len(answer["found"]) == cases.NUMBER
    for case, found in zip(made.cases, answer["found"], strict=True):
        assert found == serving.said(made.towns[case.group].decided(case)), case
        assert {name: found[name] for name in case.says} == case.says, case
    assert sum(found["colour"] == "green" for found in answer["found"]) > cases.NUMBER / 3
    assert answer["each"] < 20, "milliseconds"


def test_the_app_reads_every_pass_of_the_vectors_as_they_say(page):
    given = json.loads(passes.FILE.read_text(encoding="utf-8"))
    found = page.evaluate(READ, given)
    for case, says in zip(given["cases"], found, strict=True):
        assert (says["reason"], says["pass"], says["worker"]) == (case["code"], case["id"], case["who"]), case["name"]
