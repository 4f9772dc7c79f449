"""Reads of surveying: who has answered a round, who has not, and whose answers contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.http import Http404

from fugong.base import local, personal
from fugong.base.access import filtering
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.journeys.models import Campaign, Reminder
from fugong.journeys.survey.phones import province_of
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import STANDING
from fugong.registry import divisions
from fugong.registry.models import Employment, Worker

SHARED = 10
"""From so many people on with one telephone number they are asked again."""


def campaigns(user: User) -> QuerySet[Campaign]:
    """The rounds in somebody's scope: the town's, and those of one's enterprise."""
    found = Campaign.objects.select_related("enterprise").order_by("-opens", "title")
    if user.role.scope == "town" or not filtering():
        return found
    return found.filter(Q(enterprise=user.scope_id) | Q(enterprise=None))


def campaign_of(user: User, campaign: UUID) -> Campaign:
    """A round in the user's scope. Raises Http404."""
    found = campaigns(user).filter(pk=campaign).first()
    if found is None:
        raise Http404
    return found


def asked(campaign: Campaign, user: User) -> QuerySet[Worker]:
    """Whom a round asks, in the user's scope: those who are employed now, in order of their names."""
    employed = Employment.objects.filter(worker=OuterRef("pk"), active=True)
    if campaign.enterprise_id is not None:
        employed = employed.filter(enterprise=campaign.enterprise_id)
    elif user.role.scope == "enterprise" and filtering():
        employed = employed.filter(enterprise=user.scope_id)
    return Worker.objects.filter(Exists(employed)).order_by("name", "pk")


def _answers(campaign: Campaign, until: int) -> QuerySet[Fact]:
    return ledger.standing().filter(
        kind="survey", subject=OuterRef("pk"), start__gte=campaign.opens, start__lt=min(campaign.closes, until + 1)
    )


def unanswered(campaign: Campaign, user: User, at: int) -> QuerySet[Worker]:
    """Who has not answered by a moment, with when they were last reminded (``reminded``, None: never)."""
    return asked(campaign, user).filter(~Exists(_answers(campaign, at))).annotate(reminded=_last_reminder(campaign))


def _last_reminder(campaign: Campaign) -> object:
    from django.db.models import Subquery

    last = Reminder.objects.filter(campaign=campaign, worker=OuterRef("pk"), code="").values("worker")
    return Subquery(last.annotate(last=Max("at")).values("last"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How many a round asks, and how many have answered."""

    asked: int
    answered: int


def progress(campaign: Campaign, user: User, at: int) -> Progress:
    """How far a round is."""
    everybody = asked(campaign, user)
    return Progress(everybody.count(), everybody.filter(Exists(_answers(campaign, at))).count())


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Somebody who is to be asked again, and why; ``reminded`` is when they last were (None: never)."""

    worker: UUID
    name: str
    code: str
    reminded: int | None = None


_LATEST = f"""
SELECT DISTINCT ON (f.subject_id) f.subject_id, f.start, f.values FROM ledger_fact AS f
WHERE f.kind = 'survey' AND f.subject_id = ANY(%(workers)s) AND f.start <= %(at)s AND {STANDING}
ORDER BY f.subject_id, f.start DESC, f.recorded_at DESC
"""


def contradictions(campaign: Campaign, user: User, at: int) -> list[Contradiction]:
    """Whose latest answers contradict themselves, what else is known of them, or each other."""
    people = list(asked(campaign, user).only("pk", "name", "phone_encrypted", "address"))
    ids = [one.pk for one in people]
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, {"workers": ids, "at": at, "known_at": PLUS_INF})
        latest = {worker: (start, _json(values)) for worker, start, values in cursor.fetchall()}
    arrived = dict(_last(ids, "arrival", at))
    elsewhere = set(
        ledger.about(ids)
        .filter(kind="stay", start__lte=at, end__gt=at - 14 * 86_400)
        .values_list("subject_id", flat=True)
    )
    shared = _shared_phones(ids)
    today, found = local.day_of(at).isoformat(), []
    for one in people:
        start, said = latest.get(one.pk, (0, {}))
        codes = []
        away = said.get("whereabouts") in ("away", "returning")
        if away and said.get("intended_on", "9") < today and arrived.get(one.pk, 0) < start:
            codes.append("intended_past")
        if said.get("whereabouts") == "local" and one.pk in elsewhere:
            codes.append("local_elsewhere")
        if said.get("whereabouts") == "returned" and said.get("contact") and said.get("well"):
            codes.append("well_with_contact")
        if one.pk in shared:
            codes.append("shared_phone")
        if _phone_elsewhere(one):
            codes.append("phone_elsewhere")
        found += [Contradiction(one.pk, one.name, code) for code in codes]
    return _with_reminders(campaign, found)


def _phone_elsewhere(one: Worker) -> bool:
    """Whether somebody's landline is of another province than their address; numbers are compared, and shown to nobody."""
    lives = divisions.resolve(one.address) if one.address else ()
    if len(lives) != 1 or one.phone_encrypted is None:
        return False
    province = province_of(personal.decrypt(bytes(one.phone_encrypted)))
    return province is not None and province != lives[0][:2]


def _json(values: Any) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads(values) if isinstance(values, str) else values
    return found


def _last(workers: Sequence[UUID], kind: str, at: int) -> list[tuple[UUID, int]]:
    found = ledger.about(workers).filter(kind=kind, start__lte=at).values("subject_id").annotate(last=Max("start"))
    return list(found.values_list("subject_id", "last"))


def _shared_phones(workers: Sequence[UUID]) -> set[UUID]:
    """Those whose number at least `SHARED` people have."""
    digests = (
        Worker.objects.filter(phone_digest__isnull=False)
        .values("phone_digest")
        .annotate(number=Count("pk"))
        .filter(number__gte=SHARED)
        .values("phone_digest")
    )
    return set(Worker.objects.filter(pk__in=list(workers), phone_digest__in=digests).values_list("pk", flat=True))


def _with_reminders(campaign: Campaign, found: list[Contradiction]) -> list[Contradiction]:
    rows = (
        Reminder.objects.filter(campaign=campaign)
        .exclude(code="")
        .values_list("worker_id", "code")
        .annotate(last=Max("at"))
    )
    reminded = {(worker, code): last for worker, code, last in rows}
    return [Contradiction(one.worker, one.name, one.code, reminded.get((one.worker, one.code))) for one in found]


def open_for(worker: UUID, enterprises: Sequence[UUID], now: int) -> list[Campaign]:
    """The rounds that ask somebody now and that they have not answered."""
    rounds = Campaign.objects.filter(opens__lte=now, closes__gt=now).filter(
        Q(enterprise=None) | Q(enterprise__in=list(enterprises))
    )
    last = dict(_last([worker], "survey", now)).get(worker, 0)
    return [one for one in rounds if last < one.opens]


def latest(worker: UUID, at: int) -> Fact | None:
    """Somebody's latest answer."""
    return ledger.about([worker]).filter(kind="survey", start__lte=at).order_by("-start", "-recorded_at").first()


def asked_again(worker: UUID, now: int) -> list[str]:
    """The codes of contradictions about which somebody was asked again and has not answered since."""
    since = dict(_last([worker], "survey", now)).get(worker, 0)
    rows = Reminder.objects.filter(worker=worker, at__gt=since).exclude(code="").values_list("code", flat=True)
    return sorted(set(rows))
