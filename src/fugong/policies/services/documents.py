"""Documents: added, handed to enterprises, taken by them. That one was handed is a fact."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from fugong.base.files import MOST_BYTES, File
from fugong.base.ids import uuid7
from fugong.ledger import services as ledger
from fugong.ledger.queries import holding
from fugong.ledger.services import NewFact
from fugong.policies.errors import PolicyError
from fugong.policies.models import LEVELS, PolicyDocument

SOURCE = "policies"
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
}
"""What a document may be, by the ending of its name."""
EVERYBODY = ("industrial", "commercial")
"""To whom a document goes that is for all: industrial and commercial enterprises (全体工业和商贸企业)."""


@transaction.atomic
def add(
    *, title: str, issuer: str, level: str, now: int, actor: UUID | None, number: str = "", start: int | None = None,
    end: int | None = None, words: str = "", file: File | None = None, policy_id: UUID | None = None,
) -> PolicyDocument:  # fmt: skip
    """Add a document, in force from ``start`` to before ``end`` (None: not said). Raises PolicyError."""
    if not title.strip():
        raise PolicyError("policy.no_title", field="title")
    if not issuer.strip():
        raise PolicyError("policy.no_issuer", field="issuer")
    if level not in dict(LEVELS):
        raise PolicyError("policy.level", field="level")
    if start is not None and end is not None and start >= end:
        raise PolicyError("policy.times", field="end")
    if number.strip() and PolicyDocument.objects.filter(number=number.strip()).exists():
        raise PolicyError("policy.known", field="number", number=number.strip())
    return PolicyDocument.objects.create(
        id=policy_id or uuid7(),
        title=title.strip()[:200], issuer=issuer.strip()[:100], number=number.strip()[:64], level=level, start=start,
        end=end, words=words.strip()[:400], added_at=now, actor_id=actor, **_kept(file),
    )  # fmt: skip


def _kept(file: File | None) -> dict[str, object]:
    if file is None:
        return {}
    media = MEDIA.get(file.name.rpartition(".")[2].lower())
    if media is None:
        raise PolicyError("policy.file_kind", field="file")
    if len(file.content) > MOST_BYTES:
        raise PolicyError("policy.file_size", field="file", most=MOST_BYTES // 2**20)
    return {"filename": file.name[-120:], "media": media, "content": file.content}


@transaction.atomic
def hand(
    *, document: UUID, enterprises: Iterable[UUID], now: int, actor: UUID | None, receipt: str = "", at: int | None = None,
    source: str = SOURCE,
) -> int:  # fmt: skip
    """Hand a document to enterprises, one fact each; ``receipt`` is who took it. Returns how many. Raises PolicyError."""
    chosen = list(dict.fromkeys(enterprises))
    if not chosen:
        raise PolicyError("policy.nobody", field="enterprise")
    said: dict[str, str] = {"document": str(document)}
    if receipt.strip():
        said["receipt"] = receipt.strip()[:64]
    facts = [NewFact(one, "document_handed", now if at is None else at, said) for one in chosen]
    ledger.append(facts=facts, source=source, now=now, actor=actor, evidence="the list of receipts")
    return len(facts)


def all_of_the_town(at: int) -> list[UUID]:
    """The industrial and commercial enterprises at a moment: to whom a document goes that is for all."""
    found = holding(at).filter(kind="establishment", values__industry__in=EVERYBODY)
    return sorted(set(found.values_list("subject_id", flat=True)))
