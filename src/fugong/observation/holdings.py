"""The encrypted columns of observation sites."""

from __future__ import annotations

from fugong.base.holdings import Holding

HOLDINGS = [
    Holding("observation_staff", "phone_encrypted"),
    Holding("observation_entry", "who_encrypted"),
]
