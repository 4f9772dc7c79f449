"""The person's pages and the town's, through the real routes."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from fugong.ledger.models import Fact
from fugong.redress.models import Evidence, Request
from redress.conftest import Time

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
