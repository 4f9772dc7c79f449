"""The documented derived kinds: what formulas may speak of. Each pack says how it derives them from facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from fugong.core.text import Text


@dataclass(frozen=True, slots=True)
class KindDoc:
    """A derived kind: its name, whether it is an event (one second) or a state, its title, and when it holds."""

    name: str
    shape: Literal["event", "state"]
    title: Text
    meaning: Text


_ALL = (
    # who, and where from
    ("surveyed", "state", "已摸排", "surveyed", "首次摸排之后", "since the first survey"),
    (
        "survey.test_required",
        "state",
        "摸排列入检测",
        "test required by the survey",
        "最近一次摸排要求上岗前检测",
        "while the latest survey requires a test before work",
    ),
    (
        "survey.away",
        "state",
        "摸排在外",
        "away by the survey",
        "最近一次摸排称人在外地或返程中",
        "while the latest survey says away or returning",
    ),
    (
        "survey.well",
        "state",
        "摸排健康",
        "well by the survey",
        "最近一次摸排称身体健康",
        "while the latest survey says that they feel well",
    ),
    (
        "survey.contact",
        "state",
        "摸排有接触",
        "contact by the survey",
        "最近一次摸排称接触过病例",
        "while the latest survey says that they met a case",
    ),
    ("arrived", "event", "到达", "arrived", "到达的那一刻", "at the instant of an arrival"),
    (
        "arrival.from_outside",
        "event",
        "外来到达",
        "arrived from outside",
        "从辖区以外到达的那一刻",
        "at the instant of an arrival from outside the division",
    ),
    (
        "identity.matched",
        "event",
        "身份核对一致",
        "identity matched",
        "身份核对一致的那一刻",
        "at the instant of an identity check that matched",
    ),
    (
        "origin.high_risk",
        "state",
        "来自高风险地区",
        "from a high-risk area",
        "停留在高风险地区期间",
        "while they stay in a high-risk area",
    ),
    (
        "origin.medium_risk",
        "state",
        "来自中风险地区",
        "from a medium-risk area",
        "停留在中风险地区期间",
        "while they stay in a medium-risk area",
    ),
    (
        "household.cleared",
        "state",
        "同住人无异常",
        "household clear",
        "同住人均无须管控期间",
        "while nobody in the household is under control",
    ),
    # health
    (
        "temperature.normal",
        "event",
        "体温正常",
        "temperature normal",
        "量得体温低于界限的那一刻",
        "at the instant of a temperature below the pack's limit",
    ),
    (
        "temperature.taken",
        "event",
        "已测体温",
        "temperature taken",
        "量体温的那一刻",
        "at the instant of any temperature",
    ),
    (
        "fever",
        "event",
        "发热",
        "fever",
        "量得体温达到界限的那一刻",
        "at the instant of a temperature at or above the pack's limit",
    ),
    ("symptoms", "state", "有症状", "symptoms", "有症状期间", "while they have symptoms"),
    (
        "symptoms.improving",
        "state",
        "症状好转",
        "symptoms improving",
        "症状总体好转期间",
        "while their symptoms improve overall",
    ),
    (
        "fever_reducers",
        "event",
        "服退热药",
        "fever reducers",
        "登记服用退热药的那一刻",
        "at the instant of a register that says they take fever-reducing medicine",
    ),
    ("onset", "event", "发病", "onset", "症状出现的那一刻", "at the instant when symptoms began"),
    (
        "registered",
        "state",
        "登记有效",
        "registered",
        "每日登记的有效期内，按当地日历日",
        "while a daily register is valid, by local calendar day",
    ),
    (
        "register.filed",
        "event",
        "已登记",
        "register filed",
        "提交每日登记的那一刻",
        "at the instant of a daily register",
    ),
    (
        "register.unwell",
        "state",
        "登记不适",
        "registered unwell",
        "最近一次登记称身体不适",
        "while the latest daily register says unwell",
    ),
    ("diagnosis.suspected", "state", "疑似病例", "suspected case", "疑似诊断期间", "while suspected"),
    ("diagnosis.confirmed", "state", "确诊病例", "confirmed case", "确诊期间", "while confirmed"),
    (
        "diagnosis.asymptomatic",
        "state",
        "无症状感染者",
        "asymptomatic case",
        "无症状感染期间",
        "while infected without symptoms",
    ),
    ("diagnosis.discharged", "state", "治愈出院", "discharged", "出院之后", "since the discharge"),
    ("discharged", "event", "出院", "discharge", "出院的那一刻", "at the instant of a discharge"),
    (
        "contact.close",
        "event",
        "密切接触",
        "close contact",
        "与病例密切接触的那一刻",
        "at the instant of a close contact with a case",
    ),
    # tests and vaccination
    ("test.sampled", "event", "已采样", "test sampled", "采样的那一刻", "at the instant of sampling"),
    (
        "test.negative",
        "event",
        "检测阴性",
        "test negative",
        "阴性结果，按规则包所说的采样或报告时刻",
        "a negative result, at the instant (sampled or reported) that the pack names",
    ),
    (
        "test.positive",
        "event",
        "检测阳性",
        "test positive",
        "阳性结果，按规则包所说的采样或报告时刻",
        "a positive result, at the instant (sampled or reported) that the pack names",
    ),
    (
        "test.inconclusive",
        "event",
        "检测结果不明",
        "test inconclusive",
        "可疑、待复检或混检未阴性的结果，按规则包所说的采样或报告时刻",
        "an unclear result, or that of a pool that was not negative, at the instant that the pack names",
    ),
    (
        "vaccinated",
        "state",
        "已接种",
        "vaccinated",
        "接种达到规则包要求之后",
        "since they have had the doses that the pack requires",
    ),
    # control and work
    ("observation", "state", "医学观察", "medical observation", "医学观察期间", "while under medical observation"),
    (
        "observation.released",
        "state",
        "观察期满",
        "observation completed",
        "按当地日历日观察期满之后",
        "from the end of the observation, by local calendar day",
    ),
    ("employed", "state", "在职", "employed", "在职期间", "while employed"),
    (
        "employer.resumed",
        "state",
        "企业已复工",
        "employer resumed",
        "所在企业复工期间",
        "while the employer works again",
    ),
    (
        "dormitory.cleared",
        "state",
        "宿舍无异常",
        "dormitory clear",
        "所住宿舍无须管控期间",
        "while nothing is wrong in their dormitory",
    ),
)

VOCABULARY: Mapping[str, KindDoc] = MappingProxyType(
    {
        name: KindDoc(name, "event" if shape == "event" else "state", Text(zh, en), Text(meaning_zh, meaning_en))
        for name, shape, zh, en, meaning_zh, meaning_en in _ALL
    }
)
"""Every documented derived kind, by name."""
