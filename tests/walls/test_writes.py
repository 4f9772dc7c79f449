"""The second wall: what a transaction cannot write, whoever it acts for."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

import builders
from fugong.base import access
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.ledger import services as ledger
from fugong.ledger.kinds import KINDS
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError
from ledger.test_who_states_what import STATES
from walls.scopes import who
from walls.side import Side
from walls.world import World

Write = tuple[str, list[object]]
FACT = (
    'INSERT INTO ledger_fact (id, subject_id, kind, start, "end", values, recorded_at, withdrawn, reason, source) '
    "VALUES (%s, %s, %s, 1, 2, '{}', 1, false, '', 'test')"
)

LOGIN = (
    "INSERT INTO base_user (id, username, role_name, scope_id, password, is_superuser, first_name, last_name, email, "
    "is_staff, is_active, date_joined, sessions_ended, password_to_change, given_by) "
    "VALUES (%s, %s, %s, %s, '', false, '', '', '', false, true, now(), 0, false, '{}')"
)


def writes_about(side: Side, two: World) -> dict[str, Write]:
    """Writes that somebody of the other side tries."""
    stranger = side.workers[0]
    other = two.a if side is two.b else two.b
    return {
        "a fact about a stranger": (FACT, [uuid4(), stranger, "test"]),
        "a fact about another enterprise": (FACT, [uuid4(), side.enterprise.pk, "capacity"]),
        "a fact about another site": (FACT, [uuid4(), side.site, "temperature"]),
        "a fact about a division": (FACT, [uuid4(), two.division, "survey"]),
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
WRONG = "23514"
"""… and for what a constraint refuses."""
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


def test_what_somebody_sees_they_take_away_only_where_they_may_write_it(two: World):
    """A worker sees the town's templates and slots, and the notice that they got."""
    gone = {
        "DELETE FROM notices_template WHERE name = 'own-a'": [],
        "DELETE FROM sampling_slotoffer": [],
        "DELETE FROM notices_notice_channels WHERE notice_id = %s": [two.a.notice],
    }
    for statement, values in gone.items():
        with access.acting(access.as_user(two.a.users["worker"])), connection.cursor() as cursor:
            cursor.execute(statement, values)
            assert cursor.rowcount == 0, statement
    with access.acting(access.as_user(two.town["town_administrator"])), connection.cursor() as cursor:
        cursor.execute("DELETE FROM notices_template WHERE name = 'own-a'")
        assert cursor.rowcount == 1


def test_an_enterprise_decides_nothing_of_its_own_claim(two: World):
    """The wall says so, or before it the claim's own trigger (`policies.migrations`): it takes no step back."""
    for change, said in (("state = 'paid'", FORBIDDEN), ("approved = 1", WRONG), ("state = 'submitted'", WRONG)):
        with access.acting(access.as_user(two.a.users["enterprise_clerk"])):
            with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE policies_claim SET {change} WHERE id = %s", [two.a.claim])
            assert getattr(refused.value.__cause__, "sqlstate", "") == said, change


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


def in_scope_of(two: World, user: User) -> UUID:
    """Somebody about whom whoever has this login may write."""
    first, second, observed = two.a.workers
    return {"worker": first, "site": observed}.get(user.role.scope, second)


@pytest.mark.parametrize("elevated", [False, True], ids=["within the scope", "past the wall"])
def test_the_database_takes_from_each_role_the_kinds_that_it_states_and_no_other(two: World, elevated: bool):
    """Also where the ledger's services are gone round, and where somebody is looked past the wall for."""
    for user in (*two.a.users.values(), *two.town.values()):
        if user.role.scope in ("audit", "operations") and not elevated:
            continue  # nobody is in those scopes
        about = in_scope_of(two, user)
        past = access.elevated("test") if elevated else nullcontext()
        with access.acting(access.as_user(user)), past:
            taken = {kind for kind in KINDS if changed(FACT, uuid4(), about, kind) == 1}
        assert taken == STATES[user.role_name], user.role_name


def test_a_role_states_nothing_in_another_roles_scope_and_nobody_states_what_is_no_kind(two: World):
    clerk = two.a.users["enterprise_clerk"]
    with access.acting(replace(access.as_user(clerk), role="town_administrator")):
        assert changed(FACT, uuid4(), two.a.workers[0], "diagnosis") is None
    with access.acting(access.as_system("test")):
        assert changed(FACT, uuid4(), two.a.workers[0], "diagnosis") == 1
        assert changed(FACT, uuid4(), two.a.workers[0], "horoscope") is None


def test_the_ledger_refuses_what_a_role_does_not_state_with_a_sentence_that_says_who_does(two: World):
    clerk = access.as_user(two.a.users["enterprise_clerk"])
    level = NewFact(two.a.workers[0], "diagnosis", builders.NOW - 5, {"finding": "suspected"})
    for elevated in (False, True):
        past = access.elevated("test") if elevated else nullcontext()
        with access.acting(clerk), pytest.raises(FactError) as refused, past:
            ledger.append(facts=[level], source="page", evidence="a paper", now=builders.NOW)
        assert refused.value.code == "facts.kind_not_yours"
        assert refused.value.in_language("en") == (
            "Facts of the kind “diagnosis” are not stated by your role (Enterprise clerk). "
            "Ask somebody who may: Town administrator."
        )
    with access.acting(access.as_system("test")):
        assert ledger.append(facts=[level], source="page", evidence="a paper", now=builders.NOW)


def test_whoever_is_about_to_sign_in_changes_no_login_but_the_form_of_its_password(two: World):
    guard = two.a.users["guard"]
    with access.acting(access.as_sign_in()):
        assert changed("UPDATE base_user SET password = 'newer digest' WHERE id = %s", guard.pk) == 1
        for column, value in (
            ("is_active", False), ("sessions_ended", 7), ("signed_in_at", 7), ("password_to_change", True),
        ):  # fmt: skip
            assert changed(f"UPDATE base_user SET {column} = %s WHERE id = %s", value, guard.pk) is None, column
        assert changed(LOGIN, uuid4(), "x5", "town_administrator", None) is None
        assert changed(LOGIN, uuid4(), "x6", "guard", two.a.enterprise.pk) is None


def test_only_who_gives_logins_adds_or_changes_others(two: World):
    """A role that gives none changes its own login at most, wherever it reaches."""
    mine, stranger = two.a.enterprise.pk, two.a.users["line_leader"].pk
    for user in (*two.a.users.values(), *two.town.values()):
        gives = user.role_name in ("enterprise_clerk", "town_administrator")
        with access.acting(access.as_user(user)):
            added = changed(LOGIN, uuid4(), f"x-{user.username}", "guard", mine)
            closed = changed("UPDATE base_user SET is_active = false WHERE id = %s", stranger) or 0
            own = changed("UPDATE base_user SET password = 'mine' WHERE id = %s", user.pk)
        own_of_line_leader = user.pk == stranger
        assert (added, closed) == ((1, 1) if gives else (None, int(own_of_line_leader))), user.role_name
        assert own == 1, user.role_name


def test_nobody_adds_a_login_under_the_id_that_they_act_by(two: World):
    nobodys = uuid4()
    for scope, over in (("worker", two.a.workers[0]), ("enterprise", two.a.enterprise.pk), ("town", None)):
        with access.acting(access.Acting(scope, over, nobodys, "worker")):
            assert changed(LOGIN, nobodys, "x7", "town_administrator", None) is None, scope


def test_only_who_gives_logins_hands_out_codes(two: World):
    worker = two.a.users["worker"]
    code = (
        "INSERT INTO base_entrycode (id, login_id, worker_id, digest, handed_out_at, expires_at, cancelled_at, organisation) "
        "VALUES (%s, %s, %s, %s, 1, 2, 1, '')"
    )
    for role in ("service_team_member", "guard", "line_leader", "worker", "enterprise_clerk"):
        with access.acting(access.as_user(two.a.users[role])):
            made = changed(code, uuid4(), worker.pk, worker.scope_id, uuid4().bytes)
        assert made == (1 if role == "enterprise_clerk" else None), role


def test_a_correction_is_checked_against_the_ledger_whatever_temporary_table_has_its_name(two: World):
    """Whoever may make temporary tables can't lend the trigger one of their own."""
    clerk, mine, other = two.a.users["enterprise_clerk"], two.a.workers[0], uuid4()
    with access.acting(access.as_user(clerk)):
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE ledger_fact (LIKE public.ledger_fact INCLUDING DEFAULTS) ON COMMIT DROP")
            cursor.execute(FACT, [other, mine, "temperature"])
            cursor.execute(
                'INSERT INTO public.ledger_fact (id, subject_id, kind, start, "end", values, recorded_at, withdrawn, '
                "reason, source, supersedes_id) VALUES (%s, %s, 'temperature', 1, 2, '{}', 1, false, 'forged', 'test', %s)",
                [uuid4(), mine, other],
            )
        assert getattr(refused.value.__cause__, "sqlstate", "") == "23514"


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
