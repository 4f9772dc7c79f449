"""A small patch for tests: two teams, four enterprises (the first above designated size), a team member with visits of today."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

import builders
from fugong.base import local
from fugong.base.models import User
from fugong.registry import services as registry
from fugong.registry.models import Enterprise, Patch
from fugong.teams.models import ServiceTeam, Visit
from fugong.teams.services import add_member, add_team, days, places, put_in_charge

NOW, DAY = builders.NOW, 86_400
TODAY = local.start_of_day(builders.DAY)
NAMES = ("临江纺织有限公司", "南山精工有限公司", "北溪鞋业有限公司", "西洋食品有限公司")


def geojson(*names: str) -> bytes:
    """Squares side by side, one a patch."""
    squares = [
        [[119.6 + n / 50, 26.0], [119.62 + n / 50, 26.0], [119.62 + n / 50, 26.02], [119.6 + n / 50, 26.02], [119.6 + n / 50, 26.0]]
        for n in range(len(names))
    ]  # fmt: skip
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name, ring in zip(names, squares, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@dataclass
class Town:
    """What the tests speak of."""

    patch: Patch
    teams: list[ServiceTeam]
    firms: list[Enterprise]
    member: User
    admin: User
    clerk: User

    def visits(self) -> list[Visit]:
        """Today's visits in their order."""
        return list(Visit.objects.filter(team=self.teams[0], day=TODAY).order_by("place"))


def town(*, planned: int = 3, patch: Patch | None = None, firms: list[Enterprise] | None = None) -> Town:
    """Make it, through the services."""
    if patch is None:
        builders.town()
        builders.adopt()
        patch = registry.add_patch(name="城东片区")
        firms = [builders.enterprise(n, name, patch=patch) for n, name in enumerate(NAMES, start=1)]
        for n, firm in enumerate(firms):
            said = {"trade": "industry", "yuan": 50_000_000 if n == 0 else 900_000, "employees": 30}
            builders.record(firm.pk, "turnover", builders.EARLY, said)
    assert firms
    teams = [
        add_team(name=name, patch=patch, leader="林队长", start=builders.EARLY, now=builders.EARLY, source="page")
        for name in ("城东一队", "城东二队")
    ]
    member = builders.user("service_team_member", patch.pk, "member-of-team")
    admin = User.objects.filter(role_name="town_administrator").first() or builders.user("town_administrator")
    clerk = builders.user("enterprise_clerk", firms[0].pk, "clerk-of-first")
    add_member(team=teams[0], user=member.pk, name="林队长", start=builders.EARLY, leads=True)
    places.draw(content=geojson(patch.name), now=NOW)
    put_in_charge(choices={firm.pk: teams[0].pk for firm in firms}, now=builders.EARLY, actor=admin.pk)
    made = Town(patch, teams, firms, member, admin, clerk)
    if planned:
        plan(made, *(firm.pk for firm in firms[:planned]))
    return made


def plan(town: Town, *firms: UUID) -> list[Visit]:
    """Visits of the first team today."""
    return days.plan_visits(team=town.teams[0], enterprises=firms, day=builders.DAY, now=NOW, actor=town.member.pk)
