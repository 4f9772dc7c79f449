"""Headers: where they stand, what they are called, and what the user says instead; and lists that are no roster."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from fugong.base.faults import Fault
from fugong.base.tables import Column, Override, Spec, TableError, letter, parsers, read, read_text, recognise, rows
from fugong.base.tables.layout import header_key
from fugong.registry.roster.spec import roster
from tables.files import CHEN, LIN, TODAY, WANG, xlsx

SPEC = roster(TODAY)


def field_of(header: str) -> str | None:
    """The field that a header is taken for, beside a name and a number."""
    [layout] = recognise(read(xlsx({"S": [["姓名", "身份证号", header], LIN]}), "a.xlsx"), SPEC)
    return layout.mapping.get(2)


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        (
            (
                "联系电话",
                "手机",
                "手机号码*",
                "电话（必填）",
                "2、联系电话",
                "员工手机号",
                "Mobile",
                "联系 电话",
                "手机/电话",
                "TEL.",
            ),
            "phone",
        ),
        (("户籍", "籍贯", "户籍所在地（省市县）", "户口所在地", "户籍地址"), "household"),
        (("现住址", "居住地址", "家庭住址", "现居住地"), "address"),
        (("返岗日期", "到岗日期", "返厂时间", "实际返岗日期", "返岗时间（年月日）"), "returned_on"),
        (("车间", "部门", "班组", "所在部门", "车间/班组"), "workshop"),
        (("岗位", "工种", "岗位（工种）", "Position"), "post"),
        (("宿舍号", "房间号"), "room"),
        (("性别", "Sex", "性 别"), "sex"),
        (("是否离开本地", "是否离开本地（是/否）"), "left_area"),
        (("证件类型", "证件种类"), "document_type"),
        (
            ("紧急联系人电话", "家属电话", "企业负责人电话", "备注", "是否有手机", "体温", "健康码", "2020年2月", ""),
            None,
        ),
    ],
)
def test_headers_as_people_write_them(headers: tuple[str, ...], field: str | None) -> None:
    assert {header: field_of(header) for header in headers} == dict.fromkeys(headers, field)


@pytest.mark.parametrize(
    "header", ["员工姓名", "姓名", "名字", "Name", "姓名\n（必填）", "＊姓名", "姓　名", "员 工 姓 名："]
)
def test_names_of_the_name(header: str) -> None:
    [layout] = recognise(read(xlsx({"S": [[header, "身份证号"], LIN]}), "a.xlsx"), SPEC)
    assert layout.mapping == {0: "name", 1: "document_number"}


@pytest.mark.parametrize(
    "header",
    [
        "身份证号",
        "身份证号码",
        "证件号码",
        "公民身份号码",
        "身份证",
        "员工身份证号码",
        "身份证号（18位）",
        "ID No.",
        "身份证号码/护照号",
    ],
)
def test_names_of_the_number(header: str) -> None:
    [layout] = recognise(read(xlsx({"S": [["姓名", header], LIN]}), "a.xlsx"), SPEC)
    assert layout.mapping == {0: "name", 1: "document_number"}


def test_decoration_of_headers_is_ignored() -> None:
    assert header_key("1. ★姓　名\n（必填）*：") == "姓名"
    assert header_key("（姓名）") == "姓名"


def test_no_data_is_taken_for_a_second_header_row() -> None:
    data = xlsx({"S": [["姓名", "身份证号", "住宿类型"], [LIN[0], "护照", "厂区宿舍"], [*CHEN[:2], "外租房间"]]})
    parsed = rows(sheets := read(data, "a.xlsx"), recognise(sheets, SPEC), SPEC)
    assert [row.row for row in parsed.rows] == [2, 3]


def test_any_number_of_title_rows() -> None:
    titles = [[f"第 {number} 条说明，请认真阅读"] for number in range(300)]
    parsed = rows(
        sheets := read(xlsx({"S": [*titles, ["姓名", "身份证号"], LIN[:2]]}), "a.xlsx"), recognise(sheets, SPEC), SPEC
    )
    assert [(row.row, row.values["name"]) for row in parsed.rows] == [(302, LIN[0])]


def test_the_user_says_which_column_is_which() -> None:
    data = xlsx({"S": [["甲", "乙", "手机", "姓名"], [LIN[1], LIN[0], LIN[2], "小林"]]})
    sheets = read(data, "a.xlsx")
    with pytest.raises(TableError) as caught:
        rows(sheets, recognise(sheets, SPEC), SPEC)
    assert caught.value.code == "table.columns_missing"
    said = Override(mapping={0: "document_number", 1: "name", 2: None})
    [layout] = recognise(sheets, SPEC, {"S": said})
    assert layout.mapping == {0: "document_number", 1: "name"}
    assert layout.unmapped == {2: "手机", 3: "姓名"}
    [row] = rows(sheets, [layout], SPEC).rows
    assert (row.values["name"], "phone" in row.values) == (LIN[0], False)


def test_the_user_says_where_the_header_is_or_that_there_is_none() -> None:
    sheets = read_text(f"{LIN[0]}\t{LIN[1]}\n{CHEN[0]}\t{CHEN[1]}\n")
    layouts = recognise(sheets, SPEC, {"paste": Override(header_row=0, mapping={0: "name", 1: "document_number"})})
    parsed = rows(sheets, layouts, SPEC)
    assert [(row.row, row.values["name"]) for row in parsed.rows] == [(1, LIN[0]), (2, CHEN[0])]
    assert parsed.columns == {"name": "A", "document_number": "B"}
    data = xlsx({"S": [["姓名", "身份证号"], WANG[:2], ["姓名", "身份证号"], LIN[:2]]})
    sheets = read(data, "a.xlsx")
    assert [row.row for row in rows(sheets, recognise(sheets, SPEC, {"S": Override(header_row=3)}), SPEC).rows] == [4]


def test_the_user_takes_a_hidden_sheet_in_and_leaves_another_out() -> None:
    data = xlsx({"甲": [["姓名", "身份证号"], LIN[:2]], "乙": [["姓名", "身份证号"], WANG[:2]]}, hide=["乙"])
    sheets = read(data, "a.xlsx")
    layouts = recognise(sheets, SPEC, {"甲": Override(use=False), "乙": Override(use=True)})
    assert [row.values["name"] for row in rows(sheets, layouts, SPEC).rows] == [WANG[0]]
    assert [(layout.sheet, layout.ignored and layout.ignored.code) for layout in layouts] == [
        ("甲", "sheet.not_chosen"),
        ("乙", None),
    ]


def test_a_fault_beside_another_is_said_in_the_same_round() -> None:
    data = xlsx({"S": [["姓名", "身份证号", "手机"], [LIN[0], "350126197001010019", "123"]]})
    parsed = rows(sheets := read(data, "a.xlsx"), recognise(sheets, SPEC), SPEC)
    assert [finding.code for finding in parsed.errors] == ["phone.unclear", "id.check_digit"]


def test_a_repeated_row_with_an_unreadable_cell_does_not_spoil_the_right_one() -> None:
    data = xlsx({"S": [["姓名", "身份证号", "手机"], LIN, [*LIN[:2], "123"]]})
    parsed = rows(sheets := read(data, "a.xlsx"), recognise(sheets, SPEC), SPEC)
    assert [(row.row, [finding.code for finding in row.errors]) for row in parsed.rows] == [
        (2, []),
        (3, ["phone.unclear"]),
    ]


def test_letters_of_columns() -> None:
    assert [letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def results() -> Spec:
    """Another kind of list: test results, as a laboratory sends them."""
    moment = parsers.moment(ZoneInfo("Asia/Shanghai"))
    result = parsers.choice({"negative": ("阴性", "阴", "未检出"), "positive": ("阳性", "阳")})

    def check(values: dict[str, object]) -> list[Fault]:
        sampled, reported = values["sampled_at"], values["reported_at"]
        early = isinstance(sampled, int) and isinstance(reported, int) and reported < sampled
        return (
            [Fault("number.out_of_range", field="reported_at", value=reported, least=sampled, most="∞")]
            if early
            else []
        )

    return Spec(
        "tests",
        "test results",
        (
            Column("name", "name", ("姓名",), parsers.person_name, required=True),
            Column("document_number", "document number", ("身份证号",), parsers.document_number, required=True),
            Column("sampled_at", "sampled at", ("采样时间",), moment, required=True),
            Column("reported_at", "reported at", ("报告时间",), moment, required=True),
            Column("result", "result", ("检测结果", "结果"), result, required=True),
            Column("laboratory", "laboratory", ("检测机构",), parsers.text()),
        ),
        ("document_number", "sampled_at"),
        check,
    )


def test_the_same_machinery_reads_test_results() -> None:
    data = xlsx(
        {
            "结果": [
                ["核酸检测结果报告单"],
                ["姓名", "身份证号", "采样时间", "报告时间", "检测结果", "检测机构"],
                [*LIN[:2], "2020-03-05 08:30", dt.datetime(2020, 3, 5, 20), "阴性(-)", "区疾控"],  # noqa: DTZ001
                [*LIN[:2], "2020-03-07 08:30", "2020-03-07 20:00", "未检出", "区疾控"],
                [*CHEN[:2], "2020-03-07 08:30", "2020-03-07 07:00", "阴", None],
                [*WANG[:2], "2020-03-07", "2020-03-07 20:00", "弱阳", "区疾控"],
                [*WANG[:2], "2020-03-07 08:30", "2020-03-07 20:00", "阳", "区疾控"],
            ]
        }
    )
    parsed = rows(sheets := read(data, "a.xlsx"), recognise(sheets, results()), results())
    assert [(row.row, row.values["result"]) for row in parsed.valid] == [
        (3, "negative"),
        (4, "negative"),
        (7, "positive"),
    ]
    assert parsed.valid[0].values["sampled_at"] == 1_583_368_200
    assert [(finding.row, finding.column, finding.code) for finding in parsed.errors] == [
        (5, "报告时间", "number.out_of_range"),
        (6, "采样时间", "moment.no_time"),
        (6, "检测结果", "choice.unknown"),
    ]
    assert parsed.errors[-1].as_json()["column"] == "检测结果"


def test_sentences_are_in_the_language_in_force() -> None:
    fault = TableError("table.columns_missing", sheet="S", missing="x")
    with override("zh-hans"):
        assert fault.message == "工作表“S”缺少这些列：x。请补上，或指明是哪一列。"
    with override("en"):
        assert fault.message.startswith("Sheet “S” has no column for: x.")
    with override("zh-hans"), pytest.raises(TableError) as caught:
        rows(sheets := read(xlsx({"S": [["姓名", "手机"], ["林", "1"]]}), "a.xlsx"), recognise(sheets, SPEC), SPEC)
    assert "证件号码" in caught.value.message


def test_no_code_is_declared_twice_or_unknown() -> None:
    from fugong.base.faults import declare

    with pytest.raises(ValueError, match="declared twice"):
        declare({"row.totals": "x"})
    with pytest.raises(LookupError):
        Fault("no.such.code")
