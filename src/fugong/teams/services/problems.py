"""Problems (困难问题): reported, given to somebody, dealt with, and closed by the enterprise's word only. Every step is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.base import access, local
from fugong.base.characters import compact
from fugong.base.ids import uuid7
from fugong.clearance.queries import operations
from fugong.ledger.validation import sound
from fugong.notices.services.queueing import queue
from fugong.teams.errors import TeamError
from fugong.teams.models import PROBLEM_KINDS, Charge, Member, Problem, ProblemEvent, ServiceTeam

MOST = 1_000
MOST_ROWS = 5_000
MOST_OWNER = 64
KINDS = tuple(name for name, _title in PROBLEM_KINDS)


@dataclass(frozen=True, slots=True)
class NewProblem:
    """A problem that an enterprise has. ``id`` was made where it was noted: sent twice, it is stored once.

    ``owner`` "" gives it to the team that looks after the enterprise; ``due`` None takes the pack's days.
    """

    enterprise: UUID
    kind: str
    words: str
    at: int
    id: UUID | None = None
    visit: UUID | None = None
    owner: str = ""
    due: int | None = None


@transaction.atomic
def report(*, problems: Sequence[NewProblem], now: int, actor: UUID | None) -> list[UUID]:
    """Problems become known; returns the ids of those that were new. Raises TeamError; then none is stored."""
    known = set(Problem.objects.filter(pk__in=[one.id for one in problems if one.id]).values_list("pk", flat=True))
    fresh = [(one.id or uuid7(), one) for one in problems if one.id not in known]
    owners = _teams({one.enterprise for _key, one in fresh}, now)
    days = operations(now).visits.problem_days
    rows, events = [], []
    for key, one in fresh:
        owner = one.owner.strip() or owners.get(one.enterprise, "")
        due = one.due if one.due is not None else (one.at + days * local.DAY if days else None)
        _refuse_wrong(one, owner, due)
        assert due is not None
        rows.append(
            Problem(
                id=key, enterprise_id=one.enterprise, visit_id=one.visit, kind=one.kind, words=one.words.strip(), owner=owner,
                opened_at=one.at, due_at=due,
            )
        )  # fmt: skip
        events.append(
            _event(rows[-1], ProblemEvent.OPENED, one.at, now, actor, words=one.words.strip(), owner=owner, due_at=due)
        )
    Problem.objects.bulk_create(rows, batch_size=1_000)
    ProblemEvent.objects.bulk_create(events, batch_size=1_000)
    return [row.pk for row in rows]


def _teams(enterprises: Iterable[UUID], at: int) -> dict[UUID, str]:
    """By enterprise: the name of the team that looks after it."""
    rows = Charge.objects.filter(enterprise__in=enterprises, start__lte=at, end__gt=at)
    return dict(rows.values_list("enterprise_id", "team__name"))


def in_charge(enterprise: UUID, at: int) -> str:
    """The name of the team that looks after an enterprise; "" where none does."""
    return _teams([enterprise], at).get(enterprise, "")


def _refuse_wrong(one: NewProblem, owner: str, due: int | None) -> None:
    if one.kind not in KINDS:
        raise TeamError("problem.kind", field="kind")
    if not one.words.strip() or len(one.words.strip()) > MOST or not sound(one.words):
        raise TeamError("problem.words", field="words", limit=MOST)
    if not owner or len(owner) > MOST_OWNER or not sound(owner):
        raise TeamError("problem.owner", field="owner")
    if due is None or due <= one.at:
        raise TeamError("problem.due", field="due")


def _event(
    problem: Problem, kind: str, at: int, now: int, actor: UUID | None, *, words: str = "", owner: str = "",
    due_at: int | None = None, word_of: str = "",
) -> ProblemEvent:  # fmt: skip
    return ProblemEvent(
        problem=problem, enterprise_id=problem.enterprise_id, kind=kind, words=words, owner=owner, due_at=due_at,
        word_of=word_of, at=at, recorded_at=now, actor_id=actor,
    )  # fmt: skip


def _locked(problem: UUID, *states: str) -> Problem:
    """The problem, locked, in one of these states. Raises TeamError."""
    found = Problem.objects.select_for_update(of=("self",)).filter(pk=problem).first()
    if found is None:
        raise TeamError("problem.unknown")
    if found.state not in states:
        raise TeamError("problem.state", state=found.get_state_display())
    return found


def _words(text: str, code: str) -> str:
    plain = text.strip()
    if not plain or len(plain) > MOST or not sound(plain):
        raise TeamError(code, field="words", limit=MOST)
    return plain


@transaction.atomic
def hand(*, problem: UUID, owner: str, due: int, words: str = "", now: int, actor: UUID | None) -> None:
    """Somebody else sees to it, or until another time. A time to come counts anew: it is late no more. Raises TeamError."""
    found = _locked(problem, Problem.OPEN, Problem.ANSWERED)
    if not owner.strip() or len(owner.strip()) > MOST_OWNER or not sound(owner):
        raise TeamError("problem.owner", field="owner")
    if due <= now:
        raise TeamError("problem.due", field="due")
    found.owner, found.due_at, found.escalated_at = owner.strip(), due, None
    found.save(update_fields=["owner", "due_at", "escalated_at"])
    _event(
        found, ProblemEvent.HANDED, now, now, actor, words=words.strip()[:MOST], owner=found.owner, due_at=due
    ).save()


@transaction.atomic
def answer(*, problem: UUID, words: str, now: int, actor: UUID | None) -> None:
    """Somebody says what was done. The problem isn't closed by that: the enterprise is asked. Raises TeamError."""
    found = _locked(problem, Problem.OPEN)
    said = _words(words, "problem.no_answer")
    found.state = Problem.ANSWERED
    found.save(update_fields=["state"])
    _event(found, ProblemEvent.ANSWERED, now, now, actor, words=said).save()


@transaction.atomic
def close(*, problem: UUID, word_of: str, words: str = "", now: int, actor: UUID | None) -> None:
    """The enterprise says that it is solved: itself, or by name to whoever writes it down. Raises TeamError."""
    found = _locked(problem, Problem.OPEN, Problem.ANSWERED)
    found.word_of = _word_of(found, word_of)
    found.state, found.closed_at = Problem.CLOSED, now
    found.save(update_fields=["state", "closed_at", "word_of"])
    _event(found, ProblemEvent.CLOSED, now, now, actor, words=words.strip()[:MOST], word_of=found.word_of).save()


@transaction.atomic
def reopen(*, problem: UUID, word_of: str, words: str, due: int, now: int, actor: UUID | None) -> None:
    """The enterprise says that it isn't solved: open again, with all that happened before. Raises TeamError."""
    found = _locked(problem, Problem.ANSWERED, Problem.CLOSED)
    named, said = _word_of(found, word_of), _words(words, "problem.words")
    if due <= now:
        raise TeamError("problem.due", field="due")
    found.state, found.closed_at, found.word_of, found.due_at, found.escalated_at = Problem.OPEN, None, "", due, None
    found.save(update_fields=["state", "closed_at", "word_of", "due_at", "escalated_at"])
    _event(found, ProblemEvent.REOPENED, now, now, actor, words=said, word_of=named, due_at=due).save()


def _word_of(problem: Problem, named: str) -> str:
    """Whose word it is: never the team's own. Whoever is of the enterprise speaks for it."""
    name = named.strip()
    if not name or len(name) > 64 or not sound(name):
        raise TeamError("problem.no_word", field="word_of")
    if access.current().scope != "enterprise" and compact(name) in _not_the_enterprise(problem):
        raise TeamError("problem.own_word", field="word_of", name=name)
    return name


def _not_the_enterprise(problem: Problem) -> set[str]:
    """Who can't give the enterprise's word: the teams, whoever is or was in one, and who sees to the problem."""
    named = [*Member.objects.values_list("name", flat=True), *ServiceTeam.objects.values_list("name", flat=True)]
    return {compact(one) for one in (*named, problem.owner)}


@transaction.atomic
def escalate(now: int) -> int:
    """Pass on to the town what is late and was not passed on, with who has to act (the enterprise too, where it was asked), and
    tell its office, once a day; how many.
    """
    late = list(
        Problem.objects.select_for_update(of=("self",), skip_locked=True).select_related("enterprise")
        .filter(due_at__lte=now, escalated_at=None).exclude(state=Problem.CLOSED).order_by("pk")[:MOST_ROWS]
    )  # fmt: skip
    Problem.objects.filter(pk__in=[one.pk for one in late]).update(escalated_at=now)
    ProblemEvent.objects.bulk_create(
        [_event(one, ProblemEvent.ESCALATED, now, now, None, owner=one.turn[:MOST_OWNER]) for one in late],
        batch_size=1_000,
    )
    if late:
        queue(template="problems_late", audience="office", once=f"problems:{local.day_of(now)}", actor=None, now=now)
    return len(late)
