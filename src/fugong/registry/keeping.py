"""Until when personal data are kept."""

from __future__ import annotations

from datetime import date

from django.conf import settings


def kept_until() -> date | None:
    """The last day on which the town keeps what it holds about people (``FUGONG_KEPT_UNTIL``); None while it has set none."""
    day: date | None = settings.FUGONG_KEPT_UNTIL
    return day
