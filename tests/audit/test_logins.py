"""Which login was given, renewed, closed or opened again stands in the audit, by its user name and role."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

import builders
from fugong.audit.models import Entry
from fugong.base.models import User
from fugong.project.cli.login import command

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings: Any) -> builders.Place:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return builders.place()


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def done_to_logins() -> list[tuple[str, object, dict[str, str]]]:
    found = Entry.objects.filter(action__startswith="login.").order_by("id")
    return [(one.action, one.actor, one.details) for one in found]


def everything_done_to(place: builders.Place) -> User:
    """A reader's login that the administrator gives, renews, closes and opens again, over the pages."""
    client = of(place.users["town_administrator"])
    client.post("/logins/new/", {"role": "bureau_reader", "username": "reader-2"})
    given = User.objects.get(username="reader-2")
    for what in ("renew", "close", "open"):
        assert client.post(f"/logins/{given.pk}/{what}/").status_code in (200, 302)
    return given


def test_each_is_noted_with_who_did_it_and_to_which_login(place: builders.Place) -> None:
    everything_done_to(place)
    by, login = place.users["town_administrator"].pk, {"username": "reader-2", "role": "bureau_reader"}
    actions = ["login.given", "login.renewed", "login.closed", "login.opened"]
    assert done_to_logins() == [(action, by, login) for action in actions]


def test_what_is_refused_or_only_asked_for_is_not_noted(place: builders.Place) -> None:
    client, own = of(place.users["town_administrator"]), place.users["town_administrator"]
    client.post("/logins/new/", {"role": "bureau_reader", "username": "x"})
    client.get(f"/logins/{place.users['guard'].pk}/close/")
    client.post(f"/logins/{own.pk}/close/")
    of(place.users["enterprise_clerk"]).post(f"/logins/{own.pk}/renew/")
    assert done_to_logins() == []


def test_on_the_command_line_it_is_noted_as_the_operators(place: builders.Place) -> None:
    assert CliRunner().invoke(command, ["renew", "guard"]).exit_code == 0
    assert done_to_logins() == [("login.renewed", None, {"username": "guard", "role": "guard"})]
    page = of(place.users["auditor"]).get("/audit/?kind=signing").content.decode()
    row = next(row for row in page.split("<tr>") if "password renewed" in row)
    assert "guard · Guard" in row
    assert "Fugong itself" in row
    assert 'By whom"><div>Fugong itself' in row, "the login that was renewed is not who renewed it"


@pytest.mark.parametrize(
    ("language", "words", "role"),
    [
        ("en", ["login given", "password renewed", "login closed", "login opened again"], "Bureau reader"),
        ("zh-hans", ["开通账号", "重设密码", "停用账号", "恢复账号"], "部门查阅"),
    ],
)
def test_the_auditors_page_and_export_name_the_login(
    place: builders.Place, language: str, words: list[str], role: str
) -> None:
    everything_done_to(place)
    client = of(place.users["auditor"])
    client.cookies["django_language"] = language
    rows = client.get("/audit/?kind=signing").content.decode().split("<tr>")
    for word in words:
        (row,) = [row for row in rows if f"<div>{word}<br>" in row]
        assert "town_administrator" in row
        assert f"reader-2 · {role}" in row
    exported = list(csv.reader(client.get("/audit/entries.csv").content.decode("utf-8-sig").splitlines()))
    assert [row[7] for row in exported if row[6] in words] == [f"reader-2 · {role}"] * 4


def test_a_password_never_stands_in_the_audit(place: builders.Place) -> None:
    client = of(place.users["town_administrator"])
    page = client.post(f"/logins/{place.users['guard'].pk}/renew/").content.decode()
    password = page.split('<code translate="no">')[1].split("<")[0]
    assert len(password) == 14
    assert not [one for one in Entry.objects.all() if password in str(vars(one))]
