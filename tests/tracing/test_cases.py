"""From a positive result to the facts that follow: the case, its contacts, the review, what is disinfected, the end."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

import builders as b
from fugong.base.faults import Fault
from fugong.clearance import queries as clearance
from fugong.clearance.acts import approve
from fugong.ledger import services as ledger
from fugong.ledger.acts import Done, Waits
from fugong.ledger.services import NewFact
from fugong.tracing import queries
from fugong.tracing.models import Case, CaseContact, CleaningTask
from fugong.tracing.services import acts, cases, contacts, tasks
from tracing import workshop
from tracing.workshop import DAY, MORNING, NOW, SAMPLED, facts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return workshop.workshop()


def refused(code, /, call, **given):
    with pytest.raises(Fault) as fault, transaction.atomic():
        call(**given)
    assert fault.value.code == code
    assert fault.value.in_language("zh-hans") != fault.value.in_language("en")
    return fault.value.in_language("en")


def confirm(here, case, *who, reason=""):
    return acts.confirm(case=case.pk, contacts=here.ids(case, *who), reason=reason, now=NOW, actor=here.doctor.pk)


def dismiss(here, case, *who, reason="on leave that day"):
    return contacts.dismiss(case=case.pk, contacts=here.ids(case, *who), reason=reason, now=NOW, actor=here.doctor.pk)


def test_a_positive_without_a_case_is_listed_until_there_is_one(here):
    (listed,) = queries.positives(NOW)
    assert (listed.worker.pk, listed.fact.pk) == (here.workers["case"], here.ground)
    case = here.opened()
    assert (case.since, case.until) == (SAMPLED, NOW)
    assert queries.positives(NOW) == []
    again = b.sampled(here.workers["case"], NOW - 60, NOW, result="positive")
    assert queries.positives(NOW) == []  # a further result of the same illness is no further case
    said = refused("tracing.case_there", cases.open_case, ground=again, now=NOW, actor=None)
    assert b.name(0) in said
    negative = b.sampled(here.workers["mate"], SAMPLED, NOW)
    refused("tracing.no_ground", cases.open_case, ground=negative, now=NOW, actor=None)
    with pytest.raises(IntegrityError, match="one_open_case_a_worker"), transaction.atomic():
        Case.objects.create(worker_id=here.workers["case"], ground=again, since=NOW, until=NOW, opened_at=NOW)


def test_a_case_goes_back_to_the_first_symptom(here):
    b.record(here.workers["case"], "symptom", SAMPLED - DAY, {"name": "咳嗽"})
    case = cases.open_case(ground=here.ground, now=NOW, actor=None)
    assert case.since == SAMPLED - DAY
    refused("tracing.times", cases.change_times, case=case.pk, since=NOW, until=NOW - 1, now=NOW)
    refused("tracing.future", cases.change_times, case=case.pk, since=NOW, until=NOW + 1, now=NOW)
    assert cases.change_times(case=case.pk, since=SAMPLED - 2 * DAY, until=NOW, now=NOW).since == SAMPLED - 2 * DAY


def test_contacts_are_proposed_by_every_rule_and_nothing_takes_effect(here):
    case = here.opened()
    found = {name: here.contact(case, name).codes for name in ("mate", "roommate", "diner", "rider")}
    assert found == {
        "mate": ["workshop"], "roommate": ["dormitory:room"], "diner": ["canteen:table"], "rider": ["seat:rows"],
    }  # fmt: skip
    assert case.contacts.count() == 4  # who works, sleeps and sits further away is none
    assert here.contact(case, "rider").place == "闽A12345"
    assert "1 车间" in here.contact(case, "mate").place
    assert here.contact(case, "roommate").last_at == NOW
    assert facts_of("contact") == []
    places = set(case.tasks.values_list("what", "place", "site"))
    assert {what for what, _place, _site in places} == {"vehicle", "room", "workshop", "canteen"}
    assert ("vehicle", "闽A12345", here.plant.pk) in places
    assert ("workshop", "1 车间", here.plant.pk) in places


def test_a_house_without_its_site_is_one_of_the_same_enterprise(here):
    """Another enterprise has an A block too."""
    (stranger,) = b.workers(b.enterprise(2, "南山精工有限公司"), 1, first=70)
    for who in (here.workers["case"], here.workers["far"], stranger):
        b.record(who, "dormitory", b.EARLY + 60, {"name": "B 栋", "room": "101"}, now=NOW)
        b.record(who, "canteen_seat", b.EARLY + 60, {"table": "7"}, now=NOW)
    case = here.opened()
    assert here.contact(case, "far").codes == ["dormitory:room", "canteen:table"]
    assert not case.contacts.filter(worker=stranger).exists()


def test_searching_again_adds_and_never_drops_a_decision(here):
    case = here.opened()
    confirm(here, case, "mate")
    dismiss(here, case, "diner")
    b.record(
        here.workers["far"], "dormitory", b.EARLY, {"site": str(here.house.pk), "name": "A 栋", "room": "301"}, now=NOW
    )
    assert cases.propose(case=case.pk, now=NOW) == cases.Proposed(new=1, all=5)
    assert here.contact(case, "mate").state == CaseContact.CONFIRMED
    assert here.contact(case, "diner").reason == "on leave that day"
    assert here.contact(case, "far").state == CaseContact.PROPOSED
    assert case.tasks.count() == 4
    assert cases.propose(case=case.pk, now=NOW).new == 0


def test_who_was_near_again_after_they_were_confirmed_is_counted(here):
    case = here.opened(until=NOW - 3600)
    confirm(here, case, "roommate")
    cases.change_times(case=case.pk, since=SAMPLED, until=NOW, now=NOW)
    assert cases.propose(case=case.pk, now=NOW).later == 1
    acts.withdraw(case=case.pk, contacts=here.ids(case, "roommate"), reason="later", now=NOW, actor=None)
    contacts.look_again(case=case.pk, contacts=here.ids(case, "roommate"))
    assert cases.propose(case=case.pk, now=NOW).later == 0
    confirm(here, case, "roommate")
    assert [fact.start for fact in facts_of("contact")] == [NOW]


def test_whoever_is_confirmed_is_a_contact_by_a_fact_and_their_clearance_lapses(here):
    mate = here.workers["mate"]
    b.survey(mate)
    b.register(mate, MORNING)
    assert "observed" not in (clearance.failing(mate, "work", NOW) or ())
    case = here.opened()
    assert confirm(here, case, "mate", "roommate") == Done(2)
    fact = next(fact for fact in facts_of("contact") if fact.subject_id == mate)
    row = here.contact(case, "mate")
    assert (fact.start, fact.values) == (row.last_at, {"rule": "workshop", "place": row.place})
    assert fact.evidence == f"case:{case.pk}"
    assert "observed" in (clearance.failing(mate, "work", NOW) or ())
    assert confirm(here, case, "mate") == Done(0)  # said twice, written once
    with pytest.raises(Fault) as fault, transaction.atomic():
        dismiss(here, case, "mate")
    assert fault.value.code == "tracing.confirmed_already"
    with pytest.raises(Fault) as fault, transaction.atomic():
        dismiss(here, case, "rider", reason=" ")
    assert fault.value.code == "tracing.no_reason"
    refused("tracing.nobody", acts.confirm, case=case.pk, contacts=[], reason="", now=NOW, actor=None)
    refused("tracing.unknown_contact", acts.confirm, case=case.pk, contacts=[case.pk], reason="", now=NOW, actor=None)


def test_a_slip_is_undone(here):
    case = here.opened()
    dismiss(here, case, "rider")
    assert contacts.look_again(case=case.pk, contacts=here.ids(case, "rider")) == 1
    assert here.contact(case, "rider").state == CaseContact.PROPOSED


def test_too_many_at_once_wait_for_a_second_person(here, settings):
    settings.FUGONG_LOSS_LIMIT = 1
    for who in ("mate", "roommate"):
        b.survey(here.workers[who])
        b.register(here.workers[who], MORNING)
    case = here.opened()
    waits = confirm(here, case, "mate", "roommate")
    assert isinstance(waits, Waits)
    assert facts_of("contact") == []
    assert here.contact(case, "mate").state == CaseContact.PROPOSED
    other = b.user("town_administrator", username="second")
    assert approve(act_id=waits.id, by=other.pk, now=NOW) == 2
    assert here.contact(case, "mate").decided_by_id == here.doctor.pk  # in the proposer's name


def test_a_wrong_result_says_so_and_all_its_contacts_are_taken_back_in_one_act(here):
    case = here.opened()
    confirm(here, case, "mate", "rider")
    assert queries.is_positive(cases.grounds([case])[case.pk])
    ledger.correct(fact_id=here.ground, replacement=None, reason="mistyped", source="page", now=NOW, evidence="a paper")
    assert not queries.is_positive(cases.grounds([case])[case.pk])
    dismiss(here, case, "roommate", "diner")
    for task in case.tasks.all():
        tasks.dismiss(task=task.pk, reason="wrong result", actor=None)
    cases.close(case=case.pk, words="wrong result", now=NOW)
    everybody = [one.pk for one in case.contacts.filter(state=CaseContact.CONFIRMED)]
    done = acts.withdraw(case=case.pk, contacts=everybody, reason="样本登记错人", now=NOW, actor=here.doctor.pk)
    assert done == Done(2)
    assert facts_of("contact") == []
    assert here.contact(case, "mate").state == CaseContact.DISMISSED
    assert "observed" not in (clearance.failing(here.workers["mate"], "work", NOW) or ())
    given = {"case": case.pk, "contacts": everybody, "reason": "x", "now": NOW, "actor": None}
    refused("tracing.nothing_to_withdraw", acts.withdraw, **given)


def test_a_corrected_result_that_is_still_positive_leaves_the_case(here):
    case = here.opened()
    values = {"result": "positive", "sampled_at": SAMPLED + 60, "reported_at": NOW}
    again = NewFact(here.workers["case"], "test", SAMPLED + 60, values)
    ledger.correct(
        fact_id=here.ground, replacement=again, reason="mistyped", source="page", now=NOW, evidence="a paper"
    )
    assert queries.is_positive(cases.grounds([case])[case.pk])
    assert queries.positives(NOW) == []


def test_a_case_is_closed_when_all_of_it_is_decided(here):
    case = here.opened()
    assert "4 people" in refused("tracing.undecided", cases.close, case=case.pk, words="", now=NOW)
    with pytest.raises(IntegrityError, match="undecided"), transaction.atomic():  # whoever asks, and however
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOW)
    confirm(here, case, "mate")
    dismiss(here, case, "roommate", "diner", "rider")
    assert "4 disinfections" in refused("tracing.undone", cases.close, case=case.pk, words="", now=NOW)
    for task in case.tasks.all():
        tasks.dismiss(task=task.pk, reason="closed since", actor=None)
    assert cases.close(case=case.pk, words="", now=NOW).state == Case.CLOSED
    refused("tracing.closed", cases.propose, case=case.pk, now=NOW)
    with pytest.raises(IntegrityError, match="case is closed"), transaction.atomic():
        CaseContact.objects.filter(case=case).update(
            state="proposed", reason="", decided_by=None, decided_at=None, fact_id=None
        )


def test_a_disinfection_is_recorded_with_its_figures_within_the_packs_limits(here):
    case = here.opened()
    coach, room = case.tasks.get(what="vehicle"), case.tasks.get(what="room")
    given = {
        "agent": "含氯消毒剂",
        "mg_per_litre": 1000,
        "minutes": 30,
        "by": "张师傅",
        "now": NOW + 600,
        "actor": None,
    }
    weak = refused("disinfection.too_weak", tasks.done, task=coach.pk, **{**given, "mg_per_litre": 500})
    assert "it takes 1000 to 2000 mg/L for at least 30 minutes" in weak
    refused("disinfection.too_weak", tasks.done, task=room.pk, **{**given, "mg_per_litre": 1500})
    refused("tracing.agent", tasks.done, task=coach.pk, **{**given, "agent": " "})
    refused("tracing.numbers", tasks.done, task=coach.pk, **{**given, "minutes": 0})
    refused("tracing.before_the_case", tasks.done, task=coach.pk, at=NOW - 60, **given)
    tasks.done(task=coach.pk, **given)
    (fact,) = facts_of("disinfection")
    assert (fact.subject_id, fact.start) == (here.plant.pk, NOW + 600)
    assert fact.values == {
        "agent": "含氯消毒剂", "mg_per_litre": 1000, "minutes": 30, "by": "张师傅", "trip": "闽A12345", "place": "闽A12345",
    }  # fmt: skip
    refused("tracing.task_settled", tasks.done, task=coach.pk, **given)
    refused("tracing.task_settled", tasks.dismiss, task=coach.pk, reason="x", actor=None)
    with pytest.raises(IntegrityError, match="task_done_with_its_figures"), transaction.atomic():
        CleaningTask.objects.filter(pk=room.pk).update(state="done", done_at=NOW, fact_id=fact.pk, agent="x")
    with pytest.raises(IntegrityError, match="task_done_after_the_case"), transaction.atomic():
        CleaningTask.objects.filter(pk=coach.pk).update(done_at=NOW - 1)
    refused(
        "tracing.task_there", tasks.add, case=case.pk, what="vehicle", site=here.plant.pk, place="闽A12345", now=NOW
    )
    assert tasks.add(case=case.pk, what="room", site=here.plant.pk, place="会议室", now=NOW).not_before == case.until


def test_somebody_whom_the_case_names_stands_on_the_list(here):
    case = here.opened()
    row = cases.add_contact(case=case.pk, worker=here.workers["far"], place="夜宵摊", last=NOW - 60, now=NOW)
    assert (row.codes, row.place) == (["named"], "夜宵摊")
    confirm(here, case, "far")
    assert {fact.values["rule"] for fact in facts_of("contact")} == {"named"}
