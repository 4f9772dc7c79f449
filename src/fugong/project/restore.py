"""Bringing a backup back into an empty database: tables by migrations, rows from the file, then a proof that all is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg import Cursor, sql

from fugong.base import access, personal
from fugong.project import archive, serving
from fugong.project.archive import RestoreError
from fugong.project.backup import MIGRATIONS, PLAIN, tables_of
from fugong.project.serving import OWNER

Progress = Callable[[str, int], None]
"""Told what is being done (``verify`` or ``load``) and how many rows more are done."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: tables, rows, and what the proof found."""

    manifest: archive.Manifest
    workers: int
    differences: int
    """Stored clearances that are not what the ledger gives: they were so when the backup was made."""
    decrypted: bool
    """Whether there was an encrypted number to read, which was read."""
    findings: int
    """What the verification of the audit's chain found: it was so when the backup was made."""


def restore(*, path: Path, progress: Progress) -> Restored:
    """Bring a backup back into the empty database of this environment, as its owner.

    Everything is loaded in one transaction. Raises RestoreError, ArchiveError, NoOwnerError and OSError.
    """
    serving.demand_owner()
    with archive.reading(path) as backup:
        backup.verify(lambda rows: progress("verify", rows))
        if not archive.key_fits(backup.manifest):
            raise RestoreError("key")
        _make_tables(backup.manifest)
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as wrapped:
            _load(wrapped.cursor, backup, progress)
    serving.migrate()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("ANALYZE")
    return _proof(backup.manifest)


def _make_tables(manifest: archive.Manifest) -> None:
    """Bring an empty database to exactly the migrations of the backup."""
    wanted = set(manifest.migrations)
    executor = MigrationExecutor(connections[OWNER])
    if unknown := wanted - set(executor.loader.disk_migrations):
        raise RestoreError("newer", version=manifest.fugong, count=len(unknown))
    if not _is_empty(wanted):
        raise RestoreError("not_empty", database=connections["default"].settings_dict["NAME"])
    executor.migrate(_last(executor, wanted))


def _last(executor: MigrationExecutor, wanted: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last migration of each app among those that are wanted."""
    followed = {
        parent.key
        for key in wanted
        for parent in executor.loader.graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    return sorted(wanted - followed)


def _is_empty(wanted: set[tuple[str, str]]) -> bool:
    """Nothing is there, or only the tables that an earlier, failed attempt made."""
    with connections[OWNER].cursor() as wrapped:
        cursor: Cursor[Any] = wrapped.cursor
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p'))"
        )
        if cursor.fetchone() == (False,):
            return True
        applied = set(MigrationRecorder(connections[OWNER]).applied_migrations())
        used = any(_has_rows(cursor, name) for name in _own(tables_of(cursor)))
        return bool(applied) and applied <= wanted and not used


def _own(tables: dict[str, list[str]]) -> list[str]:
    """Tables that no migration fills: where they are empty, nobody has used the database."""
    return [name for name in ("base_user", "ledger_subject", "ledger_fact") if name in tables]


def _has_rows(cursor: Cursor[Any], name: str) -> bool:
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(name)))
    return cursor.fetchone() == (True,)


def _load(cursor: Cursor[Any], backup: archive.Reader, progress: Progress) -> None:
    """Rows into tables, past triggers (they did their work when the rows were made) but not past constraints."""
    tables = tables_of(cursor)
    given = backup.manifest.tables
    if missing := sorted(name for name, table in given.items() if set(table.columns) != set(tables.get(name, ()))):
        raise archive.ArchiveError("damaged", ", ".join(missing))
    cursor.execute(PLAIN)
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    triggers = _triggers(cursor)
    for table in sorted({table for table, _name, _state in triggers}):
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    everything = sql.SQL(", ").join(map(sql.Identifier, tables_of(cursor, MIGRATIONS)))
    cursor.execute(sql.SQL("TRUNCATE {}").format(everything))
    for name in _in_order(cursor, list(given)):
        _load_table(cursor, backup, name)
        progress("load", given[name].rows)
    for name, (value, called) in backup.manifest.sequences.items():
        cursor.execute("SELECT setval(to_regclass(quote_ident(%s)), %s, %s)", [name, value, called])
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, trigger, state in triggers:
        command = sql.SQL(_STATES[state]).format(sql.Identifier(table), sql.Identifier(trigger))
        cursor.execute(command)
    _compare(cursor, backup.manifest)
    _decrypt_one(cursor)


_STATES = {
    "O": "ALTER TABLE {} ENABLE TRIGGER {}", "A": "ALTER TABLE {} ENABLE ALWAYS TRIGGER {}",
    "R": "ALTER TABLE {} ENABLE REPLICA TRIGGER {}", "D": "ALTER TABLE {} DISABLE TRIGGER {}",
}  # fmt: skip


def _triggers(cursor: Cursor[Any]) -> list[tuple[str, str, str]]:
    """Our own triggers: table, name, and in which state they are."""
    cursor.execute(
        "SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    return [(table, trigger, state) for table, trigger, state in cursor.fetchall()]


def _load_table(cursor: Cursor[Any], backup: archive.Reader, name: str) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, backup.manifest.tables[name].columns))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), columns)) as copy:
        for piece in backup.text(name):
            copy.write(piece)


def _in_order(cursor: Cursor[Any], tables: list[str]) -> list[str]:
    """Tables after those that they refer to, for references that cannot be checked later."""
    cursor.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid AND NOT condeferrable"
    )
    needs: dict[str, set[str]] = {name: set() for name in tables}
    for table, other in cursor.fetchall():
        if table in needs and other in needs:
            needs[table].add(other)
    ordered: list[str] = []
    while len(ordered) < len(tables):
        ready = [name for name in tables if name not in ordered and needs[name] <= set(ordered)]
        ordered += ready or [name for name in tables if name not in ordered]
    return ordered


def _compare(cursor: Cursor[Any], manifest: archive.Manifest) -> None:
    """As many rows as the manifest says. Raises RestoreError."""
    for name, table in manifest.tables.items():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        if cursor.fetchone() != (table.rows,):
            raise RestoreError("rows", table=name)


_NUMBERS = (("registry_document", "encrypted"), ("registry_worker", "phone_encrypted"))


def _decrypt_one(cursor: Cursor[Any]) -> bool:
    """Read a number with the present master key. Raises RestoreError when it does not fit."""
    for table, column in _NUMBERS:
        wanted = sql.Identifier(column)
        cursor.execute(
            sql.SQL("SELECT {} FROM {} WHERE {} IS NOT NULL LIMIT 1").format(wanted, sql.Identifier(table), wanted)
        )
        row = cursor.fetchone()
        if row is not None:
            try:
                personal.decrypt(bytes(row[0]))
            except (InvalidTag, ValueError, LookupError):
                raise RestoreError("key") from None
            return True
    return False


def _proof(manifest: archive.Manifest) -> Restored:
    """What the login that serves finds: stored clearances are what the ledger gives, a number can be read."""
    from fugong.audit.verification import verify as verify_audit
    from fugong.clearance import verification

    with access.acting(access.as_system("restore: proof")):
        workers = verification.count()
        differences = sum(1 for _difference in verification.verify(lambda _done, _of: None))
        findings = len(verify_audit().findings)
    with connections[OWNER].cursor() as wrapped:
        decrypted = _decrypt_one(wrapped.cursor)
    with access.acting(access.as_system("fugong restore")):
        access.note("restore", moment=manifest.moment, rows=str(manifest.rows))
    return Restored(manifest, workers, differences, decrypted, findings)
