"""Names as a guard types them: the initial letters of a Chinese name, its surname read as a surname."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 64

_TABLE = """
万俟 mq 长孙 zs 尉迟 yc 单于 cy 澹台 tt 令狐 lh 乐正 yz 宰父 zf
单 s 仇 q 解 x 曾 z 查 z 区 o 盖 g 繁 p 乐 y 员 y 黑 h 折 s 召 s 覃 q 秘 b 种 c 重 c 祭 z 朴 p 任 r 翟 z
缪 m 隗 w 牟 m 冼 x 郗 x 晟 c 适 k 句 g 能 n 訾 z 不 f 车 c 石 s 粘 n 尉 w
"""
_SURNAMES: dict[str, str] = dict(re.findall(r"(\S+) (\w+)", _TABLE))
"""Surnames that are read otherwise than the same characters elsewhere (or easily mistaken), and their initials."""


@lru_cache(maxsize=1 << 16)
def initials(name: str) -> str:
    """The initial letters of a name, in lower case: ``单雄信`` → ``sxx``, ``Anna Smith`` → ``as``.

    A surname with a reading of its own is read as a surname. At most 64 letters, what a worker's file holds.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    surname = next((text[:n] for n in (2, 1) if text[:n] in _SURNAMES), "")
    rest = text[len(surname) :]
    return (_SURNAMES.get(surname, "") + "".join(_letters(rest)))[:LONGEST]


def _letters(text: str) -> list[str]:
    letters: list[str] = []
    inside_word = False
    for character in text:
        if not character.isalnum():
            inside_word = False
        elif character.isascii() or not _is_han(character):
            if not inside_word:
                letters.append(_plain(character))
            inside_word = True
        else:
            letters.append(_first_letter(character))
            inside_word = False
    return letters


def _is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK ")


def _plain(character: str) -> str:
    """A letter without its accents: é → e."""
    return unicodedata.normalize("NFD", character)[0].lower()


@lru_cache(maxsize=1 << 15)
def _first_letter(character: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return _plain(str(lazy_pinyin(character, style=Style.NORMAL)[0])[:1])
