"""Set-up, enterprises, sites and doors: what is right goes in, what is wrong is said at the field and kept."""

from __future__ import annotations

import re

import pytest
from django.test import Client

import builders
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact, correct
from fugong.registry.models import Enterprise, Site, Town
from web.pages import search


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(builders.user("town_administrator"))
    return client


def test_an_empty_installation_is_set_up_by_pages_alone(administrator: Client):
    assert administrator.post("/setup/", {"name": "临江镇", "code": "350112 111"}).status_code == 302
    assert Town.objects.get().division.code == builders.CODE
    assert administrator.get("/setup/").status_code == 302
    given = {"name": "临江纺织有限公司", "credit_code": builders.credit_code(7).lower(), "industry": "industrial"}
    assert administrator.post("/enterprises/new/", given).status_code == 302
    made = Enterprise.objects.get()
    assert (made.credit_code, made.key) == (builders.credit_code(7), "ljfzyxgs")
    where = f"/enterprises/{made.pk}/sites/"
    assert administrator.post(where, {"site-name": "一厂区"}).status_code == 302
    site = Site.objects.get()
    assert administrator.post(where, {"site": str(site.pk), "door-name": "东门"}).status_code == 302
    assert site.doors.get().name == "东门"
    assert "东门" in administrator.get(where).content.decode()


@pytest.mark.parametrize(
    ("code", "words"), [("", "这个字段是必填项"), ("12", "行政区划代码为 6、9 或 12 位数字"), ("abc", "行政区划代码")]
)
def test_a_wrong_division_code_is_said_at_the_field_and_kept(administrator: Client, code: str, words: str):
    answer = administrator.post("/setup/", {"name": "临江镇", "code": code})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="临江镇"' in page
    assert re.search(rf'id="id_code_error"[^>]*>[^<]*{words}', page)
    assert 'aria-invalid="true"' in page
    assert not Town.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"credit_code": "91350182MA00000071"}, "credit_code", "不是统一社会信用代码"),
        ({"credit_code": builders.credit_code(1)}, "credit_code", "已经登记过了"),
        ({"name": " "}, "name", "必填"),
        ({"key": "e1"}, "key", "已被占用"),
        ({"industry": "farming"}, "industry", "farming"),
    ],
)
def test_a_wrong_enterprise_keeps_what_was_typed(as_role, place: builders.Place, change: dict, field: str, words: str):
    given = {"name": "北桥食品", "credit_code": builders.credit_code(9), "industry": "service", "key": "bq"} | change
    answer = as_role("town_administrator").post("/enterprises/new/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'id="id_{field}_error"[^>]*>[^<]*{words}', page), page
    for name in ("name", "key"):
        assert given[name].strip() == "" or f'value="{given[name]}"' in page
    assert Enterprise.objects.count() == 2


def test_keys_made_from_the_same_name_differ(administrator: Client):
    builders.town()
    for number in (1, 2, 3):
        given = {"name": "临江纺织", "credit_code": builders.credit_code(number), "industry": "industrial"}
        assert administrator.post("/enterprises/new/", given).status_code == 302
    assert sorted(Enterprise.objects.values_list("key", flat=True)) == ["ljfz", "ljfz-2", "ljfz-3"]


def test_a_second_site_or_door_of_the_same_name_is_refused_at_the_field(as_role, place: builders.Place):
    where, client = f"/enterprises/{place.enterprise.pk}/sites/", as_role("enterprise_clerk")
    answer = client.post(where, {"site-name": "一厂区"})
    assert answer.status_code == 422
    assert re.search(r'id="id_site-name_error"[^>]*>[^<]*同名', answer.content.decode())
    site = place.door.site
    answer = client.post(where, {"site": str(site.pk), "door-name": "东门"})
    assert answer.status_code == 422
    assert re.search(rf'id="door-{site.pk}-error"[^>]*>[^<]*同名', answer.content.decode())
    assert 'value="东门"' in answer.content.decode()
    assert client.post(where, {"site": "nonsense", "door-name": "东门"}).status_code == 404


def test_enterprises_are_found_by_name_code_and_kind(as_role, place: builders.Place):
    client = as_role("bureau_reader")

    def found(**query: str) -> list[str]:
        return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)', client.get("/enterprises/", query).content.decode())

    assert found(q="南山") == ["南山精工有限公司"]
    assert found(q=builders.credit_code(1)) == ["临江纺织有限公司"]
    assert len(found(industry="industrial")) == 2
    assert found(industry="service") == []
    assert len(found(industry="nonsense")) == 2
    assert found(q="没有") == []


@pytest.mark.parametrize("typed", [builders.name(4), "lzq", "LZQ", builders.resident_number(4)[-4:], "0004"])
def test_workers_are_found(as_role, place: builders.Place, typed: str):
    page = search(as_role("enterprise_clerk"), "/workers/", typed)
    assert f'href="/workers/{place.workers["fevered"]}/"' in page
    assert page.count('<th scope="row"') == 1


def test_a_whole_number_finds_its_owner(as_role, place: builders.Place):
    for typed in (builders.resident_number(4).lower(), "130 0000 0004"):
        page = search(as_role("bureau_reader"), "/workers/", typed)
        assert re.findall(r'href="/workers/([^/]+)/"', page) == [str(place.workers["fevered"])]


def test_the_file_shows_what_was_corrected_and_why(as_role, place: builders.Place):
    worker = place.workers["fevered"]
    wrong = Fact.objects.get(subject=worker, kind="temperature")
    correct(
        fact_id=wrong.pk, reason="看错读数", source="page", evidence="a paper", now=builders.NOW - 60, actor=place.users["enterprise_clerk"].pk,
        replacement=NewFact(worker, "temperature", wrong.start, {"celsius": 36.8, "place": "door"}),
    )  # fmt: skip
    page = as_role("enterprise_clerk").get(f"/workers/{worker}/file/").content.decode()
    assert re.search(r'<li class="is-superseded">.*?class="is-struck".*?37\.8', page, re.DOTALL)
    assert "3月9日 09:29 更正：看错读数" in page
    assert page.count("is-superseded") == 1
    assert "36.8" in page
    assert "enterprise_clerk" in page


def test_the_file_shows_what_was_withdrawn(as_role, place: builders.Place):
    worker = place.workers["fevered"]
    wrong = Fact.objects.get(subject=worker, kind="temperature")
    correct(
        fact_id=wrong.pk, reason="不是本人", source="page", evidence="a paper", now=builders.NOW - 60, replacement=None
    )
    page = as_role("enterprise_clerk").get(f"/workers/{worker}/file/").content.decode()
    assert "3月9日 09:29 撤销：不是本人" in page
    assert page.count("37.8") == 1
