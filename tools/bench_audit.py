"""What the audit costs a page, and how long its verification takes: ``python tools/bench_audit.py``.

Printed: medians of a worker's page and of an enterprise's page of workers as its clerk, through the whole stack of
middleware, with the audit's entries written and without, in turns in one run, and the ratio; the time that a statement
over so many rows takes with the trigger and without; and how many seconds sealing and verifying so many entries take. The
database is embedded, in a folder that goes away.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benching import prepare


@contextmanager
def without_entries() -> Iterator[None]:
    """Nobody keeps what is shown."""
    from fugong.base import access

    kept = list(access._keepers)
    access._keepers.clear()
    try:
        yield
    finally:
        access._keepers.extend(kept)


def pages(workers: int, rounds: int) -> dict[str, Any]:
    """Milliseconds of each page, with and without entries."""
    from django.test import Client

    import builders
    from fugong.base import access, clock

    clock.start_at(builders.NOW)
    with access.acting(access.as_system("bench")):
        place = builders.place(builders.NOW)
        builders.workers(place.enterprise, workers, first=200)
    client = Client()
    client.force_login(place.users["enterprise_clerk"])
    addresses = {
        "worker": f"/workers/{place.workers['cleared']}/",
        "workers": "/workers/",
        "enterprise": f"/enterprises/{place.enterprise.pk}/",
    }
    found: dict[str, Any] = {}
    for name, address in addresses.items():
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(2 * rounds + 6):
            audited = turn % 2 == 0
            with nothing() if audited else without_entries():
                begun = time.perf_counter()
                answer = client.get(address)
                taken = (time.perf_counter() - begun) * 1000
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
            if turn >= 6:
                times[audited].append(taken)
        written, bare = statistics.median(times[True]), statistics.median(times[False])
        found[f"page.{name}"] = {
            "without_ms": round(bare, 2),
            "with_ms": round(written, 2),
            "ratio": round(written / bare, 3),
        }
    return found


def statement(rows: int, rounds: int) -> dict[str, Any]:
    """Milliseconds of one statement that adds so many facts of as many workers, with its trigger and without."""
    from django.db import connection, connections, transaction

    from fugong.base import access

    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * rounds + 2):
        audited = turn % 2 == 0
        with connections["owner"].cursor() as owner:
            owner.execute(f"ALTER TABLE ledger_fact {'ENABLE' if audited else 'DISABLE'} TRIGGER audit_insert")
        with access.acting(access.as_system("bench")), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE who ON COMMIT DROP AS SELECT gen_random_uuid() AS id FROM generate_series(1, %s)",
                [rows],
            )
            cursor.execute("INSERT INTO ledger_subject (id, kind) SELECT id, 'worker' FROM who")
            begun = time.perf_counter()
            cursor.execute(
                'INSERT INTO ledger_fact (id, subject_id, kind, start, "end", values, recorded_at, withdrawn, reason, source) '
                "SELECT gen_random_uuid(), id, 'temperature', 1583000000, 1583000001, '{\"celsius\": 36.5}', 1583000000, false, "
                "'', 'page' FROM who"
            )
            taken = (time.perf_counter() - begun) * 1000
            transaction.set_rollback(True)
        if turn >= 2:
            times[audited].append(taken)
    written, bare = statistics.median(times[True]), statistics.median(times[False])
    return {"rows": rows, "without_ms": round(bare), "with_ms": round(written), "ratio": round(written / bare, 3)}


@contextmanager
def nothing() -> Iterator[None]:
    yield


def entries(count: int) -> dict[str, Any]:
    """Seconds to seal and to verify so many entries."""
    from django.db import connection

    from fugong.audit import services, verification
    from fugong.base import access

    with access.acting(access.as_system("bench")), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (action, subjects, reason) SELECT 'read', "
            "ARRAY(SELECT gen_random_uuid() FROM generate_series(1, 1 + n %% 5)), 'bench' FROM generate_series(1, %s) n",
            [count],
        )
    begun = time.perf_counter()
    with access.acting(access.as_system("bench")):
        sealed = services.seal()
    sealing = time.perf_counter() - begun
    begun = time.perf_counter()
    with access.acting(access.as_system("bench")):
        report = verification.verify()
    verifying = time.perf_counter() - begun
    if report.findings or report.entries < count or sealed < count:
        raise SystemExit(f"{report.entries} entries verified, {report.findings}")
    return {"entries": report.entries, "seal_s": round(sealing, 1), "verify_s": round(verifying, 1)}


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--workers", type=int, default=500)
    options.add_argument("--rounds", type=int, default=60)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="fugong-bench-") as folder:
        prepare(Path(folder))
        figures = pages(given.workers, given.rounds)
        figures["statement"] = statement(50_000, 7)
        figures["chain"] = entries(given.entries)
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
