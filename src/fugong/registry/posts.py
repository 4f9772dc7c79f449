"""Under which role, and for which organisation, somebody acted: what a person may know of who stated or read something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fugong.base import access
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.registry.models import Enterprise, Patch, Site, Town


@dataclass(frozen=True, slots=True)
class Post:
    """A role and the organisation for which it is held (empty where there is none); never a name of a person."""

    role: str
    organisation: str

    def __str__(self) -> str:
        """Both, in the language of the page."""
        return f"{self.role} · {self.organisation}" if self.organisation else self.role


def posts(logins: Iterable[UUID]) -> dict[UUID, Post]:
    """The posts of those who sign in with these logins, in at most six queries.

    A worker may know under which role and for whom somebody stated a fact, though that login lies outside their scope.
    """
    wanted = set(logins)
    if not wanted:
        return {}
    with access.elevated("role and organisation of who stated or read something"):
        users = list(User.objects.filter(pk__in=wanted).values_list("pk", "role_name", "scope_id"))
        names: dict[UUID | None, str] = dict(
            organisations({scope for _pk, _role, scope in users if scope is not None}).items()
        )
        if any(scope is None for _pk, _role, scope in users):
            names[None] = Town.objects.values_list("division__name", flat=True).first() or ""
    return {pk: _post(role, names.get(scope, "")) for pk, role, scope in users}


def _post(role: str, organisation: str) -> Post:
    """A post in the language of the page; a worker acts for nobody but themself."""
    return Post(str(ROLES[role].title), "" if role == "worker" else organisation)


def organisations(ids: set[UUID]) -> dict[UUID, str]:
    """Names of enterprises, sites (with their enterprise) and patches."""
    names: dict[UUID, str] = dict(Enterprise.objects.filter(pk__in=ids).values_list("pk", "name"))
    names |= dict(Patch.objects.filter(pk__in=ids).values_list("pk", "name"))
    for site, name, enterprise in Site.objects.filter(pk__in=ids).values_list("pk", "name", "enterprise__name"):
        names[site] = f"{enterprise} {name}" if enterprise else name
    return names
