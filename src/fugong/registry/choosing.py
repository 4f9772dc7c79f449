"""How an enterprise or a site is chosen in a form, and by what a search field finds it: the same everywhere."""

from __future__ import annotations

from django.db.models import QuerySet

from fugong.base.choosing import Choices
from fugong.base.models import User
from fugong.registry.models import Enterprise, Site
from fugong.registry.scope import enterprises_in

ENTERPRISE = ("name", "credit_code", "key")
"""By part of its name, its credit code or its short key."""


def enterprises(user: User) -> Choices:
    """The enterprises in somebody's scope, by name."""
    return Choices(enterprises_in(user).order_by("name", "pk"), ENTERPRISE, _called)


def _called(one: Enterprise) -> str:
    return one.name


def sites(rows: QuerySet[Site]) -> Choices:
    """Some sites, each called by its enterprise's name and its own."""
    found = rows.select_related("enterprise").order_by("enterprise__name", "name", "pk")
    return Choices(found, ("name", *(f"enterprise__{name}" for name in ENTERPRISE)), site_called)


def site_called(one: Site) -> str:
    """What a site is called beside others': its enterprise, and its own name."""
    return f"{one.enterprise.name} · {one.name}" if one.enterprise else one.name
