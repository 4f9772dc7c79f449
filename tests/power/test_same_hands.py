"""Two logins of one person are not two people: who has seen a login's password decides nothing together with it."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base import access, clock, services
from fugong.base.hands import same_hands
from fugong.base.models import User
from fugong.clearance import acts, deputies, gate
from fugong.clearance.acts import ActError
from fugong.clearance.models import WaitingAct
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.project.cli.login import command
from parallel import at_once
from power.crowd import DAY, NOW, Crowd, crowd, everything, roster_of, the_one, upload, working
from web.signing import shown

pytestmark = pytest.mark.django_db
HOUR = 3_600


class Time:
    """The clock of a test: it stands until the test moves it."""

    def __init__(self) -> None:
        self.now = NOW


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Time:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    stopped = Time()
    monkeypatch.setattr(clock, "now", lambda: stopped.now)
    return stopped


@pytest.fixture
def town(settings: Any) -> Crowd:
    """Eight workers, a limit of three; both administrators have their logins from the command line."""
    settings.FUGONG_LOSS_LIMIT = 3
    return crowd(8)


def give(town: Crowd, giver: User, username: str, role: str = "town_administrator") -> User:
    """A login that somebody gives by the page."""
    answer = town.as_(giver).post("/logins/new/", {"role": role, "username": username})
    assert shown(answer.content.decode())
    return taken_over(User.objects.get(username=username))


def renew(town: Crowd, giver: User, login: User, how: str = "renew") -> User:
    """A new password that somebody gives to a login by the page."""
    assert shown(town.as_(giver).post(f"/logins/{login.pk}/{how}/").content.decode())
    return taken_over(login)


def taken_over(login: User) -> User:
    """Its holder, whoever that is, has chosen a password of their own: without that no page is seen."""
    services.password_changed(login_id=login.pk)
    login.refresh_from_db()
    return login


def propose(town: Crowd, proposer: User) -> WaitingAct:
    upload(town.as_(proposer), "resumption", town.suspension)
    assert the_one().proposer == proposer
    return the_one()


def let_go(town: Crowd, clerk: User) -> WaitingAct:
    """A clerk's roster that names nobody of those but the first."""
    client = town.as_(clerk)
    answer = client.post(f"/enterprises/{town.plant.pk}/roster/", {"file": roster_of(town, range(1))})
    client.post(f"{answer.url}take-in/", {"leaver": [str(one) for one in town.workers[1:]]})
    assert the_one().proposer == clerk
    return the_one()


def refused(by: User, now: int = NOW) -> str:
    """The code with which an agreement is refused; nothing is done."""
    before = everything()
    with pytest.raises(ActError) as error:
        acts.approve(act_id=the_one().pk, by=by.pk, now=now)
    with pytest.raises(ActError):
        acts.refuse(act_id=the_one().pk, by=by.pk, reason="no", now=now)
    assert everything() == before
    return error.value.code


def tied(first: User, second: User, now: int = NOW) -> bool:
    """Whether two logins may be one person's, which is the same from both sides."""
    since = now - deputies.APART
    there, back = second.pk in same_hands(first.pk, since=since), first.pk in same_hands(second.pk, since=since)
    assert there is back
    return there


# deciding


def test_who_gave_themselves_a_second_login_agrees_with_it_to_nothing(town: Crowd, time: Time):
    """Over the pages, from the sign-in with the password that was shown to the giver."""
    answer = town.as_(town.admin).post("/logins/new/", {"role": "town_administrator", "username": "myself"})
    password = shown(answer.content.decode())
    act, before = propose(town, town.admin), everything()
    own = Client(headers={"accept-language": "zh-hans"})
    own.post("/login/", {"username": "myself", "password": password})
    chosen = {"old_password": password, "new_password1": "another-one-of-mine", "new_password2": "another-one-of-mine"}
    assert own.post("/password/", chosen).status_code == 302
    page = own.get(f"/waiting/{act.pk}/").content.decode()
    assert "须由其他人决定" in page
    assert "3月16日 09:30" in page
    assert 'name="shown"' not in page
    numbers = {name: act.effect[name] for name in ("losing", "gaining", "permissions")}
    answer = own.post(f"/waiting/{act.pk}/agree/", {"sure": "on", "shown": json.dumps(numbers)})
    assert answer.status_code == 422
    assert "密码由提出人经手" in answer.content.decode()
    assert "2020-03-16 09:30" in answer.content.decode()
    said = {"losing": act.effect["losing"], "gaining": act.effect["gaining"]}
    by_program = own.post(f"/api/v1/waiting/{act.pk}/agree", json.dumps(said), content_type="application/json")
    assert (by_program.status_code, by_program.json()["code"]) == (422, "act.same_hands")
    assert own.get("/api/v1/waiting").json()[0]["may_decide"] is False
    assert "fg-badge" not in own.get("/town/").content.decode()
    assert everything() == before
    town.as_(town.second).get(f"/waiting/{act.pk}/")
    acts.approve(act_id=act.pk, by=town.second.pk, now=NOW)
    assert working(town) == 0


@pytest.mark.parametrize("how", ["renew", "open"])
def test_whose_password_was_renewed_or_login_reopened_does_not_agree_either(town: Crowd, how: str):
    if how == "open":
        services.close_login(login_id=town.second.pk, actor=town.admin.pk)
    renew(town, town.admin, town.second, how)
    propose(town, town.admin)
    assert refused(town.second) == "act.same_hands"


def test_the_given_login_proposes_and_its_giver_does_not_agree(town: Crowd):
    propose(town, give(town, town.admin, "myself"))
    assert refused(town.admin) == "act.same_hands"
    acts.approve(act_id=the_one().pk, by=town.second.pk, now=NOW)
    assert working(town) == 0


def test_a_login_of_any_role_that_proposes_is_tied_to_its_giver(town: Crowd):
    let_go(town, renew(town, town.admin, town.clerk))
    assert refused(town.admin) == "act.same_hands"
    assert deputies.deciders(the_one(), NOW) == (1, NOW + 7 * DAY)
    page = town.as_(town.clerk).get(f"/waiting/{the_one().pk}/").content.decode()
    assert "您无需再做什么" in page, "the second administrator can"


def test_a_chain_over_three_logins_and_the_siblings_of_one_giver(town: Crowd):
    one = give(town, town.admin, "one")
    two = give(town, one, "two")
    three = give(town, two, "three")
    sibling = give(town, town.admin, "sibling")
    propose(town, town.admin)
    assert {refused(user) for user in (one, two, three, sibling)} == {"act.same_hands"}
    assert tied(three, sibling)
    assert not tied(three, town.second)


def test_a_login_in_between_that_is_closed_ties_as_before(town: Crowd):
    one = give(town, town.admin, "one")
    two = give(town, one, "two")
    services.close_login(login_id=one.pk, actor=two.pk)
    propose(town, town.admin)
    assert refused(two) == "act.same_hands"


def test_handing_a_login_in_a_circle_loses_nobody(town: Crowd):
    """Who gave a login first stays tied to it when those whom it gave logins renew its password."""
    one = give(town, town.admin, "one")
    two = give(town, one, "two")
    renew(town, two, one)
    assert set(User.objects.get(pk=one.pk).given_by) == {str(town.admin.pk), str(two.pk)}
    propose(town, town.admin)
    assert {refused(user) for user in (one, two)} == {"act.same_hands"}


@pytest.mark.django_db(transaction=True)
def test_two_who_renew_at_once_are_both_remembered(settings: Any):
    settings.FUGONG_LOSS_LIMIT = 3
    town = crowd(1)
    third = builders.user("town_administrator", username="third")
    renewals = [
        lambda by=by: services.renew_password(login_id=third.pk, by=by.pk, now=NOW) for by in (town.admin, town.second)
    ]
    at_once(*renewals)
    assert tied(third, town.admin)
    assert tied(third, town.second)


def test_after_seven_days_they_are_two(town: Crowd):
    other = give(town, town.admin, "other")
    propose(town, town.admin)
    assert refused(other, NOW + 7 * DAY - 1) == "act.same_hands"
    acts.approve(act_id=the_one().pk, by=other.pk, now=NOW + 7 * DAY)
    assert working(town) == 0


def test_until_when_is_what_holds_longest_together(town: Crowd):
    """Two ways lead from one to the other: each is as old as its oldest link, and the younger way counts."""
    one = give(town, town.admin, "one")
    services.renew_password(login_id=town.second.pk, by=town.admin.pk, now=NOW + 3 * DAY)
    services.renew_password(login_id=one.pk, by=town.second.pk, now=NOW + 2 * DAY)
    found = same_hands(town.admin.pk, since=NOW - 1)
    assert found == {town.second.pk: NOW + 3 * DAY, one.pk: NOW + 2 * DAY}
    assert same_hands(town.admin.pk, since=NOW + 2 * DAY) == {town.second.pk: NOW + 3 * DAY}


def test_by_the_command_line_nobody_is_tied(town: Crowd):
    services.add_login(username="new", role="town_administrator", scope_id=None)
    new = User.objects.get(username="new")
    assert not any(tied(*pair) for pair in pairwise([town.admin, town.second, town.deputy, new]))
    propose(town, town.admin)
    acts.approve(act_id=the_one().pk, by=new.pk, now=NOW)
    assert working(town) == 0


def test_the_first_administrator_is_tied_to_whom_they_give_a_login_only(town: Crowd):
    User.objects.all().update(is_active=False)
    services.add_login(username="admin", role=services.ADMINISTRATOR, scope_id=None)
    first = taken_over(User.objects.get(username="admin"))
    assert same_hands(first.pk, since=0) == {}
    made = give(town, first, "another")
    assert same_hands(first.pk, since=0) == {made.pk: NOW}


def test_whoever_runs_the_machine_parts_two_logins(town: Crowd):
    other = give(town, town.admin, "other")
    propose(town, town.admin)
    assert refused(other) == "act.same_hands"
    result = CliRunner().invoke(command, ["renew", "other"])
    assert result.exit_code == 0, result.output
    acts.approve(act_id=the_one().pk, by=other.pk, now=NOW)
    assert working(town) == 0


def test_a_deputy_whose_login_the_proposer_gave_does_not_decide(town: Crowd):
    """Neither named by the proposer nor by another, nor when it has waited for too long; what others propose they decide."""
    given = give(town, town.admin, "stand-in", "deputy")
    for by in (town.admin, town.second):
        deputies.name_deputy(deputy=given.pk, start=NOW, end=NOW + 30 * DAY, by=by.pk, now=NOW)
    act = propose(town, town.admin)
    assert refused(given) == "act.same_hands"
    acts.escalate(now=NOW + 4 * HOUR)
    assert refused(given, NOW + 4 * HOUR) == "act.same_hands"
    acts.withdraw(act_id=act.pk, by=town.admin.pk, now=NOW)
    propose(town, town.second)
    acts.approve(act_id=the_one().pk, by=given.pk, now=NOW)
    assert working(town) == 0


def test_a_deputys_page_says_so_under_their_own_scope(town: Crowd):
    given = give(town, town.admin, "stand-in", "deputy")
    deputies.name_deputy(deputy=given.pk, start=NOW, end=NOW + DAY, by=town.admin.pk, now=NOW)
    act = propose(town, town.admin)
    page = town.as_(given, "en").get(f"/waiting/{act.pk}/").content.decode()
    assert "Somebody else has to decide this" in page
    with access.acting(access.as_user(given)):
        assert deputies.decider(given, NOW).not_before(the_one()) == NOW + 7 * DAY


# what the proposer is told


def test_a_proposer_whose_only_second_login_is_tied_is_told_when_and_what_to_do(town: Crowd, time: Time):
    User.objects.filter(pk=town.second.pk).update(is_active=False)
    other = give(town, town.admin, "other")
    act = propose(town, town.admin)
    assert deputies.deciders(act, NOW) == (0, NOW + 7 * DAY)
    page = unescape(town.as_(town.admin, "en").get(f"/waiting/{act.pk}/").content.decode())
    assert "nobody else can decide this now: whoever else may decide has a login whose password was handed over" in page
    assert re.search(r"They may from 16 Mar(ch)?( 2020)?,? 09:30 on|They may from 2020-03-16 09:30 on", page), page
    assert "fugong login renew" in page
    assert (
        "目前没有其他人可以决定：其他有权决定者的密码由您经手"
        in town.as_(town.admin).get(f"/waiting/{act.pk}/").content.decode()
    )
    time.now = NOW + 7 * DAY
    assert deputies.deciders(act, time.now) == (1, None)
    assert "目前没有其他人可以决定" not in town.as_(town.admin).get(f"/waiting/{act.pk}/").content.decode()
    assert deputies.decider(other, time.now).may(act)


def test_a_clerk_is_told_too(town: Crowd):
    """A clerk sees no administrator's login; that nobody can decide is counted beyond their scope, and told without names."""
    User.objects.filter(pk=town.second.pk).update(is_active=False)
    act = let_go(town, renew(town, town.admin, town.clerk))
    page = town.as_(town.clerk).get(f"/waiting/{act.pk}/").content.decode()
    assert "目前没有其他人可以决定：其他有权决定者的密码由您经手" in page
    assert town.admin.username not in page.split("<main")[1]


def test_hands_are_asked_for_once_a_list(town: Crowd):
    for n in range(5):
        give(town, town.second, f"one{n}", "bureau_reader")
    client, one, counts = town.as_(town.admin), propose(town, town.second), []
    for more in (1, 12):
        WaitingAct.objects.bulk_create(_copies(one, more))
        lists, own = queries_of(client, "/waiting/"), queries_of(town.as_(town.second), f"/waiting/{one.pk}/")
        counts.append((len(lists), len(own)))
        assert len([sql for sql in lists if 'WHERE "base_user"."given_at" >' in sql]) == 2  # and the number in the menu
        assert len([sql for sql in own if 'WHERE "base_user"."given_at" >' in sql]) <= 3
    assert counts[0] == counts[1]


def queries_of(client: Client, page: str) -> list[str]:
    client.get(page)  # what is cached once a process
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in queries]


def _copies(one: WaitingAct, number: int) -> list[WaitingAct]:
    values = {
        field.attname: getattr(one, field.attname) for field in WaitingAct._meta.concrete_fields if field.name != "id"
    }
    return [WaitingAct(**values) for _n in range(number)]


# what one person may take within a day


def leave(town: Crowd, workers: list[Any], now: int, actor: User) -> None:
    """A fact that takes everything from some workers: suspected of the infection."""
    facts = [NewFact(one, "diagnosis", now - 60, {"finding": "suspected"}) for one in workers]
    ledger.append(facts=facts, source="page", evidence="notice", now=now, actor=actor.pk)


def test_what_two_tied_logins_take_within_a_day_is_counted_together(town: Crowd):
    other = give(town, town.admin, "other")
    leave(town, town.workers[:2], NOW, town.admin)
    before = everything()
    with pytest.raises(gate.TooMany):
        leave(town, town.workers[2:4], NOW + HOUR, other)
    assert everything() == before
    leave(town, town.workers[2:3], NOW + HOUR, other)
    with pytest.raises(gate.TooMany):
        leave(town, town.workers[3:4], NOW + 2 * HOUR, town.admin)
    assert gate.lost_within_a_day(other.pk, NOW + 2 * HOUR) == {*town.workers[:3]}
    leave(town, town.workers[3:6], NOW + 2 * HOUR, town.second)  # somebody else's own
    leave(town, town.workers[6:8], NOW + DAY, other)  # a day after the login was given


def test_a_chain_shares_one_limit_too(town: Crowd):
    two = give(town, give(town, town.admin, "one"), "two")
    leave(town, town.workers[:3], NOW, town.admin)
    with pytest.raises(gate.TooMany):
        leave(town, town.workers[3:4], NOW, two)


@pytest.mark.django_db(transaction=True)
def test_two_tied_logins_at_the_same_moment_are_counted_together(settings: Any):
    settings.FUGONG_LOSS_LIMIT = 5
    town = crowd(8)
    other = give(town, town.admin, "other")

    def batch(workers: list[Any], by: User) -> Any:
        def call() -> bool:
            try:
                leave(town, workers, NOW, by)
            except gate.TooMany:
                return False
            return True

        return call

    done = at_once(batch(town.workers[:4], town.admin), batch(town.workers[4:], other))
    assert sorted(done) == [False, True]
    assert working(town) == 4
