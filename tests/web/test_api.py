"""The HTTP API: described, tried out, refused in the right form."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client

import builders
from clearance import people
from clearance.people import local
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Employment

pytestmark = pytest.mark.django_db


@pytest.fixture
def town_reader(client: Client) -> Client:
    client.force_login(User.objects.create_user("reader", password="reading-only", role_name="bureau_reader"))
    return client


def test_the_description_is_served_and_can_be_tried(town_reader):
    described = town_reader.get("/api/v1/openapi.json").json()
    assert "/api/v1/workers/{worker_id}/clearance" in described["paths"]
    assert "/api/v1/report" in described["paths"]
    assert town_reader.get("/api/v1/docs").status_code == 200


def test_a_worker_may_work_until(town_reader):
    worker = people.local_worker(people.enterprise())
    people.adopt()
    answer = town_reader.get(f"/api/v1/workers/{worker}/clearance", {"at": "2020-03-09T07:40:00+08:00"}).json()
    assert (answer["holds"], answer["until"]) == (True, local("9 10:00"))
    assert answer["protocol"] == people.PACK
    assert answer["reasons"] == []


def test_a_refusal_names_all_its_reasons_and_what_would_satisfy_them(town_reader):
    worker = people.worker(people.enterprise(resumed=False))
    people.adopt()
    answer = town_reader.get(f"/api/v1/workers/{worker}/clearance", {"at": str(local("9 07:40"))}).json()
    reasons = {reason["requirement"]: reason for reason in answer["reasons"]}
    assert not answer["holds"]
    assert {"surveyed", "registered", "employer_resumed"} <= set(reasons)
    assert reasons["registered"]["new_fact"]["kind"] == "register"
    assert reasons["employer_resumed"]["remedy"]["zh"]


@pytest.mark.parametrize(
    ("pack", "permission"), [("sg-2020-accesscode", "visit"), ("cn-2022-48h", "leave_observation")]
)
@pytest.mark.parametrize("more", [{}, {"known_at": str(local("9 07:00"))}])
def test_a_protocol_may_say_nothing_about_a_permission(town_reader, pack, permission, more):
    worker = people.local_worker(people.enterprise())
    people.adopt(pack)
    asked = {"permission": permission, "at": str(local("9 07:40")), **more}
    answer = town_reader.get(f"/api/v1/workers/{worker}/clearance", asked)
    assert answer.status_code == 200
    said = answer.json()
    assert (said["protocol"], said["ruled"], said["holds"], said["reasons"]) == (pack, False, False, [])
    assert (said["until"], said["earliest"]) == (None, None)
    said = town_reader.get(f"/api/v1/workers/{worker}/clearance", {**asked, "permission": "work"}).json()
    assert said["ruled"]


def test_as_known_then(town_reader):
    worker = people.local_worker(people.enterprise())
    people.adopt()
    people.record(worker, "symptom", local("9 06:00"), {"name": "cough"}, now=local("9 12:00"))
    at = {"at": str(local("9 07:40"))}
    now = town_reader.get(f"/api/v1/workers/{worker}/clearance", at).json()
    then = town_reader.get(f"/api/v1/workers/{worker}/clearance", {**at, "known_at": str(local("9 11:59"))}).json()
    assert (now["holds"], then["holds"]) == (False, True)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/workers/01890000-0000-7000-8000-000000000000/clearance", 404, "not_found"),
        ("/api/v1/workers/nobody/clearance", 422, "invalid"),
        ("/api/v1/report?as_of=tomorrow", 422, "moment.unreadable"),
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/report?as_of=%00", 400, "control_characters"),
    ],
)
def test_what_is_wrong_is_a_problem_document(town_reader, path, status, code):
    response = town_reader.get(path)
    problem = json.loads(response.content)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["title"]
    assert problem.get("code", "") == code


def test_strangers_are_asked_to_sign_in(client):
    response = client.get("/api/v1/protocols")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Basic")


def test_programs_sign_in_with_every_request(client):
    User.objects.create_user("program", password="long-enough-word", role_name="bureau_reader")
    credentials = base64.b64encode(b"program:long-enough-word").decode()
    people.enterprise()
    people.adopt()
    answer = client.get("/api/v1/protocols", headers={"Authorization": f"Basic {credentials}"}).json()
    assert [protocol["pack"] for protocol in answer] == [people.PACK]


def test_a_role_without_the_right_is_refused(client):
    client.force_login(User.objects.create_user("guard", password="watching-door", role_name="guard", scope_id=uuid7()))
    response = client.get("/api/v1/report")
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


def test_another_enterprises_worker_looks_as_if_there_were_none(client):
    mine, theirs = people.enterprise(), people.enterprise(number=1)
    worker = people.worker(theirs)
    client.force_login(
        User.objects.create_user("clerk", password="paper-work-here", role_name="enterprise_clerk", scope_id=mine.pk)
    )
    assert client.get(f"/api/v1/workers/{worker}/clearance").status_code == 404


def test_a_method_that_an_address_does_not_take_is_a_problem_too(town_reader):
    response = town_reader.put("/api/v1/protocols")
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
    assert "GET" in response["Allow"]


def test_our_own_errors_are_problems_without_a_traceback(town_reader, monkeypatch):
    monkeypatch.setattr("fugong.reports.api.report", lambda **_named: 1 / 0)
    town_reader.raise_request_exception = False
    response = town_reader.get("/api/v1/report")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert "ZeroDivision" not in response.content.decode()


@pytest.mark.parametrize("address", ["/workers/?q=%00", "/enterprises/?q=a%00b", "/town/figures/surveyed/?search=%00"])
def test_control_characters_in_an_address_are_refused(town_reader, address):
    assert town_reader.get(address).status_code == 400


def test_a_former_employer_sees_no_more(client):

    mine = people.enterprise()
    worker = people.worker(mine)
    Employment.objects.filter(worker_id=worker).update(active=False)
    client.force_login(
        User.objects.create_user("clerk", password="paper-work-here", role_name="enterprise_clerk", scope_id=mine.pk)
    )
    assert client.get(f"/api/v1/workers/{worker}/clearance").status_code == 404


def test_a_program_writes_with_its_password_and_a_session_only_with_the_pages_token():

    employer = people.enterprise()
    worker = people.worker(employer)
    user = User.objects.create_user(
        "clerk", password="paper-work-here", role_name="enterprise_clerk", scope_id=employer.pk
    )
    Employment.objects.create(worker_id=worker, enterprise=employer, fact_id=uuid7(), start=0)
    body = [{"subject": str(worker), "at": builders.NOW - 60, "values": {"celsius": 36.5, "place": "door"}}]
    credentials = base64.b64encode(b"clerk:paper-work-here").decode()
    strict = Client(enforce_csrf_checks=True)
    written = strict.post(
        "/api/v1/facts/temperature", body, "application/json", headers={"Authorization": f"Basic {credentials}"}
    )
    assert (written.status_code, [row["status"] for row in written.json()]) == (200, ["added"]), written.json()
    strict.force_login(user)
    refused = strict.post("/api/v1/facts/temperature", body, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
