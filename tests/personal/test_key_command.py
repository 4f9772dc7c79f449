"""``fugong key``: the copy on paper and back, and what it says when it refuses."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fugong.base import keyring


def fugong(*arguments: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("FUGONG_") and name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "-m", "fugong", *arguments, "--data", str(data)],
        env={**kept, "LANG": "C", "FUGONG_LANGUAGE": "en", **more}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    keyring.write(tmp_path / "data" / "master.key", {1: b"\x01" * 32, 2: b"\x02" * 32})
    return tmp_path / "data"


def test_a_copy_on_paper_brings_the_key_back(data: Path, tmp_path: Path):
    paper, other = tmp_path / "key.txt", tmp_path / "new server"
    made = fugong("key", "backup", str(paper), data=data)
    assert (made.returncode, made.stderr) == (0, "")
    assert "2 versions" in made.stdout
    assert "0101" not in made.stdout
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600
    back = fugong("key", "restore", str(paper), data=other)
    assert (back.returncode, back.stderr) == (0, "")
    assert keyring.read(other / "master.key") == keyring.read(data / "master.key")
    assert fugong("key", "restore", str(paper), data=other).returncode == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("01010101", "01010107", 1), "Line 3 of"),
        (lambda text: "nothing", "no whole master key"),
        (lambda text: keyring.on_paper({1: b"\x09" * 32}), "another master key"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(change, said: str, data: Path, tmp_path: Path):
    paper = tmp_path / "key.txt"
    fugong("key", "backup", str(paper), data=data)
    paper.write_text(change(paper.read_text()))
    before = (data / "master.key").read_bytes()
    refused = fugong("key", "restore", str(paper), data=data)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (data / "master.key").read_bytes() == before


def test_refusals(data: Path, tmp_path: Path):
    assert fugong("key", "backup", str(tmp_path / "nowhere" / "key.txt"), data=data).returncode == 2
    assert fugong("key", "backup", str(tmp_path / "key.txt"), data=tmp_path / "empty").returncode == 2
    assert not (tmp_path / "empty").exists()
    assert "is there already" in fugong("key", "backup", str(data / "master.key"), data=data).stderr
    answer = fugong("key", "restore", str(tmp_path / "none.txt"), data=data, FUGONG_MASTER_KEY="5e" * 32)
    assert (answer.returncode, "Change it there" in answer.stderr) == (2, True)
    assert fugong("key", "rotate", data=tmp_path / "empty").returncode == 2
