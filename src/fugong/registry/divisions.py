"""Names of divisions to codes (GB/T 2260), as people write them in rosters: 湖北省黄冈市, 福建福州长乐, 长乐区."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_SUFFIX = re.compile(r"(?:省|市|区|县|自治区|自治州|地区|盟|旗|特别行政区|(?:壮族|回族|维吾尔)自治区)$")
_MUNICIPALITIES = ("11", "12", "31", "50")
_LINE = re.compile(r'^(?P<indent> *)(?P<code>\d+) (?:province|county)="(?P<names>[^"]*)"')
_SPAN = re.compile(r"(?:\[(?P<first>\d*)-(?P<last>\d*)\])?(?P<name>.*)")


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    name: str
    open: bool


@cache
def _entries() -> tuple[_Entry, ...]:
    """Every division that python-stdnum's table of GB/T 2260 names, provinces as ``xx0000``."""
    entries, province = [], ""
    for line in (files("stdnum") / "cn" / "loc.dat").read_text(encoding="utf-8").splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        if not match["indent"]:
            province = match["code"]
            entries.append(_Entry(province + "0000", match["names"], True))
            continue
        for text in match["names"].split(","):
            span = _SPAN.fullmatch(text)
            if span and match["code"] != "0000":
                entries.append(_Entry(province + match["code"], span["name"], not span["last"]))
    return tuple(entries)


@cache
def _by_name() -> dict[str, tuple[_Entry, ...]]:
    """Entries by their full names, and by their names without 省, 市, 区 or 县 where two characters stay."""
    names: dict[str, list[_Entry]] = {}
    for entry in _entries():
        short = _SUFFIX.sub("", entry.name)
        for name in {entry.name, short if len(short) >= 2 else entry.name}:
            names.setdefault(name, []).append(entry)
    return {name: tuple(entries) for name, entries in names.items()}


@lru_cache(maxsize=50_000)
def resolve(text: str) -> tuple[str, ...]:
    """The codes that a written place can mean: none, one, or several. Whatever follows the last division is ignored."""
    within, rest, matched = "", text, False
    for _level in range(3):
        found = _next(rest, within)
        if not found:
            break
        name, codes = found
        if len(codes) > 1:
            return tuple(codes)
        matched, within, rest = True, codes[0], rest[len(name) :]
    return (within,) if matched else ()


def _next(text: str, within: str) -> tuple[str, list[str]] | None:
    """The longest division name at the head of a text, below the division found so far, and what it can mean."""
    for length in range(min(len(text), 14), 1, -1):
        entries = [entry for entry in _by_name().get(text[:length], ()) if _below(entry.code, within)]
        if entries:
            current = [entry.code for entry in entries if entry.open] or [entry.code for entry in entries]
            highest = min(map(_level, current))
            return text[:length], sorted({code for code in current if _level(code) == highest or not within})
    return None


def _level(code: str) -> int:
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


def _below(code: str, within: str) -> bool:
    if not within:
        return True
    prefix = within[:2] if _level(within) == 1 or within[:2] in _MUNICIPALITIES else within[:4]
    return code != within and code.startswith(prefix) and _level(code) > _level(within)


def name_of(code: str) -> str:
    """The present name of a six-digit division with those that enclose it, or the code when it is unknown."""
    parts: list[str] = []
    for enclosing in dict.fromkeys((code[:2] + "0000", code[:4] + "00", code[:6])):
        entry = next((e for e in _by_code().get(enclosing, ()) if e.open), None) or next(
            iter(_by_code().get(enclosing, ())), None
        )
        if entry and entry.name not in {"市辖区", "县", *parts}:
            parts.append(entry.name)
    return "".join(parts) or code


def is_known(code: str) -> bool:
    """Whether the first six digits of a code are or were a division's."""
    return code[:6] in _by_code()


@cache
def _by_code() -> dict[str, tuple[_Entry, ...]]:
    codes: dict[str, list[_Entry]] = {}
    for entry in _entries():
        codes.setdefault(entry.code, []).append(entry)
    return {code: tuple(entries) for code, entries in codes.items()}
