"""One's own file on paper: the data of ``export`` in words, set by Typst. What has no glyph is printed as 〓, and named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fugong.base import local, paper
from fugong.redress.export import Data

TEMPLATE = Path(__file__).resolve().parent / "person-file.typ"
Item = dict[str, Any]


def pdf(data: Data) -> bytes:
    """The document as PDF."""
    missing: dict[str, None] = {}
    shown = paper.printable(_document(data), missing)
    shown["missing"] = _missing(list(missing)) if missing else ""
    return paper.pdf(TEMPLATE, shown)


def _missing(characters: list[str]) -> str:
    """Which characters could not be printed, by their numbers in Unicode: they themselves can't stand here."""
    codes = ", ".join(f"U+{ord(one):04X}" for one in characters)
    return _("Printed as %(mark)s, because the font has no such character: %(codes)s. The file as data (JSON) has them.") % {
        "mark": paper.MISSING, "codes": codes,
    }  # fmt: skip


def _at(text: str | None) -> str:
    """With the year: paper is read later."""
    return "—" if text is None else f"{local.to_datetime(local.parse(text)):%Y-%m-%d %H:%M}"


def _span(start: str | None, end: str | None) -> str:
    if end is None:
        return _("since %(start)s") % {"start": _at(start)}
    return _("%(start)s to %(end)s") % {"start": _at(start), "end": _at(end)}


def _document(data: Data) -> Data:
    """Title, notes, and sections of items: a title, lines, and quiet lines below."""
    return {
        "language": "zh" if str(data["language"]).startswith("zh") else "en",
        "title": _("File of %(name)s") % {"name": data["person"]["name"]},
        "made": _("Made %(at)s. Everything that Fugong holds about this person.") % {"at": _at(data["made_at"])},
        "page": _("Page"),
        "sections": [
            {"title": _("Who"), "items": _person(data)},
            {"title": _("What I may do, and why not"), "items": [_permission(one) for one in data["permissions"]]},
            {"title": _("What is held about me"), "items": [_fact(one) for one in data["facts"]]},
            {"title": _("Who looked at my file"), "items": [_look(one) for one in data["looks"]]},
            {"title": _("My requests"), "items": [_request(one) for one in data["requests"]]},
        ],
        "nothing": _("Nothing."),
    }


def _pair(title: object, value: object) -> str:
    return f"{title}{_(': ')}{value}"


def _person(data: Data) -> list[Item]:
    person = data["person"]
    lines = [_pair(one["title"], one["number"]) for one in person["documents"]]
    lines += [_pair(_("Phone"), person["phone"] or "—"), _pair(_("Address"), person["address"] or "—")]
    lines += [
        _pair(_("Works for"), " · ".join(filter(None, (one["enterprise"], one["workshop"], one["post"]))))
        for one in person["employments"]
    ]
    kept = data["kept_until"]
    until = _("Kept until %(day)s.") % {"day": kept} if kept else _(
        "The town has not set a day yet: all of it is kept until the measures end."
    )  # fmt: skip
    return [{"title": person["name"], "lines": lines, "quiet": [until], "struck": False}]


def _permission(one: Data) -> Item:
    if one["holds"]:
        until = (
            _("until %(at)s") % {"at": _at(one["until"])}
            if one["until"]
            else _("without end, while nothing new is known")
        )
        lines = [_pair(_("allowed"), until), _pair(_("Required and met"), "")]
        lines += [_met(met) for met in one["met_by"]]
        lines += [_("Then “%(title)s” lapses.") % {"title": title} for title in one["ends_with"]]
    else:
        lines = [_("not allowed")] + ([_pair(_("by itself from"), _at(one["earliest"]))] if one["earliest"] else [])
        lines += [f"· {reason['title']}{_(': ')}{reason['message']} {reason['remedy']}" for reason in one["reasons"]]
    return {"title": one["title"], "lines": lines, "quiet": [], "struck": False}


def _met(one: Data) -> str:
    """A requirement, and the latest fact by which it is met."""
    if one["fact"] is None:
        nothing = _("nothing is known that asks for it or stands against it")
        return f"· {one['title']}{_(': ')}{nothing}"
    words = "".join(f" · {value['title']} {value['value']}" for value in one["words"][:1])
    return f"· {one['title']}{_(': ')}{one['fact_title']} {_at(one['from'])}{words}"


def _fact(one: Data) -> Item:
    when = _at(one["from"]) if one["event"] else _span(one["from"], one["to"])
    told = [_pair(_("What for"), one["purpose"]), _pair(_("Rests on"), one["rests_on"])]
    if one["stated_by"]:
        told.append(_pair(_("Stated by"), one["stated_by"]))
    told.append(_pair(_("Recorded"), f"{_at(one['recorded_at'])} · {one['source']}"))
    if one["reason"]:
        told.append(_pair(_("Correction"), one["reason"]))
    if one["corrected"]:
        done = _("Withdrawn") if one["corrected"]["withdrawn"] else _("Corrected")
        told.append(_pair(f"{done} {_at(one['corrected']['at'])}", one["corrected"]["reason"]))
    words = " · ".join(_pair(value["title"], value["value"]) for value in one["words"])
    return {"title": f"{one['title']} · {when}", "lines": [words] if words else [], "quiet": [" · ".join(told)],
            "struck": one["corrected"] is not None}  # fmt: skip


def _look(one: Data) -> Item:
    why = [_pair(_("What for"), one["what_for"])] + ([_pair(_("Reason"), one["reason"])] if one["reason"] else [])
    return {"title": f"{_at(one['at'])} · {one['by']}", "lines": [], "quiet": [" · ".join(why)], "struck": False}


def _request(one: Data) -> Item:
    lines = [one["wrong"]]
    if one["never"]:
        lines.append(_("This never was, or it is not about me"))
    lines += [f"{c['title']}{_(': ')}{c['held']} → {c['right']}" for c in (one["right"] or {"words": []})["words"]]
    quiet = [_pair(_("Filed"), _at(one["filed_at"])) + " · " + _pair(_("Answer due"), _at(one["due_at"]))]
    if one["answer"]:
        lines.append(_pair(_("Answer"), one["answer"]))
        quiet.append(f"{one['answered_by']} · {_at(one['answered_at'])}")
    if one["disclosed"]:
        lines.append(_pair(_("It was"), one["disclosed"]))
    return {"title": f"{one['title']} · {one['state_title']}", "lines": lines, "quiet": quiet, "struck": False}
