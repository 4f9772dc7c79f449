"""The system operator's page: how the installation is, nobody's data, and nothing else for that role."""

from __future__ import annotations

import re

import pytest
from django.test import Client

import builders
from fugong.base import clock
from fugong.base.roles import ROLES
from fugong.project import checks, steward
from fugong.project.models import TaskRun
from fugong.project.tasks import TASKS
from fugong.registry.models import Enterprise, Worker


@pytest.fixture
def place(db: None, monkeypatch: pytest.MonkeyPatch) -> builders.Place:
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)
    return builders.place()


def client(place: builders.Place, role: str, language: str = "en") -> Client:
    made = Client()
    made.force_login(place.users[role])
    made.cookies["django_language"] = language
    return made


def test_every_check_and_every_task_stands_on_it_in_both_languages(place):
    steward.run_due()
    TaskRun.objects.filter(name="uploads").update(failures=3, error="OperationalError")
    for language in ("en", "zh-hans"):
        answer = client(place, "system_operator", language).get("/operations/")
        assert answer.status_code == 200
        text = answer.content.decode()
        assert text.count("<tr>") == 2 + len(answer.context["rows"]) + len(TASKS)
        assert {row.finding.name for row in answer.context["rows"]} == set(checks.titles())
        assert "OperationalError" in text
        levels = [row.finding.level for row in answer.context["rows"]]
        assert levels == sorted(levels, key=["error", "warning", "ok"].index)
        assert answer.context["errors"] == levels.count("error") >= 1


def test_nobodys_data_are_on_it(place):
    steward.run_due()
    text = client(place, "system_operator").get("/operations/").content.decode()
    words = re.sub(r"<[^>]+>", " ", text)
    for name in [*Worker.objects.values_list("name", flat=True), *Enterprise.objects.values_list("name", flat=True)]:
        assert name not in words
    assert not re.search(r"\d{11}", words)


def test_only_the_system_operator_may_see_it_and_sees_nothing_else(place):
    for role in ROLES:
        status = client(place, role).get("/operations/").status_code
        assert status == (200 if role == "system_operator" else 403), role
    assert Client().get("/operations/").status_code == 302
    operator = client(place, "system_operator")
    assert operator.get("/").url == "/operations/"
    for address in ("/town/", "/workers/", "/enterprises/", f"/workers/{place.workers['cleared']}/"):
        assert operator.get(address).status_code in {403, 404}, address
