"""``fugong check``: what is well is said to be, and each thing that is wrong is found, with what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.utils import translation
from psycopg.conninfo import make_conninfo

import databases
from audit.conftest import seal_everything
from fugong.audit import services as audit
from fugong.base import access, clock, personal, walls
from fugong.base.services import add_login
from fugong.ledger.models import Subject
from fugong.project import checks, keeping, serving
from fugong.project.checks import Finding, database, machine, work
from fugong.project.models import TaskRun
from fugong.project.tasks import TASKS
from fugong.registry.models import Worker

T = 1_583_717_400


def levels(found: list[Finding] | Iterator[Finding]) -> list[str]:
    return [finding.level for finding in found]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own."""
    monkeypatch.setenv("FUGONG_DATA", str(tmp_path))
    monkeypatch.delenv("FUGONG_DEMO", raising=False)
    return tmp_path


@contextmanager
def as_owner(statement: str) -> Iterator[None]:
    """Something that only the owner of the tables can do; the walls stand again afterwards."""
    owner, serving_login = connections["owner"], connection.settings_dict["USER"]
    with owner.cursor() as cursor:
        cursor.execute(statement)
    try:
        yield
    finally:
        walls.apply(owner, serving_login)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestWalls:
    def test_they_stand(self):
        assert levels(database.walls_stand(T)) == ["ok"]

    @pytest.mark.parametrize(
        "statement",
        ["ALTER TABLE registry_worker DISABLE ROW LEVEL SECURITY", "DROP POLICY wall_select ON registry_worker",
         "GRANT TRUNCATE ON registry_worker TO {login}", "GRANT UPDATE (values) ON ledger_fact TO {login}",
         "GRANT DELETE ON ledger_fact TO {login}"],
    )  # fmt: skip
    def test_each_breach_is_found_and_named(self, statement):
        with as_owner(statement.format(login=connection.settings_dict["USER"])):
            found = list(database.walls_stand(T))
        assert levels(found) == ["error"]
        assert statement.split(" ON ")[-1].split()[0].replace("ALTER", "registry_worker") in found[0].said
        assert levels(database.walls_stand(T)) == ["ok"], "and gone when the walls are written again"


def test_a_login_that_is_the_owner_or_a_superuser_is_refused(db):
    """The same check, run as other logins."""
    assert levels(database.login(T)) == ["ok"]
    told = {"dbname": connection.settings_dict["NAME"]}
    for address, power in (
        (os.environ["FUGONG_OWNER_URL"], "owns tables"), (os.environ["FUGONG_TEST_SUPERUSER_URL"], "is a superuser"),
    ):  # fmt: skip
        answer = run(DATABASE_URL=make_conninfo(address, **told))
        found = next(one for one in answer["findings"] if one["name"] == "login")
        assert found["level"] == "error"
        assert power in found["said"]
        assert not answer["ok"]


def run(*arguments: str, code: int = 1, **surroundings: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "fugong", "check", "--json", *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "FUGONG_LANGUAGE": "en", **surroundings}, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def test_a_database_that_is_gone_is_one_finding_and_what_needs_none_is_still_checked(tmp_path):
    answer = run(DATABASE_URL=f"postgresql://fugong_app@/nowhere?host={tmp_path}")
    found = {one["name"]: one for one in answer["findings"]}
    assert found["database"]["level"] == "error"
    assert "DATABASE_URL" in found["database"]["do"]
    assert {"https", "master_key", "backups", "disk", "fonts", "static"} < set(found)
    assert "walls" not in found


def test_an_empty_database_says_that_the_tables_are_missing():
    answer = run()
    found = {one["name"]: one for one in answer["findings"]}
    assert found["database"]["level"] == "ok"
    assert found["tables"]["level"] == "error"


def test_wrong_options_are_one_sentence():
    done = subprocess.run(
        [sys.executable, "-m", "fugong", "check", "--jsn"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_every_check_says_something_in_both_languages(db, data):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found = checks.examine(T)
            assert {finding.name for finding in found} == set(checks.titles())
            for finding in found:
                han = any(
                    "\u4e00" <= character <= "\u9fff" for character in finding.said + str(checks.titles()[finding.name])
                )
                assert han is (language == "zh-hans"), finding
                assert finding.level == "ok" or finding.do, finding


def test_tables_that_are_older_or_newer_than_the_program(transactional_db):
    assert levels(database.migrations(T)) == ["ok"]
    with databases.superuser() as owner:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('base', '9999_later', now())")
        try:
            assert levels(database.migrations(T)) == ["error"]
        finally:
            owner.execute("DELETE FROM django_migrations WHERE name = '9999_later'")


def test_clocks_that_differ(db, monkeypatch):
    real = clock.now_milliseconds
    for ahead, level in ((0, "ok"), (30, "warning"), (3600, "error")):
        monkeypatch.setattr(clock, "now_milliseconds", lambda ahead=ahead: real() + 1_000 * ahead)
        assert levels(database.clocks(T)) == [level]


def test_the_log_of_the_database(db):
    assert levels(database.log_without_values(T)) == ["ok"]


def test_a_time_zone_that_the_database_does_not_know(db, monkeypatch):
    assert levels(database.time_zone(T)) == ["ok"]
    monkeypatch.setattr(database, "settings", SimpleNamespace(TIME_ZONE="Mars/Base"))
    assert levels(database.time_zone(T)) == ["error"]


def test_addresses(settings):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    assert levels(machine.addresses(T)) == ["ok"]
    settings.ALLOWED_HOSTS = ["fugong.plant.example"]
    settings.SESSION_COOKIE_SECURE = False
    assert levels(machine.addresses(T)) == ["error"]
    settings.SESSION_COOKIE_SECURE = True
    assert levels(machine.addresses(T)) == ["ok"]
    settings.ALLOWED_HOSTS = ["*"]
    assert levels(machine.addresses(T)) == ["error", "ok"]
    settings.DEBUG = True
    assert levels(machine.addresses(T)) == ["error", "error", "ok"]


def test_the_master_key(data, monkeypatch):
    monkeypatch.delenv("FUGONG_MASTER_KEY")
    assert levels(machine.master_key(T)) == ["ok"]
    key = data / "master.key"
    key.chmod(0o640)
    assert levels(machine.master_key(T)) == ["error"]
    key.chmod(0o600)
    (data / "backups").mkdir()
    (data / "backups" / "notes.txt").write_text(f"our key: {key.read_text().strip().upper()}")
    assert levels(machine.master_key(T)) == ["error"]
    monkeypatch.setenv("FUGONG_MASTER_KEY", "not a key")
    assert levels(machine.master_key(T)) == ["error"]


def test_backups_too_few_and_too_old(data, monkeypatch):
    now = int(datetime(2020, 3, 9, tzinfo=UTC).timestamp())
    monkeypatch.setattr(clock, "now_milliseconds", lambda: now * 1_000)
    monkeypatch.setenv("FUGONG_BACKUP_MAX_AGE_DAYS", "7")
    folder = data / "backups"
    folder.mkdir()

    def keep(age: int) -> Path:
        path = folder / keeping.name_at(now - age)
        path.touch()
        return path

    assert levels(machine.backups(now)) == ["warning"]
    keep(3 * keeping.DAY)
    assert levels(machine.backups(now)) == ["warning"]
    keep(3600)
    assert levels(machine.backups(now)) == ["ok"]
    at_its_age = keep(7 * keeping.DAY)
    assert levels(machine.backups(now)) == ["ok"]
    at_its_age.unlink()
    keep(7 * keeping.DAY + 1)
    assert levels(machine.backups(now)) == ["error"]
    monkeypatch.setenv("FUGONG_BACKUP_MAX_AGE_DAYS", "soon")
    assert levels(machine.backups(now)) == ["error"]


def test_disk_space(data, monkeypatch):
    for free, level in ((50 * 2**30, "ok"), (2**30, "warning"), (2**20, "error")):
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _path, free=free: type("Usage", (), {"free": free}))
        assert levels(machine.disk(T)) == [level]


def test_static_files_of_another_version(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert levels(machine.static_files(T)) == ["warning"]
    serving._stamp().write_text(serving._static_fingerprint())
    assert levels(machine.static_files(T)) == ["ok"]


def test_the_font_of_printed_documents(monkeypatch, tmp_path):
    assert levels(machine.fonts(T)) == ["ok"]
    monkeypatch.setattr(machine, "_FONT", tmp_path / "none.otf")
    assert levels(machine.fonts(T)) == ["error"]


@pytest.fixture
def ran(db: None) -> Callable[..., None]:
    """The last run of every task, with what is said otherwise."""

    def write(**more: object) -> None:
        for task in TASKS:
            given = {"started_at": T, "finished_at": T, "succeeded_at": T, "figures": {}, **more}
            TaskRun.objects.update_or_create(name=task.name, defaults=given)

    return write


def test_tasks(ran):
    assert levels(work.tasks(T)) == ["warning"], "none has run yet"
    ran()
    assert levels(work.tasks(T)) == ["ok"]
    longest = 3 * max(task.every for task in TASKS)
    assert levels(work.tasks(T + longest + 1)) == ["warning"] * len(TASKS)
    ran(failures=2, error="OperationalError")
    found = list(work.tasks(T))
    assert levels(found) == ["error"] * len(TASKS)
    assert all("OperationalError" in finding.said for finding in found)


def test_stored_clearances_that_differ(ran):
    assert levels(work.clearances(T)) == ["warning"]
    ran(figures={"workers": 10, "differences": 0})
    assert levels(work.clearances(T)) == ["ok"]
    ran(figures={"workers": 10, "differences": 1317})
    found = list(work.clearances(T))
    assert levels(found) == ["error"]
    assert "1317" in found[0].said


def test_a_steward_at_work_is_seen(transactional_db):
    from fugong.project import steward

    assert levels(work.steward_at_work(T)) == ["warning"]
    assert steward._take_post()
    try:
        assert levels(work.steward_at_work(T)) == ["ok"]
    finally:
        connection.close()


def test_a_key_that_does_not_fit(db):
    assert levels(work.decryption(T)) == ["ok"]
    subject = Subject.objects.create(kind="worker")
    worker = Worker.objects.create(
        subject=subject, name="x", initials="x", phone_encrypted=personal.encrypt("13800000000")
    )
    assert levels(work.decryption(T)) == ["ok"]
    stored = bytes(worker.phone_encrypted)
    Worker.objects.update(phone_encrypted=stored[:-1] + bytes([stored[-1] ^ 1]))
    assert levels(work.decryption(T)) == ["error"]


def test_logins_of_the_demo_outside_a_demo(db, data, monkeypatch):
    from fugong.project.cli.demo import PASSWORD

    assert levels(work.demo_logins(T)) == ["ok"]
    add_login(username="auditor", role="auditor", scope_id=None, password="another password 7")
    assert levels(work.demo_logins(T)) == ["ok"]
    add_login(username="system_operator", role="system_operator", scope_id=None, password=PASSWORD)
    found = list(work.demo_logins(T))
    assert levels(found) == ["error"]
    assert "system_operator" in found[0].said
    assert "auditor" not in found[0].said
    monkeypatch.setenv("FUGONG_DEMO", "1")
    assert levels(work.demo_logins(T)) == ["ok"]


def test_an_audit_that_is_behind_or_was_tampered_with(transactional_db, ran):
    assert levels(work.audit(T)) == ["ok"]
    with access.acting(access.as_system("a test")):
        audit.note(action="sign_in")
    assert levels(work.audit(T)) == ["ok"], "a moment may pass"
    with databases.superuser() as superuser:
        superuser.execute("SET session_replication_role = replica")
        for behind, level in (("2 minutes", "warning"), ("2 hours", "error")):
            superuser.execute("UPDATE audit_entry SET written_at = clock_timestamp() - %s::interval", [behind])
            assert levels(work.audit(T)) == [level]
    seal_everything()
    assert levels(work.audit(T)) == ["ok"]
    ran(figures={"entries": 9, "findings": 2, "waiting": 0})
    assert levels(work.audit(T)) == ["error"]
