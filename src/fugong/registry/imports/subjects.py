"""About whom a row is: a worker by document, or by name with telephone or badge; an enterprise by credit code or name; a
division by name or code.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fugong.base import identifiers
from fugong.base.characters import compact
from fugong.base.faults import Fault, declare
from fugong.base.ids import uuid7
from fugong.base.tables import CellError, Column, Noted, Row, parsers
from fugong.registry import divisions
from fugong.registry.documents import document_digest, phone_digest
from fugong.registry.identity import likeness, plain
from fugong.registry.models import Division, Employment, Enterprise
from fugong.registry.roster.spec import roster
from fugong.registry.services import add_division

About = Literal["worker", "enterprise", "division"]
Found = UUID | Fault
KEYS: dict[About, tuple[str, ...]] = {
    "worker": ("document_number",),
    "enterprise": ("credit_code",),
    "division": ("division",),
}
"""The columns by which rows of one file are about the same subject, where they are filled in."""

declare(
    {
        "facts.nobody": _(
            "The row does not say about whom it is. Fill in the document number, or the name with the telephone"
            " number (its last four digits are enough) or the badge number."
        ),
        "facts.worker_unknown": _(
            "No worker here fits this row. Compare it with the roster, or upload the roster first."
        ),
        "facts.worker_ambiguous": _(
            "More than one worker fits this row. Add the document number so that it is clear who is meant."
        ),
        "facts.no_enterprise": _(
            "The row does not say which enterprise it is about. Fill in the credit code or the name as registered."
        ),
        "facts.enterprise_unknown": _(
            "No enterprise here fits this row. Compare credit code and name with the registered ones."
        ),
        "facts.enterprise_other": _("The row is about another enterprise than the one that was chosen."),
        "facts.name_and_code": _("The credit code belongs to an enterprise of another name. Compare both."),
    }
)


@cache
def columns(about: About) -> tuple[Column, ...]:
    """The columns that say about whom a row is; none of them is required, ``check`` says what is missing."""
    return {"worker": _worker_columns, "enterprise": _enterprise_columns, "division": _division_columns}[about]()


def _worker_columns() -> tuple[Column, ...]:
    spec = roster(dt.date(2000, 1, 1))
    found = {name: spec.column(name) for name in ("name", "document_type", "document_number", "phone", "badge")}
    found["name"] = replace(found["name"], required=False)
    found["document_number"] = replace(found["document_number"], required=False)
    tails = ("手机尾号", "尾号", "手机后四位", "手机号后四位", "电话后四位", "last four digits", "phone ending")
    found["phone"] = replace(
        found["phone"], headers=(*found["phone"].headers, *tails), parse=_phone_or_tail,
        hint=_("The whole number or its last four digits."),
    )  # fmt: skip
    return tuple(found.values())


def _phone_or_tail(cell: Any) -> str | Noted | None:
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    text = compact(str(cell)).lstrip("*·.")
    return text if re.fullmatch(r"\d{4}", text) else parsers.phone(cell)


def _enterprise_columns() -> tuple[Column, ...]:
    return (
        Column(
            "credit_code",
            _("unified social credit code"),
            ("统一社会信用代码", "社会信用代码", "信用代码", "企业代码", "credit code", "USCC"),
            parsers.credit_code,
            hint=_("18 characters, as in the licence."),
            example="91350100M000100Y43",
            as_text=True,
        ),
        Column(
            "enterprise",
            _("name of the enterprise"),
            ("企业名称", "单位名称", "公司名称", "企业", "单位", "公司", "名称", "enterprise", "company", "employer"),
            parsers.text(128),
            hint=_("As registered. Not needed beside the credit code."),
        ),
    )


def _division_columns() -> tuple[Column, ...]:
    return (
        Column(
            "division",
            _("division"),
            (
                "地区", "行政区划", "行政区划代码", "区划代码", "行政区划名称", "地区名称", "区域", "县区", "县（市、区）",
                "区县", "市县", "城市", "division", "division code", "area", "region", "county",
            ),
            parsers.division(divisions.resolve, strict=True),
            required=True,
            hint=_("Province, city and county, or the six-digit code."),
            example="湖北省武汉市",
            as_text=True,
        ),
    )  # fmt: skip


def check(about: About, values: dict[str, Any], today: dt.date) -> Iterator[Fault]:
    """What is wrong with the identifying cells of a row; a right document goes into ``values["document"]``."""
    if about == "enterprise":
        return
    if about == "division":
        place = values.get("division")
        if place is not None and not divisions.is_known(place.code):
            yield CellError("division.unknown", field="division", value=place.written)
        return
    if values.get("document_number") is None:
        if values.get("name") is None or (values.get("phone") is None and values.get("badge") is None):
            yield Fault("facts.nobody", field="document_number" if "document_number" in values else "name")
        return
    try:
        values["document"] = identifiers.identify(
            values["document_number"], today=today, kind=values.get("document_type")
        )
        values["document_number"] = values["document"].number
    except Fault as fault:
        fault.field = fault.field or "document_number"
        yield fault


def match(about: About, rows: Sequence[Row], enterprise: Enterprise | None, *, dry_run: bool = False) -> list[Found]:
    """For each row the subject that it is about, or what is wrong.

    With an enterprise, workers are looked for among those whom it employs or employed, and rows about enterprises may
    be about no other. A division that nobody has spoken of yet is added, in a dry run only thought up.
    """
    if about == "division":
        return _match_divisions(rows, dry_run)
    return _match_workers(rows, enterprise) if about == "worker" else _match_enterprises(rows, enterprise)


def _match_divisions(rows: Sequence[Row], dry_run: bool) -> list[Found]:
    places = {row.values["division"].code: row.values["division"].written for row in rows}
    known = dict(Division.objects.filter(code__in=places).values_list("code", "pk"))
    for code in places.keys() - known.keys():
        name = divisions.name_of(code) if len(code) == 6 or places[code].isdigit() else places[code]
        known[code] = uuid7() if dry_run else add_division(code=code, name=name).pk
    return [known[row.values["division"].code] for row in rows]


def _match_workers(rows: Sequence[Row], enterprise: Enterprise | None) -> list[Found]:
    digests = [
        document_digest(document.kind, document.number) if (document := row.values.get("document")) else None
        for row in rows
    ]
    holders = _holders([digest for digest in digests if digest], enterprise)
    here = _People(enterprise) if enterprise is not None and None in digests else None
    found: list[Found] = []
    for row, digest in zip(rows, digests, strict=True):
        if digest is None:
            found.append(here.find(row.values) if here else Fault("facts.worker_unknown", field="name"))
        else:
            found.append(_holder(row.values, holders.get(digest)))
    return found


def _holders(digests: Sequence[bytes], enterprise: Enterprise | None) -> dict[bytes, tuple[UUID, str]]:
    """Who holds the documents: worker and name."""
    if not digests:
        return {}
    among = "" if enterprise is None else (
        "AND EXISTS (SELECT 1 FROM registry_employment AS e "
        "WHERE e.worker_id = w.subject_id AND e.enterprise_id = %(enterprise)s)"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.digest, w.subject_id, w.name FROM registry_document AS d "
            f"JOIN registry_worker AS w ON w.subject_id = d.worker_id WHERE d.digest = ANY(%(digests)s) {among}",
            {"digests": list(digests), "enterprise": enterprise.pk if enterprise else None},
        )
        return {bytes(digest): (worker, name) for digest, worker, name in cursor.fetchall()}


def _holder(values: dict[str, Any], holder: tuple[UUID, str] | None) -> Found:
    if holder is None:
        return Fault("facts.worker_unknown", field="document_number")
    if values.get("name") and likeness(values["name"], holder[1]) == "other":
        return Fault("roster.other_person", field="document_number")
    return holder[0]


class _Person(NamedTuple):
    worker: UUID
    phone_digest: bytes | None
    phone_tail: str
    badge: str
    active: bool


class _People:
    """Whom an enterprise employs or employed, by name."""

    def __init__(self, enterprise: Enterprise) -> None:
        self.by_name: dict[str, list[_Person]] = {}
        for employment in Employment.objects.filter(enterprise=enterprise).select_related("worker"):
            worker = employment.worker
            digest = None if worker.phone_digest is None else bytes(worker.phone_digest)
            person = _Person(worker.pk, digest, worker.phone_tail, employment.badge, employment.active)
            self.by_name.setdefault(plain(worker.name), []).append(person)

    def find(self, values: dict[str, Any]) -> Found:
        """The one whom name, telephone and badge fit; those who are employed now before those who left."""
        fitting = [person for person in self.by_name.get(plain(values["name"]), ()) if _fits(person, values)]
        fitting = [person for person in fitting if person.active] or fitting
        if len(fitting) == 1:
            return fitting[0].worker
        return Fault("facts.worker_ambiguous" if fitting else "facts.worker_unknown", field="name")


def _fits(person: _Person, values: dict[str, Any]) -> bool:
    phone, badge = values.get("phone"), values.get("badge")
    if badge is not None and person.badge and badge != person.badge:
        return False
    if phone is None:
        return bool(badge == person.badge)
    if len(phone) == 4:
        return bool(phone == person.phone_tail)
    return phone_digest(phone) == person.phone_digest


def _match_enterprises(rows: Sequence[Row], enterprise: Enterprise | None) -> list[Found]:
    known = list(Enterprise.objects.values_list("credit_code", "name", "pk"))
    by_code = {code: (pk, name) for code, name, pk in known}
    by_name: dict[str, list[UUID]] = {}
    for _code, name, pk in known:
        by_name.setdefault(compact(name), []).append(pk)
    return [_the_enterprise(row.values, enterprise, by_code, by_name) for row in rows]


def _the_enterprise(
    values: dict[str, Any], chosen: Enterprise | None, by_code: dict[str, tuple[UUID, str]],
    by_name: dict[str, list[UUID]],
) -> Found:  # fmt: skip
    code, name = values.get("credit_code"), values.get("enterprise")
    if code is None and name is None:
        return chosen.pk if chosen else Fault("facts.no_enterprise", field="credit_code")
    field = "credit_code" if code else "enterprise"
    named = by_name.get(compact(name), []) if name else []
    if code:
        found, registered = by_code.get(code, (None, ""))
        if found and name and compact(name) != compact(registered) and named:
            return Fault("facts.name_and_code", field="credit_code")
    else:
        found = named[0] if len(named) == 1 else None
    if found is None:
        return Fault("facts.enterprise_unknown", field=field)
    if chosen is not None and found != chosen.pk:
        return Fault("facts.enterprise_other", field=field)
    return found
