"""Random messes of a clean roster, through the database: the same workers, or a named cell; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from fugong.base.tables import Sheet
from fugong.registry.documents import document_digest
from fugong.registry.models import Document, Employment, Enterprise
from fugong.registry.roster.services import import_roster
from imports.sheets import NOW, counts, enterprise, everything, number, parsed_sheets

pytestmark = pytest.mark.django_db
PEOPLE = [(name, number(i), f"1380013800{i}") for i, name in enumerate(("王小明", "李芳", "赵强", "欧阳兰", "陈大文"))]
HEADERS = {"name": ["姓名", "员工姓名*", " 姓 名 ", "名字"], "number": ["身份证号", "身份证号码（必填）", "证件号码"]}

Row = list[Any]
Mess = Callable[[Row], Row]
HARMLESS: dict[str, Mess] = {
    "as it is": lambda row: row,
    "full width": lambda row: [row[0], row[1].translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)}), row[2]],
    "spaces inside": lambda row: [" ".join(row[0]), f" {row[1][:6]} {row[1][6:]}\u3000", row[2]],
    "lower case": lambda row: [row[0], row[1].lower(), row[2]],
    "apostrophe": lambda row: [row[0], "'" + row[1], row[2]],
    "no telephone": lambda row: [row[0], row[1], ""],
    "invisible": lambda row: ["\u200b" + row[0], row[1] + "\ufeff", row[2]],
}
HARMFUL: dict[str, Mess] = {
    "rounded": lambda row: [row[0], 3.50126198803e17, row[2]],
    "digit lost": lambda row: [row[0], row[1][:-1], row[2]],
    "no name": lambda row: ["", *row[1:]],
    "somebody else": lambda row: ["诸葛亮", *row[1:]],
    "telephone too short": lambda row: [row[0], row[1], "1380013"],
}
EXTRA = {"blank": ["", "", ""], "totals": ["合计", "5", ""], "note": ["填表人：张主任", "", ""]}
chosen = st.tuples(st.integers(0, len(PEOPLE) - 1), st.sampled_from(sorted(HARMLESS) + sorted(HARMFUL)))
lines = st.lists(st.one_of(chosen, st.sampled_from(sorted(EXTRA))), min_size=1, max_size=9)


def sheet(body: list[Any], titles: int, columns: tuple[str, str]) -> tuple[Sheet, dict[int, tuple[int, str]]]:
    """A sheet of these lines, and which line of it is about whom, with which mess."""
    rows: list[list[Any]] = [["某厂复工人员名单"], *[[""]] * titles, [*columns, "手机"]]
    about: dict[int, tuple[int, str]] = {}
    for line in body:
        if isinstance(line, str):
            rows.append(list(EXTRA[line]))
            continue
        who, mess = line
        rows.append({**HARMLESS, **HARMFUL}[mess](list(PEOPLE[who])))
        about[len(rows)] = (who, mess)
    return Sheet("名单", rows), about


def employed(plant: Enterprise) -> dict[int, str]:
    """Who of the people is employed, by place in PEOPLE."""
    digests = {document_digest("resident", person[1]): which for which, person in enumerate(PEOPLE)}
    workers = Employment.objects.filter(enterprise=plant, active=True).values_list("worker_id", flat=True)
    found = Document.objects.filter(worker_id__in=workers).select_related("worker")
    return {digests[bytes(document.digest)]: document.worker.name for document in found}


@settings(max_examples=60, deadline=None)
@given(
    body=lines,
    before=st.sets(st.integers(0, len(PEOPLE) - 1)),
    titles=st.integers(0, 3),
    columns=st.tuples(st.sampled_from(HEADERS["name"]), st.sampled_from(HEADERS["number"])),
)
def test_the_same_workers_or_a_named_cell(body, before, titles, columns):
    with transaction.atomic():
        plant = enterprise()
        start, _about = sheet([(which, "as it is") for which in sorted(before)], 0, ("姓名", "身份证号"))
        if before:
            import_roster(enterprise=plant, parsed=parsed_sheets([start]), now=NOW)
        messy, about = sheet(body, titles, columns)
        if about:
            check(plant, messy, about, before)
        transaction.set_rollback(True)


def check(plant: Enterprise, messy: Sheet, about: dict[int, tuple[int, str]], before: set[int]) -> None:
    tried = import_roster(enterprise=plant, parsed=parsed_sheets([messy]), now=NOW, dry_run=True)
    result = import_roster(enterprise=plant, parsed=parsed_sheets([messy]), now=NOW)
    assert tried.as_json() == result.as_json()
    added, _updated, _unchanged, _skipped, _in_error = counts(result)
    wrong = {error.row for error in result.errors}
    skipped = {item.row for item in result.skipped}
    for row, (who, mess) in about.items():
        if mess in HARMFUL and mess != "somebody else":
            assert row in wrong, (row, mess)
        elif mess == "somebody else" and who in before:
            assert row in wrong | skipped
    went_in = {who for row, (who, mess) in about.items() if row not in wrong and row not in skipped}
    after = employed(plant)
    assert set(after) == before | went_in
    assert added == len(went_in - before)
    for who, name in after.items():
        assert name == PEOPLE[who][0] or who not in before
    facts = everything()
    again = import_roster(enterprise=plant, parsed=parsed_sheets([messy]), now=NOW)
    assert (again.added, again.updated, everything()) == (0, 0, facts)
