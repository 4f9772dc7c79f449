"""Who looked at a person's file: role and organisation, when, what for, why. The name only as the answer to a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from fugong.audit import queries as audit
from fugong.base import access
from fugong.base.models import User
from fugong.registry.posts import Post, posts

MOST = 1_000
"""So many of the newest looks are listed on the page; the file to download has all of them."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person's file: by whom (never shown), under which role and for which organisation, when, what for, why."""

    id: str
    at: int
    actor: UUID | None
    post: Post
    purpose: str
    reason: str


def at(worker: UUID, most: int | None = None) -> list[Look]:
    """The looks of others at a person's file, newest first; of the newest ``most``, or of all."""
    own = User.objects.filter(role_name="worker", scope_id=worker).values_list("pk", flat=True).first()
    return _in_words(look for look in audit.looks_at(worker)[:most] if own is None or look.actor != own)


def one(worker: UUID, look: str) -> Look | None:
    """The look of that id at a person's file; None when there is none."""
    return next(iter(_in_words(found for found in audit.looks_at(worker)[:] if str(found.id) == look)), None)


def _in_words(found: Iterable[audit.Look]) -> list[Look]:
    shown = list(found)
    held = posts(look.actor for look in shown if look.actor is not None)
    return [_look(one, held.get(one.actor) if one.actor else None) for one in shown]


def _look(found: audit.Look, now: Post | None) -> Look:
    """``now`` is the post that the actor holds at present."""
    return Look(str(found.id), found.at, found.actor, _post(found, now), found.purpose, found.reason)


def _post(look: audit.Look, now: Post | None) -> Post:
    """The role and organisation under which it was looked; the audit names no organisation where that is the town."""
    ours = now.organisation if now is not None and now.role == look.role else ""
    return Post(look.role, look.organisation or ours)


def name_of(worker: UUID, look: str) -> str:
    """By name who looked, with role and organisation: what is disclosed to the person when it is granted."""
    found = one(worker, look)
    if found is None or found.actor is None:
        return _("Fugong itself, on behalf of nobody")
    with access.elevated("the name of who looked, disclosed to the person"):
        login = User.objects.get(pk=found.actor)
    return f"{login.get_full_name() or login.username} · {found.post}"
