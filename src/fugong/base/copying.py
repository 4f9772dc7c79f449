"""Rows into PostgreSQL by COPY, many at a time: text built here, so that nothing is adapted value by value."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection

NULL = r"\N"
_CHUNK = 2_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def text(value: str) -> str:
    """A text as a field of a COPY line."""
    return value if value.isalnum() else value.translate(_ESCAPES)


def binary(value: bytes | None) -> str:
    """A byte string as a field of a COPY line; None is NULL."""
    return NULL if value is None else "\\\\x" + value.hex()


def copy_lines(target: str, lines: Iterable[str]) -> None:
    """COPY lines (fields joined by tabs, each as this module writes it) into ``table (columns)``.

    Raises Django's database errors.
    """
    iterator = iter(lines)
    with connection.wrap_database_errors, connection.cursor() as cursor, _opened(cursor, target) as copy:
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
