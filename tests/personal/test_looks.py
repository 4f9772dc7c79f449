"""Whoever is shown somebody's data is in the audit: every page and every address of the API, for town and clerk."""

from __future__ import annotations

import pytest
from django.test import Client

from personal.planting import MARKERS, TAILS, Planted
from personal.routes import routes

SHOWING = {
    "workers/", "workers/<uuid:worker_id>/", "workers/<uuid:worker_id>/file/", "enterprises/<uuid:enterprise_id>/",
    "doors/<uuid:door_id>/workers/<uuid:worker_id>/", "doors/<uuid:door_id>/checks/<uuid:check_id>/",
    "enterprises/<uuid:enterprise_id>/register/", "uploads/<uuid:upload_id>/", "logins/",
    "requests/", "requests/<uuid:request_id>/",
}  # fmt: skip
"""Pages that certainly show the planted worker: without them the test would look at nothing."""


def said(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def shows(text: str) -> bool:
    return any(marker in text for marker in (*MARKERS, *TAILS))


@pytest.mark.parametrize("role", ["town_administrator", "enterprise_clerk"])
def test_every_address_that_shows_somebody_says_so(role, planted: Planted, as_role, looks):
    client: Client = as_role(role)
    showing = set()
    for route in routes(planted.ids()):
        looks.clear()
        text = said(client.get(route.path))
        if shows(text):
            showing.add(route.pattern)
            assert any(planted.worker in what.subjects for _who, what in looks), route
    expected = (
        SHOWING
        if role == "town_administrator"
        else {one for one in SHOWING if not one.startswith(("doors/", "requests/"))}
    )
    assert showing >= expected


@pytest.mark.parametrize("role", ["town_administrator", "enterprise_clerk"])
def test_the_audit_knows_who_looked_and_where(role, planted: Planted, as_role, looks):
    looks.clear()
    as_role(role).get(f"/workers/{planted.worker}/file/")
    ((who, what),) = looks
    assert (who.actor, who.role) == (planted.place.users[role].pk, role)
    assert who.purpose == "GET /workers/<uuid:worker_id>/file/"
    assert list(what.subjects) == [planted.worker]


def test_nobody_is_noted_who_was_not_shown(planted: Planted, as_role, looks):
    looks.clear()
    assert as_role("enterprise_clerk").get(f"/workers/{planted.place.others[0]}/file/").status_code == 404
    assert as_role("guard").get(f"/workers/{planted.worker}/file/").status_code == 403
    assert looks == []


def test_figures_and_their_lists(planted: Planted, as_role, looks):
    client = as_role("town_administrator")
    looks.clear()
    assert not shows(said(client.get("/town/")))
    assert looks == []
    assert shows(said(client.get("/town/figures/surveyed/?part=denominator")))
    assert planted.worker in looks[-1][1].subjects


def test_programs(planted: Planted, as_role, looks):
    looks.clear()
    answer = as_role("enterprise_clerk").get(f"/api/v1/workers/{planted.worker}/clearance")
    assert answer.status_code == 200
    assert [list(what.subjects) for _who, what in looks] == [[planted.worker]]
