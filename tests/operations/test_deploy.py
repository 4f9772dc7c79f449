"""``docs/deploy``: what stands there is what holds: roles, units, proxies, settings, and every command of the two guides."""

from __future__ import annotations

import configparser
import http.client
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import click
import psycopg
import pytest

import databases
from fugong.base import environment
from fugong.project import logins, proxy
from fugong.project.cli import COMMANDS
from fugong.project.cli.root import _MODULES
from operations.commands import empty_database, fugong

DEPLOY = Path(__file__).resolve().parents[2] / "docs" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
GUIDES = ("README.md", "README.zh-CN.md")


def settings_of(name: str) -> dict[str, str]:
    lines = (DEPLOY / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name)
    return parser


def understood(words: list[str]) -> click.Command:
    """The subcommand that takes these words; a word that it doesn't take fails."""
    assert words[0] in COMMANDS, words
    command: click.Command = import_module(f"fugong.project.cli.{_MODULES.get(words[0], words[0])}").command
    rest = words[1:]
    while isinstance(command, click.Group):
        command, rest = command.commands[rest[0]], rest[1:]
    command.make_context(words[0], rest)
    return command


def test_the_sql_is_the_one_that_the_program_itself_uses():
    assert (DEPLOY / "roles.sql").read_text() == logins.ROLES.read_text()


def test_the_sql_makes_two_logins_that_can_do_what_they_need_and_no_more():
    with empty_database("test_fugong_roles") as server:
        with databases.superuser("test_fugong_roles") as superuser:
            superuser.execute((DEPLOY / "roles.sql").read_bytes())  # a second time: harmless
            powers = superuser.execute(
                "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
                "WHERE rolname IN ('fugong_app', 'fugong_owner') ORDER BY 1"
            ).fetchall()
        assert powers == [(name, True, *[False] * 5) for name in ("fugong_app", "fugong_owner")]
        with psycopg.connect(server["FUGONG_OWNER_URL"], autocommit=True) as owner:
            owner.execute("CREATE TABLE things (name text)")
            for name, value in {"log_statement": "none", "log_min_error_statement": "panic", "log_error_verbosity": "terse",
                                "log_parameter_max_length_on_error": "0", "log_min_duration_statement": "-1"}.items():  # fmt: skip
                assert owner.execute(f"SHOW {name}".encode()).fetchone() == (value,)
        with psycopg.connect(server["DATABASE_URL"], autocommit=True) as app:
            for statement in ("SELECT * FROM things", "CREATE TABLE more (name text)", "SET ROLE fugong_owner",
                              "ALTER ROLE fugong_app BYPASSRLS", "CREATE SCHEMA more"):  # fmt: skip
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(statement.encode())


@pytest.mark.parametrize("name", UNITS)
def test_each_unit_runs_a_command_that_there_is(name):
    service = unit(name)["Service"]
    words = shlex.split(service["ExecStart"])
    if words[0] == "/usr/bin/logger":
        return
    assert words[0] == "/opt/fugong/bin/fugong"
    understood(words[1:])
    assert service["User"] == "fugong"
    assert {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "UMask": "0077"}.items() <= dict(service).items()


def test_the_owner_is_known_only_to_units_that_change_or_save_tables():
    told = {name for name in UNITS if "owner.env" in (DEPLOY / name).read_text()}
    assert told == {"fugong-backup.service", "fugong-upgrade.service"}
    assert "FUGONG_OWNER_URL" not in settings_of("fugong.env")
    assert set(settings_of("owner.env")) == {"FUGONG_OWNER_URL"}


@pytest.mark.parametrize("name", ["fugong-backup", "fugong-check"])
def test_each_timer_starts_its_unit_and_failures_are_told(name):
    assert unit(f"{name}.timer")["Timer"]["OnCalendar"]
    assert f"{name}.service" in UNITS
    assert unit(f"{name}.service")["Unit"]["OnFailure"].split("@")[0] + "@.service" in UNITS


def test_every_setting_is_one_that_the_program_knows():
    known = set(re.findall(r"``([A-Z_]+)``", environment.__doc__ or "")) | {"NUMBA_CACHE_DIR"}
    assert set(settings_of("fugong.env")) | set(settings_of("owner.env")) <= known
    assert proxy.networks(settings_of("fugong.env")["FUGONG_PROXY"])


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_the_proxies_lead_to_where_the_pages_are_served(name):
    words = shlex.split(unit("fugong-web.service")["Service"]["ExecStart"])
    port = words[words.index("--port") + 1]
    text = (DEPLOY / name).read_text()
    assert f"127.0.0.1:{port}" in text
    assert settings_of("fugong.env")["FUGONG_HOSTS"] in text
    assert text.count("{") == text.count("}")
    if name == "nginx.conf":  # it adds to what visitors say unless it is told otherwise; Caddy replaces it by itself
        assert "X-Forwarded-For $remote_addr;" in text
        assert "X-Forwarded-Proto $scheme;" in text


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_of_the_guides_is_understood(guide):
    text = (DEPLOY / guide).read_text()
    said = re.findall(r"(?:^|[\s`(])(?:/opt/fugong/bin/)?fugong ((?:[a-z]+)(?: [^\s`#&(（)）]+)*)", text, re.MULTILINE)
    commands = [shlex.split(line) for line in said if line.split()[0] in COMMANDS]
    assert len(commands) >= 12
    for words in commands:
        if words[0] not in {"check", "backup", "upgrade", "up", "restore", "key", "steward", "serve"}:
            continue
        if words in (["restore"], ["key"]):
            continue
        understood(words)


def test_both_guides_say_the_same():
    english, chinese = ((DEPLOY / guide).read_text() for guide in GUIDES)
    for of in (
        re.compile(r"^## (\d+)\.", re.MULTILINE),
        re.compile(r"```(\w+)"),
        re.compile(r"FUGONG_[A-Z_]+|DATABASE_URL"),
    ):
        assert sorted(set(of.findall(english))) == sorted(set(of.findall(chinese)))
    blocks = [re.findall(r"```(?:sh|sql)\n(.*?)```", text, re.DOTALL) for text in (english, chinese)]
    plain = [[re.sub(r"\s+#.*", "", block) for block in found] for found in blocks]
    assert plain[0] == plain[1]
    for found in re.findall(r"\]\(([^)#]+)\)", english + chinese):
        assert found.startswith("http") or (DEPLOY / found).exists(), found


@contextmanager
def served(**surroundings: str) -> Iterator[int]:
    """``fugong serve`` as the unit runs it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "fugong", "serve", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, **surroundings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _attempt in range(600):
            assert server.poll() is None
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def ask(port: int, method: str, path: str, body: str = "", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.read()
    return answer


def test_a_server_behind_its_proxy_from_an_empty_database(tmp_path):
    """Prepared, first administrator made, served: cookies by HTTPS only, and the audit names the visitor, not the proxy."""
    visitor, host = "192.168.7.31", "fugong.plant.example"
    with empty_database("test_fugong_served") as server:
        here = {
            **server,
            "FUGONG_DATA": str(tmp_path),
            "FUGONG_HTTPS": "1",
            "FUGONG_HOSTS": host,
            "FUGONG_PROXY": "127.0.0.1",
        }
        fugong("upgrade", **here)
        assert "admin" in fugong("up", "--prepare-only", **here).stdout
        only_serving = {**here, "FUGONG_OWNER_URL": ""}
        through = {"Host": host, "X_Forwarded_For": f"8.8.8.8, {visitor}", "X_Forwarded_Proto": "https"}
        with served(**only_serving) as port:
            page = ask(port, "GET", "/login/", **through)
            cookies = page.headers.get_all("Set-Cookie") or []
            token = next(cookie.split("=", 1)[1].split(";")[0] for cookie in cookies if cookie.startswith("csrftoken="))
            refused = ask(
                port, "POST", "/login/", f"csrfmiddlewaretoken={token}&username=admin&password=wrong", **through,
                Cookie=f"csrftoken={token}", Origin=f"https://{host}", Content_Type="application/x-www-form-urlencoded",
            )  # fmt: skip
            other = ask(port, "GET", "/login/", Host="elsewhere.example")
        assert page.status == 200
        assert all("Secure" in cookie for cookie in cookies)
        assert page.headers["Strict-Transport-Security"]
        assert refused.status == 422
        assert other.status == 400
        with psycopg.connect(server["FUGONG_OWNER_URL"]) as owner:
            origins = owner.execute(
                "SELECT DISTINCT origin FROM audit_entry WHERE action = 'sign_in.failed'"
            ).fetchall()
        assert origins == [(visitor,)]
        assert "0 errors" in fugong("check", **only_serving).stdout


def test_wrong_settings_are_one_sentence(tmp_path):
    (tmp_path / "postgres").mkdir()
    nowhere = {"DATABASE_URL": "postgresql://fugong_app@/x?host=/nowhere", "FUGONG_DATA": str(tmp_path)}
    for name, value in (("FUGONG_PROXY", "the proxy"), ("FUGONG_LOSS_LIMIT", "many")):
        for language in ("en", "zh"):
            said = fugong("check", code=2, **nowhere, **{name: value, "FUGONG_LANGUAGE": language}).stderr
            assert name in said
            assert any("\u4e00" <= character <= "\u9fff" for character in said) is (language == "zh")
