"""Reads of logins, within the scope of the one who gives them; and which enterprise, site or worker is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from fugong.base.access import filtering, looked_at
from fugong.base.faults import declare
from fugong.base.models import EntryCode, User
from fugong.base.roles import ROLES, given_by
from fugong.registry import queries
from fugong.registry.models import Document, Employment, Enterprise, Patch, Site, Town, Worker
from fugong.registry.services import RegistryError

MOST_NAMED = 5

declare(
    {
        "login.no_enterprise": _("No enterprise fits. Write its name or its credit code as registered."),
        "login.many_enterprises": _("Several enterprises fit: %(names)s. Write the whole name or the credit code."),
        "login.no_worker": _("No worker has this name and such a document. Compare both with the roster."),
        "login.many_workers": _("Several workers fit. Open the worker's page and hand out the code from there."),
        "login.no_patch": _("Choose the patch that the team looks after."),
        "login.no_site": _("No site fits. Write its name as registered, after that of its enterprise if it has one."),
        "login.many_sites": _("Several sites fit: %(names)s. Write the enterprise's name and the site's."),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """A login with what it is about: one of a patch, an enterprise, a site and a worker, or none of them."""

    login: User
    enterprise: Enterprise | None = None
    worker: Worker | None = None
    patch: Patch | None = None
    site: Site | None = None


def logins(giver: User, *, text: str = "", role: str = "") -> QuerySet[User]:
    """Logins that somebody may give, renew and close: by part of a user name, a worker's or an enterprise's name."""
    names = [one.name for one in given_by(giver.role)]
    found = User.objects.filter(role_name__in=[role] if role in names else names).order_by("username", "pk")
    if filtering() and giver.role.scope == "enterprise":
        found = found.filter(Q(scope_id=giver.scope_id) | Q(role_name="worker", scope_id__in=_employed(giver.scope_id)))
    if text:
        of_enterprise = Enterprise.objects.filter(pk=OuterRef("scope_id"), name__icontains=text)
        of_worker = Worker.objects.filter(pk=OuterRef("scope_id"), name__icontains=text)
        named = Q(name__icontains=text) | Q(enterprise__name__icontains=text)
        of_site = Site.objects.filter(named, pk=OuterRef("scope_id"))
        of_patch = Patch.objects.filter(pk=OuterRef("scope_id"), name__icontains=text)
        found = found.filter(
            Q(username__icontains=text) | Exists(of_enterprise) | Exists(of_worker) | Exists(of_site) | Exists(of_patch)
        )
    return found


def _employed(enterprise: UUID | None) -> QuerySet[Employment, UUID]:
    return Employment.objects.filter(enterprise=enterprise, active=True).values_list("worker_id", flat=True)


def rows(page: Sequence[User]) -> list[Row]:
    """What a list shows of these logins, in six queries whatever their number."""
    ids = [login.scope_id for login in page if login.scope_id]
    enterprises = Enterprise.objects.in_bulk(ids)
    workers = Worker.objects.prefetch_related("employments__enterprise").in_bulk(ids)
    looked_at(workers)
    patches = Patch.objects.in_bulk(ids)
    sites = Site.objects.select_related("enterprise").in_bulk(ids)
    return [
        Row(
            one, enterprises.get(one.scope_id), workers.get(one.scope_id), patches.get(one.scope_id),
            sites.get(one.scope_id),
        )
        for one in page
    ]  # fmt: skip


def login_of(giver: User, login_id: UUID) -> Row:
    """One of the logins that somebody may renew and close. Raises Http404 for any other."""
    return _the_one(logins(giver).filter(pk=login_id))


def login_named(giver: User, username: str) -> Row:
    """The same by its user name."""
    return _the_one(logins(giver).filter(username=username))


def _the_one(found: QuerySet[User]) -> Row:
    one = rows(list(found))
    if not one:
        raise Http404
    return one[0]


def workers_login(worker: Worker) -> User | None:
    """The login that a worker has already."""
    return User.objects.filter(role_name=ROLES["worker"].name, scope_id=worker.pk).first()


def codes_of(worker: Worker) -> QuerySet[EntryCode]:
    """The one-time codes that were handed out to a worker, newest first."""
    return EntryCode.objects.filter(worker_id=worker.pk).order_by("-handed_out_at", "-pk")


def enterprise_meant(typed: str) -> Enterprise:
    """The enterprise of this name or credit code; part of a name will do where only one has it. Raises RegistryError."""
    text = typed.strip()
    whole = Enterprise.objects.filter(Q(name=text) | Q(credit_code=text.upper())) if text else Enterprise.objects.none()
    found = list(whole[:2]) or (list(Enterprise.objects.filter(name__icontains=text)[: MOST_NAMED + 1]) if text else [])
    if not found:
        raise RegistryError("login.no_enterprise", field="enterprise")
    if len(found) > 1:
        names = ", ".join(one.name for one in found[:MOST_NAMED])
        raise RegistryError("login.many_enterprises", field="enterprise", names=names)
    return found[0]


def site_meant(typed: str) -> Site:
    """The site whose name and enterprise's name have all the typed words. Raises RegistryError."""
    words = typed.split()
    found = Site.objects.select_related("enterprise").order_by("name", "pk")
    for word in words:
        found = found.filter(Q(name__icontains=word) | Q(enterprise__name__icontains=word))
    sites = list(found[: MOST_NAMED + 1]) if words else []
    exact = [site for site in sites if site.enterprise is None and site.name == typed.strip()]
    if len(exact) == 1:
        return exact[0]
    if not sites:
        raise RegistryError("login.no_site", field="site")
    if len(sites) > 1:
        names = ", ".join(f"{site.enterprise or ''} {site.name}".strip() for site in sites[:MOST_NAMED])
        raise RegistryError("login.many_sites", field="site", names=names)
    return sites[0]


def worker_meant(giver: User, name: str, tail: str) -> Worker:
    """The worker of this name whose document ends in these characters, in the giver's scope. Raises RegistryError."""
    ends_so = Document.objects.filter(worker=OuterRef("pk"), tail__iexact=tail.strip())
    found = list(queries.workers(giver).filter(Exists(ends_so), name__iexact=" ".join(name.split()))[:2])
    if not found:
        raise RegistryError("login.no_worker", field="worker")
    if len(found) > 1:
        raise RegistryError("login.many_workers", field="worker")
    return found[0]


def without_a_way_in(user: User, enterprise: Enterprise, now: int) -> QuerySet[Worker]:
    """Workers of an enterprise who have never entered and hold no code that still works; closed logins left out."""
    mine = User.objects.filter(role_name="worker", scope_id=OuterRef("pk"))
    in_or_closed = mine.filter(Q(signed_in_at__isnull=False) | Q(is_active=False))
    alive = EntryCode.objects.filter(worker_id=OuterRef("pk"), used_at=None, cancelled_at=None, expires_at__gt=now)
    found = queries.workers(user, enterprise=enterprise.pk)
    return found.exclude(Exists(in_or_closed)).exclude(Exists(alive))


def organisation(user: User) -> str:
    """On whose behalf somebody hands out codes: their enterprise's, or the town's."""
    if user.role.scope == "enterprise":
        return Enterprise.objects.values_list("name", flat=True).get(pk=user.scope_id)
    return Town.objects.values_list("division__name", flat=True).first() or ""
