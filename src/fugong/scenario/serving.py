"""The service teams at work: patches on the map, members, who looks after whom, visits, documents handed over, problems.

Chance has a generator of its own here: what was made of the town before stays as it was.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from random import Random
from uuid import UUID

from fugong.base import local
from fugong.base.ids import uuid7_at
from fugong.base.models import User
from fugong.ledger.services import NewFact
from fugong.registry.models import Enterprise
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, Call, Firm, Person, World
from fugong.teams.models import ServiceTeam
from fugong.teams.services import add_member, days, name_leads, places, problems, put_in_charge, sheets
from fugong.teams.services.people import ROLE
from fugong.teams.services.problems import NewProblem
from fugong.teams.services.sheets import Past
from fugong.teams.vocabulary import CHECKS

SIDE = 0.012
"""Degrees: how large a patch is drawn. The demo's map is invented; no patch's outline was published."""
LEADERS = (
    ("林国强", "镇党委书记"), ("陈丽芳", "镇长"), ("郑建平", "镇党委副书记"), ("高志勇", "副镇长"), ("王秀兰", "副镇长"),
    ("刘文彬", "镇人大主席"),
)  # fmt: skip
WITHOUT = 4
"""So many enterprises above designated size have no town leader yet."""
PROBLEMS = 60
WORDS = {
    "workers": "缺熟练工，开不满机台", "transport": "外省员工买不到车票，想拼包车", "supplies": "口罩只够用三天",
    "materials": "原料停在高速口进不来", "money": "订单款未到，本月贷款到期", "dormitory": "宿舍不够分，缺隔离间",
    "permit": "备案材料不知道交到哪里", "policy": "稳岗补贴怎么申请没人说得清", "other": "厂区门口道路封闭，货车要绕行",
}  # fmt: skip
DONE = (
    "已协调货运公司，凭证放行",
    "已联系金融机构办理展期",
    "已调拨口罩两千只",
    "已与镇经发办对接，当日答复",
    "已列入包车计划",
)
DOCUMENT = "复工复产疫情防控指引"
HANDING = "政策文件发放"
HUBEI = "42"


def _registered_in_hubei(person: Person) -> bool:
    """As the town has it, rightly or by the number on their document."""
    return HUBEI in ((person.who.household or "")[:2], person.who.document[1][:2])


@dataclass
class Serving:
    """What the teams do, planned into the town's agenda."""

    world: World

    def __post_init__(self) -> None:
        self.rng = Random(f"teams:{self.world.recipe.title.en}")  # noqa: S311 - repeatable on purpose
        self.admin = self.world.actors["town_administrator"]
        self.since = local.start_of_day(self.world.recipe.teams.since) + 9 * HOUR
        self.further: list[Call] = []

    def _id(self, moment: int) -> UUID:
        return uuid7_at(moment, self.rng.getrandbits(74))

    def plan(self) -> None:
        """Documents are handed over as facts; everything else is done when the period is over, in the order in which it was."""
        for call in self.world.calls:
            if HANDING in call.topics:
                values = {"document": DOCUMENT, "receipt": "企业负责人"}
                fact = NewFact(call.firm.id, "document_handed", call.at + 600, values, id=self._id(call.at))
                self.world.writer.add_numbered(fact, source="service team", actor=self.world.actors.get("town"))
        self._to_who_may_qualify()
        self.world.plan(self.world.end - 1, self._play)

    def _to_who_may_qualify(self) -> None:
        """Nobody whose people are registered in Hubei goes without a visit: where chance has sent no team, one brings the policy.

        Chance of its own, and ids that follow from nobody else's: the rest of the town stays as it was.
        """
        chance = Random(f"may qualify:{self.world.recipe.title.en}")  # noqa: S311 - repeatable on purpose
        seen = {call.firm.id for call in self.world.calls if call.at < self.world.moment}
        of_hubei = {
            one.firm.id: one.firm for one in self.world.people if one.firm.counted and _registered_in_hubei(one)
        }
        last = local.start_of_day(local.day_of(self.world.moment))
        for key in sorted(of_hubei.keys() - seen, key=str):
            at = last - chance.randrange(1, 7) * DAY + chance.randrange(9 * 60, 17 * 60) * 60
            firm, fact = of_hubei[key], uuid7_at(at, chance.getrandbits(74))
            values = {"team": str(self.world.teams[firm.patch]), "topics": [HANDING]}
            paper = NewFact(key, "document_handed", at + 600, {"document": DOCUMENT, "receipt": "企业负责人"},
                            id=uuid7_at(at, chance.getrandbits(74)))  # fmt: skip
            for one in (NewFact(key, "visit", at, values, id=fact), paper):
                self.world.writer.add_numbered(one, source="service team", actor=self.world.actors.get("town"))
            self.further.append(Call(fact, firm, at, self.world.writer.slot(at), (HANDING,)))

    def _play(self, _now: int) -> None:
        teams = list(ServiceTeam.objects.select_related("patch").order_by("name"))
        places.draw(content=self._map(), now=self.since)
        self._members(teams)
        of = self._charges(teams)
        self._leads()
        self._visits()
        self._problems()
        self._today(of)

    def _map(self) -> bytes:
        """Squares in rows around the town's middle, each pulled a little at its corners: neighbours share them."""
        latitude, longitude = self.world.recipe.teams.centre
        patches, wide = self.world.patches, 4
        corner: dict[tuple[int, int], list[float]] = defaultdict(
            lambda: [self.rng.uniform(-SIDE, SIDE) / 5, self.rng.uniform(-SIDE, SIDE) / 5]
        )

        def at(x: int, y: int) -> list[float]:
            east, north = corner[x, y]
            return [round(longitude + (x - wide / 2) * SIDE + east, 5), round(latitude + (y - 1.5) * SIDE + north, 5)]

        features = []
        for number, patch in enumerate(patches):
            x, y = number % wide, number // wide
            ring = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1), at(x, y)]
            geometry = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": {"name": patch.name}, "geometry": geometry})
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()

    def _members(self, teams: list[ServiceTeam]) -> None:
        """A leader with a login a team; the demo's own login is in the first team of its patch."""
        parts = {part.name: part.leader for part in self.world.recipe.patches}
        later = {part.patch: part for part in self.world.recipe.teams.joined_later}
        logins = [
            User(id=self._id(self.since), username=f"team{number}", role_name=ROLE, scope_id=team.patch_id)
            for number, team in enumerate(teams, start=1)
        ]
        for login in logins:
            login.set_unusable_password()
        User.objects.bulk_create(logins)
        demo = User.objects.filter(username=ROLE).first()
        for team, login in zip(teams, logins, strict=True):
            second = "第二" in team.name
            leader = later[team.patch.name].leader if second else parts[team.patch.name]
            start = local.start_of_day(later[team.patch.name].since) + 9 * HOUR if second else self.since
            add_member(team=team, user=login.pk, name=leader, start=start, leads=True)
            if demo is not None and demo.scope_id == team.patch_id and not second:
                add_member(team=team, user=demo.pk, name="演示队员", start=start)

    def _charges(self, teams: list[ServiceTeam]) -> dict[UUID, list[Firm]]:
        """Each patch's first team has its enterprises; a second one takes every other of them when it joins."""
        first = {team.patch_id: team for team in teams if "第二" not in team.name}
        patch_of = dict(Enterprise.objects.values_list("pk", "patch_id"))
        of: dict[UUID, list[Firm]] = defaultdict(list)
        for firm in self.world.firms:
            if firm.counted and patch_of.get(firm.id) in first:
                of[first[patch_of[firm.id]].pk].append(firm)
        choices = {firm.id: team for team, firms in of.items() for firm in firms}
        put_in_charge(choices=choices, now=self.since, actor=self.admin)
        for part in self.world.recipe.teams.joined_later:
            second = next(team for team in teams if "第二" in team.name and team.patch.name == part.patch)
            moved = of[first[second.patch_id].pk][1::2]
            start = local.start_of_day(part.since) + 9 * HOUR
            put_in_charge(choices={firm.id: second.pk for firm in moved}, now=start, actor=self.admin)
        return of

    def _leads(self) -> None:
        named = [firm for firm in self.world.large if firm.counted][WITHOUT:]
        leads = {firm.id: LEADERS[number % len(LEADERS)] for number, firm in enumerate(named)}
        name_leads(leads=leads, now=self.since + DAY, actor=self.admin)

    def _visits(self) -> None:
        """The visits that the facts tell of, with what the teams wrote down besides."""
        past = [
            Past(
                call.firm.id, self.world.teams[call.firm.patch], local.start_of_day(local.day_of(call.at)), call.at,
                call.at + self.rng.randrange(30, 90) * 60, call.fact, call.recorded, call.topics,
                {name: self.rng.random() < 0.85 for name in CHECKS}, "企业负责人", told=False,
            )
            for call in self.world.calls
        ]  # fmt: skip
        past += [
            Past(
                call.firm.id, self.world.teams[call.firm.patch], local.start_of_day(local.day_of(call.at)), call.at,
                call.at + HOUR, call.fact, call.recorded, call.topics, dict.fromkeys(CHECKS, True), "企业负责人", told=False,
            )
            for call in self.further
        ]  # fmt: skip
        sheets.write_down(visits=past, actor=self.admin)

    def _problems(self) -> None:
        """Some are closed by the enterprise's word, one of these opened again; some are late; some wait for the enterprise."""
        moment, rng = self.world.moment, self.rng
        calls = [call for call in self.world.calls if call.at < moment - DAY]
        chosen = sorted(rng.sample(calls, min(PROBLEMS, len(calls))), key=lambda call: call.at)
        kinds = list(WORDS)
        new = []
        for call in chosen:
            kind = rng.choice(kinds)
            at = call.at + 1200
            new.append(NewProblem(call.firm.id, kind, WORDS[kind], at, self._id(call.at), due=at + 7 * DAY))
        for day in sorted({local.start_of_day(local.day_of(one.at)) for one in new}):
            found = [one for one in new if day <= one.at < day + DAY]
            problems.report(problems=found, now=day + DAY, actor=self.admin)
        for number, one in enumerate(new):
            assert one.id is not None
            if number % 5 == 0:
                continue  # nobody has done anything yet
            answered = min(one.at + rng.randrange(2, 6) * DAY, moment - HOUR)
            problems.answer(problem=one.id, words=rng.choice(DONE), now=answered, actor=self.admin)
            if number % 5 > 1:
                problems.close(problem=one.id, word_of="企业负责人", now=answered + 1800, actor=self.admin)
            if number % 20 == 7:
                problems.reopen(
                    problem=one.id, word_of="企业负责人", words="又断供了", due=moment + 3 * DAY, now=answered + 3000,
                    actor=self.admin,
                )  # fmt: skip
        problems.escalate(moment - HOUR)

    def _today(self, of: dict[UUID, list[Firm]]) -> None:
        """The team of the demo's login has visits on the day that the demo shows."""
        demo = User.objects.filter(username=ROLE).first()
        team = ServiceTeam.objects.filter(patch=demo.scope_id if demo else None, pk__in=list(of)).first()
        if team is None:
            return
        day, firms = local.day_of(self.world.moment), of[team.pk][:5]
        days.plan_visits(
            team=team, enterprises=[firm.id for firm in firms], day=day, now=self.world.moment - DAY, actor=self.admin
        )
