"""Who asks, what is known of whom they ask about, and what is written of it: two turns to the database and back."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db import Error as DatabaseError

from fugong.base import access
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.clearance import evaluation
from fugong.clearance.devices import STORED, Scene
from fugong.clearance.evaluation import Force
from fugong.clearance.unaffected import leaves
from fugong.core.protocol import door as deciding
from fugong.core.protocol.door import Measures, Steps
from fugong.doors import devices, queries
from fugong.doors.algorithms import base64url
from fugong.doors.api_checks import fields_of
from fugong.doors.decisions import PERMISSION
from fugong.doors.errors import SOURCE
from fugong.doors.intake import checks, taking
from fugong.doors.intake.checks import Taken
from fugong.doors.intake.rows import Usual
from fugong.doors.pseudonyms import LENGTH
from fugong.doors.short.reading import check_of
from fugong.doors.short.sending import Database
from fugong.doors.short.sql import ASK, NOTE
from fugong.ledger.services import NewFact
from fugong.ledger.validation import checked, interval, kind_of, plausible_at, require_stated_by

ROLE = "door_device"
_ANSWER, _VALUES = json.JSONEncoder(default=str), json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a decision as it came: by whom, to which door, from where, and what for."""

    path: str
    door: UUID
    body: bytes
    authorization: str
    origin: str
    purpose: str


class _LongWay(Exception):  # noqa: N818 - no error: another way
    """Something is not as it nearly always is."""


class _Renews(Exception):  # noqa: N818
    """What is stored of the worker changes: that is the business of those who take in every check."""

    def __init__(self, found: _Found) -> None:
        super().__init__()
        self.found = found


@dataclass(frozen=True, slots=True)
class _Found:
    """Who asks (device, login, role), about whom, what is in force, and the worker's step functions by permission."""

    device: UUID
    login: UUID
    scope_id: UUID
    role: str
    worker: UUID
    forces: list[Force]
    known: list[deciding.Force]
    steps: Mapping[str, tuple[list[int], list[int]]]
    adoptions: int
    seen: str


def decided(asked: Asked, now: int) -> bytes | None:
    """The decision as JSON, stored; None, with nothing written, where the long way has to be gone."""
    check = check_of(asked.body, now)
    if check is None:
        return None
    try:
        try:
            said = _shortly(asked, check, now)
        except _Renews as known:
            said = _taken_in(asked, known.found, check, now)
    except (_LongWay, Fault, ValueError, DatabaseError, psycopg.Error):
        return None
    return _ANSWER.encode(said).encode()


def _shortly(asked: Asked, check: Usual, now: int) -> dict[str, Any]:
    """On the thread's connection, which no transaction is using. Raises whatever asks for the long way."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.close_at is not None and time.monotonic() >= connection.close_at:
        connection.close()
    connection.ensure_connection()
    if connection.in_atomic_block or not connection.get_autocommit():
        raise _LongWay
    database = Database(connection.connection.pgconn)
    try:
        return _taken(database, asked, check, now)
    except BaseException:
        if not database.rolled_back():
            connection.close()
        raise


def _taken(database: Database, asked: Asked, check: Usual, now: int) -> dict[str, Any]:
    found = _found(database, asked, check, now)
    stored = found.steps.get(PERMISSION)
    answer = deciding.decide(
        found.known, None if stored is None else Steps(*stored), check.when, check.direction,
        Measures(check.celsius, check.mask, check.gloves),
    )  # fmt: skip
    said = checks.Batch(asked.door, now, found.login, found.device).said(check, answer)
    facts = [*checks.beside(check, found.worker), NewFact(found.worker, "door_check", check.when, said, id=check.id)]
    kinds = [fact.kind for fact in facts]
    require_stated_by(found.role, kinds)
    if not evaluation.own_kinds(found.forces).isdisjoint(kinds) and not leaves(facts, found.forces, found.steps):
        raise _Renews(found)
    database.row(
        *NOTE, ROLES[ROLE].scope, found.scope_id, found.role, asked.purpose, asked.origin, found.worker, found.adoptions,
        found.seen or None, [fact.id for fact in facts], kinds, f"[{','.join(_right(fact, now) for fact in facts)}]",
        check.when, now, SOURCE, found.login, f"door:{asked.door}",
    )  # fmt: skip
    return fields_of(check.id, Taken(STORED, found.worker, check.when, said), found.forces)


def _taken_in(asked: Asked, found: _Found, check: Usual, now: int) -> dict[str, Any]:
    """The same as ``api_checks.decide`` does once it knows who asks, in a transaction of its own. Raises Fault."""
    user = User(id=found.login, scope_id=found.scope_id, role_name=found.role)
    given = {name: value for name in _GIVEN if (value := getattr(check, name)) is not None}
    with access.acting(access.as_user(user, purpose=asked.purpose, origin=asked.origin)):
        with access.narrowed(()):
            scene = Scene(queries.door_of(user, asked.door), now, user, found.device)
        (answer,) = taking.take(scene, [{**given, "id": str(check.id), "worker": str(found.worker), "at": check.when}])
        if answer.taken.fault is not None:
            raise answer.taken.fault
        return fields_of(check.id, answer.taken, found.forces)


_GIVEN = ("direction", "celsius", "mask", "gloves")


def _found(database: Database, asked: Asked, check: Usual, now: int) -> _Found:
    """The device that asks, whom it asks about, and what is known of them. Raises DeviceError and others."""
    parts = asked.authorization.split(" ")
    signed = parts[0] == "Fugong" and len(parts) == 4
    if not signed and (parts[0] != "Bearer" or len(parts) != 2):
        raise _LongWay
    whom = UUID(check.worker) if len(check.worker) > LENGTH else None
    row = database.row(
        *ASK, UUID(parts[1]) if signed else None, None if signed else devices.token_digest(parts[1]), asked.door,
        None if whom else check.worker, whom, [check.id, *(fact.id for fact in checks.beside(check, check.id))],
    )  # fmt: skip
    if row is None:
        raise _LongWay
    device, public, seen_at, login, scope_id, role, worker, adoptions, seen, steps = (one or "" for one in row)
    if signed:
        body = base64url(hashlib.sha256(asked.body).digest())
        said = f"POST\n{asked.path}\n{parts[2]}\n{body}"
        devices.prove(json.loads(public) if public else None, parts[2], parts[3], said, now=now)
    if role != ROLE or devices.to_be_noted(int(seen_at) if seen_at else None, now):
        raise _LongWay
    forces, known = _in_force(adoptions)
    return _Found(
        UUID(device), UUID(login), UUID(scope_id), role, UUID(worker), forces, known, json.loads(steps) if steps else {},
        len(adoptions.split()), seen,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _in_force(adoptions: str) -> tuple[list[Force], list[deciding.Force]]:
    """What is in force by these adoptions: none of them ever changes. Raises where they touch what doors state."""
    with access.acting(access.as_system("what is in force")):  # nobody acts yet: without a scope nothing would be seen
        forces = evaluation.in_force()
    if adoptions and not forces:
        raise _LongWay
    linked = {name for force in forces for link in force.pack.links for name in (link.kind, link.of)}
    if linked & {"temperature", "door_check"}:
        raise _LongWay
    return forces, [deciding.force_of(one.pack, PERMISSION, one.start, one.end) for one in forces]


def _right(fact: NewFact, now: int) -> str:
    """The values of an event as they are stored, held to what the ledger asks of them. Raises FactError."""
    kind = kind_of(fact.kind)
    start, end = interval(kind, fact.start, fact.end)
    plausible_at(kind, fact.values, start, end, now)
    return _VALUES.encode(checked(kind, fact.values))
