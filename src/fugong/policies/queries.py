"""Reads of policies: documents and who has them, measures and for whom they are, claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.ledger.models import Fact
from fugong.ledger.queries import STANDING, holding
from fugong.policies.language import form
from fugong.policies.language.conditions import Verdict
from fugong.policies.language.reading import parsed
from fugong.policies.models import Claim, Measure, PolicyDocument
from fugong.registry.asked import Given, known, papers
from fugong.registry.handouts import Handout
from fugong.registry.models import Paper
from fugong.registry.scope import enterprises_in


def documents(*, text: str = "", level: str = "", at: int | None = None) -> QuerySet[PolicyDocument]:
    """Documents, the newest first, without their files; ``at``: those in force then."""
    found = PolicyDocument.objects.defer("content").order_by("-added_at", "-id")
    if text:
        found = found.filter(Q(title__icontains=text) | Q(number__icontains=text) | Q(issuer__icontains=text))
    if level:
        found = found.filter(level=level)
    if at is not None:
        found = found.filter(Q(start__isnull=True) | Q(start__lte=at), Q(end__isnull=True) | Q(end__gt=at))
    return found


def handouts(at: int) -> list[Handout]:
    """The documents in force, as a team hands them over on a visit."""
    return [Handout(str(one.pk), f"{one.number} {one.title}".strip()) for one in documents(at=at)]


def document_of(policy: UUID) -> PolicyDocument:
    """A document without its file. Raises Http404."""
    found = PolicyDocument.objects.defer("content").filter(pk=policy).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Handed:
    """That an enterprise has a document: since when, and who took it (empty: handed, nobody has said that they have it)."""

    at: int
    receipt: str


_HANDED = f"""
SELECT f.subject_id, f.values->>'document', min(f.start),
  max(f.values->>'receipt') FILTER (WHERE coalesce(f.values->>'receipt', '') <> '')
FROM ledger_fact AS f WHERE f.kind = 'document_handed' AND f.start <= %(at)s AND {STANDING}
"""


def handed(at: int, *, enterprises: Sequence[UUID], documents: Iterable[UUID]) -> dict[tuple[UUID, UUID], Handed]:
    """Which of these enterprises have which of these documents: one query."""
    wanted = [str(one) for one in documents]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_HANDED} AND f.subject_id = ANY(%(enterprises)s) AND f.values->>'document' = ANY(%(documents)s) "
            "GROUP BY f.subject_id, f.values->>'document'",
            {"at": at, "known_at": PLUS_INF, "enterprises": list(enterprises), "documents": wanted},
        )
        return {(one, UUID(document)): Handed(since, by or "") for one, document, since, by in cursor.fetchall()}


def receipts(documents: Iterable[UUID], at: int) -> dict[UUID, tuple[int, int]]:
    """For each document: to how many enterprises it was handed, and how many have said that they have it."""
    wanted = [str(one) for one in documents]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.document, count(*), count(h.by) FROM "
            f"({_HANDED} AND f.values->>'document' = ANY(%(documents)s) GROUP BY f.subject_id, f.values->>'document') "
            "AS h (enterprise, document, since, by) GROUP BY h.document",
            {"at": at, "known_at": PLUS_INF, "documents": wanted},
        )
        return {UUID(document): (every, taken) for document, every, taken in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Current:
    """A measure that is in use: its row and what it says."""

    row: Measure
    said: form.Measure


def current() -> list[Current]:
    """The measures in use, complete ones first, by their keys."""
    rows = Measure.objects.filter(current=True).select_related("document").defer("document__content")
    return [Current(row, parsed(row.text)) for row in rows.order_by("status", "key")]


def measure_of(measure: UUID) -> Current:
    """A measure, current or not. Raises Http404."""
    row = Measure.objects.select_related("document").defer("document__content").filter(pk=measure).first()
    if row is None:
        raise Http404
    return Current(row, parsed(row.text))


def claims(user: User, *, state: str = "", enterprise: UUID | None = None) -> QuerySet[Claim]:
    """Claims in the user's scope, the newest first."""
    found = Claim.objects.select_related("enterprise", "measure", "payment").order_by("-drafted_at", "-id")
    if user.role.scope != "town":
        found = found.filter(enterprise__in=enterprises_in(user))
    if state:
        found = found.filter(state=state)
    return found.filter(enterprise=enterprise) if enterprise is not None else found


def claim_of(user: User, claim: UUID) -> Claim:
    """A claim in the user's scope. Raises Http404."""
    found = claims(user).filter(pk=claim).first()
    if found is None:
        raise Http404
    return found


def sums() -> dict[str, tuple[int, int, int, int]]:
    """For each state of claims: how many, claimed, approved and paid, in fen."""
    rows = Claim.objects.values("state").annotate(
        number=Count("pk"), asked=Sum("claimed"), given=Sum("approved"), out=Sum("payment__amount")
    )
    return {one["state"]: (one["number"], one["asked"] or 0, one["given"] or 0, one["out"] or 0) for one in rows}


def who_has(document: UUID, at: int) -> list[UUID]:
    """The enterprises to which a document was handed by a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_HANDED} AND f.values->>'document' = %(document)s GROUP BY f.subject_id, f.values->>'document'",
            {"at": at, "known_at": PLUS_INF, "document": str(document)},
        )
        return [row[0] for row in cursor.fetchall()]


def papers_behind(verdicts: Iterable[Verdict]) -> dict[UUID, Paper]:
    """The files on which the facts behind some answers rest, by these facts' ids: two queries, whatever their number."""
    facts = [fact for one in verdicts for fact in one.facts if fact.kind in ("evidence_of_person", "evidence")]
    named = {fact.id: papers.id_in(str(fact.values.get("document") or "")) for fact in facts}
    rests = Fact.objects.filter(pk__in=list(named), evidence__startswith="paper:").values_list("pk", "evidence")
    named |= {key: papers.marked(evidence) for key, evidence in rests}
    found = papers.by_id(named.values())
    return {key: found[paper] for key, paper in named.items() if paper is not None and paper in found}


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper that goes with a claim: what was shown of it. ``people`` of ``every`` for papers of people."""

    said: form.Evidence
    given: Given | None = None
    papers: tuple[Paper, ...] = ()
    people: int = 0
    every: int = 0

    @property
    def here(self) -> bool:
        """Whether it is there, of everybody whom it concerns."""
        return self.given is not None if self.said.of == "enterprise" else 0 < self.every == self.people


def papers_of(claim: Claim, measure: form.Measure, at: int) -> list[Shown]:
    """The papers that a measure asks for with a claim, each with what is there: four queries at most."""
    given = known([claim.enterprise_id], at)[claim.enterprise_id]
    workers = list(claim.lines.values_list("worker_id", flat=True))
    of_people = [one.item for one in measure.evidence if one.of == "person"]
    facts = holding(at).filter(kind="evidence_of_person", subject_id__in=workers, values__item__in=of_people)
    rows = list(facts.filter(values__holds=True).values_list("values__item", "subject_id", "evidence"))
    kept = papers.by_id([*(papers.marked(row[2]) for row in rows), *(one.paper for one in given.values())])
    return [_shown(one, given.get(one.item), rows, len(workers), kept) for one in measure.evidence]


def _shown(
    said: form.Evidence, given: Given | None, rows: Sequence[tuple[str, UUID, str]], every: int, kept: Mapping[UUID, Paper]
) -> Shown:  # fmt: skip
    if said.of == "person":
        mine = [(worker, papers.marked(evidence)) for item, worker, evidence in rows if item == said.item]
        files = dict.fromkeys(kept[paper] for _worker, paper in mine if paper is not None and paper in kept)
        return Shown(said, papers=tuple(files), people=len({worker for worker, _paper in mine}), every=every)
    paper = kept.get(given.paper) if given is not None and given.paper else None
    return Shown(said, given, (paper,) if paper else ())
