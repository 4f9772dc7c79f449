"""The closed list of conditions: each says yes, no, or that nobody knows yet, with the facts behind it.

*Unknown* is what has not been asked; it is never taken for a no. What is missing then is an evidence item by its code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fugong.base import local
from fugong.policies.language import form
from fugong.policies.language.known import Known, Subject
from fugong.registry.size import above_designated_size

Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a condition says of a subject: the answer, the facts that it rests on, and the item that is missing, if any."""

    condition: form.Condition
    answer: Answer
    facts: tuple[Known, ...] = ()
    item: str = ""


Judged = tuple[Answer, Sequence[Known], str]
"""Answer, the facts behind it, and the evidence item that would settle what is unknown."""


def judge(condition: form.Condition, subject: Subject, measure: form.Measure) -> Verdict:
    """What a condition of a measure says of a subject."""
    answer, facts, item = _JUDGES[type(condition)](condition, subject, measure)
    return Verdict(condition, answer, tuple(facts), item)


def _resumed(condition: form.Resumed, subject: Subject, measure: form.Measure) -> Judged:
    found = [one for one in subject.of("resumption") if one.holds(subject.at)]
    if found:
        return "yes", found[:1], ""
    return "no", subject.of("resumption")[-1:], ""


def _industry(condition: form.Industry, subject: Subject, measure: form.Measure) -> Judged:
    found = subject.holding("establishment")
    if found is None:
        return "unknown", (), "establishment"
    return _is(found.values.get("industry") in condition.one_of), (found,), ""


def _above_size(condition: form.AboveSize, subject: Subject, measure: form.Measure) -> Judged:
    found = subject.holding("turnover")
    if found is None:
        return "unknown", (), "turnover"
    values = found.values
    large = above_designated_size(
        trade=values["trade"], yuan=values["yuan"], employees=values.get("employees"), at=subject.at
    )
    return _is(large is condition.is_), (found,), ""


def _employs(condition: form.Employs, subject: Subject, measure: form.Measure) -> Judged:
    if subject.employed is None:
        return "unknown", (), "roster"
    return _is(_between(subject.employed, condition, measure)), (), ""


def _shown(condition: form.Shown, subject: Subject, measure: form.Measure) -> Judged:
    found = subject.item("evidence", condition.item)
    if found is None:
        return "unknown", (), condition.item
    if condition.at_least is None and condition.at_most is None:
        return _holds(found, condition.item)
    number = found.values.get("number")
    if number is None:
        return "unknown", (found,), condition.item
    return _is(_between(number, condition, measure)), (found,), ""


def _household(condition: form.Household, subject: Subject, measure: form.Measure) -> Judged:
    found = subject.holding("household")
    if found is None:
        return "unknown", (), "household"
    return _is(_within(found, "division", condition.divisions)), (found,), ""


def _went_home(condition: form.WentHome, subject: Subject, measure: form.Measure) -> Judged:
    """A survey that says they are or were there, a stay there, an arrival from there, or what was shown of it."""
    first = local.start_of_day(date.fromisoformat(condition.first))
    last = local.start_of_day(local.day_after(date.fromisoformat(condition.last)))
    shown = subject.item("evidence_of_person", condition.item)
    if shown is not None:
        return _holds(shown, condition.item)
    there = [
        one
        for kind, name in (("stay", "division"), ("arrival", "from_division"), ("survey", "origin_division"))
        for one in subject.of(kind)
        if one.start < last and one.end > first and _within(one, name, condition.divisions)
    ]
    if there:
        return "yes", there[:2], ""
    surveys = [one for one in subject.of("survey") if first <= one.start < last]
    stayed = [one for one in surveys if one.values.get("whereabouts") == "local"]
    if stayed and len(stayed) == len(surveys):
        return "no", stayed[-1:], ""
    elsewhere = [one for one in surveys if one.values.get("origin_division")]
    if elsewhere:
        return "no", elsewhere[-1:], ""
    return "unknown", surveys[-1:], condition.item


def _insured(condition: form.Insured, subject: Subject, measure: form.Measure) -> Judged:
    """Each month counts when the whole of it is covered; the longest run within the span has to be long enough."""
    facts = subject.of("social_insurance")
    if not facts:
        return "unknown", (), "social_insurance"
    longest = run = 0
    for first, after in _months(condition.first, condition.last):
        run = run + 1 if _covered(facts, first, after) else 0
        longest = max(longest, run)
    return _is(longest >= int(measure.number(condition.months))), facts, ""


def _shown_of_person(condition: form.ShownOfPerson, subject: Subject, measure: form.Measure) -> Judged:
    found = subject.item("evidence_of_person", condition.item)
    return ("unknown", (), condition.item) if found is None else _holds(found, condition.item)


def _is(holds: bool) -> Answer:
    return "yes" if holds else "no"


def _holds(found: Known, item: str) -> Judged:
    """What was shown for an item: it may hold, not hold, or have been noted without an answer."""
    said = found.values.get("holds")
    if said is None:
        return "unknown", (found,), item
    return _is(bool(said)), (found,), ""


def _between(number: float, condition: form.Employs | form.Shown, measure: form.Measure) -> bool:
    least, most = condition.at_least, condition.at_most
    return (least is None or number >= measure.number(least)) and (most is None or number <= measure.number(most))


def _within(fact: Known, name: str, divisions: Sequence[str]) -> bool:
    return str(fact.values.get(name) or "").startswith(tuple(divisions))


def _months(first: str, last: str) -> list[tuple[int, int]]:
    """The months from one to another, each from its first moment to the next one's."""
    found, day = [], date.fromisoformat(f"{first}-01")
    end = date.fromisoformat(f"{last}-01")
    while day <= end:
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        found.append((local.start_of_day(day), local.start_of_day(after)))
        day = after
    return found


def _covered(facts: Sequence[Known], first: int, after: int) -> bool:
    reached = first
    for fact in facts:  # the oldest first
        if fact.start <= reached < fact.end:
            reached = fact.end
    return reached >= after


_JUDGES: dict[type[form.Condition], Callable[[Any, Subject, form.Measure], Judged]] = {
    form.Resumed: _resumed, form.Industry: _industry, form.AboveSize: _above_size, form.Employs: _employs,
    form.Shown: _shown, form.Household: _household, form.WentHome: _went_home, form.Insured: _insured,
    form.ShownOfPerson: _shown_of_person,
}  # fmt: skip
