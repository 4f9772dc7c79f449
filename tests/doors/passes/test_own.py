"""The worker's pass on the phone: the page, the picture, and what it is renewed by."""

from __future__ import annotations

import re
import struct

import pytest
from django.conf import settings
from django.test import Client

import builders
from fugong.audit.models import Entry
from fugong.base import clock
from fugong.doors.models import Pass
from fugong.doors.passes import services
from fugong.registry.models import Worker

pytestmark = pytest.mark.django_db
HOUR = 3_600


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> builders.Place:
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)
    return builders.place()


def client_of(place: builders.Place, role: str = "worker", language: str = "en") -> Client:
    client = Client()
    client.force_login(place.users[role])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def test_the_card_leads_to_the_pass_and_the_pass_to_its_picture(place):
    client = client_of(place)
    assert 'href="/me/pass/"' in client.get("/me/").content.decode()
    page = client.get("/me/pass/")
    assert page.status_code == 200
    assert 'href="/me/pass.png"' in page.content.decode()
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("language", "until"), [("en", "valid until"), ("zh-hans", "有效期至")])
def test_it_shows_the_masked_name_the_enterprise_and_until_when(place, language, until):
    text = client_of(place, language=language).get("/me/pass/").content.decode()
    shown = text[text.index('id="pass"') : text.index("</section>")]
    assert Worker.objects.get(pk=place.workers["cleared"]).name not in shown
    assert place.enterprise.name in shown
    assert re.search(r"<strong[^>]*>\w \*( \w)?</strong>", shown)
    assert until in shown


def test_nothing_of_the_pass_needs_what_the_policy_forbids(place):
    """No style attribute, no script: modules of black on white, with a name for who can't see them."""
    text = client_of(place).get("/me/pass/").content.decode()
    code = text[text.index('<svg role="img"') : text.index("</svg>", text.index('<svg role="img"'))]
    assert "style=" not in code and "<script" not in code
    assert "<title>The code of your pass</title>" in code
    assert len(code) < 12_000


def test_one_pass_is_shown_until_six_hours_remain_and_then_another(place, monkeypatch):
    client = client_of(place)
    first = client.get("/me/pass/").content
    monkeypatch.setattr(clock, "now", lambda: builders.NOW + 18 * HOUR)
    client.get("/me/pass/")
    assert Pass.objects.count() == 1
    monkeypatch.setattr(clock, "now", lambda: builders.NOW + 18 * HOUR + 1)
    assert client.get("/me/pass/").content != first
    assert Pass.objects.count() == 2
    assert set(Pass.objects.values_list("worker", "kind")) == {(place.workers["cleared"], "phone")}


def test_a_revoked_pass_is_not_shown_again(place):
    client = client_of(place)
    client.get("/me/pass/")
    old = Pass.objects.get()
    services.revoke(id=old.pk, reason="lost", now=builders.NOW, actor=place.users["town_administrator"].pk)
    client.get("/me/pass/")
    assert Pass.objects.filter(revoked_at=None).count() == 1


def test_the_picture_is_a_png_that_a_phone_can_show_and_says_nothing_in_its_name(place):
    for language in ("en", "zh-hans"):
        answer = client_of(place, language=language).get("/me/pass.png")
        assert answer["Content-Type"] == "image/png"
        assert re.fullmatch(r'attachment; filename="fugong-pass-\d{8}\.png"', answer["Content-Disposition"])
        assert answer.content.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", answer.content[16:24])
        assert width == 720 < height < 1_300
        assert len(answer.content) < 100_000


def test_others_have_no_pass_and_looking_is_kept(place):
    for role in ("town_administrator", "guard", "enterprise_clerk"):
        assert client_of(place, role).get("/me/pass/").status_code == 403
    before = Entry.objects.count()
    client_of(place).get("/me/pass/")
    assert Entry.objects.count() > before
