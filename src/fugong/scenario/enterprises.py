"""Enterprises: who they are, what they turn over, when they work again, where their doors are."""

from __future__ import annotations

import math
from datetime import date, timedelta
from uuid import UUID

from pypinyin import lazy_pinyin
from stdnum.cn import uscc

from fugong.base import local
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.registry import services as registry
from fugong.registry.size import above_designated_size, in_force
from fugong.resumption.services import bulk, review
from fugong.resumption.services.bulk import Received
from fugong.resumption.services.writing import By
from fugong.scenario import recipe
from fugong.scenario.chance import Lottery, allocate
from fugong.scenario.recipe import Industry
from fugong.scenario.world import HOUR, Firm, World

SOURCE = "enterprise desk"
_DESK_CLOSES = 17 * HOUR + HOUR // 2
_PLAN = "按备案材料：逐一摸排、进门测温、每日登记、分区消毒、错峰用餐，设隔离用房。"
_SIGNED_BY = "法定代表人"
_SEEN = "现场核查，与备案材料一致"
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)
_DOORS = ("一车间东门", "二车间南门", "三车间北门", "仓储部西门")


def credit_code(world: World, individual: bool) -> str:
    """A unified social credit code with both of its check characters (GB 32100, GB 11714)."""
    rng = world.rng
    body = "".join(rng.choice("0123456789") for _ in range(8))
    body = "MA" + body[2:] if rng.random() < 0.5 else body
    rest = -sum(w * int(c, 36) for w, c in zip(_ORGANISATION, body, strict=True)) % 11
    number = ("92" if individual else "91") + rng.choice(world.recipe.local.registered_in) + body + "0123456789X"[rest]
    return number + str(uscc.calc_check_digit(number))


class Names:
    """Names and short keys, no two the same."""

    def __init__(self, world: World) -> None:
        self._rng, self._words, self._brands = world.rng, recipe.vocabulary(), world.recipe.local.brands
        self._names = {world.recipe.enterprises.visited.name}
        self._keys = {world.recipe.enterprises.visited.key}

    def make(self, trade: str, individual: bool) -> tuple[str, str]:
        while True:
            brand = self._rng.choice(self._words["brand_first"].split()) + self._rng.choice(
                self._words["brand_second"].split()
            )
            product = self._rng.choice(self._words["products"][trade].split())
            name = self._rng.choice(self._brands) + brand + product + ("" if individual else "有限公司")
            if name not in self._names:
                self._names.add(name)
                return name, self._key("".join(lazy_pinyin(brand)))

    def _key(self, base: str) -> str:
        number = 1
        while (key := base if number == 1 else f"{base}-{number}") in self._keys:
            number += 1
        self._keys.add(key)
        return key


def make_enterprises(world: World) -> None:
    """All enterprises of the recipe, and a few that must not count: closed, not yet founded, of another town."""
    names, parts = Names(world), world.recipe.enterprises
    _visited(world)
    for industry, part in (
        ("industrial", parts.industrial),
        ("commercial", parts.commercial),
        ("service", parts.service),
    ):
        trades = Lottery(part.trades)
        above = part.above_size - (industry == "industrial")
        sizes = _sizes(world, part, above)
        for number in range(part.count - (industry == "industrial")):
            large = number < above
            trade = trades.draw(world.rng)
            _enterprise(world, names, industry, trade, large, sizes[number])
    _extras(world, names)
    _resumptions(world)


def _visited(world: World) -> None:
    part = world.recipe.enterprises.visited
    _register(
        world, key=part.key, name=part.name, industry="industrial", trade="industry", large=True,
        employees=part.employees, yuan=part.yuan, individual=False,
    )  # fmt: skip


def _sizes(world: World, part: Industry, above: int) -> list[int]:
    low, high = part.employees_above
    sizes = [int(world.rng.triangular(low, high, low + (high - low) / 3)) for _ in range(above)]
    low, high = part.employees_below
    return sizes + [int(world.rng.triangular(low, high + 1, low + 1)) for _ in range(part.count - above)]


def _enterprise(
    world: World, names: Names, industry: str, trade: str, large: bool, employees: int, *,
    division: str | None = None, start: int | None = None,
) -> Firm:  # fmt: skip
    individual = not large and trade in ("retail", "catering", "resident_service") and world.rng.random() < 0.6
    name, key = names.make(trade, individual)
    return _register(
        world, key=key, name=name, industry=industry, trade=trade, large=large, employees=employees,
        yuan=_turnover(world, trade, large, employees), individual=individual, division=division, start=start,
    )  # fmt: skip


def _turnover(world: World, trade: str, large: bool, employees: int) -> int:
    """Above or below what is in force, some of them only just."""
    limit = next(row for row in in_force(world.moment) if row.trade == trade)
    if large and limit.employees is not None and employees >= limit.employees and world.rng.random() < 0.5:
        return int(limit.yuan * world.rng.uniform(0.3, 0.9))
    if large:
        return int(limit.yuan * math.exp(abs(world.rng.gauss(0.02, 1.1))) + 10_000)
    if world.rng.random() < 0.01:
        return limit.yuan - world.rng.randrange(1, 60_000)
    return max(20_000, int(limit.yuan * world.rng.betavariate(1.1, 5) * 0.98))


def _register(
    world: World, *, key: str, name: str, industry: str, trade: str, large: bool, employees: int, yuan: int,
    individual: bool, division: str | None = None, start: int | None = None,
) -> Firm:  # fmt: skip
    rng = world.rng
    patch = rng.randrange(len(world.patches))
    recorded = world.opening + rng.randrange(8, 18) * HOUR
    founded = local.start_of_day(date(2001, 3, 1) + timedelta(days=rng.randrange(6700)))
    row = registry.add_enterprise(
        credit_code=credit_code(world, individual), name=name, key=key, industry=industry,
        division=division or world.recipe.town.code, now=start or recorded, start=start or founded, source=SOURCE,
        patch=world.patches[patch], subject_id=world.writer.new_id(recorded),
    )  # fmt: skip
    firm = Firm(row, industry, trade, large, employees, yuan, patch, counted=division is None and start is None,
                founded=start or founded)  # fmt: skip
    firm.rests_on_sunday = rng.random() < 0.7
    world.firms.append(firm)
    assert above_designated_size(trade=trade, yuan=yuan, employees=employees, at=world.moment) is large
    _record_turnovers(world, firm, start or recorded)
    if large:
        _places(world, firm)
    return firm


def _record_turnovers(world: World, firm: Firm, recorded: int) -> None:
    """The turnover of a year decides in the next: the one of two years ago often lay on the other side."""
    new_year = local.start_of_day(date(world.recipe.moment.year, 1, 1))
    year_before = local.start_of_day(date(world.recipe.moment.year - 1, 1, 1))
    said = {"trade": firm.trade, "employees": firm.employees}
    if firm.large or world.rng.random() < 0.15:
        before = max(10_000, int(firm.yuan * world.rng.uniform(0.6, 1.5)))
        world.writer.add("turnover", firm.id, year_before, {**said, "yuan": before}, end=new_year, source=SOURCE,
                         recorded=recorded)  # fmt: skip
    world.writer.add("turnover", firm.id, new_year, {**said, "yuan": firm.yuan}, source=SOURCE, recorded=recorded)


def _places(world: World, firm: Firm) -> None:
    plant = registry.add_site(name="厂区", enterprise=firm.row, subject_id=world.writer.new_id(world.opening))
    firm.plant = plant.pk
    for name in _DOORS[: 1 + min(3, firm.employees // 110)]:
        door = registry.add_door(site=plant, name=name, door_id=world.writer.new_id(world.opening))
        firm.doors.append(str(door.pk))
    if firm.industry == "industrial":
        dormitory = registry.add_site(name="宿舍", enterprise=firm.row, subject_id=world.writer.new_id(world.opening))
        firm.dormitory = dormitory.pk
        world.writer.add("site_open", dormitory.pk, world.opening - 400 * 24 * HOUR, {"purpose": "dormitory"},
                         source=SOURCE, recorded=world.opening + 9 * HOUR)  # fmt: skip


def _extras(world: World, names: Names) -> None:
    part = world.recipe.enterprises
    for _number in range(part.closed):
        firm = _enterprise(world, names, "industrial", "industry", False, world.rng.randrange(2, 9))
        firm.counted = False
        _close(world, firm.id, world.opening + world.rng.randrange(10, 30) * 24 * HOUR)
    for day in part.opened:
        _enterprise(world, names, "commercial", "retail", False, 3, start=local.at(day, "09:00"))
    for _number in range(part.elsewhere.count):
        _enterprise(world, names, "service", "service", False, 12, division=part.elsewhere.division)


def _close(world: World, enterprise: UUID, at: int) -> None:
    old = Fact.objects.get(subject_id=enterprise, kind="establishment")
    new = NewFact(subject=enterprise, kind="establishment", start=old.start, end=at, values=old.values,
                  id=world.writer.new_id(at))  # fmt: skip
    ledger.correct(fact_id=old.pk, replacement=new, reason="已注销", source=SOURCE, now=at + 2 * HOUR)


def _resumptions(world: World) -> None:
    """Everybody above designated size by the moment where the recipe says so; of the others a share, some later."""
    part, rng = world.recipe.enterprises, world.rng
    visited = world.visited
    _resume(world, visited, part.visited.resumed)
    others = [firm for firm in world.large if firm is not visited]
    _by_days(world, others, part.resumed.above_size)
    small = rng.sample(world.small, len(world.small))
    soon = round(len(small) * part.resumed.below_share)
    later = round((len(small) - soon) * part.resumed.below_later_share)
    _by_days(world, small[:soon], part.resumed.below)
    _by_days(world, small[soon : soon + later], part.resumed.below_later)
    for firm in rng.sample([firm for firm in small[:soon] if firm.resumed], part.suspended):
        _suspend(world, firm)
    for day, firms in sorted(world.filing.items()):
        _received(world, local.start_of_day(day) + _DESK_CLOSES, firms)


def _by_days(world: World, firms: list[Firm], days: dict[date, float]) -> None:
    spread = [day for day, n in zip(days, allocate(len(firms), list(days.values())), strict=True) for _ in range(n)]
    for firm, day in zip(firms, spread, strict=True):
        _resume(world, firm, day)


def _resume(world: World, firm: Firm, day: date) -> None:
    firm.resumed = world.clock(day, 7)
    filed = day - timedelta(days=1)
    firm.resumption = world.writer.new_id(world.clock(filed, 9, 8))
    world.filing.setdefault(filed, []).append((firm, firm.resumed, firm.resumption))


def _received(world: World, desk_closes: int, firms: list[tuple[Firm, int, UUID]]) -> None:
    """What was filed in a day goes into the books when the desk closes; those above designated size are looked at soon after."""

    def receive(now: int) -> None:
        made = bulk.receive(
            received=[Received(firm.id, starts, _PLAN, _SIGNED_BY, fact) for firm, starts, fact in firms],
            by=By(now, None, SOURCE),
        )  # fmt: skip
        large = {firm.id for firm, _starts, _fact in firms if firm.large}
        seen = [filing.pk for filing in made if filing.enterprise_id in large]
        if seen:
            world.plan(
                now + 4 * 24 * HOUR, lambda then: bulk.checked(filings=seen, words=_SEEN, by=By(then, None, SOURCE))
            )

    world.plan(desk_closes, receive)


def _suspend(world: World, firm: Firm) -> None:
    """It stopped again after some days, for want of orders: the resumption ends."""
    assert firm.resumed is not None
    stopped, enterprise = firm.resumed + world.rng.randrange(2, 6) * 24 * HOUR, firm.id
    known = world.writer.slot(stopped + 3 * HOUR)

    def stop(now: int) -> None:
        by = By(now, None, SOURCE)
        review.stop(enterprise=enterprise, how=review.SUSPEND, reason="停工：订单取消", by=by, at=stopped)

    world.writer.new_id(known)
    world.plan(known, stop)
    firm.resumed = None
