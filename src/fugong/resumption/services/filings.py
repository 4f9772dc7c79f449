"""An enterprise files, completes what was sent back, and takes back what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fugong.base import access, local
from fugong.base.files import File
from fugong.registry import asked
from fugong.registry.asked import Answer, papers
from fugong.registry.models import Enterprise, Paper
from fugong.resumption import queries, readiness
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import PERMIT, Filing
from fugong.resumption.papers import COMMITMENTS, PLAN
from fugong.resumption.queries import Way
from fugong.resumption.readiness import Checklist
from fugong.resumption.services import writing
from fugong.resumption.services.writing import By

MOST_AHEAD = 60
"""So many days ahead the first day of work may lie."""
MOST_PLAN = 4000
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Said:
    """What an enterprise says when it files. ``starts``: from when it wants to work, in seconds. ``file``: the plan as a file,
    beside its words or in their place."""

    starts: int
    plan: str
    commitments: Sequence[str]
    signed_by: str
    file: File | None = None


@transaction.atomic
def file(*, enterprise: UUID, said: Said, by: By) -> Filing:
    """A new filing, under the way in force. Where receipt or commitment is enough, the enterprise may work with it.

    Raises ResumptionError; FactError for an enterprise that the actor doesn't see.
    """
    locked = writing.lock_enterprise(enterprise)
    one = Enterprise.objects.get(pk=enterprise)
    there = queries.open_filing(enterprise)
    if there is not None and there.state in (Filing.WAITING, Filing.RETURNED):
        raise ResumptionError("resumption.open", state=dict(Filing.STATES)[there.state])
    writing.require_not_working(one, by.now)
    if there is not None:
        raise ResumptionError("resumption.open", state=dict(Filing.STATES)[there.state])
    way = queries.way(by.now)
    checklist = _looked_through(enterprise, said, way, by)
    plan = _plan(enterprise, said, by)
    filing = Filing.objects.create(
        enterprise=one, regime=way.regime, state=Filing.WAITING, **_kept(said, checklist, plan), filed_at=by.now,
        filed_by_id=by.actor, changed_at=by.now,
    )  # fmt: skip
    writing.note(filing, "filed", by)
    _told(filing, plan, by)
    _received(filing, by, locked)
    return filing


@transaction.atomic
def complete(*, filing: UUID, enterprise: UUID, said: Said, by: By) -> Filing:
    """A filing that was sent back goes in again. Raises ResumptionError."""
    locked = writing.lock_enterprise(enterprise)
    one = writing.locked(filing)
    writing.require(one, Filing.RETURNED)
    writing.require_not_working(one.enterprise, by.now)
    before = queries.plan_file(one)  # the file that came with it is not asked for again
    checklist = _looked_through(enterprise, said, queries.way(one.filed_at), by, one.regime, before)
    plan = _plan(enterprise, said, by) or before
    for name, value in _kept(said, checklist, plan).items():
        setattr(one, name, value)
    one.filed_by_id = by.actor
    writing.change(one, Filing.WAITING, "completed", by)
    _told(one, plan, by)
    _received(one, by, locked)
    return one


@transaction.atomic
def take_back(*, filing: UUID, enterprise: UUID, by: By) -> None:
    """The enterprise takes a filing back that nobody has decided. Raises ResumptionError."""
    writing.lock_enterprise(enterprise)
    one = writing.locked(filing)
    writing.require(one, Filing.WAITING, Filing.RETURNED)
    writing.change(one, Filing.TAKEN_BACK, "taken_back", by)


def _plan(enterprise: UUID, said: Said, by: By) -> Paper | None:
    if said.file is None:
        return None
    return papers.keep(enterprise=enterprise, file=said.file, now=by.now, actor=by.actor, field="plan_file")


def _told(filing: Filing, plan: Paper | None, by: By) -> None:
    """The plan that came with the filing, written or as a file, is known now, to whoever asks for one."""
    document = str(plan.pk if plan else filing.pk)
    answer = Answer(filing.enterprise_id, PLAN, by.now, document=document)
    asked.give(answers=[answer], source=by.source, now=by.now, actor=by.actor, evidence=f"filing:{filing.pk}")


def _received(filing: Filing, by: By, locked: set[UUID]) -> None:
    """Where the way of filing asks no approval, work begins on receipt: the town said so when it set that way, so that
    this is its act and not the enterprise's, which states no resumption of its own.
    """
    if filing.regime == PERMIT:
        return
    town = By(by.now, None, by.source)
    with access.acting(access.as_system("resumption on receipt", origin=access.current().origin)):
        fact = writing.begin(filing, max(filing.starts, by.now), town, locked)
        writing.change(filing, Filing.IN_FORCE, "received", town, fact=fact)


def _looked_through(
    enterprise: UUID, said: Said, way: Way, by: By, regime: str = "", plan: Paper | None = None
) -> Checklist:  # fmt: skip
    """The checklist, once what was said is whole; ``plan`` is the file that is here already. Raises ResumptionError."""
    if not said.plan.strip() and said.file is None and plan is None:
        raise ResumptionError("resumption.no_plan", field="plan")
    if set(said.commitments) != set(COMMITMENTS):
        raise ResumptionError("resumption.not_promised", field="commitments")
    if not said.signed_by.strip():
        raise ResumptionError("resumption.not_signed", field="signed_by")
    if said.starts < local.start_of_day(local.day_of(by.now)):
        raise ResumptionError("resumption.too_early", field="starts")
    if said.starts > by.now + MOST_AHEAD * readiness.DAY:
        raise ResumptionError("resumption.too_late", field="starts", days=MOST_AHEAD)
    found = readiness.checklist(enterprise, by.now, under=way)
    missing = lacking(found, regime or way.regime)
    if missing:
        names = [str(line.question.title) for line in missing[:MOST_NAMED]]
        more = [_("and more")] if len(missing) > MOST_NAMED else []
        raise ResumptionError("resumption.incomplete", items=_(", ").join(names + more))
    return found


def lacking(found: Checklist, regime: str) -> list[readiness.Line]:
    """What must be answered before a filing can go in: its papers, and, for a permit, the required items as well.

    The plan of prevention is written with the filing. Answers that aren't enough don't hold it up: the town weighs them.
    """
    return [
        line for line in found.missing
        if line.required and line.code != PLAN and (line.is_paper or regime == PERMIT)
    ]  # fmt: skip


def _kept(said: Said, checklist: Checklist, plan: Paper | None) -> dict[str, object]:
    kept = {line.code: line.kept() for line in checklist.lines}
    told = kept.setdefault(PLAN, {"code": PLAN, "value": None, "wanted": None, "drawn": False})  # asked for or not
    told |= {"state": "enough", "paper": str(plan.pk) if plan else ""}
    return {
        "starts": said.starts, "plan": said.plan.strip()[:MOST_PLAN], "commitments": sorted(said.commitments),
        "signed_by": said.signed_by.strip()[:64], "checklist": list(kept.values()),
    }  # fmt: skip
