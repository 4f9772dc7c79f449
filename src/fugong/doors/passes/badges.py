"""Badges on paper: for whom one prints them, what was printed before, and the sheets themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.base import paper
from fugong.base.access import looked_at
from fugong.base.environment import demo
from fugong.doors.models import Pass
from fugong.doors.passes import codes
from fugong.doors.passes.services import Issued
from fugong.registry.models import Employment, Enterprise

TEMPLATE = Path(__file__).resolve().parent / "badges.typ"
Paper = Literal["a4", "card"]
PRINTINGS = 10
"""So many of the last printings are offered again."""


@dataclass(frozen=True, slots=True)
class Printing:
    """Badges that were made at once, and how many of them still work."""

    issued_at: int
    number: int


def employed(enterprise: Enterprise) -> QuerySet[Employment]:
    """Who works there now, in the order in which badges are handed out: by workshop, then by badge number."""
    return Employment.objects.filter(enterprise=enterprise, active=True).order_by("workshop", "badge", "worker_id")


def without(enterprise: Enterprise) -> QuerySet[Employment]:
    """Those of them who have no badge that works."""
    badge = Pass.objects.filter(worker=OuterRef("worker"), kind=Pass.BADGE, revoked_at__isnull=True)
    return employed(enterprise).filter(~Exists(badge))


def workshops(enterprise: Enterprise) -> list[tuple[str, int]]:
    """The workshops of an enterprise, and how many work in each."""
    number = Count("worker", distinct=True)
    found = employed(enterprise).order_by("workshop").values_list("workshop").annotate(number=number)
    return [(name, number) for name, number in found if name]


def workers(rows: QuerySet[Employment]) -> list[UUID]:
    """The workers of these employments, each once, in their order."""
    return list(dict.fromkeys(rows.values_list("worker_id", flat=True)))


def working(enterprise: Enterprise) -> QuerySet[Pass]:
    """The badges that work, of those who are employed there now; the newest first."""
    there = Employment.objects.filter(worker=OuterRef("worker"), enterprise=enterprise, active=True)
    found = Pass.objects.filter(Exists(there), kind=Pass.BADGE, revoked_at__isnull=True)
    return found.select_related("worker").order_by("-issued_at", "worker__name", "id")


def printings(enterprise: Enterprise) -> list[Printing]:
    """The last printings of which badges still work, the newest first."""
    found = working(enterprise).order_by("-issued_at").values_list("issued_at").annotate(number=Count("pk"))
    return [Printing(*one) for one in found[:PRINTINGS]]


def pdf(enterprise: Enterprise, issued: Sequence[Issued], kind: Paper) -> bytes:
    """Badges as PDF in the language in force: on sheets of A4 to be cut, or one on a page for card printers.

    Whoever is on them is noted as looked at.
    """
    looked_at(one.worker for one in issued)
    rows = employed(enterprise).filter(worker__in=[one.worker for one in issued]).select_related("worker")
    posts = {row.worker_id: row for row in rows}
    made = [
        {**paper.printable(_words(enterprise, posts[one.worker], one), {}), "code": codes.svg(one.text).decode()}
        for one in _ordered(posts, issued)
    ]
    known = {
        "language": "zh" if (get_language() or "").startswith("zh") else "en", "paper": kind,
        "demo": _("DEMO: not a real badge") if demo() else "", "words": {"title": _("Badge"), "number": _("No. ")},
    }  # fmt: skip
    return paper.pdf(TEMPLATE, {**known, "badges": made})


def _ordered(posts: dict[UUID, Employment], issued: Sequence[Issued]) -> list[Issued]:
    places = {worker: place for place, worker in enumerate(posts)}
    return sorted((one for one in issued if one.worker in places), key=lambda one: places[one.worker])


def _words(enterprise: Enterprise, post: Employment, one: Issued) -> dict[str, Any]:
    """``mark`` is the beginning of the pass's id: by it a lost card is told from its successor."""
    return {
        "name": post.worker.name, "enterprise": enterprise.name, "workshop": post.workshop, "number": post.badge,
        "mark": one.id[:4],
    }  # fmt: skip
