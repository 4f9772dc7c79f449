"""Checks a thousand at a time, in turns with COPY of the same rows and raw SQL over the same workers."""

from __future__ import annotations

import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from doorbench import load
from doorbench.device import Device
from doorbench.town import Bench

GOAL = 0.50
ROWS = 1_000
FEVERS, REGISTERS = 10, 20
"""Of so many rows: with a fever, and with a register that was missing. The others have a usual temperature."""
_FACT = 'id, subject_id, kind, start, "end", values, recorded_at, supersedes_id, withdrawn, reason, source, actor_id, evidence'
_STORED = (
    "SELECT worker_id, permission, array_to_string(starts, ','), array_to_string(ends, ','), array_to_string(moments, ','), "
    "array_to_string(failing, ',') FROM clearance_clearance WHERE worker_id = ANY(%s)"
)
_INTERVALS = "worker_id, permission, starts, ends, moments, failing, adoption_id, rests_on"


def measure(
    bench: Bench, people: Sequence[tuple[UUID, str]], device: Device, port: int, superuser: str, rounds: int
) -> dict[str, Any]:
    """Rows a second of both, and whether all were stored and what is stored of clearances is what the ledger says."""
    half = len(people) // 2  # nobody renews what the yardstick writes: those workers are others
    turn, others = itertools.cycle(people[:half]), itertools.cycle(people[half:])
    yardstick = _Yardstick(superuser)
    times: dict[str, list[float]] = {"checks": [], "copy": [], "copy and intervals": []}
    wrong = 0
    for number in range(rounds + 2):
        whose = list(itertools.islice(turn, ROWS))
        rows = [_row(name, place) for place, (_worker, name) in enumerate(whose)]
        request = device.request(
            "POST", f"/api/v1/doors/{bench.door}/checks", json.dumps(rows).encode(), now=_now()
        )  # fmt: skip
        done = load.fire(port, [request], 1, 60).answers[0]
        said = json.loads(done.body)["rows"] if done.status == 200 else []
        wrong += ROWS - sum(
            one["status"] == "stored" and one["id"] == row["id"] for one, row in zip(said, rows, strict=False)
        )
        copying, whole = yardstick.round([worker for worker, _name in itertools.islice(others, ROWS)], rows)
        if number >= 2:  # the first rounds warm connections, plans and caches
            for name, taken in zip(times, (done.taken, copying, whole), strict=True):
                times[name].append(taken)
    rates = {name: round(ROWS / statistics.median(taken)) for name, taken in times.items()}
    shares = [b / a for a, b in zip(times["checks"], times["copy and intervals"], strict=True)]
    return {
        "rows a second": rates, "share of the yardstick's rate": round(statistics.median(shares), 2),
        "rows not stored": wrong, "clearances other than the ledger's": _differences([worker for worker, _name in people[:half]]),
    }  # fmt: skip


def _now() -> int:
    from fugong.base import clock

    return clock.now()


def _row(who: str, place: int) -> dict[str, Any]:
    """A check as the app sends it."""
    from fugong.base.ids import uuid7

    fever = place % (ROWS // FEVERS) == 0
    row: dict[str, Any] = {
        "id": str(uuid7()), "kind": "check", "worker": who, "at": _now() - 60, "direction": "in",
        "celsius": 38.1 if fever else 36.3 + place % 5 / 10, "mask": True, "gloves": True,
        "colour": "amber" if fever else "green", "reasons": ["door.fever"] if fever else [], "snapshot": 1,
    }  # fmt: skip
    if place % (ROWS // REGISTERS) == 1:
        row["register"] = {"well": True}
    return row


class _Yardstick:
    """COPY of as many facts with the same values, then the workers' facts read and their intervals written, in raw SQL."""

    def __init__(self, superuser: str) -> None:
        import psycopg

        from fugong.base import access
        from fugong.clearance import evaluation

        self._raw = psycopg.connect(superuser)
        with access.acting(access.as_system("bench")):
            self._kinds = sorted(evaluation.own_kinds(evaluation.in_force()))

    def round(self, workers: Sequence[UUID], rows: Sequence[dict[str, Any]]) -> tuple[float, float]:
        """Seconds of COPY with its commit, and of COPY, reading and writing with one commit."""
        lines = list(self._lines(workers, rows))
        copying = self._timed(lambda: self._copy(lines))
        lines = list(self._lines(workers, rows))
        kept = self._raw.execute(
            f"SELECT {_INTERVALS} FROM clearance_clearance WHERE worker_id = ANY(%s)".encode(), [list(workers)]
        ).fetchall()
        columns = [list(column) for column in zip(*kept, strict=True)]
        self._raw.commit()
        written = [
            columns[0],
            columns[1],
            *(["{" + ",".join(map(str, one)) + "}" for one in part] for part in columns[2:6]),
        ]

        def whole() -> None:
            self._copy(lines)
            self._read(workers)
            self._raw.execute(
                f"INSERT INTO clearance_clearance ({_INTERVALS}) SELECT worker, permission, starts::bigint[], ends::bigint[], "
                "moments::bigint[], failing::bigint[], %s, %s FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], "
                "%s::text[], %s::text[]) AS n (worker, permission, starts, ends, moments, failing) "
                "ON CONFLICT (worker_id, permission) DO UPDATE SET starts = EXCLUDED.starts, ends = EXCLUDED.ends, "
                "moments = EXCLUDED.moments, failing = EXCLUDED.failing, rests_on = EXCLUDED.rests_on".encode(),
                [columns[6][0], _now(), *written],
            )  # fmt: skip

        return copying, self._timed(whole)

    def _timed(self, action: Callable[[], object]) -> float:
        begun = time.perf_counter()
        action()
        self._raw.commit()
        return time.perf_counter() - begun

    def _copy(self, lines: Sequence[str]) -> None:
        with self._raw.cursor() as cursor, cursor.copy(f"COPY ledger_fact ({_FACT}) FROM STDIN".encode()) as copy:
            copy.write("".join(lines).encode())

    def _read(self, workers: Sequence[UUID]) -> None:
        """The workers' facts to the last byte, with nothing made of them: COPY, not a cursor that decodes each value."""
        query = (
            'COPY (SELECT subject_id, kind, start, "end", values, id FROM ledger_fact '
            "WHERE subject_id = ANY(%s) AND kind = ANY(%s)) TO STDOUT"
        )
        with self._raw.cursor() as cursor, cursor.copy(query.encode(), [list(workers), self._kinds]) as copy:
            for _part in copy:
                pass

    def _lines(self, workers: Sequence[UUID], rows: Sequence[dict[str, Any]]) -> Iterator[str]:
        """The facts that the checks become, under new ids."""
        from fugong.base.ids import uuid7

        now = _now()
        for worker, row in zip(workers, rows, strict=True):
            at, end = row["at"], f"\\N\tf\t\tdoor\t\\N\tdoor:{row['id']}\n"
            measured = json.dumps({"celsius": row["celsius"], "place": "door"})
            yield f"{uuid7()}\t{worker}\ttemperature\t{at}\t{at + 1}\t{measured}\t{now}\t{end}"
            if "register" in row:
                filed = json.dumps({"well": True, "filed_by": "guard"})
                yield f"{uuid7()}\t{worker}\tregister\t{at}\t{at + 1}\t{filed}\t{now}\t{end}"
            said = {name: row[name] for name in ("direction", "mask", "gloves", "colour", "reasons", "snapshot")}
            said |= {"door": row["id"], "device": row["id"], "outcome": "passed"}
            yield f"{uuid7()}\t{worker}\tdoor_check\t{at}\t{at + 1}\t{json.dumps(said)}\t{now}\t{end}"


def _differences(workers: Sequence[UUID]) -> int:
    """Of how many of the workers what is stored isn't what the ledger says."""
    from django.db import connection

    from fugong.base import access
    from fugong.clearance import evaluation, services

    found = 0
    with access.acting(access.as_system("bench")), connection.cursor() as cursor:
        forces = evaluation.in_force()
        for first in range(0, len(workers), services.BATCH):
            batch = sorted(workers[first : first + services.BATCH])
            cursor.execute(_STORED, [batch])
            stored = {(worker, permission): tuple(row) for worker, permission, *row in cursor.fetchall()}
            for permission, rows in services.computed(batch, forces).items():
                found += sum(
                    stored.get((worker, permission)) != tuple(row) for worker, row in zip(batch, rows, strict=True)
                )
    return found


def goals(figures: dict[str, Any]) -> dict[str, bool]:
    """Which goals are met."""
    return {
        f"checks: at least {GOAL:.0%} of the yardstick's rows a second": figures["share of the yardstick's rate"]
        >= GOAL,
        "checks: all stored, and every clearance is the ledger's": (
            figures["rows not stored"] == 0 and figures["clearances other than the ledger's"] == 0
        ),
    }
