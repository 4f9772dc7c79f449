"""Who may get what: a measure over the facts of enterprises and their people, each answer with what is behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from django.db import connection

from fugong.base import local
from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING
from fugong.policies.errors import PolicyError
from fugong.policies.language import amounts, form, known
from fugong.policies.language.conditions import Answer, Verdict, judge
from fugong.policies.language.known import Subject
from fugong.policies.working_days import working_day_after
from fugong.registry.models import Employment

Standing = Literal["yes", "open", "no"]
"""``yes``: it may get it; ``open``: it would get it if what is missing came; ``no``: what fails can't change any more, it is too
late, or the document isn't in force."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a measure's conditions say of one subject."""

    subject: UUID
    verdicts: tuple[Verdict, ...]

    @property
    def standing(self) -> Standing:
        """All conditions together."""
        if any(one.answer == "no" and not one.condition.can_change for one in self.verdicts):
            return "no"
        return "yes" if all(one.answer == "yes" for one in self.verdicts) else "open"

    def those(self, *answers: Answer) -> tuple[Verdict, ...]:
        """The conditions with one of these answers."""
        return tuple(one for one in self.verdicts if one.answer in answers)

    @property
    def failing(self) -> tuple[Verdict, ...]:
        """What does not hold."""
        return self.those("no")

    @property
    def missing(self) -> tuple[Verdict, ...]:
        """What nobody knows yet."""
        return self.those("unknown")


@dataclass(frozen=True, slots=True)
class Result:
    """A measure and an enterprise: what its conditions say, of each person where people count, and what it comes to.

    ``people`` are those whom the measure looks at at all; ``due`` is the last local day to claim (its end is the moment),
    None where nothing has set the clock running. ``dateless``: the table of working days doesn't reach so far. Amounts
    are in fen.
    """

    enterprise: UUID
    measure: form.Measure
    own: Judgement
    people: Mapping[UUID, Judgement] = field(default_factory=dict)
    amount: int = 0
    amount_if: int = 0
    due: int | None = None
    dateless: bool = False
    at: int = 0

    @property
    def late(self) -> bool:
        """Whether the deadline is over."""
        return self.due is not None and self.at >= self.due

    @property
    def in_force(self) -> bool:
        """Whether its document is in force on that local day; where it names no day, it isn't bound on that side."""
        day, document = local.day_of(self.at), self.measure.document
        begun = document.first is None or date.fromisoformat(document.first) <= day
        return begun and (document.last is None or day <= date.fromisoformat(document.last))

    def of_people(self, standing: Standing) -> list[UUID]:
        """The people who stand so."""
        return [person for person, one in self.people.items() if one.standing == standing]

    @property
    def standing(self) -> Standing:
        """The enterprise and at least one of its people, where people count."""
        if self.own.standing == "no" or self.late or not self.in_force:
            return "no"
        if not self.measure.per_person:
            return self.own.standing
        ready, able = bool(self.of_people("yes")), bool(self.of_people("open"))
        if self.own.standing == "yes" and ready:
            return "yes"
        return "open" if ready or able else "no"

    @property
    def missing(self) -> tuple[Verdict, ...]:
        """What the enterprise's own conditions still lack, and one of each that people lack."""
        seen: dict[str, Verdict] = {one.condition.name: one for one in self.own.missing}
        for person in self.people.values():
            if person.standing == "open":
                for one in person.missing:
                    seen.setdefault(one.condition.name, one)
        return tuple(seen.values())

    def lacking(self, name: str) -> int:
        """Of how many people a condition is still unknown, among those who may yet qualify."""
        return sum(
            1
            for person in self.people.values()
            if person.standing == "open" and any(one.condition.name == name for one in person.missing)
        )


def judged(measure: form.Measure, conditions: Iterable[form.Condition], subject: Subject) -> Judgement:
    """What conditions of a measure say of a subject."""
    return Judgement(subject.id, tuple(judge(one, subject, measure) for one in conditions))


def of_people(
    measure: form.Measure, people: Collection[UUID], at: int, *, known_at: int = PLUS_INF
) -> dict[UUID, Judgement]:
    """What a measure's conditions say of each of these people at a moment, as known at a moment: one query."""
    found = known.read(people, known.PERSON, at, known_at=known_at)
    return {person: judged(measure, measure.person, one) for person, one in found.items()}


def of_enterprises(
    measures: Sequence[form.Measure], enterprises: Sequence[UUID], at: int, *, people: bool = True
) -> dict[UUID, list[Result]]:
    """Each measure for each enterprise, in the order of the measures: four queries whatever their number.

    With ``people`` those whom a measure looks at are judged one by one. A measure without a text says nothing of anybody.
    """
    numbers = _employed(enterprises)
    subjects = known.read(enterprises, known.ENTERPRISE, at, employed=numbers)
    complete = [one for one in measures if one.status == "complete"]
    persons: dict[UUID, Subject] = {}
    whose: dict[str, dict[UUID, list[UUID]]] = {}
    for measure in complete if people else ():
        if measure.per_person:
            whose[measure.measure] = candidates(measure, enterprises, at)
    wanted = {one for found in whose.values() for some in found.values() for one in some}
    if wanted:
        persons = known.read(wanted, known.PERSON, at)
    return {
        enterprise: [
            _result(
                measure, subjects[enterprise],
                [persons[one] for one in whose.get(measure.measure, {}).get(enterprise, ())],
            )
            for measure in complete
        ]
        for enterprise in enterprises
    }  # fmt: skip


def _result(measure: form.Measure, enterprise: Subject, people: Sequence[Subject]) -> Result:
    own = judged(measure, measure.enterprise, enterprise)
    judgements = {one.id: judged(measure, measure.person, one) for one in people}
    ready = sum(one.standing == "yes" for one in judgements.values())
    able = ready + sum(one.standing == "open" for one in judgements.values())
    try:
        due, dateless = deadline(measure, enterprise), False
    except PolicyError:  # the list goes on; whoever claims is told
        due, dateless = None, True
    return Result(
        enterprise.id, measure, own, judgements, amount=amounts.of_enterprise(measure, enterprise, ready),
        amount_if=amounts.of_enterprise(measure, enterprise, able), due=due, dateless=dateless,
        at=enterprise.at,
    )  # fmt: skip


def deadline(measure: form.Measure, enterprise: Subject) -> int | None:
    """The end of the last local day on which an enterprise may claim; None while nothing sets the clock running.

    Raises PolicyError where the table of working days doesn't reach so far.
    """
    rule = measure.deadline
    if rule is None:
        return None
    if rule.after == "document":
        if measure.document.first is None:
            return None
        day = date.fromisoformat(measure.document.first)
    else:
        began = [one for one in enterprise.of("resumption") if one.holds(enterprise.at)]
        if not began:
            return None
        day = local.day_of(began[0].start)
    within = int(measure.number(rule.within))
    last = working_day_after(day, within) if rule.unit == "working_days" else local.day_after(day, within)
    return local.start_of_day(local.day_after(last))


def _employed(enterprises: Sequence[UUID]) -> dict[UUID, int]:
    """How many people each employs at present; 0 for one without a roster is known as 0."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT enterprise_id, count(*) FROM registry_employment WHERE enterprise_id = ANY(%s) AND active "
            "GROUP BY enterprise_id",
            [list(enterprises)],
        )
        found = dict(cursor.fetchall())
    return {one: int(found.get(one, 0)) for one in enterprises}


_AMONG = f"""
SELECT e.enterprise_id, e.worker_id FROM registry_employment AS e JOIN ledger_fact AS f ON f.subject_id = e.worker_id
WHERE e.enterprise_id = ANY(%(enterprises)s) AND e.active AND f.kind = 'household' AND f.start <= %(at)s
  AND f."end" > %(at)s AND f.values->>'division' ~ %(divisions)s AND {STANDING}
GROUP BY e.enterprise_id, e.worker_id ORDER BY e.worker_id
"""


def candidates(measure: form.Measure, enterprises: Sequence[UUID], at: int) -> dict[UUID, list[UUID]]:
    """Whom a measure looks at, by enterprise: those registered where it asks for, else everybody employed.

    Where people are registered decides alone and can't change, so of nobody else the rest need be read.
    """
    household = next((one for one in measure.person if isinstance(one, form.Household)), None)
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if household is None:
        rows = Employment.objects.filter(enterprise__in=enterprises, active=True).order_by("worker_id")
        for enterprise, worker in rows.values_list("enterprise_id", "worker_id"):
            found[enterprise].append(worker)
        return found
    pattern = f"^({'|'.join(household.divisions)})"
    with connection.cursor() as cursor:
        cursor.execute(_AMONG, {"enterprises": list(enterprises), "at": at, "divisions": pattern, "known_at": PLUS_INF})
        for enterprise, worker in cursor.fetchall():
            found[enterprise].append(worker)
    return found
