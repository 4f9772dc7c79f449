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
        missing: Sequence[UUID] = (),
    ) -> Result:  # fmt: skip
        """The result of a parsed file, with what the database part found wrong (``refused``)."""
        return cls(
            parsed.total, added, updated, unchanged, parsed.skipped, sorted([*parsed.errors, *refused], key=_place),
            parsed.warnings, parsed.columns, list(missing),
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


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.sheet, finding.row, finding.index if finding.index is not None else -1
