"""Whole numbers: masked until somebody with the right says why; noted; nowhere kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

import builders
from fugong.base import access, clock
from fugong.base.faults import Fault
from fugong.base.reasons import HOLDS, PURPOSES, REASONS, word
from fugong.base.roles import ROLES
from fugong.registry.reveal import queries
from personal.planting import MARKERS, NUMBER, PHONE, Planted
from personal.routes import routes

MAY = ["town_administrator", "enterprise_clerk"]
HTMX = {"HX-Request": "true"}


def address(planted: Planted) -> str:
    return reverse("reveal:number", args=[planted.worker])


def ask(client: Client, planted: Planted, which: object = "phone", *, htmx: bool = True, **more: str):
    headers = HTMX if htmx else {}
    return client.post(address(planted), {"number": str(which), **more}, headers=headers)


def test_no_page_shows_a_number_in_whole(planted: Planted, as_role):
    for role in MAY:
        client = as_role(role)
        for route in routes(planted.ids()):
            answer = client.get(route.path)
            text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
            assert NUMBER not in text, route
            assert PHONE not in text, route


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_number_is_shown_once_a_reason_is_given(role, htmx, planted: Planted, as_role, looks):
    client = as_role(role, "en")
    asked = ask(client, planted, htmx=htmx)
    assert PHONE not in asked.content.decode()
    assert all(f'value="{code}"' in asked.content.decode() for code in REASONS)
    looks.clear()
    shown = ask(client, planted, reason="contact_tracing", htmx=htmx)
    assert PHONE in shown.content.decode()
    assert "Reason: contact tracing, holds until 9 Mar 09:45" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    ((who, what),) = looks
    assert (who.role, who.actor) == (role, planted.place.users[role].pk)
    assert (list(what.subjects), what.reason) == ([planted.worker], "contact_tracing")
    assert ("<html" in shown.content.decode()) is not htmx


def test_the_worker_sees_who_looked_and_why(planted: Planted, as_role):
    ask(as_role("enterprise_clerk"), planted, reason="contact_tracing")
    worker = Client()
    worker.force_login(builders.User.objects.get(username="the-workers"))
    worker.cookies["django_language"] = "en"
    page = worker.get("/me/looks/").content.decode()
    assert "Enterprise clerk · 临江纺织有限公司" in page
    assert "reason: contact tracing" in page
    assert PHONE not in page


def test_a_document_too(planted: Planted, as_role, looks):
    shown = ask(as_role("enterprise_clerk"), planted, planted.document, reason="correction")
    assert NUMBER in shown.content.decode()
    assert looks[-1][1].reason == "correction"


def test_the_reason_holds_for_fifteen_minutes_in_this_session(planted: Planted, as_role, looks, monkeypatch):
    client = as_role("enterprise_clerk")
    ask(client, planted, reason="transport")
    for later, holds in ((0, True), (HOLDS - 1, True), (HOLDS, False), (-1, False)):
        monkeypatch.setattr(clock, "now", lambda moment=builders.NOW + later: moment)
        looks.clear()
        answer = ask(client, planted, planted.document)
        assert (NUMBER in answer.content.decode()) is holds, later
        assert [what.reason for _who, what in looks] == (["transport"] if holds else [""])
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)
    assert NUMBER not in ask(as_role("enterprise_clerk"), planted, planted.document).content.decode()


def test_another_reason_is_asked_for(planted: Planted, as_role, looks):
    client = as_role("enterprise_clerk")
    ask(client, planted, reason="transport")
    assert PHONE not in ask(client, planted, another="yes").content.decode()
    assert PHONE not in ask(client, planted).content.decode()
    assert PHONE in ask(client, planted, reason="emergency").content.decode()
    assert looks[-1][1].reason == "emergency"


def test_a_reason_that_is_not_on_the_list_is_none(planted: Planted, as_role):
    client = as_role("enterprise_clerk")
    ask(client, planted, reason="transport")
    refused = ask(client, planted, htmx=False, reason="curiosity")
    assert refused.status_code == 422
    assert PHONE not in refused.content.decode()
    assert "请选择一个理由" in refused.content.decode()


@pytest.mark.parametrize("role", ["bureau_reader", "line_leader", "guard"])
def test_without_the_right_there_is_neither_button_nor_number(role, planted: Planted, as_role):
    assert "number.reveal" not in ROLES[role].rights
    client = as_role(role)
    assert ask(client, planted, reason="transport").status_code == 403
    assert address(planted) not in client.get(f"/workers/{planted.worker}/file/").content.decode()
    assert (
        client.post(f"/api/v1/workers/{planted.worker}/number", {"reason": "transport"}, "application/json").status_code
        == 403
    )


def test_what_is_not_in_scope_does_not_exist(planted: Planted, as_role):
    client, stranger = as_role("enterprise_clerk"), planted.place.others[0]
    page = client.post(f"/workers/{stranger}/number/", {"number": "phone", "reason": "transport"})
    program = client.post(f"/api/v1/workers/{stranger}/number", {"reason": "transport"}, "application/json")
    assert (page.status_code, program.status_code) == (404, 404)
    for which in ("", "fax", str(stranger)):
        assert ask(client, planted, which, reason="transport").status_code == 404


def test_it_is_no_address_to_visit(planted: Planted, as_role):
    assert as_role("enterprise_clerk").get(address(planted)).status_code == 405


def test_programs_say_why_each_time(planted: Planted, as_role, looks):
    client, path = as_role("enterprise_clerk"), f"/api/v1/workers/{planted.worker}/number"

    def send(**body: str):
        return client.post(path, body, "application/json")

    assert send(reason="medical_care").json() == [{"kind": "phone", "number": PHONE}]
    assert looks[-1][1].reason == "medical_care"
    answer = send(reason="medical_care", number="resident")
    assert answer.json() == [{"kind": "resident", "number": NUMBER}]
    assert answer.headers["Cache-Control"] == "no-store"
    assert send(reason="medical_care", number="passport").status_code == 404
    refused = send(reason="curiosity")
    assert (refused.status_code, refused.json()["code"]) == (422, "reveal.reason")
    assert send().status_code == 422


def test_lists_for_a_purpose_carry_phones_without_asking(planted: Planted, looks):
    with access.acting(access.as_system("a test")):
        phones = queries.phones_for("manifest", [planted.worker, planted.place.others[0]])
    assert phones[planted.worker] == PHONE
    ((_who, what),) = looks
    assert (set(what.subjects), what.reason) == (set(phones), "manifest")
    with pytest.raises(KeyError):
        queries.phones_for("curiosity", [planted.worker])


def test_nothing_is_revealed_without_a_reason(planted: Planted):
    number = queries.number_of(planted.place.users["enterprise_clerk"], planted.worker, "phone")
    assert not any(marker in str(number) for marker in MARKERS[1:])
    with pytest.raises(Fault):
        queries.revealed(number, "")


def test_every_reason_and_purpose_has_words():
    assert all(word(code) != code for code in (*REASONS, *PURPOSES))
    assert word("of a later version") == "of a later version"
