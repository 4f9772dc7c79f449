"""The versions of the master key: in a file, in the environment, on paper."""

from __future__ import annotations

import re
import stat

import pytest

from fugong.base import environment, keyring
from fugong.base.keyring import KeyringError

ONE, TWO = b"\x5e" * 32, bytes(range(32))


def test_digits_alone_are_the_first_version():
    assert keyring.parse("5e" * 32) == {1: ONE}
    assert keyring.parse(f" 2:{TWO.hex()} , 1:{ONE.hex().upper()}\n") == {1: ONE, 2: TWO}


@pytest.mark.parametrize(
    "text", ["", "5e", "x" * 64, f"0:{ONE.hex()}", f"256:{ONE.hex()}", f"{ONE.hex()} 1:{TWO.hex()}"]
)
def test_what_is_no_key(text):
    with pytest.raises(KeyringError):
        keyring.parse(text)


def test_the_environment_may_hold_several(monkeypatch):
    monkeypatch.setenv("FUGONG_MASTER_KEY", f"3:{TWO.hex()} 1:{ONE.hex()}")
    assert environment.master_keys() == {1: ONE, 3: TWO}
    assert environment.master_key() == TWO


def test_a_file_is_made_once_and_read_by_nobody_else(tmp_path):
    path = tmp_path / "data" / "master.key"
    made = keyring.read(path)
    assert list(made) == [1]
    assert keyring.read(path) == made
    keyring.write(path, {**made, 2: TWO})
    assert keyring.read(path) == {**made, 2: TWO}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


def test_on_paper_and_back():
    paper = keyring.on_paper({1: ONE, 12: TWO})
    assert len(paper.splitlines()) == 8
    assert keyring.from_paper(f"Fugong: the master key.\n\n{paper.upper()}") == {1: ONE, 12: TWO}


def test_a_slip_is_found_in_its_line():
    lines = keyring.on_paper({1: ONE, 2: TWO}).splitlines()
    for number, line in enumerate(lines):
        for place in [found.start() for found in re.finditer("[0-9a-f]", line)]:
            other = "0" if line[place] != "0" else "1"
            wrong = [*lines[:number], line[:place] + other + line[place + 1 :], *lines[number + 1 :]]
            with pytest.raises(KeyringError) as caught:
                keyring.from_paper("\n".join(wrong))
            assert caught.value.line == number + 1


def test_a_missing_line_is_no_key():
    lines = keyring.on_paper({1: ONE}).splitlines()
    for text in ("", "\n".join(lines[:3]), "nothing"):
        with pytest.raises(KeyringError) as caught:
            keyring.from_paper(text)
        assert caught.value.line == 0
