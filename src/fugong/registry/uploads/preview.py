"""A list before it is taken in: sheets, headers and columns as recognised, what would happen, and what is wrong where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fugong.base import personal
from fugong.base.access import looked_at
from fugong.base.faults import Fault, Text
from fugong.base.tables import (
    Broken,
    Column,
    Finding,
    Layout,
    Noted,
    Override,
    Parsed,
    Sheet,
    Spec,
    TableError,
    letter,
    read,
    recognise,
)  # fmt: skip
from fugong.base.tables.moments import as_written
from fugong.base.tables.parsers import Place
from fugong.registry import acts
from fugong.registry.imports.lists import List, list_of
from fugong.registry.imports.result import Result
from fugong.registry.models import Employment, Upload

SAMPLE = 4
"""So many of the user's own rows stand below the header."""
WIDEST = 60
"""So many columns are shown."""
MOST_ERRORS = 30
"""So many rows in error are shown; the marked sheet has all."""
MOST_LEAVERS = 500
SECRET = frozenset(("document_number", "phone"))
"""Of columns that hold these, every cell shows its last four characters only."""
_TELEPHONE = 10**10
"""A plain number from here on (eleven digits) is more likely somebody's telephone than an amount."""


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column of the user's sheet: its header, which field it is taken for, and its first cells."""

    index: int
    header: str
    letter: str
    field: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet as recognised."""

    number: int
    name: str
    header_row: int
    used: bool
    why_not: str
    columns: list[ColumnView]
    sample: list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of a row in error: what stands there and what is wrong with it."""

    header: str
    text: str
    messages: list[str]
    warning: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """A row in error (or doubtful) with its cells."""

    sheet: str
    row: int
    cells: list[CellView]


@dataclass(slots=True)
class Preview:
    """What would come of a list. ``parsed`` and ``result`` are None when nothing can be taken in: ``trouble`` says why."""

    what: List
    fields: list[tuple[str, Text, bool]] = field(default_factory=list)
    sheets: list[SheetView] = field(default_factory=list)
    parsed: Parsed | None = None
    result: Result | None = None
    trouble: TableError | None = None
    wrong: list[RowView] = field(default_factory=list)
    wrong_more: int = 0
    layouts: Sequence[Layout] = ()

    @property
    def to_import(self) -> int:
        """How many rows would change something."""
        return self.result.added + self.result.updated if self.result else 0


def content_of(upload: Upload) -> bytes | None:
    """The content of a list, None once it has been deleted."""
    return None if upload.content is None else personal.decrypt_bytes(bytes(upload.content))


def overrides_of(upload: Upload) -> dict[str, Override]:
    """What the user said about the sheets."""
    return acts.overrides_of(upload.overrides)


def look(upload: Upload, now: int) -> Preview:
    """Read the list as it would be taken in now, and write nothing."""
    kind = list_of(upload.kind)
    assert kind is not None
    view = Preview(kind)
    content = content_of(upload)
    if content is None:
        view.trouble = TableError("upload.gone")
        return view
    spec = kind.spec(now)
    view.fields = [(column.name, column.title, column.required) for column in spec.columns]
    sheets = read(content, upload.filename)
    overrides = overrides_of(upload)
    view.layouts = recognise(sheets, spec, overrides)
    view.sheets = [_sheet(number, *pair, spec) for number, pair in enumerate(zip(sheets, view.layouts, strict=True))]
    try:
        view.parsed = kind.parse(sheets, now, overrides)
    except TableError as error:
        view.trouble = error
        return view
    view.result = kind.take_in(parsed=view.parsed, enterprise=upload.enterprise, now=now, dry_run=True)
    _mark(view, sheets, spec)
    return view


def _sheet(number: int, sheet: Sheet, layout: Layout, spec: Spec) -> SheetView:
    first = layout.last + 1
    body = [(place + 1, row) for place, row in enumerate(sheet.rows[first : first + 50], start=first) if any(row)]
    sample = body[:SAMPLE]
    width = min(max([len(layout.headers), *(len(row) for _place, row in sample)]), WIDEST)
    headers = (*map(personal.numbers_masked, layout.headers), *[""] * width)
    columns = _columns(layout, spec)
    return SheetView(
        number, sheet.name, layout.first + 1 if layout.last >= 0 else 0, layout.ignored is None,
        layout.ignored.message if layout.ignored else "",
        [ColumnView(i, headers[i], letter(i), layout.mapping.get(i, "")) for i in range(width)],
        [(place, [shown(row[i], columns.get(i)) if i < len(row) else "" for i in range(width)]) for place, row in sample],
    )  # fmt: skip


def _columns(layout: Layout, spec: Spec) -> dict[int, Column]:
    """The declared column of each mapped one, by index."""
    return {index: spec.column(name) for index, name in layout.mapping.items()}


def shown(cell: Any, column: Column | None) -> str:
    """A cell as the user sees it; of numbers of documents and telephones only the last four characters.

    In a column of such numbers that holds for every cell; elsewhere for whatever looks like one, unless the cell is
    just what its column asks for (a date, an amount, a division, a credit code).
    """
    if cell is None:
        return ""
    text = cell.shown if isinstance(cell, Broken) else as_written(cell)
    if column is not None and column.name in SECRET:
        return personal.number_masked(text)
    return text if column is not None and _as_asked(cell, text, column) else personal.numbers_masked(text)


def _as_asked(cell: Any, text: str, column: Column) -> bool:
    """Whether the cell is just what its column asks for, and that is no free text."""
    if isinstance(cell, Broken) or not text.strip():
        return False
    try:
        value = column.parse(cell)
    except Fault:
        return False
    value = value.value if isinstance(value, Noted) else value
    if isinstance(value, Place):
        return value.code is not None and text.strip().isdigit()
    if isinstance(value, int | float):
        return abs(value) < _TELEPHONE
    return isinstance(value, dt.date | dt.time) or (column.name == "credit_code" and value is not None)


def _mark(view: Preview, sheets: Sequence[Sheet], spec: Spec) -> None:
    """The rows in error first, then the doubtful ones, each with its cells and what is wrong with them."""
    assert view.result is not None
    found: dict[tuple[str, int], list[Finding]] = {}
    for finding in (*view.result.errors, *view.result.warnings):
        found.setdefault((finding.sheet, finding.row), []).append(finding)
    by_name = {sheet.name: sheet for sheet in sheets}
    layouts = {layout.sheet: layout for layout in view.layouts}
    view.wrong = [
        _row(by_name[sheet], layouts[sheet], row, findings, spec)
        for (sheet, row), findings in list(found.items())[:MOST_ERRORS]
    ]
    view.wrong_more = max(len(found) - MOST_ERRORS, 0)


def _row(sheet: Sheet, layout: Layout, number: int, findings: Sequence[Finding], spec: Spec) -> RowView:
    cells = sheet.rows[number - 1]
    by_index: dict[int, list[Finding]] = {}
    for finding in findings:
        by_index.setdefault(finding.index or 0, []).append(finding)
    columns = _columns(layout, spec)
    indexes = sorted({*list(layout.mapping)[:3], *by_index})
    return RowView(
        sheet.name, number,
        [
            CellView(
                personal.numbers_masked(layout.header(index)),
                shown(cells[index] if index < len(cells) else None, columns.get(index)),
                [finding.message for finding in by_index.get(index, ())],
                all(finding.fault.warning for finding in by_index.get(index, ())),
            )
            for index in indexes
        ],
    )  # fmt: skip


def leavers(view: Preview, upload: Upload) -> list[Employment]:
    """Who is employed here and not in the file, by name."""
    if view.result is None or upload.enterprise_id is None:
        return []
    rows = Employment.objects.filter(enterprise_id=upload.enterprise_id, worker_id__in=view.result.missing)
    shown = list(rows.select_related("worker").order_by("worker__name", "pk")[:MOST_LEAVERS])
    looked_at(row.worker_id for row in shown)
    return shown


def revised(view: Preview, upload: Upload, posted: Mapping[str, str]) -> dict[str, Any]:
    """The overrides after a form: only what differs from what is recognised now is said by the user."""
    overrides: dict[str, Any] = {name: dict(said) for name, said in upload.overrides.items()}
    known = {name for name, _title, _required in view.fields}
    for sheet in view.sheets:
        said: dict[str, Any] = {"mapping": {}, **overrides.get(sheet.name, {})}
        header = posted.get(f"header-{sheet.number}", "").strip()
        use = f"use-{sheet.number}" in posted
        if use != sheet.used:
            said["use"] = use
        if header.isdecimal() and int(header) != sheet.header_row:
            said = {"use": said.get("use"), "header": int(header[:6]), "mapping": {}}
        else:
            for column in sheet.columns:
                chosen = posted.get(f"column-{sheet.number}-{column.index}")
                if chosen is None or chosen == column.field or (chosen and chosen not in known):
                    continue
                mapping = {i: name for i, name in said["mapping"].items() if not chosen or name != chosen}
                said["mapping"] = {**mapping, str(column.index): chosen or None}
        overrides[sheet.name] = said
    return overrides
