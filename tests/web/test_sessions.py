"""One's own sessions: which there are, and that an ended one is out at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

import builders
from fugong.base.models import Counter, User, UserSession
from fugong.base.signin.queries import device
from fugong.base.signin.services import forget_what_has_ended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_digests")]
AsRole = Callable[..., Client]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1 Version/15.0 Mobile Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/109.0 Safari/537.36 Edg/109.0"


def signed_in(agent: str = "", name: str = "reader", address: str = "10.0.0.1") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert client.post("/login/", {"username": name, "password": builders.PASSWORD}).status_code == 302
    return client


def reader(name: str = "reader") -> User:
    return builders.user("bureau_reader", username=name, password=builders.PASSWORD)


def test_one_sees_ones_own_and_which_is_this():
    reader()
    reader("colleague")
    phone, desk = signed_in(PHONE, address="10.0.0.7"), signed_in(DESK)
    signed_in("Chrome/1", name="colleague", address="10.0.0.9")
    page = desk.get("/sessions/").content.decode()
    assert "iPhone · Safari" in page
    assert "Windows 电脑 · Edge" in page
    assert "来自 10.0.0.7" in page
    assert "3月9日 09:30 起" in page
    assert "10.0.0.9" not in page
    assert page.count("本次登录") == 1
    assert page.index("Edge") < page.index("本次登录")
    assert "凭密码" in phone.get("/sessions/").content.decode()


def test_an_ended_session_is_out_at_once():
    user = reader()
    phone, desk = signed_in(PHONE), signed_in(DESK)
    lost = UserSession.objects.get(user=user, device=PHONE)
    assert desk.post(f"/sessions/{lost.pk}/end/").headers["Location"] == "/sessions/"
    assert phone.get("/sessions/").headers["Location"].startswith("/login/")
    assert desk.get("/sessions/").status_code == 200
    assert not Session.objects.filter(session_key=lost.key).exists()


def test_all_but_this_one():
    reader()
    others = [signed_in(PHONE), signed_in(), signed_in()]
    here = signed_in(DESK)
    assert "已结束其他 3 处登录" in here.post("/sessions/others/end/", follow=True).content.decode()
    for other in others:
        assert other.get("/sessions/").status_code == 302
    assert here.get("/sessions/").status_code == 200
    assert UserSession.objects.count() == 1


def test_nobody_ends_somebody_elses():
    reader()
    reader("colleague")
    mine, theirs = signed_in(), signed_in(name="colleague")
    session = UserSession.objects.get(user__username="colleague")
    assert mine.post(f"/sessions/{session.pk}/end/").status_code == 404
    assert theirs.get("/sessions/").status_code == 200
    assert mine.get(f"/sessions/{session.pk}/end/").status_code == 405


def test_this_one_goes_on_after_the_password_is_changed_and_the_others_are_gone_from_the_list():
    reader()
    other, here = signed_in(PHONE), signed_in(DESK)
    own = {"old_password": builders.PASSWORD, "new_password1": "new-words-77", "new_password2": "new-words-77"}
    assert here.post("/password/", own).status_code == 302
    assert other.get("/sessions/").status_code == 302
    page = here.get("/sessions/").content.decode()
    assert "iPhone" not in page
    assert page.count("本次登录") == 1


def test_what_has_ended_by_itself_is_forgotten():
    reader()
    gone, here = signed_in(PHONE), signed_in(DESK)
    Session.objects.filter(session_key=gone.session.session_key).delete()
    assert "iPhone" not in here.get("/sessions/").content.decode()
    assert UserSession.objects.count() == 1
    here.post("/logout/")
    assert UserSession.objects.count() == 0


def test_a_stranger_is_asked_to_sign_in():
    assert Client().get("/sessions/").headers["Location"] == "/login/?next=/sessions/"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Linux; Android 10) Chrome/109 Mobile MicroMessenger/8.0.2", "安卓手机 · 微信"),
        ("Mozilla/5.0 (Linux; HarmonyOS; NOH) Chrome/99 Mobile", "鸿蒙手机 · Chrome"),
        (PHONE, "iPhone · Safari"), (DESK, "Windows 电脑 · Edge"), ("curl/8", "未知设备"), ("", "未知设备"),
    ],
)  # fmt: skip
def test_devices_are_named_roughly(agent: str, said: str):
    assert device(agent) == said


def test_what_has_ended_is_swept_away():
    reader()
    gone, here = signed_in(PHONE), signed_in(DESK)
    Session.objects.filter(session_key=gone.session.session_key).delete()
    Client().post("/login/", {"username": "reader", "password": "wrong"})
    kept = Counter.objects.count()
    assert kept
    Counter.objects.create(cache_key="old", value="", expires=timezone.now() - timedelta(seconds=1))
    assert forget_what_has_ended() == 2
    assert Counter.objects.count() == kept
    assert here.get("/sessions/").status_code == 200
    assert UserSession.objects.count() == 1
