"""Sheets of premises on paper: what is written by hand first and typed in afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.base import local, paper
from fugong.premises.dormitories import rounds
from fugong.premises.hygiene.queries import Line
from fugong.premises.models import MealSeat
from fugong.registry.models import Employment, Enterprise

SHEET = Path(__file__).resolve().parent / "sheet.typ"
AUTO = 0
"""A column as wide as what stands in it; any other number is its share of what is left."""


def _sheet(
    title: str, enterprise: Enterprise, head: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], now: int,
    *, foot: str = "", sign: str = "", flipped: bool = False,
) -> bytes:  # fmt: skip
    missing: dict[str, None] = {}
    data = {
        "language": "zh" if (get_language() or "zh").startswith("zh") else "en",
        "title": f"{enterprise.name} · {title} · {local.day_of(now):%Y-%m-%d}",
        "head": list(head), "rows": [list(row) for row in rows], "foot": foot, "sign": sign, "page": _("Page"), "missing": "",
    }  # fmt: skip
    shown = paper.printable(data, missing)
    shown |= {"widths": list(widths), "flipped": flipped}
    if missing:
        codes = ", ".join(f"U+{ord(one):04X}" for one in missing)
        shown["missing"] = _("Printed as %(mark)s, because the font has no such character: %(codes)s.") % {
            "mark": paper.MISSING, "codes": codes,
        }  # fmt: skip
    return paper.pdf(SHEET, shown)


def round_sheet(enterprise: Enterprise, people: Sequence[rounds.Resident], now: int) -> bytes:
    """The rounds of a day, by room and bed: a temperature for each, and who is unwell or missing."""
    times = [f"{one.clock} ℃" for one in rounds.rounds(now) if local.day_of(one.at) == local.day_of(now)] or ["℃"]
    head = [_("Room"), _("Bed"), _("Name"), *times, _("Unwell, missing: what was done")]
    rows = [[one.room, one.bed, one.name, *[""] * len(times), ""] for one in people]
    widths = [AUTO, AUTO, AUTO, *[1] * len(times), 3]
    return _sheet(
        _("Dormitory round"), enterprise, head, widths, rows, now, sign=_("Keeper: ____________"),
        foot=_("Type it in on the same day: a register that comes late takes effect from when it was typed in."),
    )  # fmt: skip


def upkeep_sheet(enterprise: Enterprise, lines: Sequence[Line], now: int) -> bytes:
    """The places to be disinfected, with room for three times a day."""
    head = [
        _("Place"), _("How often, hours"), _("Who answers for it"), _("Time"), _("Agent, mg/L, minutes"), _("Signature"),
        _("Time"), _("Agent, mg/L, minutes"), _("Signature"),
    ]  # fmt: skip
    rows = [
        [one.duty.name, f"{one.hours:g}" if one.hours else "—", one.duty.responsible, *[""] * 6] for one in lines
    ]  # fmt: skip
    return _sheet(_("Disinfections"), enterprise, head, [AUTO, AUTO, AUTO, 1, 2, 1, 1, 2, 1], rows, now, flipped=True)


def seating_sheet(enterprise: Enterprise, rows: Sequence[MealSeat], now: int) -> bytes:
    """Who eats when, at which table."""
    lines = [[f"{one.shift.name} {one.shift.clock}", one.table.name, one.worker.name] for one in rows]
    foot = _("Every second seat stays empty; nobody sits face to face; please don't talk while eating.")
    return _sheet(_("Canteen"), enterprise, [_("Meal shift"), _("Table"), _("Name")], [2, 1, 2], lines, now, foot=foot)


def handing_out_sheet(enterprise: Enterprise, people: Sequence[Employment], items: Sequence[str], now: int) -> bytes:
    """Whom things are handed out to, with room for how many and a signature."""
    asked = list(items) or [_("Item")]
    head = [_("Workshop"), _("Badge"), _("Name"), *asked, _("Signature")]
    rows = [[one.workshop, one.badge, one.worker.name, *[""] * len(asked), ""] for one in people]
    widths = [AUTO, AUTO, AUTO, *[1] * len(asked), 2]
    return _sheet(_("Supplies handed out"), enterprise, head, widths, rows, now, sign=_("Handed out by: ____________"))
