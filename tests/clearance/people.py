"""A small town with one enterprise, and facts about its workers in local time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import adopting
from fugong.base.ids import uuid7
from fugong.core.protocol.pack import shipped
from fugong.core.time import MINUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry import bulk
from fugong.registry import services as registry
from fugong.registry.models import Enterprise

PACK = "jinfeng-2020-03"


def local(text: str) -> int:
    """A moment of March 2020 in local time: ``"9 07:20"`` is the 9th."""
    day, clock = text.split()
    return int(
        datetime.fromisoformat(f"2020-03-{int(day):02}T{clock}:00")
        .replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        .timestamp()
    )


EARLY = local("1 00:00")


def enterprise(*, resumed: bool = True, number: int = 0) -> Enterprise:
    """An enterprise, resumed since before March unless told otherwise."""
    codes = ["91350100M000100Y43", "91350112MA00000014"]
    made = registry.add_enterprise(
        credit_code=codes[number], name=f"测试企业{number}", key=f"e{number}", industry="industrial", division="350112",
        now=EARLY, source="test",
    )  # fmt: skip
    if resumed:
        record(made.pk, "resumption", MINUS_INF, {"regime": "filing"})
    return made


def record(
    subject: UUID, kind: str, start: int, values: dict | None = None, end: int | None = None, *, now: int | None = None
) -> UUID:
    """Append one fact, recorded when it begins (or early in March) unless told otherwise; returns its id."""
    fact = NewFact(subject, kind, start, values or {}, end=end)
    return ledger.append(
        facts=[fact], source="test", evidence="a paper", now=max(EARLY, start) if now is None else now
    )[0]


def worker(employer: Enterprise | None, name: str = "王小明") -> UUID:
    """A worker employed since before March."""
    made = uuid7()
    bulk.write_workers([bulk.NewWorker(made, name)])
    if employer:
        record(made, "employment", MINUS_INF, {"employer": str(employer.pk)})
    return made


def local_worker(employer: Enterprise) -> UUID:
    """Somebody who never left, was surveyed, and registered at 07:20 on the 8th: may work until 10:00 on the 9th."""
    made = worker(employer)
    record(made, "survey", local("1 09:00"), {"whereabouts": "local", "test_required": False})
    record(made, "register", local("8 07:20"), {"well": True})
    return made


def adopt(pack: str = PACK, *, at: int = EARLY, now: int = EARLY) -> None:
    """Bring a shipped pack into force."""
    adopting.adopt(text=shipped()[pack], effective_from=at, now=now)
