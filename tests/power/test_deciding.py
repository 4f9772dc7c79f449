"""Agreeing, refusing, withdrawing, escalating: what waits is decided once, by somebody else, who saw what it does."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

import builders
from fugong.base import clock
from fugong.clearance import acts, deputies
from fugong.clearance.acts import ActError, Changed
from fugong.clearance.deputies import DeputyError
from fugong.clearance.models import WaitingAct
from fugong.ledger.models import Fact
from parallel import at_once
from power.crowd import DAY, NOW, Crowd, crowd, everything, the_one, upload, working

pytestmark = pytest.mark.django_db
HOUR = 3_600


@pytest.fixture(autouse=True)
def _at_half_past_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def town(settings: Any) -> Crowd:
    """Eight workers, a limit of three, and a suspension that the first administrator proposed."""
    settings.FUGONG_LOSS_LIMIT = 3
    return proposed(crowd(8))


def proposed(made: Crowd) -> Crowd:
    upload(made.as_(made.admin), "resumption", made.suspension)
    assert the_one().proposer == made.admin
    return made


def shown(client: Client) -> str:
    """What the page of the act carries to its agreement."""
    page = client.get(f"/waiting/{the_one().pk}/").content.decode()
    return unescape(re.search(r'name="shown" value="([^"]*)"', page)[1])  # type: ignore[index]


def test_another_person_agrees_and_it_is_done_in_the_proposers_name(town: Crowd):
    client, act = town.as_(town.second), the_one()
    answer = client.post(f"/waiting/{act.pk}/agree/", {"sure": "on", "shown": shown(client)})
    assert answer.status_code == 302
    act.refresh_from_db()
    assert (act.state, act.decided_by, act.content) == ("approved", town.second, None)
    assert working(town) == 0
    fact = Fact.objects.get(kind="resumption", supersedes__isnull=False)
    assert (fact.actor, fact.evidence) == (town.admin, act.evidence)
    assert fact.evidence.startswith("sha256:")


def test_the_proposer_cannot_agree_by_page_api_or_sql(town: Crowd):
    client, act, before = town.as_(town.admin), the_one(), everything()
    assert "同意，立即执行" not in client.get(f"/waiting/{act.pk}/").content.decode()
    numbers = json.dumps({name: act.effect[name] for name in ("losing", "gaining", "permissions")})
    answer = client.post(f"/waiting/{act.pk}/agree/", {"sure": "on", "shown": numbers})
    assert answer.status_code == 422
    assert "本人提出的事项本人不能同意" in answer.content.decode()
    said = {"losing": act.effect["losing"], "gaining": act.effect["gaining"]}
    answer = client.post(f"/api/v1/waiting/{act.pk}/agree", json.dumps(said), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "act.own")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clearance_waitingact SET state = 'approved', decided_by_id = proposer_id WHERE id = %s", [act.pk]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        WaitingAct.objects.filter(pk=act.pk).update(state="approved")
    assert everything() == before
    assert the_one().state == "waiting"


@pytest.mark.parametrize("role", ["enterprise_clerk", "bureau_reader", "guard", "deputy"])
def test_who_may_not_decide_does_not_even_see_it(town: Crowd, role: str):
    user = {"enterprise_clerk": town.clerk, "deputy": town.deputy}.get(role) or builders.user(
        role, town.plant.pk if role == "guard" else None
    )
    client, act = town.as_(user), the_one()
    assert client.get(f"/waiting/{act.pk}/").status_code in (403, 404)
    answer = client.post(f"/waiting/{act.pk}/agree/", {"sure": "on", "shown": "{}"})
    assert answer.status_code in (403, 404)
    with pytest.raises(ActError):
        acts.approve(act_id=act.pk, by=user.pk, now=NOW)
    assert working(town) == 8


def test_agreeing_needs_a_look_and_the_numbers_of_now(town: Crowd):
    client, act = town.as_(town.second), the_one()
    numbers = shown(client)
    assert client.post(f"/waiting/{act.pk}/agree/", {"shown": numbers}).status_code == 422
    assert client.post(f"/waiting/{act.pk}/agree/", {"sure": "on", "shown": "[]"}).status_code == 422
    builders.record(town.workers[0], "diagnosis", NOW - 60, {"finding": "suspected"}, now=NOW)
    answer = client.post(f"/waiting/{act.pk}/agree/", {"sure": "on", "shown": numbers})
    assert "现在的影响与您看到的不同" in answer.content.decode()
    assert working(town) == 7
    assert the_one().effect["losing"] == 7
    assert isinstance(acts.approve(act_id=act.pk, by=town.second.pk, now=NOW, shown=json.loads(numbers)), Changed)
    client.post(f"/waiting/{act.pk}/agree/", {"sure": "on", "shown": shown(client)})
    assert working(town) == 0


def test_old_numbers_are_counted_again_first(town: Crowd, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + HOUR)
    client, before = town.as_(town.second), everything()
    page = client.get(f"/waiting/{the_one().pk}/").content.decode()
    assert "数字已超过十分钟" in page
    assert 'name="shown"' not in page
    client.post(f"/waiting/{the_one().pk}/count/")
    assert the_one().counted_at == NOW + HOUR
    assert everything() == before
    assert shown(client)


def test_a_refusal_leaves_everything_and_says_why(town: Crowd):
    client, act, before = town.as_(town.second), the_one(), everything()
    assert client.post(f"/waiting/{act.pk}/refuse/", {"reason": " "}).status_code == 422
    client.post(f"/waiting/{act.pk}/refuse/", {"reason": "没有批文"})
    act.refresh_from_db()
    assert (act.state, act.reason, act.content) == ("refused", "没有批文", None)
    assert everything() == before
    assert "没有批文" in town.as_(town.admin).get(f"/waiting/{act.pk}/").content.decode()
    with pytest.raises(ActError):
        acts.approve(act_id=act.pk, by=town.second.pk, now=NOW)


def test_a_proposer_withdraws_and_nobody_else_can(town: Crowd):
    act, before = the_one(), everything()
    with pytest.raises(ActError):
        acts.withdraw(act_id=act.pk, by=town.second.pk, now=NOW)
    town.as_(town.admin).post(f"/waiting/{act.pk}/withdraw/")
    act.refresh_from_db()
    assert act.state == "withdrawn"
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_two_agreements_at_once_do_it_once(settings: Any):
    settings.FUGONG_LOSS_LIMIT = 3
    town = proposed(crowd(8))
    third = builders.user("town_administrator", username="third")
    act = the_one()

    def agreed(by: Any) -> Any:
        def call() -> bool:
            try:
                acts.approve(act_id=act.pk, by=by.pk, now=NOW)
            except ActError:
                return False
            return True

        return call

    assert sorted(at_once(agreed(town.second), agreed(third))) == [False, True]
    assert Fact.objects.filter(kind="resumption", supersedes__isnull=False).count() == 1


def test_what_nobody_decides_goes_to_every_deputy_and_ends_after_a_week(town: Crowd, settings: Any):
    client, act = town.as_(town.deputy), the_one()
    assert acts.escalate(now=NOW + 4 * HOUR - 1) == 0
    assert acts.escalate(now=NOW + 4 * HOUR) == 1
    assert acts.escalate(now=NOW + 4 * HOUR) == 0
    assert "已逾时" in client.get(f"/waiting/{act.pk}/").content.decode()
    page = town.as_(town.second).get("/town/").content.decode()
    assert "影响多人的事项" in page
    assert "1 项逾时" in page
    assert acts.expire(now=NOW + settings.FUGONG_WAITING_KEPT - 1) == 0
    assert acts.expire(now=NOW + settings.FUGONG_WAITING_KEPT) == 1
    act.refresh_from_db()
    assert (act.state, act.content) == ("expired", None)
    assert working(town) == 8


def test_a_named_deputy_decides_for_a_time(town: Crowd):
    act = the_one()
    given = {"deputy": town.deputy.pk, "start": "2020-03-09T09:00", "end": "2020-03-10T09:00"}
    assert town.as_(town.second).post("/waiting/deputies/", given | {"end": "2020-03-08T09:00"}).status_code == 422
    assert town.as_(town.deputy).post("/waiting/deputies/", given).status_code in (422, 403)
    assert town.as_(town.second).post("/waiting/deputies/", given).status_code == 302
    with pytest.raises(ActError):
        acts.refuse(act_id=act.pk, by=town.deputy.pk, reason="late", now=NOW + DAY)
    client = town.as_(town.deputy)
    assert client.get("/waiting/").status_code == 200
    client.post(f"/waiting/{act.pk}/agree/", {"sure": "on", "shown": shown(client)})
    assert working(town) == 0


def test_only_a_login_of_that_role_is_named(town: Crowd):
    for wrong in (town.clerk, town.second):
        with pytest.raises(DeputyError):
            deputies.name_deputy(deputy=wrong.pk, start=NOW, end=NOW + DAY, by=town.admin.pk, now=NOW)
    with pytest.raises(DeputyError):
        deputies.name_deputy(deputy=town.deputy.pk, start=NOW, end=NOW + DAY, by=town.deputy.pk, now=NOW)


def test_what_somebody_proposed_who_has_no_login_any_more_is_not_done(town: Crowd):
    type(town.admin).objects.filter(pk=town.admin.pk).update(is_active=False)
    with pytest.raises(ActError) as refused:
        acts.approve(act_id=the_one().pk, by=town.second.pk, now=NOW)
    assert refused.value.code == "act.proposer_gone"


def test_approvers_are_told_at_once(town: Crowd):
    page = town.as_(town.second).get("/town/").content.decode()
    assert re.search(r'fg-badge">1<', page)
    assert "等待第二人同意" in page or "待第二人审批" in page
    assert "fg-badge" not in town.as_(town.admin).get("/town/").content.decode(), (
        "one's own needs no decision of one's own"
    )


def test_by_the_api_an_act_is_looked_at_and_decided(town: Crowd):
    client = town.as_(town.second)
    [one] = client.get("/api/v1/waiting").json()
    assert (one["losing"], one["may_decide"], one["permissions"]["work"]) == (8, True, [8, 0])
    address = f"/api/v1/waiting/{one['id']}"
    wrong = client.post(f"{address}/agree", json.dumps({"losing": 1, "gaining": 0}), content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "act.other_effect")
    said = json.dumps({"losing": one["losing"], "gaining": one["gaining"]})
    assert client.post(f"{address}/agree", said, content_type="application/json").json()["state"] == "approved"
    assert working(town) == 0
    assert client.post(f"{address}/agree", said, content_type="application/json").status_code == 422


def test_where_nobody_else_can_decide_the_proposer_is_told_so(town: Crowd):
    page = f"/waiting/{the_one().pk}/"
    assert "没有其他人可以决定" not in town.as_(town.admin).get(page).content.decode()
    town.second.is_active = False
    town.second.save(update_fields=["is_active"])
    assert deputies.deciders(the_one(), NOW).number == 0
    assert "没有其他人可以决定" in town.as_(town.admin).get(page).content.decode()
