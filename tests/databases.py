"""The suite's databases: made, emptied and dropped by a superuser, whom nothing else uses."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import DeadlockDetected

from fugong.base import walls
from fugong.project import logins

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables that migrations fill."""
_ATTEMPTS = 5
_GROWN = 2 << 20
"""Bytes from which a table counts as grown."""
_TABLES = "SELECT tablename, pg_relation_size(format('%%I', tablename)) FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)"
_COUNTED = "SELECT format('ALTER SEQUENCE %%I RESTART', sequencename) FROM pg_sequences WHERE last_value IS NOT NULL AND sequencename <> ALL(%s)"
_AS_SYSTEM = "SELECT set_config('fugong.scope', 'system', false)"


def superuser(database: str = "") -> psycopg.Connection[Any]:
    """A superuser's connection, to the database of the suite or to another one."""
    given = conninfo_to_dict(os.environ["FUGONG_TEST_SUPERUSER_URL"])
    name = database or connections["default"].settings_dict["NAME"]
    return psycopg.connect(make_conninfo("", **{**given, "dbname": name}), autocommit=True)


def make(name: str) -> None:
    """Make the database and let both logins use it."""
    with superuser("postgres") as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    _let_both_in(name)
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    connection_created.connect(_as_system)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    walls.apply(connections["owner"], logins.SERVING)
    connections["owner"].close()


def _let_both_in(name: str) -> None:
    """Logins are the whole server's: one process of the suite at a time changes them."""
    with superuser("postgres") as gate, superuser(name) as connection:
        gate.execute("SELECT pg_advisory_lock(%s)", [0x66_75])
        connection.execute(logins.ROLES.read_text().encode())


def drop() -> None:
    """Drop it."""
    name = connections["default"].settings_dict["NAME"]
    connections.close_all()
    with superuser("postgres") as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def empty() -> None:
    """Empty every table, past all triggers: after a test that committed.

    A browser's last request may still be under way in the live server, and each may wait for the other: whichever of the
    two PostgreSQL ends, the tables are emptied once the request is over.
    """
    for _attempt in range(_ATTEMPTS - 1):
        with suppress(DeadlockDetected):
            return _empty()
    return _empty()


def _empty() -> None:
    """Truncating makes the files of some two hundred tables and of their indexes anew: it is for tables that have grown."""
    with superuser() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        found = connection.execute(_TABLES, [list(KEPT)]).fetchall()
        tables = ", ".join(f'"{name}"' for name, _size in found)
        # Whoever is still writing ends first: rows that they commit later would be the next test's.
        connection.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE".encode())
        if any(size > _GROWN for _name, size in found):
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE".encode())
            return
        filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name, _size in found)
        delete = [f'DELETE FROM "{name}"' for (name,) in connection.execute(filled.encode())]
        restart = [said for (said,) in connection.execute(_COUNTED, [[f"{name}_id_seq" for name in KEPT]])]
        connection.execute(";".join(delete + restart).encode())


def _as_system(connection: BaseDatabaseWrapper, **_more: object) -> None:
    """What the test's own thread does outside `acting` is the system's; other threads have no scope until they take one."""
    if connection.alias == "default" and threading.current_thread() is threading.main_thread():
        as_system(connection)


def as_system(connection: BaseDatabaseWrapper) -> None:
    """Let a connection act as the system until it is closed."""
    with connection.cursor() as cursor:
        cursor.execute(_AS_SYSTEM)
