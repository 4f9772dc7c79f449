"""The second step: switched on with a phone's code, asked for at sign-in, compulsory where the installation says so."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from urllib.parse import unquote
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from click.testing import CliRunner
from django.core.cache import cache
from django.db import connection
from django.test import Client

import builders
from fugong.base.models import User, UserSession
from fugong.project.cli.login import command

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_digests")]
CREDENTIALS = {"username": "mayor", "password": builders.PASSWORD}


def mayor(role: str = "town_administrator") -> User:
    builders.town()
    return builders.user(role, username="mayor", password=builders.PASSWORD)


def phone(secret: str) -> str:
    """What a phone that took this secret shows now."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30))


def signed_in() -> Client:
    client = Client()
    assert client.post("/login/", CREDENTIALS).status_code == 302
    return client


def switched_on(client: Client) -> tuple[str, list[str]]:
    """Switch it on; returns the secret and the recovery codes. The first code counts as used only at sign-in."""
    asked = client.get("/second-step/on/")
    assert unquote(asked.headers["Location"]) == "/password/again/?next=/second-step/on/"
    again = client.post(asked.headers["Location"], {"password": builders.PASSWORD})
    assert again.headers["Location"] == "/second-step/on/"
    page = client.get("/second-step/on/").content.decode()
    secret = re.search(r'<code translate="no">([A-Z2-7 ]+)</code>', page)
    assert secret
    assert "data:image/svg+xml;base64," in page
    assert client.post("/second-step/on/", {"code": "000000"}).status_code == 422
    assert client.post("/second-step/on/", {"code": phone(secret[1])}).headers["Location"] == "/second-step/codes/"
    codes = re.findall(r"<li><code>(\d+)</code></li>", client.get("/second-step/codes/").content.decode())
    assert len(codes) == 10
    return secret[1], codes


def first_half() -> Client:
    """Somebody who typed the password and is asked for the code."""
    client = Client()
    assert client.post("/login/", CREDENTIALS).headers["Location"] == "/login/second-step/"
    assert client.get("/login/second-step/").status_code == 200
    return client


def test_with_the_second_step_a_password_alone_opens_nothing():
    mayor()
    secret, _codes = switched_on(signed_in())
    client = first_half()
    assert client.get("/town/").headers["Location"].startswith("/login/")
    wrong = client.post("/login/second-step/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "验证码有误或已使用过" in wrong.content.decode()
    assert client.post("/login/second-step/", {"code": phone(secret)}).headers["Location"] == "/"
    assert client.get("/town/").status_code == 200
    assert UserSession.objects.order_by("pk").last().how == "totp"  # type: ignore[union-attr]


def test_a_code_is_good_once():
    user = mayor()
    secret, _codes = switched_on(signed_in())
    code = phone(secret)
    assert first_half().post("/login/second-step/", {"code": code}).status_code == 302
    assert first_half().post("/login/second-step/", {"code": code}).status_code == 422
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")  # which allauth forgets before the code is void
    assert first_half().post("/login/second-step/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 422


def test_a_recovery_code_stands_in_for_the_phone_once():
    mayor()
    _secret, codes = switched_on(signed_in())
    client = first_half()
    assert client.post("/login/second-step/", {"code": codes[3]}).status_code == 302
    assert "还剩 9 个恢复码" in client.get("/second-step/").content.decode()
    assert first_half().post("/login/second-step/", {"code": codes[3]}).status_code == 422


def test_who_stops_half_way_begins_again():
    mayor()
    switched_on(signed_in())
    client = first_half()
    assert client.get("/login/").headers["Location"] == "/login/second-step/"
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/login/").status_code == 200
    assert client.get("/login/second-step/").headers["Location"] == "/login/"


def test_the_operator_lets_somebody_in_who_has_lost_everything():
    mayor()
    lost = signed_in()
    switched_on(lost)
    done = CliRunner().invoke(command, ["renew", "MAYOR"])
    assert done.exit_code == 0, done.output
    password = re.search(r"([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})", done.output)
    assert password
    assert lost.get("/town/").status_code == 302
    client = Client()
    again = client.post("/login/", {"username": "mayor", "password": password[1]})
    assert again.headers["Location"] == "/"
    assert client.get("/town/").headers["Location"] == "/password/"
    builders.user("worker", uuid4(), "w-1")
    for name in ("nobody", "w-1"):
        refused = CliRunner().invoke(command, ["renew", name])
        assert refused.exit_code == 2
        assert name in refused.output


def test_guessing_codes_is_stopped_even_with_the_right_one():
    mayor()
    secret, _codes = switched_on(signed_in())
    client = first_half()
    for _n in range(5):
        client.post("/login/second-step/", {"code": "000000"})
    refused = client.post("/login/second-step/", {"code": phone(secret)})
    assert refused.status_code == 422
    assert "请等十五分钟再试" in refused.content.decode()


def test_nothing_of_the_secret_is_readable_in_the_database():
    mayor()
    client = signed_in()
    secret, codes = switched_on(client)
    kept = Authenticator.objects.get(type="totp")
    assert secret.replace(" ", "") not in str(kept.data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, '') FROM mfa_authenticator AS a")
        (stored,) = cursor.fetchone()
    for plain in (secret.replace(" ", ""), *codes):
        assert plain not in stored
    assert secret.replace(" ", "") not in str(dict(client.session))


def test_while_it_is_being_switched_on_the_session_holds_it_encrypted():
    mayor()
    client = signed_in()
    client.post("/password/again/?next=/second-step/on/", {"password": builders.PASSWORD})
    page = client.get("/second-step/on/").content.decode()
    secret = re.search(r'<code translate="no">([A-Z2-7 ]+)</code>', page)
    assert secret
    assert secret[1].replace(" ", "") not in str(dict(client.session))


def test_switching_it_off_and_new_codes_ask_who_it_is():
    mayor()
    secret, codes = switched_on(signed_in())
    cache.clear()  # the code of this half minute was used
    client = first_half()
    client.post("/login/second-step/", {"code": codes[0]})
    for page in ("/second-step/off/", "/second-step/codes/new/", "/second-step/codes/"):
        assert unquote(client.get(page).headers["Location"]) == f"/password/again/?next={page}"
    assert client.post("/password/again/", {"password": "wrong"}).status_code == 422
    assert client.post("/second-step/again/?next=/second-step/off/", {"code": phone(secret)}).status_code == 302
    assert client.post("/second-step/codes/new/").headers["Location"] == "/second-step/codes/"
    fresh = re.findall(r"<li><code>(\d+)</code></li>", client.get("/second-step/codes/").content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert client.post("/second-step/off/").headers["Location"] == "/second-step/"
    assert Authenticator.objects.count() == 0
    assert Client().post("/login/", CREDENTIALS).headers["Location"] == "/"


def test_a_program_is_refused_beside_a_second_step():
    mayor("bureau_reader")
    headers = {"Authorization": "Basic " + b64encode(f"mayor:{builders.PASSWORD}".encode()).decode()}
    assert Client().get("/api/v1/report", headers=headers).status_code == 200
    switched_on(signed_in())
    assert Client().get("/api/v1/report", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("role", "reminded"), [("town_administrator", True), ("deputy", True), ("bureau_reader", False)]
)
def test_who_can_act_for_the_town_is_reminded(role: str, reminded: bool):
    mayor(role)
    client = Client()
    page = client.post("/login/", CREDENTIALS, follow=True).content.decode()
    assert ("请为账号开启两步验证" in page) is reminded


def test_where_it_is_compulsory_nothing_else_comes_first(settings):
    settings.REQUIRE_TOTP = True
    mayor()
    client = signed_in()
    for page in ("/town/", "/", "/sessions/"):
        assert client.get(page).headers["Location"] == "/second-step/on/"
    assert client.get("/api/v1/report").json()["code"] == "first_things_first"
    switched_on(client)
    assert client.get("/town/").status_code == 200
    refused = client.post("/second-step/off/")
    assert refused.status_code == 422
    assert "您的角色必须使用两步验证" in refused.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_those_of_an_enterprise_are_not_forced(settings):
    settings.REQUIRE_TOTP = True
    builders.town()
    enterprise = builders.enterprise()
    client = Client()
    client.force_login(builders.user("enterprise_clerk", enterprise.pk))
    assert client.get("/sessions/").status_code == 200


def test_a_stranger_sees_none_of_it():
    for page in (
        "/second-step/",
        "/second-step/on/",
        "/second-step/off/",
        "/second-step/codes/",
        "/login/second-step/",
    ):
        assert Client().get(page).headers["Location"].startswith("/login/"), page
