"""What the audit costs a page, how soon it is sealed, and whether tampering is found in time: ``python tools/bench_audit.py``.

Printed: medians of pages through the whole stack of middleware, three that read (a worker's, an enterprise's, its workers)
as its clerk and one that writes (a check at a door) as its guard, with the audit's entries and without, in turns in one run,
and the ratio; the time that a statement over so many rows takes with the trigger and without; how many seconds pass from a
commit to the seal while the steward is at work; how long sealing and verifying so many entries take; and what the
verification names after the tables' owner has changed, removed, swapped and dated back some, with triggers off. The database
is embedded, in a folder that goes away. The exit code is 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benching import prepare

PAGE_GOAL = 1.10
"""So much longer, at most, a page takes with its entries."""
SEALED_WITHIN = 5.0
FOUND_WITHIN = 60.0
"""Seconds, at most, from a commit to its seal, and to find what was tampered with."""
WRITES = "check (writes)"
BLOCK = 5
"""So many writing requests are measured before the entries are switched on or off again: that locks the table."""
WARM = 6


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
    import builders
    from fugong.base import access, clock

    clock.start_at(builders.NOW)
    with access.acting(access.as_system("bench")):
        place = builders.place(builders.NOW)
        builders.workers(place.enterprise, workers, first=200)
    return {f"page.{name}": _timed(ask, rounds, writes=name == WRITES) for name, ask in _asked(place).items()}


def _asked(place: Any) -> dict[str, Callable[[], None]]:
    """The pages by their names: what asks for one, once."""
    from django.test import Client

    from fugong.base.ids import uuid7

    clerk, guard, worker = Client(), Client(), place.workers["cleared"]
    clerk.force_login(place.users["enterprise_clerk"])
    guard.force_login(place.users["guard"])

    def read(address: str) -> None:
        answer = clerk.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")

    def write() -> None:
        typed = {"check": str(uuid7()), "direction": "in", "celsius": "36.5", "mask": "on", "gloves": "on"}
        answer = guard.post(f"/doors/{place.door.pk}/workers/{worker}/check/", typed)
        if answer.status_code != 302:
            raise SystemExit(f"a check at a door: {answer.status_code}")

    return {
        "worker": lambda: read(f"/workers/{worker}/"),
        "workers": lambda: read("/workers/"),
        "enterprise": lambda: read(f"/enterprises/{place.enterprise.pk}/"),
        WRITES: write,
    }


def _timed(ask: Callable[[], None], rounds: int, *, writes: bool) -> dict[str, Any]:
    """Medians with and without entries, in turns."""
    times: dict[bool, list[float]] = {True: [], False: []}
    block = BLOCK if writes else 1
    for turn in range(2 * rounds // block + WARM):
        audited = turn % 2 == 0
        if writes:
            _let_write(audited)
        with nothing() if audited else without_entries():
            if writes:  # the first one after the lock reads what is known of the table anew
                ask()
            for _request in range(block):
                begun = time.perf_counter()
                ask()
                if turn >= WARM:
                    times[audited].append((time.perf_counter() - begun) * 1000)
    if writes:
        _let_write(True)
    written, bare = statistics.median(times[True]), statistics.median(times[False])
    return {"without_ms": round(bare, 2), "with_ms": round(written, 2), "ratio": round(written / bare, 3)}


def _let_write(audited: bool) -> None:
    """Whether what is written to the ledger leaves entries."""
    from django.db import connections

    with connections["owner"].cursor() as owner:
        owner.execute(f"ALTER TABLE ledger_fact {'ENABLE' if audited else 'DISABLE'} TRIGGER audit_insert")


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


def sealing(commits: int) -> dict[str, Any]:
    """Seconds from a commit to its seal, with the steward at work beside."""
    import random
    from threading import Event, Thread

    from fugong.project import steward
    from fugong.project.tasks import TASKS

    stop, waited, chance = Event(), [], random.Random(7)
    tasks = [task for task in TASKS if task.name == "audit_seal"]
    thread = Thread(target=steward.stand, args=(tasks,), kwargs={"stop": stop})
    thread.start()
    try:
        for _commit in range(commits):
            time.sleep(chance.uniform(0, 2))
            waited.append(_until_sealed())
    finally:
        stop.set()
        thread.join()
    return {"commits": commits, "median_s": round(statistics.median(waited), 2), "longest_s": round(max(waited), 2)}


def _until_sealed() -> float:
    from django.db import connection

    from fugong.audit import services
    from fugong.audit.models import Entry, Seal
    from fugong.base import access

    with access.acting(access.as_system("bench")), connection.cursor() as cursor:
        services.note(action="read", reason="bench")
        cursor.execute("SELECT max(id) FROM audit_entry")
        entry = cursor.fetchone()[0]
    begun = time.perf_counter()
    while True:
        with access.acting(access.as_system("bench")):
            if Seal.objects.filter(entry_id=entry).exists() and Entry.objects.filter(pk=entry).exists():
                return time.perf_counter() - begun
        time.sleep(0.02)


def attacked() -> dict[str, Any]:
    """What the verification names after the owner's attacks, with triggers off, and in how many seconds."""
    from django.db import connections

    from fugong.audit import services, verification
    from fugong.base import access

    with access.acting(access.as_system("bench")):
        untouched = verification.verify()
    with connections["owner"].cursor() as owner:
        expected = _attack(owner, untouched.entries)
    with access.acting(access.as_system("bench")):
        services.seal()
    begun = time.perf_counter()
    with access.acting(access.as_system("bench")):
        report = verification.verify()
    taken = time.perf_counter() - begun
    found = {(one.code, one.params["entry"]) for one in report.findings}
    swapped = {one.params["other"] for one in report.findings if one.code == "audit.swapped"}
    named = {code: (code, entry) in found or entry in swapped for code, entry in expected.items()}
    return {
        "untouched": [one.code for one in untouched.findings], "entries": report.entries, "found_s": round(taken, 1),
        "named": named, "findings": len(report.findings), "expected": len(expected),
    }  # fmt: skip


def _attack(owner: Any, entries: int) -> dict[str, int]:
    """Change, remove, swap and date back; which entry shall be named for what."""

    def sealed(share: float) -> int:
        owner.execute("SELECT entry_id FROM audit_seal WHERE number = %s", [int(entries * share)])
        return int(owner.fetchone()[0])

    for table in ("audit_entry", "audit_seal", "audit_batch"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner.execute("ALTER TABLE audit_entry ALTER id SET GENERATED BY DEFAULT")
    changed, removed, one, other = (sealed(share) for share in (0.2, 0.4, 0.6, 0.8))
    owner.execute("UPDATE audit_entry SET reason = 'nothing' WHERE id = %s", [changed])
    owner.execute("DELETE FROM audit_entry WHERE id = %s", [removed])
    for old, new in ((one, -1), (other, one), (-1, other)):
        owner.execute("UPDATE audit_entry SET id = %s WHERE id = %s", [new, old])
    owner.execute(
        "INSERT INTO audit_entry (server, transaction, started, written_at, at, role, scope, purpose, origin, action) "
        "SELECT server, pg_current_xact_id()::text::bigint, started - interval '1 day', written_at - interval '1 day', "
        "at - 86400, role, scope, purpose, origin, action FROM audit_entry WHERE id = %s RETURNING id", [changed],
    )  # fmt: skip
    return {
        "audit.changed": changed, "audit.removed": removed, "audit.swapped": one, "audit.dated_back": owner.fetchone()[0],
    }  # fmt: skip


def goals(figures: dict[str, Any]) -> dict[str, bool]:
    """Which goals are met."""
    attack = figures["attack"]
    return {
        f"a page takes at most {PAGE_GOAL} times as long": all(
            one["ratio"] <= PAGE_GOAL for name, one in figures.items() if name.startswith("page.")
        ),
        f"sealed within {SEALED_WITHIN:.0f} s of the commit": figures["sealing"]["longest_s"] <= SEALED_WITHIN,
        "an untouched chain verifies": not attack["untouched"],
        f"each attack is named within {FOUND_WITHIN:.0f} s, and nothing else": (
            all(attack["named"].values()) and attack["findings"] == attack["expected"] and attack["found_s"] <= FOUND_WITHIN
        ),
    }  # fmt: skip


def main() -> int:
    """Print the figures, and which goals are met; 1 when one isn't."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--workers", type=int, default=500)
    options.add_argument("--rounds", type=int, default=120)
    options.add_argument("--commits", type=int, default=20)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="fugong-bench-") as folder:
        prepare(Path(folder))
        figures = pages(given.workers, given.rounds)
        figures["statement"] = statement(50_000, 7)
        figures["sealing"] = sealing(given.commits)
        figures["chain"] = entries(given.entries)
        figures["attack"] = attacked()
    met = goals(figures)
    print(json.dumps(figures, indent=2))
    for goal, reached in met.items():
        print(f"{goal}: {'yes' if reached else 'no'}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
