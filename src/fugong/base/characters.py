"""Characters as they arrive from keyboards, phones and spreadsheets: full width, invisible, look-alike.

`fold` is for identifiers, numbers and dates: everything to plain ASCII where a plain character is meant.
`tidy` is for names and sentences: only what nobody typed on purpose goes.
"""

from __future__ import annotations

import re

_INVISIBLE = (
    *range(0x09),
    *range(0x0E, 0x20),
    0x7F,
    0xAD,
    0x034F,
    0x061C,
    0x115F,
    0x1160,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0x3164,
    0xFEFF,
    0xFFF9,
    0xFFFA,
    0xFFFB,
)
_SPACES = (
    0x09,
    0x0A,
    0x0B,
    0x0C,
    0x0D,
    0x85,
    0xA0,
    0x1680,
    *range(0x2000, 0x200B),
    0x2028,
    0x2029,
    0x202F,
    0x205F,
    0x3000,
)
_DASHES = (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D)

_TIDY: dict[int, str | None] = dict.fromkeys(_INVISIBLE) | dict.fromkeys(_SPACES, " ")
_FULL_WIDTH_LETTERS = {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_TIDY |= _FULL_WIDTH_LETTERS
_FOLD: dict[int, str | None] = (
    _TIDY
    | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(_DASHES, "-")
    | {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x3002: ".", 0x3001: ",", 0x2044: "/", 0x2103: "C"}
    | {0x3010: "[", 0x3011: "]", 0x3014: "[", 0x3015: "]", 0x02D0: ":", 0x2236: ":", 0x00B0: ""}
)

_CHARACTER_CLASS_OF_TIDY = "[" + "".join(re.escape(chr(code)) for code in sorted(_TIDY)) + "]"
_NEEDS_TIDYING = re.compile(_CHARACTER_CLASS_OF_TIDY).search
_RUN_OF_SPACES = re.compile(r"  +")


def tidy(text: str) -> str:
    """Without invisible characters; any space is one plain space; full-width letters and digits are plain."""
    if _NEEDS_TIDYING(text):
        text = text.translate(_TIDY)
    text = text.strip()
    return _RUN_OF_SPACES.sub(" ", text) if "  " in text else text


def fold(text: str) -> str:
    """The text in plain ASCII where it can be: full-width forms, dashes, quotes and the leading apostrophe of Excel."""
    if not text.isascii() or not text.isprintable():
        text = text.translate(_FOLD)
    text = text.strip()
    if text[:1] in {"'", "=", "`"}:
        text = text.lstrip("'`")
        if text[:2] == '="' and text[-1:] == '"':
            text = text[2:-1]
        text = text.strip()
    return text


def compact(text: str) -> str:
    """`fold`, and no space anywhere."""
    text = fold(text)
    return text.replace(" ", "") if " " in text else text
