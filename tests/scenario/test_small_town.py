"""What every demo town keeps to, shown on the small one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from demo_town import Town, loaded
from fugong import scenario
from fugong.base import clock, personal
from fugong.base.hands import same_hands
from fugong.base.identifiers import credit_code, identify
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.clearance import deputies
from fugong.clearance.models import Adoption, Clearance
from fugong.clearance.verification import verify
from fugong.doors import services
from fugong.ledger.models import Fact
from fugong.registry.models import Document, Employment, Enterprise, Worker
from fugong.scenario import ScenarioError

pytestmark = pytest.mark.django_db
NAME = "qinghe"


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), loaded(NAME) as made:
        yield made


def asked(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_it_refuses_a_database_that_serves_a_town(town: Town) -> None:
    assert scenario.is_loaded(NAME)
    assert not scenario.is_loaded(scenario.default_town())
    facts = Fact.objects.count()
    with pytest.raises(ScenarioError, match=town.recipe.town.name):
        scenario.load(NAME, seed=1, password="a password of the tests")
    assert Fact.objects.count() == facts


def test_the_planner_knows_what_was_loaded(town: Town) -> None:
    for table in ("ledger_fact", "clearance_clearance", "registry_worker"):
        [(known, there)] = asked(
            f"SELECT (SELECT reltuples FROM pg_class WHERE oid = '{table}'::regclass), (SELECT count(*) FROM {table})"
        )
        assert known == there > 0, table


def test_nobody_knows_a_town_of_another_name() -> None:
    with pytest.raises(ScenarioError, match="atlantis"):
        scenario.is_loaded("atlantis")


def test_a_login_for_every_role(town: Town) -> None:
    others = User.objects.exclude(username__in=ROLES)  # the other teams' members, of whom nobody signs in
    assert User.objects.filter(username__in=ROLES).count() == len(ROLES)
    assert others.exists() and {one.role_name for one in others} == {"service_team_member"}
    assert not any(one.has_usable_password() for one in others)
    for role in ROLES.values():
        user = authenticate(username=role.name, password="a password of the tests")
        assert isinstance(user, User)
        assert user.role == role
    visited = Enterprise.objects.get(key=town.recipe.enterprises.visited.key)
    assert User.objects.get(username="enterprise_clerk").scope_id == visited.pk
    assert User.objects.get(username="service_team_member").scope_id == visited.patch_id
    assert visited.sites.filter(pk=User.objects.get(username="door_device").scope_id).exists()
    for role in ("observation_medic", "site_cadre", "site_police"):
        site = User.objects.get(username=role).scope_id
        assert Fact.objects.filter(subject=site, kind="site_open", values__purpose="observation").exists()
    worker = Worker.objects.get(pk=User.objects.get(username="worker").scope_id)
    assert worker.employments.filter(enterprise=visited, active=True).exists()


def test_numbers_of_documents_and_enterprises_are_valid(town: Town) -> None:
    today = dt.date(2020, 3, 1)
    kinds = set()
    for document in Document.objects.all():
        number = personal.decrypt(document.encrypted)
        found = identify(number, today=today, kind=document.type)
        assert found.number == number
        kinds.add(document.type)
    assert kinds == {"resident", *town.recipe.workers.foreign}
    for code in Enterprise.objects.values_list("credit_code", flat=True):
        assert credit_code(code) == code


def test_numbers_that_begin_with_42_and_registrations_in_hubei_differ(town: Town) -> None:
    households = dict(
        Fact.objects.filter(kind="household", supersedes=None).values_list("subject_id", "values__division")
    )
    differing = [0, 0]
    for document in Document.objects.filter(type="resident"):
        begins, registered = (
            personal.decrypt(document.encrypted)[:2] == "42",
            households[document.worker_id][:2] == "42",
        )
        if begins != registered:
            differing[begins] += 1
    assert min(differing) >= 1


def test_no_bed_has_two_people_at_once(town: Town) -> None:
    clashes = asked(
        """WITH stays AS (SELECT subject_id, start, "end", values FROM ledger_fact AS f WHERE kind = 'observation'
             AND NOT EXISTS (SELECT 1 FROM ledger_fact AS n WHERE n.supersedes_id = f.id))
           SELECT count(*), (SELECT count(*) FROM stays WHERE values ? 'room') FROM stays AS a JOIN stays AS b
           ON a.values->>'site' = b.values->>'site' AND a.values->>'room' = b.values->>'room'
           AND a.subject_id <> b.subject_id AND a.start < b."end" AND b.start < a."end" """
    )
    assert clashes[0][0] == 0
    assert clashes[0][1] != 0


def test_nothing_is_recorded_before_it_happened(town: Town) -> None:
    """States may be announced (a resumption is filed the day before); events not."""
    early = asked(
        """SELECT kind, count(*) FROM ledger_fact WHERE "end" = start + 1 AND recorded_at < start GROUP BY kind"""
    )
    assert early == []
    assert asked(
        "SELECT count(*) FROM ledger_fact WHERE kind = 'test' AND recorded_at < (values->>'reported_at')::bigint"
    )[0] == (0,)


def test_present_employments_say_what_the_ledger_says(town: Town) -> None:
    for employment in Employment.objects.all():
        fact = Fact.objects.get(pk=employment.fact_id)
        assert (fact.kind, fact.subject_id, fact.start) == ("employment", employment.worker_id, employment.start)
        assert fact.values["employer"] == str(employment.enterprise_id)
        assert not Fact.objects.filter(supersedes=fact).exists()
        assert employment.active == (fact.end > 2**34)


def test_clearances_are_stored_for_everybody_and_right(town: Town) -> None:
    assert Adoption.objects.get().pack == town.recipe.protocol.pack
    assert Clearance.objects.values("worker").distinct().count() == Worker.objects.count()
    assert list(verify(lambda done, total: None)) == []


def test_coaches_are_half_filled(town: Town) -> None:
    trips = {trip.id: trip for trip in town.recipe.trips}
    carried = asked(
        "SELECT values->>'trip', count(*) FROM ledger_fact WHERE kind = 'arrival' AND values ? 'trip' GROUP BY 1"
    )
    assert {trip for trip, _count in carried} == trips.keys()
    for trip, count in carried:
        assert count == sum(group.count for group in trips[str(trip)].groups) <= trips[str(trip)].seats // 2


def test_what_was_learned_after_the_moment_changes_who_is_counted(town: Town) -> None:
    from fugong.reports.queries import members

    now, later = town.moment, town.moment + 9 * 86_400
    for key in ("tests.before_work", "not_returned.hubei"):
        then, since = (
            {row.subject for row in members(key, as_of=now, known_at=known, limit=10_000).rows}
            for known in (now, later)
        )
        assert then != since
        assert len(then) == len(since)


FOUND = {
    "service_team_member": "data-visits", "dispatcher": "<tbody><tr>", "sampling_staff": "<tbody><tr>",
    "observation_medic": "℃", "site_cadre": "<tbody><tr>", "site_police": "<tbody><tr>", "guard": "/doors/",
    "door_device": "/doors/", "worker": "fg-answer", "line_leader": "<li", "auditor": "<form", "system_operator": "<section",
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_role_finds_something_on_its_first_page(town: Town, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: town.moment)
    client = Client()
    client.force_login(User.objects.get(username=role))
    answer = client.get("/", follow=True)
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2]
    assert FOUND.get(role, "<a ") in main.replace("\n", "")
    if role == "service_team_member":  # whose page asks for the day itself
        assert client.get("/api/v1/visits/day").json()["visits"]


def test_a_guard_lets_somebody_in_now_and_then_and_the_refusal_is_there(town: Town) -> None:
    overrides = list(Fact.objects.filter(kind="door_override"))
    assert overrides
    checks = Fact.objects.in_bulk([fact.values["check"] for fact in overrides], field_name="pk")
    for fact in overrides:
        check = checks[UUID(fact.values["check"])]
        assert (check.kind, check.subject_id, check.values["outcome"]) == ("door_check", fact.subject_id, "refused")
        assert check.values["door"] == fact.values["door"]
        assert 0 < fact.start - check.start <= services.OVERRIDE_SECONDS


def test_the_deputy_is_named_when_the_demo_begins(town: Town) -> None:
    now = town.moment
    deputy = User.objects.get(role_name="deputy")
    assert deputies.named(deputy, now)
    assert not deputies.named(deputy, now + deputies.LONGEST)
    assert not any(same_hands(user.pk, since=0) for user in User.objects.all()), "nobody was given a login by another"
