"""What people type into a field for a number, as programs read it."""

from __future__ import annotations

import unicodedata


def decimal(text: str) -> str:
    """A number as people type it, with a point: full-width digits, a comma, a Chinese full stop, a unit ℃ behind it.

    Text that holds no number stays as it is, for the message that says so.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("°C").strip()
    return plain.replace(",", ".").replace("。", ".")
