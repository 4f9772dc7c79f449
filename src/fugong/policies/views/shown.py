"""What pages show of measures and answers: plain words, so that templates decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from fugong.policies import wording
from fugong.policies.language import amounts, form
from fugong.policies.language.conditions import Verdict
from fugong.policies.wording import said, yuan
from fugong.registry.models import Paper

_SHAPES = {"yes": "ok", "no": "no", "unknown": "wait"}


@dataclass(frozen=True, slots=True)
class Line:
    """A condition and its answer: with the facts behind it, the files that were shown, and what to do where it isn't met."""

    name: str
    title: str
    answer: str
    word: str
    shape: str
    facts: list[str]
    remedy: str
    source: str
    papers: list[Paper]


def lines(
    verdicts: Iterable[Verdict], facts: Mapping[UUID, str] | None = None, shown: Mapping[UUID, Paper] | None = None
) -> list[Line]:
    """Answers in words. ``facts`` are those behind them in words, where they were fetched already; ``shown`` their files."""
    listed = list(verdicts)
    known = wording.behind(listed) if facts is None else facts
    return [
        Line(
            one.condition.name, said(one.condition.title), one.answer, str(wording.ANSWERS[one.answer]),
            _SHAPES[one.answer], [known[fact.id] for fact in one.facts if fact.id in known],
            said(one.condition.remedy) if one.answer != "yes" else "", one.condition.source,
            [shown[fact.id] for fact in one.facts if fact.id in shown] if shown else [],
        )
        for one in listed
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """What a measure is made of, in words."""

    issuer: str
    force: str
    payer: str
    pays: str
    each: str
    deadline: str
    publicity: str
    enterprise: list[tuple[str, str]]
    person: list[tuple[str, str]]
    parameters: list[tuple[str, str, str]]
    evidence: list[str]


_UNITS = {
    "yuan": lambda n: _("%(n)s yuan") % {"n": n},
    "share": lambda n: f"{float(n * 100):g} %",
    "days": lambda n: _("%(n)s days") % {"n": n},
    "working_days": lambda n: _("%(n)s working days") % {"n": n},
    "months": lambda n: _("%(n)s months") % {"n": n},
    "people": lambda n: _("%(n)s people") % {"n": n},
}


def parts(measure: form.Measure) -> Parts:
    """A measure in words."""
    return Parts(
        said(measure.document.issuer), wording.in_force(measure.document),
        said(measure.payer) if measure.payer else "", _pays(measure),
        yuan(amounts.each(measure)) if amounts.each(measure) else "", _deadline(measure), _publicity(measure),
        [(said(one.title), one.source) for one in measure.enterprise],
        [(said(one.title), one.source) for one in measure.person],
        [(said(one.title), _UNITS[one.unit](one.value), one.source) for one in measure.parameters.values()],
        [said(one.title) for one in measure.evidence],
    )  # fmt: skip


def _pays(measure: form.Measure) -> str:
    match measure.amount:
        case form.PerPerson():
            return _("%(amount)s yuan for each person") % {"amount": yuan(amounts.each(measure))}
        case form.Fixed():
            return _("%(amount)s yuan") % {"amount": f"{measure.number(measure.amount.of):,f}"}
        case form.ShareOfCost():
            share = f"{float(measure.number(measure.amount.share) * 100):g} %"
            if measure.amount.cap is None:
                return _("%(share)s of the cost") % {"share": share}
            cap = f"{measure.number(measure.amount.cap):,f}"
            return _("%(share)s of the cost, at most %(cap)s yuan") % {"share": share, "cap": cap}
        case _:
            return ""


def _deadline(measure: form.Measure) -> str:
    rule = measure.deadline
    if rule is None:
        return ""
    within = {"number": f"{measure.number(rule.within):g}"}
    if rule.unit == "working_days":
        if rule.after == "resumption":
            return _("within %(number)s working days of the resumption") % within
        return _("within %(number)s working days of the document") % within
    if rule.after == "resumption":
        return _("within %(number)s days of the resumption") % within
    return _("within %(number)s days of the document") % within


def _publicity(measure: form.Measure) -> str:
    rule = measure.publicity
    if rule is None:
        return ""
    if rule.days is None:
        return _("shown in public; the document at hand doesn't say for how long, so the office enters both dates")
    return _("shown in public for %(number)s days") % {"number": f"{measure.number(rule.days):g}"}
