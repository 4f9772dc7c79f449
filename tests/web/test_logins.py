"""Logins: who may give whom one, what is refused and how, what becomes of passwords and sessions."""

from __future__ import annotations

import re
import threading
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base import services
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.base.services import LoginError
from fugong.registry.models import Document, Worker

AsRole = Callable[..., Client]
ENTERPRISE_ROLES = ("enterprise_clerk", "line_leader", "guard")


@pytest.fixture(autouse=True)
def _quick_digests(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def shown(page: str) -> str:
    """The password that a page shows."""
    found = re.search(r'<code translate="no">([a-z2-9-]{14})</code>', page)
    assert found, page
    return found[1]


def can_sign_in(username: str, password: str) -> bool:
    return Client().post("/login/", {"username": username, "password": password}).status_code == 302


def tail(worker: UUID) -> str:
    return Document.objects.get(worker=worker).tail


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
    for weak in ("12345678", "password", "short", ""):
        with pytest.raises(LoginError) as refused:
            services.add_login(username="other", password=weak, **given)
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
    for _round in range(8):
        start, said = threading.Barrier(2), []

        def close(login: User, actor: User, start=start, said=said) -> None:
            start.wait(10)
            try:
                services.close_login(login_id=login.pk, actor=actor.pk)
            except LoginError as error:
                said.append(error.code)
            finally:
                connection.close()

        pairs = [threading.Thread(target=close, args=pair) for pair in ((one, other), (other, one))]
        for thread in pairs:
            thread.start()
        for thread in pairs:
            thread.join(20)
        assert said == ["login.last_administrator"]
        assert User.objects.filter(is_active=True).count() == 1
        User.objects.update(is_active=True)


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


@pytest.mark.parametrize("giver", ["town_administrator", "enterprise_clerk"])
@pytest.mark.parametrize("role", list(ROLES))
def test_who_gives_which_role(giver: str, role: str, place: builders.Place, as_role: AsRole):
    worker = place.workers["lapsing"]
    given = {
        "role": role, "username": "new.one", "enterprise": place.enterprise.name, "worker": builders.name(1),
        "tail": tail(worker),
    }  # fmt: skip
    answer = as_role(giver).post("/logins/new/", given)
    if giver == "enterprise_clerk" and role not in {"line_leader", "guard", "worker"}:
        assert answer.status_code == 422
        assert not User.objects.filter(username="new.one").exists()
        return
    made = User.objects.get(username="new.one")
    assert made.role_name == role
    assert made.scope_id == {"town": None, "enterprise": place.enterprise.pk, "worker": worker}[ROLES[role].scope]
    assert can_sign_in("new.one", shown(answer.content.decode()))


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
        place.users["town_administrator"], place.users["bureau_reader"], place.users["enterprise_clerk"],
    ]  # fmt: skip
    listed = clerk.get("/logins/").content.decode()
    for login in strangers:
        for what in ("renew", "close", "open"):
            page = f"/logins/{login.pk}/{what}/"
            assert page not in listed
            assert clerk.get(page).status_code == clerk.post(page).status_code == 404, page
    for role in ("line_leader", "guard", "worker"):
        assert f"/logins/{place.users[role].pk}/renew/" in listed
    for about in (f"worker={place.others[0]}", f"enterprise={place.other.pk}", f"worker={uuid4()}", "worker=x"):
        assert clerk.get(f"/logins/new/?{about}").status_code == 404, about
    assert User.objects.filter(is_active=True).count() == User.objects.count()


def test_a_worker_elsewhere_is_not_found_by_name(place: builders.Place, as_role: AsRole):
    given = {"role": "worker", "username": "w-100", "worker": builders.name(100), "tail": tail(place.others[0])}
    page = as_role("enterprise_clerk").post("/logins/new/", given)
    assert page.status_code == 422
    assert "没有姓名和证件都相符的员工" in page.content.decode()
    assert as_role("town_administrator").post("/logins/new/", given).status_code == 200


def test_a_worker_who_left_is_not_the_clerks_any_more(place: builders.Place, as_role: AsRole):
    login = place.users["worker"]
    assert as_role("enterprise_clerk").get(f"/logins/{login.pk}/renew/").status_code == 200
    place.enterprise.employments.filter(worker=login.scope_id).update(active=False)
    assert as_role("enterprise_clerk").get(f"/logins/{login.pk}/renew/").status_code == 404


# pages: giving


def test_from_the_workers_and_the_enterprises_page(place: builders.Place, as_role: AsRole):
    worker = place.workers["lapsing"]
    clerk = as_role("enterprise_clerk")
    link = f"/logins/new/?worker={worker}"
    assert link in clerk.get(f"/workers/{worker}/").content.decode()
    form = clerk.get(link).content.decode()
    assert 'name="worker"' not in form
    assert 'value="guard"' not in form
    answer = clerk.post(link, {"username": "chen.li"})
    assert answer.status_code == 200
    assert User.objects.get(username="chen.li").scope_id == worker
    again = clerk.get(link)
    assert again.headers["Location"] == f"/logins/?{urlencode({'q': 'chen.li'})}"

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
    Document.objects.filter(worker=second).update(tail=tail(first))
    Worker.objects.filter(pk=second).update(name=builders.name(1))
    given = {"role": "worker", "username": "twin", "worker": builders.name(1), "tail": tail(first)}
    answer = as_role("enterprise_clerk").post("/logins/new/", given)
    assert answer.status_code == 422
    assert "相符的员工不止一人" in answer.content.decode()


# pages: the list


def test_the_list_says_who_where_and_when(place: builders.Place, as_role: AsRole):
    password = services.renew_password(login_id=place.users["guard"].pk)
    assert can_sign_in("guard", password)
    page = as_role("town_administrator").get("/logins/").content.decode()
    row = next(row for row in page.split("<tr>") if ">guard<" in row)
    assert place.enterprise.name in row
    assert "门岗" in row
    assert "使用中" in row
    assert "3月9日 09:30" in row  # by our own clock, not by the machine's
    assert "从未" in next(row for row in page.split("<tr>") if ">worker<" in row)
    assert builders.name(0) in next(row for row in page.split("<tr>") if ">worker<" in row)
    own = next(row for row in page.split("<tr>") if ">town_administrator<" in row)
    assert "/password/" in own
    assert "/close/" not in own


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"role": "guard"}, {"guard"}), ({"q": "GUA"}, {"guard"}), ({"q": builders.name(0)}, {"worker"}),
        ({"q": "临江"}, {"enterprise_clerk", "line_leader", "guard"}), ({"q": "临江", "role": "guard"}, {"guard"}),
        ({"q": "nobody-here"}, set()), ({"role": "mayor"}, set(ROLES)),
    ],
)  # fmt: skip
def test_filters(asked: dict[str, str], found: set[str], place: builders.Place, as_role: AsRole):
    page = as_role("town_administrator").get("/logins/", asked).content.decode()
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
    assert "第 1 / 4 页" in client.get("/logins/").content.decode()
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


def test_a_renewed_password_replaces_the_old_one_and_ends_its_sessions(place: builders.Place, as_role: AsRole):
    old = services.add_login(username="watch", role="guard", scope_id=place.enterprise.pk)
    watch = Client()
    watch.post("/login/", {"username": "watch", "password": old})
    assert watch.get("/doors/").status_code == 200
    login = User.objects.get(username="watch")
    new = shown(as_role("enterprise_clerk").post(f"/logins/{login.pk}/renew/").content.decode())
    assert watch.get("/doors/").status_code == 302
    assert not can_sign_in("watch", old)
    assert can_sign_in("watch", new)


def test_a_closed_login_is_out_at_once_and_its_session_stays_ended(place: builders.Place, as_role: AsRole):
    password = services.add_login(username="watch", role="guard", scope_id=place.enterprise.pk)
    watch, clerk = Client(), as_role("enterprise_clerk")
    watch.post("/login/", {"username": "watch", "password": password})
    assert watch.get("/doors/").status_code == 200
    login = User.objects.get(username="watch")
    assert clerk.post(f"/logins/{login.pk}/close/").status_code == 302
    assert watch.get("/doors/").status_code == 302
    assert not can_sign_in("watch", password)
    assert "已停用" in clerk.get("/logins/?q=watch").content.decode()
    assert clerk.post(f"/logins/{login.pk}/open/").status_code == 302
    assert watch.get("/doors/").status_code == 302
    assert can_sign_in("watch", password)


def test_a_closed_login_does_not_reach_the_api(place: builders.Place):
    password = services.add_login(username="program", role="bureau_reader", scope_id=None)
    headers = {"Authorization": "Basic " + b64encode(f"program:{password}".encode()).decode()}
    assert Client().get("/api/v1/report", headers=headers).status_code == 200
    login = User.objects.get(username="program")
    services.close_login(login_id=login.pk, actor=place.users["town_administrator"].pk)
    assert Client().get("/api/v1/report", headers=headers).status_code == 401


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
    login.save()
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/login/", {"username": role, "password": builders.PASSWORD})
    assert 'href="/password/"' in here.get("/", follow=True).content.decode()
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
    login.save()
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
