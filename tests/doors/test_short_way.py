"""The short way of a decision says and stores what the long one does, and leaves to it whatever is different."""

from __future__ import annotations

import json
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

import databases
import gatehouse as g
from doors.own_device import Own
from fugong.audit.models import Entry
from fugong.base.ids import uuid7
from fugong.doors import devices, pseudonyms
from fugong.doors.short import check as short
from fugong.ledger.models import Fact
from fugong.project.shortly import Shortly
from parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own(own):
    """One that was there a moment ago."""
    own.get("/api/v1/doors")  # that it was there is written the long way, every ten minutes
    return own


@pytest.fixture
def people(plant):
    """Two of whom the same is known, and one of whom nothing is."""
    workers = g.hire(plant, "王小明", "陈静", "林芳")
    g.survey(*workers[:2])
    for worker in workers[:2]:
        g.register(worker, g.SEVEN_TWENTY)
    called = pseudonyms.of(workers)
    return [(worker, called[worker]) for worker in workers]


@contextmanager
def without_scope():
    """As on a server's connection: nobody acts until it is known who asks. What is in force is looked up anew."""
    short._in_force.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fugong.scope', '', false)")
    try:
        yield
    finally:
        databases.as_system(connection)


class Ways:
    """A server with both ways; ``long`` counts what Django was asked."""

    def __init__(self) -> None:
        self.long = 0
        self._django = WSGIHandler()
        self.both = Shortly(self._counted)

    def _counted(self, environ, start_response):
        self.long += 1
        return self._django(environ, start_response)

    def ask(self, own, plant, given, *, way=None, authorization=None, body=None, **more):
        path = f"/api/v1/doors/{plant.door.pk}/decide"
        body = json.dumps(given).encode() if body is None else body
        environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "x", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1", "SCRIPT_NAME": "",
            "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http", "HTTP_AUTHORIZATION": authorization or own.header("POST", path, body), **more,
        }  # fmt: skip
        told = []
        with without_scope():
            parts = (way or self.both)(environ, lambda status, head, *_: told.extend((status, dict(head))))
            said = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        return int(told[0][:3]), told[1], json.loads(said)


@pytest.fixture
def ways():
    return Ways()


def row(who, **more):
    return {"id": str(uuid7()), "worker": who, "celsius": 36.5, "mask": True, "gloves": True, **more}


def stored(given):
    """What the ledger has of a check and its temperature, without ids."""
    found = Fact.objects.filter(subject=given["worker"]).exclude(kind__in=("survey", "employment", "register"))
    return [
        (f.kind, f.start, f.end, f.values, f.recorded_at, f.source, f.evidence, f.actor_id, f.reason)
        for f in found.order_by("kind")
    ]


def entries():
    """The audit's newest entries, without whose data they are about."""
    found = [
        (e.action, e.relation, e.row_count, len(e.subjects), e.actor, e.role, e.scope, e.scope_id, e.purpose, e.origin,
         e.reason, e.at, e.details)
        for e in Entry.objects.order_by("id")
    ]  # fmt: skip
    Entry.objects.count()
    return found


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"celsius": 36.6, "at": g.SEVEN_FORTY - 30},
        {"mask": False},
        {"gloves": None},
        {"direction": "out"},
        {"celsius": None},
    ],
)
def test_both_ways_say_and_store_the_same(own, plant, people, ways, more):
    (one, first), (other, second), _third = people
    asked = {name: value for name, value in row(first, **more).items() if value is not None}
    before = len(entries())
    status, head, said = ways.ask(own, plant, asked)
    assert (status, ways.long) == (200, 0)
    shortly, between = entries()[before:], len(entries())
    same = asked | {"id": str(uuid7()), "worker": second}
    status, other_head, other_said = ways.ask(own, plant, same, way=ways._counted)
    assert (status, ways.long) == (200, 1)
    assert entries()[between:] == shortly
    ours = {name: value for name, value in said.items() if name not in ("id", "worker")}
    assert ours == {name: value for name, value in other_said.items() if name not in ("id", "worker")}
    assert (said["id"], said["worker"], other_said["worker"]) == (asked["id"], str(one), str(other))
    lengths = {"Content-Length": "", "Vary": ""}
    assert head | lengths == other_head | lengths
    facts = [stored({"worker": worker}) for worker in (one, other)]
    assert facts[0] == facts[1] != []


def test_somebody_of_whom_nothing_is_known_is_told_so_both_ways(own, plant, people, ways):
    who = people[2][1]
    said = ways.ask(own, plant, row(who))[2]
    other = ways.ask(own, plant, row(who), way=ways._counted)[2]
    assert ways.long == 1
    assert said["colour"] != "green"
    assert {**said, "id": ""} == {**other, "id": ""}


def test_by_a_token_and_by_a_workers_own_id(own, plant, people, ways, admin):
    code = devices.make_code(door=plant.door.pk, actor=admin.pk, now=g.SEVEN_FORTY)
    made = devices.enrol(code=code.code, name="闸机", key=None, now=g.SEVEN_FORTY)
    authorization = f"Bearer {made.token}"
    worker = str(people[0][0])
    for long in (1, 1):  # the first time it is written that the device was there
        status, _head, said = ways.ask(own, plant, row(worker), authorization=authorization)
        assert (status, said["worker"], said["colour"], ways.long) == (200, worker, "green", long)
    assert ways.ask(own, plant, row(worker), authorization=f"{authorization}x")[0] == 401


def test_the_same_check_again_is_the_same_decision_and_stored_once(own, plant, people, ways):
    given = row(people[0][1])
    first = ways.ask(own, plant, given)[2]
    assert ways.ask(own, plant, given)[2] == first
    assert ways.long == 1
    assert Fact.objects.filter(kind="door_check").count() == 1


def test_sent_a_hundred_times_in_parallel_it_is_stored_once(own, plant, people):
    given = row(people[0][1])

    def ask():
        answers = [Ways().ask(own, plant, given) for _n in range(10)]
        return {(status, json.dumps(said)) for status, _head, said in answers}

    assert len(set().union(*at_once(*[ask] * 10))) == 1
    assert Fact.objects.filter(kind="door_check").count() == 1
    assert Fact.objects.filter(kind="temperature").count() == 1


def test_what_changes_between_the_look_and_the_lock_is_seen(own, plant, people, ways, monkeypatch):
    worker, who = people[0]
    leaves = short.leaves

    def meanwhile(*given):
        def fever():
            from fugong.ledger import services as ledger
            from fugong.ledger.services import NewFact

            fact = NewFact(worker, "temperature", g.SEVEN_FORTY - 5, {"celsius": 38.9, "place": "door"})
            ledger.append(facts=[fact], source="door", evidence="a door", now=g.SEVEN_FORTY)

        monkeypatch.setattr(short, "leaves", leaves)
        at_once(fever)
        return leaves(*given)

    monkeypatch.setattr(short, "leaves", meanwhile)
    said = ways.ask(own, plant, row(who))[2]
    assert (said["colour"] == "green", ways.long) == (False, 1)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"register": {"well": True}}, 200), ({"pass": "FG1:nothing"}, 200),
        ({"method": "ear"}, 200), ({"second_of": str(uuid7())}, 200), ({"celsius": 37}, 200), ({"celsius": 367.0}, 422),
        ({"worker": "AbCdEfGhIjk"}, 422), ({"at": g.SEVEN_FORTY + 121}, 422), ({"at": "yesterday"}, 422), ({"mask": 1}, 200),
        ({"id": "x"}, 422), ({"direction": "up"}, 422), ({"worker": None}, 422),
    ],
)  # fmt: skip
def test_whatever_is_different_goes_the_long_way(own, plant, people, ways, change, status):
    given = {name: value for name, value in (row(people[0][1]) | change).items() if value is not None}
    assert ways.ask(own, plant, given)[0] == status
    assert ways.long == 1
    if status != 200:
        assert not Fact.objects.filter(kind__in=("door_check", "temperature")).exists()


def test_without_an_id_and_without_json_too(own, plant, people, ways):
    given = row(people[0][1])
    del given["id"]
    assert ways.ask(own, plant, given)[0] == 200
    assert ways.ask(own, plant, given, body=b"[")[0] == 400
    assert ways.ask(own, plant, given, body=b"[" * 5_000)[0] == 400
    assert ways.long == 3


def test_nobody_is_believed_more_easily(own, plant, people, ways, admin):
    given = row(people[0][1])
    path, body = f"/api/v1/doors/{plant.door.pk}/decide", json.dumps(given).encode()
    stranger = Own()
    stranger.id = own.id
    for header in (
        stranger.header("POST", path, body), own.header("POST", path, b"other"), own.header("GET", path, body),
        own.header("POST", path, body, g.SEVEN_FORTY - 301), "Fugong x", "Fugong a b c", "Bearer ", "Basic eDp5",
    ):  # fmt: skip
        status = ways.ask(own, plant, given, authorization=header)[0]
        assert status == ways.ask(own, plant, given, authorization=header, way=ways._counted)[0]
        assert status in (401, 403)
    devices.revoke(device=own.id, actor=admin.pk, now=g.SEVEN_FORTY)
    status, _head, said = ways.ask(own, plant, given)
    assert (status, said["code"]) == (401, "device.revoked")
    assert not Fact.objects.filter(kind="door_check").exists()


def test_another_enterprises_door_and_people_are_not_there(own, plant, people, ways):
    other = g.plant("dye", "别家印染有限公司")
    (stranger,) = g.hire(other, "黄国栋")
    assert ways.ask(own, other, row(people[0][1]))[0] == 404
    for who in (str(stranger), pseudonyms.of([stranger])[stranger]):
        assert ways.ask(own, plant, row(who))[2]["code"] == "door.not_on_list"
    assert not Fact.objects.filter(kind="door_check").exists()


def test_of_a_proxy_is_believed_what_django_believes(own, plant, people, ways, settings):
    from fugong.project import proxy

    settings.FUGONG_PROXIES = proxy.networks("127.0.0.1")
    ways.ask(own, plant, row(people[0][1]), HTTP_X_FORWARDED_FOR="10.1.2.3")
    settings.FUGONG_PROXIES = ()
    ways.ask(own, plant, row(people[1][1]), HTTP_X_FORWARDED_FOR="10.1.2.3")
    assert ways.long == 0
    assert [e.origin for e in Entry.objects.filter(relation="ledger_fact").order_by("-id")[:2]] == [
        "127.0.0.1",
        "10.1.2.3",
    ]
    assert ways.ask(own, plant, row(people[0][1]), HTTP_HOST="elsewhere")[0] == 400
