"""The yardstick of ``decide``: a bare endpoint that does the same one indexed read and one insert in raw SQL.

On the same server software, with the same number of workers and threads: Granian, WSGI, psycopg. What is inserted are the rows
that ``decide`` stores, into the same table with its keys, indexes and triggers. Nobody signs in, nothing is looked up, no
right is asked for, no framework stands before it; one durable commit a request. It connects as the owner of the tables, whom
no row-level security binds.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

_here = threading.local()
_READ = "SELECT moments, failing FROM clearance_clearance WHERE worker_id = %s AND permission = 'enter'"
_INSERT = (
    'INSERT INTO ledger_fact (id, subject_id, kind, start, "end", values, recorded_at, withdrawn, reason, source, actor_id, '
    "evidence) VALUES (%s, %s, 'temperature', %s, %s, %s, %s, false, '', 'door', %s, %s), "
    "(%s, %s, 'door_check', %s, %s, %s, %s, false, '', 'door', %s, %s)"
)


def _connection() -> psycopg.Connection[Any]:
    found: psycopg.Connection[Any] | None = getattr(_here, "connection", None)
    if found is None:
        found = _here.connection = psycopg.connect(os.environ["FUGONG_OWNER_URL"])
    return found


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI."""
    if environ["REQUEST_METHOD"] == "GET":
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]
    given = json.loads(environ["wsgi.input"].read())
    connection = _connection()
    at = given["at"]
    row = connection.execute(_READ, [given["worker"]]).fetchone()
    mask = -1
    if row is not None and (place := bisect_right(row[0], at)):
        mask = row[1][place - 1]
    said = {
        "door": given["door"], "direction": "in", "outcome": "passed" if mask == 0 else "refused", "reasons": [], "mask": True,
        "gloves": True, "colour": "green" if mask == 0 else "red", "until": at, "device": given["device"],
    }  # fmt: skip
    by = given["login"], f"door:{given['door']}"
    measured = {"celsius": given["celsius"], "place": "door"}
    connection.execute(
        _INSERT,
        [given["beside"], given["worker"], at, at + 1, json.dumps(measured), at, *by,
         given["id"], given["worker"], at, at + 1, json.dumps(said), at, *by],
    )  # fmt: skip
    connection.commit()
    body = json.dumps({"id": given["id"], "mask": mask, **said}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def main() -> None:
    """Serve on the port that is given, as ``fugong.project.serving.serve`` does it."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "doorbench.bare:application", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI, workers=2,
        blocking_threads=4, log_level=LogLevels.warning,
    ).serve()  # fmt: skip


if __name__ == "__main__":
    main()
