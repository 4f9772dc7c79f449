"""One-time codes: who hands them out, what slips show, and that a code lets one person in, once, and not for long."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

import builders
from fugong.base import clock
from fugong.base.models import EntryCode, User, UserSession
from fugong.base.signin import services
from parallel import at_once
from web.signing import codes

AsRole = Callable[..., Client]
pytestmark = pytest.mark.usefixtures("quick_digests")
DAY = 86_400


def handed_out(place: builders.Place, as_role: AsRole, worker: str = "lapsing", role: str = "enterprise_clerk") -> str:
    """A code for a worker, as a clerk sees it."""
    page = as_role(role).post(f"/logins/codes/worker/{place.workers[worker]}/").content.decode()
    (code,) = codes(page)
    return code


def test_a_worker_enters_once_and_stays_for_thirty_days(place: builders.Place, as_role: AsRole):
    code = handed_out(place, as_role)
    worker = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 9) Chrome/109 MicroMessenger/8.0")
    answer = worker.post("/enter/", {"code": f" {code.upper().replace('-', ' ')} "})
    assert answer.headers["Location"] == "/"
    assert worker.get("/me/").status_code == 200
    left = worker.session.get_expiry_date() - timezone.now()
    assert 29.9 < left.total_seconds() / DAY <= 30
    assert UserSession.objects.get().how == "code"
    again = Client().post("/enter/", {"code": code})
    assert again.status_code == 422
    assert "请向企业索取新的登录码" in again.content.decode()


def test_opening_a_link_uses_nothing_up_and_tells_nothing(place: builders.Place, as_role: AsRole):
    code = handed_out(place, as_role)
    pages = [Client().get(f"/enter/{one}/") for one in (code, code, "aaaaa-aaaaa")]
    assert [page.status_code for page in pages] == [200] * 3
    bare = [re.sub(r'value="[^"]*"|X-CSRFToken":"[^"]*"', "", page.content.decode()) for page in pages]
    assert bare[0].replace(code, "aaaaa-aaaaa") == bare[2]
    assert EntryCode.objects.get().used_at is None
    worker = Client()
    assert worker.post(f"/enter/{code}/").status_code == 302
    assert worker.get("/me/").status_code == 200
    assert Client().post(f"/enter/{code}/").status_code == 422


@pytest.mark.parametrize(("later", "works"), [(3 * DAY - 1, True), (3 * DAY, False)])
def test_a_code_holds_for_three_days(
    later: int, works: bool, place: builders.Place, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
):
    code = handed_out(place, as_role)
    monkeypatch.setattr(clock, "now", lambda: builders.NOW + later)
    assert (Client().post("/enter/", {"code": code}).status_code == 302) is works


def test_a_new_code_ends_the_old_one_and_the_sessions(place: builders.Place, as_role: AsRole):
    first = handed_out(place, as_role)
    worker = Client()
    worker.post("/enter/", {"code": first})
    second = handed_out(place, as_role)
    assert worker.get("/me/").status_code == 302
    third = handed_out(place, as_role)
    assert Client().post("/enter/", {"code": second}).status_code == 422
    assert Client().post("/enter/", {"code": third}).status_code == 302
    assert EntryCode.objects.filter(used_at=None, cancelled_at=None).count() == 0


def test_a_closed_login_takes_no_code(place: builders.Place, as_role: AsRole):
    code = handed_out(place, as_role)
    User.objects.filter(scope_id=place.workers["lapsing"]).update(is_active=False)
    assert Client().post("/enter/", {"code": code}).status_code == 422


def test_the_database_knows_no_code(place: builders.Place, as_role: AsRole):
    code = handed_out(place, as_role)
    with connection.cursor() as cursor:
        for written in (code, code.replace("-", "")):
            cursor.execute("SELECT count(*) FROM base_entrycode AS c WHERE c::text LIKE %s", [f"%{written}%"])
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_the_same_moment_one_is_let_in():
    worker = builders.user("worker", builders.workers(_enterprise(), 1)[0])
    for _round in range(6):
        assert worker.scope_id
        (made,) = services.hand_out(worker_ids=[worker.scope_id], actor=worker.pk, organisation="镇", now=builders.NOW)
        entered = at_once(*[lambda: services.redeem(code=made.code, now=builders.NOW)] * 2)  # noqa: B023
        assert sorted(user is not None for user in entered) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_out_at_the_same_moment_leave_one_code():
    (person,) = builders.workers(_enterprise(), 1)
    clerk = builders.user("town_administrator")

    def hand_out() -> str:
        return services.hand_out(worker_ids=[person], actor=clerk.pk, organisation="镇", now=builders.NOW)[0].code

    made = at_once(hand_out, hand_out)
    assert User.objects.filter(scope_id=person).count() == 1
    assert EntryCode.objects.filter(cancelled_at=None).count() == 1
    assert sum(services.redeem(code=code, now=builders.NOW) is not None for code in made) == 1


def _enterprise() -> builders.Enterprise:
    builders.town()
    return builders.enterprise()


def test_guessing_is_stopped(place: builders.Place, as_role: AsRole):
    code = handed_out(place, as_role)
    for n in range(30):
        assert "登录码有误" in Client().post("/enter/", {"code": f"guess-{n}"}).content.decode()
    for refused in (Client().post("/enter/", {"code": code}), Client().post(f"/enter/{code}/")):
        assert refused.status_code == 422
        assert "请等十五分钟再试" in refused.content.decode()
    assert Client(REMOTE_ADDR="10.1.1.1").post("/enter/", {"code": code}).status_code == 302


def test_slips_for_all_who_have_no_way_in(place: builders.Place, as_role: AsRole):
    clerk = as_role("enterprise_clerk")
    page = f"/logins/codes/enterprise/{place.enterprise.pk}/"
    User.objects.filter(role_name="worker").update(signed_in_at=builders.NOW)  # one has entered already
    one = Client()
    one.post("/enter/", {"code": handed_out(place, as_role, "cleared")})
    handed_out(place, as_role, "away")
    assert "5 名员工" in clerk.get(page).content.decode()
    assert page in clerk.get("/logins/").content.decode()
    slips = clerk.post(page).content.decode()
    assert len(set(codes(slips))) == 5
    assert slips.count("data:image/svg+xml;base64,") == 5
    for n in (1, 2, 3, 4, 6):
        assert builders.name(n) in slips
    for code in codes(slips):
        assert f"http://testserver/enter/{code}/" in slips
    assert "It works once" in slips
    assert "只能使用一次" in slips
    assert one.get("/me/").status_code == 200  # nobody who has entered is signed out
    assert codes(clerk.post(page, follow=True).content.decode()) == []


def test_the_worker_sees_who_handed_out_a_code(place: builders.Place, as_role: AsRole):
    handed_out(place, as_role, role="town_administrator")
    code = handed_out(place, as_role)
    worker = Client()
    worker.post("/enter/", {"code": code})
    page = worker.get("/sessions/").content.decode()
    assert "临江镇 于 3月9日 09:30 发放了一个登录码" in page
    assert "临江纺织有限公司 于 3月9日 09:30 发放了一个登录码" in page
    assert "使用前已被替换" in page
    assert "3月9日 09:30 已使用" in page
    assert 'href="/password/"' not in page
    assert worker.get("/password/").headers["Location"] == "/sessions/"
    assert worker.get("/second-step/on/").status_code == 404
