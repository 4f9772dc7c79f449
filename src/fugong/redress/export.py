"""One's own file as data: everything that the pages show, in one document. ``docs/person-file.md`` describes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import translation

from fugong.base import local
from fugong.base.access import looked_at
from fugong.clearance import evaluation, holding
from fugong.clearance import queries as clearance
from fugong.clearance.holding import Met
from fugong.clearance.views.worker import PERMISSIONS
from fugong.core.protocol.explain import Explanation, Failure
from fugong.core.text import Text
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.ledger.kinds import KINDS
from fugong.ledger.queries import about
from fugong.redress import looks, queries
from fugong.redress.models import Request
from fugong.registry import queries as registry
from fugong.registry.keeping import kept_until
from fugong.registry.models import Worker
from fugong.registry.posts import posts

FORMAT, VERSION = "fugong-person-file", 1
Data = dict[str, Any]


def person_file(worker: Worker, now: int) -> Data:
    """Everything held about a person at ``now``, in words of the language in force and as raw values."""
    looked_at([worker.pk])
    day = kept_until()
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": _moment(now),
        "language": translation.get_language(),
        "kept_until": day.isoformat() if day else None,
        "person": _person(worker),
        "permissions": _permissions(worker.pk, now),
        "facts": _facts(worker.pk),
        "looks": [
            {"at": _moment(look.at), "by": str(look.post), "what_for": look.purpose, "reason": look.reason}
            for look in looks.at(worker.pk)
        ],
        "requests": _requests(worker.pk),
    }


def _moment(value: int | None) -> str | None:
    """RFC 3339 with the town's offset; null at the ends of time."""
    return None if value is None or not MINUS_INF < value < PLUS_INF else local.rfc3339(value)


def _words(text: Text) -> str:
    return text.text(translation.get_language() or "")


def _person(worker: Worker) -> Data:
    return {
        "name": worker.name,
        "documents": [
            {"type": one.type, "title": one.get_type_display(), "number": one.masked} for one in worker.documents.all()
        ],
        "phone": worker.phone_masked or None,
        "address": worker.address or None,
        "employments": [
            {"enterprise": one.enterprise.name, "workshop": one.workshop, "post": one.post, "from": _moment(one.start)}
            for one in worker.employments.all() if one.active
        ],
    }  # fmt: skip


def _permissions(worker: UUID, now: int) -> list[Data]:
    force = evaluation.force_at(now)
    if force is None:
        return []
    asked = [name for name in _asked(worker) if name in force.pack.permissions]
    found = {name: why for name in asked if (why := clearance.explained(worker, name, now)) is not None}
    met = holding.met(worker, (name for name, why in found.items() if why.holds), now, named=False)
    return [_permission(name, why, met.get(name, [])) for name, why in found.items()]


def _asked(worker: UUID) -> list[str]:
    """Every permission but that to leave observation, for those who never were there."""
    observed = about([worker]).filter(kind="observation").exists()
    return [name for name in PERMISSIONS if observed or name != "leave_observation"]


def _permission(name: str, why: Explanation, met: list[Met]) -> Data:
    return {
        "permission": name,
        "title": str(PERMISSIONS[name]),
        "holds": why.holds,
        "until": _moment(why.until),
        "met": [_words(one.title) for one in met],
        "met_by": [_met(one) for one in met],
        "ends_with": [_words(one.title) for one in why.endings] if why.holds else [],
        "earliest": _moment(why.earliest),
        "reasons": [_reason(one) for one in why.failures],
    }


def _met(one: Met) -> Data:
    line = one.line
    return {
        "requirement": one.requirement,
        "title": _words(one.title),
        "fact": None if line is None else str(line.fact.pk),
        "fact_title": None if line is None else line.title,
        "from": None if line is None else _moment(line.fact.start),
        "words": [] if line is None else [{"title": title, "value": value} for title, value in line.values],
    }


def _reason(failure: Failure) -> Data:
    return {
        "requirement": failure.requirement,
        "title": _words(failure.title),
        "message": _words(failure.message),
        "remedy": _words(failure.remedy),
        "earliest": _moment(failure.earliest),
        "facts": list(failure.rests_on),
    }


def _facts(worker: UUID) -> list[Data]:
    return [_fact(line) for line in registry.lines(registry.timeline(worker), named=False)]


def _fact(line: registry.Line) -> Data:
    fact, newer = line.fact, line.superseded_by
    return {
        "id": str(fact.pk),
        "kind": fact.kind,
        "title": line.title,
        "purpose": line.purpose,
        "rests_on": str(KINDS[fact.kind].evidence),
        "event": line.is_event,
        "from": _moment(fact.start),
        "to": None if line.is_event else _moment(fact.end),
        "values": fact.values,
        "words": [{"title": title, "value": value} for title, value in line.values],
        "stated_by": line.by or None,
        "source": line.source,
        "recorded_at": _moment(fact.recorded_at),
        "corrects": str(fact.supersedes_id) if fact.supersedes_id else None,
        "reason": line.reason or None,
        "corrected": None if newer is None else {
            "at": _moment(newer.recorded_at), "withdrawn": newer.withdrawn, "reason": line.superseded_why,
            "by": None if newer.withdrawn else str(newer.pk),
        },
    }  # fmt: skip


def _requests(worker: UUID) -> list[Data]:
    found = list(queries.own(worker).prefetch_related("evidence"))
    held = posts(one.answered_by_id for one in found if one.answered_by_id)
    return [_request(one, str(held.get(one.answered_by_id, "")) if one.answered_by_id else None) for one in found]


def _request(one: Request, by: str | None) -> Data:
    return {
        "id": str(one.pk),
        "kind": one.kind,
        "title": one.get_kind_display(),
        "about": {"fact": str(one.fact_id) if one.fact_id else None, "permission": one.permission or None,
                  "refused_at": _moment(one.refused_at), "look": one.look or None},
        "wrong": one.wrong,
        "right": None if one.start is None else {
            "values": one.proposed, "from": _moment(one.start), "to": _moment(one.end),
            "words": [{"title": change.title, "held": change.held, "right": change.right} for change in queries.changes(one)],
        },
        "never": one.never,
        "evidence": [{"filename": file.filename, "size": file.size} for file in one.evidence.all()],
        "filed_at": _moment(one.filed_at),
        "due_at": _moment(one.due_at),
        "escalated_at": _moment(one.escalated_at),
        "state": one.state,
        "state_title": one.get_state_display(),
        "answer": one.answer or None,
        "answered_by": by,
        "answered_at": _moment(one.answered_at),
        "disclosed": one.disclosed or None,
    }  # fmt: skip
