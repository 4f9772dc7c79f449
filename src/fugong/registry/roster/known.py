"""What is already known of the people of a roster."""

from __future__ import annotations

import json
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
    """A person whom a roster names: the worker, their employment here, and the latest standing facts by kind.

    ``employed_since`` is when the present employment here began (its first fact); ``employments`` are all standing facts
    of employment here, oldest first; ``told`` is the latest survey that came from the same source as this roster.
    """

    worker: UUID
    name: str
    phone_digest: bytes | None
    address: str
    badge: str
    employed: bool
    employed_since: int | None
    facts: dict[str, Standing] = field(default_factory=dict)
    employments: list[Standing] = field(default_factory=list)
    told: Standing | None = None


def digests_of(rows: Sequence[Row]) -> list[bytes]:
    """The digest of each row's document."""
    return [document_digest(row.values["document"].kind, row.values["document"].number) for row in rows]


def known_people(enterprise: Enterprise, digests: Sequence[bytes]) -> dict[bytes, Known]:
    """Who holds these documents, without their facts (``read_facts``)."""
    if not digests:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.digest, w.subject_id, w.name, w.phone_digest, w.address, coalesce(e.badge, ''), "
            "coalesce(e.active, false), e.start "
            "FROM registry_document AS d JOIN registry_worker AS w ON w.subject_id = d.worker_id "
            "LEFT JOIN registry_employment AS e ON e.worker_id = w.subject_id AND e.enterprise_id = %(enterprise)s "
            "WHERE d.digest = ANY(%(digests)s)",
            {"enterprise": enterprise.pk, "digests": list(digests)},
        )
        return {
            bytes(digest): Known(worker, name, bytes(phone) if phone else None, address, badge, active, since)
            for digest, worker, name, phone, address, badge, active, since in cursor.fetchall()
        }


def read_facts(enterprise: Enterprise, people: Sequence[Known], source: str) -> None:
    """Fill in the standing facts that a roster may change."""
    if not people:
        return
    by_id: dict[UUID, list[Known]] = {}
    for person in people:
        by_id.setdefault(person.worker, []).append(person)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT f.subject_id, f.kind, f.id, f.start, f."end", f.values, f.source FROM ledger_fact AS f '
            f"WHERE f.subject_id = ANY(%(ids)s) AND f.kind = ANY(%(kinds)s) AND {STANDING} "
            "AND (f.kind <> 'employment' OR f.values->>'employer' = %(enterprise)s) "
            "ORDER BY f.start, f.recorded_at, f.id",
            {"ids": list(by_id), "kinds": list(STATES), "known_at": PLUS_INF, "enterprise": str(enterprise.pk)},
        )
        for subject, kind, fact, start, end, values, fact_source in cursor.fetchall():
            standing = Standing(fact, start, end, json_values(values))
            for person in by_id[subject]:
                person.facts[kind] = standing
                if kind == "employment":
                    person.employments.append(standing)
                elif kind == "survey" and fact_source == source:
                    person.told = standing


def json_values(values: Any) -> dict[str, Any]:
    """The values of a fact as a cursor gives them: text or already a mapping."""
    parsed: dict[str, Any] = json.loads(values) if isinstance(values, str) else values
    return parsed
