"""A town with as many cleared workers as a test wants, of one enterprise, and those who may take that from them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client

import builders
from fugong.base import local
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.clearance.models import Clearance, WaitingAct
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry import services as registry
from fugong.registry.models import Enterprise

NOW = builders.NOW
DAY = 86_400
FAR = "421100"
"""Where everybody stayed until last week: when its level becomes high, everybody needs a test."""
RESUMPTIONS = "统一社会信用代码\t复工日期\t复工方式\n"
RISK_LEVELS = "地区\t风险等级\t开始日期\n湖北省黄冈市\t高\t2020-02-01\n"
LATER = "2020-04-01"


@dataclass
class Crowd:
    """The town: its enterprise, its workers, its people in office."""

    plant: Enterprise
    workers: list[UUID]
    admin: User
    second: User
    deputy: User
    clerk: User
    resumption: UUID
    clients: dict[str, Client] = field(default_factory=dict)

    def as_(self, user: User, language: str = "zh-hans") -> Client:
        """A browser of somebody's."""
        client = self.clients.setdefault(user.username, Client())
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    @property
    def suspension(self) -> str:
        """A list by which the enterprise resumes later: nobody works until then."""
        return f"{RESUMPTIONS}{self.plant.credit_code}\t{LATER}\t备案\n"


def crowd(number: int) -> Crowd:
    """So many workers, all of whom may work now."""
    builders.town()
    builders.adopt()
    plant = builders.enterprise(resumed=False)
    resumption = builders.record(plant.pk, "resumption", builders.EARLY, {"regime": "filing"})
    registry.add_division(code=FAR, name="湖北省黄冈市")
    people = builders.workers(plant, number)
    _all(people, "survey", builders.EARLY + DAY, {"whereabouts": "returned", "test_required": False, "well": True})
    _all(people, "arrival", builders.EARLY + 2 * DAY, {"mode": "bus"})
    _all(people, "temperature", builders.EARLY + 2 * DAY + 60, {"celsius": 36.4, "place": "arrival"})
    _all(people, "identity_check", builders.EARLY + 2 * DAY + 120, {"matched": True})
    _all(people, "stay", builders.EARLY - 10 * DAY, {"division": FAR}, end=NOW - 7 * DAY)
    _all(people, "register", local.at(builders.DAY, "07:00"), {"well": True, "celsius": 36.5, "filed_by": "worker"})
    users = [
        builders.user("town_administrator", username="first"), builders.user("town_administrator", username="second"),
        builders.user("deputy"), builders.user("enterprise_clerk", plant.pk),
    ]  # fmt: skip
    made = Crowd(plant, people, *users, resumption)
    assert working(made) == number
    return made


def _all(people: list[UUID], kind: str, start: int, values: dict[str, Any], end: int | None = None) -> None:
    facts = [NewFact(person, kind, start, values, end=end, id=uuid7()) for person in people]
    recorded = max(start, builders.EARLY)
    ledger.append(facts=facts, source="import", evidence="a paper", now=recorded, ids_are_new=True)


def working(town: Crowd, at: int = NOW + 60) -> int:
    """How many may work at a moment, by what is stored."""
    from fugong.clearance.queries import stored

    return stored("work", at).filter(worker_id__in=town.workers, holds=True).count()


def everything() -> tuple[list[Any], list[Any]]:
    """All facts and all stored clearances: what an act that waits must leave as it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_fact ORDER BY id")
        facts = cursor.fetchall()
    rows = Clearance.objects.order_by("worker_id", "permission").values_list(
        "worker_id", "permission", "starts", "ends"
    )
    return facts, list(rows)


def upload(client: Client, kind: str, text: str) -> str:
    """Upload a list by the pages, and take it in; where one is led."""
    answer = client.post(f"/uploads/new/{kind}/", {"rows": text})
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post(f"{answer.url}take-in/")
    assert answer.status_code == 302
    return str(client.get(answer.url).headers.get("Location", answer.url))


def roster_of(town: Crowd, numbers: range) -> BytesIO:
    """A roster that names some of the workers."""
    rows = ["姓名,身份证号"] + [f"{builders.name(n)},{builders.resident_number(n)}" for n in numbers]
    file = BytesIO("\n".join(rows).encode())
    file.name = "roster.csv"
    return file


def send(client: Client, kind: str, facts: list[dict[str, Any]], evidence: str = "doc 7") -> Any:
    """Facts by the API; its answers."""
    address = f"/api/v1/facts/{kind}?evidence={evidence.replace(' ', '%20')}"
    answer = client.post(address, json.dumps(facts), content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def the_one() -> WaitingAct:
    """The only act that waits."""
    return WaitingAct.objects.get(state=WaitingAct.WAITING)
