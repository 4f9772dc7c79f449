"""Rosters and facts over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.ledger.models import Fact
from fugong.registry.models import Worker
from imports.sheets import everything, number

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> builders.Place:
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)
    return builders.place()


def client_of(place: builders.Place, role: str = "enterprise_clerk") -> Client:
    client = Client()
    client.force_login(place.users[role])
    return client


def roster(client: Client, enterprise: Any, content: bytes, name: str = "r.csv", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/api/v1/enterprises/{enterprise}/roster", {"file": file, **more})


def add(client: Client, kind: str, *facts: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/facts/{kind}", json.dumps(facts), content_type="application/json")


ROWS = f"姓名,身份证号\n王小明,{number(1)}\n李芳,{number(2)[:-1]}\n".encode()


def test_a_roster_and_its_answer(place):
    client, before = client_of(place), everything()
    tried = roster(client, place.enterprise.pk, ROWS, dry_run="true")
    assert (tried.status_code, everything()) == (200, before)
    said = roster(client, place.enterprise.pk, ROWS).json()
    assert said == tried.json()
    assert (said["rows"], said["added"], said["rows_in_error"], said["skipped"]) == (2, 1, 1, 0)
    assert [(e["row"], e["column"], e["code"]) for e in said["errors"]] == [(3, "身份证号", "id.length")]
    assert set(said["missing"]) == {str(worker) for worker in place.workers.values()}
    assert Worker.objects.filter(name="王小明").exists()


@pytest.mark.parametrize(("content", "code"), [(b"", "table.empty"), (b"%PDF-1.4 xxx", "table.wrong_type")])
def test_a_file_that_cannot_be_read_is_a_problem_document(place, content, code):
    response = roster(client_of(place), place.enterprise.pk, content)
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert response.json()["code"] == code


def test_another_enterprise_does_not_exist(place):
    assert roster(client_of(place), place.other.pk, ROWS).status_code == 404
    assert roster(client_of(place, "guard"), place.enterprise.pk, ROWS).status_code == 403
    assert roster(Client(), place.enterprise.pk, ROWS).status_code == 401


def test_facts_with_an_answer_for_each(place):
    client, worker = client_of(place), str(place.workers["cleared"])
    known, twice = str(uuid7()), str(uuid7())
    right = {"subject": worker, "at": "2020-03-09T07:20:00+08:00", "values": {"celsius": 36.6}, "id": known}
    answers = add(
        client, "temperature", right, {**right, "id": twice, "at": builders.NOW - 60}, {**right, "id": twice},
        {**right, "id": None, "values": {"celsius": 366}}, {**right, "id": None, "values": {}},
        {**right, "id": None, "at": "yesterday"}, {**right, "id": None, "at": None},
        {**right, "id": None, "subject": None}, {**right, "id": None, "subject": str(place.others[0])},
        {**right, "id": None, "subject": str(place.enterprise.pk)},
    ).json()  # fmt: skip
    assert [a["status"] for a in answers] == ["added", "added", "unchanged"] + ["refused"] * 7
    problems = [(a["problem"]["code"], a["problem"]["field"]) for a in answers if a["problem"]]
    assert problems == [
        ("fact.wrong_value", "celsius"), ("fact.missing", "celsius"), ("facts.moment", "at"),
        ("facts.no_beginning", "at"), ("facts.no_subject", "subject"), ("facts.subject_unknown", "subject"),
        ("facts.subject_unknown", "subject"),
    ]  # fmt: skip
    assert Fact.objects.filter(pk__in=[known, twice]).count() == 2
    assert add(client, "temperature", right).json()[0]["status"] == "unchanged"
    other = add(client, "register", {**right, "values": {"well": True}}).json()[0]
    assert other["problem"]["code"] == "facts.id_taken"


def test_a_fact_about_the_holder_of_a_document_renews_the_clearance(place):
    client = client_of(place, "town_administrator")
    document = {"number": builders.resident_number(3)}
    values = {"result": "negative", "sampled_at": builders.NOW - 3600, "reported_at": builders.NOW - 60}
    answer = add(client, "test", {"document": document, "at": builders.NOW - 3600, "values": values}).json()[0]
    assert answer["status"] == "added"
    assert Fact.objects.get(pk=answer["id"]).subject_id == place.workers["untested"]
    clearance = client.get(f"/api/v1/workers/{place.workers['untested']}/clearance", {"permission": "work"}).json()
    assert clearance["holds"]


def test_who_may_say_what(place):
    resumption = {"subject": str(place.enterprise.pk), "from": "2020-02-20"}
    refused = add(client_of(place), "resumption", resumption)
    assert (refused.status_code, refused.json()["code"]) == (422, "facts.kind_not_yours")
    assert add(client_of(place, "town_administrator"), "resumption", resumption).json()[0]["status"] == "added"
    assert add(client_of(place, "guard"), "temperature").status_code == 403
    unknown = add(client_of(place), "horoscope")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "fact.unknown_kind")
