"""Dates, times of day and moments, as people write them and as spreadsheets keep them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from fugong.base.characters import fold, tidy
from fugong.base.faults import Fault
from fugong.base.tables.model import CellError

_PENDING = frozenset(
    ("无", "暂无", "待定", "未定", "不定", "不详", "未知", "未返岗", "未到岗", "未返厂", "未返", "未到")
)
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_EXCEL_DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (spreadsheet dates have no zone)
_SERIALS = (7_305, 73_415)  # 1920 to 2100: smaller numbers are no dates that people meant


def as_written(cell: Any) -> str:
    """A number or date as a person would write it."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return str(cell)


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
        raise CellError("date.unclear", value=as_written(cell))
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
    raise CellError(code, value=as_written(number))


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
        raise CellError("time.unclear", value=as_written(cell))
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
        if half_day in {"晚", "晚上"} and hour == 12:
            return None  # midnight of this day or of the next: people mean either
        if (half_day in _AFTERNOON or (half_day == "中午" and hour < 3)) and hour < 12:
            hour += 12
        elif half_day in {"AM", "凌晨"} and hour == 12:
            hour = 0
    else:
        return None
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def moment(zone: dt.tzinfo) -> Callable[[Any], int | None]:
    """Date and time of day, local to `zone` unless an offset is written, as whole seconds since the epoch (UTC)."""

    def parse(cell: Any) -> int | None:
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return _moment_of_number(cell, zone)
        if isinstance(cell, dt.datetime):
            _in_range(cell.date())
            return seconds(cell, zone)
        if isinstance(cell, dt.date):
            raise CellError("moment.no_time", value=cell.isoformat())
        if not isinstance(cell, str):
            raise CellError("moment.unclear", value=as_written(cell))
        try:
            return _moment_of_text(cell, zone)
        except CellError as fault:
            if fault.code == "date.unclear":  # what to write there is more than a date
                raise CellError("moment.unclear", value=tidy(cell)) from None
            raise

    return parse


def _moment_of_number(number: float, zone: dt.tzinfo) -> int:
    """A spreadsheet's date and time: days since the end of 1899, and the part of the day."""
    if not _SERIALS[0] <= number <= _SERIALS[1]:
        raise CellError("moment.unclear", value=as_written(number))
    when = _EXCEL_DAY_ZERO + dt.timedelta(seconds=round(number * 86_400))
    if when.time() == dt.time(0):
        raise CellError("moment.no_time", value=when.date().isoformat())
    return seconds(when, zone)


def _moment_of_text(cell: str, zone: dt.tzinfo) -> int | None:
    shown, folded = tidy(cell), fold(cell)
    if shown in _PENDING:
        return None
    day, rest = _split_moment(folded)
    if day is None:
        if re.fullmatch(r"\d{5}\.\d+", folded):
            return _moment_of_number(float(folded), zone)
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
