"""What is already known of the people of a roster."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from fugong.base.access import elevated
from fugong.base.models import User
from fugong.base.tables import Row
from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING
from fugong.registry.documents import document_digest
from fugong.registry.models import Document, Enterprise

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
    ``refused``: the town has found that the document is somebody else's.
    """

    worker: UUID
    name: str
    phone_digest: bytes | None
    address: str
    badge: str
    employed: bool
    employed_since: int | None
    refused: bool = False
    facts: dict[str, Standing] = field(default_factory=dict)
    employments: list[Standing] = field(default_factory=list)
    told: Standing | None = None


def digests_of(rows: Sequence[Row]) -> list[bytes]:
    """The digest of each row's document."""
    return [document_digest(row.values["document"].kind, row.values["document"].number) for row in rows]


@dataclass(frozen=True, slots=True)
class People:
    """Who holds the documents of a roster, by digest; and those that only somebody out of the actor's sight holds."""

    known: dict[bytes, Known]
    elsewhere: frozenset[bytes] = frozenset()

    @property
    def hired_again(self) -> bool:
        """Whether somebody among them has left here before."""
        return any(not person.employed for person in self.known.values())


def known_people(enterprise: Enterprise, digests: Sequence[bytes], actor: UUID | None) -> People:
    """Who holds these documents, without their facts (``read_facts``).

    The town and the operator know everybody. Whoever acts for an enterprise knows those whom it employs, and those who
    left it and are employed by nobody else; of all others they learn nothing.
    """
    if not digests:
        return People({})
    known: dict[bytes, Known] = {}
    elsewhere: set[bytes] = set()
    everybody = _knows_everybody(actor)
    for row, here, others in _holders(enterprise, digests):
        digest = bytes(row[0])
        if (everybody and row[7] == Document.HELD) or (not everybody and here and (row[6] or not others)):
            known[digest] = _known(row)
        else:
            elsewhere.add(digest)
    return People(known, frozenset(elsewhere - known.keys()))


def _knows_everybody(actor: UUID | None) -> bool:
    return actor is None or User.objects.get(pk=actor).role.scope == "town"


def _known(row: tuple[Any, ...]) -> Known:
    _digest, worker, name, phone, address, badge, active, standing, since = row
    return Known(
        worker, name, bytes(phone) if phone else None, address, badge, active, since, standing == Document.REFUSED
    )


def _holders(enterprise: Enterprise, digests: Sequence[bytes]) -> list[tuple[tuple[Any, ...], bool, bool]]:
    """Every file with one of these documents; whether it is or was of this enterprise, and whether of others now."""
    with elevated("identities are compared with everybody's"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.digest, w.subject_id, w.name, w.phone_digest, w.address, coalesce(e.badge, ''), "
            "coalesce(e.active, false), d.standing, e.start, e.worker_id IS NOT NULL, "
            "EXISTS (SELECT 1 FROM registry_employment AS o WHERE o.worker_id = w.subject_id "
            "AND o.enterprise_id <> %(enterprise)s AND o.active) "
            "FROM registry_document AS d JOIN registry_worker AS w ON w.subject_id = d.worker_id "
            "LEFT JOIN registry_employment AS e ON e.worker_id = w.subject_id AND e.enterprise_id = %(enterprise)s "
            "WHERE d.digest = ANY(%(digests)s) AND d.standing <> 'joined' ORDER BY d.id",
            {"enterprise": enterprise.pk, "digests": list(digests)},
        )
        return [(row[:9], row[9], row[10]) for row in cursor.fetchall()]


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
