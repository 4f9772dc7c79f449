"""Reads of whole numbers. Every one of them is noted for the audit, with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base import personal
from fugong.base.access import looked_at
from fugong.base.faults import Fault, declare
from fugong.base.models import User
from fugong.base.reasons import PURPOSES, REASONS
from fugong.registry.models import Document, Worker
from fugong.registry.queries import worker_of

PHONE = "phone"
"""How the telephone number is named; a document is named by its id."""

declare({"reveal.reason": _("Say why you need to see the number: choose one of the reasons.")})


@dataclass(frozen=True, slots=True)
class Number:
    """A number of somebody: which one it is, what it is called, and its masked and, once revealed, its whole form."""

    worker: Worker
    which: str
    title: str | Promise
    masked: str
    plain: str = ""


def number_of(user: User, worker: UUID, which: str) -> Number:
    """A number in the user's scope, masked: the telephone or a document by its id. Raises Http404 where there is none."""
    found = worker_of(user, worker)
    if which == PHONE and found.phone_encrypted is not None:
        return Number(found, PHONE, _("Phone"), found.phone_masked)
    document = next((one for one in found.documents.all() if str(one.pk) == which), None)
    if document is None:
        raise Http404
    return Number(found, which, document.get_type_display(), document.masked)


def revealed(number: Number, reason: str) -> Number:
    """The same number in whole, and a note of who was shown whose for which reason. Raises Fault for no reason."""
    if reason not in REASONS:
        raise Fault("reveal.reason", field="reason")
    looked_at([number.worker.pk], reason)
    if number.which == PHONE:
        stored = number.worker.phone_encrypted
    else:
        stored = Document.objects.values_list("encrypted", flat=True).get(pk=number.which)
    assert stored is not None
    return Number(number.worker, number.which, number.title, number.masked, personal.decrypt(bytes(stored)))


def phones_for(purpose: str, workers: Iterable[UUID]) -> dict[UUID, str]:
    """The telephone numbers that a list made for a purpose carries, by worker; noted for the audit with that purpose.

    ``purpose`` is one of ``base.reasons.PURPOSES`` (KeyError otherwise); who has no number on file is left out. Whom the
    list may name is the caller's business.
    """
    if purpose not in PURPOSES:
        raise KeyError(purpose)
    rows = Worker.objects.filter(pk__in=list(workers), phone_encrypted__isnull=False)
    phones = {worker: bytes(stored) for worker, stored in rows.values_list("pk", "phone_encrypted") if stored}
    looked_at(phones, purpose)
    return {worker: personal.decrypt(stored) for worker, stored in phones.items()}


def documents_for(purpose: str, workers: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """The identity document that a list made for a purpose carries, by worker: what kind, and its whole number.

    Of several the one that was held first. Noted for the audit as `phones_for` is; raises KeyError as it does.
    """
    if purpose not in PURPOSES:
        raise KeyError(purpose)
    rows = Document.objects.filter(worker__in=list(workers), standing=Document.HELD).order_by("-pk")
    found = {row.worker_id: (str(row.get_type_display()), personal.decrypt(bytes(row.encrypted))) for row in rows}
    looked_at(found, purpose)
    return found
