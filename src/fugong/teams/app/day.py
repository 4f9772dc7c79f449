"""A day of visits as the phone keeps it: in their order, each with what is known already, what is missing, and what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.utils import translation

from fugong.base import local
from fugong.base.faults import Text
from fugong.base.models import User
from fugong.core.time import MINUS_INF
from fugong.ledger.queries import holding, standing
from fugong.ledger.wording import CHOICES
from fugong.registry import asked, handouts
from fugong.registry.asked import Item
from fugong.registry.models import Employment, Enterprise
from fugong.teams import queries
from fugong.teams.models import PROBLEM_KINDS, Lead, Problem, ServiceTeam, Visit
from fugong.teams.vocabulary import CHECKS, TOPICS

Said = dict[str, Any]


def both(text: Text) -> dict[str, str]:
    """A text in both languages, as the app takes it."""
    found = {}
    for language, name in (("zh-hans", "zh"), ("en", "en")):
        with translation.override(language):
            found[name] = str(text)
    return found


def day(user: User, now: int) -> Said:
    """Today's visits of the team in which somebody is; in a constant number of queries."""
    team, start = queries.team_of_member(user, now), local.start_of_day(local.day_of(now))
    visits = list(queries.day_of(team, start)) if team else []
    ids = [one.enterprise_id for one in visits]
    known, open_ = _known(ids, now), asked.open_items(ids, now)
    problems, leads = _problems(ids), _leads(ids, now)
    return {
        "member": str(user.pk), "team": team.name if team else "", "day": start, "now": now,
        "visits": [
            {
                "id": str(one.pk), "enterprise": one.enterprise.name, "place": one.place, "arrives": one.arrives,
                "state": one.state, "unplanned": one.unplanned, "known": known[one.enterprise_id],
                "lead": leads.get(one.enterprise_id, ""),
                "open": [_item(item) for item in open_[one.enterprise_id]],
                "problems": problems[one.enterprise_id],
            }
            for one in visits
        ],
        "others": _others(team, visits),
        "topics": [{"name": name, "say": both(text)} for name, text in TOPICS.items()],
        "checks": [{"name": name, "say": both(text)} for name, text in CHECKS.items()],
        "kinds": [{"name": name, "say": both(text)} for name, text in PROBLEM_KINDS],
        "documents": [{"name": one.id, "say": both(one.title)} for one in handouts.offered(now)],
    }  # fmt: skip


def _others(team: ServiceTeam | None, visits: Sequence[Visit]) -> list[Said]:
    """The enterprises of the team's patch to which no visit is planned: a member may walk in."""
    if team is None:
        return []
    planned = [one.enterprise_id for one in visits if one.state == Visit.PLANNED]
    rows = Enterprise.objects.filter(patch=team.patch_id).exclude(pk__in=planned).order_by("name", "pk")
    return [{"id": str(key), "enterprise": name} for key, name in rows.values_list("pk", "name")]


def _item(item: Item) -> Said:
    question = item.question
    return {
        "code": question.code, "say": both(question.title), "kind": question.kind, "unit": both(question.unit),
        "hint": both(question.hint), "why": [both(one.why) for one in item.reasons],
        "before": None if item.before is None else str(item.before.value),
    }  # fmt: skip


def _known(ids: Sequence[UUID], now: int) -> dict[UUID, list[Said]]:
    """What Fugong knows of these enterprises already, as pairs of a name (of the app's words) and a value."""
    found = defaultdict[UUID, list[Said]](list)
    rows = Employment.objects.filter(enterprise__in=ids, active=True).values_list("enterprise_id")
    for key, number in rows.annotate(n=Count("pk")).values_list("enterprise_id", "n"):
        found[key].append({"name": "known_workers", "value": number})
    above = queries.above_size(now, ids)
    posts = defaultdict[UUID, int](int)
    facts = holding(now).filter(subject_id__in=ids, kind__in=["establishment", "resumption", "vacancy"])
    for key, kind, start, values in facts.values_list("subject_id", "kind", "start", "values"):
        if kind == "establishment":
            found[key].append({"name": "known_industry", "value": both(CHOICES.get(values["industry"], ""))})
        elif kind == "resumption" and start > MINUS_INF:
            found[key].append({"name": "known_resumed", "at": start})
        else:
            posts[key] += values.get("number", 0)
    for key in above:
        found[key].append({"name": "known_above", "value": ""})
    for key, number in posts.items():
        if number:
            found[key].append({"name": "known_posts", "value": number})
    capacity: dict[UUID, dict[str, float]] = dict(
        standing().filter(subject_id__in=ids, kind="capacity", start__lte=now).order_by("start")
        .values_list("subject_id", "values")
    )  # fmt: skip
    for key, values in capacity.items():
        found[key].append({"name": "known_capacity", "value": f"{values['current_yuan'] / values['normal_yuan']:.0%}"})
    made = Visit.objects.filter(enterprise__in=ids, state=Visit.MADE).values_list("enterprise_id")
    for key, at in made.annotate(last=Max("begun_at")).values_list("enterprise_id", "last"):
        found[key].append({"name": "known_visited", "at": at})
    return found


def _problems(ids: Sequence[UUID]) -> dict[UUID, list[Said]]:
    found = defaultdict[UUID, list[Said]](list)
    for one in Problem.objects.filter(enterprise__in=ids).exclude(state=Problem.CLOSED).order_by("due_at"):
        said = {"id": str(one.pk), "kind": one.kind, "words": one.words, "due": one.due_at, "state": one.state}
        found[one.enterprise_id].append(said)
    return found


def _leads(ids: Sequence[UUID], now: int) -> dict[UUID, str]:
    rows = Lead.objects.filter(enterprise__in=ids, start__lte=now, end__gt=now)
    return {one.enterprise_id: f"{one.name} {one.post}".strip() for one in rows}
