"""A small plant with a door: one enterprise, its workers, the facts that let them in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import adopting
from fugong.base import local
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.core.protocol.pack import shipped
from fugong.doors import services
from fugong.doors.decisions import Decision
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry import services as registry
from fugong.registry.bulk import NewEmployment, NewWorker, write_employments, write_workers
from fugong.registry.models import Door, Enterprise

DAY = local.date(2020, 3, 9)
SEVEN_TWENTY = local.at(DAY, "07:20")
SEVEN_FORTY = local.at(DAY, "07:40")
BEFORE = local.at(local.date(2020, 3, 1), "09:00")
CODES = ("91350182154300053E", "913501827178788808", "91350100611319100R")


def clock(text: str, days: int = 0) -> int:
    """A local clock time on 9 March 2020, or some days later."""
    return local.at(local.day_after(DAY, days), text)


@dataclass(frozen=True)
class Plant:
    """An enterprise with one door."""

    enterprise: Enterprise
    door: Door

    @property
    def id(self) -> UUID:
        return self.enterprise.pk


def plant(key: str = "loom", name: str = "长乐织造有限公司") -> Plant:
    """An enterprise with a plant and its east door."""
    registry.add_division(code="350112111", name="金峰镇")
    enterprise = registry.add_enterprise(
        credit_code=credit_code(key), name=name, key=key, industry="industrial", division="350112111", now=BEFORE,
        source="test",
    )  # fmt: skip
    site = registry.add_site(name="厂区", enterprise=enterprise)
    return Plant(enterprise, registry.add_door(site=site, name="一车间东门"))


def credit_code(key: str) -> str:
    """A unified social credit code with its right check character, made from a word."""
    from stdnum.cn import uscc

    body = "91350182MA" + f"{sum(ord(letter) * 31**i for i, letter in enumerate(key)) % 10**7:07d}"
    return body + uscc.calc_check_digit(body + "0")


def hire(
    at: Plant, *names: str, workshop: str = "一车间", badge: str = "A", phones: tuple[str, ...] = ()
) -> list[UUID]:
    """Workers of the plant, with badges A1, A2, … and the phones that are given."""
    workers = [
        NewWorker(id=uuid7(), name=name, phone=phones[i] if i < len(phones) else "") for i, name in enumerate(names)
    ]
    write_workers(workers)
    facts = [
        NewFact(w.id, "employment", BEFORE, {"employer": str(at.id), "workshop": workshop}, id=uuid7()) for w in workers
    ]
    write_employments(
        NewEmployment(w.id, at.id, fact.id or uuid7(), BEFORE, workshop=workshop, badge=f"{badge}{i}")
        for i, (w, fact) in enumerate(zip(workers, facts, strict=True), start=1)
    )
    ledger.append(facts=facts, source="test", evidence="a paper", now=BEFORE)
    return [worker.id for worker in workers]


def survey(*workers: UUID) -> None:
    """Survey local people who never left: they need no test."""
    values = {"whereabouts": "local", "test_required": False, "well": True}
    ledger.append(
        facts=[NewFact(worker, "survey", BEFORE, values) for worker in workers],
        source="test",
        evidence="a paper",
        now=BEFORE,
    )


def register(worker: UUID, at: int, *, well: bool = True) -> None:
    """A daily register of one worker."""
    ledger.append(facts=[NewFact(worker, "register", at, {"well": well})], source="test", evidence="a paper", now=at)


def adopt(pack: str = "jinfeng-2020-03") -> None:
    """Bring a shipped pack into force from 1 March 2020."""
    adopting.adopt(text=shipped()[pack], effective_from=BEFORE - 86_400, now=BEFORE)


def user(name: str, role: str, scope: UUID | None = None) -> User:
    """Somebody who may sign in."""
    return User.objects.create_user(username=name, password=name, role_name=role, scope_id=scope)


def checked(at: Plant, worker: UUID, when: int) -> Decision:
    """Somebody comes in with a usual temperature, mask and gloves: what the door's page says."""
    return services.check(
        door=at.door.pk, worker=worker, direction="in", celsius=36.5, mask=True, gloves=True, now=when, actor=None
    )
