"""Lists of facts in the database: whom a row is about, what is new, what is a correction, and what changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from fugong.base import local
from fugong.base.tables import Sheet, recognise, rows
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.premises.canteen import services as canteen
from fugong.registry import services as registry
from fugong.registry.imports.declaration import catalogue, find
from fugong.registry.imports.facts import import_facts
from fugong.registry.models import Worker
from imports.sheets import CODES, DAY, NOW, counts, enterprise, everything, number, take

pytestmark = pytest.mark.django_db
HOUR = 3_600
PEOPLE = (("王小明", number(1), "13800138000", "一车间"), ("李芳", number(2), "13900139000", "二车间"))


def bring(kind: str, headers: str, *body: Any, **options: Any) -> Any:
    """Import a list of facts: the headers and rows as text with a bar between the cells."""
    declaration = find(kind)
    assert declaration is not None
    now = options.setdefault("now", NOW)
    spec = declaration.spec(now)
    cells = [[cell.strip() for cell in line.split("|")] if isinstance(line, str) else list(line) for line in body]
    sheet = [Sheet("单", [headers.split("|"), *cells])]
    return import_facts(declaration=declaration, parsed=rows(sheet, recognise(sheet, spec), spec), **options)


def found(kind: str) -> list[tuple[int, int, dict[str, Any]]]:
    return list(standing().filter(kind=kind).order_by("start", "recorded_at").values_list("start", "end", "values"))


def at(text: str) -> int:
    return local.parse(f"2020-{text}")


@pytest.fixture
def plant():
    plant = enterprise()
    take(plant, PEOPLE)
    return plant


TEST = "姓名|身份证号|采样时间|报告时间|结果|机构|样本编号"
FIRST = f"王小明|{number(1)}|2020-03-07 08:30|2020-03-08 16:00|阴性|疾控|S1"


def test_every_kind_has_a_template_a_name_and_finds_itself():
    assert [d.kind for d in catalogue()] == [
        "arrival", "canteen_seat", "capacity", "evidence_of_person", "register", "resumption", "risk_level",
        "social_insurance", "survey", "test", "vacancy",
    ]  # fmt: skip
    assert all(find(name) is d for d in catalogue() for name in (d.kind, *d.also_called))
    assert find("horoscope") is None


def test_results_of_tests(plant):
    result = bring("test", TEST, FIRST, f"李芳|{number(2)}|2020-03-07 08:31|2020-03-08 16:00|阳性|疾控|S2")
    assert counts(result) == (2, 0, 0, 0, 0)
    start, end, values = found("test")[0]
    assert (start, end) == (at("03-07 08:30"), at("03-07 08:30") + 1)
    assert values == {
        "result": "negative", "sampled_at": at("03-07 08:30"), "reported_at": at("03-08 16:00"), "laboratory": "疾控",
        "specimen": "S1",
    }  # fmt: skip


def test_the_same_list_again_changes_nothing_and_a_correction_supersedes(plant):
    bring("test", TEST, FIRST)
    before = everything()
    assert counts(bring("test", TEST, FIRST, now=NOW + HOUR)) == (0, 0, 1, 0, 0)
    assert everything() == before
    corrected = FIRST.replace("阴性", "阳性").replace("16:00", "17:00")
    assert counts(bring("test", TEST, corrected, now=NOW + HOUR)) == (0, 1, 0, 0, 0)
    [(_start, _end, values)] = found("test")
    assert (values["result"], values["reported_at"]) == ("positive", at("03-08 17:00"))
    newest = Fact.objects.get(supersedes__isnull=False)
    assert (newest.reason, newest.supersedes.values["result"]) == ("import", "negative")


def test_a_specimen_number_that_comes_later_belongs_to_the_same_test(plant):
    bring("test", TEST, FIRST.replace("S1", ""))
    assert counts(bring("test", TEST, FIRST)) == (0, 1, 0, 0, 0)
    assert counts(bring("test", TEST, FIRST.replace("S1", ""))) == (0, 0, 1, 0, 0)
    assert counts(bring("test", TEST, FIRST.replace("S1", "S9"))) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (f"王小明|{number(1)}|2020-03-08 16:00|2020-03-07 08:30|阴性||", "test.reported_early", "报告时间"),
        (f"王小明|{number(1)}|2020-03-09 08:30|2020-03-10 08:30|阴性||", "test.future", "报告时间"),
        (f"王小明|{number(1)}|2020-03-07|2020-03-08 16:00|阴性||", "moment.no_time", "采样时间"),
        (f"王小明|{number(1)}|2020-03-07 08:30|2020-03-08 16:00|没问题||", "choice.unknown", "结果"),
        (f"王小明|{number(3)}|2020-03-07 08:30|2020-03-08 16:00|阴性||", "facts.worker_unknown", "身份证号"),
        (f"赵强|{number(1)}|2020-03-07 08:30|2020-03-08 16:00|阴性||", "roster.other_person", "身份证号"),
        (f"王小明|{number(1)[:-1]}|2020-03-07 08:30|2020-03-08 16:00|阴性||", "id.length", "身份证号"),
        ("王小明||2020-03-07 08:30|2020-03-08 16:00|阴性||", "facts.nobody", "身份证号"),
    ],
)
def test_what_is_wrong_is_named_at_its_cell_and_the_rest_goes_in(plant, row, code, column):
    result = bring("test", TEST, row, f"李芳|{number(2)}|2020-03-07 08:31|2020-03-08 16:00|阴性||")
    assert counts(result) == (1, 0, 0, 0, 1)
    assert [(e.code, e.column, e.row) for e in result.errors] == [(code, column, 2)]


PHONE = "姓名|手机尾号|登记日期|健康状况|体温"


def test_workers_by_name_and_last_digits_within_the_enterprise(plant):
    assert counts(bring("register", PHONE, "王小明|8000|2020-03-09|健康|36.5", enterprise=plant)) == (1, 0, 0, 0, 0)
    elsewhere = bring("register", PHONE, "王小明|8000|2020-03-09|健康|36.5", enterprise=enterprise(1))
    assert [e.code for e in elsewhere.errors] == ["facts.worker_unknown"]
    nowhere = bring("register", PHONE, "王小明|8000|2020-03-09|健康|36.5")
    assert [e.code for e in nowhere.errors] == ["facts.worker_unknown"]
    wrong = bring(
        "register", PHONE, "王小明|8001|2020-03-09|健康|36.5", "王小民|8000|2020-03-09|健康|36.5", enterprise=plant
    )
    assert [e.code for e in wrong.errors] == ["facts.worker_unknown"] * 2


def test_two_who_are_alike_are_told_apart_by_document_only(plant):
    take(plant, [("王小明", number(5), "13700138000", "")])
    result = bring("register", PHONE, "王小明|8000|2020-03-09|健康|36.5", enterprise=plant)
    assert [(e.code, e.column) for e in result.errors] == [("facts.worker_ambiguous", "姓名")]
    full = bring("register", PHONE, "王小明|13700138000|2020-03-09|健康|36.5", enterprise=plant)
    assert counts(full) == (1, 0, 0, 0, 0)
    assert Fact.objects.get(kind="register").subject_id == Worker.objects.get(documents__tail=number(5)[-4:]).pk


def test_with_an_enterprise_only_its_own_people_are_found(plant):
    other = enterprise(1)
    result = bring("test", TEST, FIRST, enterprise=other)
    assert [e.code for e in result.errors] == ["facts.worker_unknown"]
    assert counts(bring("test", TEST, FIRST, enterprise=plant)) == (1, 0, 0, 0, 0)


def test_registers_by_local_day(plant):
    def put(*lines, **options):
        return counts(bring("register", PHONE, *lines, enterprise=plant, **options))

    assert put("王小明|8000|2020-03-09|健康|36.5") == (1, 0, 0, 0, 0)
    assert put("王小明|8000|2020-03-09|健康|36.5") == (0, 0, 1, 0, 0)
    assert put("王小明|8000|2020-03-09|不适|") == (0, 1, 0, 0, 0)
    [(start, _end, values)] = found("register")
    assert start == local.start_of_day(DAY)
    assert values == {"well": False, "celsius": 36.5, "filed_by": "upload"}
    assert put("王小明|8000|2020-03-08|健康|36.5") == (1, 0, 0, 0, 0)
    assert put("王小明|8000|2020-03-08 07:20|健康|36.6") == (0, 1, 0, 0, 0)
    assert found("register")[0][:2] == (at("03-08 07:20"), at("03-08 07:20") + 1)
    assert put("王小明|8000|2020-03-08 19:20|不适|37.6") == (1, 0, 0, 0, 0)  # evening beside morning
    assert put("王小明|8000|2020-03-10|健康|36.5") == (0, 0, 0, 0, 1)


def test_a_register_filed_by_the_worker_stays_the_workers(plant):
    worker = Worker.objects.get(name="王小明")
    values = {"well": True, "celsius": 36.5, "filed_by": "worker"}
    ledger.append(
        facts=[NewFact(worker.pk, "register", at("03-09 07:20"), values)], source="page", evidence="a paper", now=NOW
    )
    assert counts(bring("register", PHONE, "王小明|8000|2020-03-09|健康|36.5", enterprise=plant)) == (0, 0, 1, 0, 0)
    assert found("register")[0][2] == values


def test_no_symptoms_any_more(plant):
    headers = PHONE + "|症状"
    assert counts(bring("register", headers, "王小明|8000|2020-03-09||36.5|咳嗽、乏力", enterprise=plant))[0] == 1
    assert found("register")[0][2]["symptoms"] == ["咳嗽", "乏力"]
    assert counts(bring("register", headers, "王小明|8000|2020-03-09||36.5|无", enterprise=plant))[1] == 1
    assert found("register")[0][2] == {"well": True, "celsius": 36.5, "filed_by": "upload"}
    both = bring("register", headers, "王小明|8000|2020-03-09|健康|36.5|咳嗽", enterprise=plant)
    assert [e.code for e in both.errors] == ["register.symptoms_but_well"]


def test_a_file_that_repeats_or_contradicts_itself(plant):
    result = bring(
        "register", PHONE, "王小明|8000|2020-03-09|健康|36.5", "王小明|8000|2020-03-09|健康|36.5",
        "王小明|8000|2020-03-09|不适|36.5", "李芳|9000|2020-03-09|健康|36.4", enterprise=plant,
    )  # fmt: skip
    assert counts(result) == (2, 0, 0, 1, 1)
    assert [(s.row, s.reason.code) for s in result.skipped] == [(3, "row.repeated")]
    assert [(e.row, e.code) for e in result.errors] == [(4, "facts.contradicts")]


SURVEY = "姓名|身份证号|摸排日期|是否返岗|旅居地|旅居开始日期|离开日期|返岗日期|健康状况"


@pytest.mark.parametrize(
    ("row", "survey", "stay"),
    [
        (
            "2020-03-05|已返|湖北省武汉市|2020-01-20|2020-03-01|2020-03-02|健康",
            {"whereabouts": "returned", "test_required": True, "well": True, "origin_division": "420100",
                "intended_on": "2020-03-02"},
            ("01-20", "03-02"),
        ),
        (
            "2020-03-05|外地|湖北省武汉市|2020-01-20|||",
            {"whereabouts": "away", "test_required": True, "origin_division": "420100"},
            ("01-20", None),
        ),
        (
            "2020-03-05|外地|湖北省武汉市||||",
            {"whereabouts": "away", "test_required": True, "origin_division": "420100"},
            ("03-05", "03-06"),
        ),
        (
            "2020-03-05|已返|湖北省武汉市|||2020-03-02|",
            {"whereabouts": "returned", "test_required": True, "origin_division": "420100",
                "intended_on": "2020-03-02"},
            ("03-02", "03-03"),
        ),
        ("2020-03-05|本地|||||健康", {"whereabouts": "local", "test_required": False, "well": True}, None),
    ],
)  # fmt: skip
def test_surveys_and_the_stays_they_tell_of(plant, row, survey, stay):
    line = f"王小明|{number(1)}|{row}"
    assert counts(bring("survey", SURVEY, line)) == (1, 0, 0, 0, 0)
    assert found("survey") == [(at("03-05 00:00"), at("03-05 00:00") + 1, survey)]
    spans = [(start, end) for start, end, _values in found("stay")]
    assert spans == ([(at(f"{stay[0]} 00:00"), at(f"{stay[1]} 00:00") if stay[1] else PLUS_INF)] if stay else [])
    before = everything()
    assert counts(bring("survey", SURVEY, line, now=NOW + 9 * 86_400)) == (0, 0, 1, 0, 0)
    assert everything() == before


def test_a_survey_without_a_day_says_nothing_new_on_another_day(plant):
    headers, line = "姓名|身份证号|是否返岗|来源地", f"王小明|{number(1)}|外地|湖北省武汉市"
    assert counts(bring("survey", headers, line)) == (1, 0, 0, 0, 0)
    before = everything()
    assert counts(bring("survey", headers, line, now=NOW + 9 * 86_400)) == (0, 0, 1, 0, 0)
    assert everything() == before


def test_a_stay_that_ends_is_corrected(plant):
    headers = "姓名|身份证号|摸排日期|是否返岗|旅居地|旅居开始日期|离开日期"
    bring("survey", headers, f"王小明|{number(1)}|2020-03-05|外地|湖北省武汉市|2020-01-20|")
    result = bring("survey", headers, f"王小明|{number(1)}|2020-03-05|外地|湖北省武汉市|2020-01-20|2020-03-06")
    assert counts(result) == (0, 1, 0, 0, 0)
    assert [(s, e) for s, e, _v in found("stay")] == [(at("01-20 00:00"), at("03-07 00:00"))]


def test_arrivals_with_temperature_and_identity(plant):
    headers = "姓名|身份证号|到达时间|交通方式|车次|出发地|体温|身份核对"
    line = f"王小明|{number(1)}|2020-03-07 18:20|大巴|闽A1|江西省乐平市|36.5|一致"
    assert counts(bring("arrival", headers, line)) == (1, 0, 0, 0, 0)
    moment = at("03-07 18:20")
    assert found("arrival") == [(moment, moment + 1, {"mode": "bus", "trip": "闽A1", "from_division": "360281"})]
    assert found("temperature") == [(moment, moment + 1, {"celsius": 36.5, "place": "arrival"})]
    assert found("identity_check") == [(moment, moment + 1, {"matched": True})]
    assert counts(bring("arrival", headers, line)) == (0, 0, 1, 0, 0)
    assert counts(bring("arrival", headers, line.replace("36.5", "37.5"))) == (0, 1, 0, 0, 0)
    assert [v["celsius"] for _s, _e, v in found("temperature")] == [37.5]


def test_resumptions_by_code_or_name(plant):
    headers = "统一社会信用代码|企业名称|复工日期|复工方式"
    enterprise(1)
    assert counts(bring("resumption", headers, f"{CODES[0]}||2020-02-17|备案", "|第2厂|2020-02-18|")) == (2, 0, 0, 0, 0)
    assert counts(bring("resumption", headers, f"{CODES[0]}|第1厂|2020-02-17|", "|第2厂|2020-02-18|")) == (
        0,
        0,
        2,
        0,
        0,
    )
    assert counts(bring("resumption", headers, f"{CODES[0]}||2020-02-20|备案")) == (0, 1, 0, 0, 0)
    assert [(s, v) for s, _e, v in found("resumption")] == [
        (at("02-18 00:00"), {}), (at("02-20 00:00"), {"regime": "filing"})
    ]  # fmt: skip
    wrong = bring(
        "resumption", headers, f"{CODES[2]}||2020-02-17|", "|第九厂|2020-02-17|", f"{CODES[0]}|第2厂|2020-02-17|",
        "||2020-02-17|", f"{CODES[0][:-1]}1||2020-02-17|",
    )  # fmt: skip
    assert [e.code for e in wrong.errors] == [
        "facts.enterprise_unknown", "facts.enterprise_unknown", "facts.name_and_code", "facts.no_enterprise",
        "uscc.check_digit",
    ]  # fmt: skip


def test_a_list_of_one_enterprise_speaks_of_no_other(plant):
    other = enterprise(1)
    result = bring("resumption", "企业名称|复工日期", "第1厂|2020-02-17", enterprise=other)
    assert [e.code for e in result.errors] == ["facts.enterprise_other"]
    vacancies = bring("vacancy", "岗位|人数|月薪", "挡车工|12|6500元", enterprise=other)
    assert counts(vacancies) == (1, 0, 0, 0, 0)
    assert Fact.objects.get(kind="vacancy").subject_id == other.pk


def test_vacancies_change_over_time(plant):
    headers = "岗位|人数"
    assert counts(bring("vacancy", headers, "挡车工|12", "机修|3", enterprise=plant)) == (2, 0, 0, 0, 0)
    later = NOW + 7 * 86_400
    assert counts(bring("vacancy", headers, "挡车工|12", "机修|3", enterprise=plant, now=later)) == (0, 0, 2, 0, 0)
    assert counts(bring("vacancy", headers, "挡车工|5", "机修|3", enterprise=plant, now=later)) == (0, 1, 1, 0, 0)
    today, then = local.start_of_day(DAY), local.start_of_day(local.day_after(DAY, 7))
    spans = [(s, e, v["number"]) for s, e, v in found("vacancy") if v["post"] == "挡车工"]
    assert spans == [(today, then, 12), (then, PLUS_INF, 5)]


def test_capacity_by_day(plant):
    headers = "日期|当前日产值|正常日产值"
    assert counts(bring("capacity", headers, "2020-03-09|800000元|1,000,000", enterprise=plant)) == (1, 0, 0, 0, 0)
    assert counts(bring("capacity", headers, "2020-03-09|900000|1000000", enterprise=plant)) == (0, 1, 0, 0, 0)
    assert counts(bring("capacity", headers, "2020-03-10|900000|1000000", enterprise=plant)) == (0, 0, 0, 0, 1)
    assert [v["current_yuan"] for _s, _e, v in found("capacity")] == [900000]


def test_a_trial_run_writes_nothing(plant):
    before = everything()
    assert counts(bring("test", TEST, FIRST, dry_run=True)) == (1, 0, 0, 0, 0)
    assert everything() == before


def test_a_seating_plan_says_at_which_table_somebody_eats_until_the_next_one_does(plant):
    head = "姓名|身份证号|桌号|餐次|开始日期"
    first = bring(
        "canteen_seat", head, f"王小明|{number(1)}|12|午餐一批|2020-03-01", f"李芳|{number(2)}|12||2020-03-01"
    )
    assert counts(first) == (2, 0, 0, 0, 0)
    assert counts(bring("canteen_seat", head, f"王小明|{number(1)}|12|午餐一批|2020-03-01")) == (0, 0, 1, 0, 0)
    bring("canteen_seat", head, f"王小明|{number(1)}|7||2020-03-05")
    moved = local.start_of_day(local.date(2020, 3, 5))
    seats = [(start, end, said["table"]) for start, end, said in found("canteen_seat")]
    since = local.start_of_day(local.date(2020, 3, 1))
    assert sorted(seats) == sorted([(since, moved, "12"), (since, PLUS_INF, "12"), (moved, PLUS_INF, "7")])


def test_a_seating_plan_names_tables_that_are_there_once_the_canteen_is_set_up(plant):
    head = "姓名|身份证号|桌号|餐次|开始日期"
    site = registry.add_site(name="食堂", enterprise=plant)
    canteen.add_tables(site=site, tables=[("12", 6), ("13", 6)], now=NOW)
    canteen.add_shift(site=site, name="午餐一批", starts=690, ends=710, now=NOW)
    result = bring(
        "canteen_seat", head, f"王小明|{number(1)}|12|午餐一批|2020-03-01", f"李芳|{number(2)}|99|午餐一批|2020-03-01"
    )
    assert [(one.code, one.row) for one in result.errors] == [("seat.no_table", 3)]
    assert "13" in str(result.errors[0].fault.message)
    result = bring("canteen_seat", head, f"李芳|{number(2)}|13|夜宵|2020-03-01")
    assert [one.code for one in result.errors] == ["seat.no_shift"]
    assert [said for _start, _end, said in found("canteen_seat")] == [
        {"site": str(site.pk), "table": "12", "shift": "午餐一批"}
    ]
