"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from fugong import __version__


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The version and whether this is the demo."""
    return {"demo": settings.DEMO, "version": __version__}
