"""Documents and pictures set by Typst in the font that is shipped. No character is dropped in silence.

Typst draws nothing where the font has no glyph. So every character is looked up first, and one without a glyph is printed
as 〓. What is to be printed comes as data, never as markup.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from fugong.base import fonts

MISSING = "〓"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.FOLDER)])


def pdf(template: Path, data: Any) -> bytes:
    """The document as PDF; the template reads ``data`` as JSON from ``sys.inputs.data``."""
    made = typst.compile(
        str(template), font_paths=_fonts(), ignore_system_fonts=True, format="pdf", sys_inputs=_inputs(data)
    )
    assert isinstance(made, bytes)
    return made


def png(template: Path, data: Any) -> bytes:
    """The document's only page as a picture: one pixel a point."""
    made = typst.compile(
        str(template), font_paths=_fonts(), ignore_system_fonts=True, format="png", ppi=72.0, sys_inputs=_inputs(data)
    )
    assert isinstance(made, bytes)
    return made


def printable(value: Any, missing: dict[str, None]) -> Any:
    """The same with every character that can't be printed marked, and noted in ``missing``."""
    if isinstance(value, str):
        for one in fonts.unprintable(value):
            missing[one] = None
            value = value.replace(one, MISSING)
        return value
    if isinstance(value, dict):
        return {key: printable(one, missing) for key, one in value.items()}
    if isinstance(value, list):
        return [printable(one, missing) for one in value]
    return value


def _inputs(data: Any) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}
