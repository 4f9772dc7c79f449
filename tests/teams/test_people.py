"""Who is in a team, who looks after whom and who answers for whom; the map; the order of a day."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

import builders
from fugong.base.ids import uuid7
from fugong.base.numbered import numbered
from fugong.base.templatetags.fugong import day, day_before, moment
from fugong.core.planning import routes_check
from fugong.core.time import PLUS_INF
from fugong.teams import queries
from fugong.teams import share as sharing
from fugong.teams.errors import TeamError
from fugong.teams.map import drawing
from fugong.teams.models import Area, Charge, Lead, Member, Spot
from fugong.teams.services import add_member, days, end_member, name_leads, places, put_in_charge
from teams.patches import DAY, NOW, TODAY, Town, geojson, plan, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Town:
    return town(planned=0)


def refused(call, **given):
    with pytest.raises(TeamError) as caught:
        call(**given)
    return caught.value.code


def test_somebody_is_in_one_team_at_a_time_and_a_team_has_one_leader(here):
    first, second = here.teams
    other = builders.user("service_team_member", here.patch.pk, "other-member")
    assert refused(add_member, team=second, user=here.member.pk, name="林队长", start=NOW) == "team.elsewhere"
    assert refused(add_member, team=first, user=other.pk, name="王", start=NOW, leads=True) == "team.led"
    assert refused(add_member, team=first, user=here.clerk.pk, name="王", start=NOW) == "team.no_login"
    end_member(member=Member.objects.get(user=here.member).pk, end=NOW)
    add_member(team=second, user=here.member.pk, name="林队长", start=NOW, leads=True)
    assert queries.team_of_member(here.member, NOW - 1) == first
    assert queries.team_of_member(here.member, NOW) == second


def test_a_proposal_balances_the_load_and_holds_only_when_somebody_accepts_it(here):
    first, second = (one.pk for one in here.teams)
    proposal = sharing.propose(here.patch, NOW)
    assert sorted(proposal.loads.values()) == [3, 3]  # one above designated size weighs as much as three
    assert set(Charge.objects.values_list("team", flat=True)) == {first}
    choices = {line.enterprise.pk: line.team for line in proposal.lines if line.team}
    choices[here.firms[3].pk] = first  # somebody knows better
    moved = sum(team == second for team in choices.values())
    assert put_in_charge(choices=choices, now=NOW, actor=here.admin.pk) == moved > 0
    assert put_in_charge(choices=choices, now=NOW + 5, actor=here.admin.pk) == 0
    held = Charge.objects.filter(start__lte=NOW, end__gt=NOW)
    assert dict(held.values_list("enterprise", "team")) == choices
    assert (
        Charge.objects.filter(enterprise=here.firms[0].pk, start__lte=NOW - DAY, end__gt=NOW - DAY).get().team_id
        == first
    )
    stranger = builders.enterprise(9, "外片区有限公司")
    assert refused(put_in_charge, choices={stranger.pk: first}, now=NOW, actor=None) == "team.other_patch"


def test_two_changes_in_one_second_and_two_people_at_one_page(here):
    first, second = (one.pk for one in here.teams)
    firm = here.firms[0].pk
    for team in (second, first, second):
        put_in_charge(choices={firm: team}, now=NOW, actor=here.admin.pk)
    spans = Charge.objects.filter(enterprise=firm).order_by("start").values_list("team", "start", "end")
    assert list(spans)[1:] == [(second, NOW, NOW + 1), (first, NOW + 1, NOW + 2), (second, NOW + 2, PLUS_INF)]
    stale = {"choices": {firm: first}, "now": NOW + 60, "actor": here.admin.pk}
    assert refused(put_in_charge, **stale, seen=NOW) == "share.meanwhile"
    assert put_in_charge(**stale, seen=NOW + 30) == 1
    name_leads(leads={firm: (" 陈镇长 ", "")}, now=NOW, actor=None)
    assert name_leads(leads={firm: ("陈镇长", " ")}, now=NOW, actor=None) == 0
    assert name_leads(leads={firm: ("王委员", "")}, now=NOW, actor=None) == 1


def test_an_enterprises_place_is_dated_and_can_be_taken_again(here):
    firm, by = here.firms[0].pk, here.admin.pk
    assert refused(places.place, spots={firm: (119.61, 26.01)}, now=NOW, actor=by) == "spot.wrong"
    assert refused(places.place, spots={firm: (float("nan"), 119.61)}, now=NOW, actor=by) == "spot.wrong"
    for now, spot in ((NOW, (26.01, 119.61)), (NOW, (26.01, 119.61)), (NOW + 60, (26.02, 119.6))):
        places.place(spots={firm: spot}, now=now, actor=by)
    assert places.take_away(enterprise=firm, now=NOW + 120)
    assert not places.take_away(enterprise=firm, now=NOW + 180)
    told = Spot.objects.order_by("start").values_list("latitude", "start", "end")
    assert list(told) == [(26.01, NOW, NOW + 60), (26.02, NOW + 60, NOW + 120)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Spot.objects.create(enterprise_id=firm, latitude=1, longitude=1, start=NOW + 90)
    rings = [
        [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]],
        [[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 1.0]],
    ]
    assert [places.inside(rings, *where) for where in ((0.5, 0.5), (1.5, 2.5), (5.0, 1.0))] == [True, False, False]


def test_load_is_shared_by_weight_and_stays_where_it_is_if_that_is_fair():
    one, other = uuid7(), uuid7()
    heavy, *light = (uuid7() for _number in range(7))
    loads = dict.fromkeys(light, 1) | {heavy: 3}
    given = sharing.balanced(loads, dict.fromkeys(light[:3], one), [one, other])
    carried = [sum(loads[key] for key, team in given.items() if team == each) for each in (one, other)]
    assert sorted(carried) == [4, 5]
    assert sharing.balanced(loads, {}, []) == {}


def test_every_enterprise_above_designated_size_gets_a_town_leader_and_those_without_are_listed(here):
    (row,) = queries.lead_rows(here.admin, NOW)
    assert (row.enterprise, row.lead) == (here.firms[0], None)
    assert name_leads(leads={row.enterprise.pk: ("陈镇长", "副镇长")}, now=NOW, actor=here.admin.pk) == 1
    assert queries.lead_rows(here.admin, NOW, without=True) == []
    name_leads(leads={row.enterprise.pk: ("王委员", "")}, now=NOW + DAY, actor=here.admin.pk)
    assert [one.name for one in Lead.objects.order_by("start")] == ["陈镇长", "王委员"]
    assert refused(name_leads, leads={row.enterprise.pk: (" ", "")}, now=NOW, actor=None) == "lead.no_name"


def test_the_map_is_drawn_from_the_towns_own_file(here):
    area = Area.objects.get(patch=here.patch)
    assert (round(area.latitude, 4), round(area.longitude, 4)) == (26.01, 119.61)
    shown = drawing(queries.areas(), {here.patch.pk: 4})
    assert shown is not None
    (shape,) = shown.shapes
    assert (shape.shade, shape.number) == (3, 4)
    assert shape.path.startswith("M0.0,")
    assert refused(places.draw, content=b"{}", now=NOW) == "area.not_understood"
    assert refused(places.draw, content=geojson("别处"), now=NOW) == "area.no_patch"


def test_a_day_is_ordered_by_a_route_that_the_checker_agrees_with(here):
    spots = [(26.05, 119.61), (26.011, 119.611), (26.03, 119.61)]
    places.place(spots={firm.pk: spot for firm, spot in zip(here.firms, spots, strict=False)}, now=NOW, actor=None)
    visits = plan(here, *(firm.pk for firm in here.firms[:3]))
    asked = days.problem(here.teams[0], visits, builders.DAY, NOW)
    ordered = days.route(team=here.teams[0], day=builders.DAY, now=NOW, actor=here.member.pk, seconds=0.2)
    names = [one.enterprise.name for one in ordered]
    assert names[1] != here.firms[1].name  # what lies beside the start comes first or last
    arrives = [one.arrives for one in ordered]
    assert all(one is not None for one in arrives)
    assert arrives == sorted(arrives)  # type: ignore[type-var]
    assert arrives[0] >= TODAY + 8 * 3600 + 1800  # type: ignore[operator]
    days.drop(visit=visits[0].pk, now=NOW, actor=None)
    noon = TODAY + 12 * 3600
    rest = days.route(team=here.teams[0], day=builders.DAY, now=noon, actor=None, seconds=0.2)
    assert all(one.arrives is not None and one.arrives >= noon for one in rest)
    late = {"team": here.teams[0], "day": builders.DAY, "now": TODAY + 23 * 3600, "actor": None}
    assert refused(days.route, **late) == "route.over"
    trip = days._solved(asked, 0.2)
    assert trip is not None
    assert routes_check.check(asked, routes_check.RoutePlan((trip,))) == []


def test_a_visit_is_planned_once_a_day_and_in_ones_own_patch(here):
    plan(here, here.firms[0].pk)
    given = {"team": here.teams[0], "day": builders.DAY, "now": NOW, "actor": None}
    assert refused(days.plan_visits, enterprises=[here.firms[0].pk], **given) == "sheet.twice"
    assert (
        refused(days.plan_visits, enterprises=[builders.enterprise(9, "外片区有限公司").pk], **given)
        == "team.other_patch"
    )
    (visit,) = here.visits()
    days.drop(visit=visit.pk, now=NOW, actor=None)
    assert refused(days.drop, visit=visit.pk, now=NOW, actor=None) == "sheet.not_planned"
    assert refused(days.route, team=here.teams[0], day=builders.DAY, now=NOW, actor=None) == "route.nothing"
    plan(here, here.firms[0].pk)


def test_patches_stand_in_the_order_in_which_people_count_them():
    counted = [
        "一片区（胪峰）",
        "二片区",
        "九片区",
        "十片区",
        "十一片区",
        "二十片区",
        "一百零二片区",
        "Team 2",
        "Team 10",
    ]
    assert sorted(set(counted), key=numbered) == counted


def test_a_membership_without_end_names_no_day_of_a_far_century():
    assert day(PLUS_INF) == day_before(PLUS_INF) == moment(PLUS_INF)
