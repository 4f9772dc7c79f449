"""Whoever owns the tables and switches triggers off is found out, but for what only a head sent outside can show."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from django.db import connection

from audit.conftest import codes, head, note, owner, seal_everything, seal_until, verified
from fugong.audit import chain as link
from fugong.audit.models import Batch, Seal

Attack = Callable[..., None]


def test_an_untouched_chain_verifies(chain: list[int]) -> None:
    report = verified(head())
    assert (report.entries, report.waiting, codes(report)) == (30, 0, [])
    assert report.batches >= 3  # more, where a transaction elsewhere on the server made some wait for the next one


def test_a_changed_entry_is_named(chain: list[int], attack: Attack) -> None:
    attack("UPDATE audit_entry SET reason = 'nothing' WHERE id = %s", chain[11])
    (finding,) = verified().findings
    assert (finding.code, finding.params["entry"]) == ("audit.changed", chain[11])


def test_every_column_of_an_entry_is_sealed(chain: list[int], attack: Attack) -> None:
    changes = {
        "server": "server + 1", "transaction": "transaction - 1", "started": "started - interval '1 second'",
        "written_at": "written_at + interval '1 microsecond'", "at": "at + 1", "actor": "gen_random_uuid()",
        "role": "role || 'x'", "scope": "'town'", "scope_id": "gen_random_uuid()", "purpose": "''", "origin": "'x'",
        "action": "'export'", "relation": "'x'", "row_count": "1", "subjects": "'{}'", "reason": "''", "details": "'[1]'",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'audit_entry'")
        assert {name for (name,) in cursor.fetchall()} == {"id", *changes}
    for place, (column, value) in enumerate(changes.items()):
        attack(f"UPDATE audit_entry SET {column} = {value} WHERE id = %s", chain[place])
    assert {(f.code, f.params["entry"]) for f in verified().findings} == {
        ("audit.changed", entry) for entry in chain[: len(changes)]
    }


def test_a_removed_entry_is_named(chain: list[int], attack: Attack) -> None:
    attack("DELETE FROM audit_entry WHERE id = %s", chain[5])
    (finding,) = verified().findings
    assert (finding.code, finding.params["entry"]) == ("audit.removed", chain[5])


def test_an_entry_removed_with_its_seal_leaves_a_gap(chain: list[int], attack: Attack) -> None:
    number = Seal.objects.get(entry_id=chain[5]).number
    attack("DELETE FROM audit_entry WHERE id = %s", chain[5])
    attack("DELETE FROM audit_seal WHERE number = %s", number)
    (finding,) = verified().findings
    assert (finding.code, finding.params) == ("audit.seals_removed", {"first": number, "last": number})


def test_removed_seals_that_others_close_up_on_are_found(chain: list[int], attack: Attack) -> None:
    number = Seal.objects.get(entry_id=chain[5]).number
    attack("DELETE FROM audit_entry WHERE id = %s", chain[5])
    attack("DELETE FROM audit_seal WHERE number = %s", number)
    for later in range(number + 1, 31):
        attack("UPDATE audit_seal SET number = %s WHERE number = %s", later - 1, later)
    assert "audit.changed" in codes(verified())


def test_a_removed_batch_is_named(chain: list[int], attack: Attack) -> None:
    second = Batch.objects.get(number=2)
    attack("DELETE FROM audit_batch WHERE number = 2")
    attack(
        "DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE number BETWEEN %s AND %s)",
        second.first, second.first + second.entries - 1,
    )  # fmt: skip
    assert ("audit.batches_removed", {"first": 2, "last": 2}) in [(f.code, f.params) for f in verified().findings]


def test_a_changed_batch_is_named(chain: list[int], attack: Attack) -> None:
    attack("UPDATE audit_batch SET sealed_at = sealed_at - interval '1 day' WHERE number = 1")
    assert ("audit.batch_changed", {"number": 1}) in [(f.code, f.params) for f in verified().findings]


def test_swapped_contents_are_named(chain: list[int], attack: Attack) -> None:
    attack("UPDATE audit_entry SET id = id + 1000000 WHERE id IN (%s, %s)", chain[3], chain[17])
    for old, new in ((chain[3], chain[17]), (chain[17], chain[3])):
        attack("UPDATE audit_entry SET id = %s WHERE id = %s", new, old + 1_000_000)
    (finding,) = verified().findings
    assert finding.code == "audit.swapped"
    assert {finding.params["entry"], finding.params["other"]} == {chain[3], chain[17]}


def test_swapped_neighbours_are_named(chain: list[int], attack: Attack) -> None:
    first = Seal.objects.get(entry_id=chain[3]).number
    for old, new in ((first, -1), (first + 1, first), (-1, first + 1)):
        attack("UPDATE audit_seal SET number = %s WHERE number = %s", new, old)
    (finding,) = verified().findings
    assert finding.code == "audit.swapped"
    assert {finding.params["entry"], finding.params["other"]} == {chain[3], chain[4]}


def test_swapped_seals_far_apart_are_named(chain: list[int], attack: Attack) -> None:
    first, second = (Seal.objects.get(entry_id=chain[n]).number for n in (9, 15))  # one is the last of its batch
    for old, new in ((first, -1), (second, first), (-1, second)):
        attack("UPDATE audit_seal SET number = %s WHERE number = %s", new, old)
    (finding,) = verified().findings
    assert finding.code == "audit.swapped"
    assert {finding.params["entry"], finding.params["other"]} == {chain[9], chain[15]}


_SLIP_IN = (
    "INSERT INTO audit_entry (server, transaction, started, written_at, at, role, scope, purpose, origin, action) "
    "SELECT server, {transaction}, started, written_at, at, role, scope, 'forged', origin, action FROM audit_entry "
    "WHERE id = %s RETURNING id"
)


def _forged() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_entry WHERE purpose = 'forged'")
        return int(cursor.fetchone()[0])


def test_an_entry_slipped_in_behind_the_head_is_named(chain: list[int], attack: Attack) -> None:
    attack(_SLIP_IN.format(transaction="transaction"), chain[4])
    later = note()
    seal_until(later)
    (finding,) = verified().findings
    assert (finding.code, finding.params["entry"]) == ("audit.late", _forged())


def test_an_entry_with_a_fresh_transaction_and_an_old_date_is_named(chain: list[int], attack: Attack) -> None:
    attack(
        "INSERT INTO audit_entry (server, transaction, started, written_at, at, role, scope, purpose, origin, action) "
        "SELECT server, pg_current_xact_id()::text::bigint, started - interval '1 day', written_at - interval '1 day', at, "
        "role, scope, 'forged', origin, action FROM audit_entry WHERE id = %s", chain[4],
    )  # fmt: skip
    seal_everything()
    (finding,) = verified().findings
    assert (finding.code, finding.params["entry"]) == ("audit.dated_back", _forged())


def test_an_entry_of_another_server_is_named(chain: list[int], attack: Attack) -> None:
    attack(_SLIP_IN.format(transaction="transaction").replace("SELECT server,", "SELECT server + 1,"), chain[4])
    assert [(f.code, f.params["entry"]) for f in verified().findings] == [("audit.late", _forged())]


def test_an_entry_of_a_transaction_to_come_is_named(chain: list[int], attack: Attack) -> None:
    attack(_SLIP_IN.format(transaction="transaction + 1000000"), chain[4])
    assert [(f.code, f.params["entry"]) for f in verified().findings] == [("audit.dated_ahead", _forged())]


def test_added_seals_are_named(chain: list[int], attack: Attack) -> None:
    attack("INSERT INTO audit_seal (number, entry_id, hash) SELECT 31, 1000000, hash FROM audit_seal WHERE number = 30")
    assert [(f.code, f.params) for f in verified().findings] == [("audit.surplus", {"first": 31, "last": 31})]


def _recompute(connected: psycopg.Connection[object]) -> None:
    """Make every hash right again, as somebody would who knows how they are made."""
    before, numbered = link.BEGINNING, {}
    for number, entry, content in connected.execute(
        f"SELECT s.number, e.id, {link.CONTENT} FROM audit_seal s JOIN audit_entry e ON e.id = s.entry_id".encode()
    ).fetchall():  # type: ignore[misc]
        numbered[number] = (entry, content)
    batches = connected.execute(
        f"SELECT number, {link.microseconds('sealed_at')}, server, horizon, following, first, entries FROM audit_batch "
        "ORDER BY number".encode()
    ).fetchall()
    for told in batches:
        *_rest, first, entries = told  # type: ignore[misc]
        for number in range(first, first + entries):
            before = link.link(before, *numbered[number])
            connected.execute("UPDATE audit_seal SET hash = %s WHERE number = %s", [before, number])
        before = link.close(before, *told)  # type: ignore[misc]
        connected.execute("UPDATE audit_batch SET hash = %s WHERE number = %s", [before, told[0]])  # type: ignore[index]


def test_recomputed_hashes_show_only_against_a_head_sent_outside(chain: list[int], attack: Attack) -> None:
    outside = head()
    attack("UPDATE audit_entry SET reason = 'nothing' WHERE id = %s", chain[11])
    with owner() as connected:
        for table in ("audit_seal", "audit_batch"):
            connected.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        _recompute(connected)
        for table in ("audit_seal", "audit_batch"):
            connected.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    assert codes(verified()) == []
    assert [(f.code, f.params) for f in verified(outside).findings] == [
        ("audit.other_head", {"number": outside.number})
    ]


def test_removing_the_newest_rows_shows_only_against_a_head_sent_outside(chain: list[int], attack: Attack) -> None:
    outside = head()
    newest = Batch.objects.get(number=outside.number)
    attack("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE number >= %s)", newest.first)
    attack("DELETE FROM audit_seal WHERE number >= %s", newest.first)
    attack("DELETE FROM audit_batch WHERE number = %s", newest.number)
    assert codes(verified()) == []
    (finding,) = verified(outside).findings
    assert (finding.code, finding.params) == (
        "audit.head_removed", {"number": outside.number, "last": outside.number - 1},
    )  # fmt: skip


def test_an_older_head_still_holds_when_the_chain_goes_on(chain: list[int]) -> None:
    outside = head()
    note()
    seal_everything()
    assert codes(verified(outside, head())) == []
    assert head().number == outside.number + 1
