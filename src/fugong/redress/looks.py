"""Who looked at a person's file: role and organisation, when, what for, why. The name only as the answer to a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from fugong.base import access
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.registry.posts import Post, post, posts

MOST = 1_000
"""So many of the newest looks are listed."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person's file: by whom (never shown), under which role and for which organisation, when, what for, why."""

    id: str
    at: int
    actor: UUID | None
    post: Post
    purpose: str
    reason: str


def at(worker: UUID) -> list[Look]:
    """The looks of others at a person's file, newest first."""
    own = User.objects.filter(role_name="worker", scope_id=worker).values_list("pk", flat=True).first()
    return _in_words(row for row in _rows(worker) if own is None or row[2] != own)


def one(worker: UUID, look: str) -> Look | None:
    """The look of that id at a person's file; None when there is none."""
    return next(iter(_in_words(row for row in _rows(worker) if str(row[0]) == look)), None)


_Row = tuple[int, int, UUID | None, str, str, str]


def _rows(worker: UUID) -> list[_Row]:
    if not apps.is_installed("fugong.audit"):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, at, actor, role, purpose, reason FROM audit_looks_at(%s, 0, %s)", [worker, MOST])
        found: list[_Row] = cursor.fetchall()
    return found


def _in_words(rows: Iterable[_Row]) -> list[Look]:
    found = list(rows)
    held = posts(actor for _id, _at, actor, *_rest in found if actor is not None)
    return [
        Look(str(key), when, actor, held.get(actor, _post(role)) if actor else _post(role), purpose, reason)
        for key, when, actor, role, purpose, reason in found
    ]


def _post(role: str) -> Post:
    return post(role, "") if role in ROLES else Post(_("Fugong itself"), "")


def name_of(worker: UUID, look: str) -> str:
    """By name who looked, with role and organisation: what is disclosed to the person when it is granted."""
    found = one(worker, look)
    if found is None or found.actor is None:
        return _("Fugong itself, on behalf of nobody")
    with access.elevated("the name of who looked, disclosed to the person"):
        login = User.objects.get(pk=found.actor)
    return f"{login.get_full_name() or login.username} · {found.post}"
