"""How large a snapshot is on the wire, whole and as what has changed, and how long making it takes."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from doorbench import load
from doorbench.device import Device
from doorbench.town import SEED, Bench

WHOLE, DELTA = 1_000_000, 8_000
CHANGED = 100


def measure(
    bench: Bench, people: Sequence[tuple[UUID, str]], device: Device, port: int, rounds: int
) -> tuple[dict[str, Any], bytes]:
    """Bytes on the wire, seconds to the last byte, and the last whole snapshot as it was served."""
    path = f"/api/v1/doors/{bench.door}/snapshot"
    whole, deltas, counts, nothing = [], list[int](), list[int](), list[int]()
    answer = _asked(device, port, path)
    chance = random.Random(SEED)
    for _round in range(rounds):
        held = json.loads(gzip.decompress(answer.body))
        since = f"{path}?since={held['number']}&lineage={held['lineage']}"
        nothing.append(len(_asked(device, port, since).body))
        _change([worker for worker, _name in chance.sample(list(people), CHANGED)])
        delta = _asked(device, port, since)
        counts.append(len(json.loads(gzip.decompress(delta.body))["people"]["id"]))
        deltas.append(len(delta.body))
        answer = _asked(device, port, path)
        whole.append(answer)
    found = json.loads(gzip.decompress(answer.body))
    sizes = sorted(len(one.body) for one in whole)
    return {
        "people": len(found["people"]["id"]), "different steps": len(set(map(str, found["people"]["steps"]))),
        "whole, bytes": sizes[-1], "whole, bytes before gzip": len(gzip.decompress(answer.body)),
        "whole, s": round(sorted(one.taken for one in whole)[len(whole) // 2], 2),
        f"delta of {CHANGED}, bytes": max(deltas), "changed in the deltas": counts, "nothing changed, bytes": max(nothing),
    }, answer.body  # fmt: skip


def _asked(device: Device, port: int, path: str) -> load.Answer:
    from fugong.base import clock

    request = device.request("GET", path, now=clock.now(), more="Accept-Encoding: gzip\r\n")
    (answer,) = load.fire(port, [request], 1, 120).answers.values()
    if answer.status != 200 or b"content-encoding: gzip" not in answer.headers.lower():
        raise SystemExit(f"{path}: {answer.status}")
    return answer


def _change(workers: Sequence[UUID]) -> None:
    """Each of them is found to have a fever: their intervals are others from now on."""
    from fugong.base import access, clock
    from fugong.base.ids import uuid7
    from fugong.ledger import services as ledger
    from fugong.ledger.services import NewFact

    now = clock.now()
    facts = [
        NewFact(worker, "temperature", now - 1 - place, {"celsius": 38.2, "place": "door"}, id=uuid7())
        for place, worker in enumerate(workers)  # nobody's moment is another one's, as at a door
    ]
    with access.acting(access.as_system("bench")):
        ledger.append(facts=facts, source="door", evidence="bench", now=now)


def goals(figures: dict[str, Any]) -> dict[str, bool]:
    """Which goals are met."""
    return {
        f"snapshot of {figures['people']} workers: at most {WHOLE} bytes": figures["whole, bytes"] <= WHOLE,
        f"delta of {CHANGED} changed workers: at most {DELTA} bytes": figures[f"delta of {CHANGED}, bytes"] <= DELTA,
        f"every delta has the {CHANGED} who changed": set(figures["changed in the deltas"]) == {CHANGED},
    }
