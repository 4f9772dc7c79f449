"""A signed list as a workbook: in an office's layout or ours, with the difference to the version before as a sheet.

Rows are read and written a thousand at a time, and each goes to the disk when the next one comes (``constant_memory``): a list
of a hundred thousand takes no more memory than one of a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any
from uuid import UUID

import xlsxwriter
from django.utils.translation import gettext as _

from fugong.base import local, personal
from fugong.base.access import looked_at
from fugong.registry.models import Document, Town
from fugong.submissions import queries
from fugong.submissions.lists import Column, ListKind, kinds
from fugong.submissions.models import Layout, Submission, SubmissionRow
from fugong.submissions.rows import in_chinese
from fugong.submissions.services.layouts import PLACEHOLDER, Cell, Form, taken_apart

PURPOSE = "submission"
"""Why a list carries whole document numbers: an office asks for them (``base.reasons.PURPOSES``)."""
CHUNK = 1000
ANSWERS = {"yes": "是", "no": "否", "unknown": "待核"}
SHEETS = {"added": "新增", "gone": "减少", "changed": "变更"}
_BIG, _SMALL = 28, 12


def write(submission: Submission, target: IO[bytes], layout: Layout | None = None) -> None:
    """Write a signed list into a file: the list, and a sheet that says what changed since the version before.

    In the offices' language, whoever asks for it.
    """
    with in_chinese():
        _write(submission, target, layout)


def _write(submission: Submission, target: IO[bytes], layout: Layout | None) -> None:
    kind = kinds()[submission.kind]
    form = taken_apart(bytes(layout.content), submission.kind) if layout is not None else None
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet((form.sheet if form else "名单")[:31])
    if form is None:
        _plain(book, sheet, submission, kind)
    else:
        _filled(book, sheet, submission, kind, form)
    if submission.before_id is not None:
        _differences(book, submission, kind)
    book.close()


def of_list(submission: Submission) -> dict[str, str]:
    """What is said of the list as a whole, by placeholder."""
    town = Town.objects.values_list("division__name", flat=True).first() or ""
    return {
        "town": town, "office": submission.office, "version": str(submission.version), "note": submission.note,
        "as_of": f"{local.to_datetime(submission.as_of):%Y-%m-%d %H:%M}", "count": str(submission.rows),
        "signed_at": f"{local.to_datetime(submission.signed_at or 0):%Y-%m-%d %H:%M}", "total": str(submission.total),
        "signed_by": submission.signed_by, "digest": submission.digest,
    }  # fmt: skip


def _rows(submission: Submission, documents: bool) -> Iterator[tuple[SubmissionRow, str]]:
    """The rows in their order, a thousand at a time, each with the document number where it is wanted."""
    place = 0
    while True:
        rows = list(queries.rows(submission).filter(place__gt=place)[:CHUNK])
        if not rows:
            return
        place = rows[-1].place
        people = [row.subject_id for row in rows] if submission.kind == "not_returned" else []
        looked_at(people, PURPOSE if documents else "")
        numbers = _numbers(people) if documents else {}
        for row in rows:
            yield row, numbers.get(row.subject_id, "")


def _numbers(people: Sequence[UUID]) -> dict[UUID, str]:
    held = Document.objects.filter(worker__in=people, standing=Document.HELD).order_by("worker_id", "pk")
    return {worker: personal.decrypt(bytes(stored)) for worker, stored in held.values_list("worker_id", "encrypted")}


def shown(column: Column, values: Mapping[str, Any], document: str = "") -> str | int:
    """What a cell of a list says."""
    if column.kind == "document":
        return document
    value = values.get(column.name, "")
    if column.kind == "answers":
        answers: Mapping[str, str] = value or {}
        return "；".join(f"{title}：{ANSWERS.get(one, one)}" for title, one in answers.items())
    if column.kind == "number" and isinstance(value, int):
        return value
    return str(value)


def _put(sheet: Any, row: int, column: int, value: str | float, look: Any = None) -> None:
    """A text is a text, whatever it begins with: no cell of a list is a formula."""
    if isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def _plain(book: Any, sheet: Any, submission: Submission, kind: ListKind) -> None:
    """Our own layout: a title, when and by whom it was signed, the columns; no whole document numbers."""
    columns = [one for one in kind.columns if one.kind != "document"]
    about, bold = of_list(submission), book.add_format({"bold": True, "border": 1, "bg_color": "#F0F3F7"})
    for number, one in enumerate(columns):
        sheet.set_column(number, number, _BIG if one.kind == "answers" or one.name == "enterprise" else _SMALL)
    version = _("Version %(version)s") % {"version": about["version"]}
    title = f"{about['town']} {kind.title} {version}"
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, f"{about['office']}　{about['as_of']}　{about['signed_by']}　{about['signed_at']}")
    for number, one in enumerate(columns):
        sheet.write_string(2, number, str(one.title), bold)
    sheet.freeze_panes(3, 0)
    for place, (row, _number) in enumerate(_rows(submission, documents=False), start=3):
        for number, one in enumerate(columns):
            _put(sheet, place, number, shown(one, row.values))


def _filled(book: Any, sheet: Any, submission: Submission, kind: ListKind, form: Form) -> None:
    """An office's layout: what stands above and below once, its row of placeholders for every row."""
    about, looks = of_list(submission), _Looks(book)
    for number, width in form.widths.items():
        sheet.set_column(number - 1, number - 1, width)
    merged = {(top, left): (bottom, right) for top, left, bottom, right in form.merged}
    for place, cells in enumerate(form.above):
        _static(sheet, place, place + 1, cells, about, looks, merged, form.heights)
    place, columns = len(form.above), {one.name: one for one in kind.columns}
    documents = any("{document}" in str(cell.value) for cell in form.row)
    makers = [_maker(cell, columns) for cell in form.row]
    for number, (row, document) in enumerate(_rows(submission, documents), start=1):
        for at, (cell, make) in enumerate(zip(form.row, makers, strict=True)):
            _put(sheet, place, at, make(number, row.values, document), looks.of(cell))
        place += 1
    below = len(form.above) + 2
    for number, cells in enumerate(form.below):
        moved = {(top - below + place + 1, left): (b - below + place + 1, r) for (top, left), (b, r) in merged.items()}
        _static(sheet, place, place + 1, cells, about, looks, moved, {place + 1: form.heights.get(below + number, 0)})
        place += 1


def _maker(cell: Cell, columns: Mapping[str, Column]) -> Callable[[int, Mapping[str, Any], str], str | int]:
    """How a cell of the row is filled for each row of the list."""
    text = cell.value if isinstance(cell.value, str) else ""
    only = PLACEHOLDER.fullmatch(text)
    if only and only[1] == "row":
        return lambda number, values, document: number
    if only and only[1] in columns:
        column = columns[only[1]]
        return lambda number, values, document: shown(column, values, document)

    def made(number: int, values: Mapping[str, Any], document: str) -> str:
        def said(found: Any) -> str:
            name = found[1]
            return (
                str(number) if name == "row" else str(shown(columns[name], values, document)) if name in columns else ""
            )

        return PLACEHOLDER.sub(said, text)

    return made


def _static(
    sheet: Any, place: int, number: int, cells: Sequence[Cell], about: Mapping[str, str], looks: _Looks,
    merged: Mapping[tuple[int, int], tuple[int, int]], heights: Mapping[int, float],
) -> None:  # fmt: skip
    if heights.get(number):
        sheet.set_row(place, heights[number])
    for at, cell in enumerate(cells):
        value = cell.value
        if isinstance(value, str):
            value = PLACEHOLDER.sub(lambda found: about.get(found[1], ""), value)
        look, span = looks.of(cell), merged.get((number, at + 1))
        if (
            span is not None and span[0] == number
        ):  # across one row: what goes to the disk can't be merged upwards later
            sheet.merge_range(place, at, place, span[1] - 1, "", look)
            _put(sheet, place, at, value if value is not None else "", look)
        elif value is not None:
            _put(sheet, place, at, value, look)
        elif look is not None and not _covered(merged, number, at + 1):
            sheet.write_blank(place, at, None, look)


def _covered(merged: Mapping[tuple[int, int], tuple[int, int]], row: int, column: int) -> bool:
    return any(top == row == bottom and left < column <= right for (top, left), (bottom, right) in merged.items())


class _Looks:
    """Formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._known = book, dict[Any, Any]()

    def of(self, cell: Cell) -> Any:
        if not cell.look:
            return None
        if cell.look not in self._known:
            self._known[cell.look] = self._book.add_format(dict(cell.look))
        return self._known[cell.look]


def _differences(book: Any, submission: Submission, kind: ListKind) -> None:
    """What changed since the version before: what it said then stands beside what it says now."""
    sheet = book.add_worksheet("变更")
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#F0F3F7"})
    columns = [one for one in kind.columns if one.kind != "document"]
    titles = [_("Change"), *(str(one.title) for one in columns), _("What was said before")]
    for number, title in enumerate(titles):
        sheet.write_string(0, number, title, bold)
    known = {one.name: one for one in columns}
    for place, one in enumerate(queries.every_difference(submission), start=1):
        sheet.write_string(place, 0, SHEETS[one.change])
        for number, column in enumerate(columns, start=1):
            _put(sheet, place, number, shown(column, one.values))
        before = [
            f"{known[name].title}：{shown(known[name], one.before or {})}" for name in one.changed if name in known
        ]
        sheet.write_string(place, len(columns) + 1, "；".join(before))
