"""``fugong protocol``: what people and programs get."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from fugong.core.protocol.pack import shipped
from fugong.project.cli.protocol import command


def run(*arguments: str, language: str = "en") -> Result:
    with translation.override(language):
        return CliRunner().invoke(command, list(arguments))


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.yaml"
    path.write_text(shipped()["cn-2022-48h"].replace("once[0,$validity]", "once[0,$validty]"), encoding="utf-8")
    return path


def test_check_of_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(shipped()["cn-2022-48h"], encoding="utf-8")
    result = run("check", str(path))
    assert (result.exit_code, "can be used" in result.output) == (0, True)
    found = json.loads(run("check", str(path), "--json").output)
    assert (found["ok"], found["id"]) == (True, "cn-2022-48h")
    assert found["permissions"]["work"] == ["tested_in_time", "result_clear", "not_positive", "no_fever"]
    assert found["requirements"]["tested_in_time"]["formula"] == "once[0,$validity] test.negative"


def test_check_of_a_wrong_file(wrong: Path) -> None:
    line = wrong.read_text(encoding="utf-8").splitlines().index("    formula: once[0,$validty] test.negative") + 1
    result = run("check", str(wrong))
    assert result.exit_code == 2
    assert f"line {line}, column 21" in result.output
    assert "validity" in result.output
    chinese = run("check", str(wrong), language="zh-hans")
    assert f"第 {line} 行第 21 列" in chinese.output
    machine = run("check", str(wrong), "--json")
    assert machine.exit_code == 2
    error = json.loads(machine.output)["error"]
    assert (error["code"], error["line"], error["column"], error["near"]) == ("wrong_formula", line, 21, ["$validity"])


def test_check_holds_a_pack_against_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(shipped()["cn-2022-48h"].replace("result: negative", "result: negativ"), encoding="utf-8")
    result = run("check", str(path))
    assert result.exit_code == 2
    assert "negative" in result.output


@pytest.mark.parametrize("what", ["check", "show"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_file_that_is_not_there(what: str, language: str) -> None:
    result = run(what, "nowhere.yaml", language=language)
    assert result.exit_code == 2
    assert "nowhere.yaml" in result.output
    assert ("没有" in result.output) == (language == "zh-hans")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    assert run("check", str(path)).exit_code == 2


def test_list_and_show() -> None:
    listed = run("list").output
    assert [line.split()[0] for line in listed.splitlines()] == sorted(shipped())
    assert {one["id"] for one in json.loads(run("list", "--json").output)} == set(shipped())
    for name, text in shipped().items():
        assert run("show", name, "--yaml").output == text
        english, chinese = run("show", name), run("show", name, language="zh-hans")
        assert (english.exit_code, chinese.exit_code) == (0, 0)
        assert "Needed for “work”" in english.output
        assert "上岗" in chinese.output


def test_schema_is_printed() -> None:
    assert json.loads(run("schema").output)["properties"]["pack"]["examples"] == ["cn-2022-48h"]
