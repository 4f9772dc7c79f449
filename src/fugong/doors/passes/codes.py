"""The QR code of a pass: alphanumeric, error correction M, at most version 9, so that a cheap camera reads it."""

from __future__ import annotations

import io

import segno

LARGEST = 9
"""The largest version: 53 modules a side."""
QUIET = 4
"""Modules of white around it, as the standard asks."""


def code(text: str) -> segno.QRCode:
    """The code. Raises segno.DataOverflowError for a text that would need a larger one."""
    made = segno.make_qr(text, error="m", mode="alphanumeric", boost_error=False)
    if int(made.version) > LARGEST:
        raise segno.DataOverflowError(f"version {made.version}")
    return made


def svg(text: str) -> bytes:
    """The code as a picture that can be drawn at any size."""
    file = io.BytesIO()
    code(text).save(
        file, kind="svg", xmldecl=True, svgclass=None, lineclass=None, omitsize=True, border=QUIET, light="#fff"
    )
    return file.getvalue()


def inline(text: str, title: str) -> str:
    """The same to stand in a page, with a title for whoever can't see it: no style of its own, nothing but modules."""
    drawn = code(text).svg_inline(
        svgclass="pass-code", lineclass=None, omitsize=True, border=QUIET, light="#fff", title=title
    )
    return drawn.replace("<svg ", '<svg role="img" ', 1)


def width(text: str) -> int:
    """How many modules wide the code is, with the white around it."""
    return int(code(text).symbol_size(border=QUIET)[0])
