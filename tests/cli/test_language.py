"""The command line speaks the user's language, and says what is wrong in one sentence with exit code 2."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HAN = range(0x4E00, 0xA000)


def fugong(*arguments: str, language: str = "zh_CN.UTF-8", **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {name: value for name, value in os.environ.items() if name not in {"LC_ALL", "LANGUAGE"}}
    return subprocess.run(
        [sys.executable, "-m", "fugong", *arguments], capture_output=True, text=True, check=False, timeout=60,
        env={**surroundings, "LANG": language, "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


def has_han(text: str) -> bool:
    return any(ord(character) in HAN for character in text)


@pytest.mark.parametrize("arguments", [["--help"], ["up", "--help"], ["demo", "--help"], ["evaluate", "--help"]])
def test_help_is_in_the_users_language(arguments):
    chinese, english = fugong(*arguments), fugong(*arguments, language="en_US.UTF-8")
    assert (chinese.returncode, english.returncode) == (0, 0)
    assert has_han(chinese.stdout)
    assert not has_han(english.stdout)
    for line in chinese.stdout.splitlines():
        words = line.strip()
        assert not words or has_han(words) or words.startswith("-") or not any(map(str.isalpha, words)), words


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["evaluate"], ["evaluate", "--formula", "fever and", "--facts", "-"], ["up", "--prot", "1"],
     ["protocol", "check", "no-such-file.yaml"]],
)  # fmt: skip
def test_wrong_input_is_one_sentence_and_exit_code_2(arguments, tmp_path):
    for language, expected in (("zh_CN.UTF-8", True), ("en_US.UTF-8", False)):
        result = fugong(*arguments, language=language, FUGONG_DATA=str(tmp_path / "data"))
        assert result.returncode == 2, result.stderr
        assert "Traceback" not in result.stderr
        assert has_han(result.stderr) is expected, result.stderr


def test_a_database_that_does_not_start_is_said_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    surroundings = {"FUGONG_DATA": str(tmp_path / "file"), "DATABASE_URL": "", "FUGONG_MASTER_KEY": ""}
    for language in ("zh_CN.UTF-8", "en_US.UTF-8"):
        result = fugong("report", language=language, **surroundings)
        assert result.returncode == 2
        assert "Traceback" not in result.stderr
        assert str(tmp_path / "file") in result.stderr


def test_a_database_without_tables_says_how_to_begin():
    result = fugong("clearance", "verify", language="en_US.UTF-8")
    assert result.returncode == 2
    assert "fugong up" in result.stderr
