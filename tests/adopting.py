"""Protocols adopted by two people, where the first one is there already."""

from __future__ import annotations

from fugong.base.models import User
from fugong.clearance import services
from fugong.clearance.models import Adoption


def adopt(*, text: str, effective_from: int, now: int) -> Adoption:
    """Bring a pack into force: the first one alone, every other one with somebody's agreement."""
    first = not Adoption.objects.exists()
    agreed = None if first else User.objects.get_or_create(username="agrees", role_name="town_administrator")[0].pk
    return services.adopt(text=text, effective_from=effective_from, now=now, approved_by=agreed)
