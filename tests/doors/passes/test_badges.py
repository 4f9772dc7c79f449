"""Badges on paper: for whom they are made, what stands on the sheets, that a revoked one is red."""

from __future__ import annotations

import re

import pytest
from django.test import Client

import gatehouse as g
from fugong.audit.models import Entry
from fugong.base import clock
from fugong.base.access import acting, as_user
from fugong.doors import keys
from fugong.doors.models import Pass
from fugong.doors.passes import badges, read, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: g.SEVEN_FORTY)
    made = g.plant()
    g.hire(made, "王小明", "李芳", "欧阳娜娜", workshop="一车间")
    g.hire(made, "𠮷田", "John Smith", workshop="二车间", badge="B")
    return made


@pytest.fixture
def clerk(plant):
    client = Client()
    client.force_login(g.user("clerk", "enterprise_clerk", plant.id))
    client.cookies["django_language"] = "en"
    return client


def path(plant, more=""):
    return f"/enterprises/{plant.id}/badges/{more}"


def ready(answer) -> str:
    return re.search(r'class="btn btn-primary ms-2" href="([^"]+)"', answer.content.decode())[1].replace("&amp;", "&")


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b", pdf))


def test_those_without_a_badge_get_one_and_then_nobody_is_without(plant, clerk):
    assert "5 workers without a badge" in clerk.get(path(plant)).content.decode()
    answer = clerk.post(path(plant), {"whom": "without", "paper": "a4"}, follow=True)
    assert "5 badges are ready" in answer.content.decode()
    sheets = clerk.get(ready(answer))
    assert sheets["Content-Type"] == "application/pdf"
    assert sheets["Cache-Control"] == "no-store"
    assert pages(sheets.content) == 1
    assert Pass.objects.filter(kind="badge", expires_at=None).count() == 5
    again = clerk.post(path(plant), {"whom": "without"})
    assert again.status_code == 422
    assert "Nobody is chosen" in again.content.decode()


def test_a_card_printer_gets_a_page_for_each(plant, clerk):
    answer = clerk.post(path(plant), {"whom": "workshop", "workshop": "二车间", "paper": "card"}, follow=True)
    assert pages(clerk.get(ready(answer)).content) == 2


def test_eleven_need_two_sheets(plant, clerk):
    g.hire(plant, *(f"张{n}" for n in range(6)), workshop="三车间", badge="C")
    answer = clerk.post(path(plant), {"whom": "all"}, follow=True)
    assert pages(clerk.get(ready(answer)).content) == 2


def test_what_is_printed_can_be_read_and_names_the_right_worker(plant, clerk, monkeypatch):
    drawn = {}
    monkeypatch.setattr(badges.paper, "pdf", lambda template, data: drawn.update(data) or b"%PDF")
    texts = {}
    real = badges.codes.svg
    monkeypatch.setattr(badges.codes, "svg", lambda text: texts.setdefault(text, real(text)))
    clerk.get(ready(clerk.post(path(plant), {"whom": "all"}, follow=True)))
    assert [one["name"] for one in drawn["badges"]] == ["王小明", "李芳", "欧阳娜娜", "〓田", "John Smith"]
    assert [one["number"] for one in drawn["badges"]] == ["A1", "A2", "A3", "B1", "B2"]
    with acting(as_user(g.user("town", "town_administrator"))):
        for text, one in zip(texts, drawn["badges"], strict=True):
            found = read(text, now=g.SEVEN_FORTY)
            assert found.id[:4] == one["mark"]
            assert Pass.objects.get(pk=found.id).worker.name.endswith(one["name"].strip("〓"))


def test_replaced_badges_stop_working_and_others_go_on(plant, clerk):
    clerk.post(path(plant), {"whom": "all"})
    clerk.post(path(plant), {"whom": "workshop", "workshop": "一车间", "instead": "yes"})
    assert Pass.objects.filter(revoked_at__isnull=False, reason="replaced").count() == 3
    assert Pass.objects.filter(revoked_at__isnull=True).count() == 5


def test_a_lost_badge_is_revoked_for_a_reason(plant, clerk):
    clerk.post(path(plant), {"whom": "all"})
    badge = Pass.objects.filter(worker__name="李芳").get()
    address = path(plant, f"{badge.pk}/revoke/")
    assert clerk.post(address, {}).status_code == 422
    assert clerk.post(address, {"reason": "other", "words": "  "}).status_code == 422
    assert Pass.objects.get(pk=badge.pk).revoked_at is None
    assert clerk.post(address, {"reason": "lost"}).status_code == 302
    kept = Pass.objects.get(pk=badge.pk)
    assert (kept.reason, kept.revoked_by.username) == ("lost", "clerk")
    assert clerk.get(address).status_code == 404
    assert "李芳" not in clerk.get(path(plant)).content.decode()


def test_who_was_printed_is_in_the_audit(plant, clerk):
    answer = clerk.post(path(plant), {"whom": "all"}, follow=True)
    before = set(Entry.objects.values_list("pk", flat=True))
    clerk.get(ready(answer))
    new = Entry.objects.exclude(pk__in=before).filter(action="read")
    assert sorted(len(one.subjects) for one in new) == [5]


def test_a_badge_of_a_retired_key_is_not_printed_again(plant, clerk):
    answer = clerk.post(path(plant), {"whom": "all"}, follow=True)
    with acting(as_user(g.user("town", "town_administrator"))):
        keys.rotate(now=g.SEVEN_FORTY + 1)
    assert "make new badges" in clerk.get(ready(answer), follow=True).content.decode()


def test_a_guard_prints_none(plant, clerk):
    guard = Client()
    guard.force_login(g.user("guard", "guard", plant.id))
    assert guard.get(path(plant)).status_code == 403


def test_too_many_at_once_are_refused(plant, clerk, monkeypatch):
    monkeypatch.setattr(services, "MOST", 4)
    answer = clerk.post(path(plant), {"whom": "all"})
    assert answer.status_code == 422
    assert "At most 4 badges at once" in answer.content.decode()
    assert Pass.objects.count() == 0
