"""Logins: who may give whom one, for what, and what is refused and how."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

import builders
from fugong.base import access, services
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.base.services import LoginError
from fugong.registry.models import Document, Worker
from parallel import at_once
from web.signing import can_sign_in, codes, shown, tail

AsRole = Callable[..., Client]
pytestmark = pytest.mark.usefixtures("quick_digests")


# the services


@pytest.mark.django_db
def test_a_password_is_made_returned_and_not_kept():
    password = services.add_login(username="林小芳", role="bureau_reader", scope_id=None)
    login = User.objects.get()
    assert re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", password)
    assert not set("il01o") & set(password)
    assert login.check_password(password)
    assert password not in login.password
    assert services.random_password() != services.random_password()


@pytest.mark.django_db
def test_a_chosen_password_passes_the_validators():
    given = {"role": "bureau_reader", "scope_id": None}
    assert services.add_login(username="reader", password=builders.PASSWORD, **given) == builders.PASSWORD
    for weak in ("1234567890", "password12", "ninechars", "", "newcomer-1", "new.comer.77"):
        with pytest.raises(LoginError) as refused:
            services.add_login(username="newcomer", password=weak, **given)
        assert (refused.value.code, refused.value.field) == ("login.password", "password")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "ab", "a" * 41, "a b c", "a@b.c", "王-小 明", "аdmin"])
def test_names_that_are_refused(name: str):
    with pytest.raises(LoginError) as refused:
        services.add_login(username=name, role="bureau_reader", scope_id=None)
    assert (refused.value.code, refused.value.field) == ("login.username", "username")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "kept"), [(" abc\n", "abc"), ("门岗.东_1-b", "门岗.东_1-b"), ("ＡＢＣ", "ABC"), ("x" * 40, "x" * 40)]
)
def test_names_that_are_taken_in(name: str, kept: str):
    services.add_login(username=name, role="bureau_reader", scope_id=None)
    assert User.objects.get().username == kept


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["admin", "ADMIN", "Admin", "ａｄｍｉｎ"])
def test_a_name_is_taken_in_whatever_case(name: str):
    services.add_login(username="admin", role="town_administrator", scope_id=None)
    with pytest.raises(LoginError) as refused:
        services.add_login(username=name, role="bureau_reader", scope_id=None)
    assert (refused.value.code, refused.value.field) == ("login.username_taken", "username")
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_roles_and_scopes_go_together():
    for role, scope, code in (
        ("mayor", None, "login.role"), ("guard", None, "login.scope"), ("worker", None, "login.scope"),
        ("bureau_reader", uuid4(), "login.scope"),
    ):  # fmt: skip
        with pytest.raises(LoginError) as refused:
            services.add_login(username="somebody", role=role, scope_id=scope)
        assert refused.value.code == code


def test_a_worker_has_one_login(place: builders.Place):
    with pytest.raises(LoginError) as refused:
        services.add_login(username="twice", role="worker", scope_id=place.workers["cleared"])
    assert refused.value.code == "login.worker_has_one"
    services.add_login(username="guard2", role="guard", scope_id=place.enterprise.pk)  # guards are many


@pytest.mark.django_db
def test_nobody_closes_their_own_login_nor_the_last_administrators():
    one, other = (builders.user("town_administrator", username=name) for name in ("one", "other"))
    with pytest.raises(LoginError) as refused:
        services.close_login(login_id=one.pk, actor=one.pk)
    assert refused.value.code == "login.own"
    services.close_login(login_id=other.pk, actor=one.pk)
    with pytest.raises(LoginError) as refused:
        services.close_login(login_id=one.pk, actor=other.pk)
    assert refused.value.code == "login.last_administrator"
    services.open_login(login_id=other.pk)
    services.close_login(login_id=one.pk, actor=other.pk)
    assert list(User.objects.filter(is_active=True)) == [other]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_close_each_other_at_once_are_not_both_gone():
    one, other = (builders.user("town_administrator", username=name) for name in ("one", "other"))

    def close(login: User, actor: User) -> str:
        try:
            services.close_login(login_id=login.pk, actor=actor.pk)
        except LoginError as error:
            return error.code
        return ""

    for _round in range(8):
        said = at_once(lambda: close(one, other), lambda: close(other, one))
        assert sorted(said) == ["", "login.last_administrator"]
        assert User.objects.filter(is_active=True).count() == 1
        User.objects.update(is_active=True)


@pytest.mark.parametrize("change", ["role_name = 'town_administrator'", "scope_id = NULL", "username = 'other'"])
def test_the_database_lets_no_request_change_a_role_a_scope_or_a_name(change: str, place: builders.Place):
    clerk = place.users["enterprise_clerk"]
    for who in (clerk, place.users["town_administrator"]):
        refused = pytest.raises(DatabaseError, match="permission denied")
        with access.acting(access.as_user(who)), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE base_user SET {change} WHERE id = %s", [clerk.pk])


# pages: who may


@pytest.mark.parametrize("role", list(ROLES))
def test_who_may_open_the_pages(role: str, place: builders.Place, as_role: AsRole):
    guard = place.users["guard"].pk
    allowed = role in {"town_administrator", "enterprise_clerk"}
    for page in (
        "/logins/",
        "/logins/new/",
        f"/logins/{guard}/renew/",
        f"/logins/{guard}/close/",
        f"/logins/{guard}/open/",
    ):
        assert as_role(role).get(page).status_code == (200 if allowed else 403), page
    assert Client().get("/logins/").status_code == 302


GIVEN_BY_CLERKS = {"line_leader", "guard", "driver"}


@pytest.mark.parametrize("giver", ["town_administrator", "enterprise_clerk"])
@pytest.mark.parametrize("role", [role for role in ROLES if role != "worker"])
def test_who_gives_which_role(giver: str, role: str, place: builders.Place, as_role: AsRole):
    patch = place.users["service_team_member"].scope_id
    site = place.users["observation_medic"].scope_id
    given = {
        "role": role, "username": "new.one", "enterprise": place.enterprise.name, "patch": str(patch),
        "site": "集中观察点",
    }  # fmt: skip
    answer = as_role(giver).post("/logins/new/", given)
    if giver == "enterprise_clerk" and role not in GIVEN_BY_CLERKS:
        assert answer.status_code == 422
        assert not User.objects.filter(username="new.one").exists()
        return
    made = User.objects.get(username="new.one")
    assert made.role_name == role
    scopes = {"patch": patch, "enterprise": place.enterprise.pk, "site": site}
    assert made.scope_id == scopes.get(ROLES[role].scope)
    assert can_sign_in("new.one", shown(answer.content.decode()))


@pytest.mark.parametrize("giver", ["town_administrator", "enterprise_clerk"])
def test_a_worker_gets_a_code_and_no_password(giver: str, place: builders.Place, as_role: AsRole):
    worker = place.workers["lapsing"]
    given = {"role": "worker", "worker": builders.name(1), "tail": tail(worker)}
    client = as_role(giver)
    page = client.post("/logins/new/", given)
    assert page.headers["Location"] == f"/logins/codes/worker/{worker}/"
    assert not User.objects.filter(scope_id=worker).exists()
    assert len(codes(client.post(page.headers["Location"]).content.decode())) == 1
    made = User.objects.get(scope_id=worker)
    assert made.role_name == "worker"
    assert not made.has_usable_password()


def test_a_door_device_is_at_the_site_that_is_named(place: builders.Place, as_role: AsRole):
    client = as_role("town_administrator")
    given = {"role": "door_device", "username": "gate-1"}
    for typed, words in (("没有的厂", "没有相符的场所"), ("", "没有相符的场所")):
        assert words in client.post("/logins/new/", {**given, "site": typed}).content.decode()
    builders.site_with_door(place.other)
    assert "相符的场所不止一处" in client.post("/logins/new/", {**given, "site": "一厂区"}).content.decode()
    assert client.post("/logins/new/", {**given, "site": "南山 一厂区"}).status_code == 200
    assert User.objects.get(username="gate-1").scope_id == place.other.sites.get().pk
    missing = client.post("/logins/new/", {"role": "service_team_member", "username": "team.1"})
    assert "请选择该服务队负责的片区" in missing.content.decode()


def test_a_clerk_gives_logins_for_the_own_enterprise_whatever_is_sent(place: builders.Place, as_role: AsRole):
    given = {"role": "guard", "username": "watch", "enterprise": place.other.name}
    as_role("enterprise_clerk").post("/logins/new/", given)
    assert User.objects.get(username="watch").scope_id == place.enterprise.pk


def test_what_is_not_the_clerks_looks_as_if_it_did_not_exist(place: builders.Place, as_role: AsRole):
    clerk = as_role("enterprise_clerk")
    strangers = [
        builders.user("guard", place.other.pk, "other-guard"),
        builders.user("worker", place.others[0], "other-worker"),
        builders.user("enterprise_clerk", place.enterprise.pk, "colleague"),
        *(place.users[role] for role in ROLES if role not in {*GIVEN_BY_CLERKS, "worker"}),
    ]  # fmt: skip
    listed = clerk.get("/logins/").content.decode()
    for login in strangers:
        for what in ("renew", "close", "open"):
            page = f"/logins/{login.pk}/{what}/"
            assert page not in listed
            assert clerk.get(page).status_code == clerk.post(page).status_code == 404, page
    for role in GIVEN_BY_CLERKS:
        assert f"/logins/{place.users[role].pk}/renew/" in listed
    assert f"/logins/codes/worker/{place.users['worker'].scope_id}/" in listed
    for page in (f"/logins/codes/worker/{place.others[0]}/", f"/logins/codes/enterprise/{place.other.pk}/"):
        assert clerk.get(page).status_code == clerk.post(page).status_code == 404, page
    for about in (f"worker={place.others[0]}", f"enterprise={place.other.pk}", f"worker={uuid4()}", "worker=x"):
        assert clerk.get(f"/logins/new/?{about}").status_code == 404, about
    assert User.objects.filter(is_active=True).count() == User.objects.count()


def test_a_worker_elsewhere_is_not_found_by_name(place: builders.Place, as_role: AsRole):
    given = {"role": "worker", "worker": builders.name(100), "tail": tail(place.others[0])}
    page = as_role("enterprise_clerk").post("/logins/new/", given)
    assert page.status_code == 422
    assert "没有姓名和证件都相符的员工" in page.content.decode()
    assert as_role("town_administrator").post("/logins/new/", given).status_code == 302


def test_a_worker_who_left_is_not_the_clerks_any_more(place: builders.Place, as_role: AsRole):
    login = place.users["worker"]
    code = f"/logins/codes/worker/{login.scope_id}/"
    assert as_role("enterprise_clerk").get(f"/logins/{login.pk}/renew/").headers["Location"] == code
    assert as_role("enterprise_clerk").get(code).status_code == 200
    place.enterprise.employments.filter(worker=login.scope_id).update(active=False)
    assert as_role("enterprise_clerk").get(f"/logins/{login.pk}/renew/").status_code == 404
    assert as_role("enterprise_clerk").post(code).status_code == 404


# pages: giving


def test_from_the_workers_and_the_enterprises_page(place: builders.Place, as_role: AsRole):
    worker = place.workers["lapsing"]
    clerk = as_role("enterprise_clerk")
    link = f"/logins/new/?worker={worker}"
    assert link in clerk.get(f"/workers/{worker}/").content.decode()
    assert clerk.get(link).headers["Location"] == f"/logins/codes/worker/{worker}/"

    link = f"/logins/new/?enterprise={place.other.pk}"
    administrator = as_role("town_administrator")
    assert link in administrator.get(f"/enterprises/{place.other.pk}/").content.decode()
    assert 'name="enterprise"' not in administrator.get(link).content.decode()
    assert administrator.post(link, {"username": "nanshan", "role": "worker"}).status_code == 422
    assert administrator.post(link, {"username": "nanshan", "role": "enterprise_clerk"}).status_code == 200
    assert User.objects.get(username="nanshan").scope_id == place.other.pk


def test_others_see_no_button(place: builders.Place, as_role: AsRole):
    assert "/logins/" not in as_role("bureau_reader").get(f"/enterprises/{place.enterprise.pk}/").content.decode()
    assert "/logins/" not in as_role("worker").get("/me/").content.decode()


@pytest.mark.parametrize(
    "typed", ["临江纺织有限公司", "临江", builders.credit_code(1), builders.credit_code(1).lower()]
)
def test_an_enterprise_by_name_part_of_it_or_code(typed: str, place: builders.Place, as_role: AsRole):
    given = {"role": "guard", "username": "watch", "enterprise": f" {typed} "}
    assert as_role("town_administrator").post("/logins/new/", given).status_code == 200
    assert User.objects.get(username="watch").scope_id == place.enterprise.pk


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"username": "x y"}, "username", "3 至 40 个字符"),
        ({"username": "GUARD"}, "username", "已被占用"),
        ({"username": ""}, "username", "必填"),
        ({"role": "mayor"}, "role", "mayor"),
        ({"enterprise": "没有的厂"}, "enterprise", "没有相符的企业"),
        ({"enterprise": ""}, "enterprise", "没有相符的企业"),
        ({"enterprise": "有限公司"}, "enterprise", "相符的企业不止一家：.*南山精工有限公司"),
        ({"role": "worker", "tail": "0000"}, "worker", "没有姓名和证件都相符的员工"),
        ({"role": "worker", "worker": ""}, "worker", "没有姓名和证件都相符的员工"),
    ],
)
def test_wrong_input_is_said_at_the_field_and_kept(
    change: dict[str, str], field: str, words: str, place: builders.Place, as_role: AsRole
):
    given = {
        "role": "guard", "username": "watch", "enterprise": "临江", "worker": builders.name(1),
        "tail": tail(place.workers["lapsing"]),
    } | change  # fmt: skip
    before = User.objects.count()
    answer = as_role("town_administrator").post("/logins/new/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'id="id_{field}_error"[^>]*>[^<]*{words}', page), page
    for name in ("username", "enterprise", "worker", "tail"):
        assert not given[name] or f'value="{given[name]}"' in page
    if given["role"] in ROLES:
        assert re.search(rf'value="{given["role"]}"[^>]* checked', page)
    assert User.objects.count() == before


def test_of_two_with_one_name_and_tail_the_page_of_the_worker_decides(place: builders.Place, as_role: AsRole):
    first, second = place.workers["lapsing"], place.workers["unregistered"]
    Document.objects.create(worker_id=second, type="passport", encrypted=b"x", digest=b"x", tail=tail(first))
    Worker.objects.filter(pk=second).update(name=builders.name(1))
    given = {"role": "worker", "worker": builders.name(1), "tail": tail(first)}
    answer = as_role("enterprise_clerk").post("/logins/new/", given)
    assert answer.status_code == 422
    assert "相符的员工不止一人" in answer.content.decode()
