"""Every figure and every threshold is defined in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from fugong.registry.size import THRESHOLDS, Threshold
from fugong.reports.figures import FIGURES

TEXT = (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", FIGURES)
def test_figures_are_documented(key: str) -> None:
    assert f"`{key}`" in TEXT or f"`.{key.rsplit('.', maxsplit=1)[-1]}`" in TEXT


@pytest.mark.parametrize("row", THRESHOLDS, ids=str)
def test_thresholds_are_documented(row: Threshold) -> None:
    line = next(
        line for line in TEXT.splitlines()
        if line.startswith(f"| {row.trade} |") and f"| {row.since.year if row.since else '–'} |" in line
    )  # fmt: skip
    assert f"| {row.yuan:,} |" in line
    assert line.endswith(f"| {row.employees} |" if row.employees else "| |")
