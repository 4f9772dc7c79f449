"""The person's pages and the town's, through the real routes."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

import builders
from fugong.audit.models import Entry
from fugong.ledger.models import Fact
from fugong.redress import services
from fugong.redress.models import Evidence, Request
from redress.conftest import Time, client_of

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def temperature(place: builders.Place) -> Fact:
    return Fact.objects.get(subject=place.workers["fevered"], kind="temperature")


def ask(client: Client, fact: Fact, **changed: object) -> object:
    given = {"wrong": "It was 36.8, the guard misread it.", "v_celsius": "36.8", "v_place": "door",
             "v_method": "", "start": "2020-03-09T07:20"} | changed  # fmt: skip
    return client.post(f"/me/requests/new/?fact={fact.pk}", given)


def test_a_correction_from_the_card_to_the_answer(place, fevered: Client, town: Client, time: Time):
    assert "You may work" not in fevered.get("/me/").content.decode()
    fact = temperature(place)
    file = fevered.get(f"/workers/{place.workers['fevered']}/file/").content.decode()
    assert f"/me/requests/new/?fact={fact.pk}" in file
    assert "What for: fever is the first sign" in file
    page = fevered.get(f"/me/requests/new/?fact={fact.pk}").content.decode()
    assert 'value="37.8"' in page
    answer = ask(fevered, fact, evidence=SimpleUploadedFile("photo.png", PNG))
    assert answer.status_code == 302, answer.content.decode()
    request = Request.objects.get()
    assert (request.fact_id, request.proposed["celsius"], request.due_at - request.filed_at) == (
        fact.pk,
        36.8,
        3 * 86_400,
    )
    stored = Evidence.objects.get()
    assert PNG not in bytes(stored.encrypted)
    assert town.get(f"/requests/{request.pk}/evidence/{stored.pk}/").content == PNG
    listed = town.get("/requests/").content.decode()
    assert f"/requests/{request.pk}/" in listed
    shown = town.get(f"/requests/{request.pk}/").content.decode()
    assert "37.8" in shown
    assert "36.8" in shown
    time.now += 3600
    done = town.post(
        f"/requests/{request.pk}/", {"answer": "You are right, the picture shows it.", "decision": "grant"}
    )
    assert done.status_code == 302, done.content.decode()
    request.refresh_from_db()
    newer = Fact.objects.get(supersedes=fact)
    assert (request.state, request.result_id, newer.values["celsius"], newer.start) == (
        "granted",
        newer.pk,
        36.8,
        fact.start,
    )
    assert newer.evidence == f"request {request.pk}"
    mine = fevered.get("/me/").content.decode()
    assert "You may work" in mine
    assert "1 new answer" in mine
    assert "You are right" in fevered.get(f"/me/requests/{request.pk}/").content.decode()
    assert "1 new answer" not in fevered.get("/me/").content.decode()


@pytest.mark.parametrize("address", ["/me/looks/", "/me/requests/", "/me/download/"])
def test_the_persons_pages(place, fevered: Client, address: str):
    assert fevered.get(address).status_code == 200


def test_the_file_as_data_and_on_paper(place, fevered: Client):
    data = json.loads(fevered.get("/me/download/file.json").content)
    assert data["version"] == 1
    answer = fevered.get("/me/download/file.pdf?made=abc1")
    assert answer.content.startswith(b"%PDF-")
    assert answer.cookies["fugong-made"].value == "abc1"


def test_who_looked_by_role_and_organisation_and_by_name_on_request(place, fevered: Client, town: Client):
    clerk = place.users["enterprise_clerk"]
    client_of(clerk).get(f"/workers/{place.workers['fevered']}/file/")
    listed = fevered.get("/me/looks/").content.decode()
    assert "Enterprise clerk · 临江纺织有限公司" in listed
    assert clerk.username not in listed
    look = re.search(r"look=(\d+)", listed)[1]
    assert fevered.post(f"/me/requests/new/?look={look}", {"wrong": "I never met them."}).status_code == 302
    request = Request.objects.get()
    assert request.stated_by_id == clerk.pk
    said = {"answer": "It was the clerk of your plant.", "decision": "grant"}
    assert town.post(f"/requests/{request.pk}/", said).status_code == 302
    assert (
        f"{clerk.username} · Enterprise clerk · 临江纺织有限公司"
        in fevered.get(f"/me/requests/{request.pk}/").content.decode()
    )
    assert clerk.username in fevered.get("/me/looks/").content.decode()


def test_a_person_does_not_see_their_own_looks_and_nobody_elses_can_be_asked_about(place, fevered: Client):
    other = client_of(place.users["enterprise_clerk"])
    other.get(f"/workers/{place.workers['cleared']}/file/")
    fevered.get("/me/")
    assert "look=" not in fevered.get("/me/looks/").content.decode()
    number = audit_entry_about(place.workers["cleared"])
    assert fevered.get(f"/me/requests/new/?look={number}").status_code == 404


def audit_entry_about(worker: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_looks_at(%s, 0, 1)", [worker])
        return int(cursor.fetchone()[0])


def test_an_appeal_names_every_reason_and_is_refused_with_words(place, fevered: Client, town: Client):
    page = fevered.get("/me/requests/new/?permission=work").content.decode()
    assert "latest temperature below 37.3" in page
    assert fevered.post("/me/requests/new/?permission=work", {"wrong": ""}).status_code == 422
    assert fevered.post("/me/requests/new/?permission=work", {"wrong": "No fever."}).status_code == 302
    request = Request.objects.get()
    shown = town.get(f"/requests/{request.pk}/").content.decode()
    assert "latest temperature below 37.3" in shown
    early = town.post(f"/requests/{request.pk}/", {"answer": "yes", "decision": "grant"})
    assert early.status_code == 422
    assert "Nobody can set a permission by hand" in early.content.decode()
    assert town.post(f"/requests/{request.pk}/", {"answer": "Rest first.", "decision": "refuse"}).status_code == 302
    assert "Rest first." in fevered.get(f"/me/requests/{request.pk}/").content.decode()


def test_a_clerk_files_for_somebody_without_a_phone_and_sees_that_one_only(place, fevered: Client, town: Client):
    clerk = client_of(place.users["enterprise_clerk"])
    fact = temperature(place)
    address = f"/workers/{place.workers['fevered']}/requests/new/?fact={fact.pk}"
    assert address.replace("&", "&amp;") in clerk.get(f"/workers/{place.workers['fevered']}/file/").content.decode()
    assert clerk.post(address, {"wrong": "Misread, he says.", "never": "on"}).status_code == 302
    request = Request.objects.get()
    assert request.filed_by == place.users["enterprise_clerk"]
    assert request.never
    fevered.post("/me/requests/new/?permission=work", {"wrong": "Between the town and me."})
    listed = clerk.get("/requests/?state=all").content.decode()
    assert listed.count('href="/requests/0') == 1
    secret = Request.objects.get(kind="appeal")
    assert clerk.get(f"/requests/{secret.pk}/").status_code == 404
    assert clerk.get(f"/requests/{request.pk}/").status_code == 200
    assert clerk.post(f"/requests/{request.pk}/", {"answer": "yes", "decision": "grant"}).status_code == 404
    assert clerk.get(f"/workers/{place.others[0]}/requests/new/?fact={fact.pk}").status_code == 404
    assert town.get("/requests/").content.decode().count('href="/requests/0') == 2


def test_a_request_is_taken_back_and_nobody_elses(place, fevered: Client):
    fevered.post("/me/requests/new/?permission=work", {"wrong": "No fever."})
    request = Request.objects.get()
    other = client_of(place.users["worker"])
    assert other.get(f"/me/requests/{request.pk}/").status_code == 404
    assert other.post(f"/me/requests/{request.pk}/take-back/").status_code == 404
    assert fevered.post(f"/me/requests/{request.pk}/take-back/").status_code == 302
    assert fevered.post(f"/me/requests/{request.pk}/take-back/", follow=True).status_code == 200
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_the_clock_that_has_run_out_stands_on_the_towns_page(place, fevered: Client, town: Client, time: Time):
    assert "Requests of people" not in town.get("/town/").content.decode()
    fevered.post("/me/requests/new/?permission=work", {"wrong": "No fever."})
    assert "Requests of people" in town.get("/town/").content.decode()
    time.now += 3 * 86_400
    services.escalate(time.now)
    assert "the clock has run out" in town.get("/town/").content.decode()
    assert "overdue" in town.get("/requests/").content.decode()
    assert "top of the town" in fevered.get(f"/me/requests/{Request.objects.get().pk}/").content.decode()


@pytest.mark.parametrize("role", ["deputy", "bureau_reader", "guard", "auditor", "observation_medic"])
def test_whoever_answers_nothing_sees_nothing(place, role: str):
    client = client_of(place.users[role])
    assert client.get("/requests/").status_code == 403
    assert client.get("/me/requests/").status_code == 403
    assert client.get("/me/download/file.json").status_code == 403


def test_by_api(place, fevered: Client, town: Client):
    fact = temperature(place)
    right = {"values": {**fact.values, "celsius": 36.8}, "start": fact.start}
    body = {"kind": "correction", "fact": str(fact.pk), "wrong": "misread", "right": right}
    made = fevered.post("/api/v1/me/requests", body, content_type="application/json")
    assert made.status_code == 200, made.content
    key = made.json()["id"]
    assert [one["id"] for one in town.get("/api/v1/requests").json()] == [key]
    assert fevered.get("/api/v1/requests").status_code == 403
    answer = town.post(
        f"/api/v1/requests/{key}/answer", {"granted": True, "answer": "Yes."}, content_type="application/json"
    )
    assert answer.json()["state"] == "granted"
    assert fevered.get("/api/v1/me/requests").json()[0]["result"] == answer.json()["result"]
    facts = fevered.get("/api/v1/me/file").json()["facts"]
    assert {one["id"]: one["corrected"] is not None for one in facts if one["kind"] == "temperature"} == {
        str(fact.pk): True, answer.json()["result"]: False,
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/me/download/file.json", "/me/download/file.pdf", "/api/v1/me/file"])
def test_a_download_stands_in_the_audit(place, fevered: Client, address: str):
    fevered.get(address)
    (entry,) = Entry.objects.filter(purpose=f"GET {address}")
    assert (entry.action, entry.actor, entry.subjects) == (
        "read", place.users["fevered"].pk, [place.workers["fevered"]],
    )  # fmt: skip
