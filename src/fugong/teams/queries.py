"""Reads of the service teams, within somebody's scope and as of a moment, in a constant number of queries a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from fugong.base import local
from fugong.base.access import filtering
from fugong.base.models import User
from fugong.base.numbered import numbered
from fugong.ledger.queries import holding
from fugong.registry.models import Enterprise, Patch
from fugong.registry.scope import enterprises_in
from fugong.registry.size import above_designated_size
from fugong.teams.models import Area, Attachment, Charge, Lead, Member, Problem, ProblemEvent, ServiceTeam, Spot, Visit

Row = TypeVar("Row", Problem, Visit, Attachment, Spot)


def above_size(at: int, enterprises: Iterable[UUID] | None = None) -> set[UUID]:
    """Which enterprises (of these) are above designated size at a moment, by their latest ``turnover``: one query."""
    facts = holding(at).filter(kind="turnover").order_by("recorded_at", "id")
    if enterprises is not None:
        facts = facts.filter(subject_id__in=list(enterprises))
    latest = dict(facts.values_list("subject_id", "values"))
    return {
        key for key, said in latest.items()
        if above_designated_size(trade=said["trade"], yuan=said["yuan"], employees=said.get("employees"), at=at)
    }  # fmt: skip


def teams_in(user: User) -> QuerySet[ServiceTeam]:
    """The town's teams, or those of one's patch."""
    every = ServiceTeam.objects.select_related("patch").order_by("patch__name", "name")
    if user.role.scope == "town" or not filtering():
        return every
    return every.filter(patch=user.scope_id) if user.role.scope == "patch" else every.none()


def team_of(user: User, team: UUID) -> ServiceTeam:
    """A team in the user's scope. Raises Http404."""
    return get_object_or_404(teams_in(user), pk=team)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in a list: who leads it, how many are in it, how many enterprises, of those above size, and open problems."""

    team: ServiceTeam
    leader: str
    members: int
    enterprises: int
    open: int
    late: int
    visits: int


def team_rows(teams: Sequence[ServiceTeam], at: int) -> list[TeamRow]:
    """What a list shows of these teams: five queries, whatever their number."""
    ids = [one.pk for one in teams]
    members = Member.objects.filter(team__in=ids, start__lte=at, end__gt=at)
    leaders = dict(members.filter(leads=True).values_list("team_id", "name"))
    number = dict(members.values_list("team_id").annotate(n=Count("pk")).values_list("team_id", "n"))
    charges = Charge.objects.filter(team__in=ids, start__lte=at, end__gt=at)
    firms = dict(charges.values_list("team_id").annotate(n=Count("pk")).values_list("team_id", "n"))
    open_ = Problem.objects.exclude(state=Problem.CLOSED).filter(
        enterprise__charges__team__in=ids, enterprise__charges__start__lte=at, enterprise__charges__end__gt=at
    ).values("enterprise__charges__team").annotate(
        n=Count("pk"), late=Count("pk", filter=overdue(at))
    )  # fmt: skip
    problems = {row["enterprise__charges__team"]: (row["n"], row["late"]) for row in open_}
    day = local.start_of_day(local.day_of(at))
    visits = dict(
        Visit.objects.filter(team__in=ids, day=day).exclude(state=Visit.DROPPED).values_list("team_id")
        .annotate(n=Count("pk")).values_list("team_id", "n")
    )  # fmt: skip
    return [
        TeamRow(
            one, leaders.get(one.pk, ""), number.get(one.pk, 0), firms.get(one.pk, 0), *problems.get(one.pk, (0, 0)),
            visits.get(one.pk, 0),
        )
        for one in teams
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeadRow:
    """An enterprise above designated size, and the town leader who answers for it, if any."""

    enterprise: Enterprise
    lead: Lead | None


def lead_rows(user: User, at: int, *, without: bool = False) -> list[LeadRow]:
    """Enterprises above designated size in the user's scope with their town leaders, those without first: three queries."""
    ids = above_size(at)
    firms = list(enterprises_in(user).filter(pk__in=ids).select_related("patch").order_by("name", "pk"))
    leads = {one.enterprise_id: one for one in Lead.objects.filter(enterprise__in=ids, start__lte=at, end__gt=at)}
    rows = [LeadRow(one, leads.get(one.pk)) for one in firms if not (without and one.pk in leads)]
    return sorted(rows, key=lambda row: row.lead is not None)


def problems_in(user: User) -> QuerySet[Problem]:
    """The problems of the enterprises in somebody's scope."""
    return _within(Problem.objects.select_related("enterprise"), user)


def _within(rows: QuerySet[Row], user: User) -> QuerySet[Row]:
    """Those of some rows that are about enterprises in somebody's scope."""
    if user.role.scope == "town" or not filtering():
        return rows
    return rows.filter(enterprise__in=enterprises_in(user))


def problem_of(user: User, problem: UUID) -> Problem:
    """A problem in the user's scope. Raises Http404."""
    return get_object_or_404(problems_in(user), pk=problem)


def overdue(at: int) -> Q:
    """Of problems those whose day is over: open ones, and those that wait for the enterprise's word."""
    return ~Q(state=Problem.CLOSED) & Q(due_at__lte=at)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many problems of a kind are open, wait for the enterprise's word, are late (of both), and are closed."""

    kind: str
    open: int
    late: int
    answered: int
    closed: int


def tallies(problems: QuerySet[Problem], at: int) -> dict[str, Tally]:
    """By kind: one query."""
    rows = problems.order_by().values("kind").annotate(
        open=Count("pk", filter=Q(state=Problem.OPEN)),
        late=Count("pk", filter=overdue(at)),
        answered=Count("pk", filter=Q(state=Problem.ANSWERED)),
        closed=Count("pk", filter=Q(state=Problem.CLOSED)),
    )  # fmt: skip
    return {row["kind"]: Tally(**row) for row in rows}


def summed(tallies: Iterable[Tally]) -> Tally:
    """All kinds together."""
    every = list(tallies)
    return Tally(
        "", sum(one.open for one in every), sum(one.late for one in every), sum(one.answered for one in every),
        sum(one.closed for one in every),
    )  # fmt: skip


def shown(problems: QuerySet[Problem], at: int, *, state: str = "", kind: str = "") -> QuerySet[Problem]:
    """Problems as the board lists them: the most late first, closed ones last. ``escalated``: passed on to the town."""
    found = problems.filter(kind=kind) if kind else problems
    match state:
        case "late":
            found = found.filter(overdue(at))
        case ProblemEvent.ESCALATED:
            found = found.filter(escalated_at__isnull=False).exclude(state=Problem.CLOSED)
        case Problem.OPEN | Problem.ANSWERED | Problem.CLOSED:
            found = found.filter(state=state)
        case _:
            found = found.exclude(state=Problem.CLOSED)
    return found.order_by("due_at", "pk") if state != Problem.CLOSED else found.order_by("-closed_at", "-pk")


def visits_in(user: User) -> QuerySet[Visit]:
    """The visits to the enterprises in somebody's scope."""
    return _within(Visit.objects.select_related("enterprise", "team"), user)


def visit_of(user: User, visit: UUID) -> Visit:
    """A visit in the user's scope. Raises Http404."""
    return get_object_or_404(visits_in(user), pk=visit)


def picture_of(user: User, picture: UUID) -> Attachment:
    """A picture of a visit that the user's team or town made. Raises Http404."""
    if user.role.scope not in ("town", "patch"):
        raise Http404
    return get_object_or_404(_within(Attachment.objects.all(), user), pk=picture)


def day_of(team: ServiceTeam, day: int) -> QuerySet[Visit]:
    """The visits of a team's day in their order, those that were dropped left out."""
    rows = Visit.objects.filter(team=team, day=day).exclude(state=Visit.DROPPED)
    return rows.select_related("enterprise", "team").order_by("place", "pk")


def to_choose(team: ServiceTeam, day: int, at: int) -> QuerySet[Enterprise]:
    """The enterprises that a team looks after and that have no visit on that day; the longest not visited first."""
    charged = Charge.objects.filter(team=team, start__lte=at, end__gt=at, enterprise=OuterRef("pk"))
    has = Visit.objects.filter(enterprise=OuterRef("pk"), day=day).exclude(state=Visit.DROPPED)
    last = (
        Visit.objects.filter(enterprise=OuterRef("pk"), state=Visit.MADE).order_by("-begun_at").values("begun_at")[:1]
    )
    return (
        Enterprise.objects.filter(Exists(charged)).exclude(Exists(has)).annotate(last=last)
        .order_by(F("last").asc(nulls_first=True), "name")
    )  # fmt: skip


def team_of_member(user: User, at: int) -> ServiceTeam | None:
    """The team in which somebody is at a moment."""
    member = Member.objects.filter(user=user.pk, start__lte=at, end__gt=at).select_related("team").first()
    return member.team if member else None


def areas() -> list[tuple[Patch, Area]]:
    """The patches that are on the map, in the order in which people count them."""
    rows = Area.objects.select_related("patch")
    return sorted(((one.patch, one) for one in rows), key=lambda drawn: numbered(drawn[0].name))


def spots_in(user: User, at: int) -> QuerySet[Spot]:
    """Where the enterprises in somebody's scope lie at a moment."""
    return (
        _within(Spot.objects.filter(start__lte=at, end__gt=at).select_related("enterprise"), user)
        .order_by("enterprise__name", "pk")
    )  # fmt: skip


def to_place(user: User, at: int, *, text: str = "", without: bool = False) -> QuerySet[Enterprise]:
    """The enterprises in somebody's scope with ``latitude`` and ``longitude`` where they are known; those without first."""
    mine = Spot.objects.filter(enterprise=OuterRef("pk"), start__lte=at, end__gt=at)
    found = (
        enterprises_in(user).select_related("patch")
        .annotate(latitude=mine.values("latitude")[:1], longitude=mine.values("longitude")[:1])
        .annotate(placed=Exists(mine)).order_by("placed", "name", "pk")
    )  # fmt: skip
    if text:
        found = found.filter(name__icontains=text)
    return found.filter(placed=False) if without else found
