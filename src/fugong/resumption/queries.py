"""Reads of resumption: the way of filing in force, filings within somebody's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from fugong.base.models import User
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.registry.scope import enterprises_in
from fugong.resumption.models import Filing, Rule
from fugong.resumption.papers import USUAL


@dataclass(frozen=True, slots=True)
class Way:
    """How enterprises file at a moment: the regime, and the codes of the papers. ``rule`` is None where nothing is set."""

    regime: str
    papers: tuple[str, ...]
    rule: Rule | None = None


def way(at: int) -> Way:
    """The way of filing in force at a moment."""
    rule = Rule.objects.filter(start__lte=at).order_by("-start").first()
    return Way(USUAL.regime, USUAL.papers) if rule is None else Way(rule.regime, tuple(rule.papers), rule)


def rules() -> QuerySet[Rule]:
    """Every way of filing, the latest first."""
    return Rule.objects.select_related("actor").order_by("-start")


def filings_in(user: User) -> QuerySet[Filing]:
    """Filings of the enterprises in the user's scope."""
    every = Filing.objects.select_related("enterprise")
    return every if user.role.scope == "town" else every.filter(enterprise__in=enterprises_in(user))


def filing_of(user: User, filing: UUID) -> Filing:
    """A filing in the user's scope. Raises Http404 for any other."""
    found = filings_in(user).select_related("enterprise__patch", "filed_by", "approved_by").filter(pk=filing).first()
    if found is None:
        raise Http404
    return found


def listed(
    user: User, *, state: str = "", regime: str = "", text: str = "", open_only: bool = False
) -> QuerySet[Filing]:
    """Filings by what is asked for; those that changed last first. ``state`` may be ``unchecked``: begun, and not yet seen."""
    found = filings_in(user).select_related("enterprise__patch")
    if state == "unchecked":
        found = found.filter(state=Filing.IN_FORCE, checked_at=None, listed=False).exclude(regime="permit")
    elif state:
        found = found.filter(state=state)
    elif open_only:
        found = found.filter(state__in=Filing.OPEN)
    if regime:
        found = found.filter(regime=regime)
    if text:
        found = found.filter(Q(enterprise__name__icontains=text) | Q(enterprise__key__icontains=text))
    return found.order_by("-changed_at", "-pk")


def open_filing(enterprise: UUID) -> Filing | None:
    """The filing of an enterprise that is open."""
    return Filing.objects.filter(enterprise=enterprise, state__in=Filing.OPEN).first()


def resumptions(enterprises: Sequence[UUID], at: int) -> QuerySet[Fact]:
    """The standing facts by which these enterprises work at a moment, or will."""
    return standing().filter(kind="resumption", subject_id__in=list(enterprises), end__gt=at).order_by("start", "id")
