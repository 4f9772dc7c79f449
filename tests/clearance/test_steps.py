"""What doors read is stored with the intervals; it says in which transaction it changed, and is not renewed in vain."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import databases
from clearance import people
from clearance.people import local, record
from fugong.clearance import evaluation, services, verification
from fugong.clearance.models import Clearance
from fugong.clearance.queries import explained, failing, steps
from fugong.core.protocol.pack import load, shipped
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from packs import facts as making

pytestmark = pytest.mark.django_db


def differences() -> list:
    return list(verification.verify(lambda done, total: None))


def changed(worker: UUID) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT changed::text::bigint FROM clearance_clearance WHERE worker_id = %s ORDER BY permission", [worker]
        )
        return [row[0] for row in cursor.fetchall()]


def current() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return cursor.fetchone()[0]


def test_what_fails_is_read_from_what_is_stored():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    record(worker, "symptom", local("9 08:00"), {"name": "cough"})
    for when in ("8 07:00", "8 08:00", "9 08:00", "9 10:00", "20 00:00"):
        for permission in ("board", "enter", "work"):
            why = explained(worker, permission, local(when))
            assert why is not None
            assert failing(worker, permission, local(when)) == tuple(one.requirement for one in why.failures)
    assert failing(worker, "enter", people.EARLY - 1) is None
    assert failing(UUID(int=7), "enter", local("9 08:00")) is None
    found = steps([worker], "enter")[worker]
    assert found.moments[0] == people.EARLY
    assert found.at(people.EARLY - 1) == -1


@pytest.mark.django_db(transaction=True)
def test_changed_is_when_something_changed_and_not_when_it_was_found_unchanged():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    before = changed(worker)
    services.renew_everybody(now=local("9 08:00"))
    record(worker, "temperature", local("9 08:00"), {"celsius": 36.4})
    assert changed(worker) == before
    record(worker, "register", local("9 08:00"), {"well": True})
    after = changed(worker)
    names = sorted(Clearance.objects.filter(worker_id=worker).values_list("permission", flat=True))
    assert [name for name, old, new in zip(names, before, after, strict=True) if old != new] == ["enter", "work"]


@pytest.mark.django_db(transaction=True)
def test_files_and_employments_say_when_they_changed():
    worker = people.local_worker(people.enterprise())

    def both() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT changed::text::bigint FROM registry_worker WHERE subject_id = %s", [worker])
            return [row[0] for row in cursor.fetchall()]

    with databases.superuser() as raw:
        [made] = both()
        raw.execute("UPDATE registry_worker SET name = name WHERE subject_id = %s", [worker])
        assert both() == [made]
        raw.execute("UPDATE registry_worker SET name = '李' WHERE subject_id = %s", [worker])
        assert both()[0] > made
        raw.execute("UPDATE registry_worker SET changed = '1' WHERE subject_id = %s", [worker])
        assert both()[0] > made


def test_a_normal_temperature_is_stored_and_nothing_is_read_again(monkeypatch):
    worker = people.local_worker(people.enterprise())
    people.adopt()

    def read_again(*_arguments: object, **_named: object) -> None:
        raise AssertionError("renewed in vain")

    with monkeypatch.context() as patched:
        patched.setattr(services.evaluation, "read", read_again)
        record(worker, "temperature", local("9 08:00"), {"celsius": 36.4}, now=local("9 08:01"))
        with pytest.raises(AssertionError, match="in vain"):
            record(worker, "temperature", local("9 08:30"), {"celsius": 38.4})
    assert set(Clearance.objects.filter(worker_id=worker).values_list("rests_on", flat=True)) == {local("9 08:01")}
    assert differences() == []


def test_what_is_taken_back_is_always_renewed(monkeypatch):
    worker = people.local_worker(people.enterprise())
    people.adopt()
    fact = record(worker, "temperature", local("9 08:00"), {"celsius": 36.4})
    renewed = []
    real = evaluation.read
    monkeypatch.setattr(services.evaluation, "read", lambda *given: renewed.append(1) or real(*given))
    for replacement in (NewFact(worker, "temperature", local("9 08:01"), {"celsius": 36.3}), None):
        fact = ledger.correct(
            fact_id=fact,
            replacement=replacement,
            reason="slip",
            source="test",
            evidence="a paper",
            now=local("9 09:00"),
        )
    assert len(renewed) == 2


@pytest.mark.parametrize("pack", sorted(shipped()))
def test_random_facts_leave_what_a_full_renewal_gives(pack: str):
    """Also where renewals are skipped: nothing differs from the ledger afterwards."""
    employer = people.enterprise()
    people.adopt(pack)
    kinds = [kind for kind in making.own_kinds(load(shipped()[pack])) if kind not in ("employment", "stay")]

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        st.lists(
            st.one_of(*(making.fact(load(shipped()[pack]), [kind]) for kind in ["temperature", *kinds])), max_size=4
        )
    )
    def appended_one_by_one(facts):
        worker = people.worker(employer)
        for fact in facts:
            values = {
                key: value for key, value in fact.values.items() if value not in (*making.SUBJECTS, *making.DIVISIONS)
            }
            new = NewFact(worker, fact.kind, fact.start, values, end=fact.end)
            if ledger.faults([new], local("30 00:00") + 86_400 * 30) == [None]:
                ledger.append(facts=[new], source="test", evidence="a paper", now=local("30 00:00") + 86_400 * 30)
        assert differences() == []

    appended_one_by_one()


@pytest.mark.django_db(transaction=True)
def test_verify_compares_steps_too_and_an_upgrade_renews_those_that_have_none():
    worker = people.local_worker(people.enterprise())
    people.adopt()
    Clearance.objects.filter(worker_id=worker, permission="work").update(moments=[1], failing=[0])
    [found] = differences()
    assert (found.permission, found.stored == found.computed, found.same_steps) == ("work", True, False)
    assert services.renew_outdated(now=local("9 08:00")) == 0
    Clearance.objects.filter(worker_id=worker).update(moments=None, failing=None)
    assert failing(worker, "work", local("9 08:00")) is None
    assert len(differences()) == 5
    assert services.renew_outdated(now=local("9 08:00")) == 1
    assert differences() == []
    assert not Clearance.objects.filter(moments=None).exists()
