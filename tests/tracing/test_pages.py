"""Pages of contact tracing: the list, the review, what is disinfected, the export, and what a contact reads on their own card."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.test import Client

import builders as b
from fugong.audit.models import Entry
from fugong.base import clock
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.tracing.models import Case, CaseContact, CleaningTask
from tracing import workshop
from tracing.workshop import NOW, facts_of
from web.pages import read
from web.test_languages import data, foreign_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return workshop.workshop()


def signed_in(user, language="en"):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def text(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def do(client, case, asked, /, **given):
    return client.post(f"/cases/{case.pk}/", {"do": asked, **given})


def test_from_the_list_of_positives_to_a_closed_case(here):
    town = signed_in(here.doctor)
    assert "Positive, and no case yet" in text(town.get("/cases/"))
    opened = town.post("/cases/", {"ground": here.ground}, follow=True)
    page = text(opened)
    assert "4 people to be reviewed were found" in page
    for words in (
        "same room (1)",
        "near by in a vehicle (1)",
        "same table in the canteen (1)",
        "same workshop on the same day (1)",
    ):
        assert f"To be reviewed · {words}" in page
    case = Case.objects.get()
    do(town, case, "confirm", contact=here.ids(case, "mate", "roommate"))
    assert len(facts_of("contact")) == 2
    assert "Say why" in text(do(town, case, "dismiss", contact=here.ids(case, "rider")), 422)
    do(town, case, "dismiss", contact=here.ids(case, "rider", "diner"), reason="sat elsewhere")
    do(town, case, "look_again", contact=here.ids(case, "diner"))
    assert "1 people have not been reviewed" in text(do(town, case, "close"), 422)
    do(town, case, "dismiss", contact=here.ids(case, "diner"), reason="sat elsewhere")
    b.sampled(here.workers["mate"], NOW, NOW)
    b.record(
        here.workers["mate"], "observation", NOW - 60, {"site": str(here.house.pk), "room": "205", "bed": "1"}, now=NOW
    )
    page = text(town.get(f"/cases/{case.pk}/"))
    assert "there 205 1" in page
    assert "no bed yet" in page  # the roommate
    nowhere = do(town, case, "add_task", what="room", place="meeting room")
    assert (
        nowhere.status_code == 422 and 'name="place" maxlength="200" value="meeting room"' in nowhere.content.decode()
    )
    looked = Entry.objects.count()
    sought = town.get(f"/cases/{case.pk}/?find={here.plant.name}").content.decode()
    assert f'value="{here.plant.pk}"' in sought and str(here.house.pk) not in sought and "<main" not in sought
    assert Entry.objects.count() == looked  # nobody was looked at
    do(town, case, "add_task", what="room", site=here.plant.pk, place="meeting room")
    for task in case.tasks.all():
        do(town, case, "dismiss_task", task=task.pk, reason="burnt down")
    do(town, case, "close", reason="all done")
    assert "Seek contacts again" not in text(town.get(f"/cases/{case.pk}/"))
    assert "closed" in text(town.get("/cases/"))


def test_a_wrong_result_is_said_and_its_contacts_are_withdrawn(here):
    case, town = here.opened(), signed_in(here.doctor)
    do(town, case, "confirm", contact=here.ids(case, "mate"))
    ledger.correct(fact_id=here.ground, replacement=None, reason="mistyped", source="page", now=NOW, evidence="a paper")
    assert "was taken back or corrected" in text(town.get(f"/cases/{case.pk}/"))
    assert "result taken back" in text(town.get("/cases/"))
    do(town, case, "withdraw", contact=here.ids(case, "mate"), reason="wrong tube")
    assert facts_of("contact") == []
    assert here.contact(case, "mate").reason == "wrong tube"


def test_times_that_the_person_says_find_more(here):
    case, town = here.opened(), signed_in(here.doctor)
    assert "time" in text(do(town, case, "times", since="yesterday"), 422)
    do(town, case, "times", since="2020-03-01T08:00", until="2020-03-09T09:00")
    assert Case.objects.get().since == b.local.at(b.local.date(2020, 3, 1), "08:00")
    assert "Load the page again" in text(do(town, case, "dance"), 422)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_whoever_disinfects_sees_where_and_how_strong_and_nobodys_name(here, language):
    here.opened()
    guard = signed_in(b.user("guard", here.enterprise.pk), language)
    listed = text(guard.get("/disinfections/"))
    assert "闽A12345" in listed
    assert not any(b.name(n) in listed for n in range(6))
    coach = CleaningTask.objects.get(what="vehicle")
    assert "1000" in text(guard.get(f"/disinfections/{coach.pk}/"))
    given = {"agent": "含氯消毒剂", "mg_per_litre": "1,000", "minutes": "20", "by": "张师傅"}
    assert "1000" in text(guard.post(f"/disinfections/{coach.pk}/", given), 422)
    done = guard.post(f"/disinfections/{coach.pk}/", given | {"minutes": "30"}, follow=True)
    assert "含氯消毒剂" in text(done)
    assert CleaningTask.objects.get(pk=coach.pk).state == "done"
    (fact,) = facts_of("disinfection")
    assert (fact.values["mg_per_litre"], fact.actor.role_name) == (1000, "guard")
    assert guard.get("/cases/").status_code == 403
    other = signed_in(b.user("guard", b.enterprise(2, "南山精工有限公司").pk, "other"), language)
    assert other.get(f"/disinfections/{coach.pk}/").status_code == 404


def test_the_list_for_the_disease_control_office_carries_numbers_and_leaves_a_trace(here):
    case, town = here.opened(), signed_in(here.doctor)
    do(town, case, "confirm", contact=here.ids(case, "roommate", "mate"))
    answer = town.get(f"/cases/{case.pk}/contacts.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[1][:4] == ["Name", "Kind of document", "Document number", "Phone"]
    found = {row[0]: row for row in rows[2:]}
    assert set(found) == {b.name(2), b.name(3)}
    roommate = found[b.name(2)]
    assert roommate[1:4] == ["resident identity card", b.resident_number(2), "13000000002"]
    assert roommate[4:7] == [here.enterprise.name, "same room", "职工宿舍 A 栋 301"]
    assert roommate[8] == "职工宿舍 A 栋 301"
    assert found[b.name(3)][8] == "镇前路 1 号"
    entry = Entry.objects.filter(action="read").order_by("-pk").first()
    assert set(entry.subjects) >= {here.workers["roommate"], here.workers["mate"]}
    assert entry.reason == "tracing"


def test_a_contact_reads_in_plain_words_that_they_were_one_and_never_of_whom(here):
    case = here.opened()
    mate = here.workers["mate"]
    own = signed_in(b.user("worker", mate))
    assert "close contact with a case" not in text(own.get("/me/"))
    do(signed_in(here.doctor), case, "confirm", contact=here.ids(case, "mate"))
    page = text(own.get("/me/"))
    assert "You were in close contact with a case" in page
    assert "Stay apart from others for 14 days" in page
    assert b.name(0) not in page
    chinese = text(signed_in(own.get("/me/").wsgi_request.user, "zh-hans").get("/me/"))
    assert "您与病例有过密切接触" in chinese


def test_a_review_that_would_take_too_much_waits(here, settings):
    settings.FUGONG_LOSS_LIMIT = 0
    b.survey(here.workers["mate"])
    b.register(here.workers["mate"], NOW - 3600)
    case, town = here.opened(), signed_in(here.doctor, "zh-hans")
    page = text(town.post(f"/cases/{case.pk}/", {"do": "confirm", "contact": here.ids(case, "mate")}, follow=True))
    assert "待第二人同意后执行" in page
    assert here.contact(case, "mate").state == CaseContact.PROPOSED
    waiting = text(town.get("/waiting/"))
    assert "判定病例的密接" in waiting


def test_a_case_of_many_takes_no_more_queries(here, django_assert_max_num_queries):
    case, town = here.opened(), signed_in(here.doctor)
    more = b.workers(here.enterprise, 30, first=50)
    CaseContact.objects.bulk_create(
        CaseContact(
            case=case, worker_id=one, rules=[{"rule": "door", "place": "东门", "last": NOW}], last_at=NOW, found_at=NOW
        )
        for one in more
    )
    with django_assert_max_num_queries(45):
        assert "same door at the same time (30)" in text(town.get(f"/cases/{case.pk}/"))


def test_a_fact_says_by_which_rules_in_words(here):
    fact = NewFact(here.workers["far"], "contact", NOW - 60, {"rule": "dormitory:room + door", "place": "x"})
    ledger.append(facts=[fact], source="page", evidence="a paper", now=NOW)
    page = text(signed_in(here.doctor).get(f"/workers/{here.workers['far']}/file/"))
    assert "same room, same door at the same time" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_filled_page_speaks_one_language(here, language):
    case, town = here.opened(), signed_in(here.doctor, language)
    do(town, case, "confirm", contact=here.ids(case, "mate"), reason="-")
    do(town, case, "dismiss", contact=here.ids(case, "rider"), reason="-")
    b.record(here.workers["mate"], "observation", NOW + 60, {"site": str(here.house.pk), "room": "205"}, now=NOW)
    b.sampled(here.workers["mate"], NOW - 60, NOW, result="inconclusive")
    b.sampled(here.workers["far"], NOW - 60, NOW, result="positive")
    first, second = case.tasks.order_by("pk")[:2]
    given = {"agent": "84", "mg_per_litre": "1000", "minutes": "30", "by": "-"}
    assert town.post(f"/disinfections/{first.pk}/", given).status_code == 302
    do(town, case, "dismiss_task", task=second.pk, reason="-")
    ledger.correct(fact_id=here.ground, replacement=None, reason="mistyped", source="page", now=NOW, evidence="a paper")
    mate = signed_in(b.user("worker", here.workers["mate"]), language)
    asked = [
        town.get("/cases/"), town.get(f"/cases/{case.pk}/"), do(town, case, "close"), town.get("/disinfections/"),
        *(town.get(f"/disinfections/{task.pk}/") for task in case.tasks.all()), town.post(f"/disinfections/{first.pk}/"),
        mate.get("/me/"), town.get(f"/workers/{here.workers['mate']}/file/"),
    ]  # fmt: skip
    known = data()
    foreign = [one for answer in asked for one in foreign_words(read(answer.content.decode()), language, known)]
    assert foreign == [], foreign


def test_somebody_whom_the_case_names_stands_on_the_list_as_any_other(here):
    town = signed_in(here.doctor)
    town.post("/cases/", {"ground": here.ground})
    case = Case.objects.get()
    stranger = b.workers(b.enterprise(7, "另一家"), 1, first=200)[0]
    name = b.name(200)
    assert "Nobody was found" in text(do(town, case, "find", q="查无此人"))
    assert str(stranger) in do(town, case, "find", q=name).content.decode()
    assert "Say why" in text(do(town, case, "add_contact", q=name, worker=stranger, place=" "), 422)
    assert "Choose at least one person" in text(do(town, case, "add_contact", worker=case.worker_id, place="home"), 422)
    do(town, case, "add_contact", worker=stranger, place="birthday party", last="2020-03-08 19:00")
    page = text(town.get(f"/cases/{case.pk}/"))
    assert "To be reviewed · named by the case (1)" in page and "birthday party" in page
    do(town, case, "confirm", contact=str(CaseContact.objects.get(worker=stranger).pk))
    assert [fact.values["rule"] for fact in facts_of("contact")] == ["named"]
