"""A small town for page tests: division, enterprise, site, door, workers in every state, a user for each role.

Everything is written through the services, around a moment ``now`` that a test chooses (pages ask ``base.clock``, which
``at`` in ``tests/web/conftest.py`` stops).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import adopting
from fugong.base import local
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.clearance import services as clearance
from fugong.core.protocol.pack import shipped
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry import bulk
from fugong.registry import services as registry
from fugong.registry.models import Door, Enterprise, Patch, Site, Town

DAY = local.date(2020, 3, 9)
NOW = local.at(DAY, "09:30")
EARLY = local.at(local.date(2020, 2, 10), "09:00")
CODE = "350112111"
PASSWORD = "correct horse 9"
PACK = "jinfeng-2020-03"

_GIVEN = [
    "明",
    "丽",
    "建国",
    "秀英",
    "志强",
    "桂兰",
    "海燕",
    "文博",
    "晓芳",
    "家伟",
    "雨桐",
    "国栋",
    "玉珍",
    "子涵",
    "小龙",
]
_FAMILY = ["陈", "林", "黄", "张", "李", "王", "吴", "刘", "蔡", "杨", "许", "郑", "谢", "郭", "洪"]


def name(number: int) -> str:
    """The n-th name; they repeat only after 225."""
    return _FAMILY[number % 15] + _GIVEN[(number // 15 + number) % 15]


def credit_code(number: int) -> str:
    """A unified social credit code with its right check character."""
    from stdnum.cn import uscc

    body = f"91350182MA{number:07d}"
    return body + uscc.calc_check_digit(body + "0")


def resident_number(number: int) -> str:
    """A made-up resident identity number with its right check character."""
    body = f"350182{1965 + number % 35}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def record(
    subject: UUID, kind: str, start: int, values: dict[str, object] | None = None, *, end: int | None = None,
    now: int | None = None, source: str = "page",
) -> UUID:  # fmt: skip
    """Append one fact, recorded when it begins unless told otherwise; returns its id."""
    fact = NewFact(subject, kind, start, values or {}, end=end)
    return ledger.append(facts=[fact], source=source, evidence="a paper", now=start if now is None else now)[0]


def town(name: str = "临江镇", code: str = CODE) -> Town:
    """The town that the installation serves."""
    return registry.set_town(code=code, name=name)


def adopt(start: int = EARLY, pack: str = PACK) -> None:
    """Bring a shipped pack into force."""
    adopting.adopt(text=shipped()[pack], effective_from=start, now=start)


def enterprise(
    number: int = 1, name: str = "临江纺织有限公司", *, resumed: bool = True, patch: Patch | None = None
) -> Enterprise:
    """An industrial enterprise of the town."""
    made = registry.add_enterprise(
        credit_code=credit_code(number), name=name, key=f"e{number}", industry="industrial", division=CODE, now=EARLY,
        source="page", patch=patch,
    )  # fmt: skip
    if resumed:
        record(made.pk, "resumption", EARLY, {"regime": "filing"})
    return made


def site_with_door(of: Enterprise, site: str = "一厂区", door: str = "东门") -> tuple[Site, Door]:
    """A site of an enterprise with one door."""
    made = registry.add_site(name=site, enterprise=of)
    return made, registry.add_door(site=made, name=door)


def workers(of: Enterprise, number: int, first: int = 0) -> list[UUID]:
    """So many workers of an enterprise, each with a resident card and a phone; nothing else is known of them."""
    people = [
        bulk.NewWorker(uuid7(), name(n), f"13{n:09d}", "镇前路 1 号", (("resident", resident_number(n)),))
        for n in range(first, first + number)
    ]
    bulk.write_workers(people)
    facts = [
        NewFact(p.id, "employment", EARLY, {"employer": str(of.pk), "workshop": f"{1 + i % 3} 车间"}, id=uuid7())
        for i, p in enumerate(people)
    ]
    bulk.write_employments(
        bulk.NewEmployment(
            p.id, of.pk, fact.id or uuid7(), EARLY, workshop=str(fact.values["workshop"]), badge=f"B{first + i}"
        )
        for i, (p, fact) in enumerate(zip(people, facts, strict=True))
    )
    ledger.append(facts=facts, source="import:花名册.xlsx", evidence="a paper", now=EARLY)
    return [p.id for p in people]


def survey(worker: UUID, at: int = EARLY, **values: object) -> UUID:
    """Surveyed; a local who never left and needs no test unless told otherwise."""
    given = {"whereabouts": "local", "test_required": False, "well": True} | values
    return record(worker, "survey", at, given)


def arrive(worker: UUID, at: int) -> None:
    """Arrived by bus, temperature and identity checked."""
    record(worker, "arrival", at, {"mode": "bus", "trip": "闽A·12345", "from_division": "420100"})
    record(worker, "temperature", at + 60, {"celsius": 36.4, "place": "arrival", "method": "forehead"})
    record(worker, "identity_check", at + 120, {"matched": True})


def sampled(worker: UUID, taken: int, reported: int, *, result: str = "negative") -> UUID:
    """A nucleic-acid test."""
    values = {"result": result, "method": "nucleic_acid", "sampled_at": taken, "reported_at": reported}
    return record(worker, "test", taken, values, now=reported)


def register(worker: UUID, at: int, *, well: bool = True) -> UUID:
    """A daily register."""
    return record(worker, "register", at, {"well": well, "celsius": 36.5, "filed_by": "worker"})


def user(role: str, scope: UUID | None = None, username: str = "", password: str | None = None) -> User:
    """Somebody with a role; without a password (its digest takes long to make) only a test client can sign them in."""
    return User.objects.create_user(username=username or role, password=password, role_name=role, scope_id=scope)


@dataclass
class Place:
    """A town with one enterprise whose workers are in every state, a user for each role, and another enterprise."""

    enterprise: Enterprise
    other: Enterprise
    door: Door
    workers: dict[str, UUID]
    users: dict[str, User]
    others: list[UUID] = field(default_factory=list)


KINDS = ("cleared", "lapsing", "unregistered", "untested", "fevered", "away", "unsurveyed")
"""The states in which the workers of `place` are."""


@contextmanager
def at_once(now: int) -> Iterator[None]:
    """What is appended in between renews everybody's clearance once, at the end, instead of with every fact."""
    with ledger.deferred():
        yield
    clearance.renew_everybody(now=now)


def _facts(people: dict[str, UUID], door: Door, now: int) -> None:
    day = local.start_of_day(local.day_of(now))
    for kind in ("cleared", "lapsing", "unregistered", "fevered"):
        survey(people[kind])
    for kind in ("untested",):
        survey(people[kind], whereabouts="away", test_required=True, origin_division="420100")
        arrive(people[kind], day - 86_400 + 9 * 3600)
    survey(people["away"], whereabouts="away", test_required=True, origin_division="420100")
    register(people["lapsing"], day - 86_400 + 7 * 3600)  # yesterday's register holds until 10:00
    for kind in ("cleared", "untested", "fevered"):
        register(people[kind], day + 7 * 3600)
    record(people["fevered"], "temperature", day + 7 * 3600 + 1200, {"celsius": 37.8, "place": "door"}, source="door")
    record(
        people["cleared"], "door_check", day + 7 * 3600 + 2400,
        {"door": str(door.pk), "direction": "in", "outcome": "passed", "mask": True, "gloves": True}, source="door",
    )  # fmt: skip


def place(now: int = NOW) -> Place:
    """The town at a moment: workers ``cleared``, ``lapsing``, ``unregistered``, ``untested``, ``fevered``, ``away``,
    ``unsurveyed`` of one enterprise, and one worker of another that has not resumed.
    """
    town()
    adopt()
    patch = registry.add_patch(name="城东片区")
    with at_once(now):
        own, other = enterprise(patch=patch), enterprise(2, "南山精工有限公司", resumed=False)
        site, door = site_with_door(own)
        people = dict(zip(KINDS, workers(own, len(KINDS)), strict=True))
        _facts(people, door, now)
        others = workers(other, 1, first=100)
    hotel = registry.add_site(name="集中观察点")
    scopes: dict[str, UUID | None] = {
        "town": None, "audit": None, "operations": None, "patch": patch.pk, "enterprise": own.pk, "site": hotel.pk,
        "worker": people["cleared"],
    }  # fmt: skip
    made = {
        role.name: user(role.name, site.pk if role.name == "door_device" else scopes[role.scope])
        for role in ROLES.values()
    }
    return Place(own, other, door, people, made, others)
