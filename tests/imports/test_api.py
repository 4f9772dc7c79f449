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
from fugong.registry.roster.services import end_employments
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
    body = json.dumps(facts)
    return client.post(f"/api/v1/facts/{kind}?evidence=notice+7", body, content_type="application/json")


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
    later = {**right, "id": twice, "at": builders.NOW - 60}
    answers = add(
        client, "temperature", right, later, {**later, "at": str(later["at"])},
        {**later, "values": {"celsius": 36.7}}, {**later, "at": builders.NOW - 61},
        {**right, "id": None, "values": {"celsius": 366}}, {**right, "id": None, "values": {}},
        {**right, "id": None, "at": "yesterday"}, {**right, "id": None, "at": None},
        {**right, "id": None, "subject": None}, {**right, "id": None, "subject": str(place.others[0])},
        {**right, "id": None, "subject": str(place.enterprise.pk)},
    ).json()  # fmt: skip
    assert [a["status"] for a in answers] == ["added", "added", "unchanged"] + ["refused"] * 9
    problems = [(a["problem"]["code"], a["problem"]["field"]) for a in answers if a["problem"]]
    assert problems == [
        ("facts.id_taken", "id"), ("facts.id_taken", "id"), ("fact.wrong_value", "celsius"), ("fact.missing", "celsius"), ("facts.moment", "at"),
        ("facts.no_beginning", "at"), ("facts.no_subject", "subject"), ("facts.subject_unknown", "subject"),
        ("facts.subject_unknown", "subject"),
    ]  # fmt: skip
    assert Fact.objects.filter(pk__in=[known, twice]).count() == 2
    assert add(client, "temperature", right).json()[0]["status"] == "unchanged"
    changed = add(client, "temperature", {**right, "values": {"celsius": 39.9}}).json()[0]
    assert (changed["status"], changed["problem"]["code"]) == ("refused", "facts.id_taken")
    assert Fact.objects.get(pk=known).values == {"celsius": 36.6}
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


NOT_THEIRS = (
    "resumption", "risk_level", "establishment", "turnover", "diagnosis", "contact", "site_open", "room",
    "clearance_of_site", "observation", "visit", "service_team", "door_check",
)  # fmt: skip


@pytest.mark.parametrize("kind", NOT_THEIRS)
def test_what_an_enterprise_may_not_state(place, kind):
    assert add(client_of(place), kind, {"at": builders.NOW}).json()["code"] == "facts.kind_not_yours"


@pytest.mark.parametrize("role", ["enterprise_clerk", "town_administrator"])
def test_who_is_employed_comes_by_roster(place, role):
    worker, values = str(place.workers["cleared"]), {"employer": str(place.enterprise.pk)}
    refused = add(client_of(place, role), "employment", {"subject": worker, "from": "2020-03-09", "values": values})
    assert (refused.status_code, refused.json()["code"]) == (422, "facts.by_roster")


def test_registers_for_the_days_to_come_are_refused_and_clear_nobody(place):
    client, worker = client_of(place), str(place.workers["unregistered"])
    days = [builders.NOW + n * 43_200 for n in range(1, 40)]
    answers = add(
        client, "register", *({"subject": worker, "at": day, "values": {"well": True}} for day in days)
    ).json()
    assert {(a["status"], a["problem"]["code"], a["problem"]["field"]) for a in answers} == {
        ("refused", "fact.future", "at")
    }
    clearance = client.get(f"/api/v1/workers/{worker}/clearance", {"permission": "work"}).json()
    assert not clearance["holds"]


def test_what_is_implausible_is_refused_and_the_rest_is_added(place):
    client, worker = client_of(place), str(place.workers["untested"])
    now = builders.NOW
    negative = {"result": "negative", "sampled_at": now - 3600, "reported_at": now - 60}
    said = [negative, {**negative, "reported_at": now - 7200}, {**negative, "reported_at": 10**22}]
    answers = add(client, "test", *({"subject": worker, "at": now - 3600, "values": values} for values in said)).json()
    assert [a["problem"] and a["problem"]["code"] for a in answers] == [
        None, "fact.reported_before_sampled", "fact.wrong_value",
    ]  # fmt: skip
    well = {"subject": worker, "at": now, "values": {"well": True, "symptoms": ["咳嗽"]}}
    assert add(client, "register", well).json()[0]["problem"]["code"] == "fact.well_with_symptoms"
    nowhere = {"subject": worker, "at": now, "values": {"mode": "bus", "site": str(uuid7())}}
    somewhere = {"subject": worker, "at": now, "values": {"mode": "bus", "site": str(place.door.site_id)}}
    answers = add(client, "arrival", nowhere, somewhere).json()
    assert [a["problem"] and a["problem"]["code"] for a in answers] == ["fact.unknown_reference", None]


@pytest.mark.parametrize(
    "values", ['{"post": "x", "number": 99999999999}', '{"post": "\\ud800", "number": 1}',
               '{"post": "\\u0000", "number": 1}', '{"post": "x", "number": 1, "monthly_yuan": NaN}']
)  # fmt: skip
def test_no_fact_takes_the_town_page_down(place, values):
    body = f'[{{"subject": "{place.enterprise.pk}", "from": {builders.NOW}, "values": {values}}}]'
    said = client_of(place).post("/api/v1/facts/vacancy", body, content_type="application/json")
    assert said.status_code in (200, 400, 422)
    assert not Fact.objects.filter(kind="vacancy").exists()
    assert client_of(place, "town_administrator").get("/town/").status_code == 200


def test_of_a_leaver_the_former_enterprise_says_nothing_any_more(place):
    worker = place.workers["cleared"]
    end_employments(
        enterprise=place.enterprise,
        workers=[worker],
        at=builders.NOW,
        reason="left",
        now=builders.NOW,
        evidence="a paper",
    )
    symptom = {"subject": str(worker), "from": builders.NOW, "values": {"name": "咳嗽"}}
    assert add(client_of(place), "symptom", symptom).json()[0]["problem"]["code"] == "facts.subject_unknown"
    assert add(client_of(place, "town_administrator"), "symptom", symptom).json()[0]["status"] == "added"


def test_a_clerk_is_offered_only_lists_that_enterprises_may_state(place):
    """An enterprise does not declare itself resumed, neither by page nor by API."""
    clerk, town = client_of(place), client_of(place, "town_administrator")
    rows = {"rows": f"统一社会信用代码\t复工日期\n{place.other.credit_code}\t2020-02-20"}
    for address in ("/uploads/new/resumption/", "/uploads/template/resumption.xlsx"):
        assert clerk.get(address).status_code == 404
    assert clerk.post("/uploads/new/resumption/", rows).status_code == 404
    assert town.get("/uploads/new/resumption/").status_code == 200
    offered = "/uploads/new/resumption/"
    assert offered in town.get("/uploads/").content.decode()
    page = clerk.get("/uploads/").content.decode()
    assert offered not in page
    for kind in ("survey", "arrival", "test", "register", "capacity", "vacancy"):
        assert f"/uploads/new/{kind}/" in page


def test_an_upload_begun_before_the_rule_cannot_be_taken_in(place):
    from fugong.registry.uploads import services as uploads

    rows = f"统一社会信用代码\t复工日期\n{place.other.credit_code}\t2020-02-20"
    kept = uploads.keep(
        kind="resumption", enterprise=place.enterprise, filename="paste.tsv", content=rows.encode(), now=builders.NOW,
        actor=place.users["enterprise_clerk"].pk,
    )  # fmt: skip
    assert client_of(place).post(f"/uploads/{kept.pk}/take-in/").status_code == 404
