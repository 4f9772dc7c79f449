"""What devices send: many rows at once, each answered for itself, each stored once, whoever sends it how often."""

from __future__ import annotations

import json
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

import databases
import gatehouse as g
from doors.own_device import Own
from doors.test_snapshot import ask
from fugong.audit.models import Entry
from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.doors import devices
from fugong.doors.intake import taking
from fugong.doors.models import GuardPin, Shift, Told, Visit
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def row(who, **more):
    return {
        "id": str(uuid7()),
        "worker": who,
        "at": g.SEVEN_FORTY - 60,
        "celsius": 36.5,
        "mask": True,
        "gloves": True,
        **more,
    }


def send(own, plant, rows, kind="application/json"):
    body = json.dumps(rows) if kind == "application/json" else "\n".join(map(json.dumps, rows))
    return own.post(f"/api/v1/doors/{plant.door.pk}/checks", body.encode(), kind)


def statuses(answer):
    assert answer.status_code == 200, answer.content
    return [(one["status"], one["problem"] and one["problem"]["code"]) for one in answer.json()["rows"]]


def test_each_row_is_answered_for_itself_in_order(own, plant, people):
    (worker, who), (_other, second), _third = people
    other = g.plant("dye", "别家印染有限公司")
    (stranger,) = g.hire(other, "黄国栋")
    rows = [
        row(who, register={"well": True}), row(who, celsius=367), row(str(uuid4())), row(str(stranger)),
        row(who, at="yesterday"), row(who, at=g.SEVEN_FORTY + 121), row(second, direction="out"), "x",
        row(who, id=str(uuid4())), row(who, colour="pink"), row(str(worker), at=g.SEVEN_FORTY - 7 * 86_400), {"kind": "?"},
    ]  # fmt: skip
    for kind in ("application/json", "application/x-ndjson"):
        stored = "stored" if kind == "application/json" else "already"
        assert statuses(send(own, plant, rows, kind)) == [
            (stored, None), ("refused", "door.celsius"), ("refused", "door.not_on_list"), ("refused", "door.not_on_list"),
            ("refused", "moment.unreadable"), ("refused", "door.future"), (stored, None), ("refused", "door.row"),
            ("refused", "door.id"), ("refused", "door.row"), (stored, None), ("refused", "door.row"),
        ]  # fmt: skip
    assert Fact.objects.filter(kind="door_check").count() == 3


def test_what_the_device_showed_is_recorded_and_what_it_did_not_decide_is_decided(own, plant, people):
    who = people[0][1]
    shown = row(who, colour="red", reasons=["door.stale"], snapshot=2**40, method="ear", **{"pass": "AbCdEfGhIjk"})
    decided = row(who, register={"well": True})
    first, second = send(own, plant, [shown, decided]).json()["rows"]
    assert (first["decision"]["colour"], first["decision"]["codes"]) == ("red", ["door.stale"])
    assert (second["decision"]["colour"], second["decision"]["codes"]) == ("green", [])
    values = Fact.objects.get(pk=shown["id"]).values
    assert (values["snapshot"], values["method"], values["pass"], values["device"]) == (
        2**40,
        "ear",
        "AbCdEfGhIjk",
        own.id,
    )
    assert values["outcome"] == "refused"


def test_an_earlier_row_counts_for_a_later_one_of_the_same_person(own, plant, people):
    who = people[0][1]
    rows = [
        row(who, at=g.SEVEN_FORTY - 900, register={"well": True}, celsius=38.4), row(who, at=g.SEVEN_FORTY - 800), row(who, at=g.SEVEN_FORTY)
    ]  # fmt: skip
    rows[1]["second_of"] = rows[0]["id"]
    rows[2]["second_of"] = rows[0]["id"]
    found = [one["decision"] for one in send(own, plant, rows).json()["rows"]]
    assert [(one["colour"], one["codes"][:1]) for one in found] == [
        ("amber", ["door.fever"]), ("amber", ["door.wait"]), ("green", [])
    ]  # fmt: skip


def test_the_number_is_one_whose_snapshot_has_the_rows(own, plant, people):
    before = ask(own, plant).json()
    answer = send(own, plant, [row(people[0][1], register={"well": True})]).json()
    after = ask(own, plant, before).json()
    assert before["number"] < answer["number"] <= after["number"]
    assert after["people"]["id"] == [people[0][1]]


def test_a_row_that_the_ledger_refuses_leaves_the_others(own, plant, people):
    bad = row(people[1][1], register={"well": True, "symptoms": ["cough"]})
    rows = [row(people[0][1]), bad, row(people[2][1])]
    assert statuses(send(own, plant, rows)) == [
        ("stored", None), ("refused", "fact.well_with_symptoms"), ("stored", None)
    ]  # fmt: skip


def test_the_same_batch_a_hundred_times_in_parallel_is_stored_once(own, plant, people):
    rows = [row(who, id=str(uuid7()), register={"well": True}) for _n in range(3) for _worker, who in people]
    rows.append({"id": str(uuid7()), "kind": "told", "check": rows[0]["id"], "who": "陈医生", "at": g.SEVEN_FORTY})
    path, body = f"/api/v1/doors/{plant.door.pk}/checks", json.dumps(rows).encode()
    header = own.header("POST", path, body)

    def once():
        client = Own().client
        return client.post(path, body, content_type="application/json", HTTP_AUTHORIZATION=header).json()["rows"]

    answers = [rows for _turn in range(13) for rows in at_once(*[partial(once)] * 8)]
    assert len(answers) == 104
    for place in range(len(rows)):
        assert sorted({one[place]["status"] for one in answers}) == ["already", "stored"]
        assert sum(one[place]["status"] == "stored" for one in answers) == 1
    assert Fact.objects.filter(kind="door_check").count() == 9
    assert Fact.objects.filter(kind="temperature").count() == 9
    assert Told.objects.count() == 1


def test_one_id_for_two_people_is_the_first_ones(own, plant, people):
    first = row(people[0][1])
    assert statuses(send(own, plant, [first, row(people[1][1], id=first["id"])])) == [
        ("stored", None), ("refused", "door.id_taken")
    ]  # fmt: skip
    assert statuses(send(own, plant, [first | {"direction": "out"}])) == [("refused", "door.id_taken")]


def test_a_slip_is_taken_back_with_what_was_measured(own, plant, people):
    check = row(people[0][1], register={"well": True}, at=g.SEVEN_FORTY - 3600)
    undo = {"id": str(uuid7()), "kind": "undo", "check": check["id"], "at": g.SEVEN_FORTY - 3592}
    for status in ("stored", "already"):
        assert statuses(send(own, plant, [check, undo])) == [(status, None)] * 2
    assert not ledger.standing().filter(kind__in=("door_check", "register", "temperature")).exists()
    late = row(people[1][1])
    undo = {"id": str(uuid7()), "kind": "undo", "check": late["id"], "at": g.SEVEN_FORTY + 61}
    assert statuses(send(own, plant, [late, undo])) == [("stored", None), ("refused", "door.too_late")]


def test_an_override_is_the_guards_own(own, plant, people, guard):
    check = row(people[0][1], colour="red", reasons=["registered"])
    override = {
        "id": str(uuid7()),
        "kind": "override",
        "check": check["id"],
        "reason": "rescue",
        "guard": str(guard.pk),
        "at": g.SEVEN_FORTY,
    }
    for status in ("stored", "already"):
        assert statuses(send(own, plant, [check, override])) == [(status, None)] * 2
    fact = Fact.objects.get(kind="door_override")
    assert (fact.actor_id, fact.start) == (guard.pk, g.SEVEN_FORTY)
    assert Fact.objects.get(pk=check["id"]).actor_id != guard.pk


def test_no_override_without_a_guard_of_this_door(own, plant, people, guard):
    other = g.plant("dye", "别家印染有限公司")
    stranger, closed, bare = (
        g.user("s", "guard", other.id),
        g.user("c", "guard", plant.id),
        g.user("b", "guard", plant.id),
    )
    clerk = g.user("k", "enterprise_clerk", plant.id)
    for user in (stranger, closed, clerk):
        GuardPin.objects.create(user=user, salt=b"s", iterations=1, digest=b"d", set_at=g.BEFORE)
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    check = row(people[0][1], colour="red", reasons=["registered"])
    said = {"kind": "override", "check": check["id"], "reason": "rescue", "at": g.SEVEN_FORTY}
    who = [None, str(uuid4()), *(str(user.pk) for user in (stranger, closed, bare, clerk))]
    rows = [check, *(said | {"id": str(uuid7()), "guard": one} for one in who)]
    assert statuses(send(own, plant, rows)) == [("stored", None), *[("refused", "door.guard")] * len(who)]
    assert not Fact.objects.filter(kind="door_override").exists()


def test_who_was_told_shifts_visits_and_their_end(own, plant, people, guard):
    check = row(people[0][1], celsius=38.5, colour="red", reasons=["door.fever_confirmed"])
    visit = {
        "id": str(uuid7()), "kind": "visit", "name": "周师傅", "phone": "13800000000", "company": "运输公司", "host": "王强",
        "purpose": "送货", "answers": {"away": False, "contact": False, "symptoms": False}, "celsius": 36.4, "mask": True,
        "colour": "green", "reasons": [], "at": g.SEVEN_FORTY,
    }  # fmt: skip
    rows = [
        check, {"id": str(uuid7()), "kind": "told", "check": check["id"], "who": "陈医生", "words": "已电话告知", "at": g.SEVEN_FORTY},
        {"id": str(uuid7()), "kind": "shift", "guard": str(guard.pk), "direction": "in", "at": g.SEVEN_FORTY}, visit,
        {"id": str(uuid7()), "kind": "leave", "visit": visit["id"], "at": g.SEVEN_FORTY + 100},
    ]  # fmt: skip
    for status in ("stored", "already"):
        assert statuses(send(own, plant, rows)) == [(status, None)] * 5
    assert (Told.objects.get().worker_id, Shift.objects.get().guard_id) == (people[0][0], guard.pk)
    stored = Visit.objects.get()
    assert (stored.left_at, stored.site_id) == (g.SEVEN_FORTY + 100, plant.door.site_id)
    assert json.loads(personal.decrypt(stored.who_encrypted))["name"] == "周师傅"
    lost = [
        {"id": str(uuid7()), "kind": "leave", "visit": str(uuid7())}, {"id": str(uuid7()), "kind": "told", "check": str(uuid7()), "who": "x"},
    ]  # fmt: skip
    assert statuses(send(own, plant, lost)) == [("refused", "visit.unknown"), ("refused", "door.unknown_check")]


def test_a_body_that_is_none_is_refused_whole(own, plant, people):
    path = f"/api/v1/doors/{plant.door.pk}/checks"
    for body in (b"{", b"{}", b"\xff", b"[" * 100_000):
        answer = own.post(path, body, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "door.unreadable")


def test_a_line_that_is_none_is_refused_for_itself(own, plant, people):
    good = [json.dumps(row(who)).encode() for _worker, who in people[:2]]
    body = b"\n".join([good[0], good[1][:40], b"\xff", b"", b"[" * 100_000, good[1]])
    answer = own.post(f"/api/v1/doors/{plant.door.pk}/checks", body, "application/x-ndjson")
    assert statuses(answer) == [("stored", None), *[("refused", "door.row")] * 3, ("stored", None)]


def test_a_revoked_device_stores_nothing(own, plant, people):
    admin = g.user("second", "town_administrator")
    devices.revoke(device=own.id, actor=admin.pk, now=g.SEVEN_FORTY)
    assert send(own, plant, [row(people[0][1])]).json()["code"] == "device.revoked"
    databases.as_system(connection)
    assert not Fact.objects.filter(kind="door_check").exists()


def test_of_many_rows_each_chunk_is_stored_for_itself(own, plant, people, monkeypatch):
    monkeypatch.setattr(taking, "CHUNK", 2)
    rows = [row(who) for _n in range(2) for _worker, who in people]
    whole = taking._chunk

    def stumble(scene, chunk):
        if chunk[0]["id"] == rows[4]["id"]:
            raise RuntimeError
        return whole(scene, chunk)

    with monkeypatch.context() as patched:
        patched.setattr(taking, "_chunk", stumble)
        own.client.raise_request_exception = False
        assert send(own, plant, rows, "application/x-ndjson").status_code == 500
    stored = Fact.objects.filter(kind="door_check").values_list("pk", flat=True)
    assert {str(one) for one in stored} == {one["id"] for one in rows[:4]}
    looked = [
        entry.subjects for entry in Entry.objects.filter(action="read", purpose__contains="checks").order_by("id")
    ]
    assert [len(subjects) for subjects in looked] == [2, 2]
    assert statuses(send(own, plant, rows, "application/x-ndjson")) == [("already", None)] * 4 + [("stored", None)] * 2


def test_devices_that_saw_the_same_people_in_another_order_hand_in_at_once(own, plant, people):
    def hand_in(turn):
        names = [who for _worker, who in people]
        order = names[turn % 3 :] + names[: turn % 3]
        rows = [row(who, at=g.SEVEN_FORTY - 60 + n) for n, who in enumerate(order[:1] + order)]
        return lambda: statuses(send(own, plant, rows))

    for _again in range(5):
        for found in at_once(*(hand_in(turn) for turn in range(6))):
            assert found == [("stored", None)] * 4
