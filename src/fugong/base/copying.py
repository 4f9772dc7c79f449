"""Rows into PostgreSQL by COPY, many at a time: text built here, so that nothing is adapted value by value."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from django.db import connection

NULL = r"\N"
_CHUNK = 2_000
FEW = 20
"""Up to so many rows are inserted without a temporary table, which would cost more than it saves."""
_BLOAT = 1 << 19
"""From so many bytes on a temporary table gets a new file instead of being emptied row by row."""
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"t": "\t", "n": "\n", "r": "\r"}
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def text(value: str) -> str:
    """A text as a field of a COPY line."""
    return value if value.isalnum() else value.translate(_ESCAPES)


def binary(value: bytes | None) -> str:
    """A byte string as a field of a COPY line; None is NULL."""
    return NULL if value is None else "\\\\x" + value.hex()


def insert_lines(table: str, columns: str, lines: Iterable[str], *, then: str = "") -> list[tuple[Any, ...]]:
    """Add rows to a table: lines (fields joined by tabs, each as this module writes it) by COPY, by way of a temporary one.

    ``columns`` are always the same ones for a table; the others get their defaults. PostgreSQL takes no COPY into a table
    under row-level security; an INSERT passes its policies row by row. ``then`` follows the INSERT (``ON CONFLICT …``,
    ``RETURNING …``); what it returns is returned. Raises Django's database errors.
    """
    incoming = f"incoming_{table}"
    lines = iter(lines)
    first = list(islice(lines, FEW + 1))
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if len(first) <= FEW:
            return _inserted(cursor, table, columns, first, then)
        lines = chain(first, lines)
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {incoming} ON COMMIT DELETE ROWS AS SELECT {columns} FROM {table} WITH NO DATA"
        )
        _copied(cursor, f"{incoming} ({columns})", lines)
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {incoming} {then}")
        returned = list(cursor.fetchall()) if "RETURNING" in then else []
        _emptied(cursor, incoming)
        return returned


def _emptied(cursor: Any, incoming: str) -> None:
    """Take out its rows. Deleted ones stay where they are until the transaction ends, and every later statement walks over
    them, while a new file costs more than a few of them do.
    """
    cursor.execute("SELECT pg_relation_size(%s::regclass)", [incoming])
    cursor.execute(f"TRUNCATE {incoming}" if cursor.fetchone()[0] > _BLOAT else f"DELETE FROM {incoming}")


def _inserted(cursor: Any, table: str, columns: str, lines: list[str], then: str) -> list[tuple[Any, ...]]:
    """The same for a few lines: one statement instead of four."""
    if not lines:
        return []
    rows = [[_field(field) for field in line.split("\t")] for line in lines]
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    values = ", ".join([row] * len(rows))
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {values} {then}", [field for one in rows for field in one])
    return list(cursor.fetchall()) if "RETURNING" in then else []


def _field(written: str) -> str | None:
    """A field of a COPY line, read back."""
    if "\\" not in written:
        return written
    return None if written == NULL else _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), written)


def _copied(cursor: Any, target: str, lines: Iterable[str]) -> None:
    iterator = iter(lines)
    with _opened(cursor, target) as copy:
        while chunk := list(islice(iterator, _CHUNK)):
            chunk.append("")
            copy.write("\n".join(chunk).encode())


def _opened(cursor: Any, target: str) -> Any:
    return cursor.copy(f"COPY {target} FROM STDIN")


@contextmanager
def without_collection() -> Iterator[None]:
    """No garbage collection meanwhile: it would walk over the hundreds of thousands of rows that are being made."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
