"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fugong import __version__
from fugong.base.models import User
from fugong.project.menu import Entry, menu
from fugong.registry.models import Town


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The version, whether this is the demo, the town's name and the menu of the user."""
    return {
        "demo": settings.DEMO,
        "version": __version__,
        "town": SimpleLazyObject(_town),
        "menu": SimpleLazyObject(lambda: _menu(request)),
    }


def _town() -> str:
    return Town.objects.values_list("division__name", flat=True).first() or ""


def _menu(request: HttpRequest) -> list[Entry]:
    user = getattr(request, "user", None)
    return menu(user, request.path) if isinstance(user, User) else []
