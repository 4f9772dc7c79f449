"""A backup's file: a zip of one text file a table (PostgreSQL's COPY format) and a manifest that says what is in it.

The format is our own because it has to outlive versions: what one PostgreSQL from 15 on wrote, every other one reads, and
no client programs are needed. The tables themselves are made by migrations, up to the state that the manifest names.
The master key is never in it; ``key_check`` is a word encrypted with it, so that a wrong key is seen before anything is
written.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import error as ZlibError  # noqa: N812 - zlib's own name is in small letters

from cryptography.exceptions import InvalidTag
from pydantic import BaseModel, ConfigDict, ValidationError

from fugong.base import personal

FORMAT = 1
MANIFEST = "manifest.json"
_PROBE = "fugong"
_CHUNK = 2**20
_LEVEL = 3  # of compression: more costs much time and saves little


class Table(BaseModel):
    """What a table's file holds: its columns in order, so many rows, and the SHA-256 of its text."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    columns: list[str]
    rows: int
    sha256: str


class Manifest(BaseModel):
    """What a backup holds, and what it was made with."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: int
    fugong: str
    postgresql: str
    moment: str
    migrations: list[tuple[str, str]]
    tables: dict[str, Table]
    sequences: dict[str, tuple[int, bool]]
    key_check: str

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables.values())


class ArchiveError(Exception):
    """A file that is no backup, or a damaged one; ``code`` says which, ``where`` the part of it."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code, where)
        self.code, self.where = code, where


class RestoreError(Exception):
    """A backup that is not brought back; ``code`` says why. The database is as it was, except that tables may be there."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def key_check() -> str:
    """A word that only the present master key decrypts."""
    return personal.encrypt(_PROBE).hex()


def key_fits(manifest: Manifest) -> bool:
    """Whether the present master key is the one with which the backup's numbers are encrypted."""
    try:
        return personal.decrypt(bytes.fromhex(manifest.key_check)) == _PROBE
    except (InvalidTag, ValueError, LookupError):
        return False


class Writer:
    """Writes a backup's file; it has its name only when it is whole."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def table(self, name: str, columns: list[str], text: Iterable[bytes | bytearray | memoryview]) -> Table:
        """Write a table's rows; returns what was written."""
        digest, rows = hashlib.sha256(), 0
        with self._archive.open(f"{name}.copy", "w", force_zip64=True) as out:
            for piece in text:
                data = bytes(piece)
                rows += data.count(b"\n")  # a line break within a value is written as two characters
                digest.update(data)
                out.write(data)
        return Table(columns=columns, rows=rows, sha256=digest.hexdigest())

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest, as the last part."""
        self._archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Write a backup that only its owner may read. Raises OSError; what was half written is removed."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """Reads a backup's file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        try:
            manifest = Manifest.model_validate_json(self._archive.read(MANIFEST))
        except (KeyError, ValidationError) as error:
            raise ArchiveError("no_backup") from error
        if manifest.format != FORMAT:
            raise ArchiveError("newer")
        return manifest

    def verify(self, progress: Callable[[int], None]) -> None:
        """Compare every table's text with the manifest. Raises ArchiveError for the first that differs."""
        for name, table in self.manifest.tables.items():
            digest, rows = hashlib.sha256(), 0
            for piece in self.text(name):
                digest.update(piece)
                rows += piece.count(b"\n")
            if (digest.hexdigest(), rows) != (table.sha256, table.rows):
                raise ArchiveError("damaged", name)
            progress(table.rows)

    def text(self, name: str) -> Iterator[bytes]:
        """A table's text, piece by piece. Raises ArchiveError when it cannot be read."""
        try:
            with self._archive.open(f"{name}.copy") as file:
                while piece := file.read(_CHUNK):
                    yield piece
        except (KeyError, zipfile.BadZipFile, ZlibError, EOFError) as error:
            raise ArchiveError("damaged", name) from error


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Read a backup. Raises ArchiveError for a file that is none, OSError for one that cannot be read."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ArchiveError("no_backup") from error
    with archive:
        yield Reader(archive)
