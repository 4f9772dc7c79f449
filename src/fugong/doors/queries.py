"""Reads of the doors: which doors somebody keeps, who stands before one, what a check decided."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.http import Http404

from fugong.base import personal
from fugong.base.access import current, filtering, looked_at
from fugong.base.ids import uuid7_from
from fugong.base.models import User
from fugong.base.typed import identifier_or_none
from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.core.protocol import door as deciding
from fugong.core.protocol.door import Measures
from fugong.doors import decisions
from fugong.doors.decisions import PERMISSION, Decision
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from fugong.registry.documents import document_digest, phone_digest
from fugong.registry.models import Document, Door, Employment, Worker
from fugong.registry.scope import doors_in

_REPEATED = 86_400
_TO_REPEAT = frozenset({deciding.FEVER, deciding.IMPLAUSIBLE, deciding.WAIT})
LIMIT = 12
"""How many workers a search shows; whoever finds more types another letter."""


@dataclass(frozen=True, slots=True)
class Found:
    """A worker as a door shows them: enough to pick the right one, nothing about health."""

    id: UUID
    name: str
    workshop: str
    badge: str
    phone_tail: str
    exact: bool

    @property
    def masked(self) -> str:
        """The name as a door shows it before a queue."""
        return personal.masked_name(self.name)


@dataclass(frozen=True, slots=True)
class Before:
    """What a door asks of a worker before it decides, by the rules in force."""

    asks: tuple[str, ...]
    mask: bool = False
    gloves: bool = False
    temperature: bool = True
    register: bool = False


def doors_of(user: User) -> QuerySet[Door]:
    """The doors in somebody's scope (the town's, an enterprise's, a site's), by enterprise, site and name."""
    doors = doors_in(user).select_related("site__enterprise")
    return doors.order_by("site__enterprise__name", "site__name", "name")


def door_of(user: User, door: UUID) -> Door:
    """A door in somebody's scope. Raises Http404 for any other."""
    found = doors_of(user).filter(pk=door).first()
    if found is None:
        raise Http404
    return found


def employed_here(door: Door, worker: UUID) -> bool:
    """Whether the worker is on the door's list: that of its enterprise. A town's own site lists those of any
    enterprise for the town, and nobody for a device of that site.
    """
    return _employments(door).filter(worker=worker).exists()


def on_list(door: Door, workers: Iterable[UUID]) -> set[UUID]:
    """Those of the workers who are on the door's list."""
    return set(_employments(door).filter(worker__in=list(workers)).values_list("worker_id", flat=True))


def checked_here(check: UUID, door: UUID, worker: UUID) -> bool:
    """Whether a check of that number was made of the worker at the door, when they were still on its list."""
    return Fact.objects.filter(pk=check, kind="door_check", subject=worker, values__door=str(door)).exists()


def find(door: Door, text: str) -> list[Found]:
    """The door's workers whom a text may mean; at most ``LIMIT``, those who match exactly first.

    A text is a badge number or worker id (a scan), pinyin initials, part of a name, the last digits of a phone number,
    or a whole phone or identity number.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return []
    exact = Q(badge__iexact=typed)
    if (worker := identifier_or_none(typed)) is not None:
        exact |= Q(worker=worker)
    hits = (
        _employments(door)
        .filter(exact | _loose(typed))
        .annotate(rank=Case(When(exact, then=Value(0)), default=Value(1), output_field=IntegerField()))
        .order_by("rank", "worker__name", "worker_id")
        .values_list(
            "worker_id", "worker__name", "workshop", "badge", "worker__phone_tail", "rank"
        )[: 2 * LIMIT]
    )  # fmt: skip
    found = {row[0]: Found(*row[:5], exact=row[5] == 0) for row in reversed(hits)}
    shown = list(reversed(found.values()))[:LIMIT]
    looked_at(hit.id for hit in shown)
    return shown


def one(door: Door, worker: UUID) -> Found | None:
    """A worker of the door's enterprise, as a door shows them."""
    row = _employments(door).filter(worker=worker).values_list(
        "worker_id", "worker__name", "workshop", "badge", "worker__phone_tail"
    ).first()  # fmt: skip
    if row is None:
        return None
    looked_at([row[0]])
    return Found(*row, exact=True)


def before(worker: UUID, at: int) -> Before:
    """What the door asks of the worker at a moment: what the rules measure, and what is missing and can be met here."""
    forces = [deciding.force_of(one.pack, PERMISSION, one.start, one.end) for one in evaluation.in_force()]
    force = next((one for one in forces if one.start <= at < one.end), None)
    if force is None or force.requirements is None:
        return Before(())
    usual = Measures(decisions.USUAL[0], mask=True, gloves=True)
    foreseen = deciding.decide(forces, clearance.steps([worker], PERMISSION).get(worker), at, "in", usual)
    rules = force.rules
    return Before(
        foreseen.asks, mask=rules.mask, gloves=rules.gloves, temperature=rules.fever_limit is not None,
        register=any(one.ask == "register" for one in force.requirements),
    )  # fmt: skip


def first_measurement(check: UUID, worker: UUID, at: int) -> UUID | None:
    """The check with a high or implausible temperature that another check of the worker repeats: within a day before."""
    earlier = (
        ledger.standing()
        .filter(subject=worker, kind="door_check", values__direction="in", start__lte=at, start__gt=at - _REPEATED)
        .exclude(pk=check)
        .order_by("-start", "-id")
        .values_list("pk", "values")
    )  # fmt: skip
    measured = (one for one in earlier if deciding.NO_TEMPERATURE not in one[1].get("reasons", ()))
    latest = next(measured, None)
    if latest is None or not _TO_REPEAT & set(latest[1].get("reasons", ())):
        return None
    number, values = latest
    return UUID(values["second_of"]) if "second_of" in values else number


def decision(check: UUID) -> Decision | None:
    """What a check decided, as it was then told; None when there is no such check."""
    fact = Fact.objects.filter(pk=check, kind="door_check").first()
    if fact is None:
        return None
    looked_at([fact.subject_id])
    force = evaluation.force_at(fact.start, fact.recorded_at)
    return decisions.of_fact(fact.pk, fact.subject_id, fact.start, fact.values, force.pack if force else None)


def _employments(door: Door) -> QuerySet[Employment]:
    employments = Employment.objects.filter(active=True)
    if door.site.enterprise_id is not None:
        return employments.filter(enterprise=door.site.enterprise_id)
    return employments.none() if filtering() and current().scope == "site" else employments


def _loose(typed: str) -> Q:
    if not typed.isascii():
        return Q(worker__name__contains=typed.replace(" ", ""))
    hits = Q(badge__istartswith=typed) | Q(worker__name__icontains=typed)
    if typed.isalpha():
        return hits | Q(worker__initials__startswith=typed.lower())
    digits = "".join(typed.split()).replace("-", "")
    if digits.isdigit() and len(digits) <= 4:
        hits |= Q(worker__phone_tail__endswith=digits)
    if len(digits) >= 7:
        owner = Document.objects.filter(worker=OuterRef("worker"), digest=document_digest("resident", digits))
        hits |= Q(worker__phone_digest=phone_digest(digits)) | Q(Exists(owner))
    return hits


def named(doors: QuerySet[Door], text: str) -> QuerySet[Door]:
    """The doors whose enterprise, site or own name holds a text."""
    return doors.filter(
        Q(name__icontains=text) | Q(site__name__icontains=text) | Q(site__enterprise__name__icontains=text)
    )


def name_of(worker: UUID) -> str:
    """A worker's name as a door shows it before a queue."""
    return personal.masked_name(Worker.objects.values_list("name", flat=True).get(pk=worker))


def celsius_of(decision: Decision) -> float | None:
    """The temperature that was keyed in with a check that passed; of a refused one, no door speaks."""
    if not decision.passed:
        return None
    fact = Fact.objects.filter(pk=uuid7_from(decision.id, "temperature")).first()
    return fact.values["celsius"] if fact else None


def stands(check: UUID) -> bool:
    """Whether a check stands: not taken back."""
    return ledger.standing().filter(pk=check).exists()
