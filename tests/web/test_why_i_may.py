"""Why somebody may: on their own page and in their file, each requirement of each permission with the fact it rests on."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

import builders
from fugong.clearance.evaluation import force_at
from fugong.clearance.queries import status
from fugong.redress import printing
from fugong.redress.export import person_file
from fugong.registry.models import Worker

pytestmark = pytest.mark.django_db
SURVEY, REGISTER = "摸排、2月10日 09:00 · 所在情况 在本地，未离开", "每日登记、3月9日 07:00 · 自觉良好 是"
NOTHING = "没有记录要求这些，也没有不利的记录。"
READING = "最近的相关记录：体温、3月9日 07:05 · 体温（℃） 36.4"
WORK = {
    "已摸排": f"最近的相关记录：{SURVEY}", "已到达": f"最近的相关记录：{SURVEY}", "到达后核酸检测阴性": f"最近的相关记录：{SURVEY}", "接触史已核实": f"最近的相关记录：{SURVEY}",
    "一日一登记": f"最近的相关记录：{REGISTER}", "无症状": f"最近的相关记录：{REGISTER}", "企业已复工": "最近的相关记录：复工、2月10日 09:00 起 · 办理方式 备案",
    "最近一次体温低于 37.3 ℃": READING,
    "到达时体温低于 37.3 ℃": READING, "到达时身份核对一致": NOTHING, "医学观察满 14 天": NOTHING, "无待复检的检测结果": NOTHING, "无感染": NOTHING, "确认发热后退热满 72 小时": READING,
}  # fmt: skip


def lists(page: str) -> list[dict[str, str]]:
    """What stands in each list of requirements that are met."""
    found = []
    for one in re.findall(r'<ul class="fg-met">(.*?)</ul>', page, re.DOTALL):
        pairs = re.findall(r"<li>(.*?)<div[^>]*>(.*?)</div>", one)
        for titles, why in re.findall(r'<li class="fg-met-rest">(.*?)<div[^>]*>(.*?)</div>', one):
            pairs += [(title, why) for title in re.findall(r"<span[^>]*>(.*?)</span>", titles)]
        found.append({unescape(title): unescape(why) for title, why in pairs})
    return found


@pytest.fixture
def measured(place: builders.Place) -> builders.Place:
    """The worker who may work, whose temperature was taken this morning."""
    at = builders.NOW - 9300 + 600
    builders.record(place.workers["cleared"], "temperature", at, {"celsius": 36.4, "place": "door"}, source="door")
    return place


def test_each_requirement_of_each_permission_stands_there_with_its_fact(measured: builders.Place):
    client = Client()
    client.force_login(measured.users["worker"])
    shown = lists(client.get("/me/").content.decode())
    pack = force_at(builders.NOW).pack
    titles = {
        name: {pack.requirements[one].title.zh for one in pack.permissions[name]}
        for name in ("work", "board", "enter", "visit")
        if status(measured.workers["cleared"], name, builders.NOW).holds
    }
    assert set(titles) == {"work", "board", "enter", "visit"}
    assert shown[0] == WORK
    assert [set(one) for one in shown] == [titles[name] for name in ("work", "board", "enter", "visit")]
    for one in shown[1:]:
        assert {title: why for title, why in one.items() if title in WORK} == {
            title: why for title, why in WORK.items() if title in one
        }


def test_who_may_not_work_reads_why_they_may_board(place: builders.Place):
    builders.user("worker", place.workers["unregistered"], "unregistered")
    client = Client()
    client.force_login(builders.User.objects.get(username="unregistered"))
    page = client.get("/me/").content.decode()
    assert not status(place.workers["unregistered"], "work", builders.NOW).holds
    assert status(place.workers["unregistered"], "board", builders.NOW).holds
    board = lists(page)[0]
    assert board["已摸排"] == f"最近的相关记录：{SURVEY}"
    assert board["无感染"] == NOTHING


def test_the_download_says_the_same(measured: builders.Place):
    data = person_file(Worker.objects.get(pk=measured.workers["cleared"]), builders.NOW)
    facts = {one["id"]: one for one in data["facts"]}
    printed = {item["title"]: item["lines"] for item in printing._document(data)["sections"][1]["items"]}
    for permission in data["permissions"]:
        assert permission["holds"]
        assert [one["title"] for one in permission["met_by"]] == permission["met"]
        for one in permission["met_by"]:
            line = next(line for line in printed[permission["title"]] if line.startswith(f"· {one['title']}："))
            if one["fact"] is None:
                assert "没有不利的记录" in line
            else:
                assert one["fact_title"] in line
                assert one["fact"] in facts or one["fact_title"] == "复工"
    assert any(one["fact_title"] == "复工" for one in data["permissions"][2]["met_by"])
