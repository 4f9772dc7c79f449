"""One check told afterwards: what the door knew and showed, what was true as is now known, what came before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fugong.base.access import looked_at
from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.core.text import Text
from fugong.doors import decisions, misfits, remarks
from fugong.doors.decisions import PERMISSION, Reason
from fugong.doors.models import Device, Remark
from fugong.ledger import queries as ledger
from fugong.ledger.models import Fact
from fugong.registry.models import Door, Site, Worker

AROUND = 36 * 3_600
"""So far before and after a check, in seconds, its neighbours are shown."""
MOST = 40
KINDS = ("door_check", "door_override")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A check or an override around the one that is told."""

    id: UUID
    at: int
    door: str
    direction: str
    passed: bool
    override: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A check with all that is known about it. ``truth`` is None where no rules were in force, or nothing is known."""

    id: UUID
    worker: Worker
    at: int
    recorded_at: int
    door: str
    direction: str
    passed: bool
    override: bool
    colour: str
    snapshot: int | None
    device: str
    reasons: tuple[Reason, ...]
    truth: tuple[Reason, ...] | None
    around: tuple[Neighbour, ...]
    remarks: tuple[Remark, ...]
    misfits: frozenset[str]


def of(site: Site, check: UUID) -> Told | None:
    """A standing check at one of the site's doors; whose it is counts as looked at."""
    fact = remarks.passage_at(site, check)
    worker = None if fact is None else Worker.objects.filter(pk=fact.subject_id).first()
    if fact is None or worker is None:
        return None
    looked_at([worker.pk])
    values = fact.values
    doors = _doors(site)
    return Told(
        id=fact.pk, worker=worker, at=fact.start, recorded_at=fact.recorded_at, door=doors.get(values["door"], ""),
        direction=values["direction"], passed=_passed(fact), override=fact.kind != "door_check",
        colour=values.get("colour", ""), snapshot=values.get("snapshot"), device=_device(values),
        reasons=said(values.get("reasons", ()), fact.start), truth=_truth(fact), around=_around(fact, doors),
        remarks=tuple(Remark.objects.filter(check_fact=check).select_related("actor").order_by("at")),
        misfits=frozenset(
            kind
            for kind in misfits.KINDS
            if any(one.check == check for one in misfits.found(kind, [site.pk], fact.start, fact.start + 1))
        ),
    )  # fmt: skip


def said(codes: Sequence[str], at: int) -> tuple[Reason, ...]:
    """Reasons in the words of a door, by the rules in force at a moment; one reason a sentence."""
    force = evaluation.force_at(at)
    pack = force.pack if force else None
    by_sentence: dict[Text, Reason] = {}
    for code in codes:
        message = decisions.message_of(code, pack)
        by_sentence.setdefault(message, Reason(code, message))
    return tuple(by_sentence.values())


def _passed(fact: Fact) -> bool:
    return fact.kind != "door_check" or fact.values.get("outcome") == "passed"


def _doors(site: Site) -> dict[str, str]:
    """The doors of the enterprise, with their sites."""
    found = Door.objects.filter(site__enterprise=site.enterprise_id).select_related("site")
    return {str(one.pk): f"{one.site.name} {one.name}" for one in found}


def _device(values: dict[str, Any]) -> str:
    named = Device.objects.filter(pk=values["device"]).first() if values.get("device") else None
    return named.name if named else ""


def _truth(fact: Fact) -> tuple[Reason, ...] | None:
    """What was missing at that moment, as is now known, in the words of a door."""
    if fact.kind != "door_check" or fact.values["direction"] != "in":
        return None
    failing = clearance.failing(fact.subject_id, PERMISSION, fact.start)
    return None if failing is None else said(failing, fact.start)


def _around(fact: Fact, doors: dict[str, str]) -> tuple[Neighbour, ...]:
    near = ledger.standing().filter(
        subject=fact.subject_id, kind__in=KINDS, start__gte=fact.start - AROUND, start__lte=fact.start + AROUND
    ).order_by("start", "id")[:MOST]  # fmt: skip
    return tuple(
        Neighbour(
            one.pk, one.start, doors.get(one.values["door"], ""), one.values["direction"], _passed(one),
            one.kind != "door_check",
        )
        for one in near
    )  # fmt: skip
