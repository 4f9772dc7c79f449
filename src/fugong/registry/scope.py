"""The first wall: which enterprises, sites, doors and workers lie in somebody's scope.

Every page, list, search and API starts from one of these. The second wall (``walls.py``) says the same to the database
in its own words; neither relies on the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from fugong.base.access import filtering
from fugong.base.models import User
from fugong.registry.models import Door, Employment, Enterprise, Site, Upload, Worker


def enterprises_in(user: User) -> QuerySet[Enterprise]:
    """The town's enterprises, those of a patch, one's own, that of one's site, or those that employ a worker."""
    every = Enterprise.objects.all()
    if user.role.scope == "town" or not filtering():
        return every
    match user.role.scope:
        case "patch":
            return every.filter(patch=user.scope_id)
        case "enterprise":
            return every.filter(pk=user.scope_id)
        case "site":
            return every.filter(sites=user.scope_id)
        case "worker":
            return every.filter(Exists(_active().filter(enterprise=OuterRef("pk"), worker=user.scope_id)))
        case _:
            return every.none()


def sites_in(user: User) -> QuerySet[Site]:
    """The sites of these enterprises; for those who work at one site, that one."""
    every = Site.objects.all()
    if user.role.scope == "town" or not filtering():
        return every
    if user.role.scope == "site":
        return every.filter(pk=user.scope_id)
    return every.filter(enterprise__in=enterprises_in(user))


def doors_in(user: User) -> QuerySet[Door]:
    """The doors of these sites."""
    if user.role.scope == "town" or not filtering():
        return Door.objects.all()
    return Door.objects.filter(site__in=sites_in(user))


def workers_in(user: User) -> QuerySet[Worker]:
    """Those whom these enterprises employ; at a site also those in medical observation there now; oneself."""
    every = Worker.objects.all()
    if user.role.scope == "town" or not filtering():
        return every
    if user.role.scope == "worker":
        return every.filter(pk=user.scope_id)
    employed = Exists(_active().filter(worker=OuterRef("pk"), enterprise__in=enterprises_in(user)))
    if user.role.scope == "site":
        return every.filter(Q(employed) | Q(pk__in=RawSQL("SELECT fugong_observed_at(%s)", [user.scope_id])))
    return every.filter(employed)


def uploads_in(user: User) -> QuerySet[Upload]:
    """The town's lists for those who run it; else one's own and those of one's enterprise."""
    every = Upload.objects.select_related("enterprise")
    if user.may("town.write") or not filtering():
        return every
    own = Q(actor=user.pk)
    return every.filter(own | Q(enterprise=user.scope_id) if user.role.scope == "enterprise" else own)


def subjects_in(user: User, named: Iterable[UUID]) -> set[UUID]:
    """Those among the named about whom somebody with this scope may speak: workers, enterprises and sites."""
    ids = list(named)
    return {
        key
        for found in (workers_in(user), enterprises_in(user), sites_in(user))
        for key in found.filter(pk__in=ids).values_list("pk", flat=True)
    }


def _active() -> QuerySet[Employment]:
    return Employment.objects.filter(active=True)
