"""The town's work with its enterprises: service teams, visits, capacity, vacancies, disinfection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from fugong.base import local
from fugong.registry import services as registry
from fugong.resumption.services import output
from fugong.resumption.services.output import Figures
from fugong.scenario import recipe
from fugong.scenario.chance import allocate
from fugong.scenario.policies import Sought, seek
from fugong.scenario.workforce import DAY
from fugong.scenario.world import HOUR, MINUTE, Call, Firm, World, moment_of
from fugong.teams import services as teams

TEAMS, DESK = "service team", "enterprise desk"


def make_patches(world: World) -> None:
    """Patches and the service teams that look after them."""
    since = local.start_of_day(world.recipe.teams.since) + 9 * HOUR
    for part in world.recipe.patches:
        patch = registry.add_patch(name=part.name, patch_id=world.writer.new_id(world.opening))
        world.patches.append(patch)
        world.teams.append(_team(world, f"{part.name}服务队", part.name, part.leader, since))
    for later in world.recipe.teams.joined_later:
        start = local.start_of_day(later.since) + 9 * HOUR
        _team(world, f"{later.patch}第二服务队", later.patch, later.leader, start)


def _team(world: World, name: str, patch: str, leader: str, since: int) -> UUID:
    row = next(p for p in world.patches if p.name == patch)
    team = teams.add_team(
        name=name, patch=row, leader=leader, start=since, now=-(-since // 900) * 900, source=TEAMS,
        subject_id=world.writer.new_id(since),
    )  # fmt: skip
    return team.subject_id


def tell(world: World) -> None:
    """Visits, capacity, vacancies and disinfection as facts."""
    _visits(world)
    _capacities(world)
    _vacancies(world)
    for firm in world.large:
        _disinfections(world, firm)


def _visits(world: World) -> None:
    """Every enterprise above designated size several times, one by one; the others about once."""
    rng, topics = world.rng, recipe.vocabulary()["topics"].split()
    for firm in world.firms:
        if not firm.counted:
            continue
        times = rng.randrange(2, 6) if firm.large else rng.choice((0, 1, 1, 1, 2))
        for number in range(times):
            first = world.opening + 3 * DAY
            last = min(world.moment - 3 * HOUR, world.end) if firm.large and number == 0 else world.end - 5 * HOUR
            values = {"team": str(world.teams[firm.patch]), "topics": rng.sample(topics, rng.randrange(1, 4))}
            at = world.between(first, last)
            recorded = at + rng.randrange(1, 3) * HOUR
            fact = world.writer.add("visit", firm.id, at, values, source=TEAMS, recorded=recorded,
                                    actor=world.actors.get("town"))  # fmt: skip
            world.calls.append(Call(fact, firm, at, recorded, tuple(values["topics"])))


def _capacities(world: World) -> None:
    """Current output against normal output, as the enterprises report it themselves, once a week."""
    visited = world.visited
    for report in world.recipe.enterprises.visited.capacity:
        values = {"current_yuan": report.current_yuan, "normal_yuan": report.normal_yuan}
        _output(world, visited, moment_of(report.at), values)
    industrial = [
        firm for firm in world.large if firm.industry == "industrial" and firm is not visited and firm.resumed
    ]
    share = world.recipe.capacity.above_size_share
    for firm in world.rng.sample(industrial, round(len(industrial) * share)):
        assert firm.resumed is not None
        normal, back = firm.yuan // 300 // 1000 * 1000 + 1000, world.rng.uniform(0.15, 0.35)
        at = local.start_of_day(local.day_of(firm.resumed)) + 3 * DAY + 16 * HOUR
        while at < world.end:
            values = {"current_yuan": int(normal * back) // 100 * 100, "normal_yuan": normal}
            moment = at + world.rng.randrange(110) * MINUTE
            _output(world, firm, moment, values)
            back = min(1.05, back + world.rng.uniform(0.03, 0.2))
            at += 7 * DAY


def _output(world: World, firm: Firm, at: int, values: dict[str, int]) -> None:
    """A report of output, through the service that looks at it."""
    known, enterprise = world.writer.slot(at), firm.id
    one = Figures(enterprise, at, values["current_yuan"], values["normal_yuan"], world.writer.new_id(known))
    world.plan(known, lambda now: output.report_many(figures=[one], source=DESK, now=now, actor=None))


def _vacancies(world: World) -> None:
    """Posts reported and still open at the moment; others filled before it; new ones after it."""
    part, rng = world.recipe.vacancies, world.rng
    able = [firm for firm in world.large + [f for f in world.small if f.resumed] if firm.industry != "service"]
    chosen = sorted(rng.sample(able, min(part.enterprises, len(able))), key=lambda firm: -firm.employees)
    shares = allocate(part.posts, [firm.employees**0.6 for firm in chosen], least=1)
    now = world.moment
    for firm, posts in zip(chosen, shares, strict=True):
        for number in _parts(world, posts):
            start = world.between(world.opening + 10 * DAY, now - 5 * HOUR)
            ended = now + rng.randrange(15, 140) * HOUR if rng.random() < 0.25 else None
            _vacancy(world, firm, number, start, ended)
    for firm in rng.sample(chosen, min(part.ended, len(chosen))):
        start = world.between(world.opening + 8 * DAY, now - 9 * DAY)
        _vacancy(world, firm, rng.randrange(1, 9), start, start + rng.randrange(2, 8) * DAY)
    for firm in rng.sample(able, min(part.later, len(able))):
        _vacancy(world, firm, rng.randrange(1, 12), world.between(now + 12 * HOUR, world.end - 4 * HOUR), None)


def _parts(world: World, posts: int) -> Iterable[int]:
    """An enterprise's posts by kind: most seek one or two kinds of people."""
    if posts < 4 or world.rng.random() < 0.4:
        return [posts]
    first = world.rng.randrange(1, posts)
    return [first, posts - first]


def _vacancy(world: World, firm: Firm, number: int, start: int, ended: int | None) -> None:
    """Reported as open; closed when it is filled."""
    posts = recipe.vocabulary()["posts"].split() if firm.industry == "industrial" else ["营业员", "送货员", "收银员"]
    post, pay = world.rng.choice(posts), world.rng.randrange(34, 82) * 100
    seek(world, firm, Sought(post, number, pay, start, ended), posts)


def _disinfections(world: World, firm: Firm) -> None:
    if firm.plant is None or firm.resumed is None:
        return
    at = firm.resumed - 3 * HOUR
    while at < world.end:
        for site in (firm.plant, firm.dormitory):
            if site is not None:
                values = {"agent": "含氯消毒剂", "mg_per_litre": 500, "minutes": 30}
                moment = at + world.rng.randrange(90) * MINUTE
                world.writer.add("disinfection", site, moment, values, source=DESK)
        at += int(timedelta(days=world.rng.choice((1, 2, 2))).total_seconds())
