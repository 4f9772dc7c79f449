"""Two transactions at once: neither misses the other's fact. Each case fails when the lock is taken out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import pytest
from django.db import connection

import databases
from clearance import people
from clearance.people import local
from fugong.clearance import gate, verification
from fugong.clearance import services as clearance
from fugong.clearance.queries import status
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 0.8  # seconds that one transaction waits for the other to get as far


def append(subject: UUID, kind: str, start: int, values: dict) -> Callable[[], object]:
    return lambda: ledger.append(
        facts=[NewFact(subject, kind, start, values)], source="test", evidence="a paper", now=local("9 08:00")
    )


def overlap(monkeypatch: pytest.MonkeyPatch, *actions: Callable[[], object]) -> None:
    """Run actions in connections of their own; they wait for each other when they have written and before they commit."""
    meet(monkeypatch, ledger, "_insert", threading.Barrier(len(actions)))
    meet(monkeypatch, clearance.Renewal, "appended", threading.Barrier(len(actions)))
    run_together(*actions)


def meet(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, barrier: threading.Barrier) -> None:
    """After ``owner.name`` has run, wait for the others at the barrier."""
    real = getattr(owner, name)

    def then_wait(*arguments, **named):
        result = real(*arguments, **named)
        # The lock keeps the others from getting here: that is what it is for.
        with suppress(threading.BrokenBarrierError):
            barrier.wait(PATIENCE)
        return result

    monkeypatch.setattr(owner, name, then_wait)


def run_together(*actions: Callable[[], object]) -> None:
    """Run each action in a thread and connection of its own; raises the first error."""
    errors: list[BaseException] = []

    def run(action: Callable[[], object]) -> None:
        try:
            databases.as_system(connection)
            action()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


def differences() -> list:
    return list(verification.verify(lambda done, total: None))


def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the subjects' locks nor that which lets one actor's acts follow each other (both threads are the operator)."""
    monkeypatch.setattr(ledger, "lock", lambda **_named: None)
    monkeypatch.setattr(gate, "one_at_a_time", lambda actor: None)


@pytest.mark.parametrize("locked", [True, False])
def test_two_facts_about_one_worker(monkeypatch, locked):
    employer = people.enterprise()
    people.adopt()
    worker = people.worker(employer)
    people.record(worker, "survey", local("1 09:00"), {"whereabouts": "local", "test_required": False})
    if not locked:
        without_lock(monkeypatch)
    overlap(
        monkeypatch,
        append(worker, "register", local("9 07:20"), {"well": True}),
        append(worker, "symptom", local("9 07:50"), {"name": "cough"}),
    )
    if locked:
        assert differences() == []
        assert status(worker, "work", local("9 07:30")).holds
        assert not status(worker, "work", local("9 07:50")).holds
    else:
        assert differences()


@pytest.mark.parametrize("locked", [True, False])
def test_an_employer_resumes_while_a_worker_is_hired(monkeypatch, locked):
    employer = people.enterprise(resumed=False)
    people.adopt()
    worker = people.local_worker(people.enterprise(resumed=False, number=1))
    if not locked:
        without_lock(monkeypatch)
    overlap(
        monkeypatch,
        append(employer.pk, "resumption", local("8 00:00"), {"regime": "filing"}),
        append(worker, "employment", local("8 00:00"), {"employer": str(employer.pk)}),
    )
    if locked:
        assert differences() == []
        assert status(worker, "work", local("9 09:00")).holds
    else:
        assert differences()


@pytest.mark.parametrize("locked", [True, False])
def test_a_protocol_is_adopted_while_a_fact_comes_in(monkeypatch, locked):
    employer = people.enterprise()
    worker = people.local_worker(employer)
    if not locked:
        without_lock(monkeypatch)
        monkeypatch.setattr(clearance, "_hold_protocols", lambda **_named: None)
    overlap(
        monkeypatch,
        append(worker, "symptom", local("9 07:50"), {"name": "cough"}),
        adopt_after_a_moment,
    )
    stale = bool(differences()) or status(worker, "work", local("9 07:55")).holds
    assert stale is not locked


def test_what_comes_in_while_a_worker_is_verified_is_no_difference(monkeypatch):
    people.adopt()
    worker = people.local_worker(people.enterprise())
    read, came = verification.evaluation.read, []

    def then_a_fact_comes_in(*arguments):
        found = read(*arguments)
        if not came:
            came.append(worker)
            run_together(append(worker, "symptom", local("9 07:50"), {"name": "cough"}))
        return found

    monkeypatch.setattr(verification.evaluation, "read", then_a_fact_comes_in)
    assert differences() == []
    monkeypatch.undo()
    assert not status(worker, "work", local("9 07:50")).holds
    assert differences() == []


def test_a_protocol_that_is_adopted_between_two_batches_is_no_difference(monkeypatch):
    people.adopt()
    for _ in range(2):
        people.local_worker(people.enterprise() if not _ else None)
    monkeypatch.setattr(verification, "BATCH", 1)
    steps = []

    def progress(done, total):
        steps.append((done, total))
        if len(steps) == 1:
            people.adopt("cn-2022-48h", at=local("9 08:00"), now=local("8 12:00"))

    assert list(verification.verify(progress)) == []
    assert steps == [(1, 2), (2, 2)]


def adopt_after_a_moment() -> None:
    """By then the fact's transaction has looked up the protocols in force, and has not committed."""
    threading.Event().wait(PATIENCE * 1.5)
    people.adopt(now=local("9 08:00"))
