"""The only writes of uploads: keeping a list while it is looked at, taking it in once, and deleting its content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base import personal
from fugong.base.background import Progress, silent
from fugong.base.faults import declare
from fugong.base.tables import TableError, read
from fugong.ledger.acts import Waits
from fugong.registry.acts import take_in_list
from fugong.registry.imports.result import Result
from fugong.registry.models import Enterprise, Upload
from fugong.registry.uploads.preview import content_of, look

MAX_BYTES = 20 * 2**20
"""The largest file that is taken, in bytes."""
KEPT = 86_400
"""So long the content of a list is kept at most, in seconds."""

declare(
    {
        "upload.too_large": _("The file has %(found)s MB; at most 20 MB are taken. Split it into several files."),
        "upload.nothing_chosen": _("Choose a file, or paste the rows."),
        "upload.gone": _("The content of this list has been deleted. Upload the file again."),
    }
)


def keep(*, kind: str, enterprise: Enterprise | None, filename: str, content: bytes, now: int, actor: UUID) -> Upload:
    """Keep a list to look at. Raises TableError for a file that nobody can read, or that is too large."""
    purge(now=now)
    if not content:
        raise TableError("table.empty")
    if len(content) > MAX_BYTES:
        raise TableError("upload.too_large", found=f"{len(content) / 2**20:.1f}")
    read(content, filename)
    return Upload.objects.create(
        kind=kind, enterprise=enterprise, filename=filename[-200:], content=personal.encrypt_bytes(content),
        created_at=now, actor_id=actor,
    )  # fmt: skip


def revise(*, upload: Upload, overrides: dict[str, Any]) -> Upload:
    """What the user says about sheets and columns in place of what was recognised."""
    Upload.objects.filter(pk=upload.pk, state=Upload.OPEN).update(overrides=overrides)
    upload.overrides = overrides
    return upload


@transaction.atomic
def apply(
    *, upload_id: UUID, leavers: Sequence[UUID], now: int, actor: UUID, progress: Progress = silent
) -> Upload:  # fmt: skip
    """Take in all rows that are right, once, and let those leave who were ticked among the missing.

    Where that would take a permission from more people than one person may, it waits for a second one. A list that was
    taken in already, or waits, is returned as it is. ``progress`` is told how many of how many rows are done. Raises
    TableError when nothing can be taken in.
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state != Upload.OPEN:
        return upload
    content = content_of(upload)
    if content is None:
        raise TableError("upload.gone")
    outcome = take_in_list(
        kind=upload.kind, enterprise=upload.enterprise, content=content, filename=upload.filename, now=now, actor=actor,
        overrides=upload.overrides, leavers=list(leavers), upload=upload_id, progress=progress,
    )  # fmt: skip
    if isinstance(outcome, Waits):
        upload.state, upload.content = Upload.WAITING, None  # whoever decides has the content
        upload.result = {"act": str(outcome.id), "people": outcome.people}
        upload.save(update_fields=["state", "content", "result"])
    else:
        upload.refresh_from_db()
    return upload


def note_taken_in(*, upload_id: UUID, result: Result, left: int, now: int) -> None:
    """Keep what came of a list, at once or when somebody else agreed."""
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    upload.result = {
        "rows": result.rows, "added": result.added, "updated": result.updated, "unchanged": result.unchanged,
        "skipped": len(result.skipped), "in_error": result.rows_in_error, "warnings": len(result.warnings),
        "left": left,
    }  # fmt: skip
    upload.state, upload.applied_at = Upload.DONE, now
    if not result.errors:  # the marked sheet needs the content; nothing else does
        upload.content = None
    upload.save(update_fields=["result", "state", "applied_at", "content"])


def forget(*, upload: Upload) -> None:
    """Delete the content of a list now."""
    Upload.objects.filter(pk=upload.pk).update(content=None)


def purge(*, now: int) -> int:
    """Delete the content of every list that is older than a day. Returns how many there were."""
    return Upload.objects.filter(content__isnull=False, created_at__lt=now - KEPT).update(content=None)


def marked(upload: Upload, now: int) -> bytes:
    """The user's own sheet with the cells marked. Raises TableError when the content has been deleted."""
    from fugong.base.tables import error_workbook

    content = content_of(upload)
    view = look(upload, now)
    if content is None or view.result is None:
        raise TableError("upload.gone")
    return error_workbook(content, upload.filename, view.result.errors, view.result.warnings)
