"""Workers and their present employments, written many at a time by COPY: for rosters and for whole towns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.ledger.models import Subject
from fugong.registry.documents import document_digest, phone_digest
from fugong.registry.names import initials


@dataclass(frozen=True, slots=True)
class NewWorker:
    """A worker who isn't in the registry yet. ``documents`` are pairs of type (``Document.TYPES``) and number."""

    id: UUID
    name: str
    phone: str = ""
    address: str = ""
    documents: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewEmployment:
    """Who works where at present; ``fact_id`` is the ``employment`` fact that says so."""

    worker: UUID
    enterprise: UUID
    fact_id: UUID
    start: int
    workshop: str = ""
    post: str = ""
    badge: str = ""
    active: bool = True
    id: UUID | None = None


@transaction.atomic
def write_workers(rows: Sequence[NewWorker]) -> None:
    """Write workers with their documents, numbers encrypted. Raises IntegrityError when a document is somebody's."""
    _copy("ledger_subject (id, kind)", ((row.id, Subject.WORKER) for row in rows))
    _copy(
        "registry_worker (subject_id, name, initials, phone_encrypted, phone_digest, phone_tail, address)",
        map(_worker, rows),
    )
    write_documents([(row.id, *document) for row in rows for document in row.documents])


@transaction.atomic
def write_documents(rows: Iterable[tuple[UUID, str, str]]) -> None:
    """Write documents (worker, type, number). Raises IntegrityError when one is already somebody's."""
    _copy(
        "registry_document (id, worker_id, type, encrypted, digest, tail)",
        (
            (uuid7(), worker, kind, personal.encrypt(number), document_digest(kind, number), personal.tail(number))
            for worker, kind, number in rows
        ),
    )


@transaction.atomic
def write_employments(rows: Iterable[NewEmployment]) -> None:
    """Write present employments. Raises IntegrityError when a worker already has one with that enterprise."""
    _copy(
        "registry_employment (id, worker_id, enterprise_id, fact_id, workshop, post, badge, start, active)",
        (
            (row.id or uuid7(), row.worker, row.enterprise, row.fact_id, row.workshop, row.post, row.badge, row.start,
             row.active)
            for row in rows
        ),
    )  # fmt: skip


def _worker(row: NewWorker) -> tuple[Any, ...]:
    encrypted, digest = (personal.encrypt(row.phone), phone_digest(row.phone)) if row.phone else (None, None)
    return row.id, row.name, initials(row.name), encrypted, digest, personal.tail(row.phone), row.address


def _copy(target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
