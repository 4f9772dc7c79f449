"""What a row of a roster changes: pure comparison of what it says with what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Fault, declare
from fugong.base.ids import uuid7s
from fugong.base.tables import Row
from fugong.ledger.services import NewFact
from fugong.registry.bulk import NewEmployment, NewWorker
from fugong.registry.documents import phone_digest
from fugong.registry.identity import likeness
from fugong.registry.roster.known import Known, Standing
from fugong.registry.roster.survey import said_of_survey, says_the_same

declare(
    {
        "roster.other_person": _(
            "This document belongs to somebody of another name. Compare number and name with the document."
        ),
        "roster.number_refused": _(
            "The town has compared this number with the document: it is not this person's. Correct it, by the document"
            " itself."
        ),
        "roster.name_changed": _(
            "The name differs by one character from the name that is on file; it is changed. Compare it with the"
            " document."
        ),
        "roster.same_person": _(
            "Row %(row)s of sheet “%(sheet)s” is about the same person, with another document. Keep one of the two rows."
        ),
    }
)

REASON = "roster"
"""The reason of every fact that supersedes another one because a roster says so."""


def doubt(row: Row, person: Known) -> Fault | None:
    """What is wrong (or doubtful) about the name on a document that is known."""
    if person.refused:
        return Fault("roster.number_refused", field="document_number")
    match likeness(row.values["name"], person.name):
        case "same":
            return None
        case "alike":
            return Fault("roster.name_changed", field="name", warning=True)
        case _:
            return Fault("roster.other_person", field="document_number")


@lru_cache(maxsize=4_096)
def _start_of(day: dt.date) -> int:
    return local.start_of_day(day)


@dataclass(frozen=True, slots=True)
class WorkerChange:
    """What is written over a worker's file; ``phone`` is empty where it stays as it is."""

    worker: UUID
    name: str
    address: str
    phone: str


@dataclass(slots=True)
class Batch:
    """All that a roster writes, and how its rows count."""

    enterprise: UUID
    now: int
    workers: list[NewWorker] = field(default_factory=list)
    worker_changes: list[WorkerChange] = field(default_factory=list)
    employments: list[NewEmployment] = field(default_factory=list)
    employment_changes: list[NewEmployment] = field(default_factory=list)
    facts: list[NewFact] = field(default_factory=list)
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    _ids: Iterator[UUID] = field(default_factory=uuid7s)

    def take(self, row: Row, person: Known | None, digest: bytes, *, claimed: bool = False) -> None:
        """One right row: a new person, a known person who is new here, or somebody who may have changed.

        ``claimed``: somebody out of the actor's sight holds the new person's document; the town compares the two.
        """
        values = row.values
        if person is None:
            self._add(values, digest, claimed)
            self.added += 1
            return
        before = self._size()
        self._compare_worker(person, values)
        self._compare_employment(person, values)
        self._compare_state(person, "household", _household(values))
        self._compare_state(person, "dormitory", _dormitory(values))
        self._compare_survey(person, values)
        if not person.employed:
            self.added += 1
        elif before == self._size():
            self.unchanged += 1
        else:
            self.updated += 1

    def _size(self) -> tuple[int, int, int]:
        return len(self.facts), len(self.worker_changes), len(self.employment_changes)

    def _add(self, values: dict[str, Any], digest: bytes, claimed: bool) -> None:
        """Somebody who is in no file of ours yet."""
        worker, document, now = next(self._ids), values["document"], self.now
        self.workers.append(
            NewWorker(worker, values["name"], values.get("phone") or "", values.get("address") or "",
                      ((document.kind, document.number),), digest, claimed)
        )  # fmt: skip
        employed_on = values.get("employed_on")
        start = _start_of(employed_on) if employed_on else now
        said = self._said_of_employment(values)
        fact = next(self._ids)
        self.facts.append(NewFact(worker, "employment", start, said, None, fact))
        self.employments.append(_employment(worker, self.enterprise, fact, start, said, values.get("badge") or ""))
        for kind, state in (
            ("household", _household(values)),
            ("dormitory", _dormitory(values)),
            ("survey", said_of_survey(values, now)),
        ):
            if state is not None:
                self.facts.append(NewFact(worker, kind, now, state))

    def _said_of_employment(self, values: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {"employer": str(self.enterprise)}
        for name in ("workshop", "post", "contract"):
            if values.get(name):
                said[name] = values[name]
        return said

    def _compare_worker(self, person: Known, values: dict[str, Any]) -> None:
        """A blank never erases what is known; another way of writing the same name changes nothing."""
        phone, address = values.get("phone") or "", values.get("address") or person.address
        name = person.name if likeness(values["name"], person.name) == "same" else values["name"]
        if phone and phone_digest(phone) == person.phone_digest:
            phone = ""
        if phone or name != person.name or address != person.address:
            self.worker_changes.append(WorkerChange(person.worker, name, address, phone))

    def _compare_employment(self, person: Known, values: dict[str, Any]) -> None:
        said = self._said_of_employment(values)
        badge = values.get("badge") or person.badge
        since = _start_of(values["employed_on"]) if values.get("employed_on") else None
        old = person.facts.get("employment")
        if old is None or not person.employed or old.end <= self.now:
            start = self.now if since is None else since
            if old is not None:
                start = max(start, old.end)  # who was away in between was not employed in between
            fact = self._append(person.worker, "employment", start, said)
            self.employment_changes.append(_employment(person.worker, self.enterprise, fact, start, said, badge))
            return
        began = old.start if person.employed_since is None else person.employed_since
        first = next((fact for fact in person.employments if fact.start == began), old)
        moved = _moved_beginning(person.employments, first, since)
        if first.id != old.id and moved != first.start:
            self._supersede(person.worker, "employment", first, moved, first.end, first.values)
        merged = {**old.values, **said}
        fact = self._settle(person.worker, "employment", old, moved if first.id == old.id else old.start, merged)
        if fact != old.id or badge != person.badge or moved != began:
            self.employment_changes.append(_employment(person.worker, self.enterprise, fact, moved, merged, badge))

    def _compare_state(self, person: Known, kind: str, said: dict[str, Any] | None) -> None:
        """A state that goes on until something else is said of it."""
        if said is None:
            return
        old = person.facts.get(kind)
        if old is None or old.end <= self.now:
            self._append(person.worker, kind, self.now, said)
            return
        self._settle(person.worker, kind, old, old.start, {**old.values, **said})

    def _compare_survey(self, person: Known, values: dict[str, Any]) -> None:
        """What this source said before, or else the latest survey: a stale list doesn't undo a fresh survey."""
        said = said_of_survey(values, self.now)
        latest = person.facts.get("survey")
        basis = person.told or latest
        if said is None or (basis is not None and says_the_same(basis.values, said)):
            return
        start = self.now if latest is None else max(self.now, latest.start + 1)
        self._append(person.worker, "survey", start, {**(latest.values if latest else {}), **said})

    def _append(self, worker: UUID, kind: str, start: int, values: dict[str, Any], end: int | None = None) -> UUID:
        fact = next(self._ids)
        self.facts.append(NewFact(worker, kind, start, values, end=end, id=fact))
        return fact

    def _supersede(self, worker: UUID, kind: str, old: Standing, start: int, end: int, values: dict[str, Any]) -> UUID:
        fact = next(self._ids)
        self.facts.append(NewFact(worker, kind, start, values, end=end, id=fact, supersedes=old.id, reason=REASON))
        return fact

    def _settle(self, worker: UUID, kind: str, old: Standing, start: int, values: dict[str, Any]) -> UUID:
        """Where it is said to begin at ``start`` and to have other values from now on; returns the fact of today.

        The old fact ends now and a new one begins; one that has not begun yet is corrected.
        """
        if values == old.values:
            return old.id if start == old.start else self._supersede(worker, kind, old, start, old.end, values)
        if start >= self.now:
            return self._supersede(worker, kind, old, start, old.end, values)
        self._supersede(worker, kind, old, start, self.now, old.values)
        return self._append(worker, kind, self.now, values, old.end)


def _moved_beginning(employments: list[Standing], first: Standing, since: int | None) -> int:
    """Where the present employment begins by the date that the list gives: not before an earlier one ended."""
    if since is None:
        return first.start
    earlier = [fact.end for fact in employments if fact.end <= first.start and fact.id != first.id]
    since = max([since, *earlier])
    return since if since < first.end else first.start


def _employment(
    worker: UUID, enterprise: UUID, fact: UUID, start: int, values: dict[str, Any], badge: str
) -> NewEmployment:
    return NewEmployment(worker, enterprise, fact, start, values.get("workshop", ""), values.get("post", ""), badge)


def _household(values: dict[str, Any]) -> dict[str, Any] | None:
    place = values.get("household")
    return {"division": place.code} if place and place.code else None


def _dormitory(values: dict[str, Any]) -> dict[str, Any] | None:
    said = {}
    if values.get("dormitory"):
        said["name"] = values["dormitory"]
    if values.get("room"):
        said["room"] = values["room"]
    return said or None
