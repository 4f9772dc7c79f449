"""Workers and their present employments, written many at a time by COPY: for rosters and for whole towns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.base import personal
from fugong.base.copying import NULL, binary, insert_lines, text
from fugong.base.ids import uuid7s
from fugong.ledger.models import Subject
from fugong.registry.documents import document_digest, phone_digest
from fugong.registry.models import Document
from fugong.registry.names import initials


@dataclass(frozen=True, slots=True)
class NewWorker:
    """A worker who isn't in the registry yet. ``documents`` are pairs of type (``Document.TYPES``) and number.

    ``digest`` is the digest of the first document, where the caller knows it already; ``claimed`` says that somebody else
    may hold it.
    """

    id: UUID
    name: str
    phone: str = ""
    address: str = ""
    documents: tuple[tuple[str, str], ...] = ()
    digest: bytes | None = None
    claimed: bool = False


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
    if not rows:
        return
    insert_lines("ledger_subject", "id, kind", (f"{row.id.hex}\t{Subject.WORKER}" for row in rows))
    insert_lines(
        "registry_worker",
        "subject_id, name, initials, phone_encrypted, phone_digest, phone_tail, address",
        map(_worker, rows),
    )
    insert_lines("registry_document", _DOCUMENTS, _documents(rows))


@transaction.atomic
def write_documents(rows: Iterable[tuple[UUID, str, str]]) -> None:
    """Write documents (worker, type, number). Raises IntegrityError when one is already somebody's."""
    insert_lines(
        "registry_document",
        _DOCUMENTS,
        (_document(known, *row, None) for row, known in zip(rows, uuid7s(), strict=False)),
    )


@transaction.atomic
def write_employments(rows: Iterable[NewEmployment]) -> None:
    """Write present employments. Raises IntegrityError when a worker already has one with that enterprise."""
    insert_lines(
        "registry_employment",
        "id, worker_id, enterprise_id, fact_id, workshop, post, badge, start, active",
        (
            f"{(row.id or fresh).hex}\t{row.worker.hex}\t{row.enterprise.hex}\t{row.fact_id.hex}\t"
            f"{text(row.workshop)}\t{text(row.post)}\t{text(row.badge)}\t{row.start}\t{row.active}"
            for row, fresh in zip(rows, uuid7s(), strict=False)
        ),
    )


_DOCUMENTS = "id, worker_id, type, encrypted, digest, tail, standing"


def _documents(rows: Sequence[NewWorker]) -> Iterator[str]:
    ids = uuid7s()
    for row in rows:
        digest = row.digest
        for kind, number in row.documents:
            yield _document(next(ids), row.id, kind, number, digest, row.claimed)
            digest = None


def _document(
    known: UUID, worker: UUID, kind: str, number: str, digest: bytes | None, claimed: bool = False
) -> str:  # fmt: skip
    found = binary(digest or document_digest(kind, number))
    encrypted = binary(personal.encrypt(number))
    standing = Document.CLAIMED if claimed else Document.HELD
    return f"{known.hex}\t{worker.hex}\t{kind}\t{encrypted}\t{found}\t{text(personal.tail(number))}\t{standing}"


def _worker(row: NewWorker) -> str:
    phone = f"{NULL}\t{NULL}\t"
    if row.phone:
        tail = text(personal.tail(row.phone))
        phone = f"{binary(personal.encrypt(row.phone))}\t{binary(phone_digest(row.phone))}\t{tail}"
    return f"{row.id.hex}\t{text(row.name)}\t{text(initials(row.name))}\t{phone}\t{text(row.address)}"
