"""Makes the golden vectors, ``tests/core/golden/*.json``, with the oracle: ``python -m core.golden`` in ``tests/``.

One file for each operator, so that other programs can check theirs: ``{"formula", "lanes": [{kind: [[start, end], …]}],
"intervals": [[[start, end], …], …]}``, in epoch seconds, ``null`` for an end that is infinite.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from core.cases import KINDS, Case, Facts, truth
from core.oracle import Interval
from fugong.core.protocol import parse

FOLDER = Path(__file__).parent / "golden"
CASES = 40

TEMPLATES = {
    "not": ("not {a}",),
    "and": ("{a} and {b}", "{a} and not {b}", "not {a} and not {b}", "{a} and {b} and {c}"),
    "or": ("{a} or {b}", "{a} or {b} or {c}"),
    "implies": ("{a} implies {b}", "{a} implies {b} implies {c}"),
    "once": ("once{w} {a}", "once {a}"),
    "historically": ("historically{w} {a}", "historically {a}"),
    "since": ("{a} since{w} {b}", "{a} since {b}", "{a} since{w} {b} since{w} {c}"),
    "count": ("count{w}({a}) >= {n}",),
    "spaced": ("count{w}({a}, spaced {d}) >= {n}",),
}
NESTED = ("not {}", "once{w} {}", "historically{w} {}", "({} and {b})", "({} or {c})", "({c} since{w} {})")


def _intervals(chance: random.Random) -> list[Interval]:
    found: list[Interval] = []
    at = chance.randint(-5, 8)
    for _ in range(chance.randint(1, 4)):
        at += chance.randint(0, 5)
        end = at + chance.randint(1, 6)
        found.append((at, end))
        at = end
    if chance.random() < 0.15:
        found[0] = (None, found[0][1])
    if chance.random() < 0.15:
        found[-1] = (found[-1][0], None)
    return found


def _window(chance: random.Random) -> str:
    low = chance.randint(0, 3)
    return f"[{low},inf]" if chance.random() < 0.15 else f"[{low},{low + chance.randint(0, 8)}]"


def _filled(template: str, chance: random.Random, inner: str = "") -> str:
    while "{w}" in template:
        template = template.replace("{w}", _window(chance), 1)
    names = dict(zip("abc", chance.sample(KINDS, 3), strict=True))
    return template.format(inner, n=chance.randint(1, 3), d=chance.randint(1, 9), **names)


def cases(operator: str) -> list[Case]:
    """The same cases every time: half of them the operator alone, half of them inside two others."""
    chance = random.Random(operator)
    made = []
    for number in range(CASES):
        text = _filled(chance.choice(TEMPLATES[operator]), chance)
        if number % 2:
            for outer in chance.sample(NESTED, 2):
                text = _filled(outer, chance, f"({text})")
        known: tuple[Facts, ...] = tuple({kind: _intervals(chance) for kind in KINDS} for _ in range(3))
        made.append(Case(parse(text), known))
    return made


def written(operator: str) -> str:
    """The text of the operator's file."""
    rows = [
        json.dumps({"formula": str(c.formula), "lanes": c.lanes, "intervals": truth(c)}, separators=(",", ":"))
        for c in cases(operator)
    ]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def read(operator: str) -> list[tuple[Case, list[list[Interval]]]]:
    """The cases of the operator's file, each with the intervals that it states."""
    rows = json.loads((FOLDER / f"{operator}.json").read_text(encoding="utf-8"))

    def pairs(found: list[list[int | None]]) -> list[Interval]:
        return [(start, end) for start, end in found]

    return [
        (
            Case(parse(r["formula"]), tuple({k: pairs(v) for k, v in facts.items()} for facts in r["lanes"])),
            [pairs(found) for found in r["intervals"]],
        )
        for r in rows
    ]


if __name__ == "__main__":
    for name in TEMPLATES:
        (FOLDER / f"{name}.json").write_text(written(name), encoding="utf-8")
