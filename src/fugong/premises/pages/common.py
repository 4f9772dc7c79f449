"""What these pages share: whose they are, what was typed, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base import clock, local
from fugong.base.access import actor
from fugong.base.roles import Right
from fugong.premises.errors import PremisesError
from fugong.premises.sites import By
from fugong.registry.models import Enterprise

_TABS: tuple[tuple[str | Promise, str, Right], ...] = (
    (_("Dormitories"), "premises:dormitories", "roster.write"),
    (_("Dormitory round"), "premises:round", "register.write"),
    (_("Missing people"), "premises:absences", "register.write"),
    (_("Disinfections"), "premises:upkeep", "checkpoint"),
    (_("Canteen"), "premises:canteen", "roster.write"),
    (_("Supplies"), "premises:supplies", "roster.write"),
    (_("Hand out"), "premises:issue", "checkpoint"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A page beside this one."""

    title: str | Promise
    address: str
    current: bool


def tabs(request: HttpRequest, enterprise: Enterprise, here: str) -> Iterator[Tab]:
    """The pages of an enterprise's premises that the user may see."""
    user = actor(request)
    for title, name, right in _TABS:
        if user.may(right):
            yield Tab(title, reverse(name, args=[enterprise.pk]), name == f"premises:{here}")


def by_page(request: HttpRequest) -> By:
    """Whoever is signed in, now."""
    user = actor(request)
    return By(clock.now(), user.pk, "page", f"written down by: {user.role_name}")


def whole(text: str | None, otherwise: int = 0) -> int:
    """A whole number as people type it; ``otherwise`` for what is none: the service says what is wrong with it."""
    try:
        return int((text or "").strip().replace(",", "").replace("，", ""))
    except ValueError:
        return otherwise


def number(text: str | None) -> float:
    """A number as people type it, -1 for what is none."""
    try:
        return float((text or "").strip().replace("，", ".").replace(",", "."))
    except ValueError:
        return -1


def decimal(text: str | None) -> Decimal | None:
    """A decimal number with at most two places; None for nothing, -1 for what is none."""
    typed = (text or "").strip().replace("，", ".").replace(",", ".")
    if not typed:
        return None
    try:
        found = Decimal(typed)
        return round(found, 2) if found.is_finite() else Decimal(-1)
    except InvalidOperation:
        return Decimal(-1)


def moment(text: str | None, otherwise: int) -> int:
    """A moment as ``<input type="datetime-local">`` sends it; ``otherwise`` where nothing was typed. Raises PremisesError."""
    if not (text or "").strip():
        return otherwise
    try:
        return local.parse(str(text).strip())
    except ValueError:
        raise PremisesError("dormitory.moment", field="at") from None


def time_of_day(text: str | None) -> int:
    """Minutes of the day of ``HH:MM``; -1 for what is none."""
    hours, _colon, minutes = (text or "").partition(":")
    if hours.isdigit() and minutes.isdigit() and int(minutes) < 60:
        return int(hours) * 60 + int(minutes)
    return -1


def pdf(content: bytes, name: str) -> HttpResponse:
    """A sheet to print."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
