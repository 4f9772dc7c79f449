"""Reads of contact tracing: positives without a case, cases, their contacts, what became of those who are confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from fugong.base.access import looked_at
from fugong.base.models import User
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.ledger.wording import CHOICES, CONTACT_RULES
from fugong.registry.models import Employment, Worker
from fugong.registry.scope import sites_in
from fugong.tracing.models import Case, CaseContact, CleaningTask

PURPOSE = "tracing"
"""Why the list for the disease-control office carries whole numbers (``base.reasons.PURPOSES``)."""
DAY = 86_400
LOOKED_BACK = 60 * DAY
"""So far back positives without a case are listed: who was found earlier has been through it."""
ORDER = tuple(CONTACT_RULES)
"""The rules, the closest contact first."""
FINDINGS = ("suspected", "confirmed", "asymptomatic")
"""Diagnoses that make a case."""
POSITIVE = Q(kind="test", values__result="positive") | Q(kind="diagnosis", values__finding__in=FINDINGS)


def is_positive(fact: Fact | None) -> bool:
    """Whether a fact can be a case's ground."""
    if fact is None or fact.withdrawn:
        return False
    if fact.kind == "test":
        return bool(fact.values.get("result") == "positive")
    return fact.kind == "diagnosis" and fact.values.get("finding") in FINDINGS


def latest_of(fact: UUID) -> Fact | None:
    """What stands today in the place of a fact: itself, or what superseded it last, which may be withdrawn."""
    found = Fact.objects.filter(pk=fact).first()
    while found is not None and (newer := Fact.objects.filter(supersedes=found).first()) is not None:
        found = newer
    return found


def without_case(now: int) -> QuerySet[Fact]:
    """Positive results and diagnoses that nobody has made a case of, the newest first."""
    used = Case.objects.filter(Q(ground=OuterRef("pk")) | Q(worker_id=OuterRef("subject_id"), state=Case.OPEN))
    put_right = Case.objects.filter(ground=OuterRef("supersedes"))
    return (
        standing().filter(POSITIVE, start__gte=now - LOOKED_BACK, start__lte=now)
        .exclude(Exists(used)).exclude(Exists(put_right)).order_by("-start", "-recorded_at")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Positive:
    """Somebody with a positive result and no case."""

    fact: Fact
    worker: Worker
    employers: tuple[str, ...]


def positives(now: int, most: int = 200) -> list[Positive]:
    """Those without a case, by their newest positive; whose they are is noted for the audit."""
    facts: dict[UUID, Fact] = {}
    for fact in without_case(now)[: 5 * most]:
        facts.setdefault(fact.subject_id, fact)
    workers = shown(facts)
    employers = employers_of(workers)
    return [
        Positive(fact, workers[one], employers.get(one, ())) for one, fact in list(facts.items())[:most] if one in workers
    ]  # fmt: skip


def cases() -> QuerySet[Case]:
    """Every case with its counts, open ones first, then the newest."""
    people, tasks = Q(contacts__state=CaseContact.PROPOSED), Q(tasks__state=CleaningTask.OPEN)
    return (
        Case.objects.select_related("worker")
        .annotate(
            proposed=Count("contacts", filter=people, distinct=True),
            confirmed=Count("contacts", filter=Q(contacts__state=CaseContact.CONFIRMED), distinct=True),
            dismissed=Count("contacts", filter=Q(contacts__state=CaseContact.DISMISSED), distinct=True),
            to_clean=Count("tasks", filter=tasks, distinct=True),
        )
        .order_by("-state", "-opened_at", "pk")
    )


def case_of(case: UUID) -> Case:
    """A case with its counts. Raises Http404."""
    found = cases().filter(pk=case).first()
    if found is None:
        raise Http404
    looked_at([found.worker_id], PURPOSE)
    return found


def tasks_in(user: User) -> QuerySet[CleaningTask]:
    """What has to be disinfected at the sites of somebody's scope, what waits longest first."""
    found = CleaningTask.objects.select_related("site", "site__enterprise")
    if user.role.scope != "town":
        found = found.filter(site__in=sites_in(user))
    return found.order_by("made_at", "place", "pk")


@dataclass(frozen=True, slots=True)
class Line:
    """A contact as a list shows them: who, and what became of them by facts."""

    contact: CaseContact
    worker: Worker
    employers: tuple[str, ...]
    bed: Fact | None
    test: Fact | None
    is_there: bool

    @property
    def closest(self) -> str:
        """The closest of the rules that found them, in words."""
        codes = sorted(self.contact.codes, key=lambda code: ORDER.index(code) if code in ORDER else len(ORDER))
        return str(CONTACT_RULES.get(codes[0], codes[0])) if codes else ""

    @property
    def result(self) -> str:
        """What the test said, in words."""
        return str(CHOICES[self.test.values["result"]]) if self.test else ""

    @property
    def rules(self) -> list[str]:
        """The rules that found them, in words."""
        return [str(CONTACT_RULES.get(code, code)) for code in self.contact.codes]

    @property
    def bed_words(self) -> str:
        """The room and bed, as the fact says them."""
        return " ".join(str(self.bed.values.get(name) or "") for name in ("room", "bed")).strip() if self.bed else ""


def lines(contacts: Sequence[CaseContact], now: int) -> list[Line]:
    """Contacts with their enterprises, their observation now or ahead, and their latest test since the contact."""
    ids = [one.worker_id for one in contacts]
    workers, employers = shown(ids), employers_of(ids)
    beds = _first(
        standing().filter(subject_id__in=ids, kind="observation", end__gt=now).order_by("-start", "-recorded_at")
    )
    tests = _first(standing().filter(subject_id__in=ids, kind="test").order_by("start", "recorded_at"))
    return [
        Line(
            one, workers[one.worker_id], employers.get(one.worker_id, ()), beds.get(one.worker_id),
            _since(tests.get(one.worker_id), one.last_at),
            one.worker_id in beds and beds[one.worker_id].start <= now,
        )
        for one in contacts
    ]  # fmt: skip


def _first(facts: Iterable[Fact]) -> dict[UUID, Fact]:
    """The last one of each subject."""
    return {fact.subject_id: fact for fact in facts}


def _since(fact: Fact | None, moment: int) -> Fact | None:
    return fact if fact is not None and fact.start >= moment else None


def shown(workers: Iterable[UUID]) -> dict[UUID, Worker]:
    """Workers by id; whose data are shown is noted for the audit."""
    ids = list(workers)
    looked_at(ids, PURPOSE)
    return Worker.objects.in_bulk(ids)


def employers_of(workers: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names of the enterprises that employ each of these workers at present."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = Employment.objects.filter(worker__in=list(workers), active=True).order_by("enterprise__name")
    for worker, name in rows.values_list("worker_id", "enterprise__name"):
        found[worker] = (*found.get(worker, ()), name)
    return found


def contact_since(worker: UUID, now: int) -> Fact | None:
    """The latest close contact of somebody, by the ledger: what their own card tells them."""
    return (
        standing().filter(subject_id=worker, kind="contact", start__lte=now).order_by("-start", "-recorded_at").first()
    )
