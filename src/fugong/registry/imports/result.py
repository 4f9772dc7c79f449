"""What an import did: every row counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fugong.base.tables import Finding, Parsed, Skipped


@dataclass(slots=True)
class Result:
    """Counts, errors and columns of an import: ``rows`` = added + updated + unchanged + skipped + rows in error."""

    rows: int
    added: int
    updated: int
    unchanged: int
    skipped: list[Skipped]
    errors: list[Finding]
    warnings: list[Finding]
    columns: dict[str, str]
    missing: list[UUID] = field(default_factory=list)

    @classmethod
    def of(
        cls, parsed: Parsed, *, added: int, updated: int, unchanged: int, refused: Sequence[Finding] = (),
        doubtful: Sequence[Finding] = (), skipped: Sequence[Skipped] = (), missing: Sequence[UUID] = (),
    ) -> Result:  # fmt: skip
        """The result of a parsed file, with what the registry found wrong (``refused``), doubtful and said twice."""
        order = {layout.sheet: number for number, layout in enumerate(parsed.layouts)}

        def place(finding: Finding) -> tuple[int, int, int]:
            return order[finding.sheet], finding.row, -1 if finding.index is None else finding.index

        return cls(
            parsed.total, added, updated, unchanged,
            sorted([*parsed.skipped, *skipped], key=lambda item: (order[item.sheet], item.row)),
            sorted([*parsed.errors, *refused], key=place), sorted([*parsed.warnings, *doubtful], key=place),
            parsed.columns, list(missing),
        )  # fmt: skip

    @property
    def rows_in_error(self) -> int:
        """How many rows have at least one error."""
        return len({(finding.sheet, finding.row) for finding in self.errors})

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        return {
            "rows": self.rows,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": len(self.skipped),
            "rows_in_error": self.rows_in_error,
            "errors": [finding.as_json() for finding in self.errors],
            "warnings": [finding.as_json() for finding in self.warnings],
            "skipped_rows": [skipped.as_json() for skipped in self.skipped],
            "columns": self.columns,
            "missing": [str(worker) for worker in self.missing],
        }
