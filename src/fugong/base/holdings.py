"""What is encrypted in the database, column by column, and how all of it moves to another version of the master key.

Every app with such columns has a room ``holdings.py`` with ``HOLDINGS``; a test compares them with the models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from json import dumps, loads
from typing import Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from fugong.base import access, personal

ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Holding:
    """A column of encrypted numbers, files (``large``) or JSON with encrypted texts in it (``json``).

    ``digest`` is the column of the keyed digest that goes with it; ``digest_of`` makes it from the number and the
    columns ``beside``. ``key`` is the table's primary key, of the type ``key_type``.
    """

    table: str
    column: str
    key: str = "id"
    key_type: str = "uuid"
    digest: str = ""
    beside: tuple[str, ...] = ()
    digest_of: Callable[..., bytes] | None = None
    large: bool = False
    json: bool = False


HOLDINGS = [Holding("mfa_authenticator", "data", key_type="bigint", json=True)]
"""Secrets of the second step at sign-in (``base.signin``)."""


def declared() -> list[Holding]:
    """The holdings of every app."""
    found: list[Holding] = []
    for config in apps.get_app_configs():
        if config.name.startswith("fugong.") and config.module is not None:
            try:
                module = import_module(f"{config.name}.holdings")
            except ModuleNotFoundError as error:
                if error.name != f"{config.name}.holdings":
                    raise
                continue
            found += getattr(module, "HOLDINGS", [])
    return found


def stored_version() -> int | None:
    """Under which version of the master key the database's data stand; None while it holds none."""
    with transaction.atomic(), access.elevated("which version of the master key is in use"):
        return version_in(connection)


def version_in(database: BaseDatabaseWrapper) -> int | None:
    """The same, by a connection that sees every row."""
    with database.cursor() as cursor:
        for holding in declared():
            cursor.execute("SELECT to_regclass(%s)", [holding.table])
            if holding.json or cursor.fetchone()[0] is None:
                continue
            cursor.execute(
                f"SELECT get_byte({holding.column}, 0) FROM {holding.table} WHERE length({holding.column}) > 0 LIMIT 1"
            )
            if row := cursor.fetchone():
                return int(row[0])
    return None


def versions_in(database: BaseDatabaseWrapper) -> set[int]:
    """Every version under which something in the database is encrypted."""
    found: set[int] = set()
    with database.cursor() as cursor:
        for holding in declared():
            if holding.json:
                cursor.execute(f"SELECT {holding.column} FROM {holding.table}")
                found |= {version for (value,) in cursor.fetchall() for version in _versions_of(_loaded(value))}
            else:
                cursor.execute(
                    f"SELECT DISTINCT get_byte({holding.column}, 0) FROM {holding.table} WHERE length({holding.column}) > 0"
                )
                found |= {int(version) for (version,) in cursor.fetchall()}
    return found


def count(database: BaseDatabaseWrapper) -> int:
    """How many values are encrypted."""
    total = 0
    with database.cursor() as cursor:
        for holding in declared():
            cursor.execute(f"SELECT count(*) FROM {holding.table} WHERE {holding.column} IS NOT NULL")
            total += int(cursor.fetchone()[0])
    return total


def rewrite(database: BaseDatabaseWrapper, version: int) -> Iterator[int]:
    """Encrypt everything anew, and make every digest anew, under a version; yields how many values each batch had.

    Nobody else may write meanwhile, and the caller holds the transaction. Raises InvalidTag where the version under which
    something was encrypted is not there.
    """
    with personal.under(version):
        for holding in declared():
            if holding.json:
                yield _rewrite_json(database, holding)
            else:
                yield from _rewrite_column(database, holding)


def _rewrite_column(database: BaseDatabaseWrapper, holding: Holding) -> Iterator[int]:
    columns = ", ".join((holding.key, holding.column, *holding.beside))
    size = 1 if holding.large else ROWS
    after: Any = None
    while True:
        with database.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM {holding.table} WHERE {holding.column} IS NOT NULL "
                f"AND (%(after)s::{holding.key_type} IS NULL OR {holding.key} > %(after)s) "
                f"ORDER BY {holding.key} LIMIT {size}",
                {"after": after},
            )
            rows = cursor.fetchall()
            if not rows:
                return
            _write(cursor, holding, rows)
        after = rows[-1][0]
        yield len(rows)


def _write(cursor: Any, holding: Holding, rows: list[tuple[Any, ...]]) -> None:
    plain = [personal.decrypt_bytes(bytes(row[1])) for row in rows]
    keys, encrypted = [row[0] for row in rows], [personal.encrypt_bytes(one) for one in plain]
    if holding.digest_of is None:
        cursor.execute(
            f"UPDATE {holding.table} AS t SET {holding.column} = n.encrypted "
            f"FROM unnest(%s::{holding.key_type}[], %s::bytea[]) AS n (key, encrypted) WHERE t.{holding.key} = n.key",
            [keys, encrypted],
        )
        return
    make = holding.digest_of
    digests = [make(*row[2:], one.decode()) for row, one in zip(rows, plain, strict=True)]
    cursor.execute(
        f"UPDATE {holding.table} AS t SET {holding.column} = n.encrypted, {holding.digest} = n.digest "
        f"FROM unnest(%s::{holding.key_type}[], %s::bytea[], %s::bytea[]) AS n (key, encrypted, digest) "
        f"WHERE t.{holding.key} = n.key",
        [keys, encrypted, digests],
    )


def _rewrite_json(database: BaseDatabaseWrapper, holding: Holding) -> int:
    with database.cursor() as cursor:
        cursor.execute(f"SELECT {holding.key}, {holding.column} FROM {holding.table}")
        rows = cursor.fetchall()
        for key, value in rows:
            cursor.execute(
                f"UPDATE {holding.table} SET {holding.column} = %s::jsonb WHERE {holding.key} = %s",
                [dumps(_again(_loaded(value))), key],
            )
    return len(rows)


def _loaded(value: Any) -> Any:
    return loads(value) if isinstance(value, str) else value


def _again(value: Any) -> Any:
    """JSON in which every encrypted text is encrypted anew; other values as they are."""
    if isinstance(value, dict):
        return {name: _again(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_again(one) for one in value]
    blob = _blob(value)
    return value if blob is None else personal.encrypt_bytes(personal.decrypt_bytes(blob)).hex()


def _versions_of(value: Any) -> Iterator[int]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _versions_of(one)
    elif (blob := _blob(value)) is not None:
        yield personal.version_of(blob)


def _blob(value: Any) -> bytes | None:
    """What an encrypted text in JSON holds: hexadecimal digits that our key opens; None for any other value."""
    if not isinstance(value, str):
        return None
    try:
        blob = bytes.fromhex(value)
        personal.decrypt_bytes(blob)
    except (ValueError, InvalidTag):
        return None
    return blob
