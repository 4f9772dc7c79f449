"""Files of every kind, damaged ones too: sheets, or a sentence that says what to do; never another exception."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fugong.base.tables import TableError, read, read_text
from tables.files import FILES, xlsx


def code_of(data: bytes, filename: str = "a.xlsx") -> str:
    with pytest.raises(TableError) as caught:
        read(data, filename)
    return caught.value.code


def cells(data: bytes, filename: str) -> list[list[Any]]:
    [sheet] = read(data, filename)
    return sheet.rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_text_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str) -> None:
    text = f"姓名{delimiter}电话\n林金山{delimiter}1\n"
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    data = marks.get(encoding, b"") + text.encode(encoding)
    assert cells(data, "a.csv") == [["姓名", "电话"], ["林金山", "1"]]


def test_commas_inside_cells_do_not_win_over_the_delimiter() -> None:
    assert cells("姓名;住址\n林;金峰镇,金星村\n陈;金峰镇,仙街\n".encode(), "a.csv")[1] == ["林", "金峰镇,金星村"]


def test_a_list_of_one_column_stays_one_column() -> None:
    assert cells("姓名\n林金山\n".encode(), "a.csv") == [["姓名"], ["林金山"]]


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    assert cells(b'a,b\n"x\ny",1\n\nz,2\n', "a.csv") == [["a", "b"], ["x\ny", "1"], [], ["z", "2"]]


def test_the_name_of_a_text_sheet_is_that_of_the_file() -> None:
    assert read(b"a,b", "C:\\Users\\lin\\花名册 3月.csv")[0].name == "花名册 3月"
    assert read_text("a\tb")[0].name == "paste"


def test_what_a_file_is_called_does_not_matter() -> None:
    assert read(FILES["01_clean.xlsx"](), "a.csv") == read(FILES["01_clean.xlsx"](), "a.xls")


@pytest.mark.parametrize("content", ["<html><table>", "  <!DOCTYPE html>", '<?xml version="1.0"?><Workbook>'])
def test_web_pages_named_like_a_spreadsheet(content: str) -> None:
    assert code_of(content.encode(), "导出.xls") == "table.web_page"


def _with_part(name: str, old: bytes, new: bytes) -> bytes:
    """A workbook in which one part of the archive has been rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx({"S": [["a", "b"]]}))) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            target.writestr(info.filename, content.replace(old, new, 1) if info.filename == name else content)
    return out.getvalue()


def test_entities_are_not_unfolded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><workbook'
    assert code_of(_with_part("xl/workbook.xml", b"<workbook", bomb)) == "table.damaged"


def test_a_merged_range_over_everything_is_refused() -> None:
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    assert code_of(_with_part("xl/worksheets/sheet1.xml", b"</worksheet>", merged)) == "table.too_large"


def test_a_sheet_that_does_not_fit_into_memory_ends_its_reader_and_not_us() -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    assert code_of(_with_part("xl/worksheets/sheet1.xml", b"</sheetData>", far)) == "table.damaged"


def test_a_part_that_is_not_xml() -> None:
    assert code_of(_with_part("xl/workbook.xml", b"<workbook", b"<<<")) == "table.damaged"


def test_a_large_file_is_refused_before_it_is_read() -> None:
    assert code_of(b"a,b\n" * (17 * 2**20), "a.csv") == "table.too_large"


def test_numbers_dates_and_truth_values_keep_their_types() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([1, 1.5, True, None, "x"])
    out = io.BytesIO()
    book.save(out)
    assert [type(cell) for cell in cells(out.getvalue(), "a.xlsx")[0]] == [float, float, bool, str, str]


@cache
def _made(filename: str) -> bytes:
    """A workbook says when it was made: made anew in another second it is another one, of another length."""
    return FILES[filename]()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_damaged_file_is_read_or_refused(filename: str, data: st.DataObject) -> None:
    content = bytearray(_made(filename))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        sheets = read(bytes(content[: cut or None]), filename)
    except TableError:
        return
    assert all(isinstance(row, list) for sheet in sheets for row in sheet.rows)
