"""Servers and databases that end in the middle, and answers that get lost: devices lose nothing, and nothing is stored twice.

The devices are the example of the documentation (docs/examples/door_device.py), which keeps its checks in SQLite.
"""

from __future__ import annotations

import importlib.util
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from doors.standing import Standing, standing

PEOPLE, DEVICES, CHECKS, BATCH = 60, 2, 300, 25
PAUSES = (0.05, 0.1, 0.2, 0.4)
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "door_device.py"


def example() -> ModuleType:
    """The documentation's client."""
    spec = importlib.util.spec_from_file_location("door_device", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


client = example()


@pytest.fixture(scope="module")
def installation() -> Iterator[Standing]:
    with standing(PEOPLE, 3 * DEVICES + 1) as one:
        yield one


@pytest.fixture
def devices(installation: Standing, tmp_path: Path) -> list[str]:
    """Devices that have been enrolled, by their files."""
    files = [str(tmp_path / f"{number}.sqlite") for number in range(DEVICES)]
    for file in files:
        client.Device(file).enrol(installation.address, installation.plant["codes"].pop(), "gate")
    return files


def kept(installation: Standing, file: str) -> set[str]:
    """Checks that a device made while nobody answered."""
    device = client.Device(file)
    now = device.now()
    workers = installation.plant["workers"]
    return {
        device.keep(
            kind="check", worker=workers[number % PEOPLE], at=now - CHECKS + number, celsius=36.5, mask=True, gloves=True,
            register={"well": True},
        )
        for number in range(CHECKS)
    }  # fmt: skip


def sending(files: list[str], server: str | None = None) -> tuple[list[threading.Thread], list[int]]:
    """Each device hands in what it has in a thread of its own; how many tries came to nothing stands in the list."""
    failed: list[int] = []

    def send(file: str) -> None:
        device = client.Device(file, patience=5)
        if server:
            device._keep("server", server)
        failed.append(device.send_all(BATCH, PAUSES))

    threads = [threading.Thread(target=send, args=[file]) for file in files]
    for thread in threads:
        thread.start()
    return threads, failed


def stored(installation: Standing) -> int:
    return int(installation.query("SELECT count(*) FROM ledger_fact WHERE kind = 'door_check'")[0][0])


def until(condition: Callable[[], bool], patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def each_once(installation: Standing, files: list[str], made: set[str]) -> None:
    """Every check is stored, once, with what was measured; the devices hold nothing any more; the cache is the ledger's."""
    for file in files:
        device = client.Device(file)
        assert device.waiting() == 0
        assert device.store.execute("SELECT count(*) FROM refused").fetchone() == (0,)
    listed = ", ".join(f"'{number}'" for number in made)
    rows = installation.query(f"SELECT id::text FROM ledger_fact WHERE kind = 'door_check' AND id IN ({listed})")
    assert sorted(row[0] for row in rows) == sorted(made)
    checks, temperatures, registers = (
        installation.query(f"SELECT count(*) FROM ledger_fact WHERE kind = '{kind}'")[0][0]
        for kind in ("door_check", "temperature", "register")
    )
    assert checks == temperatures == registers


def test_a_server_killed_in_the_middle_of_batches(installation: Standing, devices: list[str]):
    made = set().union(*(kept(installation, file) for file in devices))
    before = stored(installation)
    threads, failed = sending(devices)
    for share in (0.1, 0.5):
        goal = before + share * len(made)
        until(lambda goal=goal: stored(installation) >= goal)
        installation.kill()
        assert stored(installation) < before + len(made), "it was in the middle"
        installation.serve()
    for thread in threads:
        thread.join(60)
    assert sum(failed) > 0
    each_once(installation, devices, made)


def test_a_database_that_crashes_in_the_middle_of_batches(installation: Standing, devices: list[str]):
    made = set().union(*(kept(installation, file) for file in devices))
    before = stored(installation)
    threads, failed = sending(devices)
    until(lambda: stored(installation) >= before + 0.2 * len(made))
    installation.crash_database()
    assert stored(installation) < before + len(made), "it was in the middle"
    for thread in threads:
        thread.join(60)
    assert sum(failed) > 0
    each_once(installation, devices, made)
    verified = installation.fugong("clearance", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_answers_that_get_lost_after_the_commit(installation: Standing, devices: list[str]):
    made = set().union(*(kept(installation, file) for file in devices))
    with losing(installation.port) as (port, lost):
        threads, failed = sending(devices, f"http://127.0.0.1:{port}")
        for thread in threads:
            thread.join(60)
    assert lost[0] >= CHECKS // BATCH, "so many whole batches were stored, and nobody heard of it"
    assert sum(failed) >= lost[0]
    each_once(installation, devices, made)


@contextmanager
def losing(port: int) -> Iterator[tuple[int, list[int]]]:
    """A proxy that passes every request on, waits for the whole answer, and loses every second one; how many, it counts."""
    numbers, lost = count(), [0]

    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            onward = HTTPConnection("127.0.0.1", port)
            onward.request(
                "POST", self.path, body, {name: self.headers[name] for name in ("Authorization", "Content-Type")}
            )
            answer = onward.getresponse()
            told = answer.read()
            self.close_connection = True
            if answer.status == 200 and next(numbers) % 2 == 0:
                lost[0] += 1
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, lost
    finally:
        server.shutdown()
        server.server_close()


def test_a_client_that_hangs_up_before_it_reads(installation: Standing, tmp_path: Path):
    device = client.Device(str(tmp_path / "rude.sqlite"))
    device.enrol(installation.address, installation.plant["codes"].pop(), "gate")
    made = kept(installation, str(tmp_path / "rude.sqlite"))
    before = stored(installation)
    rows = [row for (row,) in device.store.execute("SELECT row FROM outbox")]
    body = f"[{','.join(rows)}]".encode()
    head = (
        f"POST /api/v1/doors/{installation.plant['door']}/checks HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {device.known('token')}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    for _turn in range(2):
        with socket.create_connection(("127.0.0.1", installation.port)) as connection:
            connection.sendall(head.encode() + body)
    until(lambda: stored(installation) == before + len(made))
    device.send_all(CHECKS, PAUSES)
    each_once(installation, [str(tmp_path / "rude.sqlite")], made)
