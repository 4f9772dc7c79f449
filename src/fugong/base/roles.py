"""Roles as data: a set of rights and a kind of scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ScopeKind = Literal["town", "enterprise", "door", "worker"]
Right = Literal[
    "town.read",
    "town.write",
    "protocol.adopt",
    "enterprise.read",
    "roster.write",
    "facts.write",
    "register.write",
    "door.check",
    "login.write",
    "self.read",
]


@dataclass(frozen=True, slots=True)
class Role:
    """What a role is called, what it may do, and over what."""

    name: str
    title: str | Promise
    scope: ScopeKind
    rights: frozenset[Right]


def _role(name: str, title: str | Promise, scope: ScopeKind, *rights: Right) -> Role:
    return Role(name, title, scope, frozenset(rights))


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        _role(
            "town_administrator", _("Town administrator"), "town",
            "town.read", "town.write", "protocol.adopt", "enterprise.read", "roster.write", "facts.write",
            "register.write", "door.check", "login.write",
        ),
        _role("bureau_reader", _("Bureau reader"), "town", "town.read", "enterprise.read"),
        _role(
            "enterprise_clerk", _("Enterprise clerk"), "enterprise",
            "enterprise.read", "roster.write", "facts.write", "register.write", "login.write",
        ),
        _role("line_leader", _("Line leader"), "enterprise", "register.write"),
        _role("guard", _("Guard"), "enterprise", "door.check"),
        _role("worker", _("Worker"), "worker", "self.read"),
    )
}  # fmt: skip
"""Every role by its name."""

_GIVEN = {
    "town_administrator": tuple(ROLES),
    "enterprise_clerk": ("line_leader", "guard", "worker"),
}


def given_by(role: Role) -> tuple[Role, ...]:
    """The roles that somebody with this role may give logins for, within their own scope."""
    return tuple(ROLES[name] for name in _GIVEN.get(role.name, ()))
