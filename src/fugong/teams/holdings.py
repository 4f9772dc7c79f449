"""What is encrypted of the visits: pictures may show people."""

from __future__ import annotations

from fugong.base.holdings import Holding

HOLDINGS = [Holding("teams_attachment", "encrypted", large=True)]
