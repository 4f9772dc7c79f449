"""What a spreadsheet is declared to hold, and what was found in one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from fugong.base.faults import Fault, Text


class Broken(NamedTuple):
    """A cell whose formula failed, e.g. ``#N/A``."""

    shown: str


Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | Broken | None
Values = dict[str, Any]


class TableError(Fault):
    """The whole file (or none of its sheets) can be used; the sentence says what to do."""


class CellError(Fault):
    """A cell that cannot be understood; the sentence says what to write instead."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A parsed value about which something is doubtful: the row goes in, and the warnings are shown."""

    value: Any
    warnings: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column that we understand.

    `headers` are the names that people give it, best first; `parse` turns a filled cell into a value (None counts as
    blank) or raises `CellError`; `shape` recognises a cell that can be nothing else (finds lists without a header);
    `hint` and `example` go into the template; so do the `choices`, as a drop-down list (for each answer one word, or
    its words in Chinese and in English, the best first); `as_text` formats its cells as text.
    """

    name: str
    title: Text
    headers: tuple[str, ...]
    parse: Callable[[Any], Any]
    required: bool = False
    shape: Callable[[str], object] | None = None
    hint: Text = ""
    example: Text = ""
    choices: tuple[str | tuple[str, ...], ...] = ()
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """One kind of list that people upload.

    `key` names the columns that identify a row: the same key twice is a repetition or a contradiction. `check` sees
    the values of a row whose key is there (any other cell may be in error or blank, and None); it may replace or add
    values, and yields what is wrong with the row (`Fault`, with `field`).
    """

    kind: str
    title: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    check: Callable[[Values], Iterable[Fault]] | None = None

    def column(self, name: str) -> Column:
        """The column of that name (`KeyError`)."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(slots=True)
class Sheet:
    """One sheet as read: `rows[0]` is row 1 of the user's sheet; blank cells are "" or None."""

    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How one sheet is laid out: where its header stands, and which column is which field.

    `first` and `last` are the header's rows (0-based, both inclusive; `last` is -1 where there is no header);
    `mapping` takes a column's index to our field; `missing` are the required fields that no column gives; `ignored`
    says why the sheet takes no part.
    """

    sheet: str
    first: int
    last: int
    headers: tuple[str, ...]
    mapping: Mapping[int, str]
    missing: tuple[str, ...] = ()
    ignored: Fault | None = None

    @property
    def unmapped(self) -> dict[int, str]:
        """The user's headers that no field of ours takes, by column index."""
        return {index: text for index, text in enumerate(self.headers) if text and index not in self.mapping}

    def header(self, index: int) -> str:
        """The user's own header of a column, or its letter where it has none."""
        text = self.headers[index] if index < len(self.headers) else ""
        return text or letter(index)

    def ignore(self, why: Fault) -> Layout:
        """The same layout, taking no part."""
        return replace(self, ignored=why)


@dataclass(frozen=True, slots=True)
class Override:
    """What the user says about a sheet in place of what was recognised.

    `header_row` is 1-based as in the user's sheet, 0 for "there is none"; `mapping` takes column indexes to our
    fields (None: not one of ours); `use` takes in a sheet that would be ignored, or ignores it.
    """

    header_row: int | None = None
    mapping: Mapping[int, str | None] = field(default_factory=dict)
    use: bool | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, and where it stands: sheet, row as in the user's sheet, column by the user's header or letter."""

    sheet: str
    row: int
    index: int | None
    column: str
    field: str | None
    fault: Fault

    @property
    def code(self) -> str:
        """The stable identifier of what is wrong."""
        return self.fault.code

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language in force."""
        return self.fault.message

    def as_json(self) -> dict[str, Any]:
        """sheet, row, column, code, message."""
        return {"sheet": self.sheet, "row": self.row, "column": self.column, "code": self.code, "message": self.message}


@dataclass(slots=True)
class Row:
    """One data row: `row` as in the user's sheet (1-based).

    A field whose column is not in the sheet is not in `values`; a blank cell gives None.
    """

    sheet: str
    row: int
    values: Values
    errors: Sequence[Finding] = ()
    warnings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is not blank and is no data, or says again what another row says; with the reason."""

    sheet: str
    row: int
    reason: Fault

    def as_json(self) -> dict[str, Any]:
        """sheet, row, code, message."""
        return {"sheet": self.sheet, "row": self.row, "code": self.reason.code, "message": self.reason.message}


@dataclass(slots=True)
class Parsed:
    """All rows of an upload. Blank rows don't count; every other row below a header is in `rows` or in `skipped`."""

    rows: list[Row]
    skipped: list[Skipped]
    columns: dict[str, str]
    layouts: tuple[Layout, ...]

    @property
    def total(self) -> int:
        """How many rows there are: those in `rows` and those skipped."""
        return len(self.rows) + len(self.skipped)

    @property
    def valid(self) -> list[Row]:
        """The rows without an error."""
        return [row for row in self.rows if not row.errors]

    @property
    def in_error(self) -> int:
        """How many rows have at least one error."""
        return sum(1 for row in self.rows if row.errors)

    @property
    def errors(self) -> list[Finding]:
        """Every error of every row, in the order of the sheets."""
        return [finding for row in self.rows for finding in row.errors]

    @property
    def warnings(self) -> list[Finding]:
        """Every warning of every row, in the order of the sheets."""
        return [finding for row in self.rows for finding in row.warnings]

    @property
    def ignored(self) -> list[Layout]:
        """The sheets that took no part; `ignored` of each says why."""
        return [layout for layout in self.layouts if layout.ignored]


def best_word(words: str | tuple[str, ...], *, chinese: bool) -> str:
    """The first of the words that is in the language; the first of all where none is."""
    if isinstance(words, str):
        return words
    return next((word for word in words if word.isascii() != chinese), words[0])


def letter(index: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def blank(cell: Cell) -> bool:
    """Whether nothing is written in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\u3000\xa0\u200b\ufeff'"))
