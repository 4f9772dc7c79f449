"""A proposal of who looks after which enterprise: within its patch, so that the teams carry about the same load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fugong.clearance.queries import operations
from fugong.registry.models import Enterprise, Patch
from fugong.teams.models import Charge, ServiceTeam
from fugong.teams.queries import above_size


@dataclass(frozen=True, slots=True)
class Line:
    """An enterprise, the team that has it (None: none), the one that is proposed, and how much work it is."""

    enterprise: Enterprise
    now: UUID | None
    team: UUID | None
    load: int


@dataclass(frozen=True, slots=True)
class Share:
    """A proposal: its lines by name, the patch's teams, and each one's load as it would be."""

    lines: Sequence[Line]
    teams: Sequence[ServiceTeam]
    loads: Mapping[UUID, int]


def propose(patch: Patch, at: int) -> Share:
    """Who should look after whom, in a constant number of queries. The same rows always give the same proposal.

    An enterprise stays with the team that has it, unless that one carries more than its share by more than the enterprise
    weighs; the heaviest are given first, each to who carries least.
    """
    teams = list(ServiceTeam.objects.filter(patch=patch).order_by("name"))
    firms = list(Enterprise.objects.filter(patch=patch).order_by("name", "pk"))
    ids = [one.pk for one in firms]
    has = dict(Charge.objects.filter(enterprise__in=ids, start__lte=at, end__gt=at).values_list("enterprise", "team"))
    heavy, weight = above_size(at, ids), operations(at).visits.above_size_weight
    loads = {one.pk: weight if one.pk in heavy else 1 for one in firms}
    given = balanced(loads, has, [one.pk for one in teams])
    carried = {one.pk: sum(loads[key] for key, team in given.items() if team == one.pk) for one in teams}
    lines = [Line(one, has.get(one.pk), given.get(one.pk), loads[one.pk]) for one in firms]
    return Share(lines, teams, carried)


def balanced(loads: Mapping[UUID, int], has: Mapping[UUID, UUID], teams: Sequence[UUID]) -> dict[UUID, UUID]:
    """Enterprise → team. ``loads`` by enterprise in the order in which equals are given."""
    if not teams:
        return {}
    carried, given = dict.fromkeys(teams, 0), {}
    fair = -(-sum(loads.values()) // len(teams))
    for key, load in sorted(loads.items(), key=lambda one: -one[1]):
        team = has.get(key)
        if team not in carried or carried[team] + load > fair + load // 2:
            team = min(teams, key=lambda one: (carried[one], teams.index(one)))
        given[key] = team
        carried[team] += load
    return given
