"""What a row of a roster changes: pure comparison of what it says with what is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.base import local, personal
from fugong.base.faults import Fault, declare
from fugong.base.ids import uuid7
from fugong.base.tables import Row
from fugong.ledger.services import NewFact
from fugong.registry.bulk import NewEmployment, NewWorker
from fugong.registry.documents import phone_digest
from fugong.registry.models import Worker
from fugong.registry.names import initials
from fugong.registry.roster.known import Known, Standing

declare(
    {
        "roster.other_person": _(
            "This document belongs to somebody of another name. Compare number and name with the document."
        ),
    }
)


def conflict(row: Row, person: Known) -> Fault | None:
    """A document that is somebody else's: no character of the two names is the same."""
    if set(row.values["name"]) & set(person.name):
        return None
    return Fault("roster.other_person", field="document_number")


@dataclass(slots=True)
class Batch:
    """All that a roster writes, and how its rows count."""

    workers: list[NewWorker] = field(default_factory=list)
    changed_workers: list[Worker] = field(default_factory=list)
    employments: list[NewEmployment] = field(default_factory=list)
    changed_employments: list[NewEmployment] = field(default_factory=list)
    facts: list[NewFact] = field(default_factory=list)
    added: int = 0
    updated: int = 0
    unchanged: int = 0

    def take(self, row: Row, person: Known | None, enterprise: UUID, now: int) -> None:
        """One right row: a new person, a known person who is new here, or somebody who may have changed."""
        values = row.values
        worker = person.worker if person else uuid7()
        before = (len(self.facts), len(self.changed_workers), len(self.changed_employments))
        if person is None:
            document = values["document"]
            self.workers.append(
                NewWorker(worker, values["name"], values.get("phone") or "", values.get("address") or "",
                          ((document.kind, document.number),))
            )  # fmt: skip
        else:
            self._compare_worker(person, values)
        self._compare_employment(worker, person, enterprise, values, now)
        facts = person.facts if person else {}
        self._state(worker, "household", facts.get("household"), _household(values), now)
        self._state(worker, "dormitory", facts.get("dormitory"), _dormitory(values), now)
        self._survey(worker, facts.get("survey"), _survey(values, now), now)
        if person is None or not person.employed:
            self.added += 1
        elif before == (len(self.facts), len(self.changed_workers), len(self.changed_employments)):
            self.unchanged += 1
        else:
            self.updated += 1

    def _compare_worker(self, person: Known, values: dict[str, Any]) -> None:
        """A blank never erases what is known."""
        name, phone = values["name"], values.get("phone") or ""
        address = values.get("address") or person.address
        new_phone = bool(phone) and phone_digest(phone) != person.phone_digest
        if name == person.name and address == person.address and not new_phone:
            return
        worker = Worker.objects.get(pk=person.worker)
        worker.name, worker.initials, worker.address = name, initials(name), address
        if new_phone:
            worker.phone_encrypted, worker.phone_digest = personal.encrypt(phone), phone_digest(phone)
            worker.phone_tail = personal.tail(phone)
        self.changed_workers.append(worker)

    def _compare_employment(
        self, worker: UUID, person: Known | None, enterprise: UUID, values: dict[str, Any], now: int
    ) -> None:
        said = {name: values[name] for name in ("workshop", "post", "contract") if values.get(name)}
        said["employer"] = str(enterprise)
        badge = values.get("badge") or (person.badge if person else "")
        old = person.facts.get("employment") if person and person.employed else None
        if old is not None and old.values == {**old.values, **said} and person and badge == person.badge:
            return
        merged = {**old.values, **said} if old else said
        employed_on = values.get("employed_on")
        start = now if old or not employed_on else min(local.start_of_day(employed_on), now)
        fact = uuid7()
        if old is not None and old.values == merged:
            fact, start = old.id, old.start
        else:
            self._close(worker, "employment", old, now)
            start = max(start, old.start + 1) if old else start
            self.facts.append(NewFact(worker, "employment", start, merged, id=fact))
        row = NewEmployment(
            worker,
            enterprise,
            fact,
            old.start if old else start,
            merged.get("workshop", ""),
            merged.get("post", ""),
            badge,
        )
        (self.changed_employments if person else self.employments).append(row)

    def _state(self, worker: UUID, kind: str, old: Standing | None, said: dict[str, Any] | None, now: int) -> None:
        """A state that goes on until something else is said of it."""
        if said is None or (old is not None and old.values == {**old.values, **said}):
            return
        self._close(worker, kind, old, now)
        start = max(now, old.start + 1) if old else now
        self.facts.append(NewFact(worker, kind, start, {**(old.values if old else {}), **said}, id=uuid7()))

    def _close(self, worker: UUID, kind: str, old: Standing | None, now: int) -> None:
        if old is not None and old.end > now:
            end = max(now, old.start + 1)
            self.facts.append(
                NewFact(worker, kind, old.start, old.values, end=end, id=uuid7(), supersedes=old.id, reason="roster")
            )

    def _survey(self, worker: UUID, old: Standing | None, said: dict[str, Any] | None, now: int) -> None:
        if said is not None and (old is None or old.values != {**old.values, **said}):
            self.facts.append(NewFact(worker, "survey", now, said, id=uuid7()))


def _household(values: dict[str, Any]) -> dict[str, Any] | None:
    place = values.get("household")
    return {"division": place.code} if place and place.code else None


def _dormitory(values: dict[str, Any]) -> dict[str, Any] | None:
    said = {"name": values.get("dormitory"), "room": values.get("room")}
    filled = {name: value for name, value in said.items() if value}
    return filled or None


def _survey(values: dict[str, Any], now: int) -> dict[str, Any] | None:
    """Where the worker is, if the sheet says so: whoever left the area needs a test before work."""
    left, returned, origin = values.get("left_area"), values.get("returned_on"), values.get("coming_from")
    if left is None and returned is None and origin is None:
        return None
    away = left is True or origin is not None
    if returned is not None:
        whereabouts = "returned" if returned <= local.day_of(now) else "returning"
    else:
        whereabouts = "away" if away else "local"
    said: dict[str, Any] = {"whereabouts": whereabouts, "test_required": away}
    if origin and origin.code:
        said["origin_division"] = origin.code
    if returned is not None:
        said["intended_on"] = returned.isoformat()
    return said
