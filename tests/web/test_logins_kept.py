"""Logins that exist: the list, renewing, closing and opening, one's own password."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base import services
from fugong.base.models import User
from fugong.base.roles import ROLES
from web.pages import search
from web.signing import can_sign_in, codes, shown

AsRole = Callable[..., Client]
pytestmark = pytest.mark.usefixtures("quick_digests")


# pages: the list


def test_the_list_says_who_where_and_when(place: builders.Place, as_role: AsRole):
    assert can_sign_in("guard", services.renew_password(login_id=place.users["guard"].pk))
    page = as_role("town_administrator").get("/logins/").content.decode()
    row = next(row for row in page.split("<tr>") if ">guard<" in row)
    assert place.enterprise.name in row
    assert "门卫" in row
    assert "使用中" in row
    assert "3月9日 09:30" in row  # by our own clock, not by the machine's
    assert "从未" in next(row for row in page.split("<tr>") if ">worker<" in row)
    assert builders.name(0) in next(row for row in page.split("<tr>") if ">worker<" in row)
    own = next(row for row in page.split("<tr>") if 'name">town_administrator<' in row)
    assert "/password/" in own
    assert "/close/" not in own


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"role": "guard"}, {"guard"}), ({"q": "GUA"}, {"guard"}), ({"q": builders.name(0)}, {"worker"}),
        ({"q": "临江"}, {"enterprise_clerk", "line_leader", "guard", "driver", "door_device"}), ({"q": "临江", "role": "guard"}, {"guard"}),
        ({"q": "nobody-here"}, set()), ({"role": "mayor"}, set(ROLES)),
    ],
)  # fmt: skip
def test_filters(asked: dict[str, str], found: set[str], place: builders.Place, as_role: AsRole):
    page = search(as_role("town_administrator"), "/logins/", asked.get("q", ""), role=asked.get("role", ""))
    assert set(re.findall(r'fg-cell-name">([^<]+)<', page)) == found


def test_the_list_has_pages_and_a_constant_number_of_queries(place: builders.Place, as_role: AsRole):
    client = as_role("town_administrator")
    counts = []
    for first, number in ((1000, 2), (2000, 40)):
        for n, worker in enumerate(builders.workers(place.enterprise, number, first)):
            builders.user("worker", worker, f"w{first + n}")
            builders.user("guard", builders.enterprise(first + n, f"企业 {first + n}").pk, f"g{first + n}")
        client.get("/logins/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/logins/")
        counts.append(len(queries))
    assert counts[1] <= counts[0]
    assert "第 1 / 5 页" in client.get("/logins/").content.decode()
    assert "w2039" in client.get("/logins/?page=4").content.decode()


# pages: renewing, closing, opening


def test_a_password_is_shown_once_and_nowhere_else(place: builders.Place, as_role: AsRole):
    administrator = as_role("town_administrator")
    guard = place.users["guard"]
    given = {"role": "guard", "username": "watch", "enterprise": "临江"}
    answers = [administrator.post("/logins/new/", given), administrator.post(f"/logins/{guard.pk}/renew/")]
    for answer in answers:
        password = shown(answer.content.decode())
        assert answer.content.decode().count(password) == 1
        assert "no-store" in answer.headers["Cache-Control"]
        made = User.objects.get(username="watch").pk
        for page in ("/logins/", "/logins/new/", f"/logins/{made}/renew/", f"/logins/{guard.pk}/renew/", "/town/"):
            assert password not in administrator.get(page).content.decode()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM base_user AS u WHERE u::text LIKE %s", [f"%{password}%"])
            assert cursor.fetchone() == (0,)
    again = administrator.post("/logins/new/", given)  # the page loaded again
    assert again.status_code == 422
    assert "<code" not in again.content.decode()


def test_asking_is_not_doing(place: builders.Place, as_role: AsRole):
    guard = place.users["guard"]
    before = User.objects.values().get(pk=guard.pk)
    for what in ("renew", "close", "open"):
        page = as_role("town_administrator").get(f"/logins/{guard.pk}/{what}/").content.decode()
        assert 'method="post"' in page
        assert "guard" in page
    assert User.objects.values().get(pk=guard.pk) == before


def signed_in(username: str, password: str) -> Client:
    """Somebody who has signed in and, where it was asked for, chosen a password of their own."""
    client = Client()
    client.post("/login/", {"username": username, "password": password})
    own = {"old_password": password, "new_password1": builders.PASSWORD, "new_password2": builders.PASSWORD}
    assert client.post("/password/", own).status_code == 302
    return client


def test_a_password_that_somebody_else_has_seen_opens_nothing_until_it_is_changed(place: builders.Place):
    given = services.add_login(username="watch", role="guard", scope_id=place.enterprise.pk)
    watch = Client()
    watch.post("/login/", {"username": "watch", "password": given})
    for page in ("/doors/", "/", "/sessions/"):
        assert watch.get(page).headers["Location"] == "/password/"
    assert watch.get("/doors/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/password/"
    assert watch.get("/api/v1/report").json()["code"] == "first_things_first"
    assert "别人看到过这个密码" in watch.get("/password/").content.decode()
    same = {"old_password": given, "new_password1": given, "new_password2": given}
    assert "这就是当前密码" in watch.post("/password/", same).content.decode()
    own = {"old_password": given, "new_password1": builders.PASSWORD, "new_password2": builders.PASSWORD}
    assert watch.post("/password/", own).status_code == 302
    assert watch.get("/doors/").status_code == 200


def test_a_device_is_not_asked_for_a_password_of_its_own(place: builders.Place):
    site = place.users["door_device"].scope_id
    given = services.add_login(username="gate-1", role="door_device", scope_id=site)
    gate = Client()
    gate.post("/login/", {"username": "gate-1", "password": given})
    assert gate.get("/doors/").status_code == 200


def test_a_renewed_password_replaces_the_old_one_and_ends_its_sessions(place: builders.Place, as_role: AsRole):
    watch = signed_in("watch", services.add_login(username="watch", role="guard", scope_id=place.enterprise.pk))
    assert watch.get("/doors/").status_code == 200
    login = User.objects.get(username="watch")
    new = shown(as_role("enterprise_clerk").post(f"/logins/{login.pk}/renew/").content.decode())
    assert watch.get("/doors/").status_code == 302
    assert not can_sign_in("watch", builders.PASSWORD)
    assert can_sign_in("watch", new)
    assert User.objects.get(pk=login.pk).password_to_change


def test_a_closed_login_is_out_at_once_and_comes_back_with_a_new_password(place: builders.Place, as_role: AsRole):
    watch = signed_in("watch", services.add_login(username="watch", role="guard", scope_id=place.enterprise.pk))
    clerk = as_role("enterprise_clerk")
    assert watch.get("/doors/").status_code == 200
    login = User.objects.get(username="watch")
    assert clerk.post(f"/logins/{login.pk}/close/").status_code == 302
    assert watch.get("/doors/").status_code == 302
    refused = Client().post("/login/", {"username": "watch", "password": builders.PASSWORD})
    assert refused.status_code == 422
    assert "该账号已停用" in refused.content.decode()
    assert "已停用" in search(clerk, "/logins/", "watch")
    new = shown(clerk.post(f"/logins/{login.pk}/open/").content.decode())
    assert watch.get("/doors/").status_code == 302
    assert not can_sign_in("watch", builders.PASSWORD)
    assert can_sign_in("watch", new)


def test_a_closed_workers_login_comes_back_with_a_code(place: builders.Place, as_role: AsRole):
    login, clerk = place.users["worker"], as_role("enterprise_clerk")
    clerk.post(f"/logins/{login.pk}/close/")
    page = clerk.get(f"/logins/codes/worker/{login.scope_id}/")
    assert page.headers["Location"] == f"/logins/{login.pk}/open/"
    (code,) = codes(clerk.post(f"/logins/{login.pk}/open/").content.decode())
    worker = Client()
    assert worker.post("/enter/", {"code": code}).status_code == 302
    assert worker.get("/me/").status_code == 200


def test_ones_own_login_is_neither_closed_nor_renewed_from_the_list(place: builders.Place, as_role: AsRole):
    own = place.users["town_administrator"]
    client = as_role("town_administrator")
    assert client.post(f"/logins/{own.pk}/renew/").headers["Location"] == "/password/"
    assert "不能停用自己的账号" in client.post(f"/logins/{own.pk}/close/", follow=True).content.decode()
    assert User.objects.get(pk=own.pk).is_active


# one's own password


@pytest.mark.parametrize("role", list(ROLES))
def test_everybody_changes_their_own_password_and_stays_signed_in(role: str, place: builders.Place):
    login = place.users[role]
    login.set_password(builders.PASSWORD)
    login.save(update_fields=["password"])
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/login/", {"username": role, "password": builders.PASSWORD})
    assert 'href="/sessions/"' in here.get("/password/").content.decode()
    assert 'href="/password/"' in here.get("/sessions/").content.decode()
    given = {"old_password": builders.PASSWORD, "new_password1": "new-words-77", "new_password2": "new-words-77"}
    answer = here.post("/password/", given, follow=True)
    assert "您的密码已修改" in answer.content.decode()
    assert answer.wsgi_request.user == login
    assert elsewhere.get("/password/").status_code == 302
    assert can_sign_in(role, "new-words-77")
    assert not can_sign_in(role, builders.PASSWORD)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"old_password": "wrong-words-77"}, "old_password"),
        ({"new_password2": "other-words-77"}, "new_password2"),
        ({"new_password1": "12345678", "new_password2": "12345678"}, "new_password2"),
        ({"new_password1": "", "new_password2": ""}, "new_password1"),
    ],
)
def test_a_wrong_new_password_is_said_at_the_field(change: dict[str, str], field: str, place: builders.Place):
    login = place.users["guard"]
    login.set_password(builders.PASSWORD)
    login.save(update_fields=["password"])
    client = Client()
    client.force_login(login)
    given = {
        "old_password": builders.PASSWORD,
        "new_password1": "new-words-77",
        "new_password2": "new-words-77",
    } | change
    answer = client.post("/password/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert not any(value and value in page for value in given.values())  # no password comes back
    assert User.objects.get(pk=login.pk).check_password(builders.PASSWORD)


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_first():
    assert Client().get("/password/").headers["Location"] == "/login/?next=/password/"
