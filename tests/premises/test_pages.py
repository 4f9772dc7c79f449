"""The register's pages without a browser: all well except …, corrections, undo, one's own, and whose list it is."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import gatehouse as g
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import about
from fugong.ledger.services import NewFact

pytestmark = pytest.mark.django_db


class Watch:
    """The clock of the pages, whose hands a test sets."""

    moment = g.clock("07:20")

    def __call__(self):
        return self.moment


@pytest.fixture
def watch(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(clock, "now", watch)
    return watch


@pytest.fixture
def plant(watch):
    g.adopt()
    return g.plant()


@pytest.fixture
def crew(plant):
    workers = g.hire(plant, "王小明", "陈静", "林芳") + g.hire(plant, "黄伟", workshop="二车间", badge="B")
    g.survey(*workers)
    return workers


def signed_in(role, scope=None, language="en"):
    client = Client()
    client.force_login(g.user(role, role, scope))
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def leader(plant):
    return signed_in("line_leader", plant.id)


def path(plant, rest=""):
    return f"/enterprises/{plant.id}/register/{rest}"


def text(answer):
    return " ".join(answer.content.decode().split())


def fill(client, plant, query="", *, untick=(), follow=True, **more):
    """Open the list, untick some, say more, and file it."""
    page = text(client.get(path(plant, query)))
    fields = dict(re.findall(r'type="hidden" name="(batch|listed|workshop)" value="([^"]*)"', page))
    ticked = [key for key in re.findall(r'name="well" value="([^"]+)"', page) if key not in map(str, untick)]
    return client.post(path(plant), {**fields, "well": ticked, **more}, follow=follow)


def registers(worker):
    return [fact.values for fact in about([worker]).filter(kind="register").order_by("start", "recorded_at")]


def test_everybody_is_filed_as_well_with_one_submit(leader, plant, crew):
    answer = fill(leader, plant)
    assert "Filed 4 registers: 4 well, 0 not well." in text(answer)
    assert [registers(worker) for worker in crew] == [[{"well": True, "filed_by": "line_leader"}]] * 4
    assert "Everybody on this list is registered today." in text(answer)


def test_all_well_except(leader, plant, crew):
    ill, absent = crew[1], crew[2]
    answer = fill(
        leader, plant, untick=(ill, absent), **{
            f"state-{ill}": "unwell", f"celsius-{ill}": "37.9", f"symptom-{ill}": ["cough", "fatigue", "nonsense"],
            f"state-{absent}": "absent",
        },
    )  # fmt: skip
    assert "Filed 3 registers: 2 well, 1 not well." in text(answer)
    assert registers(ill) == [
        {"well": False, "celsius": 37.9, "symptoms": ["cough", "fatigue"], "filed_by": "line_leader"}
    ]
    assert registers(absent) == []


def test_who_is_only_unticked_is_not_well(leader, plant, crew):
    fill(leader, plant, untick=crew[:1])
    assert registers(crew[0]) == [{"well": False, "filed_by": "line_leader"}]


def test_a_workshop_at_a_time(leader, plant, crew):
    fill(leader, plant, "?workshop=二车间")
    assert [len(registers(worker)) for worker in crew] == [0, 0, 0, 1]


def test_a_large_enterprise_begins_with_one_workshop_and_shows_all_when_asked(leader, plant, crew):
    g.hire(plant, *(f"工人{i}" for i in range(400)), workshop="三车间", badge="C")
    assert text(leader.get(path(plant))).count('name="well"') == 3
    assert text(leader.get(path(plant, "?workshop=*"))).count('name="well"') == 404
    assert text(leader.get(path(plant, "?workshop=三车间"))).count('name="well"') == 400


def test_the_same_form_sent_twice_stores_once(leader, plant, crew):
    page = text(leader.get(path(plant)))
    fields = dict(re.findall(r'type="hidden" name="(batch|listed|workshop)" value="([^"]*)"', page))
    given = {**fields, "well": [str(worker) for worker in crew]}
    for _ in range(2):
        answer = leader.post(path(plant), given, follow=True)
        assert "Filed 4 registers: 4 well, 0 not well." in text(answer)
    assert Fact.objects.filter(kind="register").count() == 4


def test_who_is_registered_already_is_marked_and_left_alone(leader, plant, crew, watch):
    g.register(crew[0], g.clock("07:12"))
    page = text(leader.get(path(plant)))
    assert "1 already registered today" in page
    assert page.count('name="well"') == 3
    fill(leader, plant)
    assert len(registers(crew[0])) == 1


def test_a_register_is_corrected_and_not_doubled(leader, plant, crew):
    fill(leader, plant)
    fact = about([crew[0]]).get(kind="register")
    slot = text(leader.get(path(plant, f"{crew[0]}/?corrects={fact.pk}")))
    assert f'name="corrects-{crew[0]}" value="{fact.pk}"' in slot
    said = {f"corrects-{crew[0]}": str(fact.pk), f"state-{crew[0]}": "unwell", f"symptom-{crew[0]}": ["cough"]}
    answer = fill(leader, plant, **said)
    assert "Filed 1 registers: 0 well, 1 not well." in text(answer)
    assert registers(crew[0]) == [{"well": False, "symptoms": ["cough"], "filed_by": "line_leader"}]
    assert len(registers(crew[1])) == 1


def test_a_wrong_temperature_is_marked_in_its_line_and_nothing_is_filed(leader, plant, crew):
    answer = fill(
        leader, plant, untick=crew[:2],
        **{f"celsius-{crew[0]}": "367", f"symptom-{crew[0]}": ["cough"], f"state-{crew[1]}": "absent"},
    )  # fmt: skip
    said = text(answer)
    assert answer.status_code == 422
    assert "Nothing was filed: 1 line is wrong." in said
    assert "367 ℃ cannot be" in said
    assert f'name="celsius-{crew[0]}" value="367"' in said
    assert f'name="symptom-{crew[0]}" value="cough" checked' in said
    assert f'name="state-{crew[1]}" value="absent" id="absent-{crew[1]}" checked' in said
    assert said.count('name="well"') == 4
    assert len(re.findall(r'name="well" value="[^"]+" id="[^"]+" checked', said)) == 2
    assert not Fact.objects.filter(kind="register").exists()


def test_a_list_can_be_undone_for_ten_minutes(leader, plant, crew, watch):
    filed = text(fill(leader, plant))
    batch = re.search(r'undo/"> ?<input[^>]*> ?<input type="hidden" name="batch" value="([^"]+)"', filed)[1]
    watch.moment += 600
    answer = leader.post(path(plant, "undo/"), {"batch": batch}, follow=True)
    assert "Taken back: 4 registers." in text(answer)
    assert [registers(worker) for worker in crew] == [[]] * 4
    assert "Taken back: 0 registers." in text(leader.post(path(plant, "undo/"), {"batch": batch}, follow=True))


def test_after_ten_minutes_it_cannot(leader, plant, crew, watch):
    answer = fill(leader, plant)
    batch = answer.redirect_chain[0][0].split("filed=")[1].split("&")[0]
    watch.moment += 601
    assert "Undo" not in text(leader.get(answer.redirect_chain[0][0]))
    assert "within ten minutes" in text(leader.post(path(plant, "undo/"), {"batch": batch}, follow=True))
    assert len(registers(crew[0])) == 1


def test_a_list_of_which_nobody_is_here_says_so(leader, plant, crew):
    answer = fill(leader, plant, untick=crew, **{f"state-{worker}": "absent" for worker in crew})
    assert "Nobody was registered" in text(answer)
    assert not Fact.objects.filter(kind="register").exists()


def test_after_local_midnight_the_list_is_a_new_one(leader, plant, crew, watch):
    watch.moment = g.clock("23:58")
    fill(leader, plant)
    assert 'name="well"' not in text(leader.get(path(plant)))
    watch.moment = g.clock("00:01", 1)
    assert text(leader.get(path(plant))).count('name="well"') == 4


def test_another_enterprises_list_does_not_exist(leader, plant, crew):
    other = g.plant("dye", "别家印染有限公司")
    (stranger,) = g.hire(other, "李四")
    assert leader.get(path(other)).status_code == 404
    assert leader.post(path(other), {"batch": str(uuid7()), "listed": str(stranger)}).status_code == 404
    assert leader.get(path(other, f"{stranger}/")).status_code == 404
    assert leader.get(path(plant, f"{stranger}/")).status_code == 404
    assert leader.post(path(other, "undo/"), {"batch": str(uuid7())}).status_code == 404
    leader.post(path(plant), {"batch": str(uuid7()), "listed": str(stranger), "well": str(stranger)})
    assert not Fact.objects.filter(kind="register").exists()


def test_who_may_not_register_is_refused(plant, crew):
    assert Client().get(path(plant)).status_code == 302
    assert signed_in("guard", plant.id).get(path(plant)).status_code == 403
    assert signed_in("town_administrator").get(path(plant)).status_code == 200
    assert signed_in("bureau_reader").get("/me/register/").status_code == 403


def test_the_list_makes_as_many_queries_for_three_hundred_as_for_three(leader, plant, crew):
    g.hire(plant, *(f"工人{i}" for i in range(300)), workshop="三车间", badge="C")
    for worker in crew[:2]:
        g.register(worker, g.clock("07:00"))
    leader.get(path(plant))
    counts = []
    for workshop in ("一车间", "三车间"):
        with CaptureQueriesContext(connection) as captured:
            assert leader.get(path(plant, f"?workshop={workshop}")).status_code == 200
        # Who acts is told to the transaction, and a test's savepoint stands for it: those are no reads.
        counts.append(sum("SAVEPOINT" not in one["sql"] and "set_config" not in one["sql"] for one in captured))
    assert counts[0] == counts[1] <= 9  # one of them is the entry in the audit


# one's own


@pytest.fixture
def me(plant, crew):
    return signed_in("worker", crew[0])


def own(client, **more):
    number = re.search(r'name="id" value="([^"]+)"', text(client.get("/me/register/")))[1]
    return client.post("/me/register/", {"id": number, "state": "well", "celsius": "", **more}, follow=True)


def test_one_tap_registers_until_ten_tomorrow(me, crew):
    assert "How are you today?" in text(me.get("/me/register/"))
    answer = text(own(me))
    assert re.search(r"Registered until 10 Mar( 2020)? 10:00\.", answer)
    assert "You may enter as long as that." in answer
    assert registers(crew[0]) == [{"well": True, "filed_by": "worker"}]


def test_the_same_tap_twice_stores_once(me, crew):
    number = str(uuid7())
    own(me, id=number)
    own(me, id=number)
    assert len(registers(crew[0])) == 1


def test_not_well_with_what_it_is(me, crew):
    answer = text(own(me, state="unwell", celsius="３７。８", symptom=["cough"], fever_reducers="yes"))
    assert registers(crew[0]) == [
        {"well": False, "celsius": 37.8, "symptoms": ["cough"], "fever_reducers": True, "filed_by": "worker"}
    ]
    assert "You may not enter yet" in answer
    assert "See a doctor" in answer


@pytest.mark.parametrize(("typed", "says"), [("367", "367 ℃ cannot be"), ("hot", "“hot” is no temperature")])
def test_a_wrong_temperature_is_said_and_nothing_is_filed(me, crew, typed, says):
    answer = own(me, celsius=typed)
    assert answer.status_code == 422
    assert says in text(answer)
    assert f'value="{typed}"' in text(answer)
    assert registers(crew[0]) == []


def test_something_else_s_id_is_refused(me, crew):
    g.register(crew[1], g.clock("07:00"))
    other = about([crew[1]]).get(kind="register").pk
    assert "belongs to something else" in text(own(me, id=str(other)))
    assert me.post("/me/register/", {"id": "nonsense", "state": "well"}).status_code == 404
    assert me.post("/me/register/", {"id": str(uuid4()), "state": "healthy?"}).status_code == 422
    assert registers(crew[0]) == []


def test_who_lacks_more_than_the_register_reads_all_of_it(plant, crew):
    (newcomer,) = g.hire(plant, "新来", badge="N")
    answer = text(own(signed_in("worker", newcomer)))
    assert "Nobody has surveyed you yet." in answer
    assert "Ask your enterprise or the service team" in answer


def test_without_rules_in_force_the_register_is_still_filed(watch):
    plant = g.plant()
    (worker,) = g.hire(plant, "王小明")
    answer = text(own(signed_in("worker", worker)))
    assert "No entry rules are in force yet." in answer
    assert len(registers(worker)) == 1


# who is not back yet


def away(worker, where="away", at=g.BEFORE + 60):
    values = {"whereabouts": where, "test_required": True}
    ledger.append(facts=[NewFact(worker, "survey", at, values)], source="test", evidence="a paper", now=at)


def arrive(worker, at):
    ledger.append(facts=[NewFact(worker, "arrival", at, {"mode": "bus"})], source="test", evidence="a paper", now=at)


def test_who_is_not_back_stands_apart_and_is_not_filed_by_the_one_tap(leader, plant, crew):
    arrive(crew[0], g.BEFORE)
    for worker, where in zip(crew, ("away", "returning", "away"), strict=False):
        away(worker, where)
    arrive(crew[2], g.clock("06:00"))
    page = text(leader.get(path(plant)))
    assert "Not back yet: 2" in page
    assert re.findall(r'class="reg-well is-away"[^>]*value="([^"]+)"[^>]*>', page) == [str(crew[1]), str(crew[0])]
    assert not re.search(r'class="reg-well is-away"[^>]* checked', page)
    listed = re.search(r'name="listed" value="([^"]*)"', page)[1].split(",")
    assert sorted(listed) == sorted(map(str, crew[2:]))
    answer = fill(leader, plant, untick=crew[:2])
    assert "Filed 2 registers: 2 well, 0 not well." in text(answer)
    assert [len(registers(worker)) for worker in crew] == [0, 0, 1, 1]
    assert "Everybody who is back is registered today." in text(answer)


def test_who_is_here_after_all_is_ticked_or_opened_singly(leader, plant, crew):
    for worker in crew[:2]:
        away(worker)
    said = {f"state-{crew[1]}": "unwell", f"celsius-{crew[1]}": "37.9"}
    answer = fill(leader, plant, untick=crew[1:2], **said)
    assert "Filed 4 registers: 3 well, 1 not well." in text(answer)
    assert registers(crew[0]) == [{"well": True, "filed_by": "line_leader"}]
    assert registers(crew[1]) == [{"well": False, "celsius": 37.9, "filed_by": "line_leader"}]


def test_a_wrong_line_of_one_who_is_not_back_is_shown_again(leader, plant, crew):
    for worker in crew[:2]:
        away(worker)
    answer = fill(leader, plant, untick=crew[1:2], **{f"state-{crew[1]}": "unwell", f"celsius-{crew[1]}": "367"})
    said = text(answer)
    assert answer.status_code == 422
    assert f'name="celsius-{crew[1]}" value="367"' in said
    assert re.findall(r'is-away"[^>]*value="([^"]+)"[^>]* checked', said) == [str(crew[0])]
    assert not Fact.objects.filter(kind="register").exists()


def test_a_temperature_typed_before_somebody_was_said_to_be_absent_hinders_nobody(leader, plant, crew):
    answer = fill(leader, plant, untick=crew[:1], **{f"state-{crew[0]}": "absent", f"celsius-{crew[0]}": "367"})
    assert "Filed 3 registers: 3 well, 0 not well." in text(answer)


def test_there_is_nothing_to_file_when_everybody_is_registered_until_a_line_is_opened(leader, plant, crew):
    button = re.compile(r'<button [^>]*id="file-register"[^>]*>')
    assert "disabled" not in button.search(text(leader.get(path(plant))))[0]
    assert "disabled" in button.search(text(fill(leader, plant)))[0]
    fact = about([crew[0]]).get(kind="register")
    opened = button.search(text(leader.get(path(plant, f"{crew[0]}/?corrects={fact.pk}"))))[0]
    assert "hx-swap-oob" in opened
    assert "disabled" not in opened
