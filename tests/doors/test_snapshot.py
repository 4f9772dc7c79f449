"""The snapshot of a door: signed, whole or as what has changed; whatever happens, both ways lead to the same."""

from __future__ import annotations

import gzip
import json
import random
import secrets

import pytest

import gatehouse as g
from doors.own_device import b64
from fugong.audit.models import Entry
from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.core.protocol.door import Steps
from fugong.doors import keys, lineage
from fugong.doors.algorithms import ES256, from_base64url
from fugong.doors.models import Arrangement, GuardPin, Pass, Pseudonym, SigningKey
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry.models import Employment, Worker

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = ("forces", "waiting", "visit", "keys", "revoked", "guards", "names")


def ask(own, plant, held=None, **more):
    query = f"?since={held['number']}&lineage={held['lineage']}" if held else ""
    path = f"/api/v1/doors/{plant.door.pk}/snapshot{query}"
    return own.client.get(path, HTTP_AUTHORIZATION=own.header("GET", path), **more)


def applied(old, delta):
    """What a device holds after a delta, as the contract says."""
    if delta["since"] is None:
        return delta
    assert delta["since"] == old["number"]
    people = {row[0]: row for row in rows(old) if row[0] not in delta["gone"]} | {row[0]: row for row in rows(delta)}
    ordered = list(people.values())
    places = sorted({row[-2] for row in ordered})
    columns = dict(zip(old["people"], map(list, zip(*ordered, strict=True)), strict=True)) if ordered else {}
    columns["place"] = [places.index(place) for place in columns.get("place", [])]
    return old | {name: delta[name] for name in PARTS if name in delta} | {
        "number": delta["number"], "people": columns, "places": places
    }  # fmt: skip


def rows(snapshot):
    people = dict(snapshot["people"])
    if not people.get("id"):
        return []
    people["place"] = [snapshot["places"][place] for place in people["place"]]
    return list(zip(*people.values(), strict=True))


def meant(snapshot, now=g.SEVEN_FORTY):
    """Everything that a device can tell apart from now on: what lies before is left out as rows are renewed."""
    people = {}
    for row in rows(snapshot):
        moments = [-(2**40) if at is None else at for at in row[-1][::2]]
        steps = Steps(moments, row[-1][1::2])
        later = [at for at in moments if at > now]
        people[row[0]] = (row[1:-1], [(at, steps.at(at)) for at in (now, *later)])
    return people, {name: snapshot[name] for name in PARTS}


def test_a_snapshot_is_what_the_contract_says(plant, own):
    first, second = g.hire(plant, "王小明", "陈静", phones=("13950203317",))
    g.survey(first)
    g.register(first, g.SEVEN_TWENTY)
    answer = ask(own, plant)
    body = answer.json()
    assert (body["format"], body["since"], body["gone"], body["permission"]) == (1, None, [], "enter")
    assert (body["door"], body["site"]) == (str(plant.door.pk), str(plant.door.site_id))
    assert (body["issued_at"], body["expires_at"]) == (g.SEVEN_FORTY, g.SEVEN_FORTY + 7 * 86_400)
    assert body["names"] == {"door": "一车间东门", "site": "厂区", "enterprise": "长乐织造有限公司", "town": ""}
    people = body["people"]
    assert people["id"] == [Pseudonym.objects.get(worker=worker).value for worker in (first, second)]
    assert people["name"] == [personal.masked_name("王小明"), personal.masked_name("陈静")]
    assert (people["initials"], people["badge"], people["phone"]) == (["wxm", "cj"], ["A1", "A2"], ["3317", ""])
    assert [body["places"][place] for place in people["place"]] == ["一车间", "一车间"]
    assert people["steps"][0][0] is None
    (force,) = body["forces"]
    assert (force["end"], force["rules"]["second_measurement"]) == (None, 600)
    assert {"name", "on_the_spot", "ask", "say"} == set(force["requirements"][0])
    assert body["visit"]["forces"][0]["rules"] == force["rules"]
    kid, signature = answer["Fugong-Signature"].split(" ")
    (key,) = body["keys"]
    assert kid == key["kid"]
    assert ES256.verify(key, answer.content, from_base64url(signature))
    assert not ES256.verify(key, answer.content + b" ", from_base64url(signature))


def test_whose_data_a_device_was_given_is_noted_once_and_nobodys_when_nothing_changed(plant, own):
    workers = g.hire(plant, "王小明", "陈静", "林芳")
    held = ask(own, plant).json()
    (entry,) = Entry.objects.filter(action="read")
    assert set(entry.subjects) == set(workers)
    g.survey(workers[1])
    delta = ask(own, plant, held).json()
    assert len(delta["people"]["id"]) == 1
    assert list(Entry.objects.filter(action="read").order_by("id").last().subjects) == [workers[1]]
    for _minute in range(3):
        held = ask(own, plant, delta).json()
        assert not held["people"]["id"]
    assert Entry.objects.filter(action="read").count() == 2


def test_the_tag_stays_while_nothing_changes(plant, own):
    (worker,) = g.hire(plant, "王小明")
    tag = ask(own, plant)["ETag"]
    again = ask(own, plant, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    g.survey(worker)
    assert ask(own, plant, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_it_is_packed_for_whoever_unpacks_it(plant, own):
    g.hire(plant, "王小明")
    answer = ask(own, plant, HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip"
    body = json.loads(gzip.decompress(answer.content))
    _kid, signature = answer["Fugong-Signature"].split(" ")
    assert ES256.verify(body["keys"][0], gzip.decompress(answer.content), from_base64url(signature))


def test_another_lineage_or_a_number_from_the_future_gets_everything(plant, own):
    g.hire(plant, "王小明")
    held = ask(own, plant).json()
    assert ask(own, plant, held | {"lineage": "another"}).json()["since"] is None
    assert ask(own, plant, held | {"number": held["number"] + 10**6}).json()["since"] is None
    assert ask(own, plant, held).json()["since"] == held["number"]


def test_what_was_in_flight_comes_with_the_next_delta(plant, own):
    """A transaction that began before a snapshot and ended after it is older by its number, and still not missed."""
    import threading

    from django.db import connection, transaction

    import databases

    (worker,) = g.hire(plant, "王小明")
    written, go_on = threading.Event(), threading.Event()

    def slow():
        databases.as_system(connection)
        with transaction.atomic():
            Worker.objects.filter(pk=worker).update(phone_tail="4711")
            written.set()
            assert go_on.wait(30)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(30)
    held = ask(own, plant).json()
    later = ask(own, plant, held).json()
    go_on.set()
    thread.join()
    assert held["people"]["phone"] == [""]
    assert ask(own, plant, later).json()["people"]["phone"] == ["4711"]


def test_guards_pins_go_to_devices_only(plant, own):
    guard = g.user("guard", "guard", plant.id)
    away = g.user("away", "guard", plant.id)
    for user in (guard, away):
        GuardPin.objects.create(user=user, salt=b"salt", iterations=200_000, digest=b"digest", set_at=g.BEFORE)
    away.is_active = False
    away.save(update_fields=["is_active"])
    held = ask(own, plant).json()
    assert held["guards"] == [
        {"id": str(guard.pk), "name": "guard", "salt": b64(b"salt"), "iterations": 200_000, "pin": b64(b"digest")}
    ]
    own.client.force_login(guard)
    assert own.client.get(f"/api/v1/doors/{plant.door.pk}/snapshot").json()["guards"] == []
    own.client.logout()
    GuardPin.objects.filter(user=guard).delete()
    assert ask(own, plant, held).json()["guards"] == []
    assert "guards" not in ask(own, plant, ask(own, plant, held).json()).json()


def test_after_a_rotation_a_device_believes_by_the_key_that_it_knows(plant, own):
    held = ask(own, plant).json()
    keys.rotate(now=g.SEVEN_FORTY)
    answer = ask(own, plant, held)
    signatures = dict(one.split(" ") for one in answer["Fugong-Signature"].split(", "))
    old = held["keys"][0]
    assert ES256.verify(old, answer.content, from_base64url(signatures[old["kid"]]))
    assert answer.json()["keys"][0]["kid"] in signatures


def test_applying_deltas_leads_to_what_a_new_snapshot_says(plant, own):
    """A hundred random changes of every kind; after each few of them the device asks what has changed."""
    chosen = random.Random(20200309)
    workers = g.hire(plant, *("王小明", "陈静", "林芳", "黄国栋", "张海燕", "李丽", "吴文博", "刘晓芳"))
    g.survey(*workers[:5])
    kid = keys.in_use(now=g.SEVEN_FORTY).kid

    def fact(kind, values):
        one = NewFact(chosen.choice(workers), kind, g.SEVEN_FORTY - chosen.randrange(3600), values)
        ledger.append(facts=[one], source="test", evidence="a paper", now=g.SEVEN_FORTY)

    def hired():
        workers.extend(g.hire(plant, f"新人{len(workers)}", badge=f"N{len(workers)}-"))

    def left():
        Employment.objects.filter(worker=chosen.choice(workers)).update(active=chosen.random() < 0.5)

    def renamed():
        Worker.objects.filter(pk=chosen.choice(workers)).update(phone_tail=f"{chosen.randrange(10_000):04d}")

    def guarded():
        user = g.user(f"guard{secrets.token_hex(3)}", "guard", plant.id)
        GuardPin.objects.create(user=user, salt=b"s", iterations=1, digest=secrets.token_bytes(8), set_at=1)

    changes = [
        lambda: fact("temperature", {"celsius": chosen.choice((36.4, 38.2)), "place": "door"}),
        lambda: fact("register", {"well": chosen.random() < 0.8}),
        lambda: fact("survey", {"whereabouts": "local", "test_required": False, "well": True}),
        hired, left, left, renamed, guarded,
        lambda: Arrangement.objects.update_or_create(site_id=plant.door.site_id, defaults={"place": str(chosen.random())}),
        lambda: Pass.objects.create(
            id=secrets.token_urlsafe(8)[:11], worker_id=chosen.choice(workers), kind="badge",
            key=SigningKey.objects.get(pk=kid), issued_at=1, revoked_at=2,
        ),
        lambda: keys.rotate(now=g.SEVEN_FORTY),
    ]  # fmt: skip
    held = ask(own, plant).json()
    deltas = 0
    for _turn in range(33):
        for _change in range(chosen.randrange(4)):
            chosen.choice(changes)()
        delta = ask(own, plant, held).json()
        deltas += delta["since"] is not None
        held = applied(held, delta)
        assert meant(held) == meant(ask(own, plant).json())
    assert deltas == 33


def test_numbers_mean_something_within_one_database_only():
    at = lineage.here()
    assert at.lineage == lineage.here().lineage
    assert at.number <= lineage.here().number
    assert uuid7().hex not in at.lineage
