"""Barcodes of tubes: our own with a check digit, and whatever else a roll of labels has printed on it."""

from __future__ import annotations

import re

from django.db import connection
from stdnum import luhn

from fugong.sampling.errors import SamplingError

OWN = "FG"
"""What our own numbers begin with: nine digits follow, the last one a check digit (Luhn)."""
_ANY = re.compile(r"[A-Z0-9][A-Z0-9.\-]{3,31}")
_OWN = re.compile(rf"{OWN}(\d{{9}})")


def read(text: str) -> str:
    """A scanned or typed barcode in its written form. Raises SamplingError for what is none, or was mistyped."""
    code = re.sub(r"\s", "", text).upper()
    own = _OWN.fullmatch(code)
    mistyped = own is not None and not luhn.is_valid(own[1])
    if mistyped or not _ANY.fullmatch(code):
        raise SamplingError("tube.barcode", field="barcode", barcode=code[:32])
    return code


def new(count: int) -> list[str]:
    """So many new barcodes of our own; none comes twice, whoever prints them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sampling_barcode') FROM generate_series(1, %s)", [count])
        return [own(row[0]) for row in cursor.fetchall()]


def own(number: int) -> str:
    """The barcode with that number."""
    body = f"{number % 10**8:08d}"
    return f"{OWN}{body}{luhn.calc_check_digit(body)}"
