"""Files that people send: what they may be, told by their first bytes, whatever they are called; and how they are given back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from zipfile import BadZipFile, ZipFile

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

MOST_BYTES = 10 * 2**20
"""A document may be so large."""
ACCEPT = ".pdf,.jpg,.jpeg,.png,.doc,.docx,.xls,.xlsx"
"""What an input offers to choose."""

_BY_FIRST_BYTES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BY_ENDING = {"doc": "application/msword", "xls": "application/vnd.ms-excel"}
_OPEN = "application/vnd.openxmlformats-officedocument."
_BY_FOLDER = {"word/": f"{_OPEN}wordprocessingml.document", "xl/": f"{_OPEN}spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent."""

    name: str
    content: bytes


def sent(uploaded: UploadedFile[Any] | None) -> File | None:
    """What came with a form, read no further than it takes to see that it is too large; None for nothing."""
    if uploaded is None:
        return None
    return File(str(uploaded.name or ""), uploaded.read(MOST_BYTES + 1))


def media_of(file: File) -> str | None:
    """What a document is: PDF, picture, Word, Excel. None for anything else, and for what brings programs (macros)."""
    found = next((media for head, media in _BY_FIRST_BYTES.items() if file.content.startswith(head)), None)
    if found is None and file.content.startswith(_OLD_OFFICE):
        return _OLD_BY_ENDING.get(file.name.rpartition(".")[2].lower())
    return found or (_media_of_parts(file.content) if file.content.startswith(b"PK\x03\x04") else None)


def _media_of_parts(content: bytes) -> str | None:
    """Word and Excel since 2007 are archives of parts; only their names are looked at."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, EOFError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((media for folder, media in _BY_FOLDER.items() if any(name.startswith(folder) for name in names)), None)


def to_save(file: File, media: str) -> HttpResponse:
    """A file as a download: never shown inside a page, kept by nobody's browser."""
    response = HttpResponse(file.content, content_type=media)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
