"""The only writes of claims: both files are one person's, or the number is somebody else's."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.registry import bulk
from fugong.registry.bulk import NewEmployment
from fugong.registry.models import Document, Employment, Worker

SOURCE = "page"
REASON = "the same person"

declare({"claim.settled": _("This has been decided already.")})


class ClaimError(Fault):
    """A claim that can't be decided (any more)."""


@transaction.atomic
def refuse(*, document_id: UUID) -> None:
    """The number belongs to the other person: the enterprise has to correct it. Raises ClaimError."""
    _waiting(document_id)
    Document.objects.filter(pk=document_id).update(standing=Document.REFUSED)


@transaction.atomic
def join(*, document_id: UUID, now: int, actor: UUID) -> Worker:
    """Both are one person: what is known in the newer file is said again in the older one, and withdrawn in the newer.

    The person's employments move along. Returns the file that stays. Raises ClaimError.
    """
    document = _waiting(document_id)
    holder = Worker.objects.get(documents__digest=document.digest, documents__standing=Document.HELD)
    ledger.lock(update={document.worker_id, holder.pk})
    moved = list(standing().filter(subject_id=document.worker_id).order_by("recorded_at", "id"))
    ids = {fact.pk: uuid7() for fact in moved}
    said = [NewFact(holder.pk, fact.kind, fact.start, fact.values, end=fact.end, id=ids[fact.pk]) for fact in moved]
    evidence = f"document:{document.pk}"
    ledger.append(facts=said, source=SOURCE, now=now, actor=actor, evidence=evidence)
    _move_employments(document.worker_id, holder.pk, ids)
    withdrawn = [_withdrawal(fact) for fact in moved]
    recorded_at = ledger.recorded_at(withdrawn, now)
    ledger.append(facts=withdrawn, source=SOURCE, now=recorded_at, actor=actor, evidence=evidence)
    Document.objects.filter(pk=document.pk).update(standing=Document.JOINED)
    User.objects.filter(role_name="worker", scope_id=document.worker_id).update(is_active=False)
    return holder


def _waiting(document_id: UUID) -> Document:
    document = Document.objects.select_for_update(no_key=True).filter(pk=document_id, standing=Document.CLAIMED).first()
    if document is None:
        raise ClaimError("claim.settled")
    return document


def _withdrawal(fact: Fact) -> NewFact:
    return NewFact(
        subject=fact.subject_id, kind=fact.kind, start=fact.start, end=fact.end, values=fact.values, id=uuid7(),
        supersedes=fact.pk, withdrawn=True, reason=REASON,
    )  # fmt: skip


def _move_employments(claimant: UUID, holder: UUID, ids: dict[UUID, UUID]) -> None:
    """The holder is employed wherever the claimant is, by the facts that now say so of the holder."""
    rows: Sequence[Employment] = list(Employment.objects.filter(worker=claimant, active=True))
    here = {row.enterprise_id: row for row in Employment.objects.filter(worker=holder)}
    added = []
    for row in rows:
        fact = ids.get(row.fact_id, row.fact_id)
        known = here.get(row.enterprise_id)
        if known is None:
            added.append(
                NewEmployment(holder, row.enterprise_id, fact, row.start, row.workshop, row.post, row.badge)
            )  # fmt: skip
            continue
        Employment.objects.filter(pk=known.pk).update(
            fact_id=fact, start=row.start, workshop=row.workshop, post=row.post, badge=row.badge, active=True
        )
    Employment.objects.filter(worker=claimant).update(active=False)
    bulk.write_employments(added)
