"""Stored clearances follow the facts, in the transaction that adds them."""

from __future__ import annotations

import pytest
from django.db import transaction

import databases
from clearance import people
from clearance.people import local, record
from fugong.clearance import verification
from fugong.clearance.models import Clearance
from fugong.clearance.queries import explained, status
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact

pytestmark = pytest.mark.django_db


def differences() -> list:
    return list(verification.verify(lambda done, total: None))


def test_nobody_may_anything_before_a_protocol_is_adopted():
    worker = people.local_worker(people.enterprise())
    assert not status(worker, "work", local("8 08:00")).holds
    assert explained(worker, "work", local("8 08:00")) is None


@pytest.mark.parametrize(
    ("pack", "permission"), [("sg-2020-accesscode", "visit"), ("cn-2022-48h", "leave_observation")]
)
def test_a_permission_of_which_the_protocol_says_nothing_has_no_explanation(pack, permission):
    worker = people.local_worker(people.enterprise())
    people.adopt(pack)
    assert explained(worker, permission, local("8 08:00")) is None
    assert explained(worker, permission, local("8 08:00"), known_at=local("8 07:30")) is None
    assert explained(worker, "work", local("8 08:00")) is not None
    assert not status(worker, permission, local("8 08:00")).holds


def test_a_register_of_yesterday_holds_until_ten():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    for when in ("8 07:20", "8 23:59", "9 07:20", "9 07:40", "9 09:59"):
        found = status(worker, "work", local(when))
        assert found.holds, when
        assert found.until == local("9 10:00")
    assert not status(worker, "work", local("9 10:00")).holds
    assert not status(worker, "work", local("8 07:19")).holds


def test_adopting_evaluates_everybody_and_facts_before_it_count():
    worker = people.local_worker(people.enterprise())
    assert Clearance.objects.filter(worker_id=worker, permission="work").get().starts == []
    people.adopt(at=local("8 12:00"))
    assert not status(worker, "work", local("8 11:59")).holds
    assert status(worker, "work", local("8 12:00")).holds
    assert differences() == []


def test_a_fact_changes_the_clearance_at_once():
    employer = people.enterprise()
    people.adopt()
    worker = people.local_worker(employer)
    assert status(worker, "work", local("9 09:00")).holds
    record(worker, "symptom", local("9 08:00"), {"name": "cough"})
    assert not status(worker, "work", local("9 09:00")).holds
    assert status(worker, "work", local("9 07:59")).holds
    assert differences() == []


def test_a_test_before_work():
    employer = people.enterprise()
    people.adopt()
    worker = people.worker(employer)
    record(worker, "survey", local("5 09:00"), {"whereabouts": "away", "test_required": True})
    record(worker, "arrival", local("6 15:00"), {"mode": "bus"})
    record(worker, "temperature", local("6 15:05"), {"celsius": 36.5, "place": "arrival"})
    record(worker, "identity_check", local("6 15:06"), {"matched": True})
    record(worker, "register", local("7 07:00"), {"well": True})
    reasons = explained(worker, "work", local("7 07:40"))
    assert reasons
    assert [failure.requirement for failure in reasons.failures] == ["tested"]
    assert status(worker, "enter", local("7 07:40")).holds
    test = {
        "result": "negative",
        "method": "nucleic_acid",
        "sampled_at": local("6 16:00"),
        "reported_at": local("7 07:30"),
    }
    record(worker, "test", local("6 16:00"), test, now=local("7 07:30"))
    assert not status(worker, "work", local("7 07:29")).holds
    assert status(worker, "work", local("7 07:40")).holds


def test_an_employer_that_resumes_clears_its_workers_and_no_others():
    waiting, other = people.enterprise(resumed=False), people.enterprise(resumed=False, number=1)
    people.adopt()
    worker, elsewhere = people.local_worker(waiting), people.local_worker(other)
    assert not status(worker, "work", local("9 09:00")).holds
    record(waiting.pk, "resumption", local("8 00:00"), {"regime": "filing"})
    assert status(worker, "work", local("9 09:00")).holds
    assert not status(elsewhere, "work", local("9 09:00")).holds
    assert differences() == []


def test_a_risk_level_reaches_those_who_stayed_there_also_when_it_is_raised_afterwards():
    from fugong.registry.services import add_division

    division = add_division(code="420100", name="武汉市")
    employer = people.enterprise()
    people.adopt()
    worker, at_home = people.local_worker(employer), people.local_worker(employer)
    record(worker, "stay", local("1 00:00"), {"division": "420106"}, end=local("4 00:00"))
    assert status(worker, "work", local("9 09:00")).holds
    record(division.pk, "risk_level", local("2 00:00"), {"level": "high"}, now=local("9 08:00"))
    assert not status(worker, "work", local("9 09:00")).holds
    assert status(at_home, "work", local("9 09:00")).holds
    assert differences() == []


def test_a_withdrawn_fact_counts_no_more():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    fact = record(worker, "symptom", local("9 08:00"), {"name": "cough"})
    ledger.correct(
        fact_id=fact, replacement=None, reason="somebody else", source="test", evidence="a paper", now=local("9 08:30")
    )
    assert status(worker, "work", local("9 09:00")).holds
    then = explained(worker, "work", local("9 08:10"), known_at=local("9 08:29"))
    assert then
    assert not then.holds
    now = explained(worker, "work", local("9 08:10"))
    assert now
    assert now.holds


def test_a_later_protocol_takes_over_at_its_instant():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    people.adopt("cn-2022-48h", at=local("9 08:00"), now=local("8 12:00"))
    assert status(worker, "work", local("9 07:59")).holds
    assert not status(worker, "work", local("9 08:00")).holds
    assert differences() == []


def test_nothing_is_renewed_when_the_transaction_fails():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    before = (
        Clearance.objects.filter(worker_id=worker).order_by("permission").values_list("permission", "ends", "rests_on")
    )
    kept = list(before)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(worker, "symptom", local("9 08:00"), {"name": "cough"})
        raise ZeroDivisionError
    assert list(before.all()) == kept


@pytest.mark.django_db(transaction=True)
def test_verify_names_every_difference():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    Clearance.objects.filter(worker_id=worker, permission="work").update(
        ends=[local("12 00:00")], starts=[local("8 07:20")]
    )
    with databases.superuser() as other:  # nothing of ours removes one
        other.execute("DELETE FROM clearance_clearance WHERE worker_id = %s AND permission = 'board'", [worker])
    found = {(d.worker, d.permission): (d.stored, d.computed) for d in differences()}
    assert set(found) == {(worker, "work"), (worker, "board")}
    assert found[worker, "work"] == ([(local("8 07:20"), local("12 00:00"))], [(local("8 07:20"), local("9 10:00"))])
    assert found[worker, "board"][0] is None


def test_many_at_once_are_the_same_as_one_by_one():
    employer = people.enterprise()
    people.adopt()
    workers = [people.local_worker(employer) for _ in range(5)]
    facts = [
        NewFact(worker, "register", local("9 07:20"), {"well": index != 3}) for index, worker in enumerate(workers)
    ]
    ledger.append(facts=facts, source="test", evidence="a paper", now=local("9 07:21"))
    assert [status(worker, "work", local("9 12:00")).holds for worker in workers] == [True, True, True, False, True]
    assert differences() == []


def test_stamped_with_protocol_and_recorded_time():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    record(worker, "temperature", local("9 07:00"), {"celsius": 36.4}, now=local("9 07:01"))
    stored = Clearance.objects.get(worker_id=worker, permission="work")
    assert stored.rests_on == local("9 07:01")
    assert stored.adoption is not None
    assert stored.adoption.pack == people.PACK


def test_stamped_with_the_protocol_that_is_in_force_and_not_with_the_next_one():
    worker = people.local_worker(people.enterprise())
    stamp = Clearance.objects.filter(worker_id=worker, permission="work").values_list("adoption__pack", flat=True)
    people.adopt(at=local("8 00:00"), now=local("7 12:00"))
    assert list(stamp.all()) == [people.PACK]  # none is in force yet: the one to come
    people.adopt("cn-2022-48h", at=local("20 00:00"), now=local("8 12:00"))
    assert list(stamp.all()) == [people.PACK]
    record(worker, "temperature", local("19 08:00"), {"celsius": 36.4}, now=local("19 08:00"))
    assert list(stamp.all()) == [people.PACK]
    record(worker, "temperature", local("20 08:00"), {"celsius": 36.4}, now=local("20 08:00"))
    assert list(stamp.all()) == ["cn-2022-48h"]
