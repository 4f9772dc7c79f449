"""The server decides every case of the shared vectors as they say: its function, and ``/decide`` over the ledger's facts."""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest
from django.test import Client

import adopting
import gatehouse as g
from doors.deciding import serving, vectors
from doors.test_short_way import Ways
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.clearance.models import Clearance
from fugong.core.protocol import door as deciding
from fugong.doors import devices, pseudonyms
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact

if os.environ.get("NEW_VECTORS"):
    vectors.FILE.write_text(vectors.written(vectors.vectors()), encoding="utf-8")
VECTORS = json.loads(vectors.FILE.read_text(encoding="utf-8"))
WORLDS = {world["id"]: world for world in VECTORS["worlds"]}
EACH = pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)


def test_the_file_is_what_its_generator_makes():
    assert vectors.FILE.read_text(encoding="utf-8") == vectors.written(vectors.vectors())


def test_everything_that_a_door_can_say_is_said():
    says = [case["says"] for world in WORLDS.values() for case in world["cases"]]
    found = Counter(reason for one in says for reason in one["reasons"])
    assert {name for name in found if name.startswith("door.")} == {
        deciding.NO_PROTOCOL, deciding.NO_CLEARANCE, deciding.NO_TEMPERATURE, deciding.IMPLAUSIBLE, deciding.FEVER,
        deciding.FEVER_CONFIRMED, deciding.WAIT, deciding.MASK, deciding.GLOVES, deciding.UNWELL,
    }  # fmt: skip
    assert min(Counter(one["colour"] for one in says).values()) > 100
    assert {ask for one in says for ask in one["asks"]} == {"temperature", "mask", "gloves", "register"}
    for name in ("until", "earliest"):
        assert sum(one[name] is not None for one in says) > 50
    masks = [
        mask
        for world in WORLDS.values()
        for steps in world["snapshot"]["steps"].values()
        if steps
        for mask in steps[1::2]
    ]
    assert max(map(int, masks)) > 2**53


@EACH
def test_the_servers_function_says_so(world):
    forces = serving.read_forces(world["snapshot"]["forces"])
    for case in world["cases"]:
        steps = serving.read_steps(world["snapshot"]["steps"][case["person"]])
        found = deciding.decide(forces, steps, case["at"], case["direction"], serving.measures(case["measures"]))
        assert serving.said(found) == case["says"], case


@EACH
def test_the_server_serves_the_same_snapshot_and_decides_so(world, monkeypatch, transactional_db):
    """From the ledger's facts, by the short way and the long one: somebody like the case's person stands at a door, once for
    each case."""
    monkeypatch.setattr(clock, "now", lambda: vectors.ZERO + 700)
    for pack in world["packs"]:
        adopting.adopt(text=vectors.read(pack["name"]).text, effective_from=pack["start"], now=g.BEFORE)
    plant = g.plant()
    workers = g.hire(plant, *(case["person"] for case in world["cases"]))
    _happened(world, workers)
    pseudonym = pseudonyms.of(workers)
    names = [pseudonym[worker] for worker in workers]
    device = Token(
        plant, devices.make_code(door=plant.door.pk, actor=g.user("admin", "town_administrator").pk, now=clock.now())
    )
    _compare_snapshot(world, device, names)
    firsts, ways = _first_measurements(world, device, names), Ways()
    for case, name, first in zip(world["cases"], names, firsts, strict=True):
        measures = case["measures"] | ({"second_of": first} if first else {})
        row = {"id": str(uuid7()), "worker": name, "at": case["at"], "direction": case["direction"], **measures}
        _status, _head, found = ways.ask(None, plant, row, authorization=device.authorization)
        says = {key: found[key] for key in ("colour", "asks", "until", "earliest")} | {"reasons": found["codes"]}
        assert says == case["says"], case
        assert found["outcome"] == ("passed" if says["colour"] == "green" else "refused")
    assert 0 < ways.long < len(names), "some went the long way, some the short one"


class Token:
    """A device at the plant's door that has a token."""

    def __init__(self, plant, code):
        answer = Client().post(
            "/api/v1/devices/enrol", {"code": code.code, "name": "gate"}, content_type="application/json"
        )
        self.door, self.authorization = plant.door.pk, f"Bearer {answer.json()['token']}"
        self.client = Client(HTTP_AUTHORIZATION=self.authorization)

    def get(self, what):
        return self.client.get(f"/api/v1/doors/{self.door}/{what}").json()

    def post(self, what, body):
        answer = self.client.post(f"/api/v1/doors/{self.door}/{what}", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()


def _happened(world, workers):
    facts = [
        NewFact(worker, kind, start, values)
        for case, worker in zip(world["cases"], workers, strict=True)
        for kind, start, values in world["facts"].get(case["person"], ())
    ]
    ledger.append(facts=facts, source="test", evidence="a paper", now=vectors.ZERO + 700)
    Clearance.objects.update(rests_on=vectors.ZERO - 1_000)  # as if each had been renewed before anything happened
    unknown = [
        worker for case, worker in zip(world["cases"], workers, strict=True) if case["person"] not in world["facts"]
    ]
    Clearance.objects.filter(worker__in=unknown).update(moments=None, failing=None)


def _compare_snapshot(world, device, names):
    served = device.get("snapshot")
    assert served["forces"] == world["snapshot"]["forces"]
    steps = dict(zip(served["people"]["id"], served["people"]["steps"], strict=True))
    for case, name in zip(world["cases"], names, strict=True):
        assert steps[name] == (world["snapshot"]["steps"][case["person"]] or []), case["person"]


def _first_measurements(world, device, names):
    """The checks of which some measurements are the second, by their ids."""
    rows = [
        {"id": str(uuid7()), "worker": name, "at": case["measures"]["second_of"], "colour": "amber", "reasons": ["door.fever"]}
        if "second_of" in case["measures"] else None
        for case, name in zip(world["cases"], names, strict=True)
    ]  # fmt: skip
    answer = device.post("checks", [row for row in rows if row])
    assert {row["status"] for row in answer["rows"]} <= {"stored"}
    return [row and row["id"] for row in rows]
