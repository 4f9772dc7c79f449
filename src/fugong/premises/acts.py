"""The act of premises: filing the registers of other people, which may have to wait for a second person.

What somebody says of their own health is a measurement; what a line leader or a clerk says of many is not
(``ledger.measured``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.ledger import acts
from fugong.ledger.acts import Act, Call, Done, Pairs, Waits
from fugong.premises import services
from fugong.premises.services import Entry, Filed

NAME = "registers"


def file_list(
    *, entries: Sequence[Entry], filed_by: str, now: int, actor: UUID | None, id: UUID, since: int | None = None
) -> Done | Waits:  # fmt: skip
    """``services.register_many`` for now, as an act whose result is a `Filed`. Raises RegisterError or FactError."""
    said = [
        {**asdict(one), "worker": str(one.worker), "corrects": str(one.corrects) if one.corrects else None}
        for one in entries
    ]
    arguments = {"entries": said, "filed_by": filed_by, "at": now, "id": str(id), "since": since}
    return acts.perform(NAME, arguments, now=now, actor=actor, evidence=services.evidence_of(filed_by))


def _entry(said: dict[str, Any]) -> Entry:
    corrects = UUID(said["corrects"]) if said["corrects"] else None
    return Entry(**{
        **said, "worker": UUID(said["worker"]), "symptoms": tuple(said["symptoms"]), "corrects": corrects,
    })  # fmt: skip


def _file(call: Call) -> Filed:
    said = call.arguments
    return services.register_many(
        entries=[_entry(one) for one in said["entries"]], filed_by=said["filed_by"], now=call.now, actor=call.actor,
        at=said["at"], id=UUID(said["id"]), since=said.get("since"),
    )  # fmt: skip


def _summary(call: Call) -> dict[str, Any]:
    entries = call.arguments["entries"]
    return {"registers": len(entries), "unwell": sum(not one["well"] for one in entries)}


def _told(summary: dict[str, Any]) -> Pairs:
    return [
        (str(_("daily registers")), f"{summary['registers']:,}"),
        (str(_("unwell among them")), f"{summary['unwell']:,}"),
    ]


def declare_acts() -> None:
    """Register the act (at start-up, once)."""
    acts.declare_act(Act(NAME, _("registers filed for others"), _file, _summary, _told))
