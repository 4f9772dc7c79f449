"""What stands in a cell, as a value: text, names, dates, moments, numbers, temperatures, answers, places.

Every parser takes a filled cell as the reader gives it (text, number, date, time, truth value) and returns a value,
None for "nothing", `Noted` for a value with a warning, or raises `CellError`. Parsers that need to know something
(the local zone, the possible answers) are made by a function that takes it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fugong.base import identifiers
from fugong.base.characters import compact, fold, tidy
from fugong.base.faults import Fault
from fugong.base.tables import sentences as _sentences  # noqa: F401  (declares the codes)
from fugong.base.tables.model import CellError, Noted

Parser = Callable[[Any], Any]

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇○"
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}·]) | (?=[{_HAN}·])")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) ?[.·•‧・･∙⋅。．ˑ᛫] ?(?=[{_HAN}])")
_NOTHING = frozenset(("无", "暂无", "没有", "未知", "不详", "none", "None", "nil"))
_PENDING = frozenset(
    ("无", "暂无", "待定", "未定", "不定", "不详", "未知", "未返岗", "未到岗", "未返厂", "未返", "未到")
)

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_EXCEL_DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (spreadsheet dates have no zone)
_SERIALS = (7_305, 73_415)  # 1920 to 2100: smaller numbers are no dates that people meant


def text(limit: int = 200) -> Parser:
    """Free text of at most `limit` characters; 无 and the like are nothing."""

    def parse(cell: Any) -> str | None:
        value = tidy(cell) if isinstance(cell, str) else _shown(cell)
        if value in _NOTHING:
            return None
        if len(value) > limit:
            raise CellError("cell.too_long", found=len(value), limit=limit)
        return value or None

    return parse


def _shown(cell: Any) -> str:
    """A number or date as a person would write it."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return str(cell)


def person_name(cell: Any) -> str | Noted:
    """A person's name: no space beside a Chinese character, one · between its parts, Latin names as they are."""
    if not isinstance(cell, str):
        raise CellError("name.no_letter", value=_shown(cell))
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


_DATE = re.compile(
    r"(\d{4})\s*[-/.年,]\s*(\d{1,2})\s*[-/.月,]\s*(\d{1,2})\s*[日号]?(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
)
_COMPACT_DATE = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DAY_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_CLOCK = re.compile(
    r"(上午|早上|早晨|凌晨|中午|下午|晚上|晚|[AP]M)?\s*(\d{1,2})\s*(?:[:.时点]|H)\s*(?:(\d{1,2})|(半))?\s*(?:(?:[:.分])\s*(\d{1,2})?)?(?:\.\d+)?\s*秒?\s*([AP]M)?",
    re.IGNORECASE,
)
_AFTERNOON = frozenset(("下午", "晚上", "晚", "PM"))


def date(cell: Any) -> dt.date | None:
    """A calendar date: a date, a serial number, or text with a four-digit year first (or an order that is certain)."""
    if isinstance(cell, dt.datetime):
        return _in_range(cell.date())
    if isinstance(cell, dt.date):
        return _in_range(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _date_of_number(cell)
    if not isinstance(cell, str):
        raise CellError("date.unclear", value=_shown(cell))
    written = tidy(cell)
    if written in _PENDING:
        return None
    return _date_of_text(fold(cell), written)


def _date_of_number(number: float) -> dt.date:
    if number == int(number) and (found := _COMPACT_DATE.fullmatch(str(int(number)))):
        return _day(*found.groups(), shown=str(int(number)))
    if _SERIALS[0] <= number <= _SERIALS[1]:
        return (_EXCEL_DAY_ZERO + dt.timedelta(days=int(number))).date()
    code = "date.no_year" if 1 <= number < 13 else "date.unclear"
    raise CellError(code, value=_shown(number))


def _date_of_text(folded: str, shown: str) -> dt.date:
    found = _DATE.fullmatch(folded) or _COMPACT_DATE.fullmatch(folded)
    if found:
        return _day(*found.groups(), shown=shown)
    day, _rest = _split_moment(folded)
    if day is not None:
        return _day(*day, shown=shown)
    if re.fullmatch(r"\d{5}(\.\d+)?", folded):
        return _date_of_number(float(folded))
    last = _DAY_LAST.fullmatch(folded)
    if last:
        one, two, year = last.groups()
        if int(one) > 12 >= int(two):
            return _day(year, two, one, shown=shown)
        if int(two) > 12 >= int(one) or one == two:
            return _day(year, one, two, shown=shown)
        raise CellError("date.ambiguous", value=shown)
    if re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}[日号]?", folded):
        raise CellError("date.no_year", value=shown)
    if re.fullmatch(r"(19|20)\d{2}[-/.年]\d{1,2}月?", folded):
        raise CellError("date.no_day", value=shown)
    if re.fullmatch(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?", folded):
        raise CellError("date.short_year", value=shown)
    raise CellError("date.unclear", value=shown)


def _day(year: str, month: str, day: str, *, shown: str) -> dt.date:
    try:
        return _in_range(dt.date(int(year), int(month), int(day)))
    except ValueError as error:
        if isinstance(error, Fault):
            raise
        raise CellError("date.impossible", value=shown) from None


def _in_range(day: dt.date) -> dt.date:
    if not EARLIEST <= day <= LATEST:
        raise CellError("date.out_of_range", value=day.isoformat(), least=EARLIEST.isoformat(), most=LATEST.isoformat())
    return day


def _split_moment(folded: str) -> tuple[tuple[str, str, str] | None, str]:
    """Text that begins with a date, and the rest, which must look like a time of day."""
    found = _DATE.match(folded) or _COMPACT_DATE.match(folded)
    if not found:
        return None, folded
    rest = folded[found.end() :].lstrip(" ,T")
    if rest and not (_CLOCK.fullmatch(_without_zone(rest)) or re.fullmatch(r"\d{4}(\d{2})?", rest)):
        return None, folded
    year, month, day = found.groups()
    return (year, month, day), rest


_ZONE = re.compile(r"\s*(Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)


def _without_zone(clock: str) -> str:
    return _ZONE.sub("", clock)


def time_of_day(cell: Any) -> dt.time:
    """A time of day: 08:30, 8：30, 8时30分, 8点半, 下午3:20, a spreadsheet's time."""
    if isinstance(cell, dt.datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, dt.time):
        return cell.replace(microsecond=0)
    if isinstance(cell, dt.timedelta):
        cell = cell / dt.timedelta(days=1)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and 0 <= cell < 1:
        return (_EXCEL_DAY_ZERO + dt.timedelta(seconds=round(cell * 86_400))).time()
    if not isinstance(cell, str):
        raise CellError("time.unclear", value=_shown(cell))
    found = _clock(fold(cell))
    if found is None:
        raise CellError("time.unclear", value=tidy(cell))
    return found


def _clock(folded: str) -> dt.time | None:
    digits = re.fullmatch(r"(\d{2})(\d{2})(\d{2})?", folded)
    match = None if digits else _CLOCK.fullmatch(folded)
    if digits:
        hour, minute, second = (int(part or 0) for part in digits.groups())
    elif match:
        before, hours, minutes, half, seconds, after = match.groups()
        hour, minute, second = int(hours), 30 if half else int(minutes or 0), int(seconds or 0)
        half_day = (before or after or "").upper()
        if (half_day in _AFTERNOON or (half_day == "中午" and hour < 3)) and hour < 12:
            hour += 12
        elif half_day in {"AM", "凌晨"} and hour == 12:
            hour = 0
    else:
        return None
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def moment(zone: dt.tzinfo) -> Parser:
    """Date and time of day, local to `zone` unless an offset is written, as whole seconds since the epoch (UTC)."""

    def parse(cell: Any) -> int | None:
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            if not _SERIALS[0] <= cell <= _SERIALS[1]:
                raise CellError("date.unclear", value=_shown(cell))
            cell = _EXCEL_DAY_ZERO + dt.timedelta(seconds=round(cell * 86_400))
            if cell.time() == dt.time(0):
                raise CellError("moment.no_time", value=cell.date().isoformat())
        if isinstance(cell, dt.datetime):
            _in_range(cell.date())
            return seconds(cell, zone)
        if isinstance(cell, dt.date):
            raise CellError("moment.no_time", value=cell.isoformat())
        if not isinstance(cell, str):
            raise CellError("date.unclear", value=_shown(cell))
        return _moment_of_text(cell, zone)

    return parse


def _moment_of_text(cell: str, zone: dt.tzinfo) -> int | None:
    shown, folded = tidy(cell), fold(cell)
    if shown in _PENDING:
        return None
    day, rest = _split_moment(folded)
    if day is None:
        if re.fullmatch(r"\d{5}\.\d+", folded):
            return seconds(_EXCEL_DAY_ZERO + dt.timedelta(seconds=round(float(folded) * 86_400)), zone)
        _date_of_text(folded, shown)
        raise CellError("moment.no_time", value=shown)
    on = _day(*day, shown=shown)
    if not rest:
        raise CellError("moment.no_time", value=shown)
    clock = _clock(_without_zone(rest))
    if clock is None:
        raise CellError("time.unclear", value=shown)
    offset = _ZONE.search(rest)
    if offset:
        written = offset[1].upper().replace("Z", "+00:00")
        return seconds(dt.datetime.fromisoformat(f"{on.isoformat()}T{clock.isoformat()}{written}"), zone)
    return seconds(dt.datetime.combine(on, clock), zone)


def seconds(when: dt.datetime, zone: dt.tzinfo) -> int:
    """The nearest whole second since the epoch of a date and time; a naive one is local to `zone`."""
    return round((when if when.tzinfo else when.replace(tzinfo=zone)).timestamp())


def combine(day: dt.date, clock: dt.time, zone: dt.tzinfo) -> int:
    """The moment of a time of day on a date, where both stand in columns of their own."""
    return seconds(dt.datetime.combine(day, clock), zone)


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)").fullmatch


def _number(cell: Any, units: str = "") -> float:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise CellError("number.unclear", value=_shown(cell))
    if not isinstance(cell, str):
        return float(cell)
    written = compact(cell)
    if units:
        written = re.sub(rf"({units})$", "", written, flags=re.IGNORECASE)
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", written):
        written = written.replace(",", "")
    if not _NUMBER(written):
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
            raise CellError("number.not_whole", value=_shown(cell))
        _within(int(value), least, most)
        return int(value)

    return parse


def _within(value: float, least: float | None, most: float | None) -> None:
    if (least is not None and value < least) or (most is not None and value > most):
        raise CellError(
            "number.out_of_range",
            value=_shown(value),
            least="−∞" if least is None else _shown(least),
            most="∞" if most is None else _shown(most),
        )


def percentage(cell: Any) -> float:
    """A share as a fraction: 80%, 80 and 0.8 are all 0.8; a bare number up to 1 is a fraction already."""
    marked = isinstance(cell, str) and compact(cell).endswith("%")
    value = _number(compact(cell).rstrip("%") if marked else cell)
    share = value / 100 if marked or value > 1 else value
    if not 0 <= share <= 1:
        raise CellError("percentage.out_of_range", value=_shown(cell))
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
        raise CellError("temperature.unclear", value=_shown(cell))
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
        key = compact(_shown(cell)).lower().rstrip(".!")
        if key not in answers:
            raise CellError("flag.unclear", value=tidy(_shown(cell)))
        return answers[key]

    return parse


def choice(words: Mapping[str, tuple[str, ...]]) -> Parser:
    """One of several answers: each value with the words that people use for it, the best one first."""
    answers = {compact(word).lower(): value for value, names in words.items() for word in (value, *names)}
    shown = "、".join(names[0] if names else value for value, names in words.items())

    def parse(cell: Any) -> str:
        key = re.sub(r"\(.*?\)|\[.*?\]", "", compact(_shown(cell)).lower()).rstrip(".;")
        if key not in answers:
            raise CellError("choice.unknown", value=tidy(_shown(cell)), choices=shown)
        return answers[key]

    return parse


def several(limit: int = 20) -> Parser:
    """Several words in one cell, split at 、，；/ and line breaks; 无 is none of them (an empty tuple)."""

    def parse(cell: Any) -> tuple[str, ...]:
        shown = _shown(cell)
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
        written = tidy(_shown(cell))
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
