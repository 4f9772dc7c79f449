"""Which sites and stays somebody reaches: their own site's, or, for the town, every site's. What isn't theirs isn't there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest

from fugong.base import clock
from fugong.base.access import actor, filtering
from fugong.base.models import User
from fugong.observation.models import Stay
from fugong.observation.services.writing import By
from fugong.registry.models import Site

_REACHED = "(fugong_sees_all() OR registry_site.subject_id IN (SELECT fugong_subjects()))"


def _over(user: User, site: UUID) -> bool:
    return not filtering() or user.role.scope == "town" or (user.role.scope == "site" and user.scope_id == site)


def site_of(request: HttpRequest, site: UUID) -> Site:
    """An observation site: one with rooms, or of the town. Raises Http404 for anybody else's.

    That the town has a site is no secret, so its row alone says nothing: the database is asked whether it is in the scope.
    """
    known = Site.objects.annotate(reached=RawSQL(_REACHED, (), output_field=BooleanField()))
    found = known.filter(Q(rooms__isnull=False) | Q(enterprise=None), pk=site, reached=True).distinct().first()
    if found is None or not _over(actor(request), site):
        raise Http404
    return found


def stay_of(request: HttpRequest, stay: UUID) -> Stay:
    """A stay at such a site. Raises Http404."""
    found = Stay.objects.select_related("bed", "room", "site", "worker").filter(pk=stay).first()
    if found is None or not _over(actor(request), found.site_id):
        raise Http404
    return found


def by_page(request: HttpRequest) -> By:
    """Whoever is signed in, now."""
    user = actor(request)
    return By(clock.now(), user.pk, "page", f"written down by: {user.role_name}")
