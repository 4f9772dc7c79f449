"""The visit sheet: each row stored once and answered by itself; facts behind what was done; pictures bounded and encrypted."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base import clock
from fugong.base.access import acting, as_user
from fugong.base.ids import uuid7
from fugong.base.personal import decrypt_bytes
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.registry import asked, handouts
from fugong.teams.app.day import day
from fugong.teams.models import Attachment, Member, Problem, Visit
from fugong.teams.services import days, end_member, pictures
from teams.patches import NOW, TODAY, Town, town

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff" + bytes(200)


@pytest.fixture
def here(monkeypatch) -> Town:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return town()


@pytest.fixture
def phone(here) -> Client:
    client = Client()
    client.force_login(here.member)
    return client


def send(phone, *rows, status=200, **more):
    answer = phone.post("/api/v1/visits/rows", json.dumps(rows), content_type="application/json", **more)
    assert answer.status_code == status
    return [(one["status"], one.get("problem", {}).get("code", "")) for one in answer.json().get("rows", [])]


def row(kind, visit, **more):
    return {"id": str(uuid7()), "kind": kind, "visit": str(visit.pk), **more}


def test_a_day_of_rows_sent_twice_is_stored_once_and_facts_stand_behind_it(here, phone):
    first, second, third = here.visits()
    rows = [
        row("answer", first, item="isolation_rooms", at=NOW - 900, number=4),
        row("answer", first, item="disinfection_plan", at=NOW - 890, holds=True),
        row("handed", first, document="榕政办〔2020〕6号", receipt="陈会计", at=NOW - 880),
        row("problem", first, problem="materials", words="原料运不进来", at=NOW - 870),
        row(
            "visit", first, begun=NOW - 1000, ended=NOW - 800, met="陈会计", topics=["用工需求", "没有这个"],
            checks={"masks": True, "canteen": False, "nothing": True}, note="车间整洁",
        ),
        row("visit", second, begun=NOW - 700, ended=NOW - 600),
    ]  # fmt: skip
    assert send(phone, *rows) == [("stored", "")] * 6
    assert send(phone, *rows) == [("already", "")] * 6
    said = asked.known([here.firms[0].pk], NOW)[here.firms[0].pk]
    assert said["isolation_rooms"].number == 4
    assert said["disinfection_plan"].holds is True
    facts = standing().filter(subject_id=here.firms[0].pk, actor=here.member.pk).order_by("start")
    assert [one.kind for one in facts] == ["visit", "evidence", "evidence", "document_handed"]
    assert facts[0].values == {"team": str(here.teams[0].pk), "topics": ["用工需求"]}
    assert facts[3].values == {"document": "榕政办〔2020〕6号", "receipt": "陈会计"}
    first.refresh_from_db()
    assert (first.state, first.met, first.checks) == ("made", "陈会计", {"masks": True, "canteen": False})
    problem = Problem.objects.get()
    assert (str(problem.pk), problem.owner, problem.due_at) == (rows[3]["id"], "城东一队", NOW - 870 + 7 * 86_400)
    assert Visit.objects.get(pk=third.pk).state == "planned"


def test_a_row_that_is_refused_says_why_and_keeps_no_other_out(here, phone):
    first, second, _third = here.visits()
    good = row("visit", second, begun=NOW - 60, ended=NOW + 200)  # a clock that is a little ahead
    said = send(
        phone,
        row("visit", first, begun=NOW + 5_000, ended=NOW + 6_000),
        row("answer", first, item="isolation_rooms", at=NOW),
        row("answer", first, item="isolation_rooms", at=NOW, number=float("nan")),
        row("handed", first, document="", receipt="陈会计", at=NOW),
        row("handed", first, document="a", receipt=" ", at=NOW),
        row("problem", first, problem="nothing", words="…", at=NOW),
        {"id": "x", "kind": "visit"},
        [],
        {**row("visit", first), "visit": str(uuid7()), "begun": NOW, "ended": NOW},
        good,
    )
    codes = [
        "sheet.future", "sheet.no_answer", "sheet.not_understood", "sheet.no_document", "sheet.no_receipt", "problem.kind", "sheet.not_understood",
        "sheet.not_understood", "sheet.unknown", "",
    ]  # fmt: skip
    assert [code for _status, code in said] == codes
    second.refresh_from_db()
    assert (str(second.fact_id), second.ended_at) == (good["id"], NOW)


def test_what_a_second_member_wrote_on_the_same_visit_is_kept_beside_it(here, phone):
    visit = here.visits()[0]
    first = row(
        "visit", visit, begun=NOW - 900, ended=NOW - 600, met="陈会计", topics=["用工需求"], checks={"masks": True, "canteen": True}, note="车间整洁",
    )  # fmt: skip
    other = row(
        "visit", visit, begun=NOW - 800, ended=NOW - 500, met="王总", topics=["消杀指导", "用工需求"], note="缺两台测温仪",
        checks={"masks": False, "supplies": True},
    )  # fmt: skip
    long = row("visit", visit, begun=NOW - 800, ended=NOW - 500, met="李" * 60)
    said = ["stored", "stored", "stored"], ["already", "already", "already"]
    for statuses in said:
        assert [status for status, _code in send(phone, first, other, long)] == statuses
    visit.refresh_from_db()
    assert (str(visit.fact_id), visit.begun_at, visit.ended_at) == (first["id"], NOW - 900, NOW - 500)
    assert (visit.met, visit.note) == ("陈会计、王总", f"车间整洁\n缺两台测温仪\n{'李' * 60}")
    assert visit.topics == ["用工需求", "消杀指导"]
    assert visit.checks == {"masks": False, "canteen": True, "supplies": True}
    assert Fact.objects.filter(kind="visit", subject_id=visit.enterprise_id).count() == 1


def test_a_member_walks_in_without_a_plan_and_all_of_it_is_stored_once(here, phone):
    fourth, first = here.firms[3], here.visits()[0]
    shown = phone.get("/api/v1/visits/day").json()
    assert shown["others"] == [{"id": str(fourth.pk), "enterprise": fourth.name}]
    walk, again, late = Visit(pk=uuid7()), Visit(pk=uuid7()), Visit(pk=uuid7())
    rows = [
        row("unplanned", walk, enterprise=str(fourth.pk), at=NOW - 900),
        row("problem", walk, problem="materials", words="缺原料", at=NOW - 800),
        row("visit", walk, begun=NOW - 900, ended=NOW - 700, topics=["用工需求"]),
        row("unplanned", again, enterprise=str(here.firms[0].pk), at=NOW - 600),  # while another one is planned there
        row("unplanned", late, enterprise=str(fourth.pk), at=TODAY - 60),  # before midnight
    ]
    assert send(phone, *rows) == [("stored", "")] * 5
    assert send(phone, *rows) == [("already", "")] * 5
    made = Visit.objects.get(pk=walk.pk)
    assert (made.state, made.unplanned, made.place, made.team, made.day) == ("made", True, 4, here.teams[0], TODAY)
    assert Fact.objects.get(pk=made.fact_id).values["team"] == str(here.teams[0].pk)
    assert Visit.objects.get(pk=late.pk).day == TODAY - 86_400
    shown = phone.get("/api/v1/visits/day").json()["visits"]
    assert [(one["id"], one["unplanned"]) for one in shown[3:]] == [(str(walk.pk), True), (str(again.pk), True)]
    assert shown[0] == {**shown[0], "id": str(first.pk), "state": "planned", "unplanned": False}
    assert "计划外" in phone.get(f"/teams/{here.teams[0].pk}/day/").content.decode()


def test_nobody_walks_in_outside_the_patch_or_without_a_team(here, phone):
    stranger = builders.enterprise(9, "外片区有限公司")
    assert send(phone, row("unplanned", Visit(pk=uuid7()), enterprise=str(stranger.pk), at=NOW)) == [
        ("refused", "team.no_enterprise")
    ]
    end_member(member=Member.objects.get(user=here.member).pk, end=NOW - 60)  # what was before stays theirs
    walk = {"enterprise": str(here.firms[3].pk)}
    rows = [row("unplanned", Visit(pk=uuid7()), at=at, **walk) for at in (NOW - 61, NOW - 60)]
    assert send(phone, *rows) == [("stored", ""), ("refused", "sheet.no_team")]
    assert phone.get("/api/v1/visits/day").json()["others"] == []


def test_a_visit_that_was_dropped_while_somebody_made_it_was_made(here, phone):
    visit = here.visits()[0]
    days.drop(visit=visit.pk, now=NOW, actor=here.admin.pk)
    assert send(phone, row("visit", visit, begun=NOW - 60, ended=NOW)) == [("stored", "")]
    visit.refresh_from_db()
    assert visit.state == "made"


def test_records_of_another_login_are_not_taken(here, phone):
    visit = here.visits()[0]
    mine = row("visit", visit, begun=NOW, ended=NOW)
    send(phone, mine, status=409, headers={"Fugong-Member": str(here.admin.pk)})
    stranger = Client()
    stranger.force_login(here.clerk)
    send(stranger, mine, status=403)
    assert not Fact.objects.filter(pk=mine["id"]).exists()


def test_the_day_says_what_is_known_and_asks_nothing_twice(here, phone, monkeypatch):
    monkeypatch.setattr(handouts, "_sources", [lambda _at: [handouts.Handout("doc-1", "防控指南")]])
    question = asked.Question("isolation_rooms", "隔离间", "number", "间")
    wanted = asked.Wanted(question, asked.Reason("复工备案", "经发办"))
    monkeypatch.setattr(
        "fugong.registry.asked.items._sources", [lambda ids, _at, _known: {one: [wanted] for one in ids}]
    )
    first = here.visits()[0]
    shown = phone.get("/api/v1/visits/day").json()
    assert [one["enterprise"] for one in shown["visits"]] == [firm.name for firm in here.firms[:3]]
    assert [one["code"] for one in shown["visits"][0]["open"]] == ["isolation_rooms"]
    assert {"name": "known_above", "value": ""} in shown["visits"][0]["known"]
    assert shown["documents"] == [{"name": "doc-1", "say": {"zh": "防控指南", "en": "防控指南"}}]
    send(phone, row("answer", first, item="isolation_rooms", at=NOW, number=4))
    shown = phone.get("/api/v1/visits/day").json()
    assert [[one["code"] for one in visit["open"]] for visit in shown["visits"]] == [
        [],
        ["isolation_rooms"],
        ["isolation_rooms"],
    ]


def test_a_day_costs_as_many_queries_for_one_visit_as_for_three(here):
    def cost(number: int) -> int:
        with acting(as_user(here.member)), CaptureQueriesContext(connection) as found:
            assert len(day(here.member, NOW)["visits"]) == number
        return len(found)

    cost(3)
    three = cost(3)
    Visit.objects.filter(pk__in=[one.pk for one in here.visits()[1:]]).update(state="dropped")
    assert cost(1) == three


def test_pictures_are_bounded_stored_once_and_encrypted(here, phone, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_A_VISIT", 2)
    visit = here.visits()[0]

    def picture(content, kind="photo", key=None, of=visit):
        address = f"/api/v1/visits/pictures?id={key or uuid7()}&visit={of.pk}&kind={kind}&at={NOW}"
        (said,) = phone.post(address, content, content_type="image/jpeg").json()["rows"]
        return said["status"], said.get("problem", {}).get("code", "")

    key = uuid7()
    assert picture(JPEG, key=key) == ("stored", "")
    assert picture(JPEG, key=key) == ("already", "")
    assert picture(b"GIF89a") == ("refused", "photo.kind")
    assert picture(JPEG, kind="film") == ("refused", "photo.kind")
    assert picture(JPEG + bytes(pictures.MOST_BYTES)) == ("refused", "photo.too_large")
    assert picture(JPEG, kind="signature") == ("stored", "")
    assert picture(JPEG) == ("refused", "photo.too_many")
    kept = Attachment.objects.get(pk=key)
    assert JPEG not in bytes(kept.encrypted)
    assert decrypt_bytes(bytes(kept.encrypted)) == JPEG
    shown = phone.get(f"/visits/pictures/{key}/")
    assert (shown.content, shown["Content-Type"], shown["Cache-Control"]) == (JPEG, "image/jpeg", "no-store")


def test_past_visits_are_written_down_in_one_go(here):
    from fugong.teams.services.sheets import Past, write_down

    past = [
        Past(
            firm.pk, here.teams[0].pk, TODAY - 86_400, NOW - 90_000, NOW - 89_000, uuid7(), NOW - 86_000, ("用工需求",)
        )
        for firm in here.firms
    ]
    ids = write_down(visits=past, actor=here.member.pk)
    assert len(set(ids)) == 4
    assert set(Fact.objects.filter(kind="visit").values_list("pk", flat=True)) == {one.fact for one in past}
