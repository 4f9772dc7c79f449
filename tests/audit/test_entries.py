"""What comes into the audit by itself: every write of personal data, every read, every sign-in; and stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test import Client

import builders
from audit.conftest import owner
from fugong.audit import services
from fugong.audit.models import Entry
from fugong.base import access, clock
from fugong.base.ids import uuid7
from fugong.base.walls import Wall, audit_triggers, declared
from fugong.clearance.walls import DECISIONS
from fugong.ledger.models import Subject
from fugong.registry.models import Worker

TABLE = "audited_things"


@pytest.fixture
def things(transactional_db: None) -> None:
    """A table of somebody's data, as a migration would make it."""
    with owner() as connected:
        connected.execute(f"DROP TABLE IF EXISTS {TABLE}".encode())
        connected.execute(f"CREATE TABLE {TABLE} (id int PRIMARY KEY, whose uuid, what text)".encode())
        connected.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO PUBLIC".encode())
        for statement in audit_triggers(Wall(TABLE, (), see=None, audited="whose")):
            connected.execute(statement.encode())


@pytest.fixture(autouse=True)
def _dropped(request: pytest.FixtureRequest) -> object:
    yield
    if "things" in request.fixturenames:
        with owner() as connected:
            connected.execute(f"DROP TABLE {TABLE}".encode())


def _run(statement: str, *values: object) -> None:
    who = access.Acting("town", actor=ACTOR, role="deputy", purpose="POST /x/", origin="10.0.0.7")
    with access.acting(who), connection.cursor() as cursor:
        cursor.execute(statement, values)


ACTOR = UUID("01900000-0000-7000-8000-000000000001")
A, B, C = sorted(uuid7() for _n in range(3))


def _last() -> Entry:
    found = Entry.objects.order_by("-id").first()
    assert found is not None
    return found


def test_every_statement_of_raw_sql_leaves_one_entry(things: None) -> None:
    _run(f"INSERT INTO {TABLE} VALUES (1, %s, 'a'), (2, %s, 'b'), (3, %s, 'b')", B, A, B)
    entry = _last()
    assert (entry.action, entry.relation, entry.row_count, entry.subjects) == ("insert", TABLE, 3, [A, B])
    told = (entry.actor, entry.role, entry.scope, entry.scope_id, entry.purpose, entry.origin)
    assert told == (ACTOR, "deputy", "town", None, "POST /x/", "10.0.0.7")
    _run(f"UPDATE {TABLE} SET whose = %s WHERE id = 1", C)
    assert (_last().action, _last().row_count, _last().subjects) == ("update", 1, [B, C])  # from whom, and to whom
    _run(f"DELETE FROM {TABLE} WHERE what = 'b'")
    assert (_last().action, _last().row_count, _last().subjects) == ("delete", 2, [A, B])
    assert Entry.objects.filter(relation=TABLE).count() == 3


def test_copy_and_upsert_leave_entries_too(things: None) -> None:
    copying = f"COPY {TABLE} FROM STDIN"
    with access.acting(access.as_system("test")), connection.cursor() as cursor, cursor.copy(copying) as copy:
        copy.write_row([1, A, "a"])
        copy.write_row([2, None, "nobody's"])
    assert (_last().action, _last().row_count, _last().subjects) == ("insert", 2, [A])
    _run(f"INSERT INTO {TABLE} VALUES (1, %s, 'c'), (4, %s, 'd') ON CONFLICT (id) DO UPDATE SET what = 'c'", A, B)
    two = list(Entry.objects.order_by("-id").values_list("action", "subjects")[:2])
    assert sorted(two) == [("insert", [B]), ("update", [A])]


def test_a_statement_that_writes_nothing_leaves_none(things: None) -> None:
    _run(f"UPDATE {TABLE} SET what = 'x' WHERE id = 99")
    assert not Entry.objects.filter(relation=TABLE).exists()


def test_a_truncation_by_the_owner_leaves_one(things: None) -> None:
    with owner() as connected:
        connected.execute(f"TRUNCATE {TABLE}".encode())
    assert (_last().action, _last().relation, _last().scope) == ("truncate", TABLE, "none")


def test_what_is_rolled_back_leaves_none(things: None) -> None:
    with pytest.raises(ZeroDivisionError), access.acting(access.as_system("test")), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} VALUES (1, %s, 'a')", [A])
        raise ZeroDivisionError
    assert not Entry.objects.filter(relation=TABLE).exists()


def test_nobody_chooses_who_when_or_in_which_transaction(transactional_db: None) -> None:
    with (
        access.acting(access.Acting("town", actor=ACTOR, role="deputy", purpose="GET /y/")),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO audit_entry (server, transaction, started, written_at, at, actor, role, scope, scope_id, purpose, "
            "origin, action) VALUES (1, 1, '2000-01-01', '2000-01-01', 1, %s, 'x', 'x', %s, 'x', 'x', 'read')", [A, A],
        )  # fmt: skip
        cursor.execute("SELECT pg_current_xact_id()::text::bigint, now()")
        number, began = cursor.fetchone()
    now = clock.now()
    entry = _last()
    assert (entry.transaction, entry.started) == (number, began)
    assert entry.written_at >= began
    assert now - 5 <= entry.at <= now
    told = (entry.actor, entry.role, entry.scope, entry.scope_id, entry.purpose, entry.origin)
    assert told == (ACTOR, "deputy", "town", None, "GET /y/", "")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry",
                                       "TRUNCATE audit_entry", "UPDATE audit_seal SET number = 2",
                                       "DELETE FROM audit_seal", "DELETE FROM audit_batch"])  # fmt: skip
def test_neither_login_changes_or_removes_anything(chain: list[int], statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with owner() as connected, pytest.raises(Exception, match="never changed or removed"):
        connected.execute(statement.encode())
    assert Entry.objects.count() == 30


def test_what_was_shown_is_one_entry_a_transaction(db: None) -> None:
    with access.acting(access.as_system("test", origin="here")):
        access.looked_at([B, A])
        access.looked_at([A, C], "manifest")
    entries = Entry.objects.filter(action="read", origin="here")
    assert [(entry.subjects, entry.reason, entry.purpose) for entry in entries] == [
        (sorted({A, B, C}), "manifest", "test")
    ]


def test_a_page_that_shows_a_file_says_so(place: builders.Place, as_role: Callable[..., Client]) -> None:
    worker = place.workers["cleared"]
    assert as_role("enterprise_clerk").get(f"/workers/{worker}/").status_code == 200
    entry = Entry.objects.filter(action="read", subjects__contains=[worker]).get()
    user = place.users["enterprise_clerk"]
    assert (entry.actor, entry.role, entry.scope, entry.scope_id) == (
        user.pk,
        "enterprise_clerk",
        "enterprise",
        user.scope_id,
    )
    assert entry.purpose.startswith("GET /workers/<uuid:")


def test_a_fact_that_a_page_states_leaves_an_entry(place: builders.Place) -> None:
    before = _last().pk
    builders.register(place.workers["away"], builders.NOW - 60)
    written = Entry.objects.filter(pk__gt=before, relation="ledger_fact").get()
    assert (written.action, written.subjects) == ("insert", [place.workers["away"]])


def test_signing_in_and_out_and_failing_to(transactional_db: None) -> None:
    somebody = builders.user("bureau_reader", password=builders.PASSWORD)
    client = Client()
    client.post("/login/", {"username": somebody.username, "password": "wrong"})
    client.post("/login/", {"username": somebody.username, "password": builders.PASSWORD})
    client.post("/logout/")
    done = Entry.objects.filter(action__startswith="sign_").order_by("id")
    assert [(entry.action, entry.actor, entry.details) for entry in done] == [
        ("sign_in.failed", None, {"username": somebody.username}),
        ("sign_in", somebody.pk, {"how": "password"}),
        ("sign_out", somebody.pk, {}),
    ]


def test_what_is_done_past_the_wall_is_still_somebodys(things: None) -> None:
    who = access.Acting("enterprise", uuid7(), ACTOR, "enterprise_clerk", "POST /x/")
    with access.acting(who), access.elevated("comparing"), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} VALUES (1, %s, 'a')", [A])
    entry = _last()
    assert (entry.actor, entry.role, entry.scope, entry.purpose) == (
        ACTOR, "enterprise_clerk", "system", "POST /x/ · comparing",
    )  # fmt: skip


def test_an_entry_outside_any_scope_is_refused(transactional_db: None) -> None:
    with pytest.raises(DatabaseError), access.acting(access.NOBODY):
        services.note(action="read")


AUDITED = {
    "base_entrycode", "base_user", "doors_device", "doors_guardpin", "doors_pass", "doors_pseudonym", "doors_shift", "doors_told",
    "doors_visit", "journeys_booking", "journeys_reminder", "journeys_seatrequest", "journeys_sighting", "ledger_fact", "premises_absence", "premises_lodging", "premises_mealseat", "premises_movement", "premises_shortfall", "redress_evidence", "redress_request", "registry_document", "registry_employment",
    "registry_paper", "registry_upload", "registry_worker", "teams_visit", "teams_problem",
    "teams_problemevent", "teams_attachment", "teams_spot",
}  # fmt: skip
"""Tables of somebody's data: each statement that writes one leaves an entry with whose they are. A new one may come with its
own trigger before it stands here; one that stands here never loses it."""
_OF_PLACES = "what it holds is of a place or an organisation, and no secret"
_COMPUTED = "follows from audited rows, written by the one module that computes it"
_OF_DJANGO = "Django's own, and empty or the program's"
EXEMPT = {
    "clearance_clearance": "computed from facts and protocols, which are audited, and compared with them every day",
    "clearance_loss": "written in the transaction of the facts that took something, which are audited; never changed",
    "clearance_measuredloss": "written in the transaction of the facts that took something, which are audited",
    "clearance_verification": "counts, and nobody's data",
    "audit_entry": "the audit itself: never changed or removed, and sealed",
    "audit_seal": "the audit itself: never changed or removed",
    "audit_batch": "the audit itself: never changed or removed, and hashed",
    "ledger_subject": "an id and its kind; what is said of it is in audited tables",
    "registry_division": _OF_PLACES, "registry_town": _OF_PLACES, "registry_patch": _OF_PLACES,
    "registry_enterprise": _OF_PLACES, "registry_site": _OF_PLACES, "registry_door": _OF_PLACES,
    "teams_serviceteam": _OF_PLACES, "teams_area": _OF_PLACES, "teams_charge": _OF_PLACES,
    "teams_member": "who serves which patch is no secret, and dated; rows are ended, never changed",
    "teams_lead": "which town leader answers for an enterprise is published; rows are ended, never changed",
    "doors_arrangement": _OF_PLACES, "observation_room": _OF_PLACES, "observation_bed": _OF_PLACES,
    "premises_room": _OF_PLACES, "premises_bed": _OF_PLACES, "premises_duty": _OF_PLACES, "premises_mealshift": _OF_PLACES,
    "premises_table": _OF_PLACES, "premises_stock": _OF_PLACES, "premises_use": "sums of movements, which are audited",
    "premises_cleaning": "what was disinfected by whom in an enterprise's service: told as a fact, which is audited; never changed",
    "premises_photo": "an encrypted picture of a place, never changed; of which disinfection stands beside it",
    "journeys_place": _OF_PLACES, "journeys_vehicle": _OF_PLACES, "journeys_trip": _OF_PLACES, "journeys_tripstop": _OF_PLACES,
    "sampling_slotoffer": _OF_PLACES, "sampling_tube": "a barcode and a result; whose swabs are in it is audited, member by member",
    "sampling_labfile": "a file's digest and counts; what became facts of it is audited",
    "sampling_labrow": "refused rows, encrypted: whose they are nobody knows until somebody settles them, and says so in the row",
    "sampling_slotplan": "a proposal, never changed; what was done of it are appointments, which are audited",
    "submissions_submission": "who signed which list, when: never changed; its rows are audited",
    "submissions_layout": "an office's empty workbook: nobody's data",
    "policies_policydocument": _OF_PLACES, "policies_measure": _OF_PLACES,
    "policies_payment": "what was paid for a claim, never changed; the claim and its people are audited",
    "policies_claimstep": "the history of a claim, never changed; the claim and its people are audited",
    "journeys_campaign": _OF_PLACES, "journeys_headcount": "how many were counted: nobody's data",
    "notices_channel": _OF_PLACES, "notices_notice_channels": _OF_PLACES, "notices_template": _OF_PLACES, "notices_reminding": _OF_PLACES,
    "notices_secret": "secrets of channels, encrypted: nobody's data", "notices_attachment": "files of a notice, which is audited",
    "notices_attempt": "calls to channels: ids of deliveries, and what the channel answered",
    "notices_delivery": "by the thousand, each a row with its own history; the notice is audited, reading an address is noted",
    "resumption_rule": "the town's way of filing: dated, never changed, with who set it",
    "resumption_report": "kept from facts, which are audited, in their transaction",
    "resumption_question": "asked back from facts, which are audited, in their transaction",
    "doors_signingkey": "keys that sign, encrypted: nobody's data",
    "doors_snapshotpart": _COMPUTED,
    "mfa_authenticator": "a login's own second step: what is done to it is noted (second_step.…)",
    "base_usersession": "one's own sessions: what is done to them is noted (sign_in, sign_out, session.ended)",
    "base_cache": "counters of failed sign-ins, by digests",
    "django_session": "read before anybody is known; what is personal in it is encrypted",
    "project_taskrun": "when tasks ran: counts, and nobody's data",
    "account_emailaddress": _OF_DJANGO, "account_emailconfirmation": _OF_DJANGO, "base_user_groups": _OF_DJANGO,
    "base_user_user_permissions": _OF_DJANGO, "auth_group": _OF_DJANGO, "auth_group_permissions": _OF_DJANGO,
    "auth_permission": _OF_DJANGO, "django_content_type": _OF_DJANGO, "django_migrations": _OF_DJANGO,
}  # fmt: skip
"""Every other table but those of decisions, each with the reason why its rows leave no entry."""


def _triggers(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_table_is_audited_or_says_why_not(db: None) -> None:
    tables = {wall.table for wall in declared()}
    audited = {wall.table for wall in declared() if wall.audited}
    assert audited >= AUDITED
    assert not audited & {*EXEMPT, *DECISIONS}
    assert tables - audited - set(DECISIONS) == set(EXEMPT)
    for table in audited:
        assert {"audit_insert", "audit_update", "audit_delete", "audit_truncate"} <= _triggers(table), table
    for table in DECISIONS:
        assert {"decision_is_noted", "emptying_is_noted"} <= _triggers(table), table


def test_every_table_of_somebodys_data_is_audited() -> None:
    """Whatever refers to a worker, or to anything that the ledger speaks of, is no exemption by being forgotten."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("fugong.")]
    holding = {model._meta.db_table for model in ours if _refers_to_somebody(model)}
    assert holding >= {"ledger_fact", "registry_worker", "registry_document", "registry_employment"}
    assert holding - {wall.table for wall in declared() if wall.audited} <= set(EXEMPT)


def _refers_to_somebody(model: type[Model]) -> bool:
    related = {field.related_model for field in model._meta.concrete_fields if field.related_model is not None}
    return bool(related & {Subject, Worker})
