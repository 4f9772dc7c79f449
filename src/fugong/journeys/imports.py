"""Surveys (摸排) with the stays that they tell of, arrivals with what is checked at them, and risk levels of divisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Fault, declare
from fugong.base.tables import CellError, Column, parsers
from fugong.registry import divisions
from fugong.registry.imports.declaration import Context, Entry, FactImport, Said

declare(
    {
        "survey.nothing_said": _(
            "The row does not say where the worker is. Fill in whether they are local, away, returning or returned."
        ),
        "survey.stay_ends_early": _("The stay is said to end before it begins. Compare the two dates."),
        "survey.stay_where": _("The row has dates of a stay, and no place. Fill in where the worker stayed."),
        "survey.future": _("The day of the survey is still to come. Correct the date."),
        "risk_level.ends_early": _("The risk level is said to end before it begins. Compare the two dates."),
        "arrival.future": _("The arrival is still to come. Correct the time, or take the row out until then."),
    }
)

WHEREABOUTS = {
    "local": ("本地", "在本地", "未离开", "在长", "在乡", "一直在本地", "here"),
    "away": ("外地", "在外地", "未返", "未返回", "未返岗", "在家", "滞留", "尚未返回", "not returned"),
    "returning": ("返程中", "在途", "途中", "返回中", "拟返", "准备返回", "on the way"),
    "returned": ("已返", "已返回", "已返岗", "返回", "已到", "已返厂", "back"),
}
MEANS = {
    "bus": ("大巴", "包车", "直通车", "返岗直通车", "客车", "汽车", "班车", "coach"),
    "charter_plane": ("包机", "专机", "飞机", "plane"),
    "charter_train": ("专列", "包列", "专列车厢", "火车", "动车", "高铁", "train"),
    "own": ("自驾", "自行", "自行返回", "私家车", "摩托车", "其他", "car", "other"),
}


def _date_column(name: str, title: Any, headers: tuple[str, ...], required: bool = False, hint: Any = "") -> Column:
    return Column(name, title, headers, parsers.date, required=required, hint=hint, example="2020-02-24")


def survey_columns(context: Context) -> tuple[Column, ...]:
    """The columns of a survey, besides those that say of whom it is."""
    place = parsers.division(divisions.resolve)
    return (
        _date_column(
            "surveyed_on", _("surveyed on"),
            ("摸排日期", "摸排时间", "排查日期", "登记日期", "填报日期", "填表日期", "surveyed on", "survey date"),
            hint=_("Blank: the day of the upload."),
        ),
        Column(
            "whereabouts", _("whereabouts"),
            ("目前状态", "目前所在", "是否返岗", "返岗情况", "返岗状态", "人员状态", "是否返回", "whereabouts",
                "status"),
            parsers.choice(WHEREABOUTS | {"returned": (*WHEREABOUTS["returned"], "是"), "away": (*WHEREABOUTS["away"], "否")}),
            choices=(("本地", "local"), ("外地", "away"), ("返程中", "returning"), ("已返", "returned")),
        ),
        Column(
            "left_area", _("has left the area"),
            ("是否离开本地", "是否离开过本地", "春节是否离开本地", "是否外出", "有无外出", "left area",
                "has left the area"),
            parsers.yes_no(yes=("离开", "外出"), no=("未离开", "未外出")), choices=(("是", "yes"), ("否", "no")),
        ),
        Column(
            "test_required", _("test before work required"),
            ("是否需要检测", "是否需检测", "是否列入检测", "需检测", "test required"),
            parsers.yes_no(yes=("需要", "需"), no=("不需要", "不需")), choices=(("是", "yes"), ("否", "no")),
        ),
        Column(
            "origin", _("coming from"),
            ("来源地", "返岗出发地", "出发地", "来自", "来自何地", "目前所在地", "现所在地", "coming from", "origin"),
            place, example="湖北省黄冈市",
        ),
        _date_column(
            "intended_on", _("intended date of return"),
            ("返岗日期", "返回日期", "拟返岗日期", "计划返岗日期", "预计返岗日期", "预计返回日期", "到岗日期",
                "intended date of return", "return date"),
        ),
        Column(
            "means", _("means of travel"),
            ("交通方式", "返岗方式", "返回方式", "交通工具", "means of travel", "travel by"),
            parsers.choice(MEANS), choices=(("大巴", "bus"), ("包机", "plane"), ("专列", "train"), ("自驾", "own")),
        ),
        Column(
            "well", _("feels well"),
            ("健康状况", "身体状况", "是否健康", "well", "feels well", "health"),
            parsers.yes_no(yes=("健康", "良好", "正常", "well"), no=("不适", "发热", "异常", "unwell")),
            choices=(("健康", "well"), ("不适", "unwell")),
        ),
        Column(
            "contact", _("contact with a case"),
            ("是否接触病例", "是否接触过病例", "有无接触史", "接触史", "是否密切接触", "contact with a case",
                "contact"),
            parsers.yes_no(yes=("接触",), no=("未接触",)), choices=(("是", "yes"), ("否", "no")),
        ),
        Column(
            "stayed_in", _("stayed in"),
            ("旅居地", "旅居史", "14天内旅居地", "14天内到过的地区", "途经地", "停留地", "曾停留地", "stayed in",
                "travel history"),
            place, hint=_("Province, city and county, or the six-digit code."), example="湖北省武汉市",
        ),
        _date_column("stayed_from", _("stayed from"), ("旅居开始日期", "到达旅居地日期", "停留开始日期",
            "旅居起始日期", "stayed from")),
        _date_column(
            "stayed_until", _("stayed until"),
            ("旅居结束日期", "离开旅居地日期", "离开日期", "停留结束日期", "离开当地日期", "stayed until", "left on"),
        ),
    )  # fmt: skip


def survey_check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    """Somebody says where the worker is, and the dates of a stay make sense."""
    if values.get("surveyed_on") and values["surveyed_on"] > context.today:
        yield CellError("survey.future", field="surveyed_on")
    said = ("whereabouts", "left_area", "origin", "intended_on", "stayed_in")
    if all(values.get(name) is None for name in said):
        yield CellError("survey.nothing_said", field="whereabouts")
    begin, end = values.get("stayed_from"), values.get("stayed_until")
    if begin and end and end < begin:
        yield CellError("survey.stay_ends_early", field="stayed_until")
    if begin and values.get("stayed_in") is None and values.get("origin") is None:
        yield CellError("survey.stay_where", field="stayed_in" if "stayed_in" in values else "stayed_from")


def survey_facts(values: dict[str, Any], context: Context) -> Sequence[Said]:
    """The survey on its day, and the stay that it tells of."""
    day = values.get("surveyed_on") or context.today
    whereabouts = values.get("whereabouts") or _whereabouts(values, day)
    required = values.get("test_required")
    if required is None:
        away = whereabouts != "local" or values.get("left_area") is True or values.get("stayed_in") is not None
        required = away
    said: dict[str, Any] = {"whereabouts": whereabouts, "test_required": required}
    for name in ("means", "well", "contact"):
        if values.get(name) is not None:
            said[name] = values[name]
    origin = values.get("origin") or values.get("stayed_in")
    if origin and origin.code:
        said["origin_division"] = origin.code
    if values.get("intended_on"):
        said["intended_on"] = values["intended_on"].isoformat()
    survey = Said("survey", local.start_of_day(day), said, dated=values.get("surveyed_on") is not None)
    stay = _stay(values, whereabouts, day)
    return [survey, stay] if stay else [survey]


def _whereabouts(values: dict[str, Any], day: dt.date) -> str:
    """Where the worker is, from what else the row says."""
    if values.get("intended_on"):
        return "returned" if values["intended_on"] <= day else "returning"
    away = values.get("left_area") is True or values.get("origin") is not None
    return "away" if away else "returned" if values.get("stayed_in") else "local"


def _stay(values: dict[str, Any], whereabouts: str, day: dt.date) -> Said | None:
    """Where they stayed. Of a stay whose beginning nobody wrote down, only its last known day is certain."""
    place = values.get("stayed_in") or values.get("origin")
    if place is None or place.code is None or len(place.code) > 12:
        return None
    begin, end = values.get("stayed_from"), values.get("stayed_until")
    still_there = whereabouts in ("away", "returning") and end is None
    last = end or (day if still_there else min(values.get("intended_on") or day, day))
    first = min(begin or last, last)
    open_ended = still_there and begin is not None
    return Said(
        "stay",
        local.start_of_day(first),
        {"division": place.code},
        end=None if open_ended else local.start_of_day(local.day_after(last)),
        dated=begin is not None,
        ended=open_ended or any(values.get(name) for name in ("stayed_until", "intended_on", "surveyed_on")),
    )


def same_survey(entry: Entry, said: Said) -> bool:
    """The survey of the same local day; without a day, any survey that said the same."""
    if local.day_of(entry.start) == local.day_of(said.start):
        return True
    return not said.dated and said.over(entry.values) == entry.values


def same_stay(entry: Entry, said: Said) -> bool:
    """The stay at the same place that overlaps or touches; without any date, any stay there."""
    if entry.values["division"] != said.values["division"]:
        return False
    if not said.dated and not said.ended:
        return True
    return entry.start == said.start or (entry.start <= (said.end or said.start) and said.start <= entry.end)


SURVEYS = FactImport(
    kind="survey", title=_("surveys"), about="worker", columns=survey_columns, to_facts=survey_facts,
    check=survey_check, same={"survey": same_survey, "stay": same_stay}, key=("surveyed_on", "stayed_in"),
    also_called=("surveys",), says=("stay",),
)  # fmt: skip


def arrival_columns(context: Context) -> tuple[Column, ...]:
    """The columns of a list of arrivals, besides those that say who arrived."""
    return (
        Column(
            "arrived_at", _("arrived at"),
            ("到达时间", "到达日期", "抵达时间", "到厂时间", "进厂时间", "arrived at", "arrival time", "arrival"),
            parsers.moment(local.zone()), required=True, hint=_("Date and time, like 2020-03-07 08:30."),
            example="2020-03-07 08:30",
        ),
        Column(
            "mode", _("means of travel"),
            ("交通方式", "到达方式", "返岗方式", "交通工具", "返回方式", "means of travel", "mode", "travel by"),
            parsers.choice(MEANS), required=True,
            choices=(("大巴", "bus"), ("包机", "plane"), ("专列", "train"), ("自驾", "own")),
        ),
        Column(
            "trip", _("trip"),
            ("车次", "班次", "车牌号", "航班号", "车次航班", "车牌", "trip", "vehicle", "flight"), parsers.text(64),
            example="闽A12345",
        ),
        Column(
            "from_division", _("coming from"),
            ("出发地", "来源地", "来自", "始发地", "coming from", "origin", "from"),
            parsers.division(divisions.resolve), example="江西省乐平市",
        ),
        Column(
            "celsius", _("temperature, ℃"),
            ("体温", "到达体温", "入厂体温", "测温", "temperature", "temp"), parsers.temperature, example="36.5",
        ),
        Column(
            "matched", _("identity matched"),
            ("身份核对", "核对结果", "身份核验", "人证是否一致", "是否核对", "identity matched",
                "identity check", "matched"),
            parsers.yes_no(yes=("一致", "相符", "已核对", "通过", "核对一致"), no=("不一致", "不符", "未通过",
                "未核对")),
            choices=(("一致", "yes"), ("不一致", "no")),
        ),
    )  # fmt: skip


def arrival_check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    """Nobody has arrived in the future."""
    if values.get("arrived_at") is not None and values["arrived_at"] > context.now:
        yield CellError("arrival.future", field="arrived_at")


def arrival_facts(values: dict[str, Any], context: Context) -> Sequence[Said]:
    """The arrival, and at the same second the temperature and the identity check, where they were written down."""
    at, place = values["arrived_at"], values.get("from_division")
    said: dict[str, Any] = {"mode": values["mode"]}
    if values.get("trip"):
        said["trip"] = values["trip"]
    if place and place.code:
        said["from_division"] = place.code
    facts = [Said("arrival", at, said)]
    if values.get("celsius") is not None:
        facts.append(Said("temperature", at, {"celsius": values["celsius"], "place": "arrival"}))
    if values.get("matched") is not None:
        facts.append(Said("identity_check", at, {"matched": values["matched"]}))
    return facts


ARRIVALS = FactImport(
    kind="arrival", title=_("arrivals"), about="worker", columns=arrival_columns, to_facts=arrival_facts,
    check=arrival_check, key=("arrived_at",), also_called=("arrivals",),
    says=("temperature", "identity_check"),
)  # fmt: skip


LEVELS = {
    "low": ("低", "低风险", "低风险地区", "低风险区", "绿", "low risk"),
    "medium": ("中", "中风险", "中风险地区", "中风险区", "黄", "medium risk"),
    "high": ("高", "高风险", "高风险地区", "高风险区", "红", "high risk"),
}


def risk_level_columns(context: Context) -> tuple[Column, ...]:
    """The columns of a list of risk levels, besides the one that says of which division."""
    return (
        Column(
            "level", _("risk level"),
            ("风险等级", "等级", "风险级别", "风险", "风险程度", "分级", "risk level", "level", "risk"),
            parsers.choice(LEVELS), required=True, choices=(("高", "high"), ("中", "medium"), ("低", "low")),
        ),
        Column(
            "since", _("from the day"),
            ("开始日期", "起始日期", "生效日期", "调整日期", "公布日期", "自", "开始时间", "from", "since", "start date"),
            parsers.date, required=True, hint=_("The first day of the level."), example="2020-02-24",
        ),
        Column(
            "until", _("to the day"),
            ("结束日期", "截止日期", "终止日期", "解除日期", "至", "结束时间", "to", "until", "end date"),
            parsers.date, hint=_("The last day of the level. Blank: until another level is recorded."),
            example="2020-03-17",
        ),
        Column(
            "source", _("source"),
            ("来源", "依据", "文件", "文号", "发布单位", "发布机关", "公告", "source", "issued by"), parsers.text(),
            hint=_("Who announced it, and where."), example="省指挥部通告",
        ),
    )  # fmt: skip


def risk_level_check(values: dict[str, Any], context: Context) -> Iterator[Fault]:
    """A level doesn't end before it begins."""
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        yield CellError("risk_level.ends_early", field="until")


def risk_level_facts(values: dict[str, Any], context: Context) -> Sequence[Said]:
    """The level of a division, from its first local day to the end of its last."""
    until = values.get("until")
    end = local.start_of_day(local.day_after(until)) if until else None
    said = {"level": values["level"]}
    if values.get("source"):
        said["source"] = values["source"]
    return [Said("risk_level", local.start_of_day(values["since"]), said, end=end)]


def same_level(entry: Entry, said: Said) -> bool:
    """The level that holds when the new one begins."""
    return entry.start <= said.start < entry.end


RISK_LEVELS = FactImport(
    kind="risk_level", title=_("risk levels"), about="division", columns=risk_level_columns, to_facts=risk_level_facts,
    check=risk_level_check, same={"risk_level": same_level}, succeeds=frozenset({"risk_level"}),
    exclusive=frozenset({"risk_level"}), key=("since",), also_called=("risk_levels", "risk-level", "risk-levels"),
)  # fmt: skip
