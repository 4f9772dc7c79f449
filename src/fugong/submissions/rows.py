"""The rows of each list: what they say, with the evidence that each condition of the measure needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import override

from fugong.base import local
from fugong.base.access import looked_at
from fugong.policies import queries as policies
from fugong.policies.language.eligibility import Judgement, of_people
from fugong.policies.language.form import Household, Measure
from fugong.policies.wording import dated
from fugong.registry.models import Enterprise, Worker
from fugong.registry.queries import names_of
from fugong.submissions.lists import Asked, Row

LANGUAGE = "zh-hans"
"""Lists go to offices: what a signed row says is in their language, whoever signs it."""


Behind = Mapping[UUID, Mapping[str, list[str]]]
"""The facts behind the answers of rows: by person and by the condition's title in the offices' language."""


def measure() -> Measure | None:
    """The measure by which the not-yet-returned list is judged: the first in use that asks where people are registered."""
    return next(
        (
            one.said
            for one in policies.current()
            if one.said.status == "complete" and any(isinstance(c, Household) for c in one.said.person)
        ),
        None,
    )


def not_returned(asked: Asked, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    """People registered in Hubei who are away, with the answer to each condition: a constant number of queries."""
    if not found:
        return []
    ids = [row[0] for row in found]
    looked_at(ids)
    workers = {one.pk: one for one in Worker.objects.filter(pk__in=ids)}
    firms = _firms({row[2] for row in found})
    names = names_of(("division", code) for row in found for code in (row[1], row[4]) if code)
    rule = measure()
    judged = of_people(rule, ids, asked.as_of, known_at=asked.known_at) if rule is not None else {}
    rows = []
    for worker, household, enterprise, since, origin in found:
        person, firm = workers[worker], firms.get(enterprise)
        values: dict[str, Any] = {
            "name": person.name, "phone": person.phone_tail, "enterprise": firm.name if firm else "",
            "credit_code": firm.credit_code if firm else "", "household": names.get(household, household),
            "where": names.get(origin, origin), "since": str(local.day_of(since)),
        }  # fmt: skip
        rows.append(Row(worker, str(worker), values | _evidence(judged.get(worker))))
    return rows


def behind(asked: Asked, people: Collection[UUID]) -> Behind:
    """The facts behind each answer of these people's rows, by kind and time, as of the list's moment: one query."""
    rule = measure()
    judged = of_people(rule, people, asked.as_of, known_at=asked.known_at) if rule is not None and people else {}
    return {
        person: {one.condition.title.zh: [dated(fact) for fact in one.facts] for one in judgement.verdicts}
        for person, judgement in judged.items()
    }


def _evidence(judgement: Judgement | None) -> dict[str, Any]:
    """The answer to each condition by its name, what it comes to, and what is missing."""
    if judgement is None:
        return {"evidence": {}, "result": "", "missing": ""}
    lacking = [*judgement.failing, *judgement.missing]
    return {
        "evidence": {one.condition.title.zh: one.answer for one in judgement.verdicts},
        "result": {"yes": "符合", "open": "待补", "no": "不符合"}[judgement.standing],
        "missing": "、".join(one.condition.title.zh for one in lacking),
    }


def vacancies(asked: Asked, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    """Vacant posts by enterprise and post: a constant number of queries."""
    firms = _firms({row[0] for row in found})
    return [_vacancy(row, firms) for row in found]


def _vacancy(row: Sequence[Any], firms: dict[UUID, Enterprise]) -> Row:
    enterprise, post, number, least, most, since, skill = row
    firm = firms.get(enterprise)
    pay = "" if least is None else f"{least:g}" if least == most else f"{least:g}–{most:g}"
    return Row(
        enterprise, f"{enterprise}:{post}"[:200],
        {
            "enterprise": firm.name if firm else "", "credit_code": firm.credit_code if firm else "", "post": post,
            "number": int(number), "skill": skill, "pay": pay, "since": str(local.day_of(since)),
        },
    )  # fmt: skip


def _firms(ids: set[UUID]) -> dict[UUID, Enterprise]:
    return {one.pk: one for one in Enterprise.objects.filter(pk__in=ids)}


def in_chinese() -> override:
    """While a list is signed: names of divisions and the like in the offices' language."""
    return override(LANGUAGE)
