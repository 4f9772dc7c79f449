"""Whatever messes befall a clean roster, in whatever kind of file: the same worker, or an error that names the cell."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fugong.base.tables import error_workbook, read, recognise, rows
from fugong.registry.roster.spec import roster
from tables.files import TODAY
from tables.messes import FORMS, Roster, cell_messes, layouts, workers

SPEC = roster(TODAY)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_messed_up_roster_gives_the_same_workers_or_names_the_cell(data: st.DataObject) -> None:
    clean = Roster(data.draw(workers()))
    data.draw(cell_messes(clean))
    laid = data.draw(layouts(clean))
    content, filename = data.draw(st.sampled_from(FORMS))(laid.grid)

    sheets = read(content, filename)
    parsed = rows(sheets, recognise(sheets, SPEC), SPEC)

    assert {item.row: item.reason.code for item in parsed.skipped} == laid.skipped
    assert parsed.total == len(clean.workers) + len(laid.skipped)
    by_row = {row.row: row for row in parsed.rows}
    assert sorted(by_row) == sorted(laid.places.values())
    for index, worker in enumerate(clean.workers):
        row = by_row[laid.places[index]]
        harmed = clean.harmed.get(index, set())
        assert {finding.field for finding in row.errors} == harmed
        assert {finding.column for finding in row.errors} == {" ".join(laid.headers[name].split()) for name in harmed}
        if not harmed:
            assert row.values["name"] == worker.name
            assert row.values["document"].number == worker.document_number
            assert row.values["phone"] == worker.phone
            assert row.values["returned_on"] == worker.returned_on


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_marked_workbook_reads_the_same_and_is_wrong_in_the_same_cells(data: st.DataObject) -> None:
    clean = Roster(data.draw(workers()))
    data.draw(cell_messes(clean))
    content, filename = data.draw(st.sampled_from(FORMS))(data.draw(layouts(clean)).grid)
    sheets = read(content, filename)
    parsed = rows(sheets, recognise(sheets, SPEC), SPEC)
    sheets = read(error_workbook(content, filename, parsed.errors, parsed.warnings), "marked.xlsx")
    again = rows(sheets, recognise(sheets, SPEC), SPEC)
    assert [(row.row, row.values) for row in again.rows] == [(row.row, row.values) for row in parsed.rows]
    assert [(item.row, item.reason.code) for item in again.skipped] == [
        (item.row, item.reason.code) for item in parsed.skipped
    ]
