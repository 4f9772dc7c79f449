"""Statements on the database's own wire, prepared once on each connection: one turn to the server and back for each.

Below Django's cursor and psycopg's, which take longer over eleven values than the server does over the question. Values are
numbers, ids, bytes and texts; what comes back is text. Each statement is a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import OperationalError
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Value = UUID | str | int | bytes | Sequence[UUID | str | None] | None
_UNKNOWN = b"26000"
"""SQLSTATE of a prepared statement that the connection doesn't have (yet, or any more)."""


class Database:
    """A connection on which no transaction is open."""

    def __init__(self, wire: PGconn) -> None:
        self._wire = wire

    def row(self, name: bytes, statement: bytes, *values: Value) -> list[str | None] | None:
        """Send a statement of this name with its values ($1, $2, …); its first row. Raises OperationalError."""
        given: Any = [_written(value) for value in values]  # psycopg's types don't know that a value may be NULL
        result = self._wire.exec_prepared(name, given)
        if result.status == ExecStatus.FATAL_ERROR and result.error_field(DiagnosticField.SQLSTATE) == _UNKNOWN:
            _fine(self._wire.prepare(name, statement))
            result = self._wire.exec_prepared(name, given)
        if _fine(result).ntuples == 0:
            return None
        row = (result.get_value(0, column) for column in range(result.nfields))
        return [None if value is None else value.decode() for value in row]

    def rolled_back(self) -> bool:
        """Whether the connection is fit for the next one: nothing is open."""
        return bool(self._wire.transaction_status == TransactionStatus.IDLE)


def _fine(result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise OperationalError
    return result


def _written(value: Value) -> bytes | None:
    """A value as PostgreSQL reads it; texts of an array are names, in which nothing is to be escaped."""
    match value:
        case None:
            return None
        case str():
            return value.encode()
        case bytes():
            return b"\\x" + value.hex().encode()
        case int() | UUID():
            return str(value).encode()
    return f"{{{','.join(map(str, value))}}}".encode()
