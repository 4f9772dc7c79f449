"""The confirmed contacts of a case for the disease-control office, as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from fugong.base import local
from fugong.base.access import looked_at
from fugong.base.environment import demo
from fugong.ledger.models import Fact
from fugong.ledger.queries import holding
from fugong.ledger.wording import CONTACT_RULES
from fugong.registry.models import Site
from fugong.registry.reveal.queries import documents_for, phones_for
from fugong.tracing import queries
from fugong.tracing.models import Case, CaseContact
from fugong.tracing.queries import PURPOSE, Line

_WIDTHS = (14, 20, 24, 18, 28, 30, 30, 18, 30)


def _head() -> list[str]:
    return [
        _("Name"), _("Kind of document"), _("Document number"), _("Phone"), _("Enterprise"), _("By which rule"), _("Where"),
        _("Last contact"), _("Where they are now"),
    ]  # fmt: skip


def workbook(case: Case, now: int) -> bytes:
    """One sheet in the language in force, one row a confirmed contact; whose numbers it carries is noted for the audit."""
    rows = case.contacts.filter(state=CaseContact.CONFIRMED).order_by("-last_at", "pk")
    lines = queries.lines(list(rows), now)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _("Close contacts")
    made = f"{local.to_datetime(now):%Y-%m-%d %H:%M}"
    for text in [_("Close contacts of a case, as of %(moment)s") % {"moment": made}, *_warning()]:
        sheet.append([text])
    sheet.append(_head())
    first = sheet.max_row
    for cell in sheet[first]:
        cell.font = Font(bold=True)
    for row in _rows(lines, now):
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # a name that begins with = is no formula, and a number keeps its digits
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHI"[place]].width = width
    sheet.freeze_panes = f"A{first + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _warning() -> list[str]:
    return [_("DEMO: nobody here exists")] if demo() else []


def _rows(lines: Sequence[Line], now: int) -> list[list[str]]:
    ids = [one.worker.pk for one in lines]
    looked_at(ids, PURPOSE)
    documents, phones, where = documents_for(PURPOSE, ids), phones_for(PURPOSE, ids), _where(lines, now)
    found = []
    for one in lines:
        kind, number = documents.get(one.worker.pk, ("", ""))
        last = f"{local.to_datetime(one.contact.last_at):%Y-%m-%d %H:%M}"
        rules = "、".join(str(CONTACT_RULES.get(code, code)) for code in one.contact.codes)
        found.append([
            one.worker.name, str(kind), number, phones.get(one.worker.pk, ""), "、".join(one.employers), rules,
            one.contact.place, last, where[one.worker.pk],
        ])  # fmt: skip
    return found


def _where(lines: Sequence[Line], now: int) -> dict[UUID, str]:
    """Where each of them is: in observation, else in their dormitory, else at their address."""
    ids = [one.worker.pk for one in lines]
    homes: dict[UUID, Fact] = {
        fact.subject_id: fact
        for fact in holding(now).filter(subject_id__in=ids, kind="dormitory").order_by("start", "recorded_at")
    }
    shown = {one.worker.pk: one.bed if one.is_there else homes.get(one.worker.pk) for one in lines}
    named = {UUID(fact.values["site"]) for fact in shown.values() if fact and fact.values.get("site")}
    sites = {str(pk): name for pk, name in Site.objects.filter(pk__in=named).values_list("pk", "name")}
    return {one.worker.pk: _place(shown[one.worker.pk], sites) or one.worker.address for one in lines}


def _place(fact: Fact | None, sites: dict[str, str]) -> str:
    if fact is None:
        return ""
    values = fact.values
    said = [
        sites.get(str(values.get("site") or ""), ""),
        *(str(values.get(name) or "") for name in ("name", "room", "bed")),
    ]
    return " ".join(one for one in said if one)
