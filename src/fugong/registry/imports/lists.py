"""Every kind of list that people upload (rosters and lists of facts), behind one door: declaration, reading, taking in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fugong.base import local
from fugong.base.background import Progress, silent
from fugong.base.faults import Text
from fugong.base.roles import Right, Role
from fugong.base.tables import Override, Parsed, Sheet, Spec, recognise, rows
from fugong.ledger.kinds import KINDS
from fugong.registry import divisions
from fugong.registry.imports.declaration import FactImport, catalogue, find
from fugong.registry.imports.facts import import_facts
from fugong.registry.imports.result import Result
from fugong.registry.imports.subjects import About
from fugong.registry.models import Enterprise
from fugong.registry.roster.services import import_roster
from fugong.registry.roster.spec import roster

WORKERS = "workers"
"""The kind of a roster."""


@dataclass(frozen=True, slots=True)
class List:
    """A kind of list: a roster (``declaration`` None) or facts."""

    kind: str
    declaration: FactImport | None

    @property
    def title(self) -> Text:
        """What people call it."""
        return self.declaration.title if self.declaration else roster(dt.date(2020, 1, 1)).title

    @property
    def about(self) -> About:
        """Of whom its rows speak."""
        return self.declaration.about if self.declaration else "worker"

    @property
    def right(self) -> Right:
        """What somebody must be allowed to do in order to upload it."""
        return "facts.write" if self.declaration else "roster.write"

    def open_to(self, role: Role) -> bool:
        """Whether somebody with that role may upload it: by their rights, and as those who may state what it says."""
        kinds = self.declaration.kinds if self.declaration else ("employment",)
        return self.right in role.rights and all(KINDS[kind].may_be_stated_by(role.name) for kind in kinds)

    def spec(self, now: int) -> Spec:
        """The table's declaration at the moment of an upload."""
        return self.declaration.spec(now) if self.declaration else roster(local.day_of(now), divisions.resolve)

    def parse(self, sheets: list[Sheet], now: int, overrides: Mapping[str, Override] | None = None) -> Parsed:
        """The rows of some sheets. Raises TableError."""
        spec = self.spec(now)
        return rows(sheets, recognise(sheets, spec, overrides), spec)

    def take_in(
        self, *, parsed: Parsed, enterprise: Enterprise | None, now: int, actor: UUID | None = None,
        evidence: str = "", dry_run: bool = False, progress: Progress = silent,
    ) -> Result:  # fmt: skip
        """Take in all rows that are right (with ``dry_run``: say what would be). A roster needs an enterprise.

        ``progress`` is told how many of how many rows are done.
        """
        if self.declaration is not None:
            return import_facts(
                declaration=self.declaration, parsed=parsed, enterprise=enterprise, now=now, actor=actor,
                evidence=evidence, dry_run=dry_run, progress=progress,
            )  # fmt: skip
        if enterprise is None:
            raise ValueError("a roster is an enterprise's")
        return import_roster(
            enterprise=enterprise, parsed=parsed, now=now, actor=actor, evidence=evidence, dry_run=dry_run,
            progress=progress,
        )  # fmt: skip


def list_of(kind: str) -> List | None:
    """The kind of list of that name (or another name of it), None where there is none."""
    if kind == WORKERS:
        return List(WORKERS, None)
    declaration = find(kind)
    return List(declaration.kind, declaration) if declaration else None


def all_lists() -> tuple[List, ...]:
    """Every kind of list, the roster first."""
    return (List(WORKERS, None), *(List(declaration.kind, declaration) for declaration in catalogue()))
