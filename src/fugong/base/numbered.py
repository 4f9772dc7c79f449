"""The order in which people count: a name's numbers, in digits or in Chinese, are compared as numbers."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"([0-9]+|[零〇一二三四五六七八九十百]+)")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100}


def numbered(name: str) -> tuple[str | int, ...]:
    """A key to sort names by: 二片区 comes before 十片区, and Team 2 before Team 10; names without a number as text."""
    return tuple(_value(part) if place % 2 else part for place, part in enumerate(_NUMBER.split(name)))


def _value(text: str) -> int:
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit
