"""Observation sites on paper: the round to write on, and the certificate of release, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from fugong.base import local, paper
from fugong.base.faults import LANGUAGES
from fugong.ledger.symptoms import SYMPTOMS
from fugong.observation import due
from fugong.observation.board import Board, day_number
from fugong.observation.models import Stay
from fugong.registry.models import Site

FOLDER = Path(__file__).resolve().parent
SHEET, CERTIFICATE = FOLDER / "round-sheet.typ", FOLDER / "certificate.typ"


def _at(moment: int) -> str:
    """With the year: paper is read later."""
    return f"{local.to_datetime(moment):%Y-%m-%d %H:%M}"


def _missing(characters: list[str]) -> str:
    """Which characters could not be printed, by their numbers in Unicode: they themselves can't stand here."""
    if not characters:
        return ""
    codes = ", ".join(f"U+{ord(one):04X}" for one in characters)
    return _("Printed as %(mark)s, because the font has no such character: %(codes)s.") % {
        "mark": paper.MISSING, "codes": codes,
    }  # fmt: skip


def sheet(site: Site, shown: Board, now: int) -> bytes:
    """The round as PDF, in walking order: names masked, columns for the times that the pack states, room to write."""
    times = [
        f"{local.to_datetime(one.at):%H:%M}" for one in due.rounds(now) if local.day_of(one.at) == local.day_of(now)
    ]
    missing: dict[str, None] = {}
    data = {
        "language": "zh" if (get_language() or "zh").startswith("zh") else "en",
        "title": f"{site.name} · {_('Round sheet')} · {local.day_of(now):%Y-%m-%d}",
        "head": [_("Room"), _("Name"), _("Day"), *(f"{one} ℃" for one in times or ["_____"]), _("Symptoms"), _("Notes")],
        "times": max(1, len(times)),
        "rows": [
            [tile.label, tile.guest.name, f"{tile.guest.day}/{tile.guest.days}", *[""] * max(1, len(times)),
             "、".join(tile.guest.symptom_words), ""]
            for tile in shown.tiles
            if tile.guest
        ],
        "foot": _("Symptoms") + _(": ") + " · ".join(map(str, SYMPTOMS.values())),
        "sign": _("Nurse: ____________   From ______ to ______"),
        "page": _("Page"),
        "missing": "",
    }  # fmt: skip
    shown_data = paper.printable(data, missing)
    shown_data["missing"] = _missing(list(missing))
    return paper.pdf(SHEET, shown_data)


def certificate(stay: Stay, document: str, now: int) -> bytes:
    """The certificate of release of a stay that has ended so, in Chinese and in English; ``document`` is a masked number."""
    missing: dict[str, None] = {}
    data: dict[str, Any] = paper.printable(
        {"parts": [_in(language, lambda: _certified(stay, document, now)) for language in LANGUAGES]}, missing
    )
    data["missing"] = [_in(language, lambda: _missing(list(missing))) for language in LANGUAGES] if missing else []
    data["number"] = str(stay.pk).upper()
    return paper.pdf(CERTIFICATE, data)


def _in(language: str, said: Callable[[], Any]) -> Any:
    with override(language):
        return said()


def _certified(stay: Stay, document: str, now: int) -> dict[str, Any]:
    days = day_number(stay.since, stay.end) - 1
    return {
        "language": "zh" if (get_language() or "").startswith("zh") else "en",
        "title": _("Certificate of release from medical observation"),
        "lines": [
            [_("Full name"), stay.worker.name],
            [_("Document"), document or "—"],
            [_("Observation site"), f"{stay.site.name} · {stay.room.name}"],
            [_("From"), _at(stay.since)],
            [_("Until"), _at(stay.end)],
        ],
        "words": _(
            "The person named above was under medical observation for %(days)s days. By the protocol in force the "
            "conditions for release were met at the time of release."
        )
        % {"days": days},
        "made": _("Issued %(at)s") % {"at": _at(now)},
        "sign": _("Signature and seal of the site"),
    }
