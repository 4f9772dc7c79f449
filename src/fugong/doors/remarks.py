"""What people say of checks afterwards: that they looked at what did not fit, or that somebody left without a check."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.doors import misfits
from fugong.doors.models import Remark
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from fugong.registry.models import Site

MOST_WORDS = 200

declare(
    {
        "remark.words": _("Say in words how you know it: at most %(number)s characters."),
        "remark.kind": _("Say of what: choose from the list."),
        "remark.unknown": _("There is no such check at this site."),
        "remark.when": _("They left after they came in, and not in the future."),
        "remark.again": _("Somebody has said so already."),
    }
)


class RemarkError(Fault):
    """A remark that isn't taken: ``field`` names the input."""


def passage_at(site: Site, check: UUID) -> Fact | None:
    """A standing check or override at one of the site's doors."""
    doors = [str(pk) for pk in site.doors.values_list("pk", flat=True)]
    kinds = ("door_check", "door_override")
    return ledger.standing().filter(pk=check, kind__in=kinds, values__door__in=doors).first()


def have_left(*, site: Site, check: UUID, at: int, words: str, now: int, actor: UUID) -> None:
    """Somebody who came in with this check has left at a moment, though no door saw it. Raises RemarkError."""
    fact = _passage(site, check)
    if fact.values.get("direction") != "in" or (fact.kind == "door_check" and fact.values.get("outcome") != "passed"):
        raise RemarkError("remark.unknown", field="check")
    if not fact.start <= at <= now:
        raise RemarkError("remark.when", field="at")
    _add(fact, Remark.LEFT, words, now, actor, at)


def look_at(*, site: Site, check: UUID, kind: str, words: str, now: int, actor: UUID) -> None:
    """Somebody looked at a line of what did not fit, and says what it was. Raises RemarkError."""
    if kind not in misfits.KINDS:
        raise RemarkError("remark.kind", field="kind")
    _add(_passage(site, check), kind, words, now, actor)


def _passage(site: Site, check: UUID) -> Fact:
    found = passage_at(site, check)
    if found is None:
        raise RemarkError("remark.unknown", field="check")
    return found


def _add(fact: Fact, kind: str, words: str, now: int, actor: UUID, left_at: int | None = None) -> None:
    said = words.strip()
    if not 0 < len(said) <= MOST_WORDS:
        raise RemarkError("remark.words", field="words", number=MOST_WORDS)
    try:
        with transaction.atomic():
            Remark.objects.create(
                worker_id=fact.subject_id, check_fact=fact.pk, kind=kind, words=said, left_at=left_at, at=now,
                actor_id=actor,
            )  # fmt: skip
    except IntegrityError:
        raise RemarkError("remark.again", field="words") from None
