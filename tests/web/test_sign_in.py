"""Signing in: what is refused after how many failures, for pages and programs alike, and what is noted of it."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

import builders
from fugong.base import access, services
from fugong.base.access import Acting, Looks
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.base.signin.rules import advised
from fugong.project.cli.demo import PASSWORD
from web.signing import can_sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_digests")]
Notes = list[tuple[str, dict[str, str]]]


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    """What the audit is told, in order."""
    told: Notes = []

    def keep(_who: Acting, looks: Looks) -> None:
        told.extend(looks.notes)

    monkeypatch.setattr(access, "_keepers", [keep])
    return told


def reader(name: str = "reader") -> User:
    return builders.user("bureau_reader", username=name, password=builders.PASSWORD)


def attempt(password: str, name: str = "reader", address: str = "10.0.0.1") -> Any:
    return Client(REMOTE_ADDR=address).post("/login/", {"username": name, "password": password})


def basic(password: str, name: str = "reader", address: str = "10.0.0.1") -> int:
    given = b64encode(f"{name}:{password}".encode()).decode()
    return Client(REMOTE_ADDR=address).get("/api/v1/report", headers={"Authorization": f"Basic {given}"}).status_code


def test_after_five_failures_the_right_password_is_refused_too():
    reader()
    for _n in range(5):
        answer = attempt("wrong")
        assert answer.status_code == 422
        assert "用户名或密码有误" in answer.content.decode()
    locked = attempt(builders.PASSWORD)
    assert locked.status_code == 422
    assert "请等十五分钟再试" in locked.content.decode()


def test_four_failures_lock_nobody_out_and_a_success_counts_nothing():
    reader()
    for _round in range(3):
        assert attempt(builders.PASSWORD).status_code == 302
    for _n in range(4):
        attempt("wrong")
    assert attempt(builders.PASSWORD).status_code == 302


def test_the_lock_holds_from_every_address_and_in_every_writing_of_the_name():
    reader()
    for n in range(5):
        attempt("wrong", name=["reader", "READER", " Reader", "ｒｅａｄｅｒ", "reader"][n], address=f"10.0.0.{n}")
    for name in ("reader", "Reader"):
        assert "请等十五分钟再试" in attempt(builders.PASSWORD, name=name, address="10.9.9.9").content.decode()


def test_others_behind_the_same_address_can_sign_in():
    reader()
    reader("colleague")
    for _n in range(6):
        attempt("wrong")
    assert attempt(builders.PASSWORD, name="colleague").status_code == 302


def test_one_address_that_tries_a_hundred_names_is_locked_out():
    reader()
    for n in range(100):
        attempt("wrong", name=f"name-{n}")
    assert "请等十五分钟再试" in attempt(builders.PASSWORD).content.decode()
    assert attempt(builders.PASSWORD, address="10.0.0.2").status_code == 302


def test_what_a_client_claims_of_its_address_counts_nothing():
    reader()
    for n in range(5):
        Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.1.1.{n}").post(
            "/login/", {"username": "reader", "password": "wrong"}
        )
    assert attempt(builders.PASSWORD).status_code == 422


def test_programs_share_the_limits_of_people():
    reader()
    assert basic(builders.PASSWORD) == 200
    for _n in range(5):
        assert basic("wrong") == 401
    assert basic(builders.PASSWORD) == 401
    assert attempt(builders.PASSWORD).status_code == 422


def test_a_program_is_refused_where_a_password_alone_is_not_enough(settings):
    user = reader()
    assert basic(builders.PASSWORD) == 200
    User.objects.filter(pk=user.pk).update(password_to_change=True)
    assert basic(builders.PASSWORD) == 401
    User.objects.filter(pk=user.pk).update(password_to_change=False)
    settings.REQUIRE_TOTP = True
    assert basic(builders.PASSWORD) == 401
    User.objects.filter(pk=user.pk).update(is_active=False)
    settings.REQUIRE_TOTP = False
    assert basic(builders.PASSWORD) == 401


def test_names_are_found_in_any_case_and_passwords_are_not():
    reader("Lin.Fang")
    assert can_sign_in("lin.fang", builders.PASSWORD)
    assert not can_sign_in("Lin.Fang", builders.PASSWORD.upper())


def test_sign_ins_refusals_and_sign_outs_are_noted(notes: Notes):
    reader()
    attempt("wrong")
    attempt("wrong", name="a-password-typed-in-the-wrong-field")
    client = Client()
    client.post("/login/", {"username": "reader", "password": builders.PASSWORD})
    client.post("/logout/")
    assert notes == [
        ("sign_in.failed", {"username": "reader"}),
        ("sign_in.failed", {"username": ""}),
        ("sign_in", {"how": "password"}),
        ("sign_out", {}),
    ]
    for _n in range(5):
        attempt("wrong")
    notes.clear()
    attempt(builders.PASSWORD)
    assert notes == [("sign_in.locked_out", {"username": "reader"})]


def test_after_signing_in_the_way_leads_to_the_page_that_was_asked_for_here_only():
    reader()
    for onward, led in (
        ("/enterprises/", "/enterprises/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
    ):
        given = {"username": "reader", "password": builders.PASSWORD, "next": onward}
        assert Client().post("/login/", given).headers["Location"] == led


def test_the_first_administrator_chooses_a_password_first():
    password = services.add_login(username="admin", role="town_administrator", scope_id=None)
    client = Client()
    client.post("/login/", {"username": "admin", "password": password})
    assert client.get("/town/").headers["Location"] == "/password/"


@pytest.mark.parametrize(
    "path",
    [
        "/signup/",
        "/accounts/signup/",
        "/email/",
        "/password/reset/",
        "/password/set/",
        "/confirm-email/",
        "/login/code/",
    ],
)
def test_what_allauth_offers_beside_does_not_exist(path: str):
    assert Client().get(path).status_code == 404


def test_whoever_guesses_their_way_from_an_open_session_to_its_password_is_stopped():
    client = Client()
    client.force_login(reader())
    given = {"old_password": "wrong", "new_password1": "new-words-77", "new_password2": "new-words-77"}
    for _n in range(10):
        assert "old_password" in client.post("/password/", given).context["form"].errors
    refused = client.post("/password/", {**given, "old_password": builders.PASSWORD})
    assert refused.status_code == 422
    assert "请等十五分钟再试" in refused.content.decode()


def test_the_demo_has_a_login_for_each_role_and_says_so_and_no_other_installation_does(settings):
    page = Client().get("/login/").content.decode()
    assert "fugong-demo" not in page
    settings.DEMO = True
    users = builders.place().users
    digest = make_password(PASSWORD)
    for role, user in users.items():
        User.objects.filter(pk=user.pk).update(password=digest)
        user.refresh_from_db()
        assert not advised(user), role
    page = Client().get("/login/").content.decode()
    assert "fg-demo" in page
    offered = re.findall(r'name="username" value="([^"]+)"><input type="hidden" name="password" value="([^"]+)"', page)
    assert offered == [(role, PASSWORD) for role in ROLES]
    for username, password in offered:
        client = Client()
        assert client.post("/login/", {"username": username, "password": password}).headers["Location"] == "/"
        assert "fg-demo" in client.get("/sessions/").content.decode()
