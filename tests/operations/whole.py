"""All that is in a database, to compare; ``python -m operations.whole FOLDER`` prints that of an embedded one."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from fugong.project import embedded

_EXCEPT = {"audit_entry": "WHERE action NOT IN ('backup', 'restore')"}
"""What making and bringing back a backup add by themselves."""


def everything(address: str) -> dict[str, Any]:
    """Of every table a digest of its rows in whatever order, and its triggers with their states.

    Without numbers of transactions: each server counts its own.
    """
    found: dict[str, Any] = {}
    with psycopg.connect(address, options="-c timezone=UTC") as connection:
        tables = connection.execute(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        for (name,) in tables:
            if name not in {"django_migrations", "django_session", "base_usersession", "base_cache"}:
                query = sql.SQL("SELECT md5((to_jsonb(t) - {}::text[])::text) FROM {} AS t {} ORDER BY 1").format(
                    sql.Literal(_transactions(connection, name)), sql.Identifier(name), sql.SQL(_EXCEPT.get(name, ""))
                )
                rows = [row[0] for row in connection.execute(query)]
                found[name] = [len(rows), hashlib.sha256("".join(rows).encode()).hexdigest()]
        triggers = connection.execute(
            "SELECT tgrelid::regclass::text, tgname::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
        ).fetchall()
        found["triggers"] = [list(trigger) for trigger in triggers]
    return found


def _transactions(connection: psycopg.Connection, table: str) -> list[str]:
    """The columns of a table that hold numbers of transactions."""
    columns = connection.execute(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND atttypid = 'xid8'::regtype",
        [table],
    )
    return [row[0] for row in columns]


def inside(folder: Path) -> dict[str, Any]:
    """The same of the embedded server of a data folder, which runs as long as it is read."""
    done = subprocess.run(
        [sys.executable, "-m", "operations.whole", str(folder)], capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


if __name__ == "__main__":
    print(json.dumps(everything(embedded.start(Path(sys.argv[1]) / "postgres"))))  # noqa: T201 - its answer
