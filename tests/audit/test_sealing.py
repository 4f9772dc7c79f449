"""One process seals at a time, in order, and never past a transaction that is in flight."""

from __future__ import annotations

import threading

from django.db import connection

import databases
from audit.conftest import codes, head, note, seal_everything, verified
from fugong.audit import services
from fugong.audit.models import Batch, Entry, Seal
from fugong.base import access
from parallel import at_once


def _seal() -> int:
    with access.acting(access.as_system("test")):
        return services.seal()


def test_a_transaction_in_flight_keeps_later_entries_waiting(transactional_db: None) -> None:
    written, go_on = threading.Event(), threading.Event()
    early: list[int] = []

    def slow() -> None:
        try:
            databases.as_system(connection)
            with access.acting(access.as_system("slow")):
                services.note(action="read", reason="slow")
                written.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    note(reason="before")
    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(30)
    later = note(reason="after")
    _seal()
    sealed = set(Seal.objects.values_list("entry_id", flat=True))
    assert later not in sealed
    go_on.set()
    thread.join(30)
    early += Entry.objects.filter(reason="slow").values_list("pk", flat=True)
    seal_everything()
    numbers = {seal.entry_id: seal.number for seal in Seal.objects.all()}
    assert numbers[early[0]] < numbers[later]
    assert codes(verified()) == []


def test_an_aborted_transaction_leaves_no_gap_in_the_chain(transactional_db: None) -> None:
    note()
    try:
        with access.acting(access.as_system("test")):
            services.note(action="read")
            raise KeyError
    except KeyError:
        pass
    last = note()
    seal_everything()
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert Seal.objects.get(number=2).entry_id == last
    assert codes(verified()) == []


def test_two_sealers_at_once_make_one_chain(transactional_db: None) -> None:
    for _round in range(5):
        for _entry in range(4):
            note()
        at_once(_seal, _seal)
    seal_everything()
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 21))
    assert codes(verified(head())) == []


def test_verifying_while_others_write_and_seal_finds_nothing(transactional_db: None) -> None:
    for _entry in range(10):
        note()
    seal_everything()
    found: list[str] = []

    def write() -> None:
        for _entry in range(10):
            with access.acting(access.as_system("test")):
                services.note(action="read")
            _seal()

    def look() -> None:
        for _round in range(10):
            found.extend(codes(verified()))

    at_once(write, look)
    assert found == []


def test_a_batch_without_entries_is_sealed_only_now_and_then(transactional_db: None) -> None:
    note()
    seal_everything()
    before = Batch.objects.count()
    assert _seal() == 0
    assert Batch.objects.count() == before


def test_after_a_move_to_another_server_the_chain_goes_on(transactional_db: None) -> None:
    note(reason="sealed there")
    seal_everything()
    unsealed = note(reason="left unsealed there")
    with databases.superuser() as connected:  # as if a dump of another server, which had counted further, was restored
        connected.execute("SET session_replication_role = replica")
        connected.execute(
            "UPDATE audit_entry SET server = 7, transaction = transaction + 1000000 WHERE id = %s", [unsealed]
        )
        connected.execute("DELETE FROM audit_seal")
        connected.execute("DELETE FROM audit_batch")
        connected.execute(
            "UPDATE audit_entry SET server = 7, transaction = transaction + 1000000 WHERE id <> %s", [unsealed]
        )
        rows = connected.execute("SELECT transaction FROM audit_entry WHERE id <> %s", [unsealed]).fetchall()
        _seal_as_server_seven(rows[0][0] + 1)
    assert codes(verified()) == []
    note(reason="written here")
    seal_everything()
    assert codes(verified(head())) == []
    assert Seal.objects.count() == 3
    assert Seal.objects.get(number=2).entry_id == unsealed


def _seal_as_server_seven(horizon: int) -> None:
    """What the other server had sealed: the entry before the horizon."""
    from datetime import UTC, datetime

    from fugong.audit import chain

    with access.acting(access.as_system("test")), connection.cursor() as cursor:
        cursor.execute(f"SELECT e.id, {chain.CONTENT} FROM audit_entry e WHERE e.transaction < %s", [horizon])
        ((entry, content),) = cursor.fetchall()
        hashed = chain.link(chain.BEGINNING, entry, content)
        cursor.execute("INSERT INTO audit_seal VALUES (1, %s, %s)", [entry, hashed])
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
        micro = round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
        told = (7, horizon, horizon, 1, 1)
        cursor.execute(
            "INSERT INTO audit_batch VALUES (1, %s, %s, %s, %s, %s, %s, %s)",
            [at, *told, chain.close(hashed, 1, micro, *told)],
        )
