"""Reading a file as it comes: .xlsx, .xlsm, .xlsb, .xls, .et, .ods by content, .csv, .tsv and pasted text.

What a file is called decides nothing but how text is split when nothing else tells.
"""

from __future__ import annotations

import csv
import io
import os
import pickle
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from fugong.base.tables import isolated
from fugong.base.tables import sentences as _sentences  # noqa: F401  (declares the codes)
from fugong.base.tables.model import Broken, Cell, Sheet, TableError

MAX_BYTES = 64 * 2**20
"""The largest file, in bytes."""
MAX_UNPACKED = 768 * 2**20
"""The largest content of an .xlsx once unpacked, in bytes."""
MAX_CELLS = 20_000_000
"""The largest rectangle of one sheet, in cells (the reader holds it in memory, blank cells too)."""

MAX_SECONDS = 120
"""The longest that reading a workbook may take, in seconds."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENTS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"GIF8", "GIF"),
)
_WORKBOOKS = frozenset(("xlsx", "xlsm", "xlsb", "xls", "et", "ods"))
"""Endings of files that hold no text; text that is called so is read all the same."""
_CONTROLS = re.compile("[\0-\x08\x0e-\x19\x1b-\x1f]")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
)
"""What a damaged archive makes Python's library raise."""
_LAST_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_FAR_COLUMN = re.compile(rb'\br="([B-Z][A-Z]|[A-Z]{3})\d')
_FAILED_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d+)"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<',
    re.DOTALL,
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read(data: bytes, filename: str) -> list[Sheet]:
    """Every sheet of the file, in its order, each with every row from the first on.

    Raises `TableError` for a file that is empty, too large, encrypted, damaged or no spreadsheet.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise TableError("table.empty")
    if len(data) > MAX_BYTES:
        raise TableError("table.too_large", found=_mebibytes(len(data)), limit=_mebibytes(MAX_BYTES))
    if data.startswith(_ZIP):
        return _read_zip(data)
    if data.startswith(_OLE):
        return _read_workbook(data, {})
    for magic, name in _DOCUMENTS:
        if data.startswith(magic):
            raise TableError("table.wrong_type", found=name)
    return read_text(_decode(data, filename), filename)


def read_text(text: str, filename: str = "paste.tsv") -> list[Sheet]:
    """A table from text: comma, semicolon, tab or bar between the cells (pasted from Excel: tabs)."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise TableError("table.empty")
    if re.match(r"\s*<(!doctype html|html|table|\?xml)", text, re.IGNORECASE):
        raise TableError("table.web_page")
    announced = re.match(r"sep=(.)\r?\n", text)
    delimiter = announced[1] if announced else _delimiter(text, filename)
    body = text[announced.end() :] if announced else text
    rows: list[list[Cell]] = [[]] if announced else []
    if "\0" in body:
        raise TableError("table.wrong_type", found=filename.rpartition(".")[2] or filename)
    rows.extend(_split(body, delimiter))
    return [Sheet(re.sub(r"\.\w{1,5}$", "", filename.replace("\\", "/").rpartition("/")[2]) or "1", rows)]


def _split(text: str, delimiter: str) -> Iterator[list[Cell]]:
    csv.field_size_limit(2**20)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise TableError("table.damaged") from error


def _delimiter(text: str, filename: str) -> str:
    """The delimiter that splits most of the first lines into the same number of cells, and into most cells."""
    lines = [line for line in text[:65_536].splitlines()[:50] if line.strip()]
    best, chosen = 0, "\t" if filename.lower().endswith((".tsv", ".txt")) else ","
    for delimiter in (chosen, *{",", "\t", ";", "|", "，"} - {chosen}):
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        common = max(set(counts), key=lambda count: (counts.count(count) * (count > 1), count))
        score = counts.count(common) * (common - 1)
        if score > best:
            best, chosen = score, delimiter
    return chosen


def _decode(data: bytes, filename: str) -> str:
    """The text of a file; `TableError` where it is none, which says so of a file that is called a workbook."""
    ending = filename.lower().rpartition(".")[2]
    named_workbook = ending in _WORKBOOKS
    try:
        text = _text_of(data)
    except UnicodeDecodeError as error:
        if named_workbook:
            raise TableError("table.no_workbook", ending=ending) from error
        raise TableError("table.encoding") from error
    if named_workbook and _CONTROLS.search(text):
        raise TableError("table.no_workbook", ending=ending)
    return text


def _text_of(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _read_zip(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked > MAX_UNPACKED:
                raise TableError("table.too_large", found=_mebibytes(unpacked), limit=_mebibytes(MAX_UNPACKED))
            if not any(name.startswith("xl/") or name == "content.xml" for name in names):
                found = (
                    "Word"
                    if "word/document.xml" in names
                    else "PowerPoint"
                    if "ppt/presentation.xml" in names
                    else "ZIP"
                )
                raise TableError("table.wrong_type", found=found)
            failed = {name: _inspect(archive.read(path)) for name, path in _sheet_paths(archive, names)}
    except TableError:
        raise
    except _BROKEN as error:
        raise TableError("table.damaged") from error
    return _read_workbook(data, failed)


def _sheet_paths(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """The name of each sheet of an .xlsx and where it stands in the archive."""
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return
    relations = _element(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): (item.get("Target") or "").lstrip("/") for item in relations}
    workbook = _element(archive.read("xl/workbook.xml"))
    for item in workbook.iter():
        if item.tag.endswith("}sheet"):
            target = targets.get(item.get(_RELATION) or "", "")
            path = target if target.startswith("xl/") else f"xl/{target}"
            if path in names:
                yield item.get("name") or "", path


def _element(xml: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in xml:  # no spreadsheet program writes one; entities could unfold without end
        raise TableError("table.damaged")
    return ElementTree.fromstring(xml)  # noqa: S314  (no document type, so no entities)


def _inspect(xml: bytes) -> dict[tuple[int, int], str]:
    """The cells of a sheet whose formulas failed; `TableError` when the sheet's rectangle cannot be held in memory."""
    last = xml.rfind(b"<row ")
    found = _LAST_ROW.match(xml, last) if last >= 0 else None
    rows = int(found[1]) if found else 1
    if rows > MAX_CELLS // 16_384:
        columns = max((_column(match[1]) for match in _FAR_COLUMN.finditer(xml)), default=52)
        if rows * columns > MAX_CELLS:
            raise TableError("table.too_large", found=f"{rows} × {columns}", limit=f"{MAX_CELLS}")
    for merged in _MERGED.finditer(xml):
        height = int(merged[4]) - int(merged[2]) + 1
        width = _column(merged[3]) - _column(merged[1]) + 1
        if height * width > MAX_CELLS // 10:
            raise TableError("table.too_large", found=f"{height} × {width}", limit=f"{MAX_CELLS // 10}")
    if b't="e"' not in xml:
        return {}
    return {
        (int(match[2]) - 1, _column(match[1]) - 1): match[3].decode("utf-8", "replace")
        for match in _FAILED_CELL.finditer(xml)
    }


def _column(letters: bytes) -> int:
    number = 0
    for byte in letters:
        number = number * 26 + byte - 64
    return number


def _read_workbook(data: bytes, failed: dict[str, dict[tuple[int, int], str]]) -> list[Sheet]:
    outcome, found = _in_a_process_of_its_own(data)
    if outcome == "sheets":
        sheets = [Sheet(*sheet) for sheet in found]
        for sheet in sheets:
            for (row, column), shown in failed.get(sheet.name, {}).items():
                if row < len(sheet.rows) and column < len(sheet.rows[row]):
                    sheet.rows[row][column] = Broken(shown)
        return sheets
    if outcome == "password" or "EncryptedPackage".encode("utf-16-le") in data:
        raise TableError("table.encrypted")
    if data.startswith(_OLE) and "WordDocument".encode("utf-16-le") in data:
        raise TableError("table.wrong_type", found="Word")
    raise TableError("table.damaged")


def _in_a_process_of_its_own(data: bytes) -> tuple[str, Any]:
    """What `isolated` reads: a bad file may end that process, but not this one."""
    command = [sys.executable, "-P", str(Path(isolated.__file__))]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "RUST_BACKTRACE": "0"}
    try:
        done = subprocess.run(  # noqa: S603  (our own program, and nothing of the user's in the command)
            command, input=data, capture_output=True, timeout=MAX_SECONDS, env=environment, check=True
        )
    except subprocess.TimeoutExpired:
        raise TableError("table.too_large", found=f"> {MAX_SECONDS} s", limit=f"{MAX_SECONDS} s") from None
    except subprocess.CalledProcessError:
        return "broken", None
    outcome: tuple[str, Any] = pickle.loads(done.stdout)  # noqa: S301  (written by our own program: plain values)
    return outcome


def _mebibytes(count: int) -> str:
    return f"{count / 2**20:.0f} MiB"
