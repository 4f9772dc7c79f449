"""Checks from programs: one or a list, problem documents for what is wrong, and nobody beyond their own doors."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

import gatehouse as g
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.ledger.models import Fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    g.adopt()
    return g.plant()


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


def send(client, plant, payload):
    return client.post(f"/api/v1/doors/{plant.door.pk}/checks", payload, content_type="application/json")


def one(worker, **more):
    return {"worker": str(worker), "celsius": 36.5, "mask": True, "gloves": True, **more}


def test_one_check_gets_a_decision(guard, plant, worker):
    number = uuid7()
    answer = send(guard, plant, one(worker, id=str(number), register={"well": True}))
    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(number), "door": str(plant.door.pk), "worker": str(worker), "direction": "in", "outcome": "passed",
        "at": g.SEVEN_FORTY, "until": g.clock("10:00", 1), "earliest": None, "reasons": [], "asks": [],
    }  # fmt: skip
    assert send(guard, plant, one(worker, id=str(number))).json() == answer.json()


def test_a_refusal_says_what_to_do_and_no_code_of_a_health_requirement(guard, plant, worker):
    answer = send(guard, plant, one(worker, register={"well": False, "symptoms": ["cough"]})).json()
    assert answer["outcome"] == "refused"
    assert answer["reasons"] == [{"zh": "请到健康服务点。", "en": "Please go to the health point."}]
    assert "symptoms" not in str(answer)


def test_a_list_gets_an_answer_for_each_row_and_the_right_ones_are_stored(guard, plant, worker):
    rows = [
        one(worker, at="2020-03-09T07:00:00+08:00", register={"well": True}),
        one(worker, celsius=367),
        one(uuid4()),
        one(worker, at="yesterday"),
        one(worker, at=g.SEVEN_FORTY + 1),
        one(worker, direction="out"),
    ]
    answer = send(guard, plant, rows)
    assert answer.status_code == 200
    assert [row["status"] for row in answer.json()] == [200, 422, 422, 422, 422, 200]
    problems = [row["problem"] for row in answer.json() if row["problem"]]
    assert [(problem["code"], problem["field"]) for problem in problems] == [
        ("door.celsius", "celsius"), ("door.not_on_list", "worker"), ("moment.unreadable", "at"), ("door.future", "at"),
    ]  # fmt: skip
    assert Fact.objects.filter(kind="door_check").count() == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"celsius": 367}, "door.celsius"),
        ({"worker": str(uuid4())}, "door.not_on_list"),
        ({"celsius": "warm"}, "invalid"),
        ({"direction": "up"}, "invalid"),
        ({"worker": "W"}, "invalid"),
    ],
)
def test_what_is_wrong_gets_a_problem_document(guard, plant, worker, change, code):
    stored = Fact.objects.count()
    answer = send(guard, plant, one(worker) | change)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["status"]) == (code, 422)
    assert Fact.objects.count() == stored


def test_a_list_that_is_too_long_is_refused_whole(guard, plant, worker):
    answer = send(guard, plant, [one(worker)] * 1001)
    assert (answer.status_code, answer.json()["code"]) == (422, "door.too_many")
    assert not Fact.objects.filter(kind="door_check").exists()


def find(client, plant, text):
    return client.post(f"/api/v1/doors/{plant.door.pk}/workers", {"q": text}, "application/json")


def test_a_door_of_another_enterprise_looks_as_if_it_did_not_exist(guard, plant, worker):
    other = g.plant("dye", "别家印染有限公司")
    assert send(guard, other, one(worker)).status_code == 404
    assert find(guard, other, "w").status_code == 404
    assert [door["id"] for door in guard.get("/api/v1/doors").json()] == [str(plant.door.pk)]


def test_roles_without_the_right_are_refused(plant, worker):
    client = Client()
    assert send(client, plant, one(worker)).status_code == 401
    client.force_login(g.user("leader", "line_leader", plant.id))
    assert send(client, plant, one(worker)).status_code == 403


def test_workers_are_found_without_a_word_about_health(guard, plant, worker):
    assert find(guard, plant, "3317").json() == [
        {"id": str(worker), "name": "王小明", "workshop": "一车间", "badge": "A1", "phone_tail": "3317"}
    ]
