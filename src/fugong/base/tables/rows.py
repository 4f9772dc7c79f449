"""From cells to values: every row below a header becomes a row, right or wrong, or is skipped with a reason.

Columns are parsed one after the other, each distinct text once; only rows in which something is wrong or missing are
looked at again, to tell blank rows, totals, notes and repeated headers from rows in error.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fugong.base.characters import tidy
from fugong.base.faults import Fault
from fugong.base.personal import numbers_masked
from fugong.base.tables.layout import Titles, header_key, names_of, require, shaped
from fugong.base.tables.model import (
    Broken,
    Cell,
    CellError,
    Column,
    Finding,
    Layout,
    Noted,
    Parsed,
    Row,
    Sheet,
    Skipped,
    Spec,
    TableError,
    Values,
    blank,
)

_BLANKS = frozenset(("-", "--", "—", "——", "－", "/", "\\", "N/A", "n/a", "NULL", "null", "#N/A", "　"))
_TOTALS = re.compile(
    r"^(本页)?(合计|总计|小计|共计|总数|总人数|人数合计|汇总|累计|(sub)?totals?|sum|count|共(?=\d))(?![a-z\u4e00-\u9fff])"
    r"|^(本页)?(合计|总计|小计|共计|累计)(人数|人次|共|为|人)|^共\d+[人名条行个]",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"^(注|备注|说明|填表|填报|制表|审核|审批|负责人|经办|联系人|单位|盖章|日期|以上|以下|提示|note|remark|prepared|approved)",
    re.IGNORECASE,
)
_HAN = re.compile("[\u4e00-\u9fff]")
_SENTENCE = 15  # no name has as many Chinese characters
_EXAMPLES = frozenset(("例", "示例", "样例", "范例", "例子", "例如", "example", "Example", "sample", "e.g."))
_ABSENT = object()

Faults = dict[int, list[Fault]]
"""What is wrong, by the index of the row in the body of the sheet."""


def rows(sheets: Sequence[Sheet], layouts: Sequence[Layout], spec: Spec) -> Parsed:
    """Every row of every sheet that takes part.

    Raises `TableError` when no sheet can be used, or when none has a row below its header.
    """
    require(layouts, spec)
    by_name = {sheet.name: sheet for sheet in sheets}
    found: list[Row] = []
    skipped: list[Skipped] = []
    columns: dict[str, str] = {}
    for layout in layouts:
        if layout.ignored:
            continue
        if not layout.missing:
            for index, name in layout.mapping.items():
                columns.setdefault(name, layout.header(index))
        body = _Body(by_name[layout.sheet], layout, spec)
        found.extend(body.rows)
        skipped.extend(body.skipped)
    if not found and not skipped:
        raise TableError("table.no_rows")
    found, repeated = _settle_repetitions(found, spec, {layout.sheet: layout for layout in layouts})
    order = {layout.sheet: place for place, layout in enumerate(layouts)}
    skipped = sorted(skipped + repeated, key=lambda item: (order[item.sheet], item.row))
    return Parsed(found, skipped, columns, tuple(layouts))


@dataclass
class _Body:
    """The rows below one header."""

    sheet: Sheet
    layout: Layout
    spec: Spec
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = _fill_merged(self.sheet, self.layout)
        self.faults: Faults = defaultdict(list)
        self.warnings: Faults = defaultdict(list)
        if self.layout.missing:
            self._refuse()
        else:
            self._parse()

    def _refuse(self) -> None:
        """A sheet without a (whole) header whose rows look like data: nobody's row is dropped without a word."""
        missing = Titles(self.spec, self.layout.missing)
        fault = CellError("row.columns_missing", missing=missing) if self.layout.mapping else CellError("row.no_header")
        for index, row in enumerate(self.cells):
            if shaped(row, self.spec):
                number = self.layout.last + 2 + index
                self.rows.append(Row(self.sheet.name, number, {}, (locate(fault, self.layout, number),)))

    def _parse(self) -> None:
        columns = [(index, self.spec.column(name)) for index, name in self.layout.mapping.items()]
        parsed = [self._parse_column(index, column) for index, column in columns]
        for (_index, column), found in zip(columns, parsed, strict=True):
            if column.required and None in found:
                self._require(column, found)
        kinds = {index: self._kind(index) for index in sorted(self.faults)} | self._examples()
        names = [column.name for _index, column in columns]
        check, sheet, first = self.spec.check, self.sheet.name, self.layout.last + 2
        faults, warnings = self.faults, self.warnings
        for index, cells in enumerate(zip(*parsed, strict=True)):
            values = dict(zip(names, cells, strict=True))
            if check is not None and kinds.get(index) is None and (index not in faults or self._whole(values)):
                for fault in check(values):
                    (warnings if fault.warning else faults)[index].append(fault)
                if index in faults and index not in kinds:
                    kinds[index] = self._kind(index)
            kind = kinds.get(index)
            if kind:
                self.skipped.append(Skipped(sheet, first + index, CellError(kind)))
            elif kind is None and (index in faults or index in warnings):
                self.rows.append(self._marked(index, values))
            elif kind is None:
                self.rows.append(Row(sheet, first + index, values))

    def _whole(self, values: Values) -> bool:
        """Whether a row in error can be told apart, so that its check can say the rest in the same round."""
        return all(values.get(name) is not None for name in self.spec.key)

    def _parse_column(self, index: int, column: Column) -> list[Any]:
        """The values of a column; what is wrong goes into `faults`, what is doubtful into `warnings`."""
        parse: Callable[[Any], Any] = column.parse
        known: dict[str, Any] = {"": None}
        values: list[Any] = []
        append = values.append
        for place, row in enumerate(self.cells):
            cell = row[index] if index < len(row) else None
            if type(cell) is str:
                value = known.get(cell, _ABSENT)
                if value is _ABSENT:
                    value = known[cell] = _parse(parse, cell)
            else:
                value = None if cell is None else _parse(parse, cell)
            if type(value) is Noted or isinstance(value, Fault):
                value = self._set_aside(value, place, column.name)
            append(value)
        return values

    def _set_aside(self, value: Noted | Fault, place: int, name: str) -> Any:
        if isinstance(value, Fault):
            self.faults[place].append(_about(value, name))
            return None
        self.warnings[place].extend(_about(warning, name) for warning in value.warnings)
        return value.value

    def _require(self, column: Column, values: list[Any]) -> None:
        fault = CellError("cell.required", field=column.name, title=column.title)
        for place, value in enumerate(values):
            if value is None and not any(known.field == column.name for known in self.faults.get(place, ())):
                self.faults[place].append(fault)

    def _examples(self) -> dict[int, str]:
        """The rows that say, left of the list's own columns, that they are an example."""
        left = range(min(self.layout.mapping))
        return {
            place: "row.example"
            for index in left
            for place, row in enumerate(self.cells)
            if index < len(row) and type(cell := row[index]) is str and tidy(cell).rstrip(":：") in _EXAMPLES
        }

    def _kind(self, index: int) -> str | None:
        """What a row is in which something is wrong: "" (blank), the code of a reason to skip it, or None: data."""
        row = self.sheet.rows[self.layout.last + 1 + index]
        filled = [(place, cell) for place, cell in enumerate(row) if not blank(cell)]
        if not filled:
            return ""
        if shaped(row, self.spec):
            return None
        return self._reason_to_skip(filled)

    def _reason_to_skip(self, filled: list[tuple[int, Cell]]) -> str | None:
        texts = [tidy(cell) for _place, cell in filled if isinstance(cell, str)]
        if any(_TOTALS.match(text.replace(" ", "")) for text in texts[:2]):
            return "row.totals"
        if self._is_header(filled):
            return "row.header_again"
        alone = len(texts) == 1 and len(_HAN.findall(texts[0])) > _SENTENCE
        if texts and len(texts) == len(filled) <= 3 and (alone or _NOTES.match(texts[0])):
            return "row.note"
        ours = any(place in self.layout.mapping for place, _cell in filled)
        return None if ours else "row.nothing_of_ours"

    def _is_header(self, filled: list[tuple[int, Cell]]) -> bool:
        names = names_of(self.spec)
        mapped = [(place, cell) for place, cell in filled if place in self.layout.mapping]
        same = 0
        for place, cell in mapped:
            if not isinstance(cell, str):
                return False
            match = names.match(cell)
            same += (match is not None and match[0] == self.layout.mapping[place]) or (
                header_key(cell) == header_key(self.layout.header(place))
            )
        return same >= 2 and same * 2 > len(mapped)

    def _marked(self, index: int, values: Values) -> Row:
        number = self.layout.last + 2 + index
        errors = tuple(locate(fault, self.layout, number) for fault in self.faults.get(index, ()))
        warnings = tuple(locate(fault, self.layout, number) for fault in self.warnings.get(index, ()))
        return Row(self.sheet.name, number, values, errors, warnings)


def _parse(parse: Callable[[Any], Any], cell: Any) -> Any:
    """The value of a cell, None when it is blank, or the fault (returned, so that it is remembered like a value)."""
    if type(cell) is Broken:
        return CellError("cell.formula_failed", shown=cell.shown)
    if type(cell) is float and not math.isfinite(cell):
        return CellError("cell.formula_failed", shown=str(cell))
    if type(cell) is str and (cell in _BLANKS or tidy(cell) in _BLANKS or blank(cell)):
        return None
    try:
        return parse(cell)
    except Fault as fault:
        return fault


def _about(fault: Fault, name: str) -> Fault:
    if fault.field is None:
        fault.field = name
    return fault


def locate(fault: Fault, layout: Layout, number: int) -> Finding:
    """Where a fault of a row stands: the column of its field, or of the first field where it concerns the whole row."""
    index = next((place for place, name in layout.mapping.items() if name == fault.field), None)
    if index is None:
        index = next(iter(layout.mapping), None)
    column = numbers_masked(layout.header(index or 0))
    return Finding(layout.sheet, number, index, column, fault.field, _discreet(fault))


def _discreet(fault: Fault) -> Fault:
    """The fault without somebody's number in its sentence: a cell that is wrong may stand in the wrong column."""
    # Dates, amounts and codes of divisions have up to eight digits of their own.
    least = 9 if fault.code.startswith(("date.", "time.", "moment.", "number.", "division.")) else 6
    told = {
        name: numbers_masked(value, least)
        for name, value in fault.params.items()
        if name in ("value", "shown") and isinstance(value, str)
    }
    if not told or told.items() <= fault.params.items():
        return fault
    return type(fault)(fault.code, field=fault.field, warning=fault.warning, **{**fault.params, **told})


def _fill_merged(sheet: Sheet, layout: Layout) -> list[list[Cell]]:
    """The rows below the header, with cells merged downwards (one workshop beside ten people) filled in."""
    first = layout.last + 1
    cells = sheet.rows[first:]
    for (top, left), (bottom, _right) in sheet.merged:
        if top < first or bottom == top or left not in layout.mapping or top >= len(sheet.rows):
            continue
        value = sheet.rows[top][left] if left < len(sheet.rows[top]) else None
        for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
            if any(not blank(cell) for cell in sheet.rows[row]) and left < len(sheet.rows[row]):
                copy = list(cells[row - first])
                copy[left] = value
                cells[row - first] = copy
    return cells


def _settle_repetitions(found: list[Row], spec: Spec, layouts: dict[str, Layout]) -> tuple[list[Row], list[Skipped]]:
    """Rows with the same key: those that say nothing new are skipped, those that contradict each other are wrong."""
    first: dict[tuple[Any, ...], Row] = {}
    again: dict[tuple[Any, ...], list[Row]] = {}
    names = spec.key
    for row in found:
        values = row.values
        key = tuple([values.get(name) for name in names])
        if None in key:
            continue
        before = first.setdefault(key, row)
        if before is not row:
            again.setdefault(key, [before]).append(row)
    skipped: list[Skipped] = []
    for group in again.values():
        skipped.extend(_settle(group, spec, layouts))
    if not skipped:
        return found, skipped
    gone = {(item.sheet, item.row) for item in skipped}
    return [row for row in found if (row.sheet, row.row) not in gone], skipped


def _settle(group: list[Row], spec: Spec, layouts: dict[str, Layout]) -> list[Skipped]:
    skipped: list[Skipped] = []
    kept: list[Row] = []
    for row in group:
        same = next((other for other in kept if not row.errors and not other.errors and _covers(other, row)), None)
        if same is not None:
            skipped.append(Skipped(row.sheet, row.row, CellError("row.repeated", sheet=same.sheet, row=same.row)))
            continue
        weaker = [other for other in kept if not row.errors and not other.errors and _covers(row, other)]
        for other in weaker:
            kept.remove(other)
            skipped.append(Skipped(other.sheet, other.row, CellError("row.repeated", sheet=row.sheet, row=row.row)))
        kept.append(row)
    opposed = [(row, next((other for other in kept if _oppose(row, other)), None)) for row in kept]
    for row, opponent in opposed:
        if opponent is not None:
            _contradict(row, opponent, spec, layouts[row.sheet])
    return skipped


def _oppose(one: Row, other: Row) -> bool:
    """Whether each of two rows says something that the other does not (beside a cell in error)."""
    return one is not other and not _covers(one, other) and not _covers(other, one)


def _covers(one: Row, other: Row) -> bool:
    """Whether the first row says everything that the other says."""
    values = one.values
    return all(value is None or values.get(name) == value for name, value in other.values.items())


def _contradict(row: Row, other: Row, spec: Spec, layout: Layout) -> None:
    """Mark a row as wrong because another one says something else of the same."""
    named = {column.name for column in spec.columns}
    both = row.values.keys() | other.values.keys()
    differing = tuple(
        column.name
        for column in spec.columns
        if column.name in named & both and row.values.get(column.name) != other.values.get(column.name)
    )
    fault = CellError(
        "row.contradicts", field=spec.key[-1], sheet=other.sheet, row=other.row, columns=Titles(spec, differing)
    )
    row.errors = (*row.errors, locate(fault, layout, row.row))
