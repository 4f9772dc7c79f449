"""Making a backup: every table as of one moment, read by the owner, in one file; and deleting those that grew too old."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import Cursor, sql

from fugong import __version__
from fugong.base import access
from fugong.project import archive, keeping
from fugong.project.serving import OWNER, demand_owner

MIGRATIONS = {"django_migrations"}
"""Which migrations ran is in the manifest."""
LEFT_OUT = {*MIGRATIONS, "django_session", "base_usersession", "base_cache"}
"""What is not in a backup, besides: whoever holds a session's key is signed in with it."""
PLAIN = "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = 'postgres'"
"""How values are written and read, whatever the server prefers."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and those that were deleted because they grew too old."""

    path: Path
    manifest: archive.Manifest
    deleted: list[Path]


def make(*, folder: Path, now: int, prune: bool) -> Made:
    """Write a backup of everything into a folder, which is made if need be.

    ``now`` is the real moment, whatever a demo's clock shows. Raises NoOwnerError, OSError and DatabaseError.
    """
    demand_owner()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / keeping.name_at(now)
    with archive.writing(path) as writer:
        manifest = _write(writer, now)
    _note(path, manifest)
    deleted = [old.path for old in keeping.too_old(folder, now)] if prune else []
    for old in deleted:
        old.unlink()
    return Made(path, manifest, deleted)


def _note(path: Path, manifest: archive.Manifest) -> None:
    """The audit says that everybody's data were copied; tables of a version before the audit have none."""
    if "audit_entry" in manifest.tables:
        with access.acting(access.as_system("fugong backup")):
            access.note("backup", file=path.name, rows=str(manifest.rows))


def _write(writer: archive.Writer, now: int) -> archive.Manifest:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as wrapped:
        wrapped.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        wrapped.execute(PLAIN)
        cursor: Cursor[Any] = wrapped.cursor
        tables = {name: _table(writer, cursor, name, columns) for name, columns in tables_of(cursor).items()}
        manifest = archive.Manifest(
            format=archive.FORMAT, fugong=__version__, postgresql=_version(cursor),
            moment=datetime.fromtimestamp(now, UTC).isoformat(),
            migrations=sorted(MigrationRecorder(connections[OWNER]).applied_migrations()),
            tables=tables, sequences=_sequences(cursor), key_check=archive.key_check(),
        )  # fmt: skip
        writer.manifest(manifest)
    return manifest


def _table(writer: archive.Writer, cursor: Cursor[Any], name: str, columns: list[str]) -> archive.Table:
    chosen = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(chosen, sql.Identifier(name))

    def pieces() -> Iterator[bytes | bytearray | memoryview]:
        with cursor.copy(query) as copy:
            yield from copy

    return writer.table(name, columns, pieces())


def tables_of(cursor: Cursor[Any], without: AbstractSet[str] = frozenset(LEFT_OUT)) -> dict[str, list[str]]:
    """The tables of a backup with their columns.

    Without those that the database computes, and without numbers of transactions (``xid8``): they mean something in one
    server only, and where rows are restored, it is the restoring transaction that changed them.
    """
    cursor.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class AS c "
        "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' "
        "AND a.atttypid <> 'xid8'::regtype "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
        "GROUP BY c.relname ORDER BY c.relname"
    )
    return {name: columns for name, columns in cursor.fetchall() if name not in without}


def _sequences(cursor: Cursor[Any]) -> dict[str, tuple[int, bool]]:
    """Where each sequence of numbers stands."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY 1"
    )
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
        row = cursor.fetchone()
        found[name] = (int(row[0]), bool(row[1])) if row else (1, False)
    return found


def _version(cursor: Cursor[Any]) -> str:
    cursor.execute("SELECT current_setting('server_version')")
    row = cursor.fetchone()
    return str(row[0]) if row else ""
