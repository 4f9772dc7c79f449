"""The encrypted column of acts that wait."""

from __future__ import annotations

from fugong.base.holdings import Holding

HOLDINGS = [Holding("clearance_waitingact", "content", large=True)]
