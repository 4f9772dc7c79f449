"""What enterprises report of vacant posts (用工需求)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Fault, declare
from fugong.base.tables import CellError, Column, parsers
from fugong.registry.imports.declaration import Context, Entry, FactImport, Said

declare({"vacancy.ends_early": _("The vacancy is said to end before it begins. Compare the two dates.")})


def _vacancy_columns(context: Context) -> tuple[Column, ...]:
    return (
        Column(
            "post",
            _("post"),
            ("岗位", "工种", "岗位名称", "招聘岗位", "用工岗位", "需求岗位", "缺工岗位", "post", "job", "position"),
            parsers.text(100),
            required=True,
            example="挡车工",
        ),
        Column(
            "number",
            _("number of posts"),
            ("人数", "需求人数", "招聘人数", "用工需求", "缺工人数", "用工人数", "需求数", "number", "posts",
                "headcount"),
            parsers.whole(1, 100_000),
            required=True,
            example="12",
        ),
        Column(
            "monthly_yuan",
            _("pay a month, yuan"),
            ("月薪", "工资", "月工资", "薪资", "薪资待遇", "工资待遇", "monthly pay", "salary", "wage"),
            parsers.number(0, units="元/月|元|/月"),
            example="6500",
        ),
        Column(
            "skill",
            _("skill"),
            ("技能要求", "技能", "岗位要求", "任职要求", "skill", "requirements"),
            parsers.text(200),
            example="会操作经编机",
        ),
        Column(
            "since",
            _("needed since"),
            ("需求日期", "填报日期", "上报日期", "发布日期", "日期", "起始日期", "since", "date", "reported on"),
            parsers.date,
            hint=_("Blank: the day of the upload."),
            example="2020-03-01",
        ),
        Column(
            "until",
            _("needed until"),
            ("截止日期", "有效期至", "结束日期", "until", "deadline"),
            parsers.date,
            hint=_("The last day; blank while the post is open."),
        ),
    )  # fmt: skip


def _vacancy_check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    until = values.get("until")
    if until and until < (values.get("since") or context.today):
        yield CellError("vacancy.ends_early", field="until")


def _vacancy(values: dict[str, Any], context: Context) -> Sequence[Said]:
    since, until = values.get("since"), values.get("until")
    said = {name: values[name] for name in ("post", "number", "skill", "monthly_yuan") if values.get(name) is not None}
    return [
        Said(
            "vacancy",
            local.start_of_day(since or context.today),
            said,
            end=local.start_of_day(local.day_after(until)) if until else None,
            dated=since is not None,
        )
    ]


def _same_post(entry: Entry, said: Said) -> bool:
    """The vacancy for the same post that is open then."""
    return bool(entry.values["post"] == said.values["post"]) and entry.end > said.start


VACANCIES = FactImport(
    kind="vacancy", title=_("vacancies"), about="enterprise", columns=_vacancy_columns, to_facts=_vacancy,
    check=_vacancy_check, same={"vacancy": _same_post}, succeeds=frozenset({"vacancy"}), key=("post", "since"),
    also_called=("vacancies",),
)  # fmt: skip
