"""``decide`` under load, in turns with a bare endpoint on the same server software."""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from doorbench import load
from doorbench.device import Device
from doorbench.town import Bench

CONNECTIONS = 16
GOAL_RATE, GOAL_P99 = 0.60, 2.0
OURS, BARE = ("by token", "signed"), "bare"
"""Devices that hold no snapshot have a token; who has a key signs."""
MOST = 8_000
"""So many requests are prepared for a round, more than it can send."""


def measure(
    bench: Bench,
    people: Sequence[tuple[UUID, str]],
    devices: tuple[Device, Device],
    ports: tuple[int, int],
    rounds: int,
    seconds: float,
) -> dict[str, Any]:
    """Medians over the rounds of both, and whether every answer was the right one."""
    ours, bare = ports
    colour_of = expected([worker for worker, _name in people])
    half = len(people) // 2  # nobody renews what the bare endpoint writes: those workers are others
    turn, others = itertools.cycle(people[:half]), itertools.cycle(people[half:])
    before = _stored(bench)
    senders = dict(zip(OURS, devices, strict=True))
    found: dict[str, list[load.Round]] = {name: [] for name in (*OURS, BARE)}
    wrong = 0
    for number in range(rounds + 1):
        for name in (*OURS, BARE) if number % 2 else (BARE, *reversed(OURS)):
            if name in senders:
                sent = list(itertools.islice(_ours(bench, senders[name], turn), MOST))
                done = load.fire(ours, [one for _worker, one in sent], CONNECTIONS, seconds)
                wrong += sum(not _right(one, sent[place][0], colour_of) for place, one in done.answers.items())
                before += len(done.answers)
            else:
                done = load.fire(
                    bare, list(itertools.islice(_bare(bench, devices[0], others), MOST)), CONNECTIONS, seconds
                )
                wrong += sum(one.status != 200 for one in done.answers.values())
                before += len(done.answers)
            if number:  # the first round warms connections, plans and caches
                found[name].append(done)
    stored = _stored(bench)
    return _figures(found) | {"wrong answers": wrong, "every check stored once": stored == before}


def _figures(found: dict[str, list[load.Round]]) -> dict[str, Any]:
    rates = {name: [one.rate for one in rounds] for name, rounds in found.items()}
    late = {name: [one.percentile(0.99) for one in rounds] for name, rounds in found.items()}
    shares = {name: _median_ratio(rates[name], rates[BARE]) for name in OURS}
    tails = {name: _median_ratio(late[name], late[BARE]) for name in OURS}
    return {
        "requests a second": {name: round(statistics.median(given)) for name, given in rates.items()},
        "p99, ms": {name: round(statistics.median(given), 1) for name, given in late.items()},
        "share of the bare endpoint's rate": shares, "times its p99": tails,
    }  # fmt: skip


def _median_ratio(some: Sequence[float], others: Sequence[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(some, others, strict=True)), 2)


def _now() -> int:
    from fugong.base import clock

    return clock.now()


def _ours(bench: Bench, device: Device, people: Iterator[tuple[UUID, str]]) -> Iterator[tuple[UUID, bytes]]:
    """Signed requests for one worker after the other; the moment is the server's to say."""
    from fugong.base.ids import uuid7

    now, path = _now(), f"/api/v1/doors/{bench.door}/decide"
    for worker, name in people:
        given = {"id": str(uuid7()), "worker": name, "celsius": 36.5, "mask": True, "gloves": True}
        yield worker, device.request("POST", path, json.dumps(given).encode(), now=now)


def _bare(bench: Bench, device: Device, people: Iterator[tuple[UUID, str]]) -> Iterator[bytes]:
    from fugong.base.ids import uuid7

    now = _now()
    for worker, _name in people:
        given = {
            "id": str(uuid7()), "beside": str(uuid7()), "door": str(bench.door), "worker": str(worker), "at": now,
            "celsius": 36.5, "device": device.id, "login": device.login,
        }  # fmt: skip
        body = json.dumps(given).encode()
        yield f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


Expected = Callable[[UUID, int], str]


def expected(workers: Sequence[UUID]) -> Expected:
    """The colour that the core gives a worker at a moment for a usual temperature, by what is stored of them now."""
    from fugong.base import access
    from fugong.clearance import evaluation
    from fugong.clearance import queries as clearance
    from fugong.core.protocol import door as deciding
    from fugong.core.protocol.door import Measures
    from fugong.doors.decisions import PERMISSION

    with access.acting(access.as_system("bench")):
        forces = [deciding.force_of(one.pack, PERMISSION, one.start, one.end) for one in evaluation.in_force()]
        steps = clearance.steps(workers, PERMISSION)
    usual = Measures(36.5, True, True, None, None)
    return lambda worker, at: deciding.decide(forces, steps.get(worker), at, "in", usual).colour


def _right(answer: load.Answer, worker: UUID, colour_of: Expected) -> bool:
    if answer.status != 200:
        return False
    said = json.loads(answer.body)
    return bool(said["worker"] == str(worker) and said["colour"] == colour_of(worker, said["at"]))


def _stored(bench: Bench) -> int:
    from django.db import connection

    from fugong.base import access

    with access.acting(access.as_system("bench")), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_fact WHERE kind = 'door_check' AND values->>'door' = %s", [str(bench.door)]
        )
        return int(cursor.fetchone()[0])


def goals(figures: dict[str, Any]) -> dict[str, bool]:
    """Which goals are met."""
    return {
        f"decide: at least {GOAL_RATE:.0%} of the bare endpoint's rate": (
            figures["share of the bare endpoint's rate"][OURS[0]] >= GOAL_RATE
        ),
        f"decide: p99 at most {GOAL_P99:g} times the bare endpoint's": figures["times its p99"][OURS[0]] <= GOAL_P99,
        "decide: every answer right and stored once": (
            figures["wrong answers"] == 0 and figures["every check stored once"]
        ),
    }
