"""Files in which there is no roster to read: a column is missing, or it is something else altogether."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from tables.layouts import clean
from tables.making import CHEN, LIN, WANG, Builder, kept_in, xlsx

FILES: dict[str, Builder] = {}
file = kept_in(FILES)


@file("26_missing_column.xlsx")
def missing_column() -> bytes:
    return xlsx({"Sheet1": [["姓名", "手机", "车间"], ["林金山", LIN[2], "一车间"]]})


@file("27_no_header.csv")
def no_header() -> bytes:
    return "\n".join(",".join(person) for person in (LIN, CHEN, WANG)).encode()


@file("28_only_a_header.xlsx")
def only_a_header() -> bytes:
    return xlsx({"Sheet1": [["姓名", "身份证号", "手机"], [], [None, " "]]})


@file("29_encrypted.xlsx")
def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(400)


@file("30_web_page.xls")
def web_page() -> bytes:
    return "<html><body><table><tr><td>姓名</td></tr></table></body></html>".encode()


@file("31_scan.pdf")
def scan() -> bytes:
    return b"%PDF-1.4\n1 0 obj\n"


@file("32_letter.docx")
def letter() -> bytes:
    return _archive({"word/document.xml": b"<w:document/>"})


@file("33_cut_off.xlsx")
def cut_off() -> bytes:
    return clean()[:2_000]


@file("34_far_corner.xlsx")
def far_corner() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "姓名"
    book.worksheets[0]["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@file("35_empty.csv")
def empty() -> bytes:
    return b"\r\n \r\n"


@file("36_not_text.csv")
def not_text() -> bytes:
    return b"\xff\xff\x80\x81" * 50


@file("37_archive.xlsx")
def archive() -> bytes:
    return _archive({"readme.txt": b"x"})


def _archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
