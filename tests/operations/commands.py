"""The commands of the operator, run as they are run: in a process of their own, with surroundings of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import databases
from fugong.project import logins


def fugong(*arguments: object, code: int = 0, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """Run a command; its exit code must be ``code``, and it never shows a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "fugong", *map(str, arguments)], capture_output=True, text=True, check=False,
        env={**os.environ, "FUGONG_LANGUAGE": "en", **surroundings}, timeout=240,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done


def on_server(name: str = "") -> dict[str, str]:
    """Both logins' connection strings for a database of the suite's server: this process's own unless it is named."""
    wanted = name or connections["default"].settings_dict["NAME"]
    return {
        variable: make_conninfo("", **{**conninfo_to_dict(os.environ[variable]), "dbname": wanted})
        for variable in ("DATABASE_URL", "FUGONG_OWNER_URL")
    }


EMBEDDED = {"DATABASE_URL": "", "FUGONG_OWNER_URL": ""}
"""No server is named: a command starts the embedded one of its data folder."""


@contextmanager
def empty_database(name: str) -> Iterator[dict[str, str]]:
    """A new, empty database on the suite's server, with both logins; dropped afterwards."""
    with databases.superuser("postgres") as superuser:
        superuser.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        superuser.execute(f"CREATE DATABASE {name}".encode())
    with databases.superuser("postgres") as gate, databases.superuser(name) as superuser:
        gate.execute("SELECT pg_advisory_lock(%s)", [0x66_75])
        superuser.execute(logins.ROLES.read_text().encode())
    try:
        yield on_server(name)
    finally:
        with databases.superuser("postgres") as superuser:
            superuser.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
