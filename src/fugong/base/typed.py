"""What forms carry, as programs read it: numbers as people type them, ids."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from django.http import Http404


def decimal(text: str) -> str:
    """A number as people type it, with a point: full-width digits, a comma, a Chinese full stop, a unit ℃ behind it.

    Text that holds no number stays as it is, for the message that says so.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("°C").strip()
    return plain.replace(",", ".").replace("。", ".")


def identifier_or_none(given: object) -> UUID | None:
    """An id that a form carries; None for what is none."""
    try:
        return UUID(str(given or ""))
    except ValueError:
        return None


def identifier_or_nobodys(given: object) -> UUID:
    """An id that a form carries; for what is none an id that nobody has, which is then not found."""
    return identifier_or_none(given) or UUID(int=0)


def identifier(given: object) -> UUID:
    """An id that a form carries. Raises Http404 for what is none: nobody typed it."""
    found = identifier_or_none(given)
    if found is None:
        raise Http404
    return found
