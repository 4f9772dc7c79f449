"""Every messy file, through the database: who is in the registry afterwards is who was written down by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fugong.base import local, personal
from fugong.base.tables import TableError, read, recognise, rows
from fugong.registry.models import Document, Employment, Worker
from fugong.registry.roster.services import import_roster
from fugong.registry.roster.spec import roster
from imports.sheets import counts, enterprise, everything
from tables.files import FILES, TODAY

pytestmark = pytest.mark.django_db
EXPECTED = Path(__file__).parents[1] / "tables" / "expected"
NOW = local.at(TODAY, "09:00")


def bring_in(filename: str, plant: Any, **options: Any) -> Any:
    spec = roster(TODAY)
    sheets = read(FILES[filename](), filename)
    parsed = rows(sheets, recognise(sheets, spec), spec)
    return import_roster(enterprise=plant, parsed=parsed, now=NOW, **options)


def file_of(document: Document) -> dict[str, Any]:
    """What the registry says of whoever holds a document, in the words of the expected JSON."""
    worker, employment = document.worker, Employment.objects.get(worker=document.worker)
    said = {
        "name": worker.name,
        "document_number": personal.decrypt(document.encrypted),
        "phone": personal.decrypt(worker.phone_encrypted) if worker.phone_encrypted else "",
        "address": worker.address,
        "workshop": employment.workshop,
        "post": employment.post,
        "badge": employment.badge,
        "kind": "" if document.type == "resident" else document.type,
    }
    return {name: value for name, value in said.items() if value}


KEPT = {"name", "document_number", "phone", "address", "workshop", "post", "badge", "kind"}


@pytest.mark.parametrize("filename", FILES)
def test_a_messy_file_gives_the_people_that_were_written_down(filename):
    expected = json.loads((EXPECTED / f"{Path(filename).stem}.json").read_text("utf-8"))
    plant = enterprise()
    before = everything()
    if "refused" in expected:
        with pytest.raises(TableError):
            bring_in(filename, plant)
        assert (everything(), Worker.objects.count()) == (before, 0)
        return
    people = [{k: v for k, v in row.items() if k in KEPT} for row in expected["rows"].values()]
    tried = bring_in(filename, plant, dry_run=True)
    assert (everything(), Worker.objects.count()) == (before, 0)
    result = bring_in(filename, plant)
    assert tried.as_json() == result.as_json()
    in_error = len({text.split(" [")[0] for text in expected["errors"]})
    assert counts(result) == (len(people), 0, 0, len(expected["skipped"]), in_error)
    assert result.columns == expected["columns"]
    stored = [file_of(document) for document in Document.objects.all()]
    assert sorted(stored, key=str) == sorted(people, key=str)
    again = bring_in(filename, plant)
    after = everything()
    assert counts(again) == (0, 0, len(people), len(expected["skipped"]), in_error)
    assert everything() == after
    assert again.missing == []
