"""The versions of the master key: as the file ``master.key`` and ``FUGONG_MASTER_KEY`` hold them, and on paper.

A file has one line a version, ``version:64 hexadecimal digits``; a line of digits alone is version 1. On paper a version
takes four numbered lines of two groups each, and every line ends with its own checksum, so that a slip is found where it is.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

LENGTH = 32
GREATEST = 255
"""The version is one byte in front of everything that is encrypted."""
_ENTRY = re.compile(r"(?:([1-9]\d{0,2}):)?([0-9a-fA-F]{64})")
_LINE = re.compile(r"(\d{1,3})\.([1-4])\s+([0-9a-f]{8})\s+([0-9a-f]{8})\s+([0-9a-f]{4})")
_LINES, _PART = 4, 8


class KeyringError(ValueError):
    """Text that holds no key; ``line`` says where, 0 for the whole."""

    def __init__(self, line: int = 0) -> None:
        super().__init__("no master key: 64 hexadecimal digits are needed")
        self.line = line


def parse(text: str) -> dict[int, bytes]:
    """Every version in a text, by number. Raises KeyringError where something else stands in it, or nothing."""
    keys: dict[int, bytes] = {}
    for number, entry in enumerate(re.split(r"[\s,;]+", text.strip()), start=1):
        found = _ENTRY.fullmatch(entry)
        version = int(found[1] or 1) if found else 0
        if found is None or version > GREATEST or version in keys:
            raise KeyringError(number)
        keys[version] = bytes.fromhex(found[2])
    return keys


def written(keys: Mapping[int, bytes]) -> str:
    """The same as text, one line a version."""
    return "".join(f"{version}:{key.hex()}\n" for version, key in sorted(keys.items()))


def fresh() -> bytes:
    """A new random key."""
    return secrets.token_bytes(LENGTH)


def read(path: Path) -> dict[int, bytes]:
    """The versions in a file; a file that isn't there is made, with a first one. Raises KeyringError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return parse(path.read_text())
    keys = {1: fresh()}
    with os.fdopen(descriptor, "w") as file:
        file.write(written(keys))
    return keys


def write(path: Path, keys: Mapping[int, bytes]) -> None:
    """Put other versions into a file: whole or not at all, whenever the machine stops; nobody else may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(written(keys))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def on_paper(keys: Mapping[int, bytes]) -> str:
    """Every version for printing."""
    lines = []
    for version, key in sorted(keys.items()):
        for number in range(_LINES):
            part = key[number * _PART : (number + 1) * _PART].hex()
            check = _check(version, number + 1, part)
            lines.append(f"{version}.{number + 1}  {part[:8]} {part[8:]}  {check}")
    return "\n".join(lines) + "\n"


def from_paper(text: str) -> dict[int, bytes]:
    """The versions that were printed; other lines are skipped. Raises KeyringError with the line that is wrong."""
    parts: dict[int, dict[int, str]] = {}
    for place, line in enumerate(text.lower().splitlines(), start=1):
        if not re.match(r"\s*\d{1,3}\.\d", line):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise KeyringError(place)
        version, number, part = int(found[1]), int(found[2]), found[3] + found[4]
        if not 0 < version <= GREATEST or _check(version, number, part) != found[5]:
            raise KeyringError(place)
        parts.setdefault(version, {})[number] = part
    if not parts or any(len(found) != _LINES for found in parts.values()):
        raise KeyringError
    return {version: bytes.fromhex("".join(found[n + 1] for n in range(_LINES))) for version, found in parts.items()}


def _check(version: int, number: int, part: str) -> str:
    return hashlib.sha256(f"fugong master key {version}.{number} {part}".encode()).hexdigest()[:4]
