"""What is already known of the people of a roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.base.tables import Row
from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING
from fugong.registry.documents import document_digest
from fugong.registry.models import Enterprise

STATES = ("employment", "household", "dormitory", "survey")


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing fact: its id, interval and values."""

    id: UUID
    start: int
    end: int
    values: dict[str, Any]


@dataclass(slots=True)
class Known:
    """A person whom a roster names: the worker, their employment here, and the latest standing facts by kind."""

    worker: UUID
    name: str
    phone_digest: bytes | None
    address: str
    badge: str
    employed: bool
    elsewhere: bool
    facts: dict[str, Standing] = field(default_factory=dict)


def known_people(enterprise: Enterprise, rows: Sequence[Row]) -> list[Known | None]:
    """For each row the person who holds its document, or None."""
    if not rows:
        return []
    digests = [document_digest(row.values["document"].kind, row.values["document"].number) for row in rows]
    people = _by_digest(enterprise, digests)
    _read_facts(enterprise, list(people.values()))
    return [people.get(digest) for digest in digests]


def _by_digest(enterprise: Enterprise, digests: Sequence[bytes]) -> dict[bytes, Known]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.digest, w.subject_id, w.name, w.phone_digest, w.address, coalesce(e.badge, ''), "
            "coalesce(e.active, false), EXISTS (SELECT 1 FROM registry_employment AS o "
            "WHERE o.worker_id = w.subject_id AND o.enterprise_id <> %(enterprise)s AND o.active) "
            "FROM registry_document AS d JOIN registry_worker AS w ON w.subject_id = d.worker_id "
            "LEFT JOIN registry_employment AS e ON e.worker_id = w.subject_id AND e.enterprise_id = %(enterprise)s "
            "WHERE d.digest = ANY(%(digests)s)",
            {"enterprise": enterprise.pk, "digests": list(digests)},
        )
        return {
            bytes(digest): Known(worker, name, bytes(phone) if phone else None, address, badge, active, elsewhere)
            for digest, worker, name, phone, address, badge, active, elsewhere in cursor.fetchall()
        }


def _read_facts(enterprise: Enterprise, people: Sequence[Known]) -> None:
    if not people:
        return
    by_id = {person.worker: person for person in people}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT f.subject_id, f.kind, f.id, f.start, f."end", f.values FROM ledger_fact AS f '
            f"WHERE f.subject_id = ANY(%(ids)s) AND f.kind = ANY(%(kinds)s) AND {STANDING} "
            "AND (f.kind <> 'employment' OR f.values->>'employer' = %(enterprise)s) ORDER BY f.start, f.recorded_at",
            {"ids": list(by_id), "kinds": list(STATES), "known_at": PLUS_INF, "enterprise": str(enterprise.pk)},
        )
        for subject, kind, fact, start, end, values in cursor.fetchall():
            by_id[subject].facts[kind] = Standing(fact, start, end, json_values(values))


def json_values(values: Any) -> dict[str, Any]:
    """The values of a fact as a cursor gives them: text or already a mapping."""
    import json

    parsed: dict[str, Any] = json.loads(values) if isinstance(values, str) else values
    return parsed
