"""A case: opened from a positive fact, its contacts sought as often as one likes, closed when all of it is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.clearance import queries as clearance
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.registry.models import Worker
from fugong.tracing import queries, reading
from fugong.tracing.errors import TracingError
from fugong.tracing.models import Case, CaseContact, CleaningTask
from fugong.tracing.rules import Found, Sought, contacts
from fugong.tracing.services import tasks
from fugong.tracing.services.locks import locked

DAY = 86_400
ILL_BEFORE = 14 * DAY
"""So long before a positive sample a symptom is looked for: the longest it takes to fall ill, 14 days."""
_PLACE = 200


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a search came to: how many are new, and how many are on the list by now.

    ``later``: so many who are confirmed were near again after the moment that their fact says.
    """

    new: int
    all: int
    later: int = 0


@transaction.atomic
def open_case(
    *, ground: UUID, now: int, actor: UUID | None, since: int | None = None, until: int | None = None, words: str = "",
) -> Case:  # fmt: skip
    """Make a case of a positive test or a diagnosis that stands.

    ``since`` is the first symptom, by default what the ledger says (`first_symptom`), else the sample; ``until`` is when
    they were set apart, by default the report. Raises TracingError for a fact that grounds no case, and where there is one.
    """
    fact = standing().filter(pk=ground).first()
    if fact is None or not queries.is_positive(fact):
        raise TracingError("tracing.no_ground", field="ground")
    first = first_symptom(fact) if since is None else since
    found = max(first, min(now, set_apart(fact))) if until is None else until
    _refuse_times(first, found, now)
    case = Case(
        worker_id=fact.subject_id, ground=ground, since=first, until=found, words=words.strip()[:200], opened_by_id=actor,
        opened_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        if "one_open_case_a_worker" in str(error):
            name = Worker.objects.values_list("name", flat=True).get(pk=fact.subject_id)
            raise TracingError("tracing.case_there", name=name) from None
        if "ground" in str(error):
            raise TracingError("tracing.ground_used", field="ground") from None
        raise
    return case


def first_symptom(fact: Fact) -> int:
    """When somebody first had a symptom before a positive sample, by the ledger; else the sample, or the diagnosis."""
    symptoms = standing().filter(
        subject_id=fact.subject_id, kind="symptom", start__gte=fact.start - ILL_BEFORE, start__lte=fact.start
    )
    first = symptoms.order_by("start").values_list("start", flat=True).first()
    return fact.start if first is None else first


def set_apart(fact: Fact) -> int:
    """When somebody found positive was set apart, as far as the fact says: when the laboratory reported."""
    return int(fact.values.get("reported_at") or fact.start)


def _refuse_times(since: int, until: int, now: int) -> None:
    if since > until:
        raise TracingError("tracing.times", field="since")
    if until > now:
        raise TracingError("tracing.future", field="until")


@transaction.atomic
def change_times(*, case: UUID, since: int, until: int, now: int) -> Case:
    """Somebody asked the person: the first symptom, or the moment at which they were set apart, was another. Raises TracingError.

    Whoever is on the list stays there; contacts have to be sought again.
    """
    found = locked(case)
    _refuse_times(since, until, now)
    found.since, found.until = since, until
    found.save(update_fields=["since", "until"])
    return found


@transaction.atomic
def propose(*, case: UUID, now: int) -> Proposed:
    """Seek contacts by the pack in force, and what has to be disinfected; nothing takes effect by it.

    Who is new is added; who still waits for a review gets what is known by now; who is decided stays as they are. Raises
    TracingError for a closed case.
    """
    found = locked(case)
    rule = clearance.operations(now).contacts
    sought = Sought.of(found.worker_id, found.since, found.until, rule)
    facts = reading.facts_for(sought, rule)
    names = reading.names_for(facts)
    near = contacts(sought, facts, rule, names)
    there = {one.worker_id: one for one in found.contacts.select_for_update(no_key=True).order_by("pk")}
    new = [_row(found, worker, near, now) for worker in sorted(near) if worker not in there]
    CaseContact.objects.bulk_create(new)
    waiting = [one for one in there.values() if one.state == CaseContact.PROPOSED and one.worker_id in near]
    for one in waiting:
        _tell(one, near)
    CaseContact.objects.bulk_update(waiting, ["rules", "place", "last_at"])
    later = [
        one for one in there.values()
        if one.state == CaseContact.CONFIRMED and one.worker_id in near and near[one.worker_id][0].last > one.last_at
    ]  # fmt: skip
    tasks.list_places(case=found, sought=sought, facts=facts, now=now)
    Case.objects.filter(pk=case).update(searched_at=now)
    return Proposed(len(new), len(there) + len(new), len(later))


def _row(case: Case, worker: UUID, near: Found, now: int) -> CaseContact:
    return _tell(CaseContact(case=case, worker_id=worker, found_at=now), near)


def _tell(row: CaseContact, near: Found) -> CaseContact:
    hits = near[row.worker_id]
    row.rules = [{"rule": hit.rule, "place": hit.place[:_PLACE], "last": hit.last} for hit in hits]
    row.place, row.last_at = hits[0].place[:_PLACE], hits[0].last
    return row


@transaction.atomic
def add_contact(*, case: UUID, worker: UUID, place: str, last: int, now: int) -> CaseContact:
    """Somebody whom no rule finds and whom the case named: they stand on the list as any other. Raises TracingError."""
    found = locked(case)
    if not place.strip():
        raise TracingError("tracing.no_reason", field="place")
    if last > now:
        raise TracingError("tracing.future", field="last")
    there = found.contacts.filter(worker=worker).first()
    row = there or CaseContact(case=found, worker_id=worker, found_at=now, last_at=last)
    if row.state != CaseContact.PROPOSED:
        return row
    said = {"rule": "named", "place": place.strip()[:_PLACE], "last": last}
    row.rules = sorted([*row.rules, said], key=lambda one: -one["last"])
    row.place, row.last_at = row.rules[0]["place"], row.rules[0]["last"]
    row.save()
    return row


@transaction.atomic
def close(*, case: UUID, words: str, now: int) -> Case:
    """Close a case of which everything is decided. Raises TracingError where somebody waits for a review, or a place for its
    disinfection; the database refuses it besides.
    """
    found = locked(case)
    waiting = found.contacts.filter(state=CaseContact.PROPOSED).count()
    if waiting:
        raise TracingError("tracing.undecided", people=waiting)
    dirty = found.tasks.filter(state=CleaningTask.OPEN).count()
    if dirty:
        raise TracingError("tracing.undone", tasks=dirty)
    found.state, found.closed_at = Case.CLOSED, now
    found.words = words.strip()[:200] or found.words
    found.save(update_fields=["state", "closed_at", "words"])
    return found


def grounds(cases: Iterable[Case]) -> dict[UUID, Fact | None]:
    """What stands today in the place of each case's ground, by the case's id: where it isn't positive, the case was wrong."""
    return {case.pk: queries.latest_of(case.ground) for case in cases}
