"""Test results as laboratories and clinics hand them out."""

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
        "test.reported_early": _(
            "The result is said to be reported before the sample was taken. Compare the two times."
        ),
        "test.future": _("%(moment)s is still to come. Correct the time."),
    }
)

RESULTS = {
    "negative": ("阴性", "阴", "未检出", "negative", "neg", "(-)"),
    "positive": ("阳性", "阳", "检出", "positive", "pos", "(+)", "+"),
    "inconclusive": ("可疑", "待复检", "待复核", "灰区", "不确定", "无效", "inconclusive", "invalid"),
}
METHODS = {
    "nucleic_acid": ("核酸", "核酸检测", "新冠核酸", "咽拭子", "鼻拭子", "nucleic acid", "PCR", "NAT"),
    "antigen": ("抗原", "抗原检测", "antigen", "RAT"),
}


def columns(context: Context) -> tuple[Column, ...]:
    """The columns of a list of results, besides those that say whose they are."""
    return (
        Column(
            "sampled_at",
            _("sampled at"),
            ("采样时间", "采样日期", "采集时间", "采集日期", "取样时间", "送检时间", "sampled at", "collected",
                "sampling time", "collection time"),
            parsers.moment(local.zone()),
            required=True,
            hint=_("Date and time, like 2020-03-07 08:30."),
            example="2020-03-07 08:30",
        ),
        Column(
            "reported_at",
            _("reported at"),
            ("报告时间", "报告日期", "检测时间", "检测日期", "出具时间", "出报告时间", "结果时间", "审核时间",
                "reported at", "result time", "report time"),
            parsers.moment(local.zone()),
            required=True,
            hint=_("Date and time, like 2020-03-07 08:30."),
            example="2020-03-08 16:00",
        ),
        Column(
            "result",
            _("result"),
            ("检测结果", "结果", "核酸结果", "核酸检测结果", "检验结果", "result", "test result", "outcome"),
            parsers.choice(RESULTS),
            required=True,
            choices=tuple(RESULTS.values()),
        ),
        Column(
            "method",
            _("method"),
            ("检测方法", "检测项目", "检测类型", "检验项目", "方法", "method", "test type"),
            parsers.choice(METHODS),
            choices=tuple(METHODS.values()),
        ),
        Column(
            "laboratory",
            _("laboratory"),
            ("检测机构", "检测单位", "机构", "检验机构", "实验室", "laboratory", "lab"),
            parsers.text(200),
            example=_("Changle District CDC"),
        ),
        Column(
            "specimen",
            _("specimen number"),
            ("样本编号", "标本编号", "样本号", "标本号", "条码号", "条形码", "样本条码", "采样管编号",
                "specimen", "specimen number", "sample id", "barcode"),
            parsers.text(64),
            example="CL20200307-0013",
            as_text=True,
        ),
    )  # fmt: skip


def check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    """Nothing is reported before it was sampled, and nothing happens in the future."""
    for name in ("sampled_at", "reported_at"):
        moment = values.get(name)
        if moment is not None and moment > context.now:
            yield CellError("test.future", field=name, moment=f"{local.to_datetime(moment):%Y-%m-%d %H:%M}")
    if values.get("sampled_at") and values.get("reported_at") and values["reported_at"] < values["sampled_at"]:
        yield CellError("test.reported_early", field="reported_at")


def to_facts(values: dict[str, Any], context: Context) -> Sequence[Said]:
    """A test happens when its sample is taken; what is reported when stands in its values."""
    names = ("result", "method", "sampled_at", "reported_at", "laboratory", "specimen")
    said = {name: values[name] for name in names if values.get(name) is not None}
    return [Said("test", values["sampled_at"], said)]


def same(entry: Entry, said: Said) -> bool:
    """The same specimen; where one of the two has no number, the same time of sampling."""
    one, two = entry.values.get("specimen"), said.values.get("specimen")
    if one and two:
        return bool(one == two)
    return bool(entry.values["sampled_at"] == said.values["sampled_at"])


TESTS = FactImport(
    kind="test", title=_("test results"), about="worker", columns=columns, to_facts=to_facts, check=check,
    same={"test": same}, key=("sampled_at", "specimen"), also_called=("tests", "results"),
)  # fmt: skip
