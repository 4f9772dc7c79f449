"""The font of printed documents, and which characters it has. Made by ``tools/font.py``."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
FAMILY = "Fugong Sans SC"


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """The first and the last character of each run of neighbours."""
    pairs = [line.split("-") for line in (FOLDER / "coverage.txt").read_text().split()]
    return [int(first, 16) for first, _last in pairs], [int(last, 16) for _first, last in pairs]


def covers(character: str) -> bool:
    """Whether a character can be printed."""
    firsts, lasts = _ranges()
    place = bisect_right(firsts, ord(character)) - 1
    return place >= 0 and ord(character) <= lasts[place]


def unprintable(text: str) -> list[str]:
    """The characters of a text for which the font has no glyph, each once, in their order; line breaks aren't printed."""
    return [one for one in dict.fromkeys(text) if one not in "\n\r\t" and not covers(one)]
