"""Nothing personal is written anywhere: a marker name, number and phone go through everything, and are looked for."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

import builders
import databases
from fugong.base.logs import WithoutValues
from fugong.clearance import evaluation
from fugong.ledger import services as ledger
from fugong.project import logins, steward
from fugong.project.cli.root import without_values
from fugong.project.logins import as_login
from fugong.project.tasks import Task
from fugong.registry import bulk, queries
from personal.planting import MARKERS, NAME, NUMBER, PHONE, Planted
from personal.watching import Written, found_in, look_at


def client_of(planted: Planted, role: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(planted.place.users[role])
    return client


def failing_query() -> None:
    """What PostgreSQL refuses in words that hold every value."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::uuid", [" ".join(MARKERS)])


def test_the_failure_would_tell_everything(planted: Planted):
    with pytest.raises(Exception, match=NAME) as caught, transaction.atomic():
        failing_query()
    assert found_in(str(caught.value)) == list(MARKERS)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "path", ["/workers/{worker}/file/", "/workers/{worker}/", "/api/v1/workers/{worker}/clearance"]
)
def test_a_page_that_fails(path, debug, planted: Planted, written: Written, capfd, monkeypatch, settings):
    settings.DEBUG = debug
    monkeypatch.setattr(evaluation, "read", lambda *given, **more: failing_query())
    monkeypatch.setattr(queries, "lines", lambda *given, **more: failing_query())
    for language in ("zh-hans", "en"):
        client = client_of(planted, "enterprise_clerk")
        client.cookies["django_language"] = language
        answer = client.get(path.format(worker=planted.worker))
        assert answer.status_code == 500
        look_at(answer, path)
        assert "text/html" in answer.headers["Content-Type"] or path.startswith("/api/")
        assert ("in failing_query" in answer.content.decode()) is (debug and not path.startswith("/api/"))
    shown = capfd.readouterr()
    assert "DataError" in written.text
    assert not found_in(written.text + shown.out + shown.err)


@pytest.mark.parametrize("debug", [False, True])
def test_a_program_that_wants_no_page_is_told_as_little(debug, planted: Planted, monkeypatch, settings):
    settings.DEBUG = debug
    monkeypatch.setattr(queries, "lines", lambda *given, **more: failing_query())
    answer = client_of(planted, "enterprise_clerk").get(
        f"/workers/{planted.worker}/file/", headers={"Accept": "text/plain"}
    )
    assert answer.status_code == 500
    assert not found_in(answer.content.decode())


def sheet() -> SimpleUploadedFile:
    rows = f"姓名,身份证号,手机号\n{NAME},{NUMBER[:-1]}9,{PHONE}\n{NAME},{builders.resident_number(7)},{PHONE}\n"
    return SimpleUploadedFile("花名册.csv", rows.encode())


@pytest.mark.parametrize("fails", [False, True])
def test_an_import_that_fails(fails, planted: Planted, written: Written, capfd, monkeypatch):
    """By page and by program: rows in error, and a database that refuses."""
    place = planted.place
    client = client_of(planted, "enterprise_clerk")
    kept = client.post(f"/enterprises/{place.enterprise.pk}/roster/", {"file": sheet()})
    look_at(kept, "upload")
    preview = client.get(kept.url)
    assert NUMBER not in preview.content.decode()
    assert PHONE not in preview.content.decode()
    if fails:
        monkeypatch.setattr(bulk, "write_workers", lambda rows: failing_query())
        monkeypatch.setattr(ledger, "append", lambda **given: failing_query())
    answers = [
        client.post(f"{kept.url}take-in/"),
        client_of(planted, "enterprise_clerk").post(
            f"/api/v1/enterprises/{place.enterprise.pk}/roster", {"file": sheet()}
        ),
    ]
    for answer in answers:
        look_at(answer, "roster")
        assert (answer.status_code >= 400) is fails, answer.status_code
        assert not {NUMBER, PHONE} & set(found_in(answer.content.decode()))
    shown = capfd.readouterr()
    assert not found_in(written.text + shown.out + shown.err)


def test_a_command_that_fails(planted: Planted, written: Written, capfd):
    with pytest.raises(SystemExit) as ended, without_values(), transaction.atomic():
        failing_query()
    assert ended.value.code == 2
    shown = capfd.readouterr()
    assert "in failing_query" in shown.err
    assert "DataError" in shown.err
    assert "Traceback" not in shown.err
    assert not found_in(written.text + shown.out + shown.err)


def test_a_task_that_fails(planted: Planted, written: Written, capfd):
    def fail(now: int) -> dict[str, int]:
        failing_query()
        return {}

    run = steward.perform(Task("marker", "marker", 60, fail), None)
    shown = capfd.readouterr()
    assert run.error == "DataError"
    assert not found_in(f"{run.__dict__}{written.text}{shown.out}{shown.err}")
    assert "The task marker failed" in written.text


def test_what_nobody_catches(capsys, monkeypatch):
    from fugong.base.logs import quiet_hooks

    for hook in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, hook, getattr(sys, hook))
    monkeypatch.setattr("threading.excepthook", None)
    quiet_hooks()
    try:
        raise ValueError(NUMBER)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    shown = capsys.readouterr()
    assert shown.err.endswith("in test_what_nobody_catches\nValueError\n")
    assert not found_in(shown.err)


def test_an_exception_in_a_message_is_told_by_its_kind():
    error = ValueError(NAME)
    for message, args in (("failed: %s", (error,)), ("failed: %(why)s", ({"why": error},)), (error, None)):
        record = logging.LogRecord("fugong", logging.ERROR, __file__, 1, message, args, None)
        record.exc_text = NUMBER
        text = WithoutValues().format(record)
        assert "ValueError" in text
        assert not found_in(text)


def log_of_the_server() -> Path | None:
    """PostgreSQL's own log: beside its data, or among them."""
    with databases.superuser() as whole:
        folder = Path(whole.execute("SHOW data_directory").fetchone()[0])  # type: ignore[index]
    return next((path for path in (folder / "log", folder.parent / "log") if path.is_file()), None)


@pytest.mark.parametrize("login", [logins.SERVING, logins.OWNER])
def test_postgresql_writes_no_value_of_ours(login, planted: Planted):
    """Each statement fails on the server with the marker in its text, its parameters or its row."""
    log, canary = log_of_the_server(), f"canary {os.getpid()} {login}"
    name = connection.settings_dict["NAME"]
    address = as_login(os.environ["FUGONG_TEST_SUPERUSER_URL"], login)
    with psycopg.connect(address, dbname=name, autocommit=True) as ours, databases.superuser() as superuser:
        settings = {
            setting: ours.execute(f"SHOW {setting}").fetchone()[0]  # type: ignore[index,arg-type]
            for setting in ("log_min_messages", "log_min_error_statement", "log_error_verbosity", "log_statement",
                            "log_parameter_max_length_on_error")
        }  # fmt: skip
        for marker in MARKERS:
            for statement, parameters in (
                (f"SELECT '{marker}'::uuid", None), ("SELECT %s::text::uuid", [marker]),
                ("INSERT INTO registry_division (subject_id, code, name) VALUES (NULL, '1', %s)", [marker]),
                (f"SELECT nothing /* {marker} */ FROM nowhere", None), (f"DO $$BEGIN RAISE WARNING '{marker}'; END$$", None),
            ):  # fmt: skip
                try:
                    ours.execute(statement, parameters)  # type: ignore[arg-type]
                except psycopg.Error:
                    continue
                assert "WARNING" in statement, statement
        with pytest.raises(psycopg.Error):
            superuser.execute(f"SELECT '{canary}'::uuid".encode())
    assert settings == {
        "log_min_messages": "fatal", "log_min_error_statement": "panic", "log_error_verbosity": "terse",
        "log_statement": "none", "log_parameter_max_length_on_error": "0",
    }  # fmt: skip
    if log is not None:  # a server elsewhere keeps its log to itself
        told = log.read_text(errors="replace")
        assert canary in told
        assert not found_in(told)
