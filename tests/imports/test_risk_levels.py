"""Risk levels of divisions from a list: the facts that come of it, who may bring them, and who is held because of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import translation

import builders
from fugong.base import clock, local
from fugong.clearance.queries import status
from fugong.core.time import PLUS_INF
from fugong.ledger.models import Fact
from fugong.project.cli.imports import command
from fugong.registry.models import Division
from imports.sheets import NOW, counts, enterprise, everything, number, take
from imports.test_facts import at, bring, found
from parallel import at_once

pytestmark = pytest.mark.django_db
HEADERS = "地区|风险等级|开始日期|结束日期|来源"
DAY = 86_400


def levels() -> list[tuple[str, int, int, str]]:
    names = dict(Division.objects.values_list("subject_id", "code"))
    from fugong.ledger.queries import standing

    rows = (
        standing()
        .filter(kind="risk_level")
        .order_by("start", "end")
        .values_list("subject_id", "start", "end", "values")
    )
    return [(names[subject], start, end, values["level"]) for subject, start, end, values in rows]


def test_a_level_makes_its_division_with_its_name():
    assert counts(bring("risk_level", HEADERS, "湖北省武汉市|高|2020-01-23||省指挥部通告")) == (1, 0, 0, 0, 0)
    division = Division.objects.get()
    assert (division.code, division.name) == ("420100", "湖北省武汉市")
    assert found("risk_level") == [
        (at("01-23 00:00"), PLUS_INF, {"level": "high", "source": "省指挥部通告"})
    ]  # fmt: skip
    assert counts(bring("risk_level", HEADERS, "420100|高风险|2020.1.23||省指挥部通告")) == (0, 0, 1, 0, 0)
    assert (Division.objects.count(), everything()) == (1, 1)


def test_a_new_level_ends_the_standing_one_with_a_reason():
    bring("risk_level", HEADERS, "420100|高|2020-01-23||")
    assert counts(bring("risk_level", HEADERS, "420100|中|2020-03-07||")) == (0, 1, 0, 0, 0)
    assert levels() == [
        ("420100", at("01-23 00:00"), at("03-07 00:00"), "high"), ("420100", at("03-07 00:00"), PLUS_INF, "medium"),
    ]  # fmt: skip
    assert Fact.objects.get(supersedes__isnull=False).reason == "import"


@pytest.mark.parametrize("turned", [False, True])
def test_one_file_tells_of_levels_that_follow_each_other_in_any_order_and_twice(turned):
    rows = ["武汉市|高|2020-01-23||", "武汉市|中|2020-03-01||", "武汉市|低|2020-03-05|2020-03-08|"]
    rows = rows[::-1] if turned else rows
    bring("risk_level", HEADERS, "武汉市|低|2020-01-01||")
    result = bring("risk_level", HEADERS, *rows)
    assert (result.errors, result.added + result.updated) == ([], 3)
    starts = ("01-01", "01-23", "03-01", "03-05", "03-09")
    spans = [(at(f"{one} 00:00"), at(f"{two} 00:00")) for one, two in pairwise(starts)]
    assert [level[1:3] for level in levels()] == spans
    assert [level[3] for level in levels()] == ["low", "high", "medium", "low"]
    before = everything()
    assert counts(bring("risk_level", HEADERS, *rows)) == (0, 0, 3, 0, 0)
    assert everything() == before


def test_a_wrong_level_is_corrected():
    bring("risk_level", HEADERS, "武汉市|中|2020-01-23||")
    assert counts(bring("risk_level", HEADERS, "武汉市|高|2020-01-23||")) == (0, 1, 0, 0, 0)
    assert levels() == [("420100", at("01-23 00:00"), PLUS_INF, "high")]


MESSY = (
    "湖 北 省 武 汉 市|高风险地区|2020年1月23日|2020-3-17|省通告", "４２１１００|红|43853||", "合计|2|||",
    "火星|高|2020-01-23||", "999999|高|2020-01-23||", "湖北省武汉市武昌区|很高|2020-01-23||", "湖北省|低|||",
    "|高|2020-01-23||", "荆州市|中|2020-03-07|2020-03-01|", "填表人：张主任||||",
)  # fmt: skip


def test_a_messy_list_goes_in_but_for_what_is_named():
    result = bring("risk_level", "风险地区名单||||", HEADERS, *MESSY)
    assert (result.added, result.rows_in_error, len(result.skipped)) == (2, 6, 2)
    assert [(e.row, e.code, e.column) for e in result.errors] == [
        (6, "division.unknown", "地区"), (7, "division.unknown", "地区"), (8, "choice.unknown", "风险等级"),
        (9, "cell.required", "开始日期"), (10, "cell.required", "地区"), (11, "risk_level.ends_early", "结束日期"),
    ]  # fmt: skip
    assert sorted(Division.objects.values_list("code", "name")) == [
        ("420100", "湖北省武汉市"), ("421100", "湖北省黄冈市")
    ]  # fmt: skip
    assert levels()[0][1:3] == (at("01-23 00:00"), at("03-18 00:00"))


def test_a_trial_run_adds_no_division():
    assert counts(bring("risk_level", HEADERS, "武汉市|高|2020-01-23||", dry_run=True)) == (1, 0, 0, 0, 0)
    assert (Division.objects.count(), everything()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_add_a_division_once():
    lists = [lambda level=level: bring("risk_level", HEADERS, f"武汉市|{level}|2020-01-23||") for level in "高中"]
    assert sorted(counts(result)[:2] for result in at_once(*lists)) == [(0, 1), (1, 0)]
    assert (Division.objects.count(), len(levels())) == (1, 1)


def test_two_that_say_the_opposite_of_one_day_are_told_so():
    result = bring("risk_level", HEADERS, "武汉市|高|2020-01-23||", "420100|低|2020-01-23||")
    assert [(e.row, e.code) for e in result.errors] == [(3, "facts.contradicts")]


@pytest.fixture
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)


def from_wuhan(kind: str) -> Any:
    """Somebody who came from Wuhan two days ago, with a negative test and today's register, in a town with nothing else."""
    builders.town()
    builders.adopt()
    plant = enterprise()
    builders.record(plant.pk, "resumption", builders.EARLY, {"regime": "filing"})
    take(plant, [("王小明", number(1), "13800138000", "一车间")], now=NOW - 20 * DAY)
    who = f"王小明|{number(1)}|"
    if kind == "survey":
        headers = "姓名|身份证号|摸排日期|是否返岗|旅居地|旅居开始日期|离开日期|返岗日期|健康状况"
        bring("survey", headers, f"{who}2020-03-07|已返|湖北省武汉市|2020-01-20|2020-03-06|2020-03-07|健康")
    else:
        bring("survey", "姓名|身份证号|摸排日期|是否返岗|健康状况", f"{who}2020-03-07|已返|健康")
    arrival = "姓名|身份证号|到达时间|交通方式|出发地|体温|身份核对"
    origin = "湖北省武汉市" if kind == "arrival" else ""
    bring("arrival", arrival, f"{who}2020-03-07 08:20|大巴|{origin}|36.5|一致")
    bring("test", "姓名|身份证号|采样时间|报告时间|结果", f"{who}2020-03-08 08:30|2020-03-08 16:00|阴性")
    bring("register", "姓名|身份证号|登记日期|健康状况|体温", f"{who}2020-03-09|健康|36.5")
    from fugong.registry.models import Worker

    return Worker.objects.get().pk


@pytest.mark.parametrize("kind", ["survey", "arrival"])
@pytest.mark.parametrize("way", ["page", "command"])
def test_who_comes_from_a_high_risk_area_is_held_once_the_level_is_recorded(kind, way, at_nine, client, tmp_path: Path):
    worker = from_wuhan(kind)
    assert status(worker, "work", builders.NOW).holds
    rows = "行政区划\t风险等级\t开始日期\t来源\n湖北省武汉市\t高\t2020-01-23\t省指挥部通告\n"
    if way == "page":
        client.force_login(builders.user("town_administrator"))
        sent = client.post("/uploads/new/risk_level/", {"rows": rows})
        assert status(worker, "work", builders.NOW).holds
        client.post(f"{sent.url}take-in/")
    else:
        file = tmp_path / "levels.csv"
        file.write_text(rows.replace("\t", ","), "utf-8")
        with translation.override("en"):
            result = CliRunner().invoke(command, ["facts", "risk_level", str(file)])
        assert result.exit_code == 0, result.output
    held = status(worker, "work", builders.NOW)
    assert not held.holds
    released = local.at(local.date(2020, 3, 22), "08:00")
    assert not status(worker, "work", released - DAY).holds


@pytest.mark.parametrize("role", ["enterprise_clerk", "bureau_reader", "guard"])
def test_only_the_town_says_which_area_is_at_risk(role, at_nine, client):
    place = builders.place()
    client.force_login(place.users[role])
    assert client.get("/uploads/new/risk_level/").status_code in (403, 404)
    assert client.get("/uploads/template/risk_level.xlsx").status_code in (403, 404)
    assert "risk_level" not in client.get("/uploads/").content.decode()
    client.force_login(place.users["town_administrator"])
    assert "risk_level" in client.get("/uploads/").content.decode()


def test_the_first_steps_name_risk_levels_and_do_without(at_nine):
    from fugong.reports.beginning import steps

    with translation.override("en"):
        builders.town()
        step = next(step for step in steps() if "risk level" in str(step.title))
        assert (step.done, step.optional, step.address) == (False, True, "/uploads/new/risk_level/")
        assert "optional" in str(step.title)
        bring("risk_level", HEADERS, "武汉市|高|2020-01-23||")
        assert next(step for step in steps() if step.optional).done
    builders.place()
    assert steps() == []
