"""Layouts: an office's own workbook, whose cells hold placeholders such as ``{name}``; one row of them stands for every row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import openpyxl
from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from fugong.submissions.errors import SubmissionError
from fugong.submissions.lists import kinds
from fugong.submissions.models import Layout

MOST, MOST_UNPACKED, MOST_ROWS, MOST_COLUMNS = 500_000, 20_000_000, 80, 60
"""Bytes of a layout's file, of what is in it, rows above and below, columns."""
OF_LIST = ("town", "office", "version", "as_of", "signed_at", "signed_by", "count", "total", "note", "digest")
"""What a layout may say of the list as a whole."""
OF_ROW = ("row",)
"""What it may say of a row besides the list's own columns: its number."""
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a layout: what stands in it, and how it looks (the style of openpyxl, taken apart)."""

    value: Any
    look: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A layout taken apart: the rows above, the one that stands for every row, those below; widths, heights and merged cells."""

    above: list[list[Cell]]
    row: list[Cell]
    below: list[list[Cell]]
    widths: dict[int, float]
    heights: dict[int, float]
    merged: list[tuple[int, int, int, int]]
    sheet: str


@transaction.atomic
def add(*, kind: str, name: str, content: bytes, now: int, actor: UUID | None) -> Layout:
    """Keep a layout for a kind of list. Raises SubmissionError with the cell that is wrong."""
    if not name.strip():
        raise SubmissionError("layout.no_name", field="name")
    if Layout.objects.filter(kind=kind, name=name.strip(), used=True).exists():
        raise SubmissionError("layout.name_taken", field="name", name=name.strip())
    taken_apart(content, kind)
    return Layout.objects.create(
        kind=kind, name=name.strip()[:64], content=content, added_at=now, actor_id=actor
    )  # fmt: skip


@transaction.atomic
def drop(*, layout: UUID) -> None:
    """Use a layout no longer; lists that were handed out in it stay as they are."""
    Layout.objects.filter(pk=layout).update(used=False)


def taken_apart(content: bytes, kind: str) -> Form:
    """What a layout's workbook says. Raises SubmissionError."""
    _require_small(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content))
    except Exception:
        raise SubmissionError("layout.not_xlsx", field="file") from None
    sheet = book.worksheets[0]
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise _too_large()
    own = {one.name for one in kinds()[kind].columns} | set(OF_ROW)
    at = _row_of_placeholders(sheet, own, kind)
    rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
    return Form(
        rows[: at - 1], rows[at - 1], rows[at:],
        {
            number: sheet.column_dimensions[get_column_letter(number)].width
            for number in range(1, sheet.max_column + 1)
            if get_column_letter(number) in sheet.column_dimensions
        },
        {n: one.height for n, one in sheet.row_dimensions.items() if one.height},
        [(one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells.ranges], sheet.title,
    )  # fmt: skip


def _require_small(content: bytes) -> None:
    if len(content) > MOST:
        raise _too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
    except zipfile.BadZipFile:
        raise SubmissionError("layout.not_xlsx", field="file") from None
    if unpacked > MOST_UNPACKED:
        raise _too_large()


def _too_large() -> SubmissionError:
    return SubmissionError("layout.too_large", field="file", most=MOST // 1000, rows=MOST_ROWS, columns=MOST_COLUMNS)


def _row_of_placeholders(sheet: Any, own: set[str], kind: str) -> int:
    """In which row those of a person or post stand. Raises SubmissionError where there is none, or two."""
    found: dict[int, None] = {}
    for row in sheet.iter_rows():
        for cell in row:
            for name in PLACEHOLDER.findall(cell.value) if isinstance(cell.value, str) else ():
                if name in own:
                    found.setdefault(cell.row)
                elif name not in OF_LIST:
                    raise SubmissionError(
                        "layout.unknown", field="file", cell=cell.coordinate, name=f"{{{name}}}",
                        known=_(", ").join(sorted({f"{{{one}}}" for one in (*own, *OF_LIST)})),
                    )  # fmt: skip
    if not found:
        raise SubmissionError("layout.no_row", field="file")
    if len(found) > 1:
        first, second = list(found)[:2]
        raise SubmissionError("layout.two_rows", field="file", first=first, second=second)
    return next(iter(found))


def _cell(cell: Any) -> Cell:
    value = cell.value if isinstance(cell.value, str | int | float | bool) else None
    return Cell(value, tuple(sorted(_look(cell).items())) if cell.has_style else ())


def _look(cell: Any) -> dict[str, Any]:
    """A cell's look in the words of xlsxwriter: font, alignment, borders, fill, number format."""
    font, line, fill = cell.font, cell.border, cell.fill
    look: dict[str, Any] = {
        "font_name": font.name, "font_size": font.sz, "bold": bool(font.b), "italic": bool(font.i),
        "align": cell.alignment.horizontal, "valign": _VERTICAL.get(cell.alignment.vertical),
        "text_wrap": bool(cell.alignment.wrap_text), "num_format": cell.number_format,
    }  # fmt: skip
    for side in ("left", "right", "top", "bottom"):
        style = getattr(getattr(line, side), "style", None)
        look[side] = _BORDERS.get(style, 1) if style else 0
    if fill.fill_type == "solid" and isinstance(fill.fgColor.rgb, str):
        look["bg_color"] = f"#{fill.fgColor.rgb[-6:]}"
    return {name: value for name, value in look.items() if value not in (None, False, 0, "General")}


_VERTICAL = {"center": "vcenter", "top": "top", "bottom": "bottom"}
_BORDERS: Mapping[str, int] = {"thin": 1, "medium": 2, "dashed": 3, "dotted": 4, "thick": 5, "double": 6, "hair": 7}
