"""The only writes of requests: filing, answering, taking back, and what happens when the clock runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Fault, declare
from fugong.base.hands import same_hands
from fugong.base.personal import encrypt_bytes
from fugong.clearance.deputies import APART
from fugong.clearance.models import PERMISSIONS
from fugong.ledger import acts
from fugong.ledger.kinds import KINDS
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.services import NewFact
from fugong.ledger.validation import checked, interval, plausible_at, sound
from fugong.redress import looks, queries
from fugong.redress.models import (
    APPEAL,
    CORRECTION,
    GRANTED,
    OPEN,
    REFUSED,
    WHO_LOOKED,
    WITHDRAWN,
    Evidence,
    Request,
)

SOURCE = "redress"
REASON = "asked for by the person"
MOST_CHARACTERS = 1_000
MOST_FILES = 3
MOST_BYTES = 5 * 2**20
_MEDIA = {
    b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf",
}  # fmt: skip
"""What may be sent as evidence, by its first bytes: whatever a file calls itself."""


class RedressError(Fault):
    """A request or an answer that is refused; ``field`` names the input."""


declare(
    {
        "redress.words": _("Say it in your own words, in 1 to %(limit)s characters."),
        "redress.no_fact": _("There is no such fact about this person, or it has been corrected already."),
        "redress.nothing_changed": _("What you say is right is what is held already. Change what is wrong."),
        "redress.no_permission": _("There is no such permission."),
        "redress.not_refused": _("This permission is not refused at present: there is nothing to appeal against."),
        "redress.no_look": _("There is no such look at this file."),
        "redress.open_already": _("There is an open request about this already. It is answered first."),
        "redress.too_many_files": _("At most %(limit)s files can go with a request."),
        "redress.file_too_large": _("The file “%(name)s” is larger than %(limit)s MB. Send a smaller picture of it."),
        "redress.file_kind": _("The file “%(name)s” is no JPEG or PNG picture and no PDF. Take a picture of it instead."),
        "redress.closed": _("This request is no longer open."),
        "redress.own_statement": _(
            "You stated this yourself, or you looked: somebody else must answer. Ask another administrator."
        ),
        "redress.own_request": _("You filed this request yourself: somebody else must answer it."),
        "redress.same_hands": _(
            "The password of your login was handed over by whoever stated this, looked or filed it, or the other way round:"
            " somebody else must answer, or this login from %(moment)s on. Whoever runs the machine can part the two at"
            " once: there “fugong login renew” gives a login a new password."
        ),
        "redress.by_roster": _(
            "Rosters say who is employed: %(enterprise)s must upload a corrected roster. Then this can be granted."
        ),
        "redress.changed_since": _("The fact was corrected or withdrawn meanwhile, but not as the person asks."),
        "redress.still_refused": _(
            "An appeal is granted when a reason of the refusal is gone. None is: correct the facts that it rests on "
            "first. Nobody can set a permission by hand."
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody sends as evidence."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Right:
    """What is right in place of a fact: its values, from when to when (``end`` None: one second, or for ever)."""

    values: Mapping[str, Any]
    start: int
    end: int | None = None


def file_correction(
    *, worker: UUID, fact: UUID, wrong: str, right: Right | None, evidence: Sequence[File] = (), actor: UUID, now: int
) -> Request:
    """Ask for a fact to be corrected; ``right`` None says that it never was. Raises Fault naming the input."""
    held = standing().filter(pk=fact, subject_id=worker).first()
    if held is None:
        raise RedressError("redress.no_fact")
    proposed = {} if right is None else _proposed(held, right, now)
    return _file(
        Request(
            kind=CORRECTION, worker_id=worker, fact=held, wrong=_words(wrong, "wrong"), never=right is None,
            stated_by_id=held.actor_id, **proposed,
        ), evidence, actor, now,
    )  # fmt: skip


def _proposed(held: Fact, right: Right, now: int) -> dict[str, Any]:
    """What is right, as the ledger would take it. Raises Fault."""
    kind = KINDS[held.kind]
    start, end = interval(kind, right.start, right.end)
    values = checked(kind, right.values)
    plausible_at(kind, values, start, end, now)
    if (values, start, end) == (held.values, held.start, held.end):
        raise RedressError("redress.nothing_changed")
    return {"proposed": values, "start": start, "end": end}


def file_appeal(
    *, worker: UUID, permission: str, wrong: str, evidence: Sequence[File] = (), actor: UUID, now: int
) -> Request:
    """Disagree with the refusal of a permission at present. Raises RedressError."""
    if permission not in PERMISSIONS:
        raise RedressError("redress.no_permission", field="permission")
    if not queries.failing(worker, permission, at=now, known_at=now):
        raise RedressError("redress.not_refused", field="permission")
    words = _words(wrong, "wrong")
    return _file(
        Request(kind=APPEAL, worker_id=worker, permission=permission, refused_at=now, wrong=words), evidence, actor, now
    )


def ask_who_looked(*, worker: UUID, look: str, wrong: str, actor: UUID, now: int) -> Request:
    """Ask for the name of who looked at the file. Raises RedressError."""
    found = looks.one(worker, look)
    if found is None:
        raise RedressError("redress.no_look")
    words = _words(wrong, "wrong")
    return _file(
        Request(kind=WHO_LOOKED, worker_id=worker, look=look, stated_by_id=found.actor, wrong=words), (), actor, now
    )


def _words(text: str, field: str) -> str:
    plain = text.strip()
    if not plain or len(plain) > MOST_CHARACTERS or not sound(plain):
        raise RedressError("redress.words", field=field, limit=MOST_CHARACTERS)
    return plain


def _file(request: Request, evidence: Sequence[File], actor: UUID, now: int) -> Request:
    """Store a request with its files; the clock begins."""
    files = [_checked(one) for one in evidence]
    if len(files) > MOST_FILES:
        raise RedressError("redress.too_many_files", field="evidence", limit=MOST_FILES)
    request.filed_by_id, request.filed_at = actor, now
    request.due_at = now + settings.FUGONG_REDRESS_DAYS * local.DAY
    try:
        with transaction.atomic():
            request.save(force_insert=True)
            for one, media in files:
                Evidence.objects.create(
                    request=request, worker_id=request.worker_id, filename=one.name[-120:], media_type=media,
                    size=len(one.content), encrypted=encrypt_bytes(one.content),
                )  # fmt: skip
    except IntegrityError as error:
        if "one_open" in str(error):
            raise RedressError("redress.open_already") from None
        raise
    return request


def _checked(one: File) -> tuple[File, str]:
    if len(one.content) > MOST_BYTES:
        raise RedressError("redress.file_too_large", field="evidence", name=one.name, limit=MOST_BYTES // 2**20)
    media = next((media for head, media in _MEDIA.items() if one.content.startswith(head)), None)
    if media is None:
        raise RedressError("redress.file_kind", field="evidence", name=one.name)
    return one, media


def _open(request_id: UUID) -> Request:
    """The request, locked. Raises RedressError when it is no longer open."""
    found = Request.objects.select_for_update(of=("self",)).get(pk=request_id)
    if found.state != OPEN:
        raise RedressError("redress.closed")
    return found


_ANSWERED = ("state", "answer", "answered_by", "answered_at", "result", "disclosed")


@transaction.atomic
def take_back(*, request_id: UUID) -> None:
    """The person no longer asks. Raises RedressError."""
    _open(request_id)
    Request.objects.filter(pk=request_id).update(state=WITHDRAWN)


@transaction.atomic
def refuse(*, request_id: UUID, answer: str, actor: UUID, now: int) -> Request:
    """Answer that what is asked for isn't done, and why. Raises RedressError."""
    found = _open(request_id)
    _close(found, REFUSED, answer, actor, now)
    found.save(update_fields=_ANSWERED)
    return found


@transaction.atomic
def grant(*, request_id: UUID, answer: str, actor: UUID, now: int) -> acts.Waits | None:
    """Answer that what is asked for is done, and do it: a superseding fact, or a name.

    An appeal is granted when a reason of the refusal is gone (facts were corrected): no answer sets a permission.
    Returns the act that waits for a second person where the correction is one that the answerer may not make alone: then
    the request stays open. Raises Fault.
    """
    found = _open(request_id)
    _close(found, GRANTED, answer, actor, now)
    if found.kind == CORRECTION:
        done = _correct(found, actor, now)
        if isinstance(done, acts.Waits):
            return done
        found.result_id = done
    elif found.kind == WHO_LOOKED:
        found.disclosed = looks.name_of(found.worker_id, found.look)
    elif not _some_reason_is_gone(found, now):
        raise RedressError("redress.still_refused")
    found.save(update_fields=_ANSWERED)
    return None


def _close(found: Request, state: str, answer: str, actor: UUID, now: int) -> None:
    """An answer by somebody who neither stated what it is about nor filed it. Raises RedressError."""
    if actor == found.stated_by_id:
        raise RedressError("redress.own_statement")
    if actor == found.filed_by_id:
        raise RedressError("redress.own_request")
    moment = not_before(found, actor, now)
    if moment is not None:
        raise RedressError("redress.same_hands", moment=f"{local.to_datetime(moment):%Y-%m-%d %H:%M}")
    found.state, found.answer, found.answered_by_id = state, _words(answer, "answer"), actor
    found.answered_at = max(now, found.filed_at)


def not_before(found: Request, actor: UUID, now: int) -> int | None:
    """From when on somebody may answer who may hold the login, too, that stated it, looked, or filed it; None for others."""
    shared = same_hands(actor, since=now - APART)
    return max((shared[one] + APART for one in (found.stated_by_id, found.filed_by_id) if one in shared), default=None)


def _correct(found: Request, actor: UUID, now: int) -> UUID | acts.Waits:
    """Write the fact that is right in place of the one that isn't, unless somebody has done so already."""
    held = found.fact
    assert held is not None
    newer = Fact.objects.filter(supersedes=held).first()
    if newer is not None:
        if not _as_asked(found, newer):
            raise RedressError("redress.changed_since")
        return newer.pk
    if KINDS[held.kind].by_roster:
        raise RedressError("redress.by_roster", enterprise=queries.keeper(held))
    new = None
    if not found.never:
        assert found.start is not None
        new = NewFact(held.subject_id, held.kind, found.start, found.proposed, end=found.end)
    done = acts.perform_correction(
        fact_id=held.pk,
        replacement=new,
        reason=REASON,
        source=SOURCE,
        evidence=f"request {found.pk}",
        now=now,
        actor=actor,
    )
    return done if isinstance(done, acts.Waits) else UUID(str(done.result))


def _as_asked(found: Request, newer: Fact) -> bool:
    """Whether a fact that came in place of the one in question says what the person asks for."""
    if found.never or newer.withdrawn:
        return found.never and newer.withdrawn
    if KINDS[newer.kind].by_roster:  # rosters say the same in other words: who answers has read both
        return True
    return (newer.values, newer.start, newer.end) == (found.proposed, found.start, found.end)


def _some_reason_is_gone(found: Request, now: int) -> bool:
    """Whether something that refused the permission when the appeal was filed no longer does, as is known now."""
    assert found.refused_at is not None
    before = queries.failing(found.worker_id, found.permission, at=found.refused_at, known_at=found.filed_at)
    after = queries.failing(found.worker_id, found.permission, at=found.refused_at, known_at=now)
    return bool(before - after)


def note_seen(*, request_id: UUID, now: int) -> None:
    """The person has seen the answer."""
    found = Request.objects.filter(pk=request_id, answered_at__isnull=False, seen_at__isnull=True)
    for one in found:
        assert one.answered_at is not None
        found.filter(pk=one.pk).update(seen_at=max(now, one.answered_at))


def escalate(now: int) -> int:
    """Mark the open requests whose clock has run out; returns how many that were. For the steward, as the system."""
    return Request.objects.filter(state=OPEN, due_at__lte=now, escalated_at__isnull=True).update(escalated_at=now)
