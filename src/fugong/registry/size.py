"""Above designated size (规上／限上), by the thresholds in force on a day: which enterprises the bureaus count one by one.

The thresholds are those of the National Bureau of Statistics for its four kinds of enterprises (四上企业). An enterprise
is measured by the kind of trade and the turnover that its ``turnover`` fact gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fugong.base import local
from fugong.core.time import MINUS_INF, PLUS_INF


@dataclass(frozen=True, slots=True)
class Threshold:
    """From ``since`` (a local day) until the next row of the same trade: at least so many yuan a year, or employees."""

    trade: str
    since: date | None
    yuan: int
    employees: int | None
    source: str


_NBS = "国家统计局“四上”企业标准"
THRESHOLDS: tuple[Threshold, ...] = (
    Threshold("industry", None, 5_000_000, None, f"{_NBS}，工业，1998–2010"),
    Threshold("industry", date(2011, 1, 1), 20_000_000, None, f"{_NBS}，工业，2011 起"),
    Threshold("wholesale", None, 20_000_000, None, f"{_NBS}，批发业"),
    Threshold("retail", None, 5_000_000, None, f"{_NBS}，零售业"),
    Threshold("catering", None, 2_000_000, None, f"{_NBS}，住宿和餐饮业"),
    Threshold("service", None, 10_000_000, 50, f"{_NBS}，服务业，营业收入或从业人员（2020 年文本）"),
    # The newer text has tiers of 20, 10 and 5 million by branch and no staff test; ``service`` takes the middle tier.
    Threshold("service", date(2021, 1, 1), 10_000_000, None, f"{_NBS}，服务业，新文本"),
    Threshold("resident_service", None, 5_000_000, 50, f"{_NBS}，居民服务和文化业，营业收入或从业人员（2020 年文本）"),
    Threshold("resident_service", date(2021, 1, 1), 5_000_000, None, f"{_NBS}，居民服务和文化业，新文本"),
)
"""Every threshold, by trade and in the order of time."""


def in_force(at: int) -> list[Threshold]:
    """The threshold of each trade at a moment."""
    day = local.day_of(min(max(at, _FIRST), _LAST))
    latest = {row.trade: row for row in THRESHOLDS if row.since is None or row.since <= day}
    return list(latest.values())


_FIRST, _LAST = max(MINUS_INF, -2_000_000_000), min(PLUS_INF, 200_000_000_000)
"""What a calendar can name."""


def above_designated_size(*, trade: str, yuan: float, employees: int | None, at: int) -> bool:
    """Whether an enterprise of a trade, with this turnover a year and these employees, is above designated size."""
    return any(
        row.trade == trade and (yuan >= row.yuan or (row.employees is not None and (employees or 0) >= row.employees))
        for row in in_force(at)
    )


def columns(at: int) -> tuple[Sequence[str], Sequence[int], Sequence[int | None]]:
    """The thresholds in force at a moment as columns (trade, yuan, employees), for a query's ``unnest``."""
    rows = in_force(at)
    return [row.trade for row in rows], [row.yuan for row in rows], [row.employees for row in rows]
