"""The golden vectors, and the proof that they would notice a wrong operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.cases import answer
from core.golden import FOLDER, TEMPLATES, read, written
from fugong.core.time import kernels, running

# which kernel carries out which operator
KERNELS = {
    "not": "complement",
    "and": "intersection",
    "or": "union",
    "implies": "union",
    "once": "once",
    "historically": "historically",
    "since": "since",
    "count": "count",
    "spaced": "count",
}


def _wrong(operator: str) -> Iterator[int]:
    return (number for number, (case, intervals) in enumerate(read(operator)) if answer(case) != intervals)


@pytest.mark.parametrize("operator", TEMPLATES)
def test_golden_vectors(operator: str) -> None:
    assert list(_wrong(operator)) == []


@pytest.mark.parametrize("operator", TEMPLATES)
def test_golden_vectors_are_the_oracles(operator: str) -> None:
    assert (FOLDER / f"{operator}.json").read_text(encoding="utf-8") == written(operator)


def test_every_file_is_used() -> None:
    assert {p.stem for p in FOLDER.glob("*.json")} == set(TEMPLATES) == set(KERNELS)


def _shifted(kernel: Callable[..., int], which: str, by: int) -> Callable[..., int]:
    """The kernel, with one finite end of its last interval moved by a second."""

    def wrong(*arguments: Any) -> int:
        size = kernel(*arguments)
        out = arguments[-2 if which == "start" else -1][:size]
        if size and out[-1] % kernels.LANE:
            out[-1] += by
        return size

    return wrong


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("which", ["start", "end"])
@pytest.mark.parametrize(("operator", "kernel"), [*KERNELS.items(), ("and", "difference"), ("since", "union")])
def test_an_end_off_by_one_second_is_noticed(
    operator: str, kernel: str, which: str, by: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run the engine uncompiled with one kernel made wrong: some golden vector must say so."""
    monkeypatch.setattr(running, "run", running.run.py_func)  # type: ignore[attr-defined]
    assert not list(_wrong(operator)), "uncompiled, the engine must agree as well"
    monkeypatch.setattr(kernels, kernel, _shifted(getattr(kernels, kernel), which, by))
    assert list(_wrong(operator)), f"{kernel} moved the {which} by {by} and no vector of {operator} noticed"


@pytest.mark.parametrize("bound", ["low", "high"])
@pytest.mark.parametrize("operator", ["once", "historically", "since", "count", "spaced"])
def test_a_window_off_by_one_second_is_noticed(operator: str, bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = getattr(kernels, KERNELS[operator])
    position = {"once": 2, "historically": 2, "since": 4, "count": 2}[KERNELS[operator]] + (bound == "high")

    def wrong(*arguments: Any) -> int:
        return int(kernel(*arguments[:position], arguments[position] + 1, *arguments[position + 1 :]))

    monkeypatch.setattr(running, "run", running.run.py_func)  # type: ignore[attr-defined]
    monkeypatch.setattr(kernels, KERNELS[operator], wrong)
    assert list(_wrong(operator))


@pytest.mark.parametrize("by", [-1, 1])
def test_a_spacing_off_by_one_second_is_noticed(by: int, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = kernels.count

    def wrong(*arguments: Any) -> int:
        return int(kernel(*arguments[:5], arguments[5] + by, *arguments[6:]))

    monkeypatch.setattr(running, "run", running.run.py_func)  # type: ignore[attr-defined]
    monkeypatch.setattr(kernels, "count", wrong)
    assert list(_wrong("spaced"))
