"""Reads of the audit: an auditor's search, and who looked at a person's file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from fugong.audit import wording
from fugong.audit.directory import directory
from fugong.audit.models import Batch, Entry

_DECIDED = {"act", "protocol", "deputy", "review"}
KINDS: dict[str, tuple[str, ...]] = {
    "read": ("read",),
    "written": ("insert", "update", "delete", "truncate"),
    "audit": ("search", "export"),
    "power": tuple(code for code in wording.ACTIONS if code.partition(".")[0] in _DECIDED),
}
"""Actions that one chooses together; ``signing`` stands for all others."""


@dataclass(frozen=True, slots=True)
class Search:
    """What an auditor looks for; None and empty mean whatever. Moments are by Fugong's clock, ``[since, until)``."""

    since: int | None = None
    until: int | None = None
    actor: UUID | None = None
    kind: str = ""
    pages: tuple[str, ...] = ()
    organisations: tuple[UUID, ...] | None = None
    persons: tuple[UUID, ...] | None = None


def entries(search: Search) -> QuerySet[Entry]:
    """The entries that fit, newest first. To be called by an auditor or the system."""
    found = Entry.objects.order_by("-at", "-id").defer("subjects")
    if search.since is not None:
        found = found.filter(at__gte=search.since)
    if search.until is not None:
        found = found.filter(at__lt=search.until)
    if search.actor is not None:
        found = found.filter(actor=search.actor)
    if search.kind in KINDS:
        found = found.filter(action__in=KINDS[search.kind])
    elif search.kind:
        found = found.exclude(action__in=[action for actions in KINDS.values() for action in actions])
    if search.pages:
        found = found.filter(_on(search.pages))
    if search.organisations is not None:
        found = found.filter(scope_id__in=search.organisations)
    if search.persons is not None:
        found = found.filter(pk__in=_about(search.persons))
    return found


_METHODS = ("GET", "POST")


def _on(pages: Iterable[str]) -> Q:
    """The purposes of requests to these pages, what was done in them on behalf of the system included."""
    told = [f"{method} /{page}" for page in pages for method in _METHODS]
    hits = Q(purpose__in=told)
    for one in told:
        hits |= Q(purpose__startswith=f"{one} · ")
    return hits


def _about(persons: Iterable[UUID]) -> list[int]:
    """Entries that concern one of these persons: asked of the database's own function, which knows an index for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e FROM unnest(%s::uuid[]) AS whom, audit_entries_about(whom) AS e", [list(persons)]
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in words. ``people`` is how many persons' data it concerns: an auditor isn't told whose.

    ``login`` is the login that was given, renewed, closed, opened, rescued or named a deputy: its user name, and its role.
    ``told`` is what else is to say of a decision over many.
    """

    entry: Entry
    actor: str
    role: str
    organisation: str
    action: str
    what: str
    purpose: str
    reason: str
    people: int
    login: str = ""
    told: str = ""


def rows(page: Iterable[Entry]) -> list[Row]:
    """What a list says of these entries, in a fixed number of queries whatever their number."""
    shown = list(page)
    names = directory().organisations({e.scope_id for e in shown if e.scope_id and e.scope != "worker"})
    users = {key: name or username for key, username, name in _logins({e.actor for e in shown if e.actor})}
    people = _how_many([entry.pk for entry in shown])
    return [
        Row(
            entry=entry, actor=users.get(entry.actor, "") if entry.actor else _tried(entry), login=_login(entry),
            told=wording.told(entry.details),
            role=wording.role(entry.role), organisation=_organisation(entry, names), action=wording.action(entry.action),
            what=wording.relation(entry.relation) if entry.relation else "", purpose=wording.purpose(entry.purpose),
            reason=wording.reason(entry.reason), people=people.get(entry.pk, 0),
        )
        for entry in shown
    ]  # fmt: skip


def _logins(ids: Iterable[UUID]) -> list[tuple[UUID, str, str]]:
    """The user names and names of logins, of which an auditor sees nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, username, name FROM audit_logins(%s)", [list(ids)])
        found: list[tuple[UUID, str, str]] = cursor.fetchall()
        return found


def user_name(login: UUID) -> str:
    """The user name of a login; empty when there is none."""
    return next((username for _key, username, _name in _logins([login])), "")


def login_called(username: str) -> UUID | None:
    """The login of this user name, in whatever case it is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_login_called(%s)", [username])
        found: UUID | None = cursor.fetchone()[0]
        return found


_SIGNING_IN = "sign_in."


def _tried(entry: Entry) -> str:
    """The login by which somebody unknown tried to sign in."""
    return str(entry.details.get("username", "")) if entry.action.startswith(_SIGNING_IN) else ""


def _login(entry: Entry) -> str:
    """The login that somebody did something to, with its role."""
    name, role = entry.details.get("username", ""), entry.details.get("role", "")
    if not name or entry.action.startswith(_SIGNING_IN):
        return ""
    return f"{name} · {wording.role(role)}" if role else str(name)


def _organisation(entry: Entry, names: dict[UUID, str]) -> str:
    if entry.scope_id is None or entry.scope == "worker":
        return wording.scope(entry.scope)
    return names.get(entry.scope_id) or wording.scope(entry.scope)


def _how_many(ids: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, cardinality(subjects) FROM audit_entry WHERE id = ANY(%s)", [list(ids)])
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody was shown a person's data: when, under which role and for which organisation, what for and why."""

    id: int
    at: int
    actor: UUID | None
    role: str
    organisation: str
    purpose: str
    reason: str


class Looks(Sequence[Look]):
    """The looks at one person's data, newest first, of which only those asked for are read: for paging.

    The database itself refuses whoever is neither this person, nor of the whole town, nor an auditor: there are none.
    """

    def __init__(self, worker: UUID) -> None:
        self._worker = worker

    def __len__(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_count_looks_at(%s)", [self._worker])
            return int(cursor.fetchone()[0])

    @overload
    def __getitem__(self, wanted: int) -> Look: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Look]: ...
    def __getitem__(self, wanted: int | slice) -> Look | list[Look]:
        if isinstance(wanted, int):
            found = self._read(wanted, 1) if wanted >= 0 else []
            if not found:
                raise IndexError(wanted)
            return found[0]
        start, stop, step = wanted.indices(len(self))
        return self._read(start, max(0, stop - start))[::step]

    def _read(self, skipped: int, number: int) -> list[Look]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM audit_looks_at(%s, %s, %s)", [self._worker, skipped, number])
            found: list[Any] = cursor.fetchall()
        names = directory().organisations({row[5] for row in found if row[5] and row[4] != "worker"})
        return [
            Look(
                id=key, at=at, actor=actor, role=wording.role(role),
                organisation=names.get(scope_id, "") if scope != "worker" else "",
                purpose=wording.purpose(purpose), reason=wording.reason(reason),
            )
            for key, at, actor, role, scope, scope_id, purpose, reason in found
        ]  # fmt: skip


def looks_at(worker: UUID) -> Looks:
    """Who was shown this person's data, newest first; ``base.paging.page_of`` takes it. Works in the person's own scope."""
    return Looks(worker)


@dataclass(frozen=True, slots=True)
class State:
    """How the audit stands: the newest batch, and how many entries it seals together with all before it."""

    number: int
    hash: str
    sealed_at: datetime
    entries: int

    @property
    def head(self) -> str:
        """The head as it is sent outside."""
        return f"{self.number}:{self.hash}"


def state() -> State | None:
    """How far the audit is sealed; None before the first time."""
    last = Batch.objects.order_by("-number").first()
    if last is None:
        return None
    return State(last.number, bytes(last.hash).hex(), last.sealed_at, last.first + last.entries - 1)
