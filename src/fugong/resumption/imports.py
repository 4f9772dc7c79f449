"""What enterprises report of their own work, as lists: resumptions and output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Fault
from fugong.base.tables import CellError, Column, parsers
from fugong.core.time import PLUS_INF
from fugong.registry.imports.declaration import Context, Entry, FactImport, Said

REGIMES = {
    "permit": ("审批", "批准", "许可", "核准"),
    "filing": ("备案", "备案制", "报备"),
    "commitment": ("承诺", "承诺制", "告知承诺"),
}


def _resumption_columns(context: Context) -> tuple[Column, ...]:
    return (
        Column(
            "resumed_on",
            _("resumed on"),
            ("复工日期", "复工时间", "开工日期", "开工时间", "复产日期", "批准复工日期", "resumed on",
                "resumption date"),
            parsers.date,
            required=True,
            example="2020-02-17",
        ),
        Column(
            "regime",
            _("regime"),
            ("复工方式", "复工类型", "审批方式", "办理方式", "regime"),
            parsers.choice(REGIMES),
            choices=(("审批", "permit"), ("备案", "filing"), ("承诺", "commitment")),
        ),
    )  # fmt: skip


def _resumption(values: dict[str, Any], context: Context) -> Sequence[Said]:
    said = {"regime": values["regime"]} if values.get("regime") else {}
    return [Said("resumption", local.start_of_day(values["resumed_on"]), said)]


def _open(entry: Entry, said: Said) -> bool:
    """The resumption that goes on: an enterprise resumes once until it stops."""
    return entry.end == PLUS_INF or entry.start <= said.start < entry.end


RESUMPTIONS = FactImport(
    kind="resumption", title=_("resumptions"), about="enterprise", columns=_resumption_columns, to_facts=_resumption,
    same={"resumption": _open}, also_called=("resumptions",),
)  # fmt: skip


def _capacity_columns(context: Context) -> tuple[Column, ...]:
    output = parsers.number(0, units="元|人民币")
    return (
        Column(
            "day",
            _("day"),
            ("日期", "填报日期", "上报日期", "统计日期", "报告日期", "day", "date"),
            parsers.date,
            required=True,
            example="2020-03-09",
        ),
        Column(
            "current_yuan",
            _("current daily output, yuan"),
            ("当前日产值", "目前日产值", "现日产值", "当日产值", "日产值", "current output", "current daily output"),
            output,
            required=True,
            hint=_("In yuan a day."),
            example="800000",
        ),
        Column(
            "normal_yuan",
            _("normal daily output, yuan"),
            ("正常日产值", "去年同期日产值", "满负荷日产值", "设计日产值", "正常产值", "normal output",
                "normal daily output"),
            parsers.number(1, units="元|人民币"),
            required=True,
            hint=_("In yuan a day."),
            example="1000000",
        ),
    )  # fmt: skip


def _capacity_check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    if values.get("day") and values["day"] > context.today:
        yield CellError("capacity.future", field="day")


def _capacity(values: dict[str, Any], context: Context) -> Sequence[Said]:
    said = {name: values[name] for name in ("current_yuan", "normal_yuan")}
    return [Said("capacity", local.start_of_day(values["day"]), said, dated=False)]


def _same_day(entry: Entry, said: Said) -> bool:
    return local.day_of(entry.start) == local.day_of(said.start)


CAPACITY = FactImport(
    kind="capacity", title=_("capacity"), about="enterprise", columns=_capacity_columns, to_facts=_capacity,
    check=_capacity_check, same={"capacity": _same_day}, key=("day",), also_called=("capacities",),
)  # fmt: skip
