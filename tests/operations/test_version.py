"""What Fugong calls itself is what the change log begins with."""

from __future__ import annotations

import re
from pathlib import Path

from fugong import __version__

CHANGES = Path(__file__).parents[2] / "CHANGELOG.md"


def test_the_version_is_the_newest_one_of_the_change_log():
    newest = re.search(r"^## (\S+)", CHANGES.read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__
