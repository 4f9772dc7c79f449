"""The only writes of the audit: entries, which the database stamps and keeps, and the seals over them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fugong.audit import chain
from fugong.base.access import Acting, Looks

LOCK = 0x617564_6974  # "audit": the advisory lock of whoever seals
AT_LEAST_EVERY = timedelta(hours=1)
"""A batch without entries is sealed when none was for so long: it bounds how far back a quiet night lets one date an entry."""
_CHUNK = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def note(
    *, action: str, subjects: Iterable[UUID] = (), reason: str = "", details: Mapping[str, str] | None = None
) -> None:
    """Write an entry of whoever acts in the transaction: what they did, whose data it concerned, and why.

    ``action`` is one of ``wording.ACTIONS``; ``details`` never hold anybody's data. The entry comes to stay with the
    transaction's commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (action, subjects, reason, details) VALUES (%s, %s, %s, %s)",
            [action, sorted(set(subjects)), reason, json.dumps(details or {})],
        )


def keep_looks(_who: Acting, looks: Looks) -> None:
    """The keeper of what was shown and noted: one entry a transaction with everybody whose data were shown, one a note."""
    if looks.subjects:
        note(action="read", subjects=looks.subjects, reason=looks.reason)
    for action, details in looks.notes:
        note(action=action, details={name: value for name, value in details.items() if value})


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the newest batch's number and hash."""

    number: int
    hash: bytes
    sealed_at: datetime

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class _Server:
    """What the database server says now: its time, which one it is, and which transactions are in flight."""

    at: datetime
    identifier: int
    horizon: int
    following: int


@dataclass(frozen=True, slots=True)
class _Last:
    """Where the chain ends: the newest batch, or what stands before the first one."""

    number: int = 0
    sealed_at: datetime | None = None
    server: int | None = None
    horizon: int = 0
    next_seal: int = 1
    hash: bytes = chain.BEGINNING


@transaction.atomic
def seal() -> int:
    """Seal every entry of a transaction that is older than any in flight; returns how many were sealed.

    One process at a time does it; another one waits and then seals what is left. To be called by the system
    (``access.as_system``), again and again; a transaction that runs for long keeps later ones waiting for their seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last, server = _last(), _server()
    before, sealed = last.hash, 0
    entries = _unsealed(last, server)
    while chunk := list(islice(entries, _CHUNK)):
        rows: list[tuple[int, int, bytes]] = []
        for entry, content in chunk:
            before = chain.link(before, entry, content)
            rows.append((last.next_seal + sealed + len(rows), entry, before))
        _add_seals(rows)
        sealed += len(rows)
    if sealed or last.sealed_at is None or server.at - last.sealed_at >= AT_LEAST_EVERY:
        _add_batch(last, server, before, sealed)
    return sealed


def _last() -> _Last:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, sealed_at, server, horizon, first + entries, hash FROM audit_batch ORDER BY number DESC LIMIT 1"
        )
        row = cursor.fetchone()
    if row is None:
        return _Last()
    number, sealed_at, server, horizon, next_seal, hashed = row
    return _Last(number, sealed_at, server, horizon, next_seal, bytes(hashed))


def _server() -> _Server:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), system_identifier, pg_snapshot_xmin(seen)::text::bigint, "
            "pg_snapshot_xmax(seen)::text::bigint FROM pg_control_system(), pg_current_snapshot() AS seen"
        )
        return _Server(*cursor.fetchone())


def _unsealed(last: _Last, server: _Server) -> Iterator[tuple[int, str]]:
    """The entries to seal, in the order of the chain: id and content.

    After a move to another server (a restored dump), whose transactions count from elsewhere, what the old one left
    unsealed comes first; nothing of it is in flight here.
    """
    if last.server is not None and last.server != server.identifier:
        yield from _entries("e.server = %s AND e.transaction >= %s", [last.server, last.horizon])
    yield from _entries(
        "e.server = %s AND e.transaction >= %s AND e.transaction < %s",
        [server.identifier, _sealed_before(server.identifier), server.horizon],
    )


def _sealed_before(server: int) -> int:
    """The transaction of a server before which everything is sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT horizon FROM audit_batch WHERE server = %s ORDER BY number DESC LIMIT 1), 0)",
            [server],
        )
        return int(cursor.fetchone()[0])


def _entries(condition: str, values: list[Any]) -> Iterator[tuple[int, str]]:
    """By a cursor of the server, so that a first seal over millions of entries takes no memory for them."""
    with connection.connection.cursor(name="audit_unsealed") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(
            f"SELECT e.id, {chain.CONTENT} FROM audit_entry e WHERE {condition} ORDER BY e.transaction, e.id", values
        )
        yield from cursor


def _add_seals(rows: list[tuple[int, int, bytes]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_seal (number, entry_id, hash) "
            "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[])",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _add_batch(last: _Last, server: _Server, before: bytes, sealed: int) -> None:
    number = last.number + 1
    told = (server.identifier, server.horizon, server.following, last.next_seal, sealed)
    closed = chain.close(before, number, (server.at - _EPOCH) // _MICROSECOND, *told)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_batch (number, sealed_at, server, horizon, following, first, entries, hash) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [number, server.at, *told, closed],
        )


def head() -> Head | None:
    """The end of the chain, None before anything was sealed. To be sent outside: printed, mailed, posted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, hash, sealed_at FROM audit_batch ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1]), row[2]) if row else None
