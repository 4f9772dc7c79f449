"""Facts in words for people: kinds, values and sources, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from fugong.base import local
from fugong.ledger.kinds import KINDS

CHOICES: dict[str, str | Promise] = {
    "regular": gettext_lazy("regular contract"),
    "dispatched": gettext_lazy("dispatched"),
    "temporary": gettext_lazy("temporary"),
    "local": gettext_lazy("local, never left"),
    "away": gettext_lazy("away"),
    "returning": gettext_lazy("on the way back"),
    "returned": gettext_lazy("back"),
    "bus": gettext_lazy("bus"),
    "charter_plane": gettext_lazy("charter plane"),
    "charter_train": gettext_lazy("charter train"),
    "own": gettext_lazy("own means"),
    "driver": gettext_lazy("driver"),
    "attendant": gettext_lazy("attendant"),
    "forehead": gettext_lazy("forehead"),
    "green": gettext_lazy("green"),
    "amber": gettext_lazy("amber"),
    "red": gettext_lazy("red"),
    "ear": gettext_lazy("ear"),
    "axillary": gettext_lazy("armpit"),
    "camera": gettext_lazy("thermal camera"),
    "self_reported": gettext_lazy("self-reported"),
    "door": gettext_lazy("door"),
    "arrival": gettext_lazy("on arrival"),
    "dormitory": gettext_lazy("dormitory"),
    "observation": gettext_lazy("observation site"),
    "home": gettext_lazy("at home"),
    "vehicle": gettext_lazy("in a vehicle"),
    "negative": gettext_lazy("negative"),
    "positive": gettext_lazy("positive"),
    "inconclusive": gettext_lazy("inconclusive"),
    "nucleic_acid": gettext_lazy("nucleic acid"),
    "antigen": gettext_lazy("antigen"),
    "worker": gettext_lazy("worker"),
    "line_leader": gettext_lazy("line leader"),
    "guard": gettext_lazy("guard"),
    "upload": gettext_lazy("spreadsheet"),
    "suspected": gettext_lazy("suspected case"),
    "confirmed": gettext_lazy("confirmed case"),
    "asymptomatic": gettext_lazy("infected without symptoms"),
    "discharged": gettext_lazy("discharged"),
    "in": pgettext_lazy("direction", "in"),
    "out": pgettext_lazy("direction", "out"),
    "passed": gettext_lazy("passed"),
    "refused": gettext_lazy("refused"),
    "industrial": gettext_lazy("industrial"),
    "commercial": gettext_lazy("commercial"),
    "service": gettext_lazy("service"),
    "industry": gettext_lazy("industry"),
    "wholesale": gettext_lazy("wholesale"),
    "retail": gettext_lazy("retail"),
    "catering": gettext_lazy("catering and lodging"),
    "resident_service": gettext_lazy("resident services"),
    "permit": gettext_lazy("by permit"),
    "filing": gettext_lazy("by filing"),
    "commitment": gettext_lazy("by commitment"),
    "sampling": gettext_lazy("sampling"),
    "medical_emergency": gettext_lazy("medical emergency"),
    "rescue": gettext_lazy("rescue or repair"),
    "inspection": gettext_lazy("official inspection"),
    "device_failure": gettext_lazy("device failure"),
    "other": gettext_lazy("another reason"),
    "went_home": gettext_lazy("went home for the festival"),
    "told_to_delay": gettext_lazy("told to delay the return"),
    "post_kept": gettext_lazy("the post was kept"),
    "low": gettext_lazy("low"),
    "medium": gettext_lazy("medium"),
    "high": gettext_lazy("high"),
}
"""Every choice of every fact kind, in words."""

SOURCES: dict[str, str | Promise] = {
    "page": gettext_lazy("web page"),
    "import": gettext_lazy("spreadsheet"),
    "door": gettext_lazy("door page"),
    "api": gettext_lazy("another program"),
    "command": gettext_lazy("command line"),
    "scenario": gettext_lazy("demo data"),
    "register": gettext_lazy("register page"),
    "roster": pgettext_lazy("source", "roster"),
    "survey": pgettext_lazy("source", "survey"),
    "dormitory": pgettext_lazy("source", "dormitory"),
    "laboratory": pgettext_lazy("source", "laboratory"),
    "clinic": pgettext_lazy("source", "clinic"),
    "checkpoint": pgettext_lazy("source", "checkpoint"),
    "risk levels": pgettext_lazy("source", "risk levels"),
    "service team": pgettext_lazy("source", "service team"),
    "enterprise desk": pgettext_lazy("source", "enterprise desk"),
    "observation site": pgettext_lazy("source", "observation site"),
    "disinfection record": pgettext_lazy("source", "record of disinfections"),
    "canteen": pgettext_lazy("source", "canteen"),
    "store": pgettext_lazy("source", "store of supplies"),
    "journeys": pgettext_lazy("source", "travel desk"),
    "tracing": pgettext_lazy("source", "contact tracing"),
    "resumption": pgettext_lazy("source", "resumption desk"),
    "redress": pgettext_lazy("source", "request of the person"),
    "policies": pgettext_lazy("source", "policy desk"),
    "submissions": pgettext_lazy("source", "lists for offices"),
}
"""Where facts come from, by the part of the source before the first colon; what comes after it is data."""

REASONS: dict[str, str | Promise] = {
    "keyed in wrongly": pgettext_lazy("reason", "keyed in wrongly"),
    "filed by mistake": pgettext_lazy("reason", "filed by mistake"),
    "corrected": pgettext_lazy("reason", "corrected in the register"),
    "replaced": pgettext_lazy("reason", "replaced by a newer one"),
    "roster": pgettext_lazy("reason", "a newer roster"),
    "import": pgettext_lazy("reason", "a newer list"),
    "left": pgettext_lazy("reason", "left the enterprise"),
    "mistyped": pgettext_lazy("reason", "mistyped"),
    "trip changed": pgettext_lazy("reason", "the trip was changed"),
    "taken off the trip": pgettext_lazy("reason", "taken off the trip"),
    "trip cancelled": pgettext_lazy("reason", "the trip was cancelled"),
    "planned anew": pgettext_lazy("reason", "the trips were planned anew"),
    "did not come": pgettext_lazy("reason", "did not come to the trip"),
    "asked for by the person": pgettext_lazy("reason", "asked for by the person"),
    "released": pgettext_lazy("reason", "released from observation"),
    "moved": pgettext_lazy("reason", "moved to another bed"),
    "early": pgettext_lazy("reason", "observation ended early"),
    "hospital": pgettext_lazy("reason", "transferred to hospital"),
    "no longer there": pgettext_lazy("reason", "no longer there"),
    "the same person": pgettext_lazy("reason", "found to be the same person"),
    "single test after a pool": pgettext_lazy("reason", "single test after a pool that was not negative"),
    "tested again": pgettext_lazy("reason", "tested again after an unclear result"),
    "离职": pgettext_lazy("reason", "left the enterprise"),
    "痊愈": pgettext_lazy("reason", "recovered"),
    "换房间": pgettext_lazy("reason", "moved to another room"),
    "房间维修": pgettext_lazy("reason", "room under repair"),
    "已注销": pgettext_lazy("reason", "deregistered"),
    "已招满": pgettext_lazy("reason", "all posts filled"),
    "停工：订单取消": pgettext_lazy("reason", "stopped: orders cancelled"),
    "风险等级调整": pgettext_lazy("reason", "the risk level changed"),
    "样本登记错人，结果撤回": pgettext_lazy("reason", "sample registered for somebody else, result taken back"),
    "误录：36.7 录成 37.6": pgettext_lazy("reason", "mistyped: 37.6 for 36.7"),
    "核实：未离开本市，无须检测": pgettext_lazy("reason", "verified: never left the city, no test needed"),
    "核对户口簿：户籍已迁出湖北": pgettext_lazy("reason", "by the household booklet: no longer registered in Hubei"),
    "核对户口簿：户籍已迁入湖北": pgettext_lazy("reason", "by the household booklet: registered in Hubei"),
}
"""Why facts are corrected, as programs and the demo say it; whatever else somebody wrote is shown as it was written."""

CONTACT_RULES: dict[str, str | Promise] = {
    "dormitory:room": gettext_lazy("same room"),
    "seat:everyone": gettext_lazy("same vehicle, sealed"),
    "seat:rows": gettext_lazy("near by in a vehicle"),
    "canteen:table": gettext_lazy("same table in the canteen"),
    "workshop": gettext_lazy("same workshop on the same day"),
    "dormitory:floor": gettext_lazy("same floor of a dormitory"),
    "door": gettext_lazy("same door at the same time"),
    "named": gettext_lazy("named by the case"),
}
"""By which rules somebody is a close contact, as programs say it, the closest first; facts join them with `` + ``."""

Names = Mapping[str, str]


def source(text: str) -> str:
    """A fact's source in words: ``import:roster.xlsx`` → ``spreadsheet: roster.xlsx``."""
    kind, _colon, rest = text.partition(":")
    known = str(SOURCES.get(kind, kind))
    return f"{known} · {rest}" if rest else known


def reason(text: str) -> str:
    """Why a fact was corrected, in words."""
    return str(REASONS.get(text, text))


def contact_rule(text: str) -> str:
    """By which rules somebody is a close contact, in words; what somebody else wrote is shown as it was written."""
    return _(", ").join(str(CONTACT_RULES.get(one, one)) for one in text.split(" + "))


def described(kind: str, values: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    """A fact's values as pairs of title and words, in the order in which the kind documents them.

    ``names`` are those of the subjects (by id) and divisions (by code) that the values refer to. Ids of other facts are
    for programs, not for people.
    """
    return [
        (
            str(field.title),
            contact_rule(str(values[field.name]))
            if (kind, field.name) == ("contact", "rule")
            else _WORDS[field.type](values[field.name], names),
        )
        for field in KINDS[kind].fields
        if field.type != "fact" and values.get(field.name) not in (None, "", [])
    ]


def referred_to(kind: str, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What the values name: pairs of ``subject``, ``door``, ``division`` or ``reason`` and the id or code."""
    for field in KINDS[kind].fields:
        if field.type in ("subject", "division") and values.get(field.name):
            yield field.type, str(values[field.name])
        elif field.name == "door" and values.get(field.name):
            yield "door", str(values[field.name])
        elif kind == "door_check" and field.name == "reasons":
            yield from (("reason", str(code)) for code in values.get(field.name, ()))


Speaker = Callable[[set[str]], Mapping[str, str]]
_speakers: list[Speaker] = []


def speak(speaker: Speaker) -> None:
    """Register who knows what the codes of a door's reasons mean, in the language of the page (at start-up, once)."""
    _speakers.append(speaker)


def meanings(codes: set[str]) -> dict[str, str]:
    """What reasons of a door mean, by code; those that nobody knows any more are missing."""
    return {code: words for speaker in _speakers if codes for code, words in speaker(codes).items()}


def _moment(value: int) -> str:
    return f"{local.to_datetime(value):%Y-%m-%d %H:%M}"


_Words = Callable[[Any, Names], str]
_WORDS: dict[str, _Words] = {
    "text": lambda value, names: names.get(str(value), str(value)),
    "number": lambda value, names: f"{value:,}",
    "whole": lambda value, names: f"{value:,}",
    "flag": lambda value, names: _("yes") if value else _("no"),
    "moment": lambda value, names: _moment(value),
    "date": lambda value, names: str(value),
    "choice": lambda value, names: str(CHOICES.get(value, value)),
    "list": lambda value, names: _(", ").join(names.get(item, item) for item in value),
    "subject": lambda value, names: names.get(str(value), _("not in the registry")),
    "division": lambda value, names: names.get(value, value),
}
