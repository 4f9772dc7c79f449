"""Files that enterprises show as evidence: bounded in size and number, encrypted, kept once however often they are sent."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from fugong.base import files
from fugong.base.faults import Fault, declare
from fugong.base.files import File
from fugong.base.personal import decrypt_bytes, encrypt_bytes
from fugong.registry.models import Paper

MOST_AN_ENTERPRISE = 200
"""So many files an enterprise may keep here: what it is asked for, several times over."""
_MARK = "paper:"

declare(
    {
        "paper.size": _("“%(name)s” is larger than %(limit)s MB. Send a smaller file, for example fewer pages at once."),
        "paper.kind": _("“%(name)s” is no PDF, picture, Word or Excel file (without macros). Save it as a PDF and send that."),
        "paper.empty": _("“%(name)s” is empty. Choose the file again."),
        "paper.many": _("This enterprise has %(limit)s files here already. Name the document in words, and where it is kept."),
    }
)  # fmt: skip


class PaperError(Fault):
    """A file that is refused; ``field`` names the input."""


@transaction.atomic
def keep(*, enterprise: UUID, file: File, now: int, actor: UUID | None, field: str = "file") -> Paper:
    """Store a file of an enterprise; one that is here already is found again. Raises PaperError."""
    media = _checked(file, field)
    digest = sha256(enterprise.bytes + file.content).digest()
    mine = Paper.objects.filter(enterprise=enterprise)
    known = mine.filter(digest=digest).defer("encrypted").first()
    if known is not None:
        return known
    if mine.count() >= MOST_AN_ENTERPRISE:
        raise PaperError("paper.many", field=field, limit=MOST_AN_ENTERPRISE)
    made = Paper(
        enterprise_id=enterprise, filename=_named(file), media_type=media, size=len(file.content), digest=digest,
        encrypted=encrypt_bytes(file.content), added_at=now, actor_id=actor,
    )  # fmt: skip
    # Two who send it at once: the second waits for the first here, and finds what that one kept.
    Paper.objects.bulk_create([made], ignore_conflicts=True)
    return mine.defer("encrypted").get(digest=digest)


def _checked(file: File, field: str) -> str:
    if not file.content:
        raise PaperError("paper.empty", field=field, name=_named(file))
    if len(file.content) > files.MOST_BYTES:
        raise PaperError("paper.size", field=field, name=_named(file), limit=files.MOST_BYTES // 2**20)
    media = files.media_of(file)
    if media is None:
        raise PaperError("paper.kind", field=field, name=_named(file))
    return media


def _named(file: File) -> str:
    plain = "".join(sign for sign in file.name if sign.isprintable())
    return plain[-120:] or "–"


def by_id(keys: Iterable[UUID | None]) -> dict[UUID, Paper]:
    """Those of these files that are there, without their content: one query, none where nothing is asked."""
    wanted = {key for key in keys if key is not None}
    return {one.pk: one for one in Paper.objects.filter(pk__in=wanted).defer("encrypted")} if wanted else {}


def of(enterprise: UUID, key: UUID) -> tuple[Paper, File]:
    """A file of an enterprise with its content. Raises Http404 for one that isn't its."""
    found = Paper.objects.filter(pk=key, enterprise=enterprise).first()
    if found is None:
        raise Http404
    return found, File(found.filename, decrypt_bytes(bytes(found.encrypted)))


def mark(paper: Paper) -> str:
    """How a fact about a person says on which file it rests (its ``evidence``)."""
    return f"{_MARK}{paper.pk}"


def marked(evidence: str) -> UUID | None:
    """The file that a fact's ``evidence`` names; None where it names none."""
    return id_in(evidence.removeprefix(_MARK)) if evidence.startswith(_MARK) else None


def id_in(text: str) -> UUID | None:
    """The id that a text is; None for words."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
