"""Tables as people have them: reading, recognising, checking, handing back with marks, and a template to start from.

    sheets = read(data, filename)
    layouts = recognise(sheets, spec)
    parsed = rows(sheets, layouts, spec)
    marked = error_workbook(data, filename, parsed.errors)

Nothing here knows a database: what a list holds is declared as a `Spec`, and what becomes of its rows is the caller's.
"""

from fugong.base.tables.layout import recognise
from fugong.base.tables.model import (
    Broken,
    Cell,
    CellError,
    Column,
    Finding,
    Layout,
    Noted,
    Override,
    Parsed,
    Row,
    Sheet,
    Skipped,
    Spec,
    TableError,
    letter,
)
from fugong.base.tables.reading import read, read_text
from fugong.base.tables.rows import rows
from fugong.base.tables.workbook import error_workbook, template

__all__ = [
    "Broken",
    "Cell",
    "CellError",
    "Column",
    "Finding",
    "Layout",
    "Noted",
    "Override",
    "Parsed",
    "Row",
    "Sheet",
    "Skipped",
    "Spec",
    "TableError",
    "error_workbook",
    "letter",
    "read",
    "read_text",
    "recognise",
    "rows",
    "template",
]
