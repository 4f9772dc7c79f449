"""The teams' pages as those who use them see them; lists cost as many queries for many rows as for few."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fugong.base import clock
from fugong.registry import services as registry
from fugong.teams.models import Charge, Lead, Member, Problem, Spot, Visit
from fugong.teams.services import places, problems
from fugong.teams.services.problems import NewProblem
from teams.patches import DAY, NOW, Town, geojson, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(monkeypatch) -> Town:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = town(planned=2)
    new = [
        NewProblem(made.firms[0].pk, "money", "贷款到期", NOW - DAY),
        NewProblem(made.firms[1].pk, "money", "欠款", NOW - 9 * DAY),
    ]
    problems.report(problems=new, now=NOW, actor=made.member.pk)
    return made


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(here):
    return signed_in(here.admin)


@pytest.fixture
def member(here):
    return signed_in(here.member)


def text(response, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_town_sees_the_map_shares_out_and_names_leaders(here, admin):
    shown = text(admin.get("/teams/"))
    assert "<svg" in shown
    assert "城东一队" in shown
    said = admin.post("/teams/areas/", {"file": SimpleUploadedFile("a.json", geojson("别处"))}, follow=True)
    assert "没有名为“别处”的片区" in text(said)
    share = text(admin.get(f"/teams/patches/{here.patch.pk}/share/"))
    assert share.count("<select") == 4
    assert "城东一队" in text(admin.get(f"/teams/?patch={here.patch.pk}"))
    assert f'name="seen" value="{NOW}"' in share
    first = {f"team-{here.firms[0].pk}": str(here.teams[1].pk), "seen": str(NOW)}
    admin.post(f"/teams/patches/{here.patch.pk}/share/", first)
    again = {f"team-{here.firms[0].pk}": str(here.teams[0].pk), "seen": str(NOW - 60)}
    assert "期间已有他人分配" in text(admin.post(f"/teams/patches/{here.patch.pk}/share/", again), 422)
    twice = admin.post(
        f"/teams/patches/{here.patch.pk}/share/", first, follow=True
    )  # pressed twice: nobody else was quicker
    assert "未改变任何内容" in text(twice)
    assert Charge.objects.filter(enterprise=here.firms[0], end__gt=NOW).get().team == here.teams[1]
    assert "1 家中 1 家尚未落实" in text(admin.get("/teams/leads/?without=1"))
    named = {"enterprise": str(here.firms[0].pk), "name": " ", "post": "分管工业"}
    refused = text(admin.post("/teams/leads/", named), 422)
    assert ("请填写" in refused, 'value="分管工业"' in refused) == (True, True)
    admin.post("/teams/leads/", {"enterprise": str(here.firms[0].pk), "name": "陈镇长", "post": "镇长"})
    assert Lead.objects.get().name == "陈镇长"
    assert "陈镇长" in text(admin.get("/teams/leads/"))


def test_a_team_sees_its_own_patch_on_the_map(here, member):
    registry.add_patch(name="城北片区")
    places.draw(content=geojson(here.patch.name, "城北片区"), now=NOW)
    assert "城北片区" in text(signed_in(here.admin).get("/teams/"))
    page = text(member.get("/teams/"))
    assert (here.patch.name in page, "城北片区" in page) == (True, False)  # of which it would say that nothing is open


def test_a_place_is_typed_taken_away_taken_again_and_read_from_a_file(here, member):
    first, second, *_more = here.firms
    assert "4 家中 4 家尚未登记位置" in text(member.get("/teams/places/"))
    address = f"/teams/places/{first.pk}/"
    assert "data-west" in text(member.get(address))
    assert member.post(address, {"latitude": "119.61", "longitude": "26.01"}).status_code == 422
    assert "片区之外" not in text(member.post(address, {"latitude": "26.01", "longitude": "119.61"}, follow=True))
    assert "片区之外" in text(member.post(address, {"latitude": "27.5", "longitude": "119.61"}, follow=True))
    assert "27.50000, 119.61000" in text(member.post(address, {"away": "1"}, follow=True))
    assert not Spot.objects.filter(end__gt=NOW + 60).exists()
    member.post(address, {"latitude": "26.01", "longitude": "119.61"})
    said = "企业名称,纬度,经度\n{},26.015,119.615\n{},{},119.6\n"

    def sent(*more):
        file = SimpleUploadedFile("places.csv", said.format(first.name, *more).encode())
        return member.post("/teams/places/", {"file": file}, follow=True)

    refused = sent("没有这家", "96")
    assert (refused.status_code, "第 3 行" in refused.content.decode()) == (422, True)
    assert "2 家企业的位置已登记或更新" in text(sent(second.name, "26.012"))
    assert "2 家尚未登记位置" in text(member.get("/teams/places/?without=1"))
    assert address not in text(member.get("/teams/places/?without=1"))
    found = text(member.get("/teams/places/", {"q": first.name[:2]}))
    assert (address in found, f"/teams/places/{second.pk}/" in found) == (True, False)
    assert signed_in(here.clerk).get(address).status_code == 403


def test_a_member_joins_and_leaves(here, admin):
    address = f"/teams/{here.teams[0].pk}/"
    assert "林队长" in text(admin.get(address))
    assert admin.post(address, {"user": str(here.member.pk), "name": "林队长"}).status_code == 422
    assert admin.post(address, {"end": "nobody"}).status_code == 404
    admin.post(address, {"end": str(Member.objects.get().pk)})
    assert Member.objects.get().end == NOW


def test_a_team_plans_its_day(here, member):
    address = f"/teams/{here.teams[0].pk}/day/"
    assert here.firms[0].name in text(member.get(address))
    said = text(member.post(address, {"enterprise": str(here.firms[2].pk), "day": "2020-03-09"}, follow=True))
    assert "已安排 1 次走访" in said
    visit = Visit.objects.get(enterprise=here.firms[2])
    assert "待走访" in text(member.get(f"/visits/{visit.pk}/"))
    member.post(address, {"drop": str(visit.pk), "day": "2020-03-09"})
    visit.refresh_from_db()
    assert visit.state == "dropped"


def test_the_enterprise_confirms_on_its_own_page_and_the_team_names_who_said_so(here, member):
    clerk = signed_in(here.clerk)
    board = text(clerk.get("/problems/"))
    assert "贷款到期" in board
    assert "欠款" not in board
    problem = Problem.objects.get(words="贷款到期")
    address = f"/problems/{problem.pk}/"
    assert clerk.post(address, {"step": "answer", "words": "…"}).status_code == 403
    refused = text(member.post(address, {"step": "close", "words": "好了"}), 422)
    assert ("企业方说明人" in refused, refused.count("好了")) == (
        True,
        1,
    )  # in the form in which it was typed, and no other
    member.post(address, {"step": "answer", "words": "已展期"})
    clerk.post(address, {"step": "close", "words": "谢谢"})
    problem.refresh_from_db()
    assert (problem.state, problem.word_of) == ("closed", "clerk-of-first")
    clerk.post(address, {"step": "reopen", "words": "又来了", "due": "2020-03-20"})
    shown = text(clerk.get(address))
    for word in ("上报", "已办理", "企业确认解决", "未解决，重新办理"):
        assert word in shown
    new = clerk.post(
        f"/enterprises/{here.firms[0].pk}/problems/new/",
        {"kind": "policy", "words": "补贴怎么申请", "owner": "镇经发办", "due": "2020-03-20"},
    )
    assert new.status_code == 302
    assert signed_in(here.clerk).get(f"/enterprises/{here.firms[1].pk}/problems/new/").status_code == 404
    assert clerk.get(f"/problems/{Problem.objects.get(words='欠款').pk}/").status_code == 404


def test_what_was_passed_on_stands_on_the_board(here, admin):
    assert problems.escalate(NOW) == 1
    found = text(admin.get("/problems/?state=escalated"))
    assert "已报镇里" in found.split('id="list"')[1]
    assert ("欠款" in found, "贷款到期" in found) == (True, False)


def test_the_board_costs_as_much_for_thirty_problems_as_for_two(here, member):
    from django.db import connection

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert "逾期" in text(member.get("/problems/?state=late"))
        return len(found)

    few = cost()
    more = [NewProblem(here.firms[n % 4].pk, "money", f"第{n}件", NOW - 8 * DAY) for n in range(28)]
    problems.report(problems=more, now=NOW, actor=None)
    assert cost() <= few + 1
