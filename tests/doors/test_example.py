"""The client example and the lines for curl of docs/doors.md, run as they stand; and what the interface says of its rows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

import gatehouse as g
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.doors import devices, pseudonyms
from fugong.doors.intake import rows
from fugong.ledger.models import Fact

DOCS = Path(__file__).resolve().parents[2] / "docs"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def who(plant):
    workers = g.hire(plant, "王小明", "陈静")
    g.survey(*workers)
    called = pseudonyms.of(workers)
    return [called[worker] for worker in workers]


def code(plant):
    admin = g.user("admin", "town_administrator")
    return devices.make_code(door=plant.door.pk, actor=admin.pk, now=clock.now()).code


@pytest.fixture
def device(tmp_path):
    def run(*arguments, code=0):
        done = subprocess.run(
            [sys.executable, DOCS / "examples" / "door_device.py", "--file", tmp_path / "door.sqlite", *arguments],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout) if code == 0 else done.stderr

    return run


def test_the_example_as_it_stands(device, live_server, plant, who):
    one_time = code(plant)
    assert device("enrol", live_server.url, one_time, "--name", "east turnstile") == {"door": str(plant.door.pk)}
    assert "This code" in device("enrol", live_server.url, one_time, code=1)
    first = device("list")
    assert first["people"] == 2
    kept = [device("check", name, "--celsius", "36.5")["kept"] for name in who]
    left = device("check", who[0], "--direction", "out")["kept"]
    assert not Fact.objects.filter(kind="door_check").exists()
    for _again in range(2):
        assert device("send") == {"waiting": 0}
    checks = Fact.objects.filter(kind="door_check")
    assert sorted(str(check.pk) for check in checks) == sorted([*kept, left])
    decision = device("decide", who[1], "--celsius", "38.5", "--bare")
    assert (decision["colour"], decision["asks"]) == ("amber", ["temperature", "mask", "gloves", "register"])
    second = device("list")
    assert second["people"] == 2
    assert second["number"] > first["number"]


def test_what_the_server_refuses_for_good_is_kept_apart(live_server, plant, tmp_path):
    from doors.test_faults import client

    one = client.Device(str(tmp_path / "door.sqlite"))
    one.enrol(live_server.url, code(plant), "gate")
    number = one.keep(worker="nobody", celsius=36.5)
    assert one.send_all() == 0
    ((refused, _row, problem),) = one.store.execute("SELECT * FROM refused")
    assert (refused, json.loads(problem)["code"]) == (number, "door.not_on_list")


def test_without_a_server_the_example_keeps_what_it_has(tmp_path):
    from doors.test_faults import client

    one = client.Device(str(tmp_path / "door.sqlite"), patience=1)
    one._keep("server", "http://127.0.0.1:9")
    one._keep("door", "x")
    one.keep(worker="AbCdEfGhIjk")
    with pytest.raises(client.Unreachable):
        one.send()
    assert one.waiting() == 1


def test_the_lines_for_curl_as_they_stand(live_server, plant, who, tmp_path):
    (lines,) = re.findall(r"```sh\n(.*?)```", (DOCS / "doors.md").read_text(encoding="utf-8"), re.DOTALL)
    row = {"id": str(uuid7()), "worker": who[1], "at": clock.now(), "colour": "green", "reasons": []}
    (tmp_path / "checks.ndjson").write_text(json.dumps(row) + "\n")
    given = {"SERVER": live_server.url, "CODE": code(plant), "DOOR": str(plant.door.pk), "WORKER": who[0]}
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines], cwd=tmp_path, check=True, timeout=60,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", **given},
    )  # fmt: skip
    said = {
        name: json.loads((tmp_path / f"{name}.json").read_text()) for name in ("list", "changed", "decision", "answer")
    }
    assert sorted(said["list"]["people"]["id"]) == sorted(who)
    assert (said["changed"]["since"], said["changed"]["people"]["id"]) == (said["list"]["number"], [])
    assert (said["decision"]["colour"], said["decision"]["asks"]) == ("amber", ["register"])
    assert [one["status"] for one in said["answer"]["rows"]] == ["stored"]


OF_PERSON = {
    "trip": "id", "guard": "id", "worker": "AbCdEfGhIjk", "at": 1, "colour": "green", "reasons": [], "snapshot": 815,
}  # fmt: skip
EVERY = {
    "check": {
        "worker": "AbCdEfGhIjk", "at": 1, "direction": "in", "celsius": 36.5, "mask": True, "gloves": True,
        "register": {"well": True}, "second_of": "id", "method": "ear", "pass": "pass", "colour": "green", "reasons": [],
        "snapshot": 815, "guard": "id",
    },
    "undo": {"check": "id", "at": 1},
    "override": {"check": "id", "reason": "rescue", "words": "", "guard": "id"},
    "told": {"check": "id", "who": "陈医生", "words": ""},
    "shift": {"guard": "id", "direction": "in"},
    "visit": {
        "name": "李四", "phone": "1", "company": "", "host": "", "purpose": "", "answers": {"away": False}, "celsius": 36.5,
        "mask": True, "at": 1, "colour": "green", "reasons": [],
    },
    "leave": {"visit": "id"},
    "boarding": {**OF_PERSON, "stop": "id"},
    "headcount": {"trip": "id", "guard": "id", "counted": 24, "stop": "id", "leaves": True, "at": 1},
    "disinfection": {
        "trip": "id", "guard": "id", "agent": "含氯消毒剂", "mg_per_litre": 500, "minutes": 30, "by": "陈师傅", "at": 1
    },
    "checkin": {**OF_PERSON, "matched": True, "celsius": 36.5, "second_of": "id", "extra": False},
    "arrival_told": {"trip": "id", "guard": "id", "check": "id", "who": "陈医生", "words": ""},
}  # fmt: skip
"""The kinds of rows and their fields, as docs/doors.md lists them."""


def test_the_interface_describes_every_kind_of_row():
    described = Client().get("/api/v1/openapi.json").json()
    (operation,) = (one["post"] for path, one in described["paths"].items() if path.endswith("/doors/{door}/checks"))
    content = operation["requestBody"]["content"]
    array, line = content["application/json"]["schema"], content["application/x-ndjson"]["schema"]
    assert array["type"] == "array"
    assert array["items"]["oneOf"] == line["oneOf"]
    found = {one["title"]: one for one in line["oneOf"]}
    assert found.keys() == EVERY.keys() == rows.kinds().keys()
    for kind, fields in EVERY.items():
        schema = found[kind]
        given = {"id", "kind", *fields}
        assert given <= schema["properties"].keys(), kind
        assert {"id"} <= set(schema["required"]) <= given
        assert schema["properties"]["kind"]["const"] == kind
        assert ("kind" in schema["required"]) == (kind != "check")
    assert "$ref" not in json.dumps(line), "nothing here has definitions beside it"
    assert found["check"]["properties"]["register"]["anyOf"][0]["required"] == ["well"]
    assert found["override"]["properties"]["reason"]["enum"]
