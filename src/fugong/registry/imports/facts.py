"""From a parsed list of facts to the ledger: whom each row is about, what it says anew, what it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from fugong.base.background import Progress, part, silent
from fugong.base.copying import without_collection
from fugong.base.faults import Fault, declare
from fugong.base.tables import CellError, Finding, Layout, Parsed, Row, Skipped
from fugong.base.tables.rows import locate
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.queries import STANDING
from fugong.ledger.services import NewFact
from fugong.ledger.validation import checked, interval, kind_of, plausible_at
from fugong.registry.imports import subjects
from fugong.registry.imports.declaration import Context, Entry, FactImport, Said
from fugong.registry.imports.result import Result
from fugong.registry.imports.settling import Outcome, Repeated, Settling
from fugong.registry.models import Enterprise
from fugong.registry.roster.known import json_values
from fugong.registry.roster.services import one_at_a_time

SOURCE = "import"
"""The source of the facts of a list, unless the caller knows better."""

declare(
    {
        "facts.contradicts": _(
            "Row %(row)s of sheet “%(sheet)s” says something else of the same. Correct one of the two rows, or delete it."
        ),
    }
)


@without_collection()
@transaction.atomic
def import_facts(
    *, declaration: FactImport, parsed: Parsed, now: int, enterprise: Enterprise | None = None, source: str = SOURCE,
    actor: UUID | None = None, evidence: str = "", dry_run: bool = False, progress: Progress = silent,
) -> Result:  # fmt: skip
    """Take in all rows that are right. With ``dry_run`` nothing is written and the result says what would be.

    With an ``enterprise`` only facts about it, or about those whom it employs or employed, are taken.
    """
    number = len(parsed.valid)
    work = _Work(declaration, parsed, Context(now))
    if declaration.about == "division":
        one_at_a_time()  # two at once must not both add a division
    work.read(enterprise, dry_run)
    progress(number // 3, number)
    if not dry_run:
        _lock(work.said)
    if declaration.exclusive:  # what follows each other is settled in its order, whatever that of the rows is
        work.said.sort(key=lambda one: one[2][0].start)
    settling = Settling(declaration, _standing(work.said))
    for subject, row, said in work.said:
        work.settle(settling, subject, row, said)
    progress(number // 2, number)
    if not dry_run:
        recorded_at = ledger.recorded_at(settling.facts, now)
        ledger.append(
            facts=settling.facts, source=source, now=recorded_at, actor=actor, evidence=evidence, ids_are_new=True,
            progress=part(progress, number, 1, 2),
        )  # fmt: skip
    progress(number, number)
    added, updated, unchanged = (work.outcomes.count(outcome) for outcome in ("added", "updated", "unchanged"))
    return Result.of(
        parsed, added=added, updated=updated, unchanged=unchanged, refused=work.refused, skipped=work.repeated
    )


@dataclass(slots=True)
class _Work:
    """The rows of a list on their way."""

    declaration: FactImport
    parsed: Parsed
    context: Context
    said: list[tuple[UUID, Row, Sequence[Said]]] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    repeated: list[Skipped] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    layouts: dict[str, Layout] = field(default_factory=dict)

    def read(self, enterprise: Enterprise | None, dry_run: bool) -> None:
        """Whom each row is about, and what it says."""
        self.layouts = {layout.sheet: layout for layout in self.parsed.layouts}
        rows = self.parsed.valid
        found = subjects.match(self.declaration.about, rows, enterprise, dry_run=dry_run)
        fits = self.declaration.fits
        fitting = fits([one for one in found if not isinstance(one, Fault)]) if fits else None
        for row, subject in zip(rows, found, strict=True):
            if isinstance(subject, Fault):
                self.refuse(row, subject)
                continue
            try:
                values = fitting(subject, row.values) if fitting else row.values
                said = self.declaration.to_facts(values, self.context)
                for one in said:
                    self.check(one)
            except Fault as fault:
                self.refuse(row, fault)
            else:
                self.said.append((subject, row, said))

    def check(self, one: Said) -> None:
        """What the ledger would refuse is a fault of the row. Raises FactError."""
        if one.kind not in self.declaration.kinds:
            raise ValueError(f"the list {self.declaration.kind!r} is not declared to say {one.kind!r}")
        kind = kind_of(one.kind)
        values = checked(kind, one.over(one.by_default))
        plausible_at(kind, values, *interval(kind, one.start, one.end), self.context.now)

    def settle(self, settling: Settling, subject: UUID, row: Row, said: Sequence[Said]) -> None:
        """What a row comes to beside what stands and what earlier rows said."""
        try:
            self.outcomes.append(settling.take(subject, said, (row.sheet, row.row)))
        except Repeated as repeated:
            sheet, number = repeated.by
            if repeated.contradicts:
                self.refuse(row, Fault("facts.contradicts", sheet=sheet, row=number))
            else:
                self.repeated.append(Skipped(row.sheet, row.row, CellError("row.repeated", sheet=sheet, row=number)))

    def refuse(self, row: Row, fault: Fault) -> None:
        """The row doesn't go in, and its cell says why."""
        self.refused.append(locate(fault, self.layouts[row.sheet], row.row))


def _lock(said: Sequence[tuple[UUID, Row, Sequence[Said]]]) -> None:
    """Lock everybody whom the rows are about, before what stands is read."""
    ledger.lock_for([NewFact(subject, one.kind, one.start, one.values) for subject, _row, some in said for one in some])


def _standing(said: Sequence[tuple[UUID, Row, Sequence[Said]]]) -> dict[tuple[UUID, str], list[Entry]]:
    """The standing facts of these subjects, of the kinds that the rows speak of."""
    ids = {subject for subject, _row, _some in said}
    kinds = {one.kind for _subject, _row, some in said for one in some}
    found: dict[tuple[UUID, str], list[Entry]] = {}
    if not ids:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT f.subject_id, f.kind, f.id, f.start, f."end", f.values FROM ledger_fact AS f '
            f"WHERE f.subject_id = ANY(%(ids)s) AND f.kind = ANY(%(kinds)s) AND {STANDING}",
            {"ids": list(ids), "kinds": list(kinds), "known_at": PLUS_INF},
        )
        for subject, kind, fact, start, end, values in cursor.fetchall():
            found.setdefault((subject, kind), []).append(Entry(fact, start, end, json_values(values)))
    return found
