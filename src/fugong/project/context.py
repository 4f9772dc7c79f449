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
    """The version, whether this is the demo, the town's name, the menu of the user, and whether they decide for others."""
    return {
        "demo": settings.DEMO,
        "version": __version__,
        "town": SimpleLazyObject(_town),
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "decides": SimpleLazyObject(lambda: _decides(request)),
    }


def _decides(request: HttpRequest) -> bool:
    """Whether the user is told of acts that wait for them, on whichever page they are."""
    user = getattr(request, "user", None)
    return isinstance(user, User) and user.may("act.approve")


def _town() -> str:
    return Town.objects.values_list("division__name", flat=True).first() or ""


def _menu(request: HttpRequest) -> list[Entry]:
    user = getattr(request, "user", None)
    return menu(user, request.path) if isinstance(user, User) else []
