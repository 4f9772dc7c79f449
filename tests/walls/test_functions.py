"""The second wall: what the database's own functions tell, and to whom."""

from __future__ import annotations

from django.db import connection

from fugong.base import access
from fugong.base.ids import uuid7
from fugong.registry.bulk import NewEmployment, write_employments
from walls.scopes import SCOPES, who
from walls.world import World


def test_an_auditor_is_told_what_logins_are_called_and_sees_no_row_of_them(two: World):
    """Digests of passwords stand in those rows."""
    clerk = two.a.users["enterprise_clerk"]
    told = [(clerk.pk, clerk.username, "")]
    for scope in SCOPES:
        with access.acting(who(two, scope)), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM audit_logins(%s)", [[clerk.pk]])
            assert cursor.fetchall() == (told if scope in ("audit", "system") else []), scope
            cursor.execute("SELECT audit_login_called(%s)", [clerk.username.upper()])
            assert cursor.fetchone() == ((clerk.pk if scope in ("audit", "system") else None),), scope


def test_nobody_learns_whether_somebody_is_employed_elsewhere(two: World):
    """The function that lets a new worker's papers in says the same of whoever is employed anywhere."""
    shared = two.a.workers[1]
    write_employments([NewEmployment(shared, two.b.enterprise.pk, uuid7(), 1)])
    with access.acting(access.as_user(two.a.users["enterprise_clerk"])), connection.cursor() as cursor:
        for workers in (two.a.workers, two.b.workers):
            cursor.execute("SELECT fugong_nobody_elses(w) FROM unnest(%s::uuid[]) AS w", [workers])
            assert cursor.fetchall() == [(False,)] * 3
        cursor.execute("SELECT fugong_nobody_elses(%s)", [uuid7()])
        assert cursor.fetchone() == (True,)
