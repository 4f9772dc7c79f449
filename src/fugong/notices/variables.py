"""The variables of texts, which of them are personal, and how a text is filled in.

What is personal goes to nobody but the person: a channel that speaks to a group refuses a text that uses such a variable,
and a text that holds what looks like somebody's number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base import local, personal
from fugong.notices.errors import NoticeError

MOST_CHARACTERS = 600
"""What a DingTalk or WeCom text holds with a margin: 2,048 bytes of UTF-8, three to a Chinese character."""
_NAMED = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Variable:
    """What a variable stands for; ``personal`` when it says something of one person; ``sample`` shows it in a preview."""

    title: str | Promise
    personal: bool
    sample: str


VARIABLES: dict[str, Variable] = {
    "town": Variable(_("the town's name"), False, "临江镇"),
    "date": Variable(_("the day on which it is sent"), False, "3月10日"),
    "name": Variable(_("the person's name"), True, "陈明"),
    "enterprise": Variable(_("who employs the person"), True, "临江纺织有限公司"),
    "link": Variable(_("an address of one's own, for whoever gets it"), True, "https://…"),
    "trip": Variable(_("the trip's name"), False, "G-12"),
    "departs": Variable(_("when the trip leaves"), False, "3月10日 08:00"),
    "plate": Variable(_("the vehicle's plate"), False, "闽A·12345"),
    "place": Variable(_("where one gets on"), True, "汽车站"),
    "seat": Variable(_("one's seat"), True, "7A"),
    "when": Variable(_("when one's own appointment is"), True, "3月10日 09:15"),
    "where": Variable(_("where one's own appointment is"), True, "一号采样点"),
    "until": Variable(_("until when one's clearance holds"), True, "3月10日 07:30"),
}
"""Every variable by its name."""


def used(*texts: str) -> list[str]:
    """The variables in some texts, in order, each once. Raises NoticeError for one that isn't there, or an open brace."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(_NAMED.findall(text)))
        rest = _NAMED.sub("", text)
        for brace in "{}":
            if brace in rest:
                at = rest.index(brace)
                raise NoticeError("notices.braces", near=rest[max(0, at - 5) : at + 6])
    for name in found:
        if name not in VARIABLES:
            raise NoticeError("notices.unknown_variable", name=name, known=", ".join(f"{{{one}}}" for one in VARIABLES))
    return list(found)


def personal_ones(names: Iterable[str]) -> list[str]:
    """Those of some variables that are personal."""
    return [name for name in names if VARIABLES[name].personal]


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its variables filled in. Raises NoticeError for one without a value."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise NoticeError("notices.no_value", name=found[1])
        return values[found[1]]

    return _NAMED.sub(value, text)


def sample_values() -> dict[str, str]:
    """Made-up values for a preview."""
    return {name: one.sample for name, one in VARIABLES.items()}


def fit_for_group(channel: str, texts: Iterable[str]) -> None:
    """Whether texts may be read by a whole group. Raises NoticeError for anything personal in them."""
    every = list(texts)
    for name in personal_ones(used(*every)):
        raise NoticeError("notices.personal_to_group", channel=channel, name=name)
    for text in every:
        masked = personal.numbers_masked(text, least=9)
        if masked != text:
            found = re.search(r"····\w{1,4}", masked)
            raise NoticeError("notices.number_to_group", channel=channel, masked=found[0] if found else "····")


def day_said(moment: int) -> str:
    """A day as texts say it: 3月10日."""
    when = local.to_datetime(moment)
    return f"{when.month}月{when.day}日"


def moment_said(moment: int) -> str:
    """A moment as texts say it: 3月10日 08:00."""
    return f"{day_said(moment)} {local.to_datetime(moment):%H:%M}"
