"""Cells to values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fugong.base.faults import Fault
from fugong.base.tables import Noted, parsers

SHANGHAI = ZoneInfo("Asia/Shanghai")
RESULT = parsers.choice(
    {
        "negative": ("阴性", "阴", "未检出", "(-)"),
        "positive": ("阳性", "阳", "检出", "+"),
        "inconclusive": ("可疑", "待复检"),
    }
)
moment = parsers.moment(SHANGHAI)


def resolve(name: str) -> tuple[str, ...]:
    return {"福州市长乐区": ("350112",), "鼓楼区": ("350102", "320106")}.get(name, ())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-2-24", "2020-02-24"),
        ("2020.2.24", "2020-02-24"),
        ("2020/02/24", "2020-02-24"),
        ("2020年2月24日", "2020-02-24"),
        ("２０２０年２月２４日", "2020-02-24"),
        ("2020 年 2 月 24 日", "2020-02-24"),
        ("2020-02-24 星期一", "2020-02-24"),
        ("20200224", "2020-02-24"),
        (20200224.0, "2020-02-24"),
        (43885, "2020-02-24"),
        (43885.75, "2020-02-24"),
        ("43885", "2020-02-24"),
        (dt.date(2020, 2, 24), "2020-02-24"),
        ("2020-02-24 07:30:00", "2020-02-24"),
        ("24/2/2020", "2020-02-24"),
        ("2/24/2020", "2020-02-24"),
        ("4/4/2020", "2020-04-04"),
        ("2020-02-29", "2020-02-29"),
        ("待定", None),
        ("2.24", "date.no_year"),
        (2.24, "date.no_year"),
        ("2月24日", "date.no_year"),
        ("2020年2月", "date.no_day"),
        ("20-2-24", "date.short_year"),
        ("3/4/2020", "date.ambiguous"),
        ("2019-02-29", "date.impossible"),
        ("2020-13-01", "date.impossible"),
        ("20201301", "date.impossible"),
        ("1820-01-01", "date.out_of_range"),
        ("2.20-2.24", "date.unclear"),
        ("昨天", "date.unclear"),
        (5.0, "date.no_year"),
        (500.0, "date.unclear"),
        (True, "date.unclear"),
    ],
)
def test_dates(written: Any, expected: str | None) -> None:
    _holds(parsers.date, written, expected if expected is None or "." in expected else dt.date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-03-07 08:30", "2020-03-07T08:30:00+08:00"),
        ("2020/3/7 8:30:15", "2020-03-07T08:30:15+08:00"),
        ("2020年3月7日 8时30分", "2020-03-07T08:30:00+08:00"),
        ("2020年3月7日下午3点半", "2020-03-07T15:30:00+08:00"),
        ("2020.3.7　２０：０５", "2020-03-07T20:05:00+08:00"),
        ("20200307 0830", "2020-03-07T08:30:00+08:00"),
        ("2020-03-07 3:20 PM", "2020-03-07T15:20:00+08:00"),
        ("2020-03-07 12:10 AM", "2020-03-07T00:10:00+08:00"),
        ("2020-03-07T00:30:00Z", "2020-03-07T08:30:00+08:00"),
        ("2020-03-07T08:30:00+09:00", "2020-03-07T07:30:00+08:00"),
        (dt.datetime(2020, 3, 7, 8, 29, 59, 999_999), "2020-03-07T08:30:00+08:00"),  # noqa: DTZ001
        (43897.354166666664, "2020-03-07T08:30:00+08:00"),
        ("43897.5", "2020-03-07T12:00:00+08:00"),
        ("2020-03-07", "moment.no_time"),
        (dt.date(2020, 3, 7), "moment.no_time"),
        (43897.0, "moment.no_time"),
        ("3月7日 8:30", "moment.unclear"),
        ("2020-03-07 25:00", "time.unclear"),
        ("2020-03-07 晚上12点", "time.unclear"),
        ("2020-02-30 08:30", "date.impossible"),
        ("刚才", "moment.unclear"),
    ],
)
def test_moments(written: Any, expected: str) -> None:
    at = int(dt.datetime.fromisoformat(expected).timestamp()) if expected[:2] == "20" else expected
    _holds(moment, written, at)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("08:30", dt.time(8, 30)),
        ("8：30", dt.time(8, 30)),
        ("8点半", dt.time(8, 30)),
        ("下午3:20", dt.time(15, 20)),
        ("0830", dt.time(8, 30)),
        (0.5, dt.time(12)),
        (dt.timedelta(hours=7, minutes=5), dt.time(7, 5)),
        (dt.time(7, 5, 1, 2), dt.time(7, 5, 1)),
        ("24:00", "time.unclear"),
        ("早", "time.unclear"),
        (dt.timedelta(hours=30), "time.unclear"),
    ],
)
def test_times_of_day(written: Any, expected: dt.time | str) -> None:
    _holds(parsers.time_of_day, written, expected)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (36.8, 36.8),
        ("36.8", 36.8),
        ("36.8℃", 36.8),
        ("３６．８", 36.8),
        ("36,8", 36.8),
        ("36度8", 36.8),
        ("36.8°C", 36.8),
        ("37度", 37.0),
        (36, 36.0),
        (36.849999999999994, 36.8),
        (25, 25.0),
        (45, 45.0),
        (24.9, "temperature.out_of_range"),
        (45.1, "temperature.out_of_range"),
        (368, "temperature.out_of_range"),
        ("368", "temperature.out_of_range"),
        ("98.6F", "temperature.unclear"),
        ("正常", "temperature.unclear"),
        (True, "temperature.unclear"),
    ],
)
def test_temperatures(written: Any, expected: float | str) -> None:
    _holds(parsers.temperature, written, expected)


@pytest.mark.parametrize(
    ("parse", "written", "expected"),
    [
        *[(parsers.yes_no(), word, True) for word in ("是", "有", "√", "Y", "yes", " TRUE ", 1.0, True, "Ｙ")],
        *[(parsers.yes_no(), word, False) for word in ("否", "无", "×", "N", "no", 0, False, "没有")],
        (parsers.yes_no(), "也许", "flag.unclear"),
        (parsers.yes_no(yes=("正常",), no=("不适",)), "正常", True),
        (parsers.yes_no(yes=("无",)), "无", True),
        (RESULT, "阴性", "negative"),
        (RESULT, "阴", "negative"),
        (RESULT, "Negative", "negative"),
        (RESULT, "未检出", "negative"),
        (RESULT, "阴性（-）", "negative"),
        (RESULT, "（－）", "negative"),
        (RESULT, "阳 性", "positive"),
        (RESULT, "弱阳", "choice.unknown"),
        (parsers.percentage, "80%", 0.8),
        (parsers.percentage, "８０％", 0.8),
        (parsers.percentage, 0.8, 0.8),
        (parsers.percentage, 80, 0.8),
        (parsers.percentage, 1.0, 1.0),
        (parsers.percentage, "0.5%", 0.005),
        (parsers.percentage, "120%", "percentage.out_of_range"),
        (parsers.percentage, "八成", "number.unclear"),
        (parsers.whole(1, 99), "12人", 12),
        (parsers.whole(1, 99), 12.0, 12),
        (parsers.whole(), "1,200", 1200),
        (parsers.whole(1, 99), 12.5, "number.not_whole"),
        (parsers.whole(1, 99), 0, "number.out_of_range"),
        (parsers.whole(1, 99), "十二", "number.unclear"),
        (parsers.number(0, units="万?元"), "12.5万元", 12.5),
        (parsers.several(), "发热、咳嗽，乏力", ("发热", "咳嗽", "乏力")),
        (parsers.several(), "无", ()),
        (parsers.text(5), "一二三四五六", "cell.too_long"),
        (parsers.text(), "无", None),
        (parsers.text(), 302.0, "302"),
        (parsers.person_name, "张 三", "张三"),
        (parsers.person_name, "阿卜杜.热合曼", "阿卜杜·热合曼"),
        (parsers.person_name, "阿卜杜 · 热合曼", "阿卜杜·热合曼"),
        (parsers.person_name, "阿卜杜•热合曼•买买提", "阿卜杜·热合曼·买买提"),
        (parsers.person_name, "Anna  Maria\u00a0Smith", "Anna Maria Smith"),
        (parsers.person_name, "J. R. Smith", "J. R. Smith"),
        (parsers.person_name, 12.0, "name.no_letter"),
        (parsers.person_name, "—", "name.no_letter"),
        (parsers.division(resolve), "350112", parsers.Place("350112", "350112")),
        (parsers.division(resolve), 350112.0, parsers.Place("350112", "350112")),
        (parsers.division(resolve), "350112111", parsers.Place("350112111", "350112111")),
        (parsers.division(resolve), "福州市 长乐区", parsers.Place("福州市 长乐区", "350112")),
        (parsers.division(resolve, strict=True), "鼓楼区", "division.several"),
        (parsers.division(resolve, strict=True), "哪里", "division.unknown"),
        (parsers.division(), "哪里", parsers.Place("哪里", None)),
        (parsers.credit_code, "91350100m000100y43", "91350100M000100Y43"),
    ],
)
def test_other_values(parse: Callable[[Any], Any], written: Any, expected: Any) -> None:
    _holds(parse, written, expected)


def test_an_unknown_place_goes_in_with_a_warning() -> None:
    noted = parsers.division(resolve)("鼓楼区")
    assert isinstance(noted, Noted)
    assert noted.value == parsers.Place("鼓楼区", None)
    assert [(warning.code, warning.warning) for warning in noted.warnings] == [("division.several", True)]


def test_date_and_time_in_columns_of_their_own() -> None:
    at = parsers.combine(dt.date(2020, 3, 7), dt.time(8, 30), SHANGHAI)
    assert at == moment("2020-03-07 08:30")


CELLS = st.one_of(
    st.text(max_size=20),
    st.text("0123456789.-/:年月日时分上下午半%℃ +,E", max_size=20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=1000)),
)
EVERY = {
    "text": parsers.text(),
    "person_name": parsers.person_name,
    "document_number": parsers.document_number,
    "credit_code": parsers.credit_code,
    "phone": parsers.phone,
    "date": parsers.date,
    "time_of_day": parsers.time_of_day,
    "moment": moment,
    "number": parsers.number(0, 5),
    "whole": parsers.whole(0, 5),
    "percentage": parsers.percentage,
    "temperature": parsers.temperature,
    "yes_no": parsers.yes_no(),
    "choice": RESULT,
    "several": parsers.several(),
    "division": parsers.division(resolve),
}


@pytest.mark.parametrize("name", EVERY)
@given(cell=CELLS)
def test_whatever_stands_in_a_cell_gives_a_value_or_a_fault(name: str, cell: Any) -> None:
    assert _value_or_sentences(name, cell) is not Fault


def _value_or_sentences(name: str, cell: Any) -> Any:
    """The value, or what a comment would say; `Fault` itself when that is not in both languages."""
    try:
        return EVERY[name](cell)
    except Fault as fault:
        chinese, _line, english = fault.in_both().partition("\n")
        return english if chinese != english else Fault


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.times())
def test_a_written_moment_reads_back(day: dt.date, clock: dt.time) -> None:
    clock = clock.replace(microsecond=0)
    at = dt.datetime.combine(day, clock, SHANGHAI)
    if day.year > 1992:  # before, the zone had summer times and offsets of its own
        assert moment(f"{day.year}年{day.month}月{day.day}日 {clock.hour}:{clock:%M:%S}") == int(at.timestamp())
    assert parsers.date(f"{day.year}.{day.month}.{day.day}") == day
    assert parsers.time_of_day(f"{clock:%H:%M:%S}") == clock


def _holds(parse: Callable[[Any], Any], written: Any, expected: Any) -> None:
    """The parser gives the expected value, or the fault whose code is expected."""
    if isinstance(expected, str) and expected.count(".") == 1 and expected.replace(".", "").replace("_", "").isalpha():
        with pytest.raises(Fault) as caught:
            parse(written)
        assert caught.value.code == expected
    else:
        value = parse(written)
        assert value == expected
        assert type(value) is type(expected)
