"""What the messy rosters are made of: invented people whose numbers are well formed, and how a workbook is written."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

TODAY = dt.date(2020, 3, 9)

LIN = ("林金山", "350126197001010018", "13805910001")
CHEN = ("陈秀英", "350182198502140027", "13805910002")
WANG = ("王建国", "420106197006101173", "13805910003")
LI = ("李伟", "35011219991230128X", "13805910004")
HUANG = ("黄丽", "421127199202293338", "13805910005")
ZHANG = ("张强", "360281198803070457", "13805910006")
LIU = ("刘芳", "52210119790515204X", "13805910007")
ZHAO = ("赵敏", "510722199608184117", "13805910008")

Builder = Callable[[], bytes]


def kept_in(files: dict[str, Builder]) -> Callable[[str], Callable[[Builder], Builder]]:
    """A decorator for what makes a file, by the name under which it is uploaded: it is kept in ``files``."""

    def named(name: str) -> Callable[[Builder], Builder]:
        def keep(builder: Builder) -> Builder:
            files[name] = builder
            return builder

        return keep

    return named


def xlsx(
    sheets: dict[str, Sequence[Sequence[Any]]], merge: dict[str, Sequence[str]] | None = None, hide: Sequence[str] = ()
) -> bytes:
    """A workbook of those sheets, with merged ranges and hidden sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        for merged in (merge or {}).get(name, ()):
            page.merge_cells(merged)
        if name in hide:
            page.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
