"""Devices: a code used once, requests signed by the device's own key or carrying its token, and an end to both."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest
from django.test import Client

import gatehouse as g
from doors.own_device import Own, b64
from fugong.audit.models import Entry
from fugong.base import clock
from fugong.base.models import User
from fugong.doors import devices
from fugong.doors.models import Device

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(plant, admin):
    return devices.make_code(door=plant.door.pk, actor=admin.pk, now=g.SEVEN_FORTY)


@pytest.fixture
def own(code):
    device = Own()
    assert device.enrol(code.code).status_code == 200
    return device


def test_a_code_enrols_one_device_and_says_what_it_needs_to_know(plant, code):
    own = Own()
    answer = own.enrol(code.code.upper().replace("-", " "))
    assert answer.status_code == 200
    told = answer.json()
    assert told["door"] == {
        "id": str(plant.door.pk), "name": "一车间东门", "site": "厂区", "enterprise": "长乐织造有限公司"
    }  # fmt: skip
    assert (told["device"], told["now"], told["token"]) == (str(code.device), g.SEVEN_FORTY, None)
    assert told["lineage"]
    assert [key["alg"] for key in told["keys"]] == ["ES256"]
    assert not any("private" in key or "d" in key for key in told["keys"])
    assert Own().enrol(code.code).json()["code"] == "device.code"
    assert [door["id"] for door in own.get("/api/v1/doors").json()] == [str(plant.door.pk)]


def test_of_a_code_only_a_keyed_digest_is_kept(code):
    row = Device.objects.get(pk=code.device)
    plain = code.code.replace("-", "")
    assert len(plain) == 8
    assert bytes(row.code_digest) not in (plain.encode(), hashlib.sha256(plain.encode()).digest())
    assert not row.user.has_usable_password()


def test_a_code_ends_after_an_hour(code, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: g.SEVEN_FORTY + 3600)
    assert Own().enrol(code.code).status_code == 422


def test_whoever_tries_many_codes_is_stopped(code):
    answers = [Own().enrol("aaaa-aaaa").status_code for _n in range(31)]
    assert answers == [422] * 30 + [429]
    assert Own().enrol(code.code).json()["code"] == "device.locked"


@pytest.mark.parametrize(
    "change", [{"x": b64(b"\1" * 32)}, {"x": "!"}, {"y": b64(b"\1" * 31)}, {"crv": "P-384"}, {"kty": "OKP"}]
)
def test_what_is_no_key_uses_up_no_code(code, change):
    own = Own()
    wrong = own.client.post(
        "/api/v1/devices/enrol", {"code": code.code, "key": own.jwk | change}, content_type="application/json"
    )
    assert wrong.status_code == 422
    assert own.enrol(code.code).status_code == 200


def test_a_signature_holds_for_its_request_only(own):
    good = own.header("GET", "/api/v1/doors")
    stranger = Own()
    stranger.id = own.id
    for header in (
        stranger.header("GET", "/api/v1/doors"),
        own.header("POST", "/api/v1/doors"),
        own.header("GET", "/api/v1/doors?x=1"),
        own.header("GET", "/api/v1/doors", b"body"),
        good[:-4],
        f"{good}!",
    ):
        answer = own.client.get("/api/v1/doors", HTTP_AUTHORIZATION=header)
        assert (answer.status_code, answer.json()["code"]) == (401, "device.signature")
        assert answer["Fugong-Now"] == str(g.SEVEN_FORTY)
    assert own.client.get("/api/v1/doors", HTTP_AUTHORIZATION=good).status_code == 200


def test_an_altered_body_is_not_the_signed_one(own, plant):
    path = f"/api/v1/doors/{plant.door.pk}/workers"
    header = own.header("POST", path, b'{"q": "w"}')
    answer = own.client.post(path, b'{"q": "x"}', content_type="application/json", HTTP_AUTHORIZATION=header)
    assert answer.json()["code"] == "device.signature"
    assert own.post(path, b'{"q": "w"}').status_code == 200


@pytest.mark.parametrize(("moment", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
def test_the_moment_may_differ_by_five_minutes(own, moment, status):
    answer = own.get("/api/v1/doors", moment=g.SEVEN_FORTY + moment)
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "device.clock"


def test_nobody_is_a_device_that_is_not_known(own):
    for device in (str(uuid4()), "x"):
        own.id = device
        assert own.get("/api/v1/doors").json()["code"] == "device.unknown"


def test_a_device_without_a_key_shows_its_token(plant, code):
    client = Client()
    answer = client.post("/api/v1/devices/enrol", {"code": code.code, "name": "闸机"}, content_type="application/json")
    token = answer.json()["token"]
    assert client.get("/api/v1/doors", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200
    assert client.get("/api/v1/doors", HTTP_AUTHORIZATION=f"Bearer {token}x").json()["code"] == "device.unknown"
    assert token.encode() not in bytes(Device.objects.get(pk=code.device).token_digest)


def test_a_revoked_device_is_told_so_and_its_login_is_closed(own, admin):
    for _twice in range(2):
        devices.revoke(device=own.id, actor=admin.pk, now=g.SEVEN_FORTY)
    answer = own.get("/api/v1/doors")
    assert (answer.status_code, answer.json()["code"]) == (401, "device.revoked")
    assert answer["Fugong-Now"]
    assert not User.objects.get(pk=Device.objects.get(pk=own.id).user_id).is_active


def test_that_a_device_was_there_is_written_now_and_then(own, monkeypatch):
    for later in (0, 1, devices.SEEN_EVERY - 1, devices.SEEN_EVERY):
        monkeypatch.setattr(clock, "now", lambda later=later: g.SEVEN_FORTY + later)
        own.get("/api/v1/doors", moment=g.SEVEN_FORTY + later)
    assert Device.objects.get(pk=own.id).seen_at == g.SEVEN_FORTY + devices.SEEN_EVERY
    assert Entry.objects.filter(relation="doors_device", action="update").count() == 3  # enrolled, and seen twice


def test_a_device_reaches_no_other_door(own):
    other = g.plant("dye", "别家印染有限公司")
    assert own.post(f"/api/v1/doors/{other.door.pk}/workers", b'{"q": "w"}').status_code == 404
