"""The door's pages without a browser: scope, forms, double submits, languages, and what they never show."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import gatehouse as g
from fugong.base.ids import uuid7
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact, append
from fugong.registry import services as registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(plant):
    (worker,) = g.hire(plant, "王小明", phones=("13950203317",))
    g.survey(worker)
    g.register(worker, g.clock("07:20", -1))
    return worker


def scan(client, plant, typed, rest=""):
    return client.post(path(plant, rest), {"q": typed})


def signed_in(role, scope=None, language="en"):
    client = Client()
    client.force_login(g.user(role, role, scope))
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def guard(plant):
    return signed_in("guard", plant.id)


def path(plant, rest=""):
    return f"/doors/{plant.door.pk}/{rest}"


def form(**more):
    return {"check": str(uuid7()), "direction": "in", "key": "36.5", "mask": "yes", "gloves": "yes", **more}


def check(client, plant, worker, **more):
    return client.post(path(plant, f"workers/{worker}/check/"), form(**more), follow=True)


def text(answer):
    return " ".join(answer.content.decode().split())


def verdict(answer):
    return re.sub(r'value="[^"]*"', "", text(answer).partition('<div id="door"')[2])


def test_a_check_ends_on_its_own_address(guard, plant, worker):
    number = uuid7()
    answer = check(guard, plant, worker, check=str(number))
    assert answer.redirect_chain == [(path(plant, f"checks/{number}/"), 302)]
    assert "Go in" in text(answer)
    assert "王 * 明" in text(answer)
    assert "小" not in text(answer).replace("最小", "")


def test_the_same_form_sent_twice_shows_the_same_answer_and_stores_once(guard, plant, worker):
    number = str(uuid7())
    first = check(guard, plant, worker, check=number)
    stored = Fact.objects.count()
    again = check(guard, plant, worker, check=number, key="", celsius="39")
    assert verdict(again) == verdict(first)
    assert Fact.objects.count() == stored


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"key": "", "celsius": "367"}, "367 ℃ cannot be"),
        ({"key": "", "celsius": "warm"}, "“warm” is no temperature"),
        ({"key": "", "celsius": ""}, "Take the temperature and key it in."),
        ({"key": "36.5", "celsius": "38.1"}, "Two temperatures"),
        ({"key": "", "celsius": "nan"}, "cannot be"),
    ],
)
def test_what_is_keyed_in_wrongly_is_said_and_nothing_is_stored(guard, plant, worker, typed, says):
    stored = Fact.objects.count()
    answer = check(guard, plant, worker, **typed)
    assert answer.status_code == 422
    assert says in text(answer)
    assert f'value="{typed["celsius"]}"' in text(answer)
    assert Fact.objects.count() == stored


@pytest.mark.parametrize("typed", ["３６．６", "36,6", "36.6℃", " 36.6 ", "36。6"])
def test_a_temperature_as_people_type_it(guard, plant, worker, typed):
    assert "36.6 ℃" in text(check(guard, plant, worker, key="", celsius=typed))


def test_a_missing_register_is_asked_before_anything_is_stored(guard, plant):
    (worker,) = g.hire(plant, "陈静", badge="B")
    g.survey(worker)
    stored = Fact.objects.count()
    asked = check(guard, plant, worker)
    assert "Today&#x27;s register is missing" in text(asked)
    assert Fact.objects.count() == stored
    assert "Go in" in text(check(guard, plant, worker, well="yes"))
    assert "Please go to the health point." in text(check(guard, plant, worker, well="no"))


def test_no_page_of_a_door_says_what_ails_somebody(guard, plant, worker):
    append(
        facts=[
            NewFact(worker, "diagnosis", g.BEFORE, {"finding": "confirmed"}),
            NewFact(worker, "symptom", g.BEFORE, {"name": "fever"}),
        ],
        source="test",
        evidence="a paper",
        now=g.SEVEN_FORTY,
    )  # fmt: skip
    for answer in (
        scan(guard, plant, "A1"),
        scan(guard, plant, "wxm", "found/"),
        check(guard, plant, worker, key="", celsius="38.8"),
    ):
        said = text(answer)
        assert not [
            word
            for word in ("confirmed", "infection", "symptom", "fever", "38.8")
            if re.search(rf"\b{word}", said.lower())
        ]
    assert "Please go to the health point" in said


def test_another_enterprises_door_worker_or_check_does_not_exist(guard, plant, worker):
    other = g.plant("dye", "别家印染有限公司")
    (stranger,) = g.hire(other, "李四")
    theirs = check(signed_in("town_administrator"), other, stranger, well="yes")
    number = theirs.redirect_chain[0][0].rstrip("/").rsplit("/", 1)[-1]
    for address in (
        path(other), path(other, f"workers/{stranger}/"), path(other, f"checks/{number}/"),
        path(plant, f"workers/{stranger}/"), path(plant, f"checks/{number}/"), path(plant, f"checks/{uuid4()}/"),
        f"/doors/{uuid4()}/",
    ):  # fmt: skip
        assert guard.get(address).status_code == 404, address
    assert {scan(guard, other, "l").status_code, scan(guard, other, "l", "found/").status_code} == {404}
    stored = Fact.objects.count()
    for address in (path(other, f"workers/{stranger}/check/"), path(plant, f"workers/{stranger}/check/")):
        assert guard.post(address, form()).status_code == 404
    assert guard.post(path(plant, f"checks/{number}/undo/")).status_code == 404
    assert Fact.objects.count() == stored
    assert "别家" not in guard.get("/doors/").content.decode()


def test_a_stranger_and_a_number_that_nobody_has_get_one_page(guard, plant):
    """Status, sentence and all: what a door says tells nothing of who is employed elsewhere."""
    (elsewhere,) = g.hire(g.plant("dye", "别家印染有限公司"), "李四")
    stored = Fact.objects.count()
    for htmx in ({}, {"HX-Request": "true"}):
        pages = set()
        for worker in (elsewhere, uuid4()):
            asked = guard.get(path(plant, f"workers/{worker}/"), headers=htmx)
            tried = guard.post(path(plant, f"workers/{worker}/check/"), form(), headers=htmx)
            for answer in (asked, tried):
                assert "Not on this door&#x27;s list" in text(answer)
                pages.add((answer.status_code, verdict(answer)))
        assert len(pages) == 1
    found = {text(scan(guard, plant, typed)).replace(typed, "") for typed in (str(elsewhere), str(uuid4()))}
    assert len({re.sub(r"[A-Za-z0-9]{64}", "", page) for page in found}) == 1
    assert Fact.objects.count() == stored


def test_a_device_sees_the_doors_of_its_site_and_checks_there(plant, worker):
    site = registry.add_site(name="北厂区", enterprise=plant.enterprise)
    other = registry.add_door(site=site, name="北门")
    device = signed_in("door_device", plant.door.site_id)
    listed = device.get("/doors/").content.decode()
    assert "一车间东门" in listed
    assert "北门" not in listed
    assert device.get(f"/doors/{other.pk}/").status_code == 404
    assert "Go in" in text(check(device, plant, worker))


def test_who_may_not_check_is_refused(plant, worker):
    assert Client().get(path(plant)).status_code == 302
    for role in ("line_leader", "enterprise_clerk"):
        assert signed_in(role, plant.id).get(path(plant)).status_code == 403
    assert signed_in("worker", worker).get("/doors/").status_code == 403


def test_htmx_gets_only_the_stage(guard, plant, worker):
    answer = guard.post(path(plant), {"q": "A1"}, headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<div id="door"')
    wrong = guard.post(
        path(plant, f"workers/{worker}/check/"), form(key="", celsius="367"), headers={"HX-Request": "true"}
    )
    assert wrong.status_code == 200
    assert "367 ℃ cannot be" in text(wrong)


def test_a_scan_that_means_one_person_leads_to_the_check_and_several_to_a_list(guard, plant, worker):
    g.hire(plant, *(f"王{name}" for name in "甲乙丙丁戊己庚辛壬癸"), badge="A1")
    assert 'name="check"' in text(scan(guard, plant, "A1"))
    assert verdict(scan(guard, plant, "王")).count("<li>") == 11
    assert "Nobody on this door's list is found by “zz”." in text(scan(guard, plant, "zz"))


def test_an_undone_check_leads_back_to_the_worker(guard, plant, worker):
    number = uuid7()
    check(guard, plant, worker, check=str(number), key="", celsius="39.5")
    answer = guard.post(path(plant, f"checks/{number}/undo/"))
    assert "Taken back. Check again." in text(answer)
    assert "Undo" not in text(guard.get(path(plant, f"checks/{number}/")))


def test_a_list_makes_as_many_queries_for_twelve_as_for_one(guard, plant, worker):
    g.hire(plant, *["陈静"] * 12, badge="B")
    guard.get(path(plant))
    counts = []
    for typed in ("A", "B"):
        with CaptureQueriesContext(connection) as captured:
            assert scan(guard, plant, typed, "found/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_pages_are_in_chinese_first(plant, worker):
    said = text(check(signed_in("guard", plant.id, language="zh-hans"), plant, worker))
    assert "可以进入" in said
    assert "至 2020年3月9日 10:00" in said or "至 3月9日 10:00" in said
