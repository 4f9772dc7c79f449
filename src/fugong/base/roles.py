"""Roles as data: a set of rights and a kind of scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ScopeKind = Literal["town", "patch", "enterprise", "site", "worker", "audit", "operations"]
"""Over what a role reaches: the whole town, the enterprises of a patch, one enterprise, one site, one's own file, the
audit, or the running of the installation. The last two reach nobody's file."""
WITHOUT_ID: frozenset[ScopeKind] = frozenset({"town", "audit", "operations"})
"""Kinds of scope of which there is one an installation; the others name a patch, an enterprise, a site or a worker."""

Right = Literal[
    "town.read",
    "town.write",
    "protocol.adopt",
    "act.approve",
    "enterprise.read",
    "roster.write",
    "facts.write",
    "register.write",
    "door.check",
    "door.override",
    "manifest.read",
    "sampling.write",
    "trip.plan",
    "trip.crew",
    "checkpoint",
    "site.read",
    "site.write",
    "site.health",
    "file.read",
    "number.reveal",
    "redress.answer",
    "login.write",
    "notice.write",
    "self.read",
    "audit.read",
    "operations.read",
    "visits.write",
    "problems.write",
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
            "town.read", "town.write", "protocol.adopt", "act.approve", "enterprise.read", "roster.write", "facts.write",
            "register.write", "door.check", "door.override", "file.read", "number.reveal", "redress.answer",
            "login.write", "trip.plan", "trip.crew", "checkpoint", "site.write", "sampling.write", "notice.write",
            "visits.write", "problems.write",
        ),
        _role(
            "deputy", _("Deputy"), "town",
            "town.read", "protocol.adopt", "act.approve", "enterprise.read", "file.read",
        ),
        _role("bureau_reader", _("Bureau reader"), "town", "town.read", "enterprise.read"),
        _role(
            "service_team_member", _("Service-team member"), "patch",
            "enterprise.read", "facts.write", "visits.write", "problems.write",
        ),
        _role(
            "enterprise_clerk", _("Enterprise clerk"), "enterprise",
            "enterprise.read", "roster.write", "facts.write", "register.write", "file.read", "number.reveal",
            "login.write", "checkpoint", "notice.write", "problems.write",
        ),
        _role("line_leader", _("Line leader"), "enterprise", "register.write"),
        _role("guard", _("Guard"), "enterprise", "door.check", "door.override", "checkpoint"),
        _role("door_device", _("Door device"), "site", "door.check"),
        _role(
            "dispatcher", _("Dispatcher"), "town",
            "manifest.read", "facts.write", "trip.plan", "trip.crew", "checkpoint", "notice.write",
        ),
        _role("driver", _("Driver"), "enterprise", "manifest.read", "trip.crew"),
        _role("sampling_staff", _("Sampling staff"), "town", "facts.write", "sampling.write"),
        _role(
            "observation_medic", _("Observation medic"), "site",
            "site.read", "site.write", "site.health", "file.read", "facts.write", "number.reveal",
        ),
        _role("site_cadre", _("Site cadre"), "site", "site.read", "site.write", "facts.write"),
        _role("site_police", _("Police at a site"), "site", "site.read"),
        _role("worker", _("Worker"), "worker", "self.read"),
        _role("auditor", _("Auditor"), "audit", "audit.read"),
        _role("system_operator", _("System operator"), "operations", "operations.read"),
    )
}  # fmt: skip
"""Every role by its name."""

_GIVEN = {
    "town_administrator": tuple(ROLES),
    "enterprise_clerk": ("line_leader", "guard", "driver", "worker"),
}


def given_by(role: Role) -> tuple[Role, ...]:
    """The roles that somebody with this role may give logins for, within their own scope."""
    return tuple(ROLES[name] for name in _GIVEN.get(role.name, ()))
