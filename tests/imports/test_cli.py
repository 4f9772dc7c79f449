"""The commands ``fugong import workers`` and ``fugong import facts``: counts, JSON, marked sheet, exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from fugong.project.cli.imports import command
from fugong.registry.models import Worker
from imports.sheets import CODES, enterprise, everything, number

pytestmark = pytest.mark.django_db


def run(*arguments: Any) -> Result:
    with translation.override("en"):
        return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名单"
    for row in (
        ["某厂名单"], ["姓名", "身份证号", "手机"], ["王小明", number(1), "13800138000"], ["李芳", number(2)[:-1], ""],
    ):  # fmt: skip
        sheet.append(row)
    file = tmp_path / "roster.xlsx"
    book.save(file)
    return file


def test_a_roster_with_an_error_goes_in_but_for_the_row_in_error(roster, tmp_path):
    enterprise()
    marked = tmp_path / "marked.xlsx"
    result = run("workers", roster, "--enterprise", CODES[0], "--json", "--errors", marked)
    assert result.exit_code == 1, result.output
    said = json.loads(result.stdout)
    assert {k: said[k] for k in ("rows", "added", "updated", "unchanged", "skipped", "columns")} == {
        "rows": 2, "added": 1, "updated": 0, "unchanged": 0, "skipped": 0,
        "columns": {"name": "姓名", "document_number": "身份证号", "phone": "手机"},
    }  # fmt: skip
    [error] = said["errors"]
    assert {k: error[k] for k in ("sheet", "row", "column", "code")} == {
        "sheet": "名单", "row": 4, "column": "身份证号", "code": "id.length"
    }  # fmt: skip
    comment = openpyxl.load_workbook(io.BytesIO(marked.read_bytes()))["名单"]["B4"].comment
    assert comment is not None
    assert "18 characters" in comment.text
    assert [worker.name for worker in Worker.objects.all()] == ["王小明"]


def test_a_right_roster_gives_zero_and_a_trial_run_changes_nothing(tmp_path):
    enterprise()
    file = tmp_path / "r.csv"
    file.write_text(f"姓名,身份证号\n王小明,{number(1)}\n", "utf-8")
    before = everything()
    tried = run("workers", file, "--enterprise", CODES[0], "--dry-run")
    assert (tried.exit_code, everything()) == (0, before)
    assert "1 rows: 1 added, 0 updated, 0 unchanged, 0 skipped, 0 in error" in tried.stdout
    assert "Nothing was changed" in tried.stdout
    assert run("workers", file, "--enterprise", CODES[0].lower()).exit_code == 0
    again = json.loads(run("workers", file, "--enterprise", CODES[0], "--json").stdout)
    assert (again["unchanged"], Worker.objects.count()) == (1, 1)


def test_facts_of_a_kind(tmp_path, roster):
    enterprise()
    run("workers", roster, "--enterprise", CODES[0])
    file = tmp_path / "t.csv"
    rows = f"姓名,身份证号,采样时间,报告时间,结果\n王小明,{number(1)},2020-03-07 08:30,2020-03-08 16:00,阴性\n"
    file.write_bytes(rows.encode("gb18030"))
    for kind in ("test", "tests"):
        result = run("facts", kind, file, "--json", "--enterprise", CODES[0])
        assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["unchanged"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("workers", "{file}", "--enterprise", "91350100M000100Y43"), "No enterprise has the credit code"),
        (("workers", "{file}"), "--enterprise"),
        (("workers", "{missing}", "--enterprise", "{code}"), "Cannot read"),
        (("workers", "{folder}", "--enterprise", "{code}"), "Cannot read"),
        (("workers", "{empty}", "--enterprise", "{code}"), "The file is empty"),
        (("workers", "{picture}", "--enterprise", "{code}"), "PNG"),
        (("workers", "{other}", "--enterprise", "{code}"), "header"),
        (("facts", "horoscope", "{file}"), "Choose one of: arrival"),
        (("workers", "{file}", "--enterprise", "{code}", "--errors", "{missing}/x.xlsx"), "Cannot write"),
        (("workers", "{file}", "--enterprise", "{code}", "--horoscope"), "--horoscope"),
    ],
)
def test_where_nothing_can_be_done_there_is_one_message_and_exit_code_2(roster, tmp_path, arguments, says):
    enterprise()
    (tmp_path / "empty.xlsx").write_bytes(b"")
    (tmp_path / "p.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    (tmp_path / "o.csv").write_text("a,b\n1,2\n")
    names = {
        "file": roster, "code": CODES[0], "missing": tmp_path / "none" / "f.xlsx", "folder": tmp_path,
        "empty": tmp_path / "empty.xlsx", "picture": tmp_path / "p.xlsx", "other": tmp_path / "o.csv",
    }  # fmt: skip
    result = run(*(argument.format(**names) for argument in arguments))
    assert (result.exit_code, result.exception.__class__) == (2, SystemExit), result.output
    assert says in result.stderr
    assert "Traceback" not in result.output
