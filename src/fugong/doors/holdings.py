"""The encrypted columns of the doors."""

from __future__ import annotations

from fugong.base.holdings import Holding

HOLDINGS = [
    Holding("doors_signingkey", "private_encrypted", key="kid", key_type="text"),
    Holding("doors_visit", "who_encrypted"),
]
