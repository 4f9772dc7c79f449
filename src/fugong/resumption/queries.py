"""Reads of resumption: the way of filing in force, filings within somebody's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404

from fugong.base import local
from fugong.base.choosing import matching
from fugong.base.models import User
from fugong.ledger.models import Fact
from fugong.ledger.queries import holding, standing
from fugong.registry.asked import papers
from fugong.registry.choosing import ENTERPRISE
from fugong.registry.models import Enterprise, Paper
from fugong.registry.scope import enterprises_in
from fugong.resumption.models import Condition, Filing, Question, Report, Rule
from fugong.resumption.papers import PLAN, USUAL


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
    user: User, at: int, *, state: str = "", regime: str = "", text: str = "", open_only: bool = False
) -> QuerySet[Filing]:
    """Filings by what is asked for; those that changed last first. ``state`` may be ``unchecked`` (begun, and not yet seen)
    or ``overdue`` (a condition that was to be met by now isn't).
    """
    found = filings_in(user).select_related("enterprise__patch")
    if state == "unchecked":
        found = found.filter(state=Filing.IN_FORCE, checked_at=None, listed=False).exclude(regime="permit")
    elif state == "overdue":
        late = Condition.objects.filter(filing=OuterRef("pk"), met_at=None, due__lt=at)
        found = found.filter(Exists(late), state__in=Filing.OPEN)
    elif state:
        found = found.filter(state=state)
    elif open_only:
        found = found.filter(state__in=Filing.OPEN)
    if regime:
        found = found.filter(regime=regime)
    named = tuple(f"enterprise__{name}" for name in ENTERPRISE)
    return found.filter(matching(text, named)).order_by("-changed_at", "-pk")


def plan_file(filing: Filing) -> Paper | None:
    """The plan as it was filed, where it came as a file: that one, whatever was shown since."""
    kept = [line.get("paper", "") for line in filing.checklist if line["code"] == PLAN]
    return next(iter(papers.by_id(papers.id_in(one) for one in kept).values()), None)


def open_filing(enterprise: UUID) -> Filing | None:
    """The filing of an enterprise that is open."""
    return Filing.objects.filter(enterprise=enterprise, state__in=Filing.OPEN).first()


def resumptions(enterprises: Sequence[UUID], at: int) -> QuerySet[Fact]:
    """The standing facts by which these enterprises work at a moment, or will."""
    return standing().filter(kind="resumption", subject_id__in=list(enterprises), end__gt=at).order_by("start", "id")


def enterprises(user: User) -> int:
    """How many enterprises lie in the user's scope."""
    return enterprises_in(user).count()


def resumed(user: User, at: int) -> int:
    """How many of them work by a resumption at a moment."""
    facts = holding(at).filter(kind="resumption", subject_id__in=enterprises_in(user).values("pk"))
    return facts.values("subject_id").distinct().count()


def counts(user: User, at: int) -> dict[str, int]:
    """How many filings are in each state, and how many are ``unchecked`` and ``overdue`` (`listed`)."""
    rows = filings_in(user).order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows) | {state: listed(user, at, state=state).count() for state in ("unchecked", "overdue")}


RECENT_DAYS = 7
"""A report older than so many days says nothing of today."""


@dataclass(frozen=True, slots=True)
class Total:
    """Capacity back: current and normal output in yuan a day, of how many enterprises, how many of them questioned."""

    current: float
    normal: float
    reporting: int
    questioned: int

    @property
    def share(self) -> float | None:
        """Current by normal; None where nobody reports."""
        return self.current / self.normal if self.normal else None


def output_total(user: User, at: int) -> Total:
    """By each enterprise's latest report of the last days, in the user's scope: two queries."""
    found = list(
        _latest(at).filter(enterprise__in=enterprises_in(user)).values_list("enterprise_id", "current", "normal")
    )
    questioned = set(
        _questioned().filter(enterprise__in=[key for key, _c, _n in found]).values_list("enterprise", flat=True)
    )
    return Total(sum(one[1] for one in found), sum(one[2] for one in found), len(found), len(questioned))


def _latest(at: int) -> QuerySet[Report]:
    recent = Report.objects.filter(standing=True, at__gt=at - RECENT_DAYS * 86_400, at__lte=at)
    return recent.order_by("enterprise", "-at", "-recorded_at").distinct("enterprise")


def _questioned() -> QuerySet[Question]:
    return Question.objects.filter(answered_at=None)


def reporting(user: User, at: int, *, shown: str = "", text: str = "") -> QuerySet[Enterprise]:
    """Enterprises in the user's scope: all, those ``questioned``, those that reported ``today``, or are ``missing`` today."""
    found = enterprises_in(user).select_related("patch").order_by("name", "pk")
    today = Report.objects.filter(
        enterprise=OuterRef("pk"), standing=True, at__gte=local.start_of_day(local.day_of(at)), at__lte=at
    )
    if shown == "questioned":
        found = found.filter(Exists(_questioned().filter(enterprise=OuterRef("pk"))))
    elif shown == "today":
        found = found.filter(Exists(today))
    elif shown == "missing":
        working = holding(at).filter(kind="resumption", subject_id=OuterRef("pk"))
        found = found.filter(Exists(working), ~Exists(today))
    return found.filter(matching(text, ENTERPRISE))


@dataclass(frozen=True, slots=True)
class OutputRow:
    """An enterprise in the town's list: its latest report, and what is asked back."""

    enterprise: Enterprise
    report: Report | None
    questions: tuple[Question, ...]

    @property
    def share(self) -> float | None:
        """Of the normal output."""
        return self.report.current / self.report.normal if self.report else None


def output_rows(page: Sequence[Enterprise], at: int) -> list[OutputRow]:
    """What the list shows of these enterprises, in two queries whatever their number."""
    ids = [one.pk for one in page]
    reports = {one.enterprise_id: one for one in _latest(at).filter(enterprise__in=ids)}
    questions: dict[UUID, list[Question]] = {}
    for question in _questioned().filter(enterprise__in=ids).order_by("raised_at"):
        questions.setdefault(question.enterprise_id, []).append(question)
    return [OutputRow(one, reports.get(one.pk), tuple(questions.get(one.pk, ()))) for one in page]
