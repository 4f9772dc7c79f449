"""The left menu as data: what it is called, where it leads, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base import clock
from fugong.base.models import User
from fugong.base.roles import Right, ScopeKind
from fugong.clearance import waiting
from fugong.notices import queries as notices
from fugong.notices.audiences import WRITTEN_TO
from fugong.registry.claims import queries as claims


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu: shown to those who have one of the rights and a scope among ``scopes``.

    ``roles`` narrows it to some roles: a page that is made for one post, where others with its right have better ones.
    ``own`` gives the user's scope (their enterprise) to the address.
    """

    title: str | Promise
    url: str
    icon: str
    rights: tuple[Right, ...]
    scopes: tuple[ScopeKind, ...] = get_args(ScopeKind)
    own: bool = False
    counted: Callable[[User, int], int] | None = None
    roles: tuple[str, ...] = ()

    def meant_for(self, user: User) -> bool:
        """Whether a user sees it."""
        role = user.role
        return (
            any(map(user.may, self.rights))
            and role.scope in self.scopes
            and (not self.roles or role.name in self.roles)
        )

    def address(self, user: User) -> str:
        """Where it leads for this user."""
        return reverse(self.url, args=[user.scope_id] if self.own else [])


ITEMS: tuple[Item, ...] = (
    Item(_("My status"), "clearance:me", "user", ("self.read",)),
    Item(_("My daily register"), "premises:mine", "clipboard", ("self.read",)),
    Item(_("My requests"), "redress:mine", "file", ("self.read",)),
    Item(_("Visits on the phone"), "teams:app", "clipboard", ("visits.write",), ("patch",)),
    Item(_("The town"), "reports:town", "town", ("town.read",)),
    Item(_("My enterprise"), "clearance:enterprise", "factory", ("enterprise.read",), ("enterprise",), own=True),
    Item(_("Enterprises"), "registry:enterprises", "factory", ("enterprise.read",), ("town", "patch")),
    Item(_("Resumption"), "resumption:enterprise", "factory", ("enterprise.read",), ("enterprise",), own=True),
    Item(_("Output"), "resumption:output", "arrow", ("enterprise.read",), ("enterprise",), own=True),
    Item(_("Resumption"), "resumption:filings", "circle-check", ("enterprise.read",), ("town", "patch")),
    Item(_("Output"), "resumption:outputs", "arrow", ("enterprise.read",), ("town", "patch")),
    Item(_("Workers"), "clearance:workers", "people", ("enterprise.read",)),
    Item(_("Sites and doors"), "registry:sites", "door", ("enterprise.read",), ("enterprise",), own=True),
    Item(_("Badges"), "doors:badges", "clipboard", ("roster.write",), ("enterprise",), own=True),
    Item(_("Daily register"), "premises:workshop", "clipboard", ("register.write",), ("enterprise",), own=True),
    Item(_("Dormitories"), "premises:dormitories", "door", ("roster.write",), ("enterprise",), own=True),
    Item(
        _("Dormitory round"),
        "premises:round",
        "clipboard",
        ("register.write",),
        ("enterprise",),
        own=True,
        roles=("line_leader",),
    ),
    Item(_("Canteen"), "premises:canteen", "clock", ("roster.write",), ("enterprise",), own=True),
    Item(_("Supplies"), "premises:supplies", "download", ("roster.write",), ("enterprise",), own=True),
    Item(_("Premises of enterprises"), "premises:town", "door", ("town.read",)),
    Item(_("People at the site"), "observation:people", "people", ("site.read",)),
    Item(_("Board of rooms"), "observation:board", "door", ("site.read",), ("site",), own=True),
    Item(_("Observation sites"), "observation:overview", "door", ("town.read",)),
    Item(_("Service teams"), "teams:teams", "people", ("town.read", "visits.write")),
    Item(_("Problems"), "teams:problems", "shield", ("town.read", "problems.write")),
    Item(_("Returning workers"), "journeys:returning", "bus", ("manifest.read",)),
    Item(_("Surveys"), "journeys:campaigns", "clipboard", ("roster.write",)),
    Item(_("Seats for the way back"), "journeys:seats", "bus", ("roster.write",), ("enterprise",), own=True),
    Item(_("Cases and contacts"), "tracing:cases", "shield", ("town.write",)),
    Item(_("Tests"), "sampling:start", "temperature", ("sampling.write",)),
    Item(_("Who needs a test"), "sampling:due_of", "temperature", ("roster.write",), ("enterprise",), own=True),
    Item(_("Policies"), "policies:documents", "file", ("town.read",)),
    Item(_("Lists upward"), "submissions:start", "upload", ("town.read",)),
    Item(_("Vacant posts"), "submissions:vacancies_of", "people", ("roster.write",), ("enterprise",), own=True),
    Item(_("Policies for us"), "policies:enterprise", "file", ("enterprise.read",), ("enterprise",), own=True),
    Item(_("Waiting acts"), "clearance:waiting", "clock", ("act.approve", "roster.write"), counted=waiting.count),
    Item(_("One document, two files"), "claims:claims", "people", ("town.write",), counted=claims.count),
    Item(_("Upload lists"), "uploads:lists", "upload", ("roster.write", "facts.write")),
    Item(_("Requests"), "redress:requests", "file", ("redress.answer", "roster.write")),
    Item(_("Doors"), "doors:doors", "door", ("door.check",)),
    Item(_("Trips"), "journeys:trips", "bus", ("manifest.read", "trip.plan", "trip.crew", "checkpoint")),
    Item(_("Disinfections"), "tracing:tasks", "check", ("checkpoint",)),
    Item(_("Disinfections of places"), "premises:upkeep", "check", ("checkpoint",), ("enterprise",), own=True),
    Item(
        _("Hand out supplies"),
        "premises:issue",
        "download",
        ("checkpoint",),
        ("enterprise",),
        own=True,
        roles=("guard",),
    ),
    Item(_("Who is inside"), "doors:sites", "people", ("door.override", "roster.write", "town.read")),
    Item(_("My PIN at the door"), "doors:pin", "key", ("door.override",), roles=("guard",)),
    Item(_("Notices"), "notices:notices", "bell", ("notice.write", "act.approve")),
    # Whoever can be written to (`notices.audiences`): clerks, teams, the office, workers.
    Item(
        _("My notices"),
        "notices:mine",
        "bell",
        ("self.read", "roster.write", "visits.write", "town.read", "manifest.read"),
        counted=notices.unread_by,
        roles=("worker", *WRITTEN_TO),
    ),
    Item(_("Logins"), "logins:logins", "key", ("login.write",)),
    Item(_("Audit"), "audit:entries", "eye", ("audit.read",)),
    Item(_("Protocols"), "clearance:protocols", "shield", ("town.read",)),
    Item(_("Installation"), "operations", "circle-check", ("operations.read",)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu as one user sees it on one page."""

    title: str | Promise
    address: str
    icon: str
    current: bool
    badge: int = 0


def menu(user: User, path: str) -> list[Entry]:
    """The lines that a user may see; the one whose address is the longest beginning of ``path`` is the current one."""
    mine = [item for item in ITEMS if item.meant_for(user)]
    addresses = [item.address(user) for item in mine]
    current = max((address for address in addresses if path.startswith(address)), key=len, default=None)
    return [
        Entry(
            item.title, address, item.icon, address == current, item.counted(user, clock.now()) if item.counted else 0
        )
        for item, address in zip(mine, addresses, strict=True)
    ]
