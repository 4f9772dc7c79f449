"""The enterprise at a glance, the worker's card, and bringing a protocol into force."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

import adopting
import builders
from fugong.base import local
from fugong.clearance import overview
from fugong.clearance.models import Adoption
from fugong.core.protocol.pack import shipped
from web.pages import search


def card(client: Client, worker: object) -> str:
    return client.get(f"/workers/{worker}/").content.decode()


def test_the_pipeline_counts_each_step(place: builders.Place):
    people = overview.people(place.enterprise.pk, builders.NOW)
    assert overview.stage_counts(people) == {
        "surveyed": 6, "planned": 0, "in_transit": 0, "here": 5, "tested": 0, "cleared": 2, "inside": 1,
    }  # fmt: skip


def test_on_the_way_until_the_arrival(place: builders.Place):
    worker = place.workers["away"]
    builders.survey(worker, builders.NOW - 7200, whereabouts="returning", test_required=True)
    assert overview.stage_counts(overview.people(place.enterprise.pk, builders.NOW))["in_transit"] == 1
    builders.arrive(worker, builders.NOW - 3600)
    counts = overview.stage_counts(overview.people(place.enterprise.pk, builders.NOW))
    assert (counts["in_transit"], counts["here"]) == (0, 6)


def test_whoever_has_a_seat_is_planned_until_they_board_and_on_the_way_until_they_arrive(place: builders.Place):
    worker, leaves, arrives = place.workers["away"], builders.NOW + 3600, builders.NOW + 12 * 3600
    builders.survey(worker, builders.NOW - 7200, whereabouts="away", test_required=True)
    builders.record(worker, "booking", leaves, {"trip": "B1"}, end=arrives, now=builders.NOW)

    def steps(at: int) -> tuple[int, ...]:
        counts = overview.stage_counts(overview.people(place.enterprise.pk, at))
        return counts["planned"], counts["in_transit"], counts["here"]

    assert steps(builders.NOW) == (1, 0, 5)
    builders.record(worker, "boarding", leaves - 600, {"trip": "B1"})
    assert steps(leaves) == (0, 1, 5)
    builders.arrive(worker, arrives - 900)
    assert steps(arrives - 60) == (0, 0, 6)


def test_a_result_reported_later_does_not_count_yet(place: builders.Place):
    builders.sampled(place.workers["untested"], builders.NOW - 3600, builders.NOW + 60)
    assert overview.stage_counts(overview.people(place.enterprise.pk, builders.NOW))["tested"] == 0
    assert overview.stage_counts(overview.people(place.enterprise.pk, builders.NOW + 60))["tested"] == 1


def test_states_and_reasons(place: builders.Place):
    shift = overview.next_shift(builders.NOW)
    assert shift == local.at(local.date(2020, 3, 10), "07:30")
    people = {person.worker: person for person in overview.people(place.enterprise.pk, builders.NOW)}
    why = overview.reasons(list(people.values()), builders.NOW, shift)
    found = {kind: (people[pk].state(shift), [r.name for r in why.get(pk, [])]) for kind, pk in place.workers.items()}
    assert found == {
        "cleared": ("ok", []),
        "lapsing": ("soon", ["registered"]),
        "unregistered": ("no", ["registered"]),
        "untested": ("no", ["tested"]),
        "fevered": ("no", ["no_fever"]),
        "away": ("no", ["arrived", "tested", "registered"]),
        "unsurveyed": ("no", ["surveyed", "registered"]),
    }


def test_reasons_are_those_of_the_explanation(place: builders.Place):
    from fugong.clearance.queries import explained

    instants = dict.fromkeys(place.workers.values(), builders.NOW)
    why = overview.failing(instants, builders.NOW)
    for worker in instants:
        explanation = explained(worker, "work", builders.NOW)
        assert explanation
        assert [failure.requirement for failure in explanation.failures] == [r.name for r in why[worker]]


def rows(page: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)', page)


def test_numbers_of_the_enterprise_open_their_lists(as_role, place: builders.Place):
    where, client = f"/enterprises/{place.enterprise.pk}/", as_role("enterprise_clerk")
    page = client.get(where).content.decode()
    numbers = dict(re.findall(r'href="\?stage=(\w+)"[^>]*><b>(\d+)</b>', page))
    assert list(numbers) == list(overview.STAGES)
    for stage, number in numbers.items():
        assert len(rows(client.get(where, {"stage": stage}).content.decode())) == int(number)
    assert rows(client.get(where, {"state": "soon"}).content.decode()) == [builders.name(1)]
    assert rows(search(client, where, "lzq")) == [builders.name(4)]
    assert rows(search(client, where, "没有这人")) == []
    assert rows(page)[0] == builders.name(1)  # whoever lapses soon comes first


def test_who_lapses_before_tomorrows_shift_and_why(as_role, place: builders.Place):
    client = as_role("enterprise_clerk")
    page = client.get(f"/enterprises/{place.enterprise.pk}/").content.decode()
    assert "明早上班前（3月10日 07:30）有 1 人失效" in page
    assert "“一日一登记”1 人" in client.get(f"/enterprises/{place.enterprise.pk}/lapsing/").content.decode()


@pytest.mark.parametrize(
    ("kind", "state", "words"),
    [
        ("cleared", "ok", "有效至 <strong>3月10日 10:00</strong>"),
        ("unregistered", "soon", "请用手机登记"),
        ("untested", "no", "请到采样点采样"),
        ("away", "no", "请在厂区监测点登记到达"),
    ],
)
def test_the_card_says_whether_until_when_and_what_next(as_role, place: builders.Place, kind, state, words):
    page = card(as_role("enterprise_clerk"), place.workers[kind])
    assert f"fg-answer is-{state}" in page
    assert words in page


def test_the_card_names_every_reason(as_role, place: builders.Place):
    page = card(as_role("enterprise_clerk"), place.workers["away"])
    assert "还差 3 项" in page
    for title in ("已到达", "到达后核酸检测阴性", "一日一登记"):
        assert f"<strong>{title}</strong>" in page


def test_a_worker_turns_green_with_the_result(as_role, place: builders.Place):
    worker = place.workers["untested"]
    assert "is-no" in card(as_role("enterprise_clerk"), worker)
    builders.sampled(worker, builders.NOW - 7200, builders.NOW - 60)
    assert "is-ok" in card(as_role("enterprise_clerk"), worker)


def test_my_own_card_offers_the_next_step(place: builders.Place):
    client = Client()
    client.force_login(builders.user("worker", place.workers["unregistered"], "w2"))
    page = client.get("/me/").content.decode()
    assert "还差 1 步" in page
    assert 'href="/me/register/"' in page


def test_before_any_protocol(db: None):
    builders.town()
    enterprise = builders.enterprise()
    worker = builders.workers(enterprise, 1)[0]
    client = Client()
    client.force_login(builders.user("enterprise_clerk", enterprise.pk))
    assert "is-wait" in card(client, worker)
    page = client.get(f"/enterprises/{enterprise.pk}/").content.decode()
    assert "还没有生效的规则包" in page
    assert "未评估" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("permission", ["enter", "work"])
def test_pages_under_a_protocol_that_says_nothing_about_it(place: builders.Place, permission: str, language: str):
    text = "".join(line for line in shipped()["cn-2022-48h"].splitlines(True) if f"  {permission}:" not in line)
    adopting.adopt(text=text, effective_from=builders.NOW - 60, now=builders.NOW - 60)
    worker, client = place.workers["cleared"], Client()
    client.force_login(place.users["worker"])
    client.cookies["django_language"] = language
    for page in ("/me/", "/me/register/"):
        answer = client.get(page)
        assert answer.status_code == 200, page
    quiet = {"zh-hans": "尚未启用进厂规则", "en": "No entry rules are in force yet"}[language]
    assert (quiet in answer.content.decode()) is (permission == "enter")
    client.force_login(place.users["enterprise_clerk"])
    shown = re.search(r"fg-answer is-(\w+)", card(client, worker))
    assert shown
    assert shown[1] == ("wait" if permission == "work" else "no")
    assert client.get(f"/enterprises/{place.enterprise.pk}/").status_code == 200


def test_a_wrong_pack_is_refused_with_line_and_column(as_role, db):
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = shipped()[builders.PACK].replace("formula: employer.resumed", "formula: employer.resumd")
    line = text[: text.index("employer.resumd")].count("\n") + 1
    client = as_role("town_administrator")
    answer = client.post("/protocols/upload/", {"pack": SimpleUploadedFile("own.yaml", text.encode())})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"own.yaml 第 {line} 行第 14 列" in page
    assert "employer.resumed" in page
    answer = client.post("/protocols/upload/", {"pack": SimpleUploadedFile("own.yaml", "中文".encode("gb18030"))})
    assert "UTF-8" in answer.content.decode()
    assert client.post("/protocols/upload/", {}).status_code == 422


def test_an_own_pack_is_shown_before_it_comes_into_force(as_role, db):
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = shipped()[builders.PACK].replace("金峰镇返岗复工防控规则", "本镇防控规则")
    answer = as_role("town_administrator").post(
        "/protocols/upload/", {"pack": SimpleUploadedFile("o.yaml", text.encode())}
    )
    assert answer.status_code == 200
    assert "本镇防控规则" in answer.content.decode()
    assert Adoption.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "words"),
    [("", "必填"), ("soon", "请填写日期和时间"), ("2020-02-10T09:00", "这一时刻已有另一个规则包生效")],
)
def test_a_wrong_moment_is_said_at_the_field(as_role, place, moment, words):
    given = {"text": shipped()[builders.PACK], "effective_from": moment}
    answer = as_role("town_administrator").post("/protocols/adopt/", given)
    assert answer.status_code == 422
    assert re.search(rf'id="id_effective_from_error"[^>]*>[^<]*{words}', answer.content.decode())
    assert Adoption.objects.count() == 1


def streamed(answer) -> str:
    return b"".join(answer.streaming_content).decode()


@pytest.mark.django_db(transaction=True)
def test_the_first_protocol_is_one_persons_and_says_so():
    builders.town()
    client = Client()
    client.force_login(builders.user("town_administrator"))
    given = {"text": shipped()[builders.PACK], "effective_from": "2020-03-09T08:00"}
    assert "这是这里的第一个规则包" in client.post("/protocols/adopt/", given).content.decode()
    assert Adoption.objects.count() == 0
    assert "自 3月9日 08:00 起生效" in streamed(client.post("/protocols/adopt/", given | {"confirmed": "on"}))
    made = Adoption.objects.get()
    assert (made.first, made.approved_by, made.actor.username) == (True, None, "town_administrator")
    assert "由一人启用：首个规则包" in client.get("/protocols/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_later_protocol_takes_two_people_who_both_see_what_it_does():
    place = builders.place()
    proposer, approver = Client(), Client()
    proposer.force_login(place.users["town_administrator"])
    approver.force_login(builders.user("town_administrator", username="second"))
    given = {"text": shipped()["cn-2022-48h"].replace("\n", "\r\n"), "effective_from": "2020-03-09T08:00"}
    page = proposer.post("/protocols/adopt/", given).content.decode()
    assert "确认启用" in page
    assert "这一时刻已过" in page
    said = streamed(proposer.post("/protocols/adopt/", given | {"confirmed": "on"}))
    assert "已评估 8 / 8 人" in said
    where = re.search(r'href="(/waiting/[0-9a-f-]{36}/)"', said)
    assert where
    assert Adoption.objects.count() == 1
    assert approver.get(where[1]).status_code == 404, "a draft is its proposer's"
    assert "发送给审批人" in proposer.get(where[1]).content.decode()
    proposer.post(f"{where[1]}send/")
    page = approver.get(where[1]).content.decode()
    shown = unescape(re.search(r'name="shown" value="([^"]*)"', page)[1])
    assert json.loads(shown)["losing"] > 0
    agreed = {"sure": "on", "shown": shown}
    assert proposer.post(f"{where[1]}agree/", agreed).status_code == 422
    assert approver.post(f"{where[1]}agree/", {"shown": shown}).status_code == 422
    assert Adoption.objects.count() == 1
    assert "已评估 8 / 8 人" in streamed(approver.post(f"{where[1]}agree/", agreed))
    made = Adoption.objects.order_by("effective_from").last()
    assert made
    assert (made.pack, made.text) == ("cn-2022-48h", shipped()["cn-2022-48h"])
    assert (made.actor.username, made.approved_by.username) == ("town_administrator", "second")
    assert approver.post(f"{where[1]}agree/", agreed).status_code == 422
    assert proposer.post("/protocols/adopt/", given).status_code == 422, "the moment is taken"
    assert "cn-2022-48h" in proposer.get("/protocols/").content.decode()


@pytest.mark.parametrize("pack", sorted(shipped()))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_under_every_shipped_pack(as_role, place: builders.Place, pack: str, language: str):
    builders.adopt(builders.NOW - 60, pack)
    client = as_role("enterprise_clerk", language)
    shift = overview.next_shift(builders.NOW)
    page = client.get(f"/enterprises/{place.enterprise.pk}/").content.decode()
    for person in overview.people(place.enterprise.pk, builders.NOW):
        assert f'href="/workers/{person.worker}/"' in page
        shown = re.search(r"fg-answer is-(\w+)", card(client, person.worker))
        assert shown
        assert (shown[1] == "ok") == (person.state(shift) in ("ok", "soon"))


def test_who_may_work_goes_on_to_the_daily_register(place: builders.Place):
    client = Client()
    client.force_login(place.users["worker"])
    page = client.get("/me/").content.decode()
    assert "fg-answer is-ok" in page
    assert '<a class="btn" href="/me/register/">我的每日登记' in page


def test_leaving_observation_is_shown_to_those_who_are_observed(as_role, place: builders.Place):
    client, worker = as_role("enterprise_clerk"), place.workers["cleared"]
    page = card(client, worker)
    assert '<details class="fg-card" id="others">' in page
    assert "解除观察" not in page
    site = builders.registry.add_site(name="老年公寓")
    builders.record(site.pk, "site_open", builders.EARLY, {"purpose": "observation"})
    builders.record(worker, "observation", builders.NOW - 3600, {"site": str(site.pk)})
    assert "解除观察" in card(client, worker)


def test_the_card_as_of_a_moment_says_so(as_role, place: builders.Place):
    client, worker = as_role("enterprise_clerk"), place.workers["cleared"]
    before = local.at(builders.DAY, "06:30")
    page = client.get(f"/workers/{worker}/?at={before}").content.decode()
    assert "截至3月9日 06:30" in page
    assert '<a href="?">查看现在</a>' in page
    assert "fg-answer is-soon" in page  # the register of that day came at seven
    assert 'datetime="2020-03-09T07:00' not in page
    now = card(client, worker)
    assert 'datetime="2020-03-09T07:00' in now
    assert "fg-answer is-ok" in now
    assert 'id="as-of"' not in now
    assert client.get(f"/workers/{worker}/?at=yesterday").status_code == 404


def test_the_list_behind_a_figure_keeps_its_moment(as_role, place: builders.Place):
    client = as_role("town_administrator")
    page = client.get("/town/figures/surveyed/?as_of=2020-03-09T06:30").content.decode()
    before = local.at(builders.DAY, "06:30")
    assert re.search(rf'href="/workers/[0-9a-f-]+/\?at={before}"', page)
    assert "?at=" not in client.get("/town/figures/surveyed/").content.decode()
