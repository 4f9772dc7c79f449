"""The second wall: what a transaction cannot write, whoever it acts for."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

import builders
from fugong.base import access
from fugong.base.ids import uuid7
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError
from walls.scopes import who
from walls.world import Side, World

Write = tuple[str, list[object]]
FACT = (
    'INSERT INTO ledger_fact (id, subject_id, kind, start, "end", values, recorded_at, withdrawn, reason, source) '
    "VALUES (%s, %s, %s, 1, 2, '{}', 1, false, '', 'test')"
)

LOGIN = (
    "INSERT INTO base_user (id, username, role_name, scope_id, password, is_superuser, first_name, last_name, email, "
    "is_staff, is_active, date_joined, sessions_ended, password_to_change) "
    "VALUES (%s, %s, %s, %s, '', false, '', '', '', false, true, now(), 0, false)"
)


def writes_about(side: Side, two: World) -> dict[str, Write]:
    """Writes that somebody of the other side tries."""
    stranger = side.workers[0]
    other = two.a if side is two.b else two.b
    return {
        "a fact about a stranger": (FACT, [uuid4(), stranger, "test"]),
        "a fact about another enterprise": (FACT, [uuid4(), side.enterprise.pk, "resumption"]),
        "a fact about another site": (FACT, [uuid4(), side.site, "room"]),
        "a division's level of risk": (FACT, [uuid4(), two.division, "division_risk"]),
        "employing somebody who is employed elsewhere": (
            "INSERT INTO registry_employment (id, worker_id, enterprise_id, fact_id, workshop, post, badge, start, active) "
            "VALUES (%s, %s, %s, %s, '', '', '', 1, true)",
            [uuid4(), stranger, other.enterprise.pk, uuid4()],
        ),
        "employing somebody in another's name": (
            "INSERT INTO registry_employment (id, worker_id, enterprise_id, fact_id, workshop, post, badge, start, active) "
            "VALUES (%s, %s, %s, %s, '', '', '', 1, true)",
            [uuid4(), other.workers[0], side.enterprise.pk, uuid4()],
        ),
        "a document of a stranger": (
            "INSERT INTO registry_document (id, worker_id, type, encrypted, digest, tail) VALUES (%s, %s, 'other', '', %s, '1')",
            [uuid4(), stranger, b"digest"],
        ),
        "a door at another's site": (
            "INSERT INTO registry_door (id, site_id, name) VALUES (%s, %s, 'x')", [uuid4(), side.site],
        ),
        "an enterprise": (
            "INSERT INTO registry_enterprise (subject_id, credit_code, name, key) VALUES (%s, 'x', 'x', 'x')", [uuid4()],
        ),
        "a stored clearance": (
            "INSERT INTO clearance_clearance (worker_id, permission, starts, ends, rests_on) VALUES (%s, 'test', '{}', '{}', 1)",
            [other.workers[0]],
        ),
        "a protocol": (
            "INSERT INTO clearance_adoption (id, pack, version, digest, text, effective_from, recorded_at, first) "
            "VALUES (%s, 'p', '1', 'd', '', 9, 9, true)",
            [uuid4()],
        ),
        "a login for the town": (
            "INSERT INTO base_user SELECT (jsonb_populate_record(u, %s::jsonb)).* FROM base_user AS u WHERE u.id = %s",
            [f'{{"id": "{uuid4()}", "username": "mayor", "role_name": "town_administrator"}}', two.a.users["guard"].pk],
        ),
        "a login of the town's": (LOGIN, [uuid4(), "x1", "town_administrator", None]),
        "a login as an equal": (LOGIN, [uuid4(), "x2", "enterprise_clerk", other.enterprise.pk]),
        "a login at another enterprise": (LOGIN, [uuid4(), "x3", "guard", side.enterprise.pk]),
        "a seal": ("INSERT INTO audit_seal (number, entry_id, hash) VALUES (1, 1, '')", []),
    }  # fmt: skip


FORBIDDEN = "42501"
"""PostgreSQL's code for what a policy or a missing right refuses."""
WITHOUT_EFFECT = {
    "a stranger's name": ("UPDATE registry_worker SET name = 'x' WHERE subject_id = %s", "worker"),
    "a stranger's document": ("UPDATE registry_document SET digest = 'x' WHERE worker_id = %s", "worker"),
    "a stranger's employment": ("UPDATE registry_employment SET active = false WHERE worker_id = %s", "worker"),
    "another's upload": ("UPDATE registry_upload SET content = NULL WHERE enterprise_id = %s", "enterprise"),
    "another's login": ("UPDATE base_user SET is_active = false WHERE scope_id = %s", "enterprise"),
    "another's session": ("DELETE FROM base_usersession WHERE id = %s", "session"),
    "another's act": ("UPDATE clearance_waitingact SET state = 'approved' WHERE id = %s", "act"),
    "another's request": ("UPDATE redress_request SET state = 'withdrawn' WHERE id = %s", "request"),
    "a stored clearance": ("UPDATE clearance_clearance SET starts = '{}' WHERE worker_id = %s", "worker"),
}
"""Changes of what the scope doesn't see: they find nothing to change."""


def test_writes_beyond_the_scope_are_refused_by_the_database(two: World):
    clerk = two.a.users["enterprise_clerk"]
    for what, (statement, values) in writes_about(two.b, two).items():
        with access.acting(access.as_user(clerk)):
            with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
            assert getattr(refused.value.__cause__, "sqlstate", "") == FORBIDDEN, what


def test_what_a_scope_does_not_see_it_cannot_change(two: World):
    clerk = two.a.users["enterprise_clerk"]
    ids = two.b.in_addresses()
    for what, (statement, named) in WITHOUT_EFFECT.items():
        with access.acting(access.as_user(clerk)), connection.cursor() as cursor:
            cursor.execute(statement, [ids[named]])
            assert cursor.rowcount == 0, what


def test_those_same_writes_go_through_where_they_belong(two: World):
    """The statements above are right: only whom they are about is not."""
    with access.acting(access.as_user(two.b.users["enterprise_clerk"])), connection.cursor() as cursor:
        for what in ("a fact about a stranger", "a fact about another enterprise", "a fact about another site"):
            cursor.execute(*writes_about(two.b, two)[what])
            assert cursor.rowcount == 1, what
        cursor.execute(LOGIN, [uuid4(), "x4", "guard", two.b.enterprise.pk])
        for what in ("a stranger's name", "another's upload", "another's login"):
            statement, named = WITHOUT_EFFECT[what]
            cursor.execute(statement, [two.b.in_addresses()[named]])
            assert cursor.rowcount >= 1, what


def test_nobody_who_serves_writes_a_clearance_or_changes_a_subject(two: World):
    worker = two.a.workers[0]
    for scope in ("enterprise", "patch", "plant", "hotel", "worker", "town"):
        with access.acting(who(two, scope)):
            assert changed("UPDATE clearance_clearance SET starts = '{}' WHERE worker_id = %s", worker) in (0, None), (
                scope
            )
            if scope != "town":
                assert changed("UPDATE ledger_subject SET kind = 'team' WHERE id = %s", worker) in (0, None), scope


def changed(statement: str, *values: object) -> int | None:
    """How many rows a statement changed; None where the database refused it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
    except ProgrammingError:
        return None


def test_the_ledger_says_that_whom_one_does_not_see_does_not_exist(two: World):
    facts = [
        NewFact(worker, "temperature", builders.NOW - 5, {"celsius": 36.5}, id=uuid7())
        for worker in (two.b.workers[0], uuid4())
    ]
    said = []
    for fact in facts:
        with access.acting(access.as_user(two.a.users["enterprise_clerk"])), pytest.raises(FactError) as refused:
            ledger.append(facts=[fact], source="page", evidence="a paper", now=builders.NOW)
        said.append((refused.value.code, refused.value.message))
    assert said[0] == said[1]
