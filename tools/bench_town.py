"""Whether lists stay fast for those who may see little: ``make bench-town``.

A town of 1,066 enterprises and 100,000 workers with rows in the lists of the apps of the town and its enterprises. Every page
of these apps (found from their addresses, so that a new one is measured too) is asked by each role that may see it: a clerk
of 50 workers and others of that enterprise, a service team, the town. Printed: median and p95 through all of the middleware.
Then bulk work on 5,000 rows, and the workbooks with how much memory they take. The goal: 300 ms at p95 on two cores.
The database is embedded, in a folder that goes away.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benching import prepare
from townbench import bulk, pages, town


def users(clerk_of: Any, patch: Any) -> dict[str, Any]:
    """Somebody with each role."""
    import builders
    from fugong.base import access
    from fugong.base.roles import ROLES

    scopes = {"enterprise": clerk_of, "patch": patch}
    with access.acting(access.as_system("bench")):
        return {name: builders.user(name, scopes.get(ROLES[name].scope)) for name in pages.ROLES}


def main() -> int:
    """Print the figures; 1 when a page, an action or an export misses its goal."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--enterprises", type=int, default=1_066)
    options.add_argument("--workers", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=20)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="fugong-bench-") as folder:
        superuser = prepare(Path(folder))
        begun = time.perf_counter()
        rows = town.fill(superuser, given.enterprises, given.workers)
        print(
            f"{given.enterprises} enterprises, {given.workers} workers, {time.perf_counter() - begun:.0f} s",
            file=sys.stderr,
        )
        return 0 if _measured(given.rounds, rows) else 1


def _measured(rounds: int, rows: set[str]) -> bool:
    from fugong.base import access
    from fugong.project import collector
    from fugong.registry.models import Enterprise

    collector.settle()  # as in a process that serves
    with access.acting(access.as_system("bench")):
        small, big = (Enterprise.objects.get(key=key) for key in ("f1", "f2"))
    people = users(small.pk, small.patch_id)
    print(f"yardstick: /healthz {pages.yardstick():.1f} ms (median): the emptiest page, in the same run\n")
    figures = pages.measure(people, small.pk, rounds)
    print(f"{'role':20} {'page':62} {'median':>8} {'p95':>8}  ms  {'kB':>5}")
    for one in sorted(figures, key=lambda figure: -figure.p95):
        mark = ("" if one.fine else "  ← over") + ("" if one.app in rows else "  (no rows of its own)")
        print(f"{one.role:20} {one.pattern:62} {one.median:8.1f} {one.p95:8.1f}      {one.kilobytes:5}{mark}")
    slow = [one for one in figures if not one.fine]
    print(f"\n{len(figures)} pages and roles; within {pages.GOAL_MS:.0f} ms at p95: {len(figures) - len(slow)}")
    fine = not slow
    for name, number, seconds in bulk.measure(big.pk):
        fine &= seconds <= bulk.GOAL_SECONDS
        print(f"bulk: {name:40} {number:7,} rows {seconds:7.1f} s")
    for role, pattern, size, seconds, grown in bulk.exports(people, small.pk):
        fine &= grown <= bulk.GOAL_MEGABYTES
        print(f"export: {role:20} {pattern:50} {size:10,} bytes {seconds:6.1f} s, {grown:+.0f} MB")
    return fine


if __name__ == "__main__":
    sys.exit(main())
