"""How long a roster of 50,000 rows takes from the file to everybody's clearance: ``python tools/bench_import.py``.

Printed, as medians of the runs: reading the file; validating its rows; a plain COPY of the rows as they are stored
(``copy``: subjects, workers, documents, employments and facts, into the same tables with their keys and indexes, without
clearances); the whole import (reading, validating, matching, encrypting, registry, ledger, clearances under an adopted
protocol, commit); and its ratio to the sum of the three. ``copy_bare`` is the COPY of the validated rows as text into one
table without a key, and ``ratio_bare`` the ratio with that in its place. The stored rows are compared: what the COPY
brought back is what the import had written. The database is embedded, in a folder that goes away.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bench_tables


def prepare(folder: Path) -> None:
    """A database of its own, with tables, a town, a protocol in force."""
    os.environ["FUGONG_DATA"] = str(folder)
    os.environ.setdefault("FUGONG_MASTER_KEY", "5e" * 32)
    os.environ["DJANGO_SETTINGS_MODULE"] = "fugong.project.settings"
    from fugong.project import embedded

    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded.start(folder / "postgres", afterwards="delete")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from fugong.base import local
    from fugong.clearance.services import adopt
    from fugong.core.protocol.pack import shipped

    start = local.start_of_day(local.date(2020, 2, 1))
    adopt(text=shipped()["jinfeng-2020-03"], effective_from=start, now=start)


def plain_copy(rows: list[Any]) -> None:
    """The rows as text into a table without keys or indexes."""
    from django.db import connection, transaction

    names = list(rows[0].values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain ({', '.join(f'{name} text' for name in names)})")
        with cursor.copy("COPY plain FROM STDIN") as copy:
            for row in rows:
                values = row.values
                copy.write_row([None if values[name] is None else str(values[name]) for name in names])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE plain")


STORED = ("ledger_subject", "registry_worker", "registry_document", "registry_employment", "ledger_fact")


def taken_out() -> dict[str, bytes]:
    """What the import stored, table by table, as COPY writes it, in the order of its keys."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in STORED:
            which = "WHERE kind = 'worker'" if table == "ledger_subject" else (
                "WHERE subject_id IN (SELECT subject_id FROM registry_worker)" if table == "ledger_fact" else ""
            )  # fmt: skip
            with cursor.copy(f"COPY (SELECT * FROM {table} {which} ORDER BY 1) TO STDOUT") as copy:
                found[table] = b"".join(bytes(part) for part in copy)
    return found


def stored_copy(kept: dict[str, bytes]) -> None:
    """The same rows into the same tables, by COPY and nothing else."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table in STORED:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(kept[table])


def empty() -> None:
    """Take out what an import wrote, so that the next one finds the same."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE ledger_fact, registry_employment, registry_document, clearance_clearance, registry_worker CASCADE"
        )
        cursor.execute("DELETE FROM ledger_subject WHERE kind = 'worker'")
        cursor.execute("VACUUM ANALYZE")


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """How long something takes, and what it gives."""
    begun = time.perf_counter()
    result = action()
    return time.perf_counter() - begun, result


def measured(count: int, runs: int) -> dict[str, Any]:
    """The medians of the runs."""
    from fugong.base import local
    from fugong.base.tables import read, recognise, rows
    from fugong.registry import divisions
    from fugong.registry.roster.services import import_roster
    from fugong.registry.roster.spec import roster
    from fugong.registry.services import add_enterprise

    now = local.at(bench_tables.TODAY, "09:00")
    data = bench_tables.workbook(count)
    spec = roster(bench_tables.TODAY, divisions.resolve)
    plant = add_enterprise(
        credit_code="91350100M000100Y43", name="一厂", key="one", industry="industrial", division="350112111",
        now=now, source="bench",
    )  # fmt: skip

    def validate(sheets: Any) -> Any:
        return rows(sheets, recognise(sheets, spec), spec)

    def whole() -> Any:
        sheets = read(data, "roster.xlsx")
        return import_roster(enterprise=plant, parsed=validate(sheets), now=now)

    times: dict[str, list[float]] = {"read": [], "validate": [], "copy_bare": [], "copy": [], "import": []}
    for run in range(runs + 1):
        empty()
        reading, sheets = timed(lambda: read(data, "roster.xlsx"))
        validating, parsed = timed(lambda sheets=sheets: validate(sheets))
        copying, _nothing = timed(lambda parsed=parsed: plain_copy(parsed.valid))
        del sheets, parsed
        importing, result = timed(whole)
        if result.added != count:
            raise SystemExit(f"{result.added} of {count} rows were added")
        kept = taken_out()
        empty()
        storing, _nothing = timed(lambda kept=kept: stored_copy(kept))
        if taken_out() != kept:
            raise SystemExit("the COPY did not store what the import had stored")
        if run:  # the first run warms caches, compiled code and the server
            for name, seconds in zip(times, (reading, validating, copying, storing, importing), strict=True):
                times[name].append(seconds)
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    base = medians["read"] + medians["validate"]
    return {
        "rows": count, "runs": runs, **{name: round(s, 3) for name, s in medians.items()},
        "sum": round(base + medians["copy"], 3),
        "ratio": round(medians["import"] / (base + medians["copy"]), 2),
        "ratio_bare": round(medians["import"] / (base + medians["copy_bare"]), 2),
    }  # fmt: skip


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="fugong-bench-") as folder:
        prepare(Path(folder))
        figures = measured(given.rows, given.runs)
        if given.json:
            print(json.dumps(figures))
            return
        for name, value in figures.items():
            print(f"{name:>10} {value:>10,}")


if __name__ == "__main__":
    main()
