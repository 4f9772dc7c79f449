"""The network is back: two hundred devices hand in what waited, all at once, each as the app does it."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import UUID

from doorbench import load
from doorbench.device import Device
from doorbench.memory import Peak
from doorbench.town import Bench

CHECKS = 500
"""What waits on a device: the app sends so many a request."""
PATIENCE = 30
PAUSES = (2, 4, 8, 15, 30, 60)
"""Seconds that the app waits for an answer, and after failures (``outbox.js``)."""
BOUND = 600
"""Seconds after which a device that has not got rid of its rows counts as one that doesn't recover."""
MEMORY = 1_500
"""Megabytes that the server's processes may take together."""


def measure(
    bench: Bench, people: Sequence[tuple[UUID, str]], devices: Sequence[Device], port: int, server: int
) -> dict[str, Any]:
    """Seconds until everything is stored, what the devices met on the way, and the server's memory at its peak."""
    waiting = [_waiting(people, number) for number in range(len(devices))]
    ids = [row["id"] for rows in waiting for row in rows]
    before = _there(ids)
    begun = time.perf_counter()
    with Peak(server) as memory, ThreadPoolExecutor(len(devices)) as pool:
        handed = list(
            pool.map(lambda one: _hand_in(bench, port, *one), zip(devices, waiting, range(len(devices)), strict=True))
        )
    taken = time.perf_counter() - begun
    met: Counter[str] = Counter()
    for _first, troubles in handed:
        met.update(troubles)
    return {
        "devices": len(devices), "checks": len(ids), "seconds": round(taken, 1), "checks a second": round(len(ids) / taken),
        "slowest device, s": round(max(first for first, _troubles in handed), 1), "met and tried again": dict(met),
        "stored before": before, "stored once": _there(ids), "peak memory of the server, MB": memory.megabytes,
        "at rest, MB": memory.at_rest,
    }  # fmt: skip


def _waiting(people: Sequence[tuple[UUID, str]], number: int) -> list[dict[str, Any]]:
    """What waits on a device after a day without a network: who came in the morning and went again, in another order.

    Devices of one plant have seen the same people, each at another time.
    """
    from fugong.base import clock
    from fugong.base.ids import uuid7

    now, chance = clock.now(), random.Random(number)
    half = CHECKS // 2
    came = chance.sample(list(people), half)
    went = chance.sample(came, half)
    return [
        {"id": str(uuid7()), "kind": "check", "worker": who, "at": now - 3 * (CHECKS - n),
         "direction": "in" if n < half else "out", "celsius": 36.3 + n % 5 / 10, "mask": True, "gloves": True,
         "colour": "green", "reasons": [], "snapshot": 1}
        for n, (_worker, who) in enumerate(came + went)
    ]  # fmt: skip


def _hand_in(
    bench: Bench, port: int, device: Device, rows: list[dict[str, Any]], number: int
) -> tuple[float, list[str]]:
    """One device until it has got rid of its rows; how long that took, and what went wrong on the way."""
    path, body = f"/api/v1/doors/{bench.door}/checks", json.dumps(rows).encode()
    chance, troubles = random.Random(number), list[str]()
    begun = time.perf_counter()
    while time.perf_counter() - begun < BOUND:
        trouble = _asked(port, device, path, body)
        if not trouble:
            break
        troubles.append(trouble)
        time.sleep(PAUSES[min(len(troubles), len(PAUSES)) - 1] * (0.75 + chance.random() / 2))
    return time.perf_counter() - begun, troubles


def _asked(port: int, device: Device, path: str, body: bytes) -> str:
    """Send once; empty when every row is done for good, otherwise what came instead."""
    from fugong.base import clock

    connection = HTTPConnection(load.HOST, port, timeout=PATIENCE)
    try:
        headers = {"Authorization": device.authorization("POST", path, body, now=clock.now())}
        connection.request("POST", path, body, {**headers, "Content-Type": "application/json"})
        answer = connection.getresponse()
        said = json.loads(answer.read()) if answer.status == 200 else {}
    except (OSError, HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    if answer.status != 200:
        return str(answer.status)
    left = [one["status"] for one in said["rows"] if one["status"] not in ("stored", "already")]
    return left[0] if left else ""


def _there(ids: Sequence[str]) -> int:
    from django.db import connection

    from fugong.base import access

    with access.acting(access.as_system("bench")), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_fact WHERE id = ANY(%s::uuid[]) AND kind = 'door_check'", [list(ids)]
        )
        return int(cursor.fetchone()[0])


def goals(figures: dict[str, Any]) -> dict[str, bool]:
    """Which goals are met."""
    recoverable = {"429", "502", "503", "504", "TimeoutError", "ConnectionResetError", "ConnectionRefusedError",
                   "RemoteDisconnected"}  # fmt: skip
    return {
        "storm: every check is stored once": figures["stored once"] == figures["checks"]
        and not figures["stored before"],
        "storm: nothing from which a device doesn't recover": set(figures["met and tried again"]) <= recoverable,
        f"storm: the server takes at most {MEMORY} MB": figures["peak memory of the server, MB"] <= MEMORY,
    }
