"""The registry's acts: taking in a list, and taking in facts from another program."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.base.background import Progress, silent
from fugong.base.tables import Override, Parsed, read
from fugong.ledger import acts
from fugong.ledger import services as ledger
from fugong.ledger.acts import Act, Call, Done, Pairs, Waits
from fugong.ledger.kinds import KINDS
from fugong.ledger.services import NewFact
from fugong.registry.imports.lists import WORKERS, List, list_of
from fugong.registry.imports.result import Result
from fugong.registry.models import Enterprise, Worker
from fugong.registry.roster.services import end_employments

REASON = "left"
"""The reason of the facts by which those who were ticked as leavers leave."""
API = "api"
"""The source of facts from another program."""


def take_in_list(
    *, kind: str, enterprise: Enterprise | None, content: bytes, filename: str, now: int, actor: UUID | None,
    overrides: dict[str, Any] | None = None, leavers: list[UUID] | None = None, upload: UUID | None = None,
    progress: Progress = silent,
) -> Done | Waits:  # fmt: skip
    """Take in a file, with the leavers who were ticked, as one act whose result is a `Result`; its evidence is the file.

    ``progress`` is told how many of how many rows are done. Raises TableError when nothing can be taken in.
    """
    arguments = {
        "kind": kind, "enterprise": str(enterprise.pk) if enterprise else None, "overrides": overrides or {},
        "leavers": [str(one) for one in leavers or ()], "upload": str(upload) if upload else None,
    }  # fmt: skip
    return acts.perform(
        "list", arguments, now=now, actor=actor, evidence=acts.of_file(content), content=content, filename=filename,
        progress=progress,
    )  # fmt: skip


def add_facts(*, facts: list[NewFact], evidence: str, now: int, actor: UUID) -> Done | Waits:
    """Add facts from another program, as one act whose result are the ids of those that were new."""
    said = [asdict(fact) for fact in facts]
    for one in said:
        one.update(subject=str(one["subject"]), id=str(one["id"]), supersedes=None)
    return acts.perform("facts", {"facts": said}, now=now, actor=actor, evidence=evidence)


def join_files(*, document: UUID, now: int, actor: UUID) -> Done | Waits:
    """Two files are one person's (``registry.claims``), as one act whose result is the file that stays. Raises ClaimError."""
    evidence = f"document:{document}"
    return acts.perform("join", {"document": str(document)}, now=now, actor=actor, evidence=evidence)


def overrides_of(said: dict[str, Any]) -> dict[str, Override]:
    """What the user said about sheets, as it is kept."""
    return {
        sheet: Override(
            one.get("header"), {int(index): name for index, name in one.get("mapping", {}).items()}, one.get("use")
        )
        for sheet, one in said.items()
    }


def _kind(call: Call) -> List:
    kind = list_of(call.arguments["kind"])
    assert kind is not None
    return kind


def _read(call: Call) -> Parsed:
    """The rows of the file."""
    assert call.content is not None
    sheets = read(call.content, call.filename)
    return _kind(call).parse(sheets, call.now, overrides_of(call.arguments["overrides"]))


def _list(call: Call) -> Result:
    from fugong.registry.uploads.services import note_taken_in

    said, kind = call.arguments, _kind(call)
    enterprise = Enterprise.objects.get(pk=said["enterprise"]) if said["enterprise"] else None
    result = kind.take_in(
        parsed=_read(call), enterprise=enterprise, now=call.now, actor=call.actor, evidence=call.evidence,
        progress=call.progress,
    )  # fmt: skip
    missing = {str(one) for one in result.missing}
    gone = sorted(UUID(one) for one in said["leavers"] if one in missing) if kind.kind == WORKERS else []
    if gone and enterprise is not None:
        end_employments(
            enterprise=enterprise, workers=gone, at=call.now, reason=REASON, now=call.now, actor=call.actor,
            evidence=call.evidence,
        )  # fmt: skip
    if said["upload"]:
        note_taken_in(upload_id=UUID(said["upload"]), result=result, left=len(gone), now=call.now)
    return result


def _list_summary(call: Call) -> dict[str, Any]:
    said = call.arguments
    rows = _read(call).total
    return {"list": said["kind"], "enterprise": said["enterprise"], "leavers": len(said["leavers"]), "rows": rows}


def _list_told(summary: dict[str, Any]) -> Pairs:
    kind = list_of(summary["list"])
    pairs = [(str(_("list")), str(kind.title) if kind else summary["list"])]
    if summary["enterprise"]:
        pairs.append((str(_("enterprise")), Enterprise.objects.get(pk=summary["enterprise"]).name))
    if "rows" in summary:  # acts of earlier versions don't say it
        pairs.append((str(_("rows")), f"{summary['rows']:,}"))
    if summary["leavers"]:
        pairs.append((str(_("ticked as leavers")), f"{summary['leavers']:,}"))
    return pairs


def _facts(call: Call) -> list[UUID]:
    facts = [
        NewFact(**{**one, "subject": UUID(one["subject"]), "id": UUID(one["id"])}) for one in call.arguments["facts"]
    ]
    return ledger.append(facts=facts, source=API, now=call.now, actor=call.actor, evidence=call.evidence)


def _facts_summary(call: Call) -> dict[str, Any]:
    said = call.arguments["facts"]
    return {"facts": len(said), "kinds": sorted({one["kind"] for one in said})}


def _facts_told(summary: dict[str, Any]) -> Pairs:
    kinds = sorted(str(KINDS[kind].title) for kind in summary["kinds"])
    return [(str(_("facts")), f"{summary['facts']:,}"), (str(_("kind of fact")), str(_(", ")).join(kinds))]


def _join(call: Call) -> Worker:
    from fugong.registry.claims.services import join

    assert call.actor is not None
    return join(document_id=UUID(call.arguments["document"]), now=call.now, actor=call.actor)


def _join_summary(call: Call) -> dict[str, Any]:
    return {"files": 2}


def _join_told(summary: dict[str, Any]) -> Pairs:
    return [(str(_("files")), f"{summary['files']:,}")]


def declare_acts() -> None:
    """Register the acts (at start-up, once)."""
    acts.declare_act(Act("join", _("joining two files"), _join, _join_summary, _join_told))
    acts.declare_act(Act("list", _("taking in a list"), _list, _list_summary, _list_told))
    acts.declare_act(Act("facts", _("facts from another program"), _facts, _facts_summary, _facts_told))
