"""Statements on the database's own wire, with their values written into them: one turn to the server and back for several.

Below Django's cursor and psycopg's, which take longer over eleven values than the server does over the question. Values are
numbers, ids, bytes, and texts, escaped by libpq; what comes back is text.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg import OperationalError
from psycopg.pq import Escaping, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn

Value = UUID | str | int | bytes | Sequence[UUID | str | None] | None
_FINE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class Database:
    """A connection on which no transaction is open."""

    def __init__(self, wire: PGconn) -> None:
        self._wire = wire
        self._escaping = Escaping(wire)

    def last(self, statements: str, *values: Value) -> list[str | None] | None:
        """Send statements, whose places (``%s``) take these values; the first row of the last one. Raises OperationalError."""
        result = self._wire.exec_((statements % tuple(map(self._written, values))).encode())
        if result.status not in _FINE:
            raise OperationalError
        if result.ntuples == 0:
            return None
        row = (result.get_value(0, column) for column in range(result.nfields))
        return [None if value is None else value.decode() for value in row]

    def rolled_back(self) -> bool:
        """End what is open; whether the connection is fit for the next one."""
        if self._wire.transaction_status != TransactionStatus.IDLE:
            self._wire.exec_(b"ROLLBACK")
        return bool(self._wire.transaction_status == TransactionStatus.IDLE)

    def _written(self, value: Value) -> str:
        match value:
            case None:
                return "NULL"
            case int():
                return str(value)
            case UUID():
                return f"'{value}'"
            case str():
                return self._text(value)
            case bytes():
                return f"'\\x{value.hex()}'"
        return f"ARRAY[{','.join(map(self._written, value))}]" + ("::uuid[]" if isinstance(value[0], UUID) else "")

    def _text(self, value: str) -> str:
        return bytes(self._escaping.escape_literal(value.encode())).decode()
