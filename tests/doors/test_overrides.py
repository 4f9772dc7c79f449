"""Letting a refused worker in: a fact with a reason, once, by those who may; counted; and it changes no clearance."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

import gatehouse as g
from fugong.base.ids import uuid7
from fugong.clearance.models import Clearance
from fugong.doors import overrides, services
from fugong.doors.errors import DoorError
from fugong.ledger.kind import FactError
from fugong.ledger.kinds import OVERRIDE_REASONS
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def worker(plant):
    """Surveyed, not registered: the door refuses."""
    (worker,) = g.hire(plant, "王小明")
    g.survey(worker)
    return worker


@pytest.fixture
def keeper(plant):
    return g.user("guard", "guard", plant.id)


def signed_in(user, language="en"):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def guard(keeper):
    return signed_in(keeper)


def refused(plant, worker, now=g.SEVEN_FORTY, actor=None):
    decision = services.check(
        door=plant.door.pk, worker=worker, direction="in", celsius=36.5, mask=True, gloves=True, now=now, actor=actor
    )
    assert not decision.passed
    return decision.id


def address(plant, check, rest="override/"):
    return f"/doors/{plant.door.pk}/checks/{check}/{rest}"


def text(answer):
    return " ".join(answer.content.decode().split())


def clearances():
    return list(Clearance.objects.order_by("pk").values("worker_id", "permission", "starts", "ends"))


def stored():
    return list(standing().filter(kind="door_override"))


def let_in(plant, worker, keeper, now, reason="rescue"):
    check = refused(plant, worker, now, keeper.pk)
    return services.override(check=check, reason=reason, now=now, actor=keeper.pk)


def test_two_steps_let_somebody_in_and_no_clearance_changes(guard, keeper, plant, worker):
    check = refused(plant, worker)
    before = clearances()
    assert before
    assert "Let in all the same…" in text(guard.get(address(plant, check, "")))
    assert "Why?" in text(guard.get(address(plant, check)))
    sure = guard.post(address(plant, check), {"reason": "medical_emergency", "words": "收缩压 200"})
    assert "on your own responsibility" in text(sure)
    assert stored() == []
    done = guard.post(
        address(plant, check), {"reason": "medical_emergency", "words": "收缩压 200", "sure": "yes"}, follow=True
    )
    assert done.redirect_chain == [(address(plant, check, ""), 302)]
    assert "medical emergency" in text(done)
    (fact,) = stored()
    assert fact.values == {
        "door": str(plant.door.pk), "direction": "in", "reason": "medical_emergency", "words": "收缩压 200",
        "check": str(check),
    }  # fmt: skip
    assert (fact.subject_id, fact.actor_id, fact.start) == (worker, keeper.pk, g.SEVEN_FORTY)
    assert clearances() == before
    assert not services.queries.decision(check).passed
    assert refused(plant, worker, g.SEVEN_FORTY + 60) != check


def test_sent_twice_it_is_stored_once_and_the_first_reason_stands(guard, keeper, plant, worker):
    check = refused(plant, worker)
    for reason in ("rescue", "rescue", "inspection"):
        answer = guard.post(address(plant, check), {"reason": reason, "sure": "yes"}, follow=True)
        assert "rescue or repair" in text(answer)
    assert [fact.values["reason"] for fact in stored()] == ["rescue"]
    assert services.override(check=check, reason="inspection", now=g.SEVEN_FORTY, actor=keeper.pk).reason == "rescue"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Choose why."),
        ({"reason": "friend"}, "Choose why."),
        ({"reason": "other"}, "Say in words why."),
        ({"reason": "other", "words": "  "}, "Say in words why."),
        ({"reason": "rescue", "words": "长" * 201}, "At most 200 characters."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_stored(guard, plant, worker, typed, says):
    check = refused(plant, worker)
    for sure in ({}, {"sure": "yes"}):
        answer = guard.post(address(plant, check), typed | sure)
        assert answer.status_code == 422
        assert says in text(answer)
    assert stored() == []


def test_the_ledger_itself_wants_words_for_another_reason(keeper, plant, worker):
    check = refused(plant, worker)
    for reason, code in (("other", "fact.override_without_words"), ("friend", "fact.wrong_value")):
        with pytest.raises(FactError) as caught:
            services.override(check=check, reason=reason, now=g.SEVEN_FORTY, actor=keeper.pk)
        assert caught.value.code == code
    assert services.override(check=check, reason="other", words="消防演习", now=g.SEVEN_FORTY, actor=keeper.pk).words


def test_only_a_fresh_refusal_that_stands_is_overridden(keeper, plant, worker):
    check = refused(plant, worker)
    with pytest.raises(DoorError) as caught:
        services.override(check=check, reason="rescue", now=g.SEVEN_FORTY + 901, actor=keeper.pk)
    assert caught.value.code == "door.refused_long_ago"
    services.undo(id=check, reason="mistyped", now=g.SEVEN_FORTY + 5, actor=keeper.pk)
    with pytest.raises(DoorError) as caught:
        services.override(check=check, reason="rescue", now=g.SEVEN_FORTY + 6, actor=keeper.pk)
    assert caught.value.code == "door.taken_back"
    g.register(worker, g.SEVEN_FORTY + 10)
    passed = services.check(
        door=plant.door.pk, worker=worker, direction="in", celsius=36.5, mask=True, gloves=True,
        now=g.SEVEN_FORTY + 20, actor=keeper.pk,
    )  # fmt: skip
    with pytest.raises(DoorError) as caught:
        services.override(check=passed.id, reason="rescue", now=g.SEVEN_FORTY + 21, actor=keeper.pk)
    assert caught.value.code == "door.not_refused"
    with pytest.raises(DoorError) as caught:
        services.override(check=uuid7(), reason="rescue", now=g.SEVEN_FORTY, actor=keeper.pk)
    assert caught.value.code == "door.unknown_check"
    assert stored() == []


def test_a_check_against_which_somebody_was_let_in_cannot_be_taken_back(guard, keeper, plant, worker):
    check = refused(plant, worker)
    services.override(check=check, reason="rescue", now=g.SEVEN_FORTY, actor=keeper.pk)
    with pytest.raises(DoorError) as caught:
        services.undo(id=check, reason="mistyped", now=g.SEVEN_FORTY + 5, actor=keeper.pk)
    assert caught.value.code == "door.overridden"
    page = text(guard.get(address(plant, check, "")))
    assert "Undo" not in page
    assert "Let in all the same…" not in page


def test_who_may_not_is_not_offered_it_and_refused(plant, worker):
    check = refused(plant, worker)
    device = signed_in(g.user("device", "door_device", plant.door.site_id))
    assert "all the same…" not in text(device.get(address(plant, check, "")))
    for role in ("door_device", "line_leader", "enterprise_clerk"):
        scope = plant.door.site_id if role == "door_device" else plant.id
        client = signed_in(g.user(f"no {role}", role, scope))
        for answer in (
            client.get(address(plant, check)),
            client.post(address(plant, check), {"reason": "rescue", "sure": "yes"}),
            client.post(f"/api/v1{address(plant, check, 'override')}", {"reason": "rescue"}, "application/json"),
        ):
            assert answer.status_code == 403, role
    other = g.plant("dye", "别家印染有限公司")
    theirs = signed_in(g.user("theirs", "guard", other.id))
    for door in (plant, other):
        assert theirs.post(address(door, check), {"reason": "rescue", "sure": "yes"}).status_code == 404
    assert stored() == []


def test_a_program_lets_somebody_in_with_the_same_words(guard, plant, worker):
    check = refused(plant, worker)
    url = f"/api/v1{address(plant, check, 'override')}"
    answers = [guard.post(url, {"reason": "other", "words": "救护车"}, "application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    (fact,) = stored()
    assert answers[0].json() == {
        "id": str(fact.pk), "check": str(check), "door": str(plant.door.pk), "worker": str(worker), "direction": "in",
        "reason": "other", "words": "救护车", "at": g.SEVEN_FORTY,
    }  # fmt: skip
    refusals = {
        "fact.override_without_words": {"reason": "other"},
        "invalid": {"reason": "friend"},
    }
    again = refused(plant, worker, g.SEVEN_FORTY - 60)
    for code, payload in refusals.items():
        answer = guard.post(f"/api/v1{address(plant, again, 'override')}", payload, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    for unknown in (uuid7(), uuid4()):
        answer = guard.post(f"/api/v1{address(plant, unknown, 'override')}", {"reason": "rescue"}, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert len(stored()) == 1


def test_the_program_and_the_ledger_know_the_same_reasons():
    from typing import get_args

    from fugong.doors.api import OverrideReason

    assert get_args(OverrideReason) == OVERRIDE_REASONS


def test_they_are_counted_by_guard_and_by_door_and_each_number_opens_its_list(keeper, plant, worker):
    (second,) = g.hire(plant, "陈静", badge="B")
    g.survey(second)
    colleague = g.user("colleague", "guard", plant.id)
    let_in(plant, worker, keeper, g.SEVEN_FORTY - HOUR)
    let_in(plant, second, colleague, g.SEVEN_FORTY - 25 * HOUR)
    let_in(plant, worker, keeper, g.SEVEN_FORTY - 3 * 24 * HOUR)
    let_in(plant, worker, keeper, g.SEVEN_FORTY - 7 * 24 * HOUR)  # a week ago to the second: no longer counted
    counts = overrides.counts(g.SEVEN_FORTY)
    assert (counts.day, counts.week) == (1, 3)
    assert [(one.name, one.day, one.week) for one in counts.guards] == [("guard", 1, 2), ("colleague", 0, 1)]
    assert [(one.name, one.day, one.week) for one in counts.doors] == [("厂区 一车间东门", 1, 3)]
    town = signed_in(g.user("town", "town_administrator"))
    page = town.get("/town/").content.decode()
    links = re.findall(r'<a href="(/doors/overrides/[^"]+)">(.*?)</a>', page)
    assert len(links) == 2 + 3 + 2
    for link, shown in links:
        rows = town.get(link.replace("&amp;", "&")).content.decode().count('data-label="Why"')
        assert rows == int(re.findall(r"\d+", re.sub(r"^.*?: ", "", re.sub(r"<[^>]+>", "", shown)))[-1]), link
    earlier = overrides.counts(g.SEVEN_FORTY - 2 * HOUR)
    assert (earlier.day, earlier.week) == (1, 3)


def test_the_workers_page_shows_it_and_the_list_leads_there(keeper, plant, worker):
    let_in(plant, worker, keeper, g.SEVEN_FORTY)
    town = signed_in(g.user("town", "town_administrator"))
    assert f"/workers/{worker}/" in town.get("/doors/overrides/").content.decode()
    page = text(town.get(f"/workers/{worker}/"))
    assert "override at a door" in page.lower()
    assert "rescue or repair" in page
    (fact,) = stored()
    assert fact.values["check"] not in page


def test_the_file_says_in_words_why_a_door_refused(plant, worker):
    check = refused(plant, worker)
    town = g.user("town", "town_administrator")
    assert Fact.objects.get(pk=check).values["reasons"] == ["registered"]
    pages = [text(signed_in(town, language).get(f"/workers/{worker}/file/")) for language in ("en", "zh-hans")]
    assert "daily register" in pages[0].lower().partition("reasons")[2]
    assert "一日一登记" in pages[1].partition("原因")[2]
    assert not [page for page in pages if ">registered<" in page or " registered " in page]


def test_who_does_not_read_the_town_does_not_read_the_list(guard, plant):
    assert guard.get("/doors/overrides/").status_code == 403


def test_a_word_for_a_door_stated_by_a_program_breaks_no_page(keeper, plant, worker):
    town = signed_in(g.user("town", "town_administrator"))
    payload = [{"subject": str(worker), "at": g.SEVEN_FORTY - 60,
                "values": {"door": "北门", "direction": "in", "reason": "rescue", "check": str(uuid7())}}]  # fmt: skip
    answer = town.post("/api/v1/facts/door_override", payload, "application/json")
    assert [row["status"] for row in answer.json()] == ["added"]
    assert "北门" in town.get("/town/").content.decode()
    assert "北门" in town.get("/doors/overrides/?door=北门").content.decode()
    assert Fact.objects.filter(kind="door_override").count() == 1
