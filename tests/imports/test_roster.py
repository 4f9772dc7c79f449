"""A roster in the database: who is added, who changes, who stays as they are, and what is never done by inference."""

from __future__ import annotations

import pytest

import adopting
from fugong.base import local, personal
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry.models import Document, Employment, Worker
from fugong.registry.roster.services import end_employments
from imports.sheets import NOW, counts, enterprise, everything, facts, number, take

pytestmark = pytest.mark.django_db
HOUR, DAY = 3_600, 86_400
TWO = (("王小明", number(1), "13800138000", "一车间"), ("李芳", number(2), "13900139000", "二车间"))


def test_new_people_are_added_with_file_document_employment_and_fact():
    plant = enterprise()
    assert counts(take(plant, TWO)) == (2, 0, 0, 0, 0)
    worker = Worker.objects.get(name="王小明")
    document = Document.objects.get(worker=worker)
    employment = Employment.objects.get(worker=worker)
    assert personal.decrypt(document.encrypted) == number(1)
    assert (employment.enterprise, employment.workshop, employment.active) == (plant, "一车间", True)
    assert facts("employment") == [
        ("employment", NOW, PLUS_INF, {"employer": str(plant.pk), "workshop": shop}) for shop in ("一车间", "二车间")
    ]


def test_the_same_file_again_changes_nothing():
    plant = enterprise()
    headers = (
        "姓名",
        "证件号码",
        "电话",
        "车间",
        "岗位",
        "用工形式",
        "户籍",
        "宿舍",
        "房间号",
        "入职日期",
        "返岗日期",
        "是否离开本地",
        "来自",
        "工号",
        "现住址",
    )
    body = [
        ("王小明", number(1), "13800138000", "一车间", "机修", "派遣", "湖北省黄冈市", "1号楼", "302",
            "2018-06-01", "2020-03-20", "是", "湖北省黄冈市", "A1", "金星村"),
        ("李芳", number(2), "", "", "", "", "", "", "", "", "", "", "", "", ""),
        ("买买提·吐尔逊", number(3), "0591-28881234", "", "", "", "福建福州长乐", "", "12", "", "2020-03-01",
            "否", "", "", ""),
    ]  # fmt: skip
    assert counts(take(plant, body, headers)) == (3, 0, 0, 0, 0)
    before = everything()
    assert counts(take(plant, body, headers)) == (0, 0, 3, 0, 0)
    assert counts(take(plant, body, headers, now=NOW + 30 * DAY)) == (0, 0, 3, 0, 0)
    assert everything() == before
    assert (Worker.objects.count(), Employment.objects.count()) == (3, 3)


def test_a_trial_run_counts_and_writes_nothing():
    plant = enterprise()
    take(plant, TWO[:1])
    before = everything()
    changed = [("王小明", number(1), "13800138000", "三车间"), TWO[1]]
    assert counts(take(plant, changed, dry_run=True)) == (1, 1, 0, 0, 0)
    assert (everything(), Worker.objects.count()) == (before, 1)
    assert counts(take(plant, changed)) == (1, 1, 0, 0, 0)


def test_what_a_roster_says_anew_is_changed_and_a_blank_never_erases():
    plant = enterprise()
    headers = ("姓名", "身份证号", "手机", "车间", "现住址", "宿舍", "房间号", "工号")
    take(plant, [("王小明", number(1), "13800138000", "一车间", "金星村", "1号楼", "302", "A1")], headers)
    later = NOW + HOUR
    assert counts(take(plant, [("王小明", number(1), "", "", "", "", "", "")], headers, now=later)) == (0, 0, 1, 0, 0)
    again = [("王小明", number(1), "13900139000", "二车间", "", "2号楼", "", "")]
    assert counts(take(plant, again, headers, now=later)) == (0, 1, 0, 0, 0)
    worker = Worker.objects.get()
    assert personal.decrypt(worker.phone_encrypted) == "13900139000"
    assert worker.address == "金星村"
    employment = Employment.objects.get()
    assert (employment.workshop, employment.badge, employment.start) == ("二车间", "A1", NOW)
    employer = {"employer": str(plant.pk)}
    assert facts() == [
        ("dormitory", NOW, later, {"name": "1号楼", "room": "302"}),
        ("employment", NOW, later, {**employer, "workshop": "一车间"}),
        ("dormitory", later, PLUS_INF, {"name": "2号楼", "room": "302"}),
        ("employment", later, PLUS_INF, {**employer, "workshop": "二车间"}),
    ]


def test_a_change_in_the_second_of_its_making_is_a_correction():
    plant = enterprise()
    take(plant, TWO[:1])
    assert counts(take(plant, [("王小明", number(1), "", "二车间")])) == (0, 1, 0, 0, 0)
    assert facts() == [("employment", NOW, PLUS_INF, {"employer": str(plant.pk), "workshop": "二车间"})]


def test_a_document_of_somebody_else_is_an_error_at_its_cell_and_changes_nothing():
    plant = enterprise()
    take(plant, TWO)
    result = take(plant, [("赵强", number(1), "13700137000", "一车间"), TWO[1]])
    assert counts(result) == (0, 0, 1, 0, 1)
    [error] = result.errors
    assert (error.code, error.row, error.column) == ("roster.other_person", 2, "身份证号")
    assert Worker.objects.filter(name="王小明").exists()
    assert result.missing == []  # the row in error may be about them


@pytest.mark.parametrize(
    ("said", "outcome", "kept"),
    [
        ("王小名", "updated", "王小名"),
        ("王晓小明", "updated", "王晓小明"),
        ("王小 明", "unchanged", "王小明"),
        ("王大山", "refused", "王小明"),
        ("李小红", "refused", "王小明"),
        ("王明", "updated", "王明"),
    ],
)
def test_names_that_differ(said, outcome, kept):
    plant = enterprise()
    take(plant, TWO[:1])
    result = take(plant, [(said, number(1), "", "")])
    assert counts(result) == {
        "updated": (0, 1, 0, 0, 0), "unchanged": (0, 0, 1, 0, 0), "refused": (0, 0, 0, 0, 1)
    }[outcome]  # fmt: skip
    assert [w.code for w in result.warnings] == (["roster.name_changed"] if outcome == "updated" else [])
    assert Worker.objects.get().name == kept


def test_latin_names_in_another_order_are_the_same_name():
    plant = enterprise()
    headers = ("姓名", "证件类型", "证件号码")
    take(plant, [("Anna Smith", "护照", "E12345678")], headers)
    assert counts(take(plant, [("SMITH, Anna", "护照", "e12345678")], headers)) == (0, 0, 1, 0, 0)


def test_one_person_with_two_documents_in_one_file_is_named():
    plant = enterprise()
    take(plant, TWO[:1])
    worker = Worker.objects.get()
    from fugong.registry.bulk import write_documents

    write_documents([(worker.pk, "passport", "E12345678")])
    headers = ("姓名", "证件类型", "证件号码", "车间")
    body = [("王小明", "", number(1), "一车间"), ("王小明", "护照", "E12345678", "二车间")]
    result = take(plant, body, headers)
    assert counts(result) == (0, 0, 1, 0, 1)
    assert (result.errors[0].code, result.errors[0].row) == ("roster.same_person", 3)


def test_people_have_two_employers_and_change_them():
    one, two = enterprise(0), enterprise(1)
    take(one, TWO)
    assert counts(take(two, TWO[:1], now=NOW + HOUR)) == (1, 0, 0, 0, 0)
    worker = Worker.objects.get(name="王小明")
    assert {e.enterprise_id for e in worker.employments.filter(active=True)} == {one.pk, two.pk}
    assert take(one, TWO, now=NOW + 2 * HOUR).unchanged == 2
    assert end_employments(enterprise=one, workers=[worker.pk], at=NOW + DAY, reason="left", now=NOW + DAY) == 1
    assert {e.enterprise_id for e in worker.employments.filter(active=True)} == {two.pk}
    spans = {(start, end) for kind, start, end, values in facts("employment") if values["employer"] == str(one.pk)}
    assert (NOW, NOW + DAY) in spans


def test_who_left_and_comes_back_is_added_and_was_not_employed_in_between():
    plant = enterprise()
    headers = (*("姓名", "身份证号"), "入职日期")
    take(plant, [("王小明", number(1), "2018-06-01")], headers)
    worker = Worker.objects.get()
    hired = local.start_of_day(local.date(2018, 6, 1))
    end_employments(enterprise=plant, workers=[worker.pk], at=NOW + DAY, reason="left", now=NOW + DAY)
    result = take(plant, [("王小明", number(1), "2018-06-01")], headers, now=NOW + 5 * DAY)
    assert counts(result) == (1, 0, 0, 0, 0)
    assert [(start, end) for _, start, end, _ in facts("employment")] == [(hired, NOW + DAY), (NOW + DAY, PLUS_INF)]
    assert take(plant, [("王小明", number(1), "2018-06-01")], headers, now=NOW + 6 * DAY).unchanged == 1


def test_a_date_of_employment_that_comes_later_moves_the_beginning_once():
    plant = enterprise()
    take(plant, TWO[:1])
    take(plant, [("王小明", number(1), "", "二车间")], now=NOW + HOUR)
    headers = ("姓名", "身份证号", "入职日期")
    result = take(plant, [("王小明", number(1), "2018-06-01")], headers, now=NOW + 2 * HOUR)
    assert counts(result) == (0, 1, 0, 0, 0)
    hired = local.start_of_day(local.date(2018, 6, 1))
    assert [(start, end) for _, start, end, _ in facts("employment")] == [(hired, NOW + HOUR), (NOW + HOUR, PLUS_INF)]
    assert Employment.objects.get().start == hired
    again = take(plant, [("王小明", number(1), "2018-06-01")], headers, now=NOW + 3 * HOUR)
    assert counts(again) == (0, 0, 1, 0, 0)


def test_leavers_are_offered_and_never_removed():
    plant = enterprise()
    take(plant, TWO)
    gone = Worker.objects.get(name="李芳")
    result = take(plant, TWO[:1])
    assert result.missing == [gone.pk]
    assert Employment.objects.get(worker=gone).active


def test_nobody_is_offered_as_leaver_who_may_stand_in_a_row_in_error():
    plant = enterprise()
    take(plant, TWO)
    result = take(plant, [TWO[0], ("李芳", number(2)[:17] + "*", "", "")])
    assert counts(result) == (0, 0, 1, 0, 1)
    assert result.missing == []


def test_ending_twice_ends_once():
    plant = enterprise()
    take(plant, TWO)
    workers = list(Worker.objects.values_list("pk", flat=True))
    assert end_employments(enterprise=plant, workers=workers, at=NOW, reason="left", now=NOW + 1) == 2
    before = everything()
    assert end_employments(enterprise=plant, workers=workers, at=NOW, reason="left", now=NOW + 2) == 0
    assert everything() == before


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("", "", ""), None),
        # a day of being back at work: locals have one, and it puts nobody in scope of a test
        (("2020-03-01", "", ""), None),
        (("2020-03-01", "是", ""), {"whereabouts": "returned", "test_required": True, "intended_on": "2020-03-01"}),
        (("2020-03-20", "是", ""), {"whereabouts": "returning", "test_required": True, "intended_on": "2020-03-20"}),
        (("", "否", ""), {"whereabouts": "local", "test_required": False}),
        (("", "是", ""), {"whereabouts": "away", "test_required": True}),
        (("2020-03-01", "否", ""), {"whereabouts": "local", "test_required": False, "intended_on": "2020-03-01"}),
        (("", "", "湖北省黄冈市"), {"whereabouts": "away", "test_required": True, "origin_division": "421100"}),
    ],
)
def test_the_survey_that_a_roster_holds(cells, expected):
    take(enterprise(), [("王小明", number(1), *cells)], ("姓名", "身份证号", "返岗日期", "是否离开本地", "来自"))
    assert [values for *_, values in facts("survey")] == ([expected] if expected else [])


def test_an_old_roster_does_not_undo_a_fresh_survey():
    plant = enterprise()
    headers = ("姓名", "身份证号", "是否离开本地")
    take(plant, [("王小明", number(1), "否")], headers)
    worker = Worker.objects.get()
    fresh = {"whereabouts": "returned", "test_required": True, "well": True}
    ledger.append(
        facts=[NewFact(worker.pk, "survey", NOW + DAY, fresh)], source="page", evidence="a paper", now=NOW + DAY
    )
    assert counts(take(plant, [("王小明", number(1), "否")], headers, now=NOW + 2 * DAY)) == (0, 0, 1, 0, 0)
    assert counts(take(plant, [("王小明", number(1), "是")], headers, now=NOW + 3 * DAY)) == (0, 1, 0, 0, 0)
    assert facts("survey")[-1][3] == {"whereabouts": "away", "test_required": True, "well": True}


def test_household_registration_comes_from_its_column_and_never_from_the_number():
    plant = enterprise()
    headers = ("姓名", "身份证号", "户籍")
    take(plant, [("王小明", number(1, "420106"), "福建省福州市长乐区"), ("李芳", number(2, "420106"), "")], headers)
    assert [values for *_, values in facts("household")] == [{"division": "350112"}]


def test_a_place_that_nobody_knows_is_a_warning_and_the_person_goes_in():
    result = take(enterprise(), [("王小明", number(1), "某某国")], ("姓名", "身份证号", "户籍"))
    assert counts(result) == (1, 0, 0, 0, 0)
    assert [w.code for w in result.warnings] == ["division.unknown"]
    assert facts("household") == []


def test_texts_that_would_break_a_line_are_kept_as_they_are():
    body = [("王小明", number(1), "", r"一\车间	\N" + "\n第二行")]
    take(enterprise(), body)
    assert Employment.objects.get().workshop == r"一\车间 \N 第二行"


def test_the_longest_texts_fit():
    plant = enterprise()
    headers = ("姓名", "身份证号", "车间", "岗位", "现住址", "工号", "宿舍", "房间号")
    for length in (33, 65, 101, 201, 301):
        result = take(plant, [("王" * 60, number(1), *["长" * length] * 6)], headers)
        assert result.rows == 1  # an error at a cell, never an exception of the database
    widest = ("长" * 64, "长" * 64, "长" * 200, "长" * 32, "长" * 100, "长" * 50)
    assert counts(take(plant, [("王" * 60, number(1), *widest)], headers)) == (1, 0, 0, 0, 0)


def test_clearances_of_new_people_are_those_that_the_ledger_gives():
    from fugong.clearance import verification
    from fugong.clearance.models import Clearance
    from fugong.core.protocol.pack import shipped

    plant = enterprise()
    adopting.adopt(text=shipped()["jinfeng-2020-03"], effective_from=NOW - 30 * DAY, now=NOW - 30 * DAY)
    resumed = NewFact(plant.pk, "resumption", NOW - 20 * DAY, {})
    ledger.append(facts=[resumed], source="test", evidence="a paper", now=NOW - 20 * DAY)
    headers = ("姓名", "身份证号", "是否离开本地", "来自", "入职日期")
    take(plant, [("王小明", number(1), "否", "", "2018-06-01"), ("李芳", number(2), "", "湖北省武汉市", "")], headers)
    assert Clearance.objects.count() == 10
    assert any(row.starts for row in Clearance.objects.all())
    assert list(verification.verify(lambda done, total: None)) == []
