"""The left menu as data: what it is called, where it leads, and who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base.models import User
from fugong.base.roles import Right, ScopeKind


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu: shown to those who have one of the rights and a scope among ``scopes``.

    ``own`` gives the user's scope (their enterprise) to the address.
    """

    title: str | Promise
    url: str
    icon: str
    rights: tuple[Right, ...]
    scopes: tuple[ScopeKind, ...] = get_args(ScopeKind)
    own: bool = False

    def address(self, user: User) -> str:
        """Where it leads for this user."""
        return reverse(self.url, args=[user.scope_id] if self.own else [])


ITEMS: tuple[Item, ...] = (
    Item(_("My status"), "clearance:me", "user", ("self.read",)),
    Item(_("My daily register"), "premises:mine", "clipboard", ("self.read",)),
    Item(_("My requests"), "redress:mine", "file", ("self.read",)),
    Item(_("The town"), "reports:town", "town", ("town.read",)),
    Item(_("My enterprise"), "clearance:enterprise", "factory", ("enterprise.read",), ("enterprise",), own=True),
    Item(_("Enterprises"), "registry:enterprises", "factory", ("enterprise.read",), ("town",)),
    Item(_("Workers"), "clearance:workers", "people", ("enterprise.read",)),
    Item(_("Sites and doors"), "registry:sites", "door", ("enterprise.read",), ("enterprise",), own=True),
    Item(_("Daily register"), "premises:workshop", "clipboard", ("register.write",), ("enterprise",), own=True),
    Item(_("Upload lists"), "uploads:lists", "upload", ("roster.write", "facts.write")),
    Item(_("Requests"), "redress:requests", "file", ("redress.answer", "roster.write")),
    Item(_("Doors"), "doors:doors", "door", ("door.check",)),
    Item(_("Logins"), "logins:logins", "key", ("login.write",)),
    Item(_("Protocols"), "clearance:protocols", "shield", ("town.read",)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu as one user sees it on one page."""

    title: str | Promise
    address: str
    icon: str
    current: bool


def menu(user: User, path: str) -> list[Entry]:
    """The lines that a user may see; the one whose address is the longest beginning of ``path`` is the current one."""
    mine = [
        item for item in ITEMS if item.rights and any(map(user.may, item.rights)) and user.role.scope in item.scopes
    ]
    addresses = [item.address(user) for item in mine]
    current = max((address for address in addresses if path.startswith(address)), key=len, default=None)
    return [
        Entry(item.title, address, item.icon, address == current) for item, address in zip(mine, addresses, strict=True)
    ]
