"""Reads of one's own sessions and of the codes that were handed out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fugong.base.models import EntryCode, User, UserSession

_SYSTEMS = (
    ("iPad", gettext_noop("iPad")),
    ("iPhone", gettext_noop("iPhone")),
    ("HarmonyOS", gettext_noop("HarmonyOS phone")),
    ("Android", gettext_noop("Android phone")),
    ("Windows", gettext_noop("Windows computer")),
    ("Macintosh|Mac OS X", gettext_noop("Mac")),
    ("Linux", gettext_noop("Linux computer")),
)
_PROGRAMS = (
    ("MicroMessenger", gettext_noop("WeChat")),
    ("DingTalk", gettext_noop("DingTalk")),
    ("Edg", gettext_noop("Edge")),
    ("Firefox", gettext_noop("Firefox")),
    ("Chrome|CriOS", gettext_noop("Chrome")),
    ("Safari", gettext_noop("Safari")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A session as its owner sees it; ``device`` is roughly what it was begun on."""

    session: UserSession
    device: str
    current: bool


def sessions_of(user: User, current: str | None) -> tuple[list[Shown], list[str]]:
    """Somebody's sessions, newest first, and the keys of those that have ended by themselves."""
    rows = list(UserSession.objects.filter(user=user).order_by("-since", "-pk"))
    stored = {row.session_key: row for row in Session.objects.filter(session_key__in=[row.key for row in rows])}
    fits = user.get_session_auth_hash()
    alive = {key for key, row in stored.items() if row.get_decoded().get(HASH_SESSION_KEY) == fits}
    shown = [Shown(row, device(row.device), row.key == current) for row in rows if row.key in alive]
    return shown, [row.key for row in rows if row.key not in alive]


def device(agent: str) -> str:
    """Roughly what a browser says that it is: "Android phone · WeChat"."""
    system = next((_(name) for pattern, name in _SYSTEMS if re.search(pattern, agent)), "")
    program = next((_(name) for pattern, name in _PROGRAMS if re.search(pattern, agent)), "")
    return " · ".join(part for part in (system, program) if part) or _("Unknown device")


def codes_of(user: User) -> QuerySet[EntryCode]:
    """The one-time codes that were handed out for somebody, newest first."""
    return EntryCode.objects.filter(login=user).order_by("-handed_out_at", "-pk")
