"""Whose sites these are, and how risky the place is where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fugong.core.time import PLUS_INF
from fugong.ledger.queries import holding
from fugong.premises.errors import PremisesError
from fugong.registry.models import Division, Site, Town


@dataclass(frozen=True, slots=True)
class By:
    """When something is recorded (seconds), by whom, from which source, on which evidence."""

    now: int
    actor: UUID | None
    source: str = "page"
    evidence: str = "the enterprise's own records"


def sites_of(enterprise: UUID) -> list[Site]:
    """The sites of an enterprise, by name."""
    return list(Site.objects.filter(enterprise=enterprise).order_by("name"))


def site_of(enterprise: UUID, site: UUID | None) -> Site:
    """A site of the enterprise. Raises PremisesError for any other."""
    found = Site.objects.filter(pk=site, enterprise=enterprise).first() if site else None
    if found is None:
        raise PremisesError("dormitory.no_site", field="site")
    return found


def risk_level(at: int, *, known_at: int = PLUS_INF) -> str | None:
    """The risk level of the town at a moment, by the nearest division above it that one is stated for; None: not known.

    Levels are stated for counties; a town has that of its county (GB/T 2260: the codes begin alike).
    """
    code = Town.objects.values_list("division__code", flat=True).first()
    if code is None:
        return None
    codes = _above(code)
    stated = dict(
        holding(at, known_at=known_at)
        .filter(kind="risk_level", subject__in=Division.objects.filter(code__in=codes).values("pk"))
        .order_by("start", "recorded_at")
        .values_list("subject_id", "values__level")
    )
    known = dict(Division.objects.filter(pk__in=stated).values_list("code", "pk"))
    return next((str(stated[known[one]]) for one in codes if one in known), None)


def _above(code: str) -> list[str]:
    """A division and those above it, the nearest first: 350112111, 350112, 350100, 350000."""
    found: Iterable[str] = (code, code[:6], f"{code[:4]}00", f"{code[:2]}0000")
    return list(dict.fromkeys(found))
