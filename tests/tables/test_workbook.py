"""What is handed back: the user's own workbook with the cells marked, and the template."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from fugong.base.tables import Finding, Parsed, error_workbook, read, recognise, rows, template
from fugong.registry.roster.spec import roster
from tables.files import FILES, LIN, TODAY, WANG, xlsx

SPEC = roster(TODAY)
RED, YELLOW = "FFC7CE", "FFEB9C"


def parse(data: bytes, filename: str) -> Parsed:
    sheets = read(data, filename)
    return rows(sheets, recognise(sheets, SPEC), SPEC)


def marked(data: bytes, filename: str) -> Any:
    parsed = parse(data, filename)
    return openpyxl.load_workbook(io.BytesIO(error_workbook(data, filename, parsed.errors, parsed.warnings)))


def comments(book: Any) -> dict[str, str]:
    return {
        f"{page.title}!{cell.coordinate}": cell.comment.text
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.comment
    }


def test_the_cell_is_marked_and_says_in_both_languages_what_to_do() -> None:
    book = marked(FILES["09_rounded_numbers.xlsx"](), "a.xlsx")
    found = comments(book)
    assert list(found) == ["Sheet1!B2", "Sheet1!B3", "Sheet1!B4", "Sheet1!B5", "Sheet1!B7"]
    chinese, english = found["Sheet1!B2"].split("\n")
    assert (
        chinese == "表格软件把号码变成了 ····E+17，末几位数字已经丢失。请把这一列设为“文本”格式，再重新填写完整号码。"
    )
    assert english.startswith("Excel has turned the number ····E+17 into a rounded one")
    page = book["Sheet1"]
    assert page["B2"].fill.start_color.rgb[-6:] == RED
    assert page["B7"].fill.start_color.rgb[-6:] == YELLOW
    assert page["B6"].fill.fill_type is None


def test_the_rest_of_the_workbook_stays_as_it_was() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in (["花名册", None, None], ["姓名", "身份证号", "人数"], [LIN[0], "1", "=COUNTA(A3:A9)"]):
        page.append(row)
    page.merge_cells("A1:C1")
    page.column_dimensions["B"].width = 33
    book.create_sheet("别的")["A1"] = "不动"
    out = io.BytesIO()
    book.save(out)
    again = marked(out.getvalue(), "a.xlsx")
    assert again.sheetnames == ["Sheet", "别的"]
    assert again["Sheet"]["C3"].value == "=COUNTA(A3:A9)"
    assert [str(merged) for merged in again["Sheet"].merged_cells.ranges] == ["A1:C1"]
    assert again["Sheet"].column_dimensions["B"].width == 33
    assert list(comments(again)) == ["Sheet!B3"]


@pytest.mark.parametrize("filename", ["15_old_excel.xls", "17_identity_numbers.csv", "20_csv_quirks.csv"])
def test_of_another_kind_of_file_a_workbook_of_the_same_cells_is_made(filename: str) -> None:
    data = FILES[filename]()
    parsed = parse(data, filename)
    rebuilt = error_workbook(data, filename, parsed.errors, parsed.warnings)
    again = parse(rebuilt, "again.xlsx")
    assert [(row.row, row.values) for row in again.rows] == [(row.row, row.values) for row in parsed.rows]
    assert [_place(finding) for finding in again.errors] == [_place(finding) for finding in parsed.errors]
    assert len(comments(openpyxl.load_workbook(io.BytesIO(rebuilt)))) == len(
        {(finding.row, finding.index) for finding in [*parsed.errors, *parsed.warnings]}
    )


def _place(finding: Finding) -> tuple[Any, ...]:
    return finding.row, finding.index, finding.code


def test_text_from_a_csv_never_becomes_a_formula() -> None:
    data = FILES["20_csv_quirks.csv"]()
    book = openpyxl.load_workbook(io.BytesIO(error_workbook(data, "a.csv", parse(data, "a.csv").errors)))
    cell = book.worksheets[0]["E3"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_marks_are_gone_once_the_cell_is_right() -> None:
    data = xlsx({"Sheet1": [["姓名", "身份证号"], [LIN[0], "1"], [WANG[0], "2"]]})
    parsed = parse(data, "a.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(error_workbook(data, "a.xlsx", parsed.errors)))
    book["Sheet1"]["B2"] = LIN[1]
    out = io.BytesIO()
    book.save(out)
    again = marked(out.getvalue(), "a.xlsx")
    assert list(comments(again)) == ["Sheet1!B3"]
    assert again["Sheet1"]["B2"].fill.fill_type is None
    assert comments(again)["Sheet1!B3"].count("\n") == 1


def test_somebody_elses_comment_stays_below_ours() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx({"Sheet1": [["姓名", "身份证号"], [LIN[0], "1"]]})))
    book["Sheet1"]["B2"].comment = openpyxl.comments.Comment("问过本人", "车间主任")
    out = io.BytesIO()
    book.save(out)
    assert comments(marked(out.getvalue(), "a.xlsx"))["Sheet1!B2"].endswith("\n\n问过本人")


def test_a_mark_inside_a_merged_range_goes_to_the_cell_that_shows() -> None:
    data = xlsx(
        {"Sheet1": [["姓名", "身份证号", "手机"], [*LIN[:2], "1380591"], [*WANG[:2], None]]},
        merge={"Sheet1": ["C2:C3"]},
    )
    parsed = parse(data, "a.xlsx")
    assert [(finding.row, finding.code) for finding in parsed.errors] == [(2, "phone.length"), (3, "phone.length")]
    assert list(comments(marked(data, "a.xlsx"))) == ["Sheet1!C2"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_recognised_whole_and_holds_nobody(language: str) -> None:
    sheets = read(template(SPEC, language), "template.xlsx")
    first, explanation = recognise(sheets, SPEC)
    assert list(first.mapping.values()) == [column.name for column in SPEC.columns]
    assert explanation.ignored
    assert len(sheets[0].rows) == 1


def test_a_template_that_was_filled_in_goes_in_as_it_is() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(SPEC, "zh-hans")))
    page = book.worksheets[0]
    headers = {cell.value: cell.column for cell in page[1]}
    for header, value in (
        ("姓名*", LIN[0]),
        ("身份证号*", LIN[1]),
        ("证件类型", "居民身份证"),
        ("返岗日期", "2020-02-24"),
    ):
        cell = page.cell(2, headers[header], value)
        assert cell.number_format in {"@", "General"}
    out = io.BytesIO()
    book.save(out)
    [row] = parse(out.getvalue(), "template.xlsx").rows
    assert row.values["document"].number == LIN[1]
    assert not row.errors


def test_the_english_template_has_no_chinese_in_it_and_the_chinese_one_all_its_choices() -> None:
    english = openpyxl.load_workbook(io.BytesIO(template(SPEC, "en")))
    texts = [str(cell.value) for page in english.worksheets for row in page.iter_rows() for cell in row if cell.value]
    lists = [rule.formula1 for page in english.worksheets for rule in page.data_validations.dataValidation]
    assert all(text.isascii() for text in [*texts, *lists, *english.sheetnames])
    chinese = openpyxl.load_workbook(io.BytesIO(template(SPEC, "zh-hans")))
    assert '"男,女"' in [rule.formula1 for rule in chinese.worksheets[0].data_validations.dataValidation]


def test_every_choice_of_the_template_is_understood_in_both_languages() -> None:
    for column in SPEC.columns:
        understood = {column.parse(word) for words in column.choices for word in words}
        assert len(understood) == len(column.choices)
