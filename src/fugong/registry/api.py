"""Rosters and facts for programs: a file with an answer for every row, or facts as JSON with an answer for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile

from fugong.base import clock, local
from fugong.base.access import needs
from fugong.base.faults import Fault, declare
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.base.tables import TableError, read
from fugong.ledger import services as ledger
from fugong.ledger.acts import Waits
from fugong.ledger.kinds import KINDS, Kind
from fugong.ledger.models import Fact, Subject
from fugong.ledger.services import NewFact
from fugong.ledger.validation import checked, interval, kind_of, require_stated_by
from fugong.registry.acts import add_facts, take_in_list
from fugong.registry.documents import document_digest
from fugong.registry.imports.lists import WORKERS, List, list_of
from fugong.registry.models import Document, Enterprise
from fugong.registry.queries import enterprise_of
from fugong.registry.scope import subjects_in
from fugong.registry.uploads.services import MAX_BYTES

router = Router()
MOST = 10_000

declare(
    {
        "facts.too_many": _("At most %(limit)s facts are taken at a time. Send them in several requests."),
        "facts.moment": _("“%(value)s” is no moment. Write it like 2020-03-09T07:20:00+08:00, or as epoch seconds."),
        "facts.no_subject": _("The fact does not say about whom it is: give a subject or a document."),
        "facts.no_beginning": _("The fact does not say when: give “at” for an event, “from” (and “to”) for a state."),
        "facts.subject_unknown": _("No such subject is in your scope."),
        "facts.id_taken": _("This id belongs to another fact: send the fact with an id of its own."),
        "facts.by_roster": _("Who is employed comes by roster: upload the roster of the enterprise."),
    }
)


class FindingOut(Schema):
    """What is wrong with a cell."""

    sheet: str
    row: int
    column: str
    code: str
    message: str


class SkippedOut(Schema):
    """A row that says nothing new, and why."""

    sheet: str
    row: int
    code: str
    message: str


class ImportOut(Schema):
    """What came of a list: ``rows`` = added + updated + unchanged + skipped + rows in error."""

    rows: int
    added: int
    updated: int
    unchanged: int
    skipped: int
    rows_in_error: int
    errors: list[FindingOut]
    warnings: list[FindingOut]
    skipped_rows: list[SkippedOut]
    columns: dict[str, str] = Field(description="our field: their header")
    missing: list[UUID] = Field(description="who is employed here and not in the file; nobody is removed")
    waiting: UUID | None = Field(
        None,
        description="nothing was changed: this act would take a permission from many and waits for a second person",
    )


class DocumentIn(Schema):
    """A document that a worker holds."""

    type: Literal[
        "resident", "residence_permit", "passport", "hk_macao_permit", "taiwan_permit", "foreign_permanent", "other"
    ] = "resident"
    number: str


class FactIn(Schema):
    """A fact about a subject, or about the worker who holds a document.

    ``at`` for an event; ``from`` and ``to`` for a state (without ``to`` it goes on). Moments: RFC 3339 or epoch seconds.
    ``id`` (UUIDv7) is made where the fact is made: sent twice, it is stored once.
    """

    subject: UUID | None = None
    document: DocumentIn | None = None
    at: str | int | None = None
    from_: str | int | None = Field(None, alias="from")
    to: str | int | None = None
    values: dict[str, Any] = {}
    evidence: str = ""
    id: UUID | None = None


class ProblemOut(Schema):
    """Why a fact was not taken: ``field`` names the input."""

    code: str
    message: str
    field: str | None = None


class FactOut(Schema):
    """The answer to one fact: ``added``, ``unchanged`` (this id is stored already), or ``refused`` with its problem.

    ``waiting``: nothing was stored; the facts of this request would take a permission from many, and the act of that id
    waits for a second person.
    """

    status: Literal["added", "unchanged", "refused", "waiting"]
    id: UUID | None = None
    act: UUID | None = None
    problem: ProblemOut | None = None


@router.post("/enterprises/{enterprise}/roster", response=ImportOut, summary="Take in a roster")
def roster(
    request: HttpRequest, enterprise: UUID, file: File[UploadedFile], dry_run: Form[bool] = False
) -> dict[str, Any]:
    """All rows that are right go in; every other row is named. With ``dry_run`` nothing is written."""
    user = needs(request, "roster.write")
    plant = enterprise_of(user, enterprise)
    kind = list_of(WORKERS)
    assert kind is not None
    if (file.size or 0) > MAX_BYTES:
        raise TableError("upload.too_large", found=f"{(file.size or 0) / 2**20:.1f}")
    now, content, filename = clock.now(), file.read(), file.name or "roster"
    if dry_run:
        return _said(kind, plant, content, filename, now)
    outcome = take_in_list(
        kind=WORKERS, enterprise=plant, content=content, filename=filename, now=now, actor=user.pk
    )  # fmt: skip
    if isinstance(outcome, Waits):
        return {**_said(kind, plant, content, filename, now), "waiting": outcome.id}
    answer: dict[str, Any] = outcome.result.as_json()
    return answer


def _said(kind: List, plant: Enterprise, content: bytes, filename: str, now: int) -> dict[str, Any]:
    """What would come of a roster."""
    parsed = kind.parse(read(content, filename), now)
    return kind.take_in(parsed=parsed, enterprise=plant, now=now, dry_run=True).as_json()


@router.post("/facts/{kind}", response=list[FactOut], summary="Add facts of one kind")
def facts(request: HttpRequest, kind: str, payload: list[FactIn], evidence: str = "") -> list[FactOut]:
    """An answer for each fact, in their order; the right ones are added together, in one transaction.

    ``evidence`` is what they rest on (a file's digest, a document's number); a fact may have its own. Facts that take a
    permission from somebody need it.
    """
    user = needs(request, "facts.write")
    stated = kind_of(kind)
    if stated.by_roster:
        raise Fault("facts.by_roster")
    require_stated_by(user.role_name, [kind])
    if len(payload) > MOST:
        raise Fault("facts.too_many", limit=MOST)
    return _Taking(user, stated, payload, evidence).answers(clock.now())


class _Taking:
    """Facts on their way."""

    def __init__(self, user: User, kind: Kind, payload: list[FactIn], evidence: str) -> None:
        self.user, self.kind, self.payload, self.evidence = user, kind, payload, evidence
        digests = [document_digest(one.document.type, one.document.number) for one in payload if one.document]
        held = Document.objects.filter(digest__in=digests).values_list("digest", "worker_id")
        self.holders = {bytes(digest): worker for digest, worker in held}
        named = {one.subject for one in payload if one.subject} | set(self.holders.values())
        self.scope = self._scope(named)
        self.kinds = dict(Subject.objects.filter(pk__in=named).values_list("pk", "kind"))

    def _scope(self, named: set[UUID]) -> set[UUID] | None:
        """Those about whom the user may write; None: everybody."""
        return None if self.user.role.scope == "town" else subjects_in(self.user, named)

    @transaction.atomic
    def answers(self, now: int) -> list[FactOut]:
        """Add what is right, and say of each fact what became of it."""
        read = [self._read(one) for one in self.payload]
        faults = iter(ledger.faults([one for one in read if isinstance(one, NewFact)], now))
        found = [self._judged(one, next(faults)) if isinstance(one, NewFact) else one for one in read]
        new: dict[UUID | None, NewFact] = {}
        for one in found:
            if isinstance(one, NewFact):
                new.setdefault(one.id, one)
        if not new:
            return [one for one in found if isinstance(one, FactOut)]
        outcome = add_facts(facts=list(new.values()), evidence=self.evidence, now=now, actor=self.user.pk)
        if isinstance(outcome, Waits):
            waits = FactOut(status="waiting", act=outcome.id)
            return [waits if isinstance(one, NewFact) else one for one in found]
        added = set(outcome.result)
        there = Fact.objects.in_bulk([one.id for one in found if isinstance(one, NewFact)])
        return [_answer(one, there, added) if isinstance(one, NewFact) else one for one in found]

    def _judged(self, one: NewFact, fault: Fault | None) -> FactOut | NewFact:
        return one if fault is None else _refused(fault)

    def _read(self, one: FactIn) -> FactOut | NewFact:
        try:
            return self._new(one)
        except Fault as error:
            return _refused(error)

    def _new(self, one: FactIn) -> NewFact:
        start = one.at if one.at is not None else one.from_
        if start is None:
            raise Fault("facts.no_beginning", field="at")
        subject = self._subject(one)
        end = None if one.to is None else _moment(one.to, "to")
        start = _moment(start, "at")
        return NewFact(subject, self.kind.name, start, one.values, end, one.id or uuid7(), evidence=one.evidence)

    def _subject(self, one: FactIn) -> UUID:
        if one.document is not None:
            digest = document_digest(one.document.type, one.document.number)
            subject, field = self.holders.get(digest), "document"
        elif one.subject is not None:
            subject, field = one.subject, "subject"
        else:
            raise Fault("facts.no_subject", field="subject")
        if subject is None or (self.scope is not None and subject not in self.scope):
            raise Fault("facts.subject_unknown", field=field)
        if self.kinds.get(subject) != self.kind.subject:
            raise Fault("facts.subject_unknown", field=field)
        return subject


def _answer(one: NewFact, there: Mapping[UUID, Fact], added: set[UUID]) -> FactOut:
    """What became of a right fact: the first one of an id is added, others are the same fact again, or another one."""
    assert one.id is not None
    stored, kind = there.get(one.id), KINDS[one.kind]
    if stored is None:  # somebody beyond the scope used it
        return _refused(Fault("facts.id_taken", field="id"))
    said = (one.subject, one.kind, *interval(kind, one.start, one.end), checked(kind, one.values))
    if (stored.subject_id, stored.kind, stored.start, stored.end, stored.values) != said:
        return _refused(Fault("facts.id_taken", field="id"))
    if one.id not in added:
        return FactOut(status="unchanged", id=one.id)
    added.remove(one.id)
    return FactOut(status="added", id=one.id)


def _moment(given: str | int, field: str) -> int:
    try:
        return given if isinstance(given, int) else local.parse(given)
    except ValueError:
        raise Fault("facts.moment", field=field, value=given) from None


def _refused(error: Fault) -> FactOut:
    return FactOut(
        status="refused", problem=ProblemOut(code=error.code, message=error.message, field=error.field or None)
    )
