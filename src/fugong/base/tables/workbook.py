"""Handing a list back: the user's own workbook with the wrong cells marked, and a template for those who have none."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from fugong.base.tables.model import Broken, Cell, Column, Finding, Sheet, Spec, best_word
from fugong.base.tables.reading import read

_AUTHOR = "Fugong 复工"
_RED, _YELLOW = "FFC7CE", "FFEB9C"
_COMMENT_WIDTH = 420
_LINE_HEIGHT, _CHARACTERS_A_LINE = 18, 44
_TEMPLATE_ROWS = 5_000

Marks = dict[str, dict[tuple[int, int], list[Finding]]]
"""Findings by sheet and by (row, column), both 0-based."""


def error_workbook(data: bytes, filename: str, errors: Iterable[Finding], warnings: Iterable[Finding] = ()) -> bytes:
    """The user's own file as .xlsx, the cells in error red and the doubtful ones yellow, each with a comment.

    An .xlsx keeps its sheets, formulas and formats; of any other file a workbook of the same cells is made. Marks of
    an earlier round are taken out. The comment says what to do, in Chinese and in English.
    """
    marks = _by_cell([*errors, *warnings])
    if data.startswith(b"PK"):
        try:
            return _annotate(data, marks)
        except Exception:  # noqa: BLE001, S110, RUF100  (openpyxl fails in many ways on files that Excel and we can read)
            pass
    return _rebuild(read(data, filename), marks)


def _by_cell(findings: Iterable[Finding]) -> Marks:
    marks: Marks = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        marks[finding.sheet][finding.row - 1, finding.index or 0].append(finding)
    return marks


def _comment(findings: Sequence[Finding]) -> str:
    chinese = dict.fromkeys(finding.fault.in_language("zh-hans") for finding in findings)
    english = dict.fromkeys(finding.fault.in_language("en") for finding in findings)
    return "\n".join([*chinese, *english])


def _colour(findings: Sequence[Finding]) -> str:
    return _YELLOW if all(finding.fault.warning for finding in findings) else _RED


def _height(text: str) -> int:
    lines = sum(
        1 + sum(2 if ord(char) > 255 else 1 for char in line) // _CHARACTERS_A_LINE for line in text.split("\n")
    )
    return _LINE_HEIGHT * (lines + 1)


def _annotate(data: bytes, marks: Marks) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data), keep_vba=False)
    for sheet in book.worksheets:
        _take_out_earlier_marks(sheet)
        anchors = _anchors(sheet) if sheet.title in marks else {}
        found: dict[tuple[int, int], list[Finding]] = defaultdict(list)
        for (row, column), findings in marks.get(sheet.title, {}).items():
            found[anchors.get((row + 1, column + 1), (row + 1, column + 1))].extend(findings)
        for (row, column), findings in found.items():
            cell = sheet.cell(row, column)
            text = _comment(findings)
            if cell.comment:
                text = f"{text}\n\n{cell.comment.text}"
            cell.comment = Comment(text, _AUTHOR, height=_height(text), width=_COMMENT_WIDTH)
            cell.fill = PatternFill("solid", start_color=_colour(findings))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _anchors(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """For every cell inside a merged range, the one that can carry a mark: its upper left."""
    return {
        place: (merged.min_row, merged.min_col)
        for merged in sheet.merged_cells.ranges
        for row in merged.rows
        for place in row
    }


def _take_out_earlier_marks(sheet: Any) -> None:
    # (iter_rows would make a cell of every blank place between the first and the last.)
    for cell in list(sheet._cells.values()):
        comment = getattr(cell, "comment", None)
        if comment is not None and comment.author == _AUTHOR:
            cell.comment = None
            if str(cell.fill.start_color.rgb)[-6:] in {_RED, _YELLOW}:
                cell.fill = PatternFill()


def _rebuild(sheets: Sequence[Sheet], marks: Marks) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    formats = _Formats(book)
    for sheet in sheets:
        # Characters that Excel refuses in the name of a sheet, and its limit of 31.
        title = "".join(char for char in sheet.name if char not in "[]:*?/\\").strip("'")[:31]
        page = book.add_worksheet(title or None)
        page.set_column(0, max((len(row) for row in sheet.rows), default=1), 16)
        if sheet.hidden:
            page.hide()
        anchors = _merge(page, sheet)
        found: dict[tuple[int, int], list[Finding]] = defaultdict(list)
        for place, findings in marks.get(sheet.name, {}).items():
            found[anchors.get(place, place)].extend(findings)
        for number, row in enumerate(sheet.rows):
            for index, cell in enumerate(row):
                _write(page, (number, index), cell, formats, "")
        for (number, index), findings in found.items():
            row = sheet.rows[number] if number < len(sheet.rows) else []
            _write(page, (number, index), row[index] if index < len(row) else None, formats, _colour(findings))
            text = _comment(findings)
            options = {"author": _AUTHOR, "x_scale": _COMMENT_WIDTH / 128, "height": _height(text)}
            page.write_comment(number, index, text, options)
    book.close()
    return out.getvalue()


def _merge(page: Any, sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Merge what is merged in the sheet; the upper left of every cell inside."""
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in sheet.merged:
        inside = {(row, column): (top, left) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(inside) > 1 and not anchors.keys() & inside:
            page.merge_range(top, left, bottom, right, "")
            anchors |= inside
    return anchors


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[str, str], Any] = {}

    def get(self, number_format: str, colour: str) -> Any:
        """The format of cells with this number format and background ("" for none)."""
        key = number_format, colour
        if key not in self.made:
            self.made[key] = self.book.add_format(
                {"num_format": number_format or "General"} | ({"bg_color": f"#{colour}"} if colour else {})
            )
        return self.made[key]


def _write(page: Any, place: tuple[int, int], cell: Cell, formats: _Formats, colour: str) -> None:
    """Write a cell as what it is; text is never taken for a formula, whatever it begins with."""
    row, column = place
    if cell is None or cell == "":
        if colour:
            page.write_blank(row, column, None, formats.get("", colour))
    elif isinstance(cell, str):
        page.write_string(row, column, cell[:32_767], formats.get("@", colour))
    elif isinstance(cell, Broken):
        page.write_string(row, column, cell.shown, formats.get("@", colour))
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, formats.get("", colour))
    elif isinstance(cell, (int, float)):
        page.write_number(row, column, cell, formats.get("", colour))
    else:
        page.write_datetime(row, column, cell, formats.get(_date_format(cell), colour))


def _date_format(cell: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(cell, dt.datetime):
        return "yyyy-mm-dd hh:mm:ss"
    if isinstance(cell, dt.date):
        return "yyyy-mm-dd"
    return "hh:mm:ss" if isinstance(cell, dt.time) else "[h]:mm:ss"


def template(spec: Spec, language: str) -> bytes:
    """An empty list to fill in: the header, formats that keep numbers whole, drop-down lists, and an explanation."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    with override(language):
        _write_list(book, spec, language)
        _write_explanation(book, spec, language)
    book.close()
    return out.getvalue()


def _title(column: Column, language: str) -> str:
    """What stands in the header: the best of the names that people give the field, in that language."""
    name = best_word(column.headers, chinese=language.startswith("zh"))
    return name[:1].upper() + name[1:]


def _write_list(book: Any, spec: Spec, language: str) -> None:
    page = book.add_worksheet(str(spec.title)[:31].capitalize())
    page.freeze_panes(1, 0)
    look = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "num_format": "@"}
    needed = book.add_format(look | {"bg_color": "#FCE4D6"})
    optional = book.add_format(look | {"bg_color": "#EDEDED"})
    as_text = book.add_format({"num_format": "@"})
    for index, column in enumerate(spec.columns):
        title = _title(column, language)
        page.set_column(index, index, 24 if column.as_text else 16, as_text)
        page.write_string(0, index, f"{title}*" if column.required else title, needed if column.required else optional)
        if column.choices:
            choices = [best_word(words, chinese=language.startswith("zh")) for words in column.choices]
            listed = {"validate": "list", "source": choices, "error_type": "warning"}
            page.data_validation(1, index, _TEMPLATE_ROWS, index, listed)


def _write_explanation(book: Any, spec: Spec, language: str) -> None:
    page = book.add_worksheet(_("How to fill it in")[:31])
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#EDEDED"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 10)
    page.set_column(2, 2, 60, wrapped)
    page.set_column(3, 3, 28)
    for index, heading in enumerate((_("column"), _("needed"), _("what to write"), _("example"))):
        page.write_string(0, index, heading, bold)
    for row, column in enumerate(spec.columns, start=1):
        page.write_string(row, 0, _title(column, language))
        page.write_string(row, 1, _("yes") if column.required else "")
        page.write_string(row, 2, str(column.hint))
        if column.example:
            page.write_string(row, 3, _("e.g. %(example)s") % {"example": column.example})
