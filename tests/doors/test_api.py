"""Checks from programs: one or a list, problem documents for what is wrong, and nobody beyond their own doors."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

import gatehouse as g
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.doors.passes import services as passes
from fugong.ledger.models import Fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def guard(plant, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: g.SEVEN_FORTY)
    client = Client()
    client.force_login(g.user("guard", "guard", plant.id))
    return client


@pytest.fixture
def worker(plant):
    (worker,) = g.hire(plant, "王小明", phones=("13950203317",))
    g.survey(worker)
    return worker


def decide(client, plant, payload):
    return client.post(f"/api/v1/doors/{plant.door.pk}/decide", payload, content_type="application/json")


def one(worker, **more):
    return {"worker": str(worker), "celsius": 36.5, "mask": True, "gloves": True, **more}


def test_one_check_gets_a_decision(guard, plant, worker):
    number = uuid7()
    answer = decide(guard, plant, one(worker, id=str(number), register={"well": True}))
    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(number), "door": str(plant.door.pk), "worker": str(worker), "direction": "in", "outcome": "passed",
        "colour": "green", "at": g.SEVEN_FORTY, "until": answer.json()["until"], "earliest": None, "codes": [],
        "reasons": [], "asks": [],
    }  # fmt: skip
    assert decide(guard, plant, one(worker, id=str(number))).json() == answer.json()


def test_a_refusal_says_what_to_do_and_no_code_of_a_health_requirement(guard, plant, worker):
    answer = decide(guard, plant, one(worker, register={"well": False, "symptoms": ["cough"]})).json()
    assert (answer["outcome"], answer["colour"]) == ("refused", "red")
    assert answer["reasons"] == [{"zh": "请到健康服务点。", "en": "Please go to the health point."}]
    assert "symptoms" not in str(answer)


def test_a_scanned_pass_says_who_it_is_or_why_it_is_none(guard, plant, worker):
    issued = passes.phone_pass(worker=worker, now=g.SEVEN_FORTY, actor=None)
    given = {"celsius": 36.5, "mask": True, "gloves": True, "register": {"well": True}}
    answer = decide(guard, plant, {**given, "pass": issued.text}).json()
    assert (answer["worker"], answer["colour"]) == (str(worker), "green")
    forged = decide(guard, plant, {**given, "pass": issued.text[:-3]}).json()
    assert (forged["worker"], forged["colour"], forged["codes"]) == (None, "red", ["door.pass_unreadable"])
    assert forged["reasons"][0]["zh"].endswith("。")
    assert Fact.objects.filter(kind="door_check").count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"celsius": 367}, "door.celsius"),
        ({"worker": str(uuid4())}, "door.not_on_list"),
        ({"worker": "AbCdEfGhIjk"}, "door.not_on_list"),
        ({"worker": "W"}, "door.not_on_list"),
        ({"celsius": "warm"}, "invalid"),
        ({"direction": "up"}, "invalid"),
        ({"at": g.SEVEN_FORTY + 121}, "door.future"),
        ({"at": "yesterday"}, "moment.unreadable"),
        ({"id": str(uuid4())}, "door.id"),
    ],
)
def test_what_is_wrong_gets_a_problem_document(guard, plant, worker, change, code):
    stored = Fact.objects.count()
    answer = decide(guard, plant, one(worker) | change)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["status"]) == (code, 422)
    assert Fact.objects.count() == stored


def find(client, plant, text):
    return client.post(f"/api/v1/doors/{plant.door.pk}/workers", {"q": text}, "application/json")


def test_a_door_of_another_enterprise_looks_as_if_it_did_not_exist(guard, plant, worker):
    other = g.plant("dye", "别家印染有限公司")
    assert decide(guard, other, one(worker)).status_code == 404
    assert find(guard, other, "w").status_code == 404
    assert [door["id"] for door in guard.get("/api/v1/doors").json()] == [str(plant.door.pk)]


def test_roles_without_the_right_are_refused(plant, worker):
    client = Client()
    assert decide(client, plant, one(worker)).status_code == 401
    client.force_login(g.user("leader", "line_leader", plant.id))
    assert decide(client, plant, one(worker)).status_code == 403


def test_workers_are_found_without_a_word_about_health(guard, plant, worker):
    assert find(guard, plant, "3317").json() == [
        {"id": str(worker), "name": "王小明", "workshop": "一车间", "badge": "A1", "phone_tail": "3317"}
    ]
