"""What is shown of people: one fact an item, a later one in the place of the one before."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from fugong.base.files import File
from fugong.base.ids import uuid7
from fugong.ledger import services as ledger
from fugong.ledger.kinds import PERSON_ITEMS
from fugong.ledger.queries import about
from fugong.ledger.services import NewFact
from fugong.policies.errors import PolicyError
from fugong.registry.asked import papers

REPLACED = "replaced"


@transaction.atomic
def show(
    *, people: Iterable[UUID], item: str, holds: bool, now: int, actor: UUID | None, document: str = "",
    at: int | None = None, source: str = "policies", enterprise: UUID | None = None, file: File | None = None,
) -> int:  # fmt: skip
    """Note of people what was shown of them, from ``at`` on (None: now). Returns of how many it is new.

    ``file`` is the paper itself, kept with their ``enterprise``: once, for however many people it stands. Raises PolicyError,
    PaperError.
    """
    chosen = list(dict.fromkeys(people))
    if not chosen:
        raise PolicyError("evidence.nobody", field="worker")
    if item not in PERSON_ITEMS:
        raise PolicyError("evidence.item", field="item")
    start = now if at is None else at
    said = {"item": item, "holds": holds} | ({"document": document.strip()[:200]} if document.strip() else {})
    locked = ledger.lock_for([NewFact(one, "evidence_of_person", start, said) for one in chosen])
    rows = (
        about(chosen)
        .filter(kind="evidence_of_person", values__item=item)
        .values_list("id", "subject_id", "values", "evidence")
    )
    standing = {subject: (fact, values, rests_on) for fact, subject, values, rests_on in rows}
    paper = _kept(file, enterprise, now, actor)
    facts = []
    for one in chosen:
        before = standing.get(one)
        if before is None:
            facts.append(NewFact(one, "evidence_of_person", start, said, id=uuid7()))
        elif before[1] != said or paper not in ("", before[2]):
            new = NewFact(
                one, "evidence_of_person", start, said, id=uuid7(), supersedes=before[0], reason=REPLACED
            )  # fmt: skip
            facts.append(new)
    recorded = ledger.recorded_at(facts, now)
    ledger.append(
        facts=facts, source=source, now=recorded, actor=actor,
        evidence=paper or document.strip()[:200] or "shown to the enterprise", locked=locked,
    )  # fmt: skip
    return len(facts)


def _kept(file: File | None, enterprise: UUID | None, now: int, actor: UUID | None) -> str:
    """How facts name the file that goes with them; nothing where there is none."""
    if file is None or enterprise is None:
        return ""
    return papers.mark(papers.keep(enterprise=enterprise, file=file, now=now, actor=actor))
