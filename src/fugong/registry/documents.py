"""How identity documents and telephone numbers are found again without decrypting them: one rule, in one place."""

from __future__ import annotations

from fugong.base import personal


def document_digest(document_type: str, number: str) -> bytes:
    """The keyed digest of a document: its type (``Document.TYPES``) and its number, whatever its case and spaces."""
    return personal.digest("document", f"{document_type}:{''.join(number.split()).upper()}")


def phone_digest(number: str) -> bytes:
    """The keyed digest of a telephone number, whatever spaces and hyphens stand in it."""
    return personal.digest("phone", "".join(number.split()).replace("-", ""))
