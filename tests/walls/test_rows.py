"""The second wall: which rows a transaction sees, under each kind of scope and under none.

These tests commit: a module whose tests share one open world (``once``) would never end, so those stand elsewhere.
"""

from __future__ import annotations

import os

import psycopg
import pytest
from django.db import connection, connections

import databases
from fugong.base import access
from walls import world
from walls.scopes import EMPTY, EVERYBODY, ROWS, SCOPES, who
from walls.test_walls import WITHOUT_ROWS_OF_ANYBODY, tables
from walls.world import World


def labelled(two: World) -> dict[str, dict[tuple[object, ...], str]]:
    """Every row of every table, with whose it is: seen by the superuser, past all walls."""
    found: dict[str, dict[tuple[object, ...], str]] = {}
    with databases.superuser() as raw:
        for table, (key, whose, _seen) in ROWS.items():
            rows = raw.execute(f"SELECT {whose.format(division=two.division)}, {key} FROM {table}".encode())
            found[table] = {tuple(rest): two.labels.get(owner, "town's") for owner, *rest in rows}
    return found


def seen(table: str) -> set[tuple[object, ...]]:
    """The keys of the rows that a query without any filter returns to the present scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ROWS[table][0]} FROM {table}")
        return set(cursor.fetchall())


@pytest.fixture
def committed(transactional_db: None) -> World:
    """The two enterprises, committed, so that a superuser sees them too."""
    return world.make()


def test_the_table_of_this_module_names_every_secured_table(db):
    assert set(ROWS) == tables() - WITHOUT_ROWS_OF_ANYBODY


def test_a_query_without_a_filter_sees_its_scope_and_nothing_else(committed: World):
    truth = labelled(committed)
    assert {label for rows in truth.values() for label in rows.values()} >= EVERYBODY  # there is something to see
    assert all(truth[table] for table in ROWS if table not in ("audit_batch", "audit_seal", "project_taskrun"))
    for scope in SCOPES:
        acting = who(committed, scope)
        with access.acting(acting):
            for table, (_key, _whose, labels) in ROWS.items():
                mine = EMPTY if scope == "none" else labels(scope)
                expected = {key for key, label in truth[table].items() if label in mine}
                if table == "base_user" and acting.actor is not None:
                    expected.add((acting.actor,))
                assert seen(table) == expected, (scope, table)


def serving() -> psycopg.Connection[tuple[object, ...]]:
    """A connection of the serving login's own, as the server opens one."""
    name = connections["default"].settings_dict["NAME"]
    return psycopg.connect(os.environ["DATABASE_URL"], dbname=name, autocommit=True)


def blind(raw: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether no row of any secured table is seen."""
    counts = [raw.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in ROWS]
    return counts == [(0,)] * len(ROWS)


def test_a_transaction_without_a_scope_sees_nothing_also_on_a_used_connection(committed: World):
    clerk = who(committed, "enterprise")
    with serving() as raw:
        assert blind(raw)
        with raw.transaction():
            raw.execute(
                "SELECT set_config('fugong.scope', 'enterprise', true), set_config('fugong.scope_id', %s, true), "
                "set_config('fugong.actor', %s, true)",
                [str(clerk.scope_id), str(clerk.actor)],
            )
            assert raw.execute("SELECT count(*) FROM registry_worker").fetchone() == (3,)
        assert blind(raw)
        with pytest.raises(ZeroDivisionError), raw.transaction():
            raw.execute("SELECT set_config('fugong.scope', 'town', true)")
            assert raw.execute("SELECT count(*) FROM registry_worker").fetchone() == (6,)
            raise ZeroDivisionError
        assert blind(raw)


def settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('fugong.' || s, true), '') "
            "FROM unnest(ARRAY['scope', 'scope_id', 'actor', 'role', 'purpose', 'origin', 'now']) AS s"
        )
        return [row[0] for row in cursor.fetchall()]


def test_who_acts_ends_with_the_transaction(committed: World):
    before = settings()
    with access.acting(who(committed, "enterprise")):
        assert settings()[0] == "enterprise"
        with access.elevated("test"):
            assert settings()[:2] == ["system", ""]
        assert settings()[0] == "enterprise"
    assert settings() == before
    with pytest.raises(ZeroDivisionError), access.acting(who(committed, "worker")):
        raise ZeroDivisionError
    assert settings() == before
    assert access.current() == access.NOBODY


def test_nonsense_settings_open_nothing(committed: World):
    with serving() as raw:
        for scope in ("", "TOWN", "system ", "nobody", "enterprise", "worker", "patch", "site"):
            with raw.transaction():
                raw.execute("SELECT set_config('fugong.scope', %s, true)", [scope])
                assert raw.execute("SELECT count(*) FROM registry_worker").fetchone() == (0,), scope
                assert raw.execute("SELECT count(*) FROM ledger_fact").fetchone() == (0,), scope
