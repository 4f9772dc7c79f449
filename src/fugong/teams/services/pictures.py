"""Pictures of a visit: bounded in size, encrypted, stored once however often they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.base.personal import encrypt_bytes
from fugong.teams.errors import TeamError
from fugong.teams.models import Attachment, Problem, Visit

MOST_BYTES = 2 * 2**20
MOST_A_VISIT = 20
_MEDIA = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""What a picture may be, by its first bytes: whatever it calls itself."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a phone sends it: its own id, of which visit, when it was taken; ``problem`` where it shows one."""

    id: UUID
    visit: UUID
    kind: str
    taken_at: int
    content: bytes
    problem: UUID | None = None


@transaction.atomic
def keep(*, picture: Picture, now: int, actor: UUID | None) -> bool:
    """Store a picture; whether it was new. Raises TeamError."""
    visit = Visit.objects.select_for_update(of=("self",), no_key=True).filter(pk=picture.visit).first()
    if visit is None:
        raise TeamError("sheet.unknown")
    if Attachment.objects.filter(pk=picture.id).exists():
        return False
    if len(picture.content) > MOST_BYTES:
        raise TeamError("photo.too_large", limit=MOST_BYTES // 2**20)
    media = next((media for head, media in _MEDIA.items() if picture.content.startswith(head)), None)
    if media is None or picture.kind not in dict(Attachment.KINDS):
        raise TeamError("photo.kind")
    if Attachment.objects.filter(visit=visit).count() >= MOST_A_VISIT:
        raise TeamError("photo.too_many", limit=MOST_A_VISIT)
    if picture.problem and not Problem.objects.filter(pk=picture.problem, enterprise=visit.enterprise_id).exists():
        raise TeamError("problem.unknown")
    Attachment.objects.create(
        id=picture.id, visit=visit, enterprise_id=visit.enterprise_id, problem_id=picture.problem, kind=picture.kind,
        media_type=media, size=len(picture.content), encrypted=encrypt_bytes(picture.content),
        taken_at=min(picture.taken_at, now), recorded_at=now, actor_id=actor,
    )  # fmt: skip
    return True
