"""What stands in a cell, as a value: text, names, dates, moments, numbers, temperatures, answers, places.

Every parser takes a filled cell as the reader gives it (text, number, date, time, truth value) and returns a value,
None for "nothing", `Noted` for a value with a warning, or raises `CellError`. Parsers that need to know something
(the local zone, the possible answers) are made by a function that takes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from fugong.base import identifiers
from fugong.base.characters import compact, tidy
from fugong.base.tables import sentences as _sentences  # noqa: F401  (declares the codes)
from fugong.base.tables.model import CellError, Noted, best_word
from fugong.base.tables.moments import as_written, combine, date, moment, time_of_day

__all__ = [
    "Parser",
    "Place",
    "Resolve",
    "choice",
    "combine",
    "credit_code",
    "date",
    "division",
    "document_number",
    "moment",
    "number",
    "percentage",
    "person_name",
    "phone",
    "several",
    "temperature",
    "text",
    "time_of_day",
    "whole",
    "yes_no",
]

Parser = Callable[[Any], Any]

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇○"
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}·]) | (?=[{_HAN}·])")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) ?[.·•‧・･∙⋅。．ˑ᛫] ?(?=[{_HAN}])")
_NOTHING = frozenset(("无", "暂无", "没有", "未知", "不详", "none", "None", "nil"))


def text(limit: int = 200) -> Parser:
    """Free text of at most `limit` characters; 无 and the like are nothing."""

    def parse(cell: Any) -> str | None:
        value = tidy(cell).lstrip("'") if isinstance(cell, str) else as_written(cell)
        if value in _NOTHING:
            return None
        if len(value) > limit:
            raise CellError("cell.too_long", found=len(value), limit=limit)
        return value or None

    return parse


def person_name(cell: Any) -> str | Noted:
    """A person's name: no space beside a Chinese character, one · between its parts, Latin names as they are."""
    if not isinstance(cell, str):
        raise CellError("name.no_letter", value=as_written(cell))
    if cell.isalpha() and not cell.isascii() and len(cell) <= 4:
        return cell
    name = tidy(cell).lstrip("'")
    name = _DOT_BETWEEN_HAN.sub("·", name)
    name = _SPACE_BESIDE_HAN.sub("", name)
    if not any(character.isalpha() for character in name):
        raise CellError("name.no_letter", value=name)
    if len(name) > 60:
        raise CellError("cell.too_long", found=len(name), limit=60)
    if any(character.isdigit() for character in name):
        return Noted(name, (CellError("name.has_digits", warning=True, value=name),))
    return name


def document_number(cell: Any) -> str:
    """The number of an identity document as text; which kind it is of, and whether it is right, the whole row tells."""
    if type(cell) is str and len(cell) == 18 and cell.isascii() and cell.isdigit():
        return cell
    return identifiers.normalise_number(cell)


def credit_code(cell: Any) -> str:
    """A unified social credit code."""
    return identifiers.credit_code(cell)


def phone(cell: Any) -> str | Noted | None:
    """A telephone number, mobile, fixed or from abroad."""
    if isinstance(cell, str) and tidy(cell) in _NOTHING:
        return None
    number, warnings = identifiers.phone(cell)
    return Noted(number, warnings) if warnings else number


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)").fullmatch


def _number(cell: Any, units: str = "") -> float:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise CellError("number.unclear", value=as_written(cell))
    if not isinstance(cell, str):
        return float(cell)
    written = compact(cell)
    if units:
        written = re.sub(rf"({units})$", "", written, flags=re.IGNORECASE)
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", written):
        written = written.replace(",", "")
    if not _NUMBER(written) or len(written) > 30:
        raise CellError("number.unclear", value=tidy(cell))
    return float(written)


def number(least: float | None = None, most: float | None = None, units: str = "") -> Parser:
    """A number between `least` and `most`; `units` is a pattern of what may stand behind it (人|元)."""

    def parse(cell: Any) -> float:
        value = _number(cell, units)
        _within(value, least, most)
        return value

    return parse


def whole(least: int | None = None, most: int | None = None, units: str = "人|个|名|次|只|间|剂|岁|元") -> Parser:
    """A whole number between `least` and `most`."""

    def parse(cell: Any) -> int:
        value = _number(cell, units)
        if value != int(value):
            raise CellError("number.not_whole", value=as_written(cell))
        _within(int(value), least, most)
        return int(value)

    return parse


def _within(value: float, least: float | None, most: float | None) -> None:
    if (least is not None and value < least) or (most is not None and value > most):
        raise CellError(
            "number.out_of_range",
            value=as_written(value),
            least="−∞" if least is None else as_written(least),
            most="∞" if most is None else as_written(most),
        )


def percentage(cell: Any) -> float:
    """A share as a fraction: 80%, 80 and 0.8 are all 0.8; a bare number up to 1 is a fraction already."""
    marked = isinstance(cell, str) and compact(cell).endswith("%")
    value = _number(compact(cell).rstrip("%") if marked else cell)
    share = value / 100 if marked or value > 1 else value
    if not 0 <= share <= 1:
        raise CellError("percentage.out_of_range", value=as_written(cell))
    return share


def temperature(cell: Any) -> float:
    """A body temperature in ℃, to the tenth: 36.8, 36.8℃, ３６．８, 36,8, 36度8; 25 to 45 ℃ (368 is no temperature)."""
    if isinstance(cell, str):
        written = compact(cell)
        found = re.fullmatch(r"(\d{2,3})(?:[.,度](\d{1,2}))?(?:度|°?C|摄氏度)?", written, re.IGNORECASE)
        if not found:
            raise CellError("temperature.unclear", value=tidy(cell))
        value = float(f"{found[1]}.{found[2] or 0}")
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = float(cell)
    else:
        raise CellError("temperature.unclear", value=as_written(cell))
    value = round(value, 1)
    if not 25 <= value <= 45:
        raise CellError("temperature.out_of_range", value=f"{value:g}")
    return value


_YES = ("是", "有", "√", "✓", "✔", "☑", "对", "y", "yes", "true", "t", "1", "已")
_NO = ("否", "无", "没有", "×", "✗", "✘", "x", "不", "不是", "未", "n", "no", "false", "f", "0", "没", "错")


def yes_no(yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> Parser:
    """An answer as truth value: 是/否, 有/无, √/×, Y/N, 1/0, and what the column adds (which comes first)."""
    answers = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
    answers |= dict.fromkeys((word.lower() for word in yes), True) | dict.fromkeys((word.lower() for word in no), False)

    def parse(cell: Any) -> bool:
        if isinstance(cell, bool):
            return cell
        key = compact(as_written(cell)).lower().rstrip(".!")
        if key not in answers:
            raise CellError("flag.unclear", value=tidy(as_written(cell)))
        return answers[key]

    return parse


@dataclass(frozen=True, slots=True)
class Choices:
    """The possible answers, each in the best word of the language in force when they are shown."""

    words: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        chinese = (get_language() or "").startswith("zh")
        best = (best_word((*words, value), chinese=chinese) for value, *words in self.words)
        return ("、" if chinese else ", ").join(best)


def choice(words: Mapping[str, tuple[str, ...]]) -> Parser:
    """One of several answers: each value with the words that people use for it, the best one first."""
    answers = {compact(word).lower(): value for value, names in words.items() for word in (value, *names)}
    shown = Choices(tuple((value, *names) for value, names in words.items()))

    def parse(cell: Any) -> str:
        key = compact(as_written(cell)).lower().rstrip(".;")
        if key not in answers:
            key = re.sub(r"\(.*?\)|\[.*?\]", "", key)
        if key not in answers:
            raise CellError("choice.unknown", value=tidy(as_written(cell)), choices=shown)
        return answers[key]

    return parse


def several(limit: int = 20) -> Parser:
    """Several words in one cell, split at 、，；/ and line breaks; 无 is none of them (an empty tuple)."""

    def parse(cell: Any) -> tuple[str, ...]:
        shown = as_written(cell)
        parts = (tidy(part) for part in re.split(r"[、，,；;/|\n\r]+", shown))
        words = tuple(dict.fromkeys(part for part in parts if part and part not in _NOTHING and part != "正常"))
        if len(words) > limit:
            raise CellError("cell.too_long", found=len(words), limit=limit)
        return words

    return parse


@dataclass(frozen=True, slots=True)
class Place:
    """A division as written, and its code where it is known."""

    written: str
    code: str | None


Resolve = Callable[[str], tuple[str, ...]]
"""Takes a place name to the codes of every division that it can mean: none, one or several."""


def division(resolve: Resolve | None = None, *, strict: bool = False) -> Parser:
    """A division by its code (6, 9 or 12 digits) or its name, which `resolve` looks up.

    A name that is unknown or means several places is an error when `strict`, else a `Place` without code and a warning.
    """

    def parse(cell: Any) -> Place | Noted | None:
        written = tidy(as_written(cell))
        if written in _NOTHING:
            return None
        code = re.fullmatch(r"(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12})", compact(written))
        if code:
            return Place(written, code[0] if len(code[0]) >= 6 else code[0].ljust(6, "0"))
        if resolve is None:
            return Place(written, None)
        codes = resolve(re.sub(r"\s", "", written))
        if len(codes) == 1:
            return Place(written, codes[0])
        fault = CellError("division.several" if codes else "division.unknown", warning=not strict, value=written)
        if strict:
            raise fault
        return Noted(Place(written, None), (fault,))

    return parse
