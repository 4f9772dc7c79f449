"""A protocol is adopted, changed or suspended by two people: it is proposed with what it would do, and somebody else agrees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fugong.base import access, local
from fugong.base.background import Progress, silent
from fugong.clearance import acts, evaluation, gate, services
from fugong.clearance.models import Adoption, WaitingAct
from fugong.core.protocol.pack import load
from fugong.ledger.acts import ACTS, Act, Call, Pairs, declare_act

ADOPT, SUSPEND = "protocol.adopt", "protocol.suspend"


def is_first() -> bool:
    """Whether no protocol was ever adopted: then one administrator alone may adopt the first one."""
    return not Adoption.objects.exists()


@transaction.atomic
def propose_pack(*, text: str, effective_from: int, now: int, actor: UUID, progress: Progress = silent) -> WaitingAct:
    """A draft: the pack, and what it would do. Raises PackError, AdoptionError."""
    if Adoption.objects.filter(effective_from=effective_from, suspends=None).exists():
        raise services.AdoptionError("adoption.moment_taken", field="effective_from")
    arguments = {"text": text, "effective_from": effective_from}
    return _propose(ADOPT, arguments, f"pack:{load(text).digest}", now, actor, progress)


@transaction.atomic
def propose_suspension(
    *, adoption_id: UUID, effective_from: int, now: int, actor: UUID, progress: Progress = silent
) -> WaitingAct:  # fmt: skip
    """A draft: the suspension, and what it would do. Raises AdoptionError."""
    found = Adoption.objects.get(pk=adoption_id, suspends=None)
    if Adoption.objects.filter(suspends=found).exists():
        raise services.AdoptionError("adoption.suspended")
    if effective_from < found.effective_from:
        raise services.AdoptionError("adoption.not_begun", field="effective_from")
    arguments = {"adoption": str(adoption_id), "effective_from": effective_from}
    return _propose(SUSPEND, arguments, f"pack:{found.digest}", now, actor, progress)


def _propose(
    name: str, arguments: dict[str, Any], evidence: str, now: int, actor: UUID, progress: Progress
) -> WaitingAct:
    call = Call(arguments, now, actor, evidence, progress=progress)
    return acts.keep(ACTS[name], call, _trial(call), draft=True)


def _trial(call: Call) -> gate.Effect:
    """Everybody's clearances as they would be, beside what is stored: nothing is written and nobody is kept waiting."""
    said = call.arguments
    proposed = evaluation.Proposed(
        said["effective_from"], load(said["text"]) if "text" in said else None,
        UUID(said["adoption"]) if "adoption" in said else None,
    )  # fmt: skip
    with access.elevated("a protocol is for everybody"):
        forces = evaluation.in_force(proposed=proposed)
        with connection.cursor() as cursor:
            cursor.execute("SELECT subject_id FROM registry_worker ORDER BY 1")
            workers = [row[0] for row in cursor.fetchall()]
        watch = gate.Watch()
        for first in range(0, len(workers), services.BATCH):
            batch = workers[first : first + services.BATCH]
            watch.note(batch, services.computed(batch, forces))
            call.progress(first + len(batch), len(workers))
        return watch.effect(call.now)


def _adopt(call: Call) -> Adoption:
    return services.adopt(
        text=call.arguments["text"], effective_from=call.arguments["effective_from"], now=call.now, actor=call.actor,
        approved_by=call.approved_by, progress=call.progress, watch=gate.watch_all(),
    )  # fmt: skip


def _suspend(call: Call) -> Adoption:
    return services.suspend(
        adoption_id=UUID(call.arguments["adoption"]), effective_from=call.arguments["effective_from"], now=call.now,
        actor=call.actor, approved_by=call.approved_by, progress=call.progress, watch=gate.watch_all(),
    )  # fmt: skip


def _pack_summary(call: Call) -> dict[str, Any]:
    pack = load(call.arguments["text"])
    titles = {language: pack.title.text(language) for language, _name in settings.LANGUAGES}
    return {
        "pack": pack.id, "version": str(pack.version), "titles": titles,
        "effective_from": call.arguments["effective_from"],
    }  # fmt: skip


def _suspension_summary(call: Call) -> dict[str, Any]:
    found = Adoption.objects.get(pk=call.arguments["adoption"])
    return {"pack": found.pack, "version": found.version, "effective_from": call.arguments["effective_from"]}


def _moment(summary: dict[str, Any]) -> str:
    return f"{local.to_datetime(summary['effective_from']):%Y-%m-%d %H:%M}"


def _pack_told(summary: dict[str, Any]) -> Pairs:
    name = f"{summary['pack']} {summary['version']}"
    title = summary["titles"].get(get_language() or "zh-hans")
    return [
        (str(_("Protocol")), f"{title} ({name})" if title else name),
        (str(_("In force from")), _moment(summary)),
    ]


def _suspension_told(summary: dict[str, Any]) -> Pairs:
    return [
        (str(_("Protocol")), f"{summary['pack']} {summary['version']}"),
        (str(_("Suspended from")), _moment(summary)),
    ]


def declare_acts() -> None:
    """Register the two acts (at start-up, once)."""
    declare_act(Act(ADOPT, _("adoption of a protocol"), _adopt, _pack_summary, _pack_told, "protocol.adopt", _trial))
    declare_act(Act(
        SUSPEND, _("suspension of a protocol"), _suspend, _suspension_summary, _suspension_told, "protocol.adopt", _trial
    ))  # fmt: skip
