"""What somebody types to find a person stands in no address."""

from __future__ import annotations

import re

import pytest
from django.test import Client

import builders
from fugong.base.searching import _KEPT
from personal.planting import MARKERS, NAME, NUMBER, PHONE, Planted

LISTS = ["/workers/", "/enterprises/{enterprise}/", "/logins/", "/town/figures/surveyed/?part=denominator"]


def row(planted: Planted) -> str:
    return NAME


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("typed", [NAME, NAME[1:3]])
def test_a_search_leads_to_an_address_that_tells_nothing(page, typed, planted: Planted, as_role):
    client: Client = as_role("town_administrator")
    path, _query, part = page.format(**planted.ids()).partition("?part=")
    answer = client.post(path, {"q": f" {typed} ", **({"part": part} if part else {})})
    assert answer.status_code == 302
    assert typed not in answer.url
    assert "%" not in answer.url
    found = client.get(answer.url).content.decode()
    assert row(planted) in found
    assert found.count('<th scope="row"') == 1
    assert f'value="{typed}"' in found
    assert row(planted) not in client.get(client.post(path, {"q": "没有这人"}).url).content.decode()


@pytest.mark.parametrize("typed", [NUMBER, PHONE, "188 5917 9340", "oyly", "OYL", "8627", "9340"])
def test_by_number_tail_and_initials(typed, planted: Planted, as_role):
    found = as_role("enterprise_clerk").post("/workers/", {"q": typed}, follow=True)
    assert NAME in found.content.decode()
    assert not any(typed.replace(" ", "") in step for step, _status in found.redirect_chain)


def test_an_address_is_nothing_to_anybody_else(planted: Planted, as_role):
    url = as_role("enterprise_clerk").post("/workers/", {"q": NAME}).url
    other = as_role("enterprise_clerk").get(url).content.decode()
    assert f'value="{NAME}"' not in other
    assert other.count('<th scope="row"') == 8


def test_what_stands_in_an_address_is_not_searched_for(planted: Planted, as_role):
    page = as_role("enterprise_clerk").get("/workers/", {"q": NUMBER}).content.decode()
    assert page.count('<th scope="row"') == 8
    assert 'name="q" value=""' in page


def test_the_session_keeps_no_text_that_can_be_read(planted: Planted, as_role):
    client = as_role("enterprise_clerk")
    for marker in MARKERS:
        client.post("/workers/", {"q": marker})
    kept = str(dict(client.session.items()))
    assert not any(marker in kept for marker in MARKERS)
    for number in range(_KEPT + 3):
        client.post("/workers/", {"q": f"somebody {number}"})
    assert len(client.session["searches"]) == _KEPT


def test_pages_of_a_search_keep_it(planted: Planted, as_role):
    builders.workers(planted.place.enterprise, 300, 1000)
    client = as_role("enterprise_clerk")
    url = client.post("/workers/", {"q": "c"}).url
    first = client.get(url).content.decode()
    following = re.search(r'href="([^"]*page=2)"', first)
    assert following is not None
    token = url.partition("?")[2]
    assert token in following[1]
    second = client.get("/workers/" + following[1].replace("&amp;", "&")).content.decode()
    assert 'value="c"' in second
    assert second.count('<th scope="row"') > 0


def test_an_empty_search_is_the_whole_list(planted: Planted, as_role):
    client = as_role("enterprise_clerk")
    assert client.post("/workers/", {"q": "  "}).url == "/workers/"
    assert client.post("/workers/", {"q": "\0"}).url == "/workers/"
    assert client.post(f"/enterprises/{planted.place.enterprise.pk}/", {"state": "ok", "q": ""}).url.endswith(
        "/?state=ok"
    )
