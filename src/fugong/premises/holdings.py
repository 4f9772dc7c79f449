"""The encrypted column of premises."""

from __future__ import annotations

from fugong.base.holdings import Holding

HOLDINGS = [Holding("premises_photo", "encrypted", large=True)]
