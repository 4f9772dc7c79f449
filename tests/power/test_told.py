"""Approvers are told at once: whichever page they have open asks again and again, and answers cheaply."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base import clock
from power.crowd import NOW, Crowd, crowd, the_one, upload

pytestmark = pytest.mark.django_db
TOLD = "/waiting/told/"


@pytest.fixture
def town(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.FUGONG_LOSS_LIMIT = 3
    return crowd(4)


def told(town: Crowd, user: Any, language: str = "en") -> str:
    answer = town.as_(user, language).get(TOLD, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode()).strip()


def test_an_open_page_learns_of_an_act_that_is_proposed_meanwhile(town: Crowd) -> None:
    assert told(town, town.second) == ""
    upload(town.as_(town.admin), "resumption", town.suspension)
    assert "1 act waits for your decision" in told(town, town.second)
    assert "1项" in told(town, town.second, "zh-hans").replace(" ", "")
    assert told(town, town.admin, "en") == "", "one's own needs no decision of one's own"
    assert told(town, town.deputy) == "", "nobody has named this deputy, and it isn't overdue"
    town.as_(town.second).post(f"/waiting/{the_one().pk}/refuse/", {"reason": "no"})
    assert told(town, town.second) == ""


@pytest.mark.parametrize("page", ["/town/", "/waiting/"])
def test_pages_of_deciders_ask_every_half_minute(town: Crowd, page: str) -> None:
    asks = f'hx-get="{TOLD}" hx-trigger="every 30s"'
    assert asks in town.as_(town.second).get(page).content.decode()
    assert asks in town.as_(town.deputy).get(page).content.decode()


def test_on_phone_pages_too_and_nobody_elses_page_asks(town: Crowd) -> None:
    asks = f'hx-get="{TOLD}"'
    _site, door = builders.site_with_door(town.plant)
    assert asks in town.as_(town.admin).get(f"/doors/{door.pk}/").content.decode()
    guard = builders.user("guard", town.plant.pk)
    assert asks not in town.as_(guard).get(f"/doors/{door.pk}/").content.decode()
    assert asks not in town.as_(town.clerk).get("/workers/").content.decode()
    assert town.as_(town.clerk).get(TOLD).status_code == 403


def test_asking_costs_a_count_by_an_index_while_nothing_waits(town: Crowd) -> None:
    client = town.as_(town.second)
    client.get(TOLD)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(TOLD)
    about_acts = [one["sql"] for one in asked.captured_queries if "clearance_waitingact" in one["sql"]]
    assert len(about_acts) == 1
    assert len(asked.captured_queries) <= 8
    assert not [one for one in asked.captured_queries if "audit_entry" in one["sql"]], "nothing personal is shown"


def test_the_proposer_reads_what_is_so(town: Crowd) -> None:
    upload(town.as_(town.admin), "resumption", town.suspension)
    page = town.as_(town.admin, "en").get(f"/waiting/{the_one().pk}/").content.decode()
    assert "is told within half a minute" in page
