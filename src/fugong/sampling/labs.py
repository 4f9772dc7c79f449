"""A laboratory's file: one row a tube, by its barcode. What is read, what is told of each row before and after it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import LANGUAGES, Fault
from fugong.base.tables import Parsed, Row, Sheet, Spec, read, recognise, rows
from fugong.base.tables.model import blank
from fugong.registry.imports.declaration import Context
from fugong.sampling import barcodes, imports
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Tube
from fugong.sampling.services.results import Reported

KIND = "laboratory"
"""The kind of upload under which these files are kept while somebody looks at them."""
_LONGEST = 200


def spec(now: int) -> Spec:
    """The columns of such a file: those of a list of results, told by barcode; the tube itself knows when it was sampled."""
    context = Context(now)
    columns = {one.name: one for one in imports.columns(context)}
    columns["specimen"] = replace(columns["specimen"], title=_("barcode"), required=True)
    columns["sampled_at"] = replace(columns["sampled_at"], required=False)

    def check(values: dict[str, Any]) -> Iterator[Fault]:
        yield from imports.check(values, context)

    return Spec(KIND, _("laboratory results"), tuple(columns.values()), ("specimen",), check)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken in: where it stands, why, and what of it was understood."""

    sheet: str
    row: int
    fault: Fault
    values: Mapping[str, Any]
    cells: Mapping[str, str]

    def sentences(self) -> dict[str, str]:
        """Why, in both languages."""
        return {language: self.fault.in_language(language) for language in LANGUAGES}


@dataclass(slots=True)
class Read:
    """A file as it was read: the rows that name a tube, and those that are refused already."""

    parsed: Parsed
    sheets: dict[str, Sheet]
    told: list[tuple[Row, Reported]]
    refused: list[Refused]

    def refuse(self, row: Row, fault: Fault) -> None:
        """A row is not taken in for this reason."""
        self.refused.append(Refused(row.sheet, row.row, fault, row.values, self._cells(row)))

    def _cells(self, row: Row) -> dict[str, str]:
        layout = next(one for one in self.parsed.layouts if one.sheet == row.sheet)
        cells = self.sheets[row.sheet].rows[row.row - 1]
        return {
            layout.header(index): str(cell)[:_LONGEST] for index, cell in enumerate(cells) if not blank(cell)
        }  # fmt: skip


def look(content: bytes, filename: str, now: int) -> Read:
    """The rows of a file, each with its tube. Raises TableError for what is no such file."""
    sheets, form = read(content, filename), spec(now)
    parsed = rows(sheets, recognise(sheets, form), form)
    found = Read(parsed, {sheet.name: sheet for sheet in sheets}, [], [])
    for row in parsed.rows:
        if row.errors:
            found.refuse(row, row.errors[0].fault)
    _name_tubes(found, parsed.valid)
    return found


def _name_tubes(found: Read, valid: Sequence[Row]) -> None:
    named = dict(_barcodes(found, valid))
    tubes = dict(Tube.objects.filter(barcode__in=named.values()).values_list("barcode", "pk"))
    for row in valid:
        code = named.get((row.sheet, row.row))
        if code is None:
            continue
        if code not in tubes:
            found.refuse(row, SamplingError("tube.unknown", field="specimen", barcode=code))
            continue
        values = row.values
        found.told.append(
            (row, Reported(
                tubes[code], values["result"], values["reported_at"], values.get("laboratory") or "",
                values.get("method") or "",
            ))
        )  # fmt: skip


def _barcodes(found: Read, valid: Sequence[Row]) -> Iterable[tuple[tuple[str, int], str]]:
    for row in valid:
        try:
            yield (row.sheet, row.row), barcodes.read(row.values["specimen"])
        except SamplingError as fault:
            found.refuse(row, fault)
