"""Every messy file gives exactly what was written down for it by hand: rows, errors, warnings, skipped rows, columns.

In `expected/*.json` a row is named "sheet!row"; values that are blank are left out; a date is ISO text, a place is as
written (with "=code" where a code is known); `kind` stands only where it is no resident identity card.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from fugong.base.tables import Finding, Parsed, TableError, read, recognise, rows
from fugong.base.tables.parsers import Place
from fugong.registry.roster.spec import roster
from tables.files import FILES, TODAY

EXPECTED = Path(__file__).parent / "expected"


def outcome(data: bytes, filename: str) -> dict[str, Any]:
    """What comes of a file, in the form of the expected JSON."""
    spec = roster(TODAY)
    try:
        sheets = read(data, filename)
        parsed = rows(sheets, recognise(sheets, spec), spec)
    except TableError as error:
        return {"refused": error.code}
    return {
        "total": parsed.total,
        "columns": parsed.columns,
        "rows": {f"{row.sheet}!{row.row}": _plain(row.values) for row in parsed.valid},
        "errors": [_place(finding) for finding in parsed.errors],
        "warnings": [_place(finding) for finding in parsed.warnings],
        "skipped": [f"{item.sheet}!{item.row} {item.reason.code}" for item in parsed.skipped],
        "ignored": {layout.sheet: layout.ignored.code for layout in parsed.ignored if layout.ignored},
    }


def _place(finding: Finding) -> str:
    return f"{finding.sheet}!{finding.row} [{finding.column}] {finding.code}"


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    plain = {name: _simple(value) for name, value in values.items() if value is not None and name != "document"}
    kind = values["document"].kind
    return plain | ({} if kind == "resident" else {"kind": kind})


def _simple(value: Any) -> Any:
    if isinstance(value, Place):
        return value.written if value.code is None else f"{value.written}={value.code}"
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("filename", FILES)
def test_a_messy_file_gives_what_was_written_down(filename: str) -> None:
    expected = json.loads((EXPECTED / f"{Path(filename).stem}.json").read_text("utf-8"))
    assert outcome(FILES[filename](), filename) == expected


def test_every_expectation_has_its_file() -> None:
    assert {path.stem for path in EXPECTED.glob("*.json")} == {Path(name).stem for name in FILES}


@pytest.mark.parametrize("filename", FILES)
def test_every_row_that_is_not_blank_is_accounted_for(filename: str) -> None:
    spec = roster(TODAY)
    try:
        sheets = read(FILES[filename](), filename)
        parsed = rows(sheets, recognise(sheets, spec), spec)
    except TableError:
        return  # (the other test says which files are refused)
    named = [(row.sheet, row.row) for row in parsed.rows] + [(item.sheet, item.row) for item in parsed.skipped]
    assert len(named) == len(set(named)) == parsed.total == len(parsed.valid) + parsed.in_error + len(parsed.skipped)
    assert set(named) == _filled_rows(sheets, parsed)


def _filled_rows(sheets: Any, parsed: Parsed) -> set[tuple[str, int]]:
    """The rows below a header that have anything in them (on a sheet without a whole header: those with a number)."""
    filled = set()
    for sheet, layout in zip(sheets, parsed.layouts, strict=True):
        if layout.ignored:
            continue
        for number, row in enumerate(sheet.rows[layout.last + 1 :], start=layout.last + 2):
            texts = [str(cell).strip(" \u3000\xa0") for cell in row if cell is not None]
            if any(len(text) == 18 for text in texts) if layout.missing else any(texts):
                filled.add((sheet.name, number))
    return filled
