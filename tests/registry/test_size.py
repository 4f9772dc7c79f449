"""Above designated size, by dated thresholds."""

from __future__ import annotations

import pytest

from fugong.base import local
from fugong.registry.size import THRESHOLDS, above_designated_size, columns


@pytest.mark.parametrize(
    ("trade", "yuan", "employees", "day", "expected"),
    [
        ("industry", 20_000_000, None, "2020-03-09", True),
        ("industry", 19_999_999, 400, "2020-03-09", False),
        ("industry", 5_000_000, None, "2010-12-31", True),
        ("industry", 19_999_999, None, "2011-01-01", False),
        ("wholesale", 20_000_000, None, "2020-03-09", True),
        ("wholesale", 19_000_000, None, "2020-03-09", False),
        ("retail", 5_000_000, None, "2020-03-09", True),
        ("retail", 4_999_999, 90, "2020-03-09", False),
        ("catering", 2_000_000, None, "2020-03-09", True),
        ("catering", 1_999_999, None, "2020-03-09", False),
        ("service", 100_000, 50, "2020-12-31", True),
        ("service", 100_000, 49, "2020-12-31", False),
        ("service", 100_000, 50, "2021-01-01", False),
        ("service", 10_000_000, 3, "2021-01-01", True),
        ("resident_service", 5_000_000, None, "2020-03-09", True),
        ("resident_service", 4_999_999, 49, "2020-03-09", False),
        ("farming", 90_000_000, 90, "2020-03-09", False),
    ],
)
def test_thresholds(trade: str, yuan: float, employees: int | None, day: str, expected: bool) -> None:
    at = local.at(local.date.fromisoformat(day), "00:00")
    assert above_designated_size(trade=trade, yuan=yuan, employees=employees, at=at) is expected


def test_each_row_has_its_source_and_each_trade_one_row_at_a_time() -> None:
    assert all(row.source for row in THRESHOLDS)
    for moment in (-(2**35), 0, 1_583_712_000, 2**35):
        trades, yuan, employees = columns(moment)
        assert len(set(trades)) == len(trades) == len(yuan) == len(employees) == 6
