"""Messy rosters, made for the tests: each is a file as somebody might upload it on TODAY.

What has to come of each file is written by hand in `expected/<name>.json`.
"""

from __future__ import annotations

from tables import layouts, unreadable, values, writing
from tables.making import CHEN, LIN, TODAY, WANG, Builder, xlsx

__all__ = ["CHEN", "FILES", "LIN", "TODAY", "WANG", "xlsx"]
FILES: dict[str, Builder] = dict(sorted({**layouts.FILES, **writing.FILES, **values.FILES, **unreadable.FILES}.items()))
"""Every file by the name under which it is uploaded."""
