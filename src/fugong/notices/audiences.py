"""Audiences: to whom a notice goes, by a name that is resolved when it is sent.

Those over the registry are here. Apps above register theirs with `register` in their ``ready()``: whose clearance lapses
tomorrow, a trip's passengers, who is at an observation site, who lives in a dormitory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base.choosing import Choices
from fugong.base.models import User
from fugong.base.roles import Right
from fugong.notices.errors import NoticeError
from fugong.registry import choosing, scope
from fugong.registry.models import Employment, Patch, Worker

Choosing = Callable[[User, int], Choices]
Workers = Callable[[UUID | None, int], QuerySet[Worker]]
Logins = Callable[[UUID | None, int], QuerySet[User]]


@dataclass(frozen=True, slots=True)
class Audience:
    """Somebody to write to.

    ``workers`` or ``logins`` gives whom, for the thing ``of`` that was chosen (None for audiences that need none), as of a
    moment. ``choices`` is what can be chosen, within a user's scope; None where nothing is. ``rights``: who may write to it;
    empty for whoever may write notices. ``whole`` marks the whole town.
    """

    name: str
    title: str | Promise
    workers: Workers | None = None
    logins: Logins | None = None
    choices: Choosing | None = None
    rights: tuple[Right, ...] = ()
    whole: bool = False


AUDIENCES: dict[str, Audience] = {}
"""Every audience by its name."""


def register(audience: Audience) -> None:
    """Add an audience (at start-up, once)."""
    AUDIENCES[audience.name] = audience


def named(name: str) -> Audience:
    """The audience of a name. Raises NoticeError where there is none."""
    if name not in AUDIENCES:
        raise NoticeError("notices.unknown_audience", field="audience")
    return AUDIENCES[name]


def offered(user: User) -> list[Audience]:
    """Those to whom somebody may write."""
    return [one for one in AUDIENCES.values() if not one.rights or any(map(user.may, one.rights))]


def resolved(name: str, of: UUID | None, *, maker: User | None, at: int) -> tuple[QuerySet[Worker], QuerySet[User]]:
    """The workers and the logins of an audience, within the scope of whoever writes (None: Fugong itself)."""
    audience = named(name)
    workers = Worker.objects.none() if audience.workers is None else audience.workers(of, at)
    logins = User.objects.none() if audience.logins is None else audience.logins(of, at).filter(is_active=True)
    if maker is None or maker.role.scope == "town":
        return workers, logins
    return (
        workers.filter(pk__in=scope.workers_in(maker).values("pk")),
        logins.filter(scope_id__in=scope.enterprises_in(maker).values("pk")),
    )


def counted(name: str, of: UUID | None, *, maker: User | None, at: int) -> int:
    """How many an audience has now, within the scope of whoever writes."""
    return sum(found.count() for found in resolved(name, of, maker=maker, at=at))


def label(name: str, of: UUID | None, user: User, at: int) -> str:
    """What an audience with its choice is called for a user."""
    audience = AUDIENCES.get(name)
    if audience is None:
        return ""
    if of is None or audience.choices is None:
        return str(audience.title)
    chosen = audience.choices(user, at).called(of)
    return f"{audience.title} · {chosen}" if chosen else str(audience.title)


def employed(where: Q = Q()) -> QuerySet[Worker]:  # noqa: B008 - a Q is never changed
    """Workers whom somebody employs now, under a condition on the employment."""
    return Worker.objects.filter(Exists(Employment.objects.filter(where, worker=OuterRef("pk"), active=True)))


def _patches(user: User, at: int) -> Choices:
    rows = Patch.objects.order_by("name")
    if user.role.scope == "patch":
        rows = rows.filter(pk__in=[user.scope_id])
    return Choices(rows if user.role.scope in ("town", "patch") else rows.none(), ("name",), lambda one: str(one.name))


def enterprises(user: User, at: int) -> Choices:
    """The enterprises that somebody may write to."""
    return choosing.enterprises(user)


OFFICE = ("town_administrator", "deputy", "dispatcher")
WRITTEN_TO = (*OFFICE, "enterprise_clerk", "service_team_member")
"""The roles whose logins are in an audience: they find what came to them under *My notices*."""


def _clerks(of: UUID | None, at: int) -> QuerySet[User]:
    rows = User.objects.filter(role_name="enterprise_clerk")
    return rows if of is None else rows.filter(scope_id=of)


def _role(*names: str) -> Logins:
    return lambda of, at: User.objects.filter(role_name__in=names)


register(
    Audience(
        "town", _("everybody who works in the town"), lambda of, at: employed(), rights=("town.write",), whole=True
    )
)
register(
    Audience("patch", _("workers of a patch"), lambda of, at: employed(Q(enterprise__patch=of)), choices=_patches,
             rights=("town.write",))
)  # fmt: skip
register(
    Audience(
        "enterprise", _("workers of an enterprise"), lambda of, at: employed(Q(enterprise=of)), choices=enterprises
    )
)
register(Audience("clerks", _("clerks of all enterprises"), logins=_clerks, rights=("town.write",)))
register(Audience("clerk", _("clerks of an enterprise"), logins=_clerks, choices=enterprises, rights=("town.write",)))
register(
    Audience("teams", _("members of the service teams"), logins=_role("service_team_member"), rights=("town.write",))
)
register(
    Audience(
        "office", _("administrators, deputies and dispatchers of the town"),
        logins=_role(*OFFICE), rights=("town.write",),
    )
)  # fmt: skip
