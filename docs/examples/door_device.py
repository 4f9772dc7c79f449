#!/usr/bin/env python3
"""A device at a door: a turnstile, a thermal camera, or whatever else can run Python (3.9 or later, nothing to install).

    door_device.py enrol https://fugong.example AB12-CD34 --name "east turnstile"
    door_device.py list                                    # fetch who may come here; later only what has changed
    door_device.py check AbCdEfGhIjk --celsius 36.5        # keep a check; it is on the disk before the command ends
    door_device.py send                                    # hand in what is kept, until all of it is there
    door_device.py decide AbCdEfGhIjk --celsius 36.5       # for a device that keeps no list: let the server decide

Everything stands in one SQLite file (--file, else door.sqlite). A check leaves it when the server says that it is stored,
already stored, or refused for good; whatever else happens (no network, no answer, a server or a database that restarts), it is
sent again, and the server stores it once, because its number was made here. Refused rows are kept apart, with the reason.

docs/doors.md is the contract. A device that decides by itself with the list also needs "The decision" from there
(tests/doors/vectors/decisions.json has the cases), and should check the list's signature: this one believes its connection.
"""

from __future__ import annotations

import argparse
import http.client
import json
import secrets
import sqlite3
import sys
import time
import urllib.error
import urllib.request
import uuid

PAUSES = (0.5, 1, 2, 4, 8, 15, 30, 60)
"""Seconds between two tries while the server can't be reached."""
TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS known (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (place INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, row TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refused (id TEXT PRIMARY KEY, row TEXT NOT NULL, problem TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, entry TEXT NOT NULL);
"""


class Unreachable(Exception):
    """No answer, or none that says anything about what was sent: try again later."""


class Refused(Exception):
    """The server won't have it, now or later: the code of its reason, and a sentence."""


def new_id() -> str:
    """A UUIDv7: milliseconds since 1970, then chance."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return str(uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62))


class Device:
    """A device and what it keeps in a file."""

    def __init__(self, file: str, patience: float = 30) -> None:
        self.store = sqlite3.connect(file, isolation_level=None)
        self.store.executescript(TABLES)
        self.patience = patience  # seconds to wait for an answer

    # what is known

    def known(self, name: str):
        found = self.store.execute("SELECT value FROM known WHERE name = ?", [name]).fetchone()
        return json.loads(found[0]) if found else None

    def _keep(self, name: str, value) -> None:
        self.store.execute("REPLACE INTO known VALUES (?, ?)", [name, json.dumps(value)])

    def now(self) -> int:
        """The time by the server's clock, as far as it is known."""
        return int(time.time() + (self.known("ahead") or 0))

    # asking the server

    def ask(self, method: str, path: str, body=None):
        """The server's answer as JSON. Raises Unreachable (again later) or Refused (never again)."""
        headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        if self.known("token"):
            headers["Authorization"] = f"Bearer {self.known('token')}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.known("server") + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.patience) as answer:
                self._clock(answer.headers)
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            self._clock(error.headers)
            if error.code >= 500 or error.code in (408, 429):
                raise Unreachable(f"{error.code}") from None
            raise Refused(*_problem(error)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:  # no route, cut off, half an answer
            raise Unreachable(str(error)) from None

    def _clock(self, headers) -> None:
        if headers.get("Fugong-Now"):
            self._keep("ahead", int(headers["Fugong-Now"]) - int(time.time()))

    def _door(self, what: str) -> str:
        return f"/api/v1/doors/{self.known('door')}/{what}"

    # enrolling

    def enrol(self, server: str, code: str, name: str) -> None:
        """Use up a one-time code. The token stands in this file alone: the server keeps a digest of it."""
        self._keep("server", server.rstrip("/"))
        answer = self.ask("POST", "/api/v1/devices/enrol", {"code": code, "name": name})
        self._keep("token", answer["token"])
        self._keep("door", answer["door"]["id"])
        self._keep("lineage", answer["lineage"])

    # the list

    def fetch(self) -> int:
        """Fetch the list, or what has changed of it; returns how many people are on it."""
        since, lineage = self.known("number"), self.known("lineage")
        told = self.ask("GET", self._door("snapshot") + (f"?since={since}&lineage={lineage}" if since else ""))
        people = told.pop("people")
        entries = [dict(zip(people, row)) for row in zip(*people.values())]
        self.store.execute("BEGIN IMMEDIATE")
        if told["since"] is None:
            self.store.execute("DELETE FROM people")
        self.store.executemany("DELETE FROM people WHERE id = ?", [[who] for who in told.pop("gone")])
        self.store.executemany("REPLACE INTO people VALUES (?, ?)", [[one["id"], json.dumps(one)] for one in entries])
        self._keep("number", told["number"])
        self._keep("lineage", told["lineage"])
        self._keep("list", {**(self.known("list") or {}), **told})
        self.store.execute("COMMIT")
        return self.store.execute("SELECT count(*) FROM people").fetchone()[0]

    # checks

    def keep(self, **row) -> str:
        """Put a row into the outbox; once this returns, it is on the disk. Returns its number."""
        row = {"id": new_id(), "at": self.now(), **row}
        self.store.execute("INSERT INTO outbox (id, row) VALUES (?, ?)", [row["id"], json.dumps(row)])
        return row["id"]

    def waiting(self) -> int:
        """How many rows wait."""
        return self.store.execute("SELECT count(*) FROM outbox").fetchone()[0]

    def send(self, most: int = 500) -> int:
        """Hand in the oldest rows, once; returns how many wait still. Raises Unreachable or Refused; then all of them do."""
        rows = self.store.execute("SELECT id, row FROM outbox ORDER BY place LIMIT ?", [most]).fetchall()
        if not rows:
            return 0
        answer = self.ask("POST", self._door("checks"), [json.loads(row) for _id, row in rows])
        if len(answer["rows"]) != len(rows):
            raise Unreachable("half an answer")
        self.store.execute("BEGIN IMMEDIATE")
        for (number, row), said in zip(rows, answer["rows"]):
            if said["status"] == "refused":
                self.store.execute("REPLACE INTO refused VALUES (?, ?, ?)", [number, row, json.dumps(said["problem"])])
            self.store.execute("DELETE FROM outbox WHERE id = ?", [number])
        self.store.execute("COMMIT")
        return self.waiting()

    def send_all(self, most: int = 500, pauses=PAUSES) -> int:
        """Hand in everything, however often that takes; returns how many tries came to nothing."""
        failed = in_a_row = 0
        while True:
            try:
                in_a_row = 0 if self.send(most) else -1
            except Unreachable:
                failed, in_a_row = failed + 1, in_a_row + 1
                time.sleep(pauses[min(in_a_row, len(pauses)) - 1])
            if in_a_row < 0:
                return failed

    def decide(self, worker: str, **measured):
        """What the server decides. It is stored: a second call with the same ``id`` gets the same decision."""
        row = {"id": new_id(), "worker": worker, **measured}
        for pause in (*PAUSES[:3], None):
            try:
                return self.ask("POST", self._door("decide"), row)
            except Unreachable:
                if pause is None:
                    raise
                time.sleep(pause)


def _problem(error: urllib.error.HTTPError):
    try:
        said = json.loads(error.read())
        return said.get("code", error.code), said.get("detail", "")
    except ValueError:
        return error.code, error.reason


def main() -> int:
    """The commands."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--file", default="door.sqlite", help="where the device keeps what it has")
    commands = options.add_subparsers(dest="command", required=True)
    enrol = commands.add_parser("enrol")
    enrol.add_argument("server")
    enrol.add_argument("code")
    enrol.add_argument("--name", default="")
    for name in ("list", "send"):
        commands.add_parser(name)
    for name in ("check", "decide"):
        one = commands.add_parser(name)
        one.add_argument("worker", help="the pseudonym that stands on the list, or the worker's id")
        one.add_argument("--celsius", type=float)
        one.add_argument("--direction", choices=["in", "out"], default="in")
        one.add_argument("--bare", action="store_true", help="without mask and gloves")
    given = options.parse_args()
    device = Device(given.file)
    try:
        print(json.dumps(_done(device, given), ensure_ascii=False))
    except Unreachable as error:
        print(f"The server cannot be reached ({error}). What is kept stays kept.", file=sys.stderr)
        return 2
    except Refused as error:
        print(": ".join(map(str, error.args)), file=sys.stderr)
        return 1
    return 0


def _done(device: Device, given: argparse.Namespace):
    if given.command == "enrol":
        device.enrol(given.server, given.code, given.name)
        return {"door": device.known("door")}
    if given.command == "list":
        return {"people": device.fetch(), "number": device.known("number")}
    if given.command == "send":
        device.send_all()
        return {"waiting": device.waiting()}
    row = {"worker": given.worker, "direction": given.direction, "mask": not given.bare, "gloves": not given.bare}
    if given.celsius is not None:
        row["celsius"] = given.celsius
    return {"kept": device.keep(**row)} if given.command == "check" else device.decide(**row)


if __name__ == "__main__":
    sys.exit(main())
