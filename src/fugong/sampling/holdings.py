"""What of sampling is encrypted: refused rows as they came, for a laboratory writes names beside its numbers."""

from __future__ import annotations

from fugong.base.holdings import Holding

HOLDINGS = [Holding("sampling_labrow", "cells_encrypted")]
