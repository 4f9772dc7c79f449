"""What doors cost the server, and how fast they decide: ``make bench-doors``.

All in one run on one machine, on the demo's town with a plant of 20,000 workers drawn from it, served as ``fugong serve``
does (Granian, two workers), on an embedded PostgreSQL with durable commits. Medians of the rounds, each measure in turns
with its yardstick. The exit code is 1 where a goal is missed. ``docs/doors.md`` says what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benching import prepare

PARTS = ("decide", "batch", "storm", "snapshot", "app")


@contextmanager
def _folder(kept: str | None) -> Iterator[Path]:
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
    else:
        with tempfile.TemporaryDirectory(prefix="fugong-bench-") as folder:
            yield Path(folder)


def durable(superuser: str) -> dict[str, str]:
    """How the database commits. Ends the run where that isn't durable."""
    import psycopg

    with psycopg.connect(superuser) as raw:
        found = {name: raw.execute(f"SHOW {name}".encode()).fetchone()[0] for name in ("fsync", "synchronous_commit")}
    if set(found.values()) != {"on"}:
        raise SystemExit(f"commits are not durable: {found}")
    return found


def measured(given: argparse.Namespace, folder: Path) -> tuple[dict[str, Any], dict[str, bool]]:
    """The figures of every part that is asked for, and which goals are met."""
    superuser = prepare(folder, afterwards="stop" if given.keep else "delete")
    from doorbench import app, batch, decide, device, load, snapshot, storm, town

    from fugong.project import serving

    figures: dict[str, Any] = {"commits": durable(superuser)}
    met: dict[str, bool] = {}
    bench = town.made(folder, superuser, given.workers)
    serving.collect_static()
    people = town.people(bench)
    ports = load.free_port(), load.free_port()
    with ExitStack() as stack:
        child = stack.enter_context(load.serving(load.fugong(ports[0]), ports[0], "/healthz"))
        stack.enter_context(load.serving(load.bare(ports[1]), ports[1], "/"))
        (gate,) = device.enrolled(bench.door, 1, bench.now)
        (turnstile,) = device.enrolled(bench.door, 1, bench.now, by_token=True)
        if "decide" in given.parts:
            figures["decide"] = decide.measure(bench, people, (turnstile, gate), ports, given.rounds, given.seconds)
            met |= decide.goals(figures["decide"])
        if "batch" in given.parts:
            figures["batch"] = batch.measure(bench, people, gate, ports[0], superuser, 2 * given.rounds)
            met |= batch.goals(figures["batch"])
        if "storm" in given.parts:
            gates = device.enrolled(bench.door, given.devices, bench.now)
            figures["storm"] = storm.measure(bench, people, gates, ports[0], child.pid)
            met |= storm.goals(figures["storm"])
        if "snapshot" in given.parts:
            figures["snapshot"], _body = snapshot.measure(bench, people, gate, ports[0], given.rounds)
            met |= snapshot.goals(figures["snapshot"])
        if "app" in given.parts:
            figures["app"] = app.measure(bench, people, ports[0], given.people, superuser)
            met |= app.goals(figures["app"])
    return figures, met


def main() -> int:
    """Print the figures, and which goals are met; 1 when one isn't."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=5, help="how long a round of `decide` lasts")
    options.add_argument("--devices", type=int, default=200, help="devices of the storm, with 500 waiting checks each")
    options.add_argument("--people", type=int, default=400, help="people before the app, by pass and by badge")
    options.add_argument("--parts", type=lambda text: text.split(","), default=list(PARTS), help=",".join(PARTS))
    options.add_argument("--keep", help="a folder in which the town is kept for the next run")
    given = options.parse_args()
    with _folder(given.keep) as folder:
        figures, met = measured(given, folder)
    print(json.dumps(figures, indent=2))
    for goal, reached in met.items():
        print(f"{goal}: {'yes' if reached else 'no'}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
