"""What measures need to know of people: the social-insurance office's list, and what was shown of somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Fault, declare
from fugong.base.tables import CellError, Column, parsers
from fugong.registry.imports.declaration import Context, Entry, FactImport, Said

declare(
    {
        "insurance.ends_early": _("The last month lies before the first one. Compare the two."),
        "insurance.future": _("The month is still to come. Correct it."),
        "evidence_of_person.nothing": _(
            "The row says nothing of the person. Answer at least one of the three questions."
        ),
        "evidence_of_person.future": _("The day is still to come. Correct the date."),
    }
)


def _insurance_columns(context: Context) -> tuple[Column, ...]:
    return (
        Column(
            "first_month", _("insured from month"),
            ("参保起始月", "参保开始月份", "缴费起始月", "缴费起始年月", "起始年月", "开始月份", "insured from", "first month"),
            parsers.date, required=True, hint=_("Any day of the month."), example="2020-01-01",
        ),
        Column(
            "last_month", _("insured to month"),
            ("参保终止月", "参保结束月份", "缴费终止月", "缴费终止年月", "终止年月", "结束月份", "insured to", "last month"),
            parsers.date, hint=_("Blank: that month alone."), example="2020-03-01",
        ),
    )  # fmt: skip


def _insurance_check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    first, last = values.get("first_month"), values.get("last_month")
    if first and last and last < first:
        yield CellError("insurance.ends_early", field="last_month")
    if first and first > context.today:
        yield CellError("insurance.future", field="first_month")


def _insurance(values: dict[str, Any], context: Context) -> Sequence[Said]:
    """Whole months: from the first day of the first to the last day of the last."""
    first, last = values["first_month"].replace(day=1), values.get("last_month") or values["first_month"]
    after = last.replace(year=last.year + last.month // 12, month=last.month % 12 + 1, day=1)
    return [Said("social_insurance", local.start_of_day(first), {}, end=local.start_of_day(after))]


SOCIAL_INSURANCE = FactImport(
    kind="social_insurance", title=_("social insurance"), about="worker", columns=_insurance_columns,
    to_facts=_insurance, check=_insurance_check, key=("first_month",), also_called=("insurances", "社保"),
)  # fmt: skip

_SHOWN = {
    "went_home": (_("went home for the festival"), ("春节返乡", "是否返乡", "返乡", "春节是否返乡", "went home")),
    "told_to_delay": (
        _("told to delay the return"), ("通知延迟返岗", "是否通知延迟返岗", "企业通知延迟返岗", "told to delay"),
    ),
    "post_kept": (_("the post was kept"), ("保留岗位", "是否保留岗位", "留岗", "企业保留岗位", "post kept")),
}  # fmt: skip


def _shown_columns(context: Context) -> tuple[Column, ...]:
    answers = tuple(
        Column(
            item,
            title,
            headers,
            parsers.yes_no(yes=("已", "有"), no=("未", "无")),
            choices=(("是", "yes"), ("否", "no")),
        )
        for item, (title, headers) in _SHOWN.items()
    )
    since = Column(
        "since", _("shown on"), ("日期", "登记日期", "填报日期", "shown on", "date"), parsers.date,
        hint=_("Blank: the day of the upload."), example="2020-03-01",
    )  # fmt: skip
    paper = Column(
        "document", _("by which paper"), ("凭证", "证明材料", "材料", "document", "paper"), parsers.text(200)
    )
    return (*answers, since, paper)


def _shown_check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    if all(values.get(item) is None for item in _SHOWN):
        yield CellError("evidence_of_person.nothing", field="told_to_delay")
    if values.get("since") and values["since"] > context.today:
        yield CellError("evidence_of_person.future", field="since")


def _shown(values: dict[str, Any], context: Context) -> Sequence[Said]:
    """One fact an item that is answered."""
    start = local.start_of_day(values.get("since") or context.today)
    paper = {"document": values["document"]} if values.get("document") else {}
    return [
        Said("evidence_of_person", start, {"item": item, "holds": values[item], **paper}, dated="since" in values)
        for item in _SHOWN
        if values.get(item) is not None
    ]


def _same_item(entry: Entry, said: Said) -> bool:
    return bool(entry.values["item"] == said.values["item"]) and entry.end > said.start


EVIDENCE_OF_PERSON = FactImport(
    kind="evidence_of_person", title=_("evidence of people"), about="worker", columns=_shown_columns, to_facts=_shown,
    check=_shown_check, same={"evidence_of_person": _same_item}, also_called=("evidence_of_people", "凭证"),
)  # fmt: skip
