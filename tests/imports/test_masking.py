"""No page, no answer for programs and no comment repeats a whole number of a document or a telephone."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from fugong.base import clock
from fugong.base.personal import number_masked, numbers_masked
from fugong.project.cli.imports import command
from imports.sheets import number

pytestmark = pytest.mark.django_db
DOCUMENTS = {
    "resident": ("身份证", "350126198803070018"), "in groups": ("身份证", "350182 1988 0307 0018"),
    "one digit lost": ("身份证", number(3)[:-1]), "wrong check digit": ("身份证", number(4)[:-1] + "0"),
    "unknown county": ("身份证", "359999198001010012"), "born later": ("身份证", "350126203003070015"),
    "hidden": ("身份证", "350126********0018"), "fifteen": ("身份证", "350182680305012"),
    "residence": ("居住证", "810000199001010018"), "passport": ("护照", "E12345678"), "ordinary": ("护照", "EA1234567"),
    "foreign passport": ("护照", "AB 123456"), "Hong Kong": ("港澳居民来往内地通行证", "H12345678"),
    "Macao": ("回乡证", "M1234567890"), "Taiwan": ("台胞证", "06512345"), "Taiwan, long": ("台胞证", "0651234501(B)"),
    "permanent": ("外国人永久居留身份证", "CHN110101010101"), "officer": ("军官证", "南字第 12345678 号"),
}  # fmt: skip
PHONES = (
    "13800138001", "138-0013-8001", "138 0013 8001", "138.0013.8001", "+86 138 0013 8001", "8613800138001",
    "１３８００１３８００１", "0593-27661238", "(0593) 27661238", "0593 27661238 转 8001", "+852 5123 4567",
    "27661238", "1380013800", "138****8001", "13800138001/13900139002", "微信13800138001",
)  # fmt: skip
HEADERS = ["姓名", "证件类型", "证件号码", "手机", "备注说明", "甲"]
PLAIN = str.maketrans("０１２３４５６７８９", "0123456789")


def rows() -> list[list[str]]:
    """Every document and every telephone in its own column, in a column of nobody's, and where a name should stand."""
    people = [["王小明", kind, one, "", f"见 {one}", one] for kind, one in DOCUMENTS.values()]
    people += [["李芳", "身份证", number(5 + i), phone, f"见 {phone}", phone] for i, phone in enumerate(PHONES)]
    people += [[one, "身份证", number(50 + i), one, "", ""] for i, (_kind, one) in enumerate(DOCUMENTS.values())]
    return people + [[phone, "身份证", number(80 + i), "", "", ""] for i, phone in enumerate(PHONES)]


def betrayed(text: str) -> set[str]:
    """Pieces of five characters or more of any number that the text repeats, however it is divided there."""
    shown = re.sub(r"[\s\-.()（）+]", "", text.translate(PLAIN)).upper()
    wholes = [one for _kind, one in DOCUMENTS.values()] + list(PHONES) + [number(i) for i in range(3, 100)]
    found = set()
    for whole in wholes:
        for run in re.findall(r"[A-Z0-9]{6,}", re.sub(r"[\s\-.()（）+]", "", whole.translate(PLAIN)).upper()):
            found |= {run[i : i + 6] for i in range(len(run) - 5) if run[i : i + 6] in shown}
    return found


def workbook(body: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADERS, *body]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch, client: Client) -> tuple[Client, Any]:
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)
    place = builders.place()
    client.force_login(place.users["enterprise_clerk"])
    return client, place.enterprise


def seen(html: str) -> str:
    """What a page shows: no addresses and no tokens, which are numbers of their own."""
    return re.sub(r"<[^>]*>|[0-9a-f]{8}-[0-9a-f-]{27}", " ", html)


@pytest.mark.parametrize("start", range(0, 68, 4))
def test_a_preview_shows_the_last_four_characters_only(clerk, start):
    client, plant = clerk
    some = rows()[start : start + 4]
    sent = client.post(f"/enterprises/{plant.pk}/roster/", {"file": SimpleUploadedFile("名单.xlsx", workbook(some))})
    page = client.get(sent.url).content.decode()
    assert betrayed(seen(page)) == set()
    assert "····" in page
    assert HEADERS[5] in page


def test_a_row_of_numbers_that_is_taken_for_the_header_is_masked(clerk):
    client, plant = clerk
    content = workbook(
        [["王小明", "护照", "E12345678", "138-0013-8001", "", ""], ["李芳", "护照", "E87654321", "", "", ""]]
    )
    sent = client.post(f"/enterprises/{plant.pk}/roster/", {"file": SimpleUploadedFile("l.xlsx", content)})
    client.post(sent.url, {"use-0": "on", "header-0": "2"})
    assert betrayed(seen(client.get(sent.url).content.decode())) == set()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_neither_answers_for_programs_nor_comments_repeat_a_number(clerk, tmp_path, language):
    from django.utils import translation

    _client, plant = clerk
    file, marked = tmp_path / "l.xlsx", tmp_path / "m.xlsx"
    file.write_bytes(workbook(rows()))
    with translation.override(language):
        arguments = ["workers", str(file), "--enterprise", plant.credit_code, "--dry-run", "--errors", str(marked)]
        told = CliRunner().invoke(command, [*arguments, "--json"])
        read = CliRunner().invoke(command, arguments)
    said = json.loads(told.stdout)
    codes = {error["code"] for error in (*said["errors"], *said["warnings"])}
    assert {"id.length", "id.check_digit", "id.masked", "id.division_unknown", "phone.several", "phone.unclear",
            "phone.length", "phone.area_missing", "phone.masked", "name.has_digits"} <= codes  # fmt: skip
    messages = "\n".join(error["message"] for error in (*said["errors"], *said["warnings"]))
    assert betrayed(messages) == set()
    assert betrayed(read.output.replace(str(marked), "")) == set()
    sheet = openpyxl.load_workbook(marked).worksheets[0]
    comments = [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(comments) > 30
    assert betrayed("\n".join(comments)) == set()
    assert "E12345678" in {cell.value for row in sheet.iter_rows() for cell in row}  # the user's own cells stay


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("E12345678", "····5678"), ("350182 1988 0307 001 X", "····001X"), ("2020-03-07", "2020-03-07"),
        ("2020-3-7 08:30", "2020-3-7 08:30"), ("2020年3月7日", "2020年3月7日"), ("3 车间 12 线", "3 车间 12 线"),
        ("workshop 12 line 3", "workshop 12 line 3"), ("36.5", "36.5"), ("G0012", "G0012"),
        ("2020/03/07 138 0013 8001", "2020/03/07 ····8001"), ("护照 E 12345678 号", "护照 ····5678 号"),
    ],
)  # fmt: skip
def test_what_looks_like_a_number_and_what_does_not(text, shown):
    assert numbers_masked(text) == shown


def test_four_characters_and_words_are_no_secret():
    assert [number_masked(text) for text in ("8001", "无", "补办中", "13800138001")] == [
        "8001",
        "无",
        "补办中",
        "····8001",
    ]
