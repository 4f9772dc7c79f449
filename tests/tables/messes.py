"""Random messes over a clean roster: what each does to a cell, and whether the cell can still be told.

A `Roster` is a clean list of workers; messes rewrite its cells and its sheet. A harmless mess must give the same
worker; a harmful one is recorded in `harmed`, and must give an error at exactly that cell.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import xlwt
from hypothesis import strategies as st

from fugong.base.identifiers import check_digit
from tables.files import xlsx

FIELDS = ("name", "document_number", "phone", "returned_on")
HEADERS = {
    "name": ("姓名", "员工姓名", "名字", "姓 名*", "姓名（必填）", "Name", "1.姓名"),
    "document_number": ("身份证号", "身份证号码", "证件号码", "公民身份号码", "★身份证\n号码", "ID number"),
    "phone": ("联系电话", "手机", "手机号码", "电话（本人）", "Mobile"),
    "returned_on": ("返岗日期", "到岗日期", "返厂时间", "返岗日期（年月日）"),
}
OTHERS = ("序号", "备注", "紧急联系人电话", "健康码", "体温")
NAMES = ("张三", "欧阳建国", "阿卜杜·热合曼", "李娜", "John Smith", "王小明", "古丽")


@dataclass(frozen=True)
class Worker:
    """What a roster says of one worker."""

    name: str
    document_number: str
    phone: str
    returned_on: dt.date


@dataclass
class Roster:
    """A list on its way through the messes: for each worker the cells as written, and the fields that are ruined."""

    workers: list[Worker]
    cells: list[dict[str, Any]] = field(default_factory=list)
    harmed: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cells = [{name: getattr(worker, name) for name in FIELDS} for worker in self.workers]


@st.composite
def workers(draw: st.DrawFn) -> list[Worker]:
    """One to eight workers, no two with the same number."""
    count = draw(st.integers(1, 8))
    found = []
    for index in range(count):
        born = draw(st.dates(dt.date(1955, 1, 1), dt.date(2003, 12, 31)))
        division = draw(st.sampled_from(("350126", "350182", "420106", "360281")))
        body = f"{division}{born:%Y%m%d}{index:02}{draw(st.integers(1, 9))}"
        phone = f"1{draw(st.sampled_from('35789'))}{draw(st.integers(0, 10**9 - 1)):09}"
        returned = draw(st.dates(dt.date(2020, 1, 20), dt.date(2020, 3, 9)))
        found.append(Worker(draw(st.sampled_from(NAMES)), body + check_digit(body), phone, returned))
    return found


def _full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


Rewrite = Callable[[Any], Any]
HARMLESS: dict[str, tuple[Rewrite, ...]] = {
    "name": (
        lambda name: f"  {name}\u3000",
        lambda name: f"{name[0]} {name[1:]}" if not name.isascii() else name.replace(" ", "  "),
        lambda name: name.replace("·", "."),
        lambda name: f"\ufeff{name}\u200b",
    ),
    "document_number": (
        _full_width,
        str.lower,
        lambda number: f"'{number}",
        lambda number: f"{number[:6]} {number[6:14]} {number[14:]}\u00a0",
        lambda number: f"\t{number}\u200b",
    ),
    "phone": (
        float,
        int,
        _full_width,
        lambda phone: f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}",
        lambda phone: f"{phone}.0",
        lambda phone: f"'{phone} ",
    ),
    "returned_on": (
        lambda day: f"{day.year}-{day.month}-{day.day}",
        lambda day: f"{day.year}.{day.month}.{day.day}",
        lambda day: f"{day:%Y/%m/%d} 00:00:00",
        lambda day: f"{day.year}年{day.month}月{day.day}日",
        lambda day: f"{day:%Y%m%d}",
        lambda day: (day - dt.date(1899, 12, 30)).days,
        lambda day: _full_width(f"{day:%Y-%m-%d}"),
    ),
}
HARMFUL: dict[str, tuple[Rewrite, ...]] = {
    "name": (lambda _name: None, lambda _name: "——", lambda _name: 12.0),
    "document_number": (
        lambda number: float(number[:17]) * 10,
        lambda number: f"{number[0]}.{number[1:6]}E+17",
        lambda number: number[:17] + ("1" if number[17] != "1" else "2"),
        lambda number: number[:16] + number[17:],
        lambda number: f"{number[:4]}**********{number[14:]}",
        lambda number: number[:10] + "13" + number[12:],
    ),
    "phone": (lambda phone: phone[:10], lambda phone: f"{phone[:3]}****{phone[7:]}", lambda phone: f"{phone}1"),
    "returned_on": (
        lambda day: f"{day.month}.{day.day}",
        lambda day: f"{day.month}月{day.day}日",
        lambda day: f"{day.year}-2-30",
        lambda _day: "过两天",
    ),
}


@st.composite
def cell_messes(draw: st.DrawFn, roster: Roster) -> None:
    """Rewrite some cells, now and then ruining one."""
    for index, cells in enumerate(roster.cells):
        for name in FIELDS:
            kind = draw(
                st.sampled_from(("clean", "harmless", "harmless", "harmful") if draw(st.booleans()) else ("clean",))
            )
            if kind == "harmless":
                cells[name] = draw(st.sampled_from(HARMLESS[name]))(cells[name])
            elif kind == "harmful":
                cells[name] = draw(st.sampled_from(HARMFUL[name]))(cells[name])
                roster.harmed.setdefault(index, set()).add(name)


@dataclass
class Laid:
    """A roster as a grid: which row (1-based) is which worker, and which rows are to be skipped for which reason."""

    grid: list[list[Any]]
    headers: dict[str, str]
    places: dict[int, int]
    skipped: dict[int, str]


@st.composite
def layouts(draw: st.DrawFn, roster: Roster) -> Laid:
    """Title rows, headers as people write them, columns in any order, blank rows, repetitions, totals and notes."""
    headers = {name: draw(st.sampled_from(HEADERS[name])) for name in FIELDS}
    order = draw(st.permutations([*FIELDS, *draw(st.lists(st.sampled_from(OTHERS), unique=True, max_size=3))]))
    left = draw(st.integers(0, 2))
    titles = draw(st.lists(st.sampled_from(([], ["某某公司员工花名册"], ["填报单位：", "某某公司"])), max_size=3))
    header = [headers.get(name, name) for name in order]
    grid: list[list[Any]] = [*titles, header]
    laid = Laid(grid, headers, {}, {})

    def put(row: list[Any], reason: str = "") -> int:
        grid.append(row)
        if reason:
            laid.skipped[len(grid)] = reason
        return len(grid)

    for index, cells in enumerate(roster.cells):
        row = [cells.get(name) for name in order]
        laid.places[index] = put(row)
        extra = draw(st.sampled_from(("", "", "", "blank", "spaces", "again", "header", "subtotal")))
        if extra == "blank":
            put([])
        elif extra == "spaces":
            put(["  ", "\u3000"])
        elif extra == "again" and index not in roster.harmed:
            put(list(row), "row.repeated")
        elif extra == "header":
            put(list(header), "row.header_again")
        elif extra == "subtotal":
            put(["小计", f"{index + 1}人"], "row.totals")
    if draw(st.booleans()):
        put(["合计", len(roster.workers)], "row.totals")
    if draw(st.booleans()):
        put(["注：以上信息均已核实"], "row.note")
    laid.grid = [[None] * left + row if row else [] for row in grid]
    return laid


def as_xlsx(grid: list[list[Any]]) -> tuple[bytes, str]:
    """The grid as an .xlsx."""
    return xlsx({"Sheet1": grid}), "a.xlsx"


def as_xls(grid: list[list[Any]]) -> tuple[bytes, str]:
    """The grid as an old .xls."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="yyyy/m/d")
    for number, row in enumerate(grid):
        for index, cell in enumerate(row):
            if isinstance(cell, dt.date):
                page.write(number, index, cell, day)
            elif cell is not None:
                page.write(number, index, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "a.xls"


def as_text(encoding: str, delimiter: str) -> Callable[[list[list[Any]]], tuple[bytes, str]]:
    """The grid as delimited text."""

    def write(grid: list[list[Any]]) -> tuple[bytes, str]:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows([["" if cell is None else cell for cell in row] for row in grid])
        return out.getvalue().encode(encoding), "Sheet1.csv"

    return write


FORMS = (
    as_xlsx,
    as_xls,
    as_text("utf-8", ","),
    as_text("utf-8-sig", ","),
    as_text("gb18030", ","),
    as_text("utf-8", "\t"),
    as_text("utf-16", ";"),
)
