"""Until when personal data are kept."""

from __future__ import annotations

from datetime import date

from fugong.base import environment


def kept_until() -> date | None:
    """The last day on which the town keeps what it holds about people (``FUGONG_KEPT_UNTIL``); None while it has set none.

    Raises ValueError for what is no date.
    """
    given = environment.text("FUGONG_KEPT_UNTIL", "")
    return date.fromisoformat(given) if given else None
