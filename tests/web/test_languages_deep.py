"""The pages behind forms that are filled in: previews and results of uploads, verdicts of a door, a pack with an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from fugong.base.ids import uuid7
from fugong.core.protocol.pack import shipped
from fugong.registry.models import Site
from web.pages import Page, read
from web.test_languages import data, foreign_words

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("language", ["zh-hans", "en"])]
Said = tuple[int, Page]


@pytest.fixture
def speak(place: builders.Place, language: str) -> Any:
    """Sign in under a role, and read what a response says; a word of the other language fails."""
    entered = [*ROSTERS.values(), *LISTS.values(), PASTED, "pack.yaml horoscope surveyd permission pack:"]
    cells = {cell for rows in entered for cell in rows.split() if len(cell) > 1 or not cell.isascii()}
    known = sorted({*data(), *cells}, key=len, reverse=True)

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(place.users[role])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    def says(response: Any) -> Page:
        page = read(response.content.decode())
        assert foreign_words(page, language, known) == []
        return page

    return sign_in, says


def text(page: Page) -> str:
    return " ".join(page.texts)


PASTED = "甲\n乙"
ROSTERS = {
    "right": "姓名\t身份证号\t手机\n王小明\t350126198803070018\t13800138000\n",
    "wrong": "姓名\t身份证号\t手机\t出生日期\n王小明\t35012619880307001\t138001\t没有\n\t350126198803070018\t\t\n",
    "doubtful": "姓名\t身份证号\t手机\n王小明\t359999198001010012\t13800138000/13900139000\n",
    "no column": "姓名\t手机\n王小明\t13800138000\n",
    "no header": "甲\t乙\n丙\t丁\n",
}
LISTS = {
    "test": "姓名\t手机尾号\t采样时间\t报告时间\t结果\n某某\t1234\t2020-03-08\t2020-03-07 10:00\t好\n",
    "register": "姓名\t手机尾号\t登记日期\t健康状况\t体温\n某某\t1234\t2020-03-12\t还行\t99\n",
    "arrival": "姓名\t身份证号\t到达时间\t交通方式\n某某\t350126198803070018\t2020-03-19 08:00\t火箭\n",
    "survey": "姓名\t身份证号\t是否返岗\t旅居地\n某某\t350126198803070018\t不知道\t火星\n",
    "risk_level": "地区\t风险等级\t开始日期\t结束日期\n武汉市\t高\t2020-01-23\t2020-01-01\n火星\t很高\t\t\n",
    "resumption": "统一社会信用代码\t复工日期\n91350182MA\t不知道\n",
    "capacity": "统一社会信用代码\t日期\t当前日产值\t正常日产值\n91350182MA\t2020-03-08\t很多\t0\n",
    "vacancy": "统一社会信用代码\t岗位\t人数\n91350182MA\t\t1.5\n",
}


@pytest.mark.parametrize("roster", list(ROSTERS))
def test_the_preview_of_a_roster_and_what_came_of_it(place, speak, roster):
    sign_in, says = speak
    client = sign_in("enterprise_clerk")
    sent = client.post(f"/enterprises/{place.enterprise.pk}/roster/", {"rows": ROSTERS[roster]})
    assert sent.status_code == 302
    says(client.get(sent.url))
    done = client.post(f"{sent.url}take-in/", follow=True)
    assert done.status_code == (422 if roster.startswith("no ") else 200)
    says(done)
    gone = client.post(f"{sent.url}forget/", follow=True)
    says(gone)
    says(client.get(sent.url))


@pytest.mark.parametrize("kind", list(LISTS))
def test_the_preview_of_a_list_of_facts_with_errors_and_what_came_of_it(speak, kind):
    sign_in, says = speak
    client = sign_in("town_administrator")
    says(client.get(f"/uploads/new/{kind}/"))
    sent = client.post(f"/uploads/new/{kind}/", {"rows": LISTS[kind]})
    assert sent.status_code == 302
    page = says(client.get(sent.url))
    assert page.texts
    says(client.post(f"{sent.url}take-in/", follow=True))


def test_what_an_upload_refuses_before_it_is_kept(place, speak):
    sign_in, says = speak
    client = sign_in("enterprise_clerk")
    for content in (b"", b"\x89PNG\r\n\x1a\n0000", b"PK\x03\x04broken", b"<html><table></table></html>"):
        file = SimpleUploadedFile("list.xlsx", content)
        refused = client.post(f"/enterprises/{place.enterprise.pk}/roster/", {"file": file})
        assert refused.status_code == 422
        says(refused)
    unknown = sign_in("town_administrator").post("/uploads/new/resumption/", {"rows": PASTED, "enterprise": "0000"})
    assert unknown.status_code == 422
    says(unknown)


CHECKS = {
    "fit": {}, "fever": {"key": "37.9"}, "no mask": {"mask": "no", "gloves": "no"}, "out": {"direction": "out"},
    "no temperature": {"key": ""}, "not understood": {"key": "", "celsius": "367"}, "unwell": {"well": "no"},
    "well": {"well": "yes"},
}  # fmt: skip


@pytest.mark.parametrize("who", ["cleared", "lapsing", "unregistered", "untested", "fevered", "away", "unsurveyed"])
def test_the_verdict_of_a_door(place, speak, who):
    sign_in, says = speak
    client = sign_in("guard")
    door, worker = f"/doors/{place.door.pk}/", place.workers[who]
    says(client.get(f"{door}workers/{worker}/"))
    verdicts = 0
    for told in CHECKS.values():
        form = {"check": str(uuid7()), "direction": "in", "key": "36.5", "mask": "yes", "gloves": "yes", **told}
        answer = client.post(f"{door}workers/{worker}/check/", form, follow=True)
        says(answer)
        if answer.redirect_chain:
            verdicts += 1
            says(client.post(f"{door}checks/{form['check']}/undo/", {"direction": form["direction"]}, follow=True))
    assert verdicts >= 2


def test_letting_somebody_in_all_the_same(place, speak):
    sign_in, says = speak
    client, door = sign_in("guard"), f"/doors/{place.door.pk}/"
    form = {"check": str(uuid7()), "direction": "in", "key": "36.5", "mask": "yes", "gloves": "yes", "well": "no"}
    client.post(f"{door}workers/{place.workers['unregistered']}/check/", form)
    override = f"{door}checks/{form['check']}/override/"
    for given in ({}, {"reason": "other"}, {"reason": "rescue"}, {"reason": "rescue", "sure": "yes"}):
        page = says(client.post(override, given, follow=True))
    assert text(says(client.get(f"{door}checks/{form['check']}/"))) == text(page)
    says(client.get(f"{door}workers/{uuid7()}/"))
    town = sign_in("town_administrator")
    listed = says(town.get("/doors/overrides/?days=1"))
    refused = f"/workers/{place.workers['unregistered']}/"
    for address in ("/town/", refused, f"{refused}file/"):
        assert says(town.get(address)).texts
    assert builders.name(2) in text(listed)


def test_lists_of_people_for_crews_and_at_a_site(place, speak):
    sign_in, says = speak
    away, late, guest = (place.workers[kind] for kind in ("away", "unsurveyed", "cleared"))
    start = builders.NOW - 86_400
    told = {"whereabouts": "away", "test_required": True, "origin_division": "420100", "means": "own"}
    builders.survey(away, start, **told, intended_on="2020-03-10")
    builders.survey(late, start - 9 * 86_400, **told | {"whereabouts": "returning"})
    hotel = Site.objects.get(enterprise=None)
    builders.record(guest, "observation", start, {"site": str(hotel.pk), "room": "101"})
    for role, address in (
        ("dispatcher", "/returning/"), ("dispatcher", "/returning/manifest/"), ("driver", "/returning/?until=x"),
        ("observation_medic", "/site/"), ("site_police", "/site/"),
    ):  # fmt: skip
        assert says(sign_in(role).get(address)).texts
    builders.record(guest, "temperature", builders.NOW - 60, {"celsius": 36.6, "place": "observation"})
    assert "36.6 ℃" in text(says(sign_in("observation_medic").get("/site/")))


def broken_packs() -> Iterator[tuple[str, str]]:
    text = shipped()[builders.PACK]
    yield "no YAML", "a: [1\n"
    yield "no pack", "- 1\n- 2\n"
    yield "empty", "# nothing\n"
    yield "unknown key", text + "\nhoroscope: 1\n"
    yield "unknown kind", text.replace("formula: surveyed", "formula: surveyd")
    yield "bad formula", text.replace("formula: surveyed", "formula: once[2d,1d] surveyed")
    yield "unfinished formula", text.replace("formula: surveyed", "formula: surveyed and")
    yield "no permissions", text.replace("permissions:", "permission:")


@pytest.mark.parametrize("trouble", [name for name, _text in broken_packs()])
def test_a_pack_with_an_error(speak, trouble):
    sign_in, says = speak
    client = sign_in("town_administrator")
    file = SimpleUploadedFile("pack.yaml", dict(broken_packs())[trouble].encode())
    refused = client.post("/protocols/upload/", {"pack": file})
    assert refused.status_code == 422
    page = says(refused)
    assert any(re.match(r"pack\.yaml", words) for words in page.texts)
