"""Daily registers as line leaders and dormitory wardens keep them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Fault, declare
from fugong.base.tables import CellError, Column, parsers
from fugong.base.tables.moments import as_written
from fugong.premises.models import MealShift, Table
from fugong.registry.imports.declaration import Context, Entry, FactImport, Fitting, Said
from fugong.registry.models import Employment

declare(
    {
        "register.nothing_said": _("The row does not say how the worker is. Fill in whether they feel well."),
        "register.to_come": _("The day of the register is still to come. Correct the date."),
        "seat.no_table": _(
            "There is no table “%(value)s” in the canteen. There are: %(known)s. Correct the number, or add the table on the page"
            " “Canteen” first."
        ),
        "seat.no_shift": _(
            "There is no meal “%(value)s” in the canteen. There are: %(known)s. Correct the name, or add the meal on the page"
            " “Canteen” first."
        ),
        "register.symptoms_but_well": _("The row says “well” and names symptoms. Correct one of the two."),
    }
)

_WELL = ("健康", "良好", "正常", "无异常", "身体健康", "好", "无不适", "well", "healthy", "ok")
_UNWELL = ("不适", "异常", "有异常", "发热", "有症状", "生病", "不好", "unwell", "ill", "sick")


def _day_or_moment(cell: Any) -> int | None:
    """Date and time, or a date alone: the beginning of that local day."""
    try:
        return parsers.moment(local.zone())(cell)
    except CellError as error:
        if error.code != "moment.no_time":
            raise
    day = parsers.date(cell)
    return None if day is None else local.start_of_day(day)


def _unwell(cell: Any) -> bool:
    """是否不适: an answer, or 无 for "no"."""
    answer: bool = parsers.yes_no(yes=("有不适", "不适"), no=("无", "无不适", "正常"))(as_written(cell))
    return answer


def columns(context: Context) -> tuple[Column, ...]:
    """The columns of a daily register, besides those that say whose it is."""
    return (
        Column(
            "at",
            _("registered on"),
            ("登记日期", "登记时间", "日期", "填报日期", "填报时间", "上报日期", "打卡时间", "时间", "测温时间",
                "date", "registered on", "day"),
            _day_or_moment,
            required=True,
            hint=_("The day, with or without the time of day."),
            example="2020-03-09 07:20",
        ),
        Column(
            "well",
            _("feels well"),
            ("健康状况", "身体状况", "健康情况", "身体情况", "是否健康", "状态", "well", "feels well", "health"),
            parsers.yes_no(yes=_WELL, no=_UNWELL),
            choices=(("健康", "well"), ("不适", "unwell")),
        ),
        Column(
            "unwell",
            _("feels unwell"),
            ("是否不适", "有无不适", "有无症状", "是否有症状", "有无异常", "是否异常", "是否发热",
                "有无发热咳嗽", "unwell"),
            _unwell,
            choices=(("是", "yes"), ("否", "no")),
        ),
        Column(
            "celsius",
            _("temperature, ℃"),
            ("体温", "体温℃", "体温(℃)", "测温", "温度", "晨检体温", "temperature", "temp"),
            parsers.temperature,
            example="36.5",
        ),
        Column(
            "symptoms",
            _("symptoms"),
            ("症状", "不适症状", "主要症状", "symptoms"),
            parsers.several(),
            hint=_("Several with a comma between them."),
            example="咳嗽、乏力",
        ),
        Column(
            "fever_reducers",
            _("takes fever-reducing medicine"),
            ("是否服用退热药", "是否服药", "退烧药", "退热药", "fever reducers", "medicine"),
            parsers.yes_no(),
            choices=(("是", "yes"), ("否", "no")),
        ),
    )  # fmt: skip


def _feels_well(values: dict[str, Any]) -> bool | None:
    """What the row says of how the worker is: the answer, its opposite, or the symptoms (none: well)."""
    if values.get("well") is not None:
        return bool(values["well"])
    if values.get("unwell") is not None:
        return not values["unwell"]
    return None if values.get("symptoms") is None else not values["symptoms"]


def check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    """Somebody says how they are, not for a day to come, and not both well and ill."""
    if values.get("at") is not None and values["at"] > context.now:
        yield CellError("register.to_come", field="at")
    well = _feels_well(values)
    if well is None:
        yield CellError("register.nothing_said", field="well" if "well" in values else "unwell")
    elif well and values.get("symptoms"):
        yield CellError("register.symptoms_but_well", field="symptoms")


def to_facts(values: dict[str, Any], context: Context) -> Sequence[Said]:
    """A register at its moment; with a date alone, at the beginning of that local day."""
    said: dict[str, Any] = {"well": _feels_well(values)}
    if values.get("symptoms") or said["well"]:
        said["symptoms"] = list(values.get("symptoms") or ()) or None
    for name in ("celsius", "fever_reducers"):
        if values.get(name) is not None:
            said[name] = values[name]
    return [Said("register", values["at"], said, dated=not _whole_day(values["at"]), by_default={"filed_by": "upload"})]


def _whole_day(moment: int) -> bool:
    return moment == local.start_of_day(local.day_of(moment))


def same(entry: Entry, said: Said) -> bool:
    """The register of the same local day; two that each have their own time of day are two (morning and evening)."""
    if local.day_of(entry.start) != local.day_of(said.start):
        return False
    return entry.start == said.start or _whole_day(entry.start) or _whole_day(said.start)


def seat_columns(context: Context) -> tuple[Column, ...]:
    """The columns of a canteen's seating plan, besides those that say who sits there."""
    return (
        Column(
            "table", _("table"),
            ("餐桌", "桌号", "餐桌号", "餐桌编号", "就餐桌号", "座位", "table", "table number"), parsers.text(64),
            required=True, example="12", as_text=True,
        ),
        Column(
            "shift", _("meal shift"),
            ("就餐班次", "餐次", "就餐时段", "就餐批次", "班次", "meal shift", "shift"), parsers.text(64),
            hint=_("At which meal. Blank: at all of them."), example=_("second lunch"),
        ),
        Column(
            "since", _("from the day"),
            ("开始日期", "起始日期", "生效日期", "自", "from", "since"), parsers.date,
            hint=_("Blank: from now on."), example="2020-03-09",
        ),
    )  # fmt: skip


def seats_that_are_there(workers: Sequence[UUID]) -> Fitting:
    """Where somebody's enterprise has set up its canteen, a list names its tables and meals: another one is a mistake, and no
    new table. Where it has none, the names are taken as they are.
    """
    employed = dict(
        Employment.objects.filter(worker__in=workers, active=True).order_by("start", "pk")
        .values_list("worker", "enterprise")
    )  # fmt: skip
    tables: dict[UUID, dict[str, set[UUID]]] = {}
    meals: dict[UUID, set[str]] = {}
    mine = {"enterprise__in": set(employed.values()), "ended_at": None}
    for enterprise, name, site in Table.objects.filter(**mine).values_list("enterprise", "name", "site"):
        tables.setdefault(enterprise, {}).setdefault(name, set()).add(site)
    for enterprise, name in MealShift.objects.filter(**mine).values_list("enterprise", "name"):
        meals.setdefault(enterprise, set()).add(name)

    def fit(worker: UUID, values: dict[str, Any]) -> dict[str, Any]:
        enterprise = employed.get(worker)
        there = tables.get(enterprise) if enterprise else None
        if enterprise is None or there is None:
            return values
        if values["table"] not in there:
            raise CellError("seat.no_table", field="table", value=values["table"], known=_some(there))
        shift = values.get("shift")
        if shift and shift not in meals.get(enterprise, ()):
            raise CellError("seat.no_shift", field="shift", value=shift, known=_some(meals.get(enterprise, ())))
        sites = there[values["table"]]
        return values | ({"site": str(next(iter(sites)))} if len(sites) == 1 else {})

    return fit


def _some(names: Collection[str]) -> str:
    """The first few of the names, in the order of lists."""
    first = sorted(names, key=lambda one: (len(one), one))
    return (gettext(", ").join(first[:8]) + (" …" if len(first) > 8 else "")) or "–"


def seat_facts(values: dict[str, Any], context: Context) -> Sequence[Said]:
    """At which table somebody eats from a local day on; what was said before ends then."""
    since = values.get("since")
    said = {name: values[name] for name in ("site", "table", "shift") if values.get(name)}
    start = local.start_of_day(since) if since else context.now
    return [Said("canteen_seat", start, said, dated=since is not None)]


def same_seat(entry: Entry, said: Said) -> bool:
    """The seat that holds when the new one begins."""
    return entry.start <= said.start < entry.end


CANTEEN_SEATS = FactImport(
    kind="canteen_seat", title=_("seats in the canteen"), about="worker", columns=seat_columns, to_facts=seat_facts,
    same={"canteen_seat": same_seat}, succeeds=frozenset({"canteen_seat"}), exclusive=frozenset({"canteen_seat"}),
    also_called=("canteen_seats", "canteen"), fits=seats_that_are_there,
)  # fmt: skip


REGISTERS = FactImport(
    kind="register", title=_("daily registers"), about="worker", columns=columns, to_facts=to_facts, check=check,
    same={"register": same}, key=("at",), also_called=("registers",),
)  # fmt: skip
