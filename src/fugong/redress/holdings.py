"""The encrypted column of people's requests."""

from __future__ import annotations

from fugong.base.holdings import Holding

HOLDINGS = [Holding("redress_evidence", "encrypted", large=True)]
