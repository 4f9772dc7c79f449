"""A trip's manifest for the crew: as a workbook, and on paper with the seats as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from fugong.base import local, paper
from fugong.base.environment import demo
from fugong.journeys.models import Trip
from fugong.journeys.trips.plan import Picture
from fugong.journeys.trips.queries import Line
from fugong.registry import divisions

TEMPLATE = Path(__file__).resolve().parent / "manifest.typ"
_WIDTHS = (8, 16, 18, 28, 18, 12)


def _head() -> list[str]:
    return [_("Seat"), _("Name"), _("Phone"), _("Enterprise"), _("Stop"), _("State")]


def _row(line: Line) -> list[str]:
    return [
        line.seat, line.name, line.phone, "、".join(line.enterprises), line.stop, str(line.booking.get_state_display()),
    ]  # fmt: skip


def _title(trip: Trip) -> list[str]:
    when = f"{local.to_datetime(trip.departs):%Y-%m-%d %H:%M} → {local.to_datetime(trip.arrives):%m-%d %H:%M}"
    where = f"{divisions.name_of(trip.origin_division)} → {trip.site}"
    return [
        f"{trip.code} · {trip.get_mode_display()} · {trip.vehicle} · {trip.carrier}".rstrip(" ·"),
        f"{where} · {when}",
    ]


def workbook(trip: Trip, lines: Sequence[Line]) -> bytes:
    """The manifest as an Excel workbook in the language in force: one sheet, one row a passenger."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _("Manifest")
    for text in [*_title(trip), *([_("DEMO: nobody here exists")] if demo() else [])]:
        sheet.append([text])
    sheet.append([])
    sheet.append(_head())
    first = sheet.max_row
    for cell in sheet[first]:
        cell.font = Font(bold=True)
    for line in lines:
        sheet.append(_row(line))
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # a name that begins with = is no formula
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEF"[place]].width = width
    sheet.freeze_panes = f"A{first + 1}"
    sheet.print_title_rows = f"{first}:{first}"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def pdf(trip: Trip, lines: Sequence[Line], seats: Picture, now: int) -> bytes:
    """The same on paper, with a box to tick for each, the head counts, and the seats as a picture."""
    missing: dict[str, None] = {}
    data: dict[str, Any] = {
        "title": _("Manifest") + f" {trip.code}", "lines": _title(trip), "head": [*_head()[:5], _("On board")],
        "rows": [_row(line)[:5] for line in lines],
        "made": _("As of %(moment)s. For the crew only: destroy it after the journey.")
        % {"moment": f"{local.to_datetime(now):%Y-%m-%d %H:%M}"},
        "count": _("Head counts (stop, time, number, signature)"), "seats": _("Seats"), "front": _("front"),
        "kept": _("kept free for whoever falls ill on the way"), "total": _("%(number)s people") % {"number": len(lines)},
        "demo": _("DEMO: nobody here exists") if demo() else "",
    }  # fmt: skip
    shown = paper.printable(data, missing)
    drawn = {
        "width": seats.width, "height": seats.height,
        "cells": [
            {"name": one.name, "kind": one.kind, "who": paper.printable(one.who, missing), "x": one.x, "y": one.y}
            for one in seats.cells
        ],
    }  # fmt: skip
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return paper.pdf(TEMPLATE, {**shown, "language": language, "drawing": drawn})
