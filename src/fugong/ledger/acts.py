"""Administrative acts: what somebody does as a whole, so that it can be done now, or wait for a second person and be done then.

An act is named, and what it is told can be kept as JSON (with a file's content beside it). Every way in that may touch
many people's permissions goes through `perform`: pages, API and command line. Who decides whether it may be done at once
registers with `guard` (``clearance.acts``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.base.background import Progress, silent
from fugong.base.faults import Text
from fugong.base.roles import Right
from fugong.ledger import wording
from fugong.ledger.kinds import KINDS
from fugong.ledger.services import NewFact, correct

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Call:
    """One act on its way: what it is told, when it is done, by whom (None: the operator), and on which evidence.

    ``content`` and ``filename`` are a file's that the act takes in. ``approved_by`` agreed to it, where it had to wait;
    ``progress`` is told how far it is: how many of how many rows or people.
    """

    arguments: Mapping[str, Any]
    now: int
    actor: UUID | None
    evidence: str = ""
    content: bytes | None = None
    filename: str = ""
    approved_by: UUID | None = None
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of act: what people call it, how it is done, what is said of one, and what its approver must be allowed.

    ``summary`` is what of an act stays once it is decided: numbers and kinds, nobody's data, as JSON; ``told`` says it in
    words. ``trial`` finds out what it would do where that need not be tried by doing it.
    """

    name: str
    title: Text
    run: Callable[[Call], Any]
    summary: Callable[[Call], dict[str, Any]]
    told: Callable[[dict[str, Any]], Pairs]
    right: Right = "act.approve"
    trial: Callable[[Call], Any] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The act was done; ``result`` is what came of it."""

    result: Any


@dataclass(frozen=True, slots=True)
class Waits:
    """Nothing was changed: the act waits for a second person. ``people`` would lose a permission by it."""

    id: UUID
    people: int


class Guard(Protocol):
    """Who decides whether an act is done at once."""

    def perform(self, act: Act, call: Call) -> Done | Waits:
        """Do the act, or keep it until a second person agrees."""


ACTS: dict[str, Act] = {}
"""Every kind of act by its name."""


@dataclass(slots=True)
class _Guarding:
    by: Guard | None = None


_guarding = _Guarding()


def declare_act(act: Act) -> None:
    """Register a kind of act (at start-up, once)."""
    ACTS[act.name] = act


def guard(by: Guard) -> None:
    """Register who decides (at start-up, once)."""
    _guarding.by = by


def perform(
    name: str, arguments: Mapping[str, Any], *, now: int, actor: UUID | None, evidence: str,
    content: bytes | None = None, filename: str = "", progress: Progress = silent,
) -> Done | Waits:  # fmt: skip
    """Do an act, or let it wait for a second person when one person may not do it alone.

    ``arguments`` can be kept as JSON; ``progress`` is told how far it is. The caller
    holds a transaction. Raises what the act raises; then nothing is done.
    """
    if _guarding.by is None:
        raise LookupError("nobody guards the acts")
    return _guarding.by.perform(ACTS[name], Call(arguments, now, actor, evidence, content, filename, progress=progress))


def of_file(content: bytes) -> str:
    """A file as evidence: its digest. Its name may be anybody's."""
    return f"sha256:{sha256(content).hexdigest()}"


def perform_correction(
    *, fact_id: UUID, replacement: NewFact | None, reason: str, source: str, evidence: str, now: int,
    actor: UUID | None,
) -> Done | Waits:  # fmt: skip
    """``ledger.services.correct`` as an act; its result is the new fact's id."""
    new = replacement and {
        "subject": str(replacement.subject), "kind": replacement.kind, "start": replacement.start,
        "end": replacement.end, "values": dict(replacement.values),
    }  # fmt: skip
    arguments = {"fact": str(fact_id), "replacement": new, "reason": reason, "source": source}
    return perform("correct", arguments, now=now, actor=actor, evidence=evidence)


def _correct(call: Call) -> UUID:
    said, new = call.arguments, call.arguments["replacement"]
    replacement = new and NewFact(UUID(new["subject"]), new["kind"], new["start"], new["values"], end=new["end"])
    return correct(
        fact_id=UUID(said["fact"]), replacement=replacement, reason=said["reason"], source=said["source"], now=call.now,
        actor=call.actor, evidence=call.evidence,
    )  # fmt: skip


def _summary(call: Call) -> dict[str, Any]:
    from fugong.ledger.models import Fact

    return {"kind": Fact.objects.get(pk=call.arguments["fact"]).kind, "reason": call.arguments["reason"]}


def _told(summary: dict[str, Any]) -> Pairs:
    return [
        (str(_("fact")), str(KINDS[summary["kind"]].title)),
        (str(_("reason")), wording.reason(summary["reason"])),
    ]


declare_act(Act("correct", _("correction of a fact"), _correct, _summary, _told))
