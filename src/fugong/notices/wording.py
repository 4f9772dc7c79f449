"""The texts that Fugong itself sends: built-in templates, which a town may replace by its own under the same name."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.core.text import Text
from fugong.notices.models import Template


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says, in both languages."""

    title: Text
    text: Text


BUILT_IN: dict[str, Words] = {
    "contact": Words(
        Text("请注意：您被列为密切接触者", "You are listed as a close contact"),
        Text(
            "{name}：经核查，您被列为一名感染者的密切接触者。请不要上班、不要外出，等候医务人员联系；其他安排见您的个人页面。",
            "{name}: you are listed as a close contact of somebody found positive. Please do not go to work or out; medical"
            " staff will call you. Your own page says what follows.",
        ),
    ),
    "trip": Words(
        Text("返岗班车通知", "Your way back"),
        Text(
            "{name}：您乘坐的班次 {trip} 将于 {departs} 发车，请提前 30 分钟到 {place}，携带身份证，全程戴口罩。座位：{seat}。",
            "{name}: your trip {trip} leaves at {departs}. Be at {place} 30 minutes earlier with your identity card, and wear"
            " a mask all the way. Seat: {seat}.",
        ),
    ),
    "register": Words(
        Text("请填写今日健康登记", "Please fill in today's register"),
        Text(
            "{name}：您今天还没有填写健康登记，未登记不能进厂。请打开您的个人页面填写。",
            "{name}: you have not filled in today's register, and cannot go in without it. Please do so on your own page.",
        ),
    ),
    "test_due": Words(
        Text("请按时核酸检测", "A test is due"),
        Text(
            "{name}：您下一班之前需要核酸检测。预约：{when}，{where}。",
            "{name}: you need a test before your next shift. Appointment: {when}, {where}.",
        ),
    ),
    "lapsing": Words(
        Text("上岗许可即将到期", "Your clearance is about to lapse"),
        Text(
            "{name}：您的上岗许可到 {until} 为止，请及时办理所需事项，详见您的个人页面。",
            "{name}: your clearance holds until {until}. Your own page says what has to be done by then.",
        ),
    ),
    "survey": Words(
        Text("请填写返岗摸排", "Please answer the survey"),
        Text(
            "{name}：请打开您的个人页面，填写您现在在哪里、何时返岗。",
            "{name}: please say on your own page where you are and when you mean to come back.",
        ),
    ),
    "survey_again": Words(
        Text("请核对返岗摸排", "Please look at your answer again"),
        Text(
            "{name}：您填写的返岗信息前后不一致，请打开您的个人页面重新填写。",
            "{name}: something in your answer to the survey doesn't fit. Please answer again on your own page.",
        ),
    ),
    "problems_late": Words(
        Text("企业困难问题逾期未办结", "Problems of enterprises are late"),
        Text(
            "有企业困难问题到期仍未办结，已报镇里。请打开“困难问题”，状态选“逾期，已报镇里”。",
            "Problems of enterprises that were due are still open and were passed on to the town. Open Problems and choose the"
            " state “late: passed on to the town”.",
        ),
    ),
}
"""Every built-in template by its name."""

TITLES: dict[str, str | Promise] = {
    "manual": _("written by somebody"),
    "contact": _("close contacts confirmed"),
    "trip": _("to the passengers of a trip"),
    "register": _("reminder: register not filled in"),
    "test_due": _("reminder: test due"),
    "bus": _("reminder: bus tomorrow"),
    "lapsing": _("reminder: clearance lapses tomorrow"),
    "survey": _("survey to be answered"),
    "survey_again": _("survey to be answered again"),
    "problems_late": _("problems passed on to the town"),
}
"""Why a notice is sent, in words."""


def words(template: str) -> Words:
    """What a template says: the town's own one of that name, else the built-in one. Raises KeyError where there is neither."""
    own = Template.objects.filter(name=template).first()
    if own is None:
        return BUILT_IN[template]
    return Words(Text(own.title_zh, own.title_en), Text(own.text_zh, own.text_en))


def reason(code: str) -> str:
    """Why a notice is sent, in the language in force."""
    return str(TITLES.get(code, code))


def names() -> list[str]:
    """The names of all templates: built-in ones, and the town's own."""
    return list(dict.fromkeys([*BUILT_IN, *Template.objects.order_by("name").values_list("name", flat=True)]))
