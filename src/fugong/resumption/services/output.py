"""Reports of output (复产率): taken in, compared with what else is known, and asked back where something doesn't fit.

Whichever way a ``capacity`` fact comes in (a page, a list, a visit, another program), `Keeping` keeps it as a `Report` and
raises the `Question` that it gives rise to, in the same transaction. An answer is ``evidence`` for `ITEM`, so that a team may
bring it from a visit; a corrected figure needs none. Thresholds are the pack's (``operations.capacity``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.background import Progress
from fugong.base.ids import uuid7
from fugong.clearance.queries import operations
from fugong.core.protocol.readiness import Capacity
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.queries import STANDING, standing
from fugong.ledger.services import NewFact, Stating
from fugong.registry import asked
from fugong.registry.asked import Answer, Evidence, Reason, Wanted
from fugong.registry.models import Enterprise
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import Question, Report

SOURCE = "resumption"
ITEM = "output_explained"
"""The item under which a figure that is asked back is explained."""
DAY = 86_400
OLDEST = 31
"""So many days back an enterprise may report itself."""
_REMEMBERED = 90 * DAY
_AT_WORK = 3 * DAY
_NEARLY = 1e-9  # 0.7 - 0.2 is a little less than a half


@dataclass(frozen=True, slots=True)
class Figures:
    """One enterprise's output at a moment, yuan a day. ``id`` is its fact's, given where it is known beforehand."""

    enterprise: UUID
    at: int
    current: float
    normal: float
    id: UUID | None = None

    @property
    def share(self) -> float:
        """Of the normal output."""
        return self.current / self.normal


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a figure is asked back, with its numbers."""

    code: str
    detail: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AtWork:
    """How many of an enterprise's people passed a door inwards within three days."""

    people: int
    staff: int

    @property
    def share(self) -> float | None:
        """Of the staff; None where nobody was seen at a door, because it may have none that checks."""
        return self.people / self.staff if self.people and self.staff else None


@transaction.atomic
def report(
    *, enterprise: UUID, day: int, current: float, normal: float, words: str = "", now: int, actor: UUID | None
) -> list[Doubt]:  # fmt: skip
    """An enterprise's output of a local day (any moment of it), yuan a day; that day's earlier report is corrected.

    ``words`` answer at once what is asked back. Returns what is still asked. Raises ResumptionError, FactError.
    """
    at = local.start_of_day(local.day_of(day))
    if at > now:
        raise ResumptionError("capacity.future", field="day")
    if at < now - OLDEST * DAY:
        raise ResumptionError("capacity.old", field="day", days=OLDEST)
    values = {"current_yuan": current, "normal_yuan": normal}
    locked = ledger.lock_for([NewFact(enterprise, "capacity", at, values)])
    old = (
        standing().filter(subject_id=enterprise, kind="capacity", start__gte=at, start__lt=at + DAY)
        .order_by("-start", "-recorded_at", "-id").first()
    )  # fmt: skip
    if old is None or old.values != values:
        fact = NewFact(
            enterprise, "capacity", old.start if old else at, values, id=uuid7(), supersedes=old.pk if old else None,
            reason="corrected" if old else "",
        )  # fmt: skip
        ledger.append(
            facts=[fact], source=SOURCE, now=ledger.recorded_at([fact], now), actor=actor, evidence="self", locked=locked
        )  # fmt: skip
    if words.strip() and open_questions([enterprise]):
        explain(enterprise=enterprise, words=words, now=now, actor=actor)
    return [Doubt(one.code, one.detail) for one in open_questions([enterprise])]


@transaction.atomic
def report_many(*, figures: Sequence[Figures], source: str, now: int, actor: UUID | None) -> None:
    """Many enterprises' output, each at its own moment, as a list brings it; what is asked back is kept with it.

    Also within ``ledger.deferred``, where nothing else follows from facts. Raises FactError.
    """
    facts = [
        NewFact(
            one.enterprise,
            "capacity",
            one.at,
            {"current_yuan": one.current, "normal_yuan": one.normal},
            id=one.id or uuid7(),
        )
        for one in figures
    ]
    ledger.append(facts=facts, source=source, now=now, actor=actor, evidence="self")
    _keep(facts, now)


@transaction.atomic
def explain(*, enterprise: UUID, words: str, now: int, actor: UUID | None) -> None:
    """Why the figures that are asked back are right, in the enterprise's words. Raises ResumptionError, FactError."""
    if not words.strip():
        raise ResumptionError("capacity.words", field="words")
    if not open_questions([enterprise]):
        raise ResumptionError("capacity.nothing_asked")
    answer = Answer(enterprise, ITEM, now, text=words.strip()[:500])
    asked.give(answers=[answer], source=SOURCE, now=now, actor=actor, evidence="self")


def open_questions(enterprises: Iterable[UUID]) -> list[Question]:
    """What is asked back of these enterprises and not yet answered."""
    found = Question.objects.filter(enterprise__in=list(enterprises), answered_at=None)
    return list(found.select_related("report").order_by("raised_at", "pk"))


def doubts(figures: Sequence[Figures], now: int) -> list[list[Doubt]]:
    """What would be asked back about each of these figures, were they reported now; in a constant number of queries
    for one day.
    """
    rules = operations(now).capacity
    ids = {one.enterprise for one in figures}
    first = min((one.at for one in figures), default=now)
    before: dict[UUID, list[Figures]] = {key: [] for key in ids}
    rows = Report.objects.filter(enterprise__in=ids, standing=True, at__gte=first - _REMEMBERED).order_by("at")
    for row in rows:
        before[row.enterprise_id].append(Figures(row.enterprise_id, row.at, row.current, row.normal))
    for one in sorted(figures, key=lambda one: one.at):
        before[one.enterprise].append(one)
    work = _at_work(figures) if rules.staff_gap is not None else {}
    return [
        _doubts(one, _last(before[one.enterprise], one), work.get((one.enterprise, _day(one.at))), rules)
        for one in figures
    ]


def _last(line: Sequence[Figures], one: Figures) -> Figures | None:
    """The report before this one's day."""
    return max((old for old in line if old.at < _day(one.at)), key=lambda old: old.at, default=None)


def _day(at: int) -> int:
    return local.start_of_day(local.day_of(at))


def _doubts(one: Figures, before: Figures | None, work: AtWork | None, rules: Capacity) -> list[Doubt]:
    found = []
    if rules.most_of_normal is not None and one.share > rules.most_of_normal + _NEARLY:
        found.append(Doubt(Question.ABOVE, {"share": one.share, "most": rules.most_of_normal}))
    there = None if work is None else work.share
    if (
        rules.staff_gap is not None
        and work is not None
        and there is not None
        and _reaches(one.share - there, rules.staff_gap)
    ):
        found.append(Doubt(Question.STAFF, {"share": one.share, "people": work.people, "staff": work.staff}))
    if before is not None:
        near = one.at - before.at <= rules.jump_days * DAY
        if rules.jump is not None and near and _reaches(abs(one.share - before.share), rules.jump):
            found.append(Doubt(Question.JUMP, {"share": one.share, "before": before.share, "at": before.at}))
        if rules.normal_change is not None and abs(one.normal / before.normal - 1) > rules.normal_change + _NEARLY:
            found.append(Doubt(Question.NORMAL, {"normal": one.normal, "before": before.normal, "at": before.at}))
    return found


def _reaches(difference: float, limit: float) -> bool:
    return difference >= limit - _NEARLY


_PASSED = f"""
SELECT e.enterprise_id, count(DISTINCT e.worker_id), count(DISTINCT f.subject_id)
FROM registry_employment AS e LEFT JOIN ledger_fact AS f ON f.subject_id = e.worker_id AND f.kind = 'door_check'
  AND f.start >= %(since)s AND f.start < %(until)s AND f.values->>'direction' = 'in' AND f.values->>'outcome' = 'passed'
  AND {STANDING}
WHERE e.enterprise_id = ANY(%(ids)s) AND e.active GROUP BY 1
"""


def _at_work(figures: Sequence[Figures]) -> dict[tuple[UUID, int], AtWork]:
    """By enterprise and day: one query a day."""
    days: dict[int, set[UUID]] = {}
    for one in figures:
        days.setdefault(_day(one.at), set()).add(one.enterprise)
    found: dict[tuple[UUID, int], AtWork] = {}
    for day, ids in days.items():
        given: dict[str, Any] = {
            "ids": list(ids),
            "since": day + DAY - _AT_WORK,
            "until": day + DAY,
            "known_at": PLUS_INF,
        }
        with connection.cursor() as cursor:
            cursor.execute(_PASSED, given)
            found |= {(key, day): AtWork(people, staff) for key, staff, people in cursor.fetchall()}
    return found


class Keeping:
    """What is kept of ``capacity`` facts and of answers, in the transaction that adds them (``ledger.services.Listener``)."""

    def begins(self, facts: Sequence[NewFact], by: Stating) -> None:
        """Nothing is prepared."""

    def locks(self, facts: Sequence[NewFact]) -> tuple[set[UUID], set[UUID]]:
        """The enterprise's own lock is enough."""
        return set(), set()

    def appended(
        self, facts: Sequence[NewFact], locked: set[UUID], now: int, new_workers: Set[UUID], by: Stating,
        progress: Progress,
    ) -> None:  # fmt: skip
        """Keep the reports, ask back, and close what was answered or corrected."""
        told = [fact for fact in facts if fact.kind == "capacity"]
        registered = Enterprise.objects.filter(pk__in={fact.subject for fact in told}).values_list("pk", flat=True)
        if told and (known := set(registered)):
            _keep([fact for fact in told if fact.subject in known], now)
        answered = {
            fact.subject: str(fact.values.get("text") or "")
            for fact in facts
            if fact.kind == "evidence" and fact.values.get("item") == ITEM and not fact.withdrawn
        }
        if answered:
            _close(answered, now)


def _keep(told: Sequence[NewFact], now: int) -> None:
    gone = [fact.supersedes for fact in told if fact.supersedes]
    if gone:
        Report.objects.filter(pk__in=gone).update(standing=False)
        Question.objects.filter(report__in=gone, answered_at=None).update(answered_at=now)
    rows = _new_rows(told, now)
    asked_back = doubts([Figures(row.enterprise_id, row.at, row.current, row.normal) for row in rows], now)
    made = Report.objects.bulk_create(rows)
    Question.objects.bulk_create(
        Question(report=row, enterprise_id=row.enterprise_id, code=one.code, detail=dict(one.detail), raised_at=now)
        for row, found in zip(made, asked_back, strict=True)
        for one in found
    )


def _new_rows(told: Sequence[NewFact], now: int) -> list[Report]:
    """The reports that these facts make. A fact's id is its maker's, or else looked up: the ledger numbers what has none."""
    given = [fact for fact in told if not fact.withdrawn]
    ids = {fact.id for fact in given if fact.id}
    there = set(
        Report.objects.filter(pk__in=ids).values_list("pk", flat=True)
    )  # kept already, by whoever appended them
    nameless = [fact for fact in given if fact.id is None]
    found: dict[tuple[UUID, int], list[UUID]] = {}
    if nameless:
        whose = {fact.subject for fact in nameless}
        rows = (
            standing()
            .filter(
                kind="capacity", subject_id__in=whose, recorded_at=now, start__in={fact.start for fact in nameless}
            )
            .exclude(pk__in=Report.objects.filter(enterprise__in=whose).values("pk"))
            .order_by("id")
        )  # fmt: skip
        for key, subject, start in rows.values_list("id", "subject_id", "start"):
            if key not in ids:
                found.setdefault((subject, start), []).append(key)
    made = []
    for fact in given:
        key = fact.id or found[fact.subject, fact.start].pop(0)
        if key not in there:
            current, normal = float(fact.values["current_yuan"]), float(fact.values["normal_yuan"])
            made.append(Report(
                fact_id=key, enterprise_id=fact.subject, at=fact.start, current=current, normal=normal, recorded_at=now
            ))  # fmt: skip
    return made


def _close(answered: Mapping[UUID, str], now: int) -> None:
    rows = list(Question.objects.filter(enterprise__in=list(answered), answered_at=None))
    for row in rows:
        row.answered_at, row.answer = now, answered[row.enterprise_id][:500]
    Question.objects.bulk_update(rows, ["answered_at", "answer"])


def wanted(enterprises: Sequence[UUID], at: int, given: Evidence) -> dict[UUID, list[Wanted]]:
    """Figures that are asked back: a source of open items (``registry.asked``)."""
    found: dict[UUID, list[Wanted]] = {}
    question = asked.Question(
        ITEM, _("Output that was asked back: why it is right"), "text", hint=_("Or correct the figure on the page of output.")
    )  # fmt: skip
    codes = dict(Question.CODES)
    for one in Question.objects.filter(enterprise__in=list(enterprises), answered_at=None):
        reason = Reason(codes[one.code], _("the town's figures of output"))
        found.setdefault(one.enterprise_id, []).append(Wanted(question, reason, since=one.raised_at))
    return found
