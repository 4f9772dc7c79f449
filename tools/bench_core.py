"""Workers a second through the evaluator, beside a kernel fused by hand for the same formula.

``python tools/bench_core.py``: twenty facts a worker over twenty days, a formula of more than seven operators, one
thread. The yardstick is what a person would write for this one formula; both must give the same intervals, and both
run in turn, so that the machine's moods hit them alike. Printed: medians, in workers a second; ``--json`` prints for
programs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import Any

import numpy as np
from numba import njit

from fugong.core.protocol import evaluate, parse
from fugong.core.time import LANE, PLUS_INF, IntervalSet, from_intervals

HOUR, DAY = 3_600, 86_400
FORMULA = (
    "once[0,2d] test.negative and not once[0,3d] fever and not once[0,14d] contact.close "
    "and (not arrival.from_outside since[0,14d] register.filed)"
)
KINDS = {"test.negative": 6, "fever": 1, "contact.close": 1, "arrival.from_outside": 2, "register.filed": 10}


def town(workers: int, seed: int = 1) -> dict[str, IntervalSet]:
    """Events at random even seconds of twenty days, twenty a worker (so that none touch, as the fused kernel needs)."""
    random = np.random.default_rng(seed)
    facts = {}
    for kind, each in KINDS.items():
        lanes = np.repeat(np.arange(workers), each)
        at = 2 * np.sort(random.integers(0, 10 * DAY, (workers, each)), axis=1).ravel()
        facts[kind] = from_intervals(lanes, at, at + 1)
    return facts


@njit(cache=True, nogil=True)
def fused(
    workers: int, tests: Any, fevers: Any, contacts: Any, arrivals: Any, registers: Any, out_s: Any, out_e: Any
) -> int:
    """The formula by hand: one merge over a worker's events, keeping until when each part holds."""
    k = 0
    never = -1
    it, jf, jc, ja, jr = 0, 0, 0, 0, 0
    for worker in range(workers):
        limit = (worker + 1) * LANE
        tested, feverish, met, filed = never, never, never, never
        begun = never
        now = worker * LANE
        while True:
            # the next instant at which any part may change
            nt = tests[it] if it < len(tests) and tests[it] < limit else limit
            nf = fevers[jf] if jf < len(fevers) and fevers[jf] < limit else limit
            nc = contacts[jc] if jc < len(contacts) and contacts[jc] < limit else limit
            na = arrivals[ja] if ja < len(arrivals) and arrivals[ja] < limit else limit
            nr = registers[jr] if jr < len(registers) and registers[jr] < limit else limit
            then = min(nt, nf, nc, na, nr)
            if tested > now:
                then = min(then, tested)
            if feverish > now:
                then = min(then, feverish)
            if met > now:
                then = min(then, met)
            if filed > now:
                then = min(then, filed)
            if then >= limit:
                break
            now = then
            if nt == now:
                tested = now + 2 * DAY + 1
                it += 1
            if nf == now:
                feverish = now + 3 * DAY + 1
                jf += 1
            if nc == now:
                met = now + 14 * DAY + 1
                jc += 1
            if na == now:
                filed = never
                ja += 1
            if nr == now:
                # a register at the very second of an arrival counts at that second, and carries over what follows
                filed = now + 14 * DAY + 1
                jr += 1
            holds = (tested > now) & (feverish <= now) & (met <= now) & (filed > now)
            if holds and begun == never:
                begun = now
            elif not holds and begun != never:
                out_s[k] = begun
                out_e[k] = now
                k += 1
                begun = never
    return k


def measured(workers: int, runs: int) -> dict[str, Any]:
    """Time both in turn; ``SystemExit`` when they differ."""
    facts = town(workers)
    formula = parse(FORMULA, kinds=set(KINDS))
    room = sum(len(s) for s in facts.values()) + 1
    out_s, out_e = np.empty(room, np.int64), np.empty(room, np.int64)
    starts = [facts[kind].starts for kind in KINDS]
    ours: list[float] = []
    theirs: list[float] = []
    for run in range(runs + 1):
        began = time.perf_counter()
        result = evaluate(formula, facts, workers)
        between = time.perf_counter()
        size = fused(workers, *starts, out_s, out_e)
        ended = time.perf_counter()
        if not (np.array_equal(result.starts, out_s[:size]) and np.array_equal(result.ends, out_e[:size])):
            raise SystemExit("the evaluator and the fused kernel differ")
        if run:  # the first run also loads or compiles
            ours.append(workers / (between - began))
            theirs.append(workers / (ended - between))
    return {
        "workers": workers,
        "facts_each": sum(KINDS.values()),
        "intervals": len(result),
        "evaluator_workers_per_second": round(statistics.median(ours)),
        "fused_workers_per_second": round(statistics.median(theirs)),
        "one_worker_evaluations_per_second": round(_singles(facts, formula)),
    }


def _singles(facts: dict[str, IntervalSet], formula: Any) -> float:
    """How often a second one worker alone is evaluated."""
    one = {k: IntervalSet(s.starts[: KINDS[k]].copy(), s.ends[: KINDS[k]].copy()) for k, s in facts.items()}
    times = 2_000
    began = time.perf_counter()
    for _ in range(times):
        evaluate(formula, one, 1)
    return times / (time.perf_counter() - began)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    figures = measured(given.workers, given.runs)
    if given.json:
        print(json.dumps(figures))
        return
    print(FORMULA)
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):36} {value:>14,}")


if __name__ == "__main__":
    assert PLUS_INF * 2 == LANE
    main()
