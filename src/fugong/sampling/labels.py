"""Labels of tubes on paper: each barcode as bars for laboratories' scanners (Code 128) and as a code for cameras (QR)."""

from __future__ import annotations

import io
from pathlib import Path

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.base import paper
from fugong.base.environment import demo
from fugong.sampling import barcodes, code128

TEMPLATE = Path(__file__).resolve().parent / "labels.typ"


def pdf(number: int) -> bytes:
    """So many labels with new barcodes, forty on a sheet of A4."""
    made = [{"code": one, "qr": _qr(one), "bars": code128.svg(one)} for one in barcodes.new(number)]
    return paper.pdf(
        TEMPLATE,
        {
            "language": "zh" if (get_language() or "").startswith("zh") else "en", "labels": made,
            "demo": _("DEMO: not a real label") if demo() else "",
        },
    )  # fmt: skip


def _qr(text: str) -> str:
    file = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(
        file, kind="svg", xmldecl=True, svgclass=None, lineclass=None, omitsize=True, border=2, light="#fff"
    )
    return file.getvalue().decode()
