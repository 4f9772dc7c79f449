"""Reads of the registry: enterprises, workers and their files, within somebody's scope."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import Http404

from fugong.base.access import looked_at
from fugong.base.choosing import matching
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.ledger import wording
from fugong.ledger.kinds import KINDS
from fugong.ledger.models import Fact
from fugong.ledger.queries import history, holding
from fugong.registry import divisions
from fugong.registry.choosing import ENTERPRISE
from fugong.registry.documents import document_digest, phone_digest
from fugong.registry.models import Division, Document, Door, Employment, Enterprise, Site, Worker
from fugong.registry.posts import Post, posts
from fugong.registry.scope import enterprises_in, workers_in


class Shown(QuerySet[Worker]):
    """Workers whom somebody is shown: whoever of them is fetched is noted for the audit."""

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh:
            looked_at(row.pk for row in self._result_cache or () if isinstance(row, Worker))


def enterprise_of(user: User, enterprise: UUID) -> Enterprise:
    """An enterprise in the user's scope. What isn't in it looks as if it didn't exist: raises Http404."""
    found = enterprises_in(user).select_related("patch").filter(pk=enterprise).first()
    if found is None:
        raise Http404
    return found


def worker_of(user: User, worker: UUID) -> Worker:
    """A worker in the user's scope. Raises Http404 for anybody else."""
    found = workers_in(user).prefetch_related("documents", "employments__enterprise").filter(pk=worker).first()
    if found is None:
        raise Http404
    looked_at([found.pk])
    return found


def enterprises(user: User, *, text: str = "", industry: str = "", at: int) -> QuerySet[Enterprise]:
    """Enterprises in the user's scope: by part of a name, of a credit code or short key; of one kind of industry."""
    found = enterprises_in(user).select_related("patch").order_by("name", "pk")
    if text:
        found = found.filter(matching(text, ENTERPRISE))
    if industry:
        of_that_kind = holding(at).filter(subject_id=OuterRef("pk"), kind="establishment", values__industry=industry)
        found = found.filter(Exists(of_that_kind))
    return found


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """An enterprise in a list: its kind of industry at a moment, and how many workers it employs at present."""

    enterprise: Enterprise
    industry: str
    workers: int


def enterprise_rows(page: Sequence[Enterprise], at: int) -> list[EnterpriseRow]:
    """What a list shows of these enterprises, in two queries whatever their number."""
    ids = [enterprise.pk for enterprise in page]
    industries: dict[UUID, str] = dict(
        holding(at).filter(subject_id__in=ids, kind="establishment").order_by("recorded_at")
        .values_list("subject_id", "values__industry")
    )  # fmt: skip
    workers: dict[UUID, int] = dict(
        Employment.objects.filter(enterprise__in=ids, active=True)
        .values_list("enterprise")
        .annotate(number=Count("pk"))
        .values_list("enterprise", "number")
    )
    return [
        EnterpriseRow(one, str(wording.CHOICES.get(industries.get(one.pk, ""), "")), workers.get(one.pk, 0))
        for one in page
    ]


def workers(user: User, *, text: str = "", enterprise: UUID | None = None) -> QuerySet[Worker]:
    """Workers in the user's scope, by name.

    ``text`` is part of a name, pinyin initials, the last four characters of a document or phone, or a whole number.
    """
    found = Shown(Worker).filter(pk__in=workers_in(user)) if user.role.scope != "town" else Shown(Worker).all()
    found = found.prefetch_related("documents", "employments__enterprise").order_by("name", "pk")
    if enterprise is not None:
        found = found.filter(
            Exists(Employment.objects.filter(worker=OuterRef("pk"), enterprise=enterprise, active=True))
        )
    typed = text.strip()
    return found.filter(_meant(typed)) if typed else found


def _meant(typed: str) -> Q:
    """What a typed text may mean."""
    if not typed.isascii():
        return Q(name__contains=typed.replace(" ", ""))
    hits = Q(name__icontains=typed) | Q(Exists(Employment.objects.filter(worker=OuterRef("pk"), badge__iexact=typed)))
    packed = typed.replace(" ", "").replace("-", "").upper()
    if typed.isalpha():
        hits |= Q(initials__startswith=typed.lower())
    if len(packed) == 4:
        hits |= Q(phone_tail=packed) | Q(Exists(Document.objects.filter(worker=OuterRef("pk"), tail=packed)))
    if len(packed) >= 7:
        digests = [document_digest(kind, packed) for kind, _title in Document.TYPES]
        hits |= Q(phone_digest=phone_digest(packed))
        hits |= Q(Exists(Document.objects.filter(worker=OuterRef("pk"), digest__in=digests)))
    return hits


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline: a fact in words. ``superseded_by`` is the fact that corrected it; None while it stands."""

    fact: Fact
    title: str
    values: list[tuple[str, str]]
    source: str
    by: str
    is_open: bool
    is_event: bool
    superseded_by: Fact | None
    reason: str
    superseded_why: str
    """Why it corrected another one, and why another one corrected it, in words; empty where that isn't so."""

    @property
    def purpose(self) -> str:
        """For what it is held."""
        return str(KINDS[self.fact.kind].purpose)


def timeline(subject: UUID) -> QuerySet[Fact]:
    """Everything ever recorded about a subject, newest first, superseded facts included; ``lines`` puts it in words."""
    return history(subject).exclude(withdrawn=True)


def lines(facts: Iterable[Fact], *, named: bool = True) -> list[Line]:
    """Facts in words, with the names of those whom they refer to in two queries whatever their number.

    ``named`` says by name who stated a fact, where that login is in scope; else by role and organisation only: what the
    person whom the fact is about may know, unless they ask for the name.
    """
    shown = list(facts)
    names = names_of(reference for fact in shown for reference in wording.referred_to(fact.kind, fact.values))
    held = posts(f.actor_id for f in shown if f.actor_id is not None and not (named and f.actor is not None))
    return [_line(fact, names, _by(fact, held)) for fact in shown]


def _by(fact: Fact, held: Mapping[UUID, Post]) -> str:
    """Who stated a fact: their name, or their post where only that may be known."""
    if fact.actor_id is not None and fact.actor_id in held:
        return str(held[fact.actor_id])
    return (fact.actor.get_full_name() or fact.actor.username) if fact.actor else ""


def _line(fact: Fact, names: Mapping[str, str], by: str) -> Line:
    kind = KINDS[fact.kind]
    newer = next(iter(fact.superseding.all()), None)
    return Line(
        fact=fact, title=str(kind.title), values=wording.described(fact.kind, fact.values, names),
        source=wording.source(fact.source), by=by,
        is_open=fact.end >= PLUS_INF, is_event=kind.shape == "event", superseded_by=newer,
        reason=wording.reason(fact.reason), superseded_why=wording.reason(newer.reason) if newer else "",
    )  # fmt: skip


def names_of(references: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The names of enterprises, sites, doors (by id), divisions and a door's reasons (by code) that facts refer to."""
    wanted: dict[str, set[str]] = {"subject": set(), "door": set(), "division": set(), "reason": set()}
    for kind, key in references:
        wanted[kind].add(key)
    names = {code: divisions.name_of(code) for code in wanted["division"]}
    if wanted["division"]:
        names |= dict(Division.objects.filter(code__in=wanted["division"]).values_list("code", "name"))
    subjects, doors = _ids(wanted["subject"]), _ids(wanted["door"])
    for model in (Enterprise, Site):
        if subjects:
            found = model.objects.filter(pk__in=subjects).values_list("pk", "name")
            names |= {str(pk): name for pk, name in found}
    if doors:
        whole = Concat("site__name", Value(" "), "name")
        names |= {str(pk): name for pk, name in Door.objects.filter(pk__in=doors).values_list("pk", whole)}
    names |= wording.meanings(wanted["reason"])
    return names


def _ids(keys: Iterable[str]) -> list[UUID]:
    """Those keys that are ids (a door from outside may be a name)."""
    return [UUID(key) for key in keys if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key)]
