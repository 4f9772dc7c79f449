"""Reads of claimed documents, for the town only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from fugong.base.access import looked_at
from fugong.base.models import User
from fugong.registry.models import Document, Worker


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that an enterprise names for somebody, and the file that holds it already."""

    document: Document
    claimant: Worker
    holder: Worker


def open_claims() -> QuerySet[Document]:
    """Documents that wait for the town's word, oldest first."""
    return Document.objects.filter(standing=Document.CLAIMED).order_by("pk")


def count(user: User, now: int) -> int:
    """How many wait for this person's word."""
    return open_claims().count() if user.may("town.write") else 0


def claims(page: Sequence[Document]) -> list[Claim]:
    """Both files of each claim, in three queries whatever their number; whoever is shown is noted for the audit."""
    digests = [bytes(one.digest) for one in page]
    held = Document.objects.filter(digest__in=digests, standing=Document.HELD)
    holders: dict[bytes, UUID] = {bytes(digest): worker for digest, worker in held.values_list("digest", "worker_id")}
    wanted = {one.worker_id for one in page} | set(holders.values())
    files = Worker.objects.prefetch_related("employments__enterprise").in_bulk(list(wanted))
    looked_at(files)
    return [
        Claim(one, files[one.worker_id], files[holders[bytes(one.digest)]])
        for one in page
        if bytes(one.digest) in holders
    ]
